"""The desk's texts about answers to another address than the sender's; German and English.

I decide how these read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

REPLY_ADDRESS: Mapping[str, tuple[str, str]] = {
    "reply_address": ("Antwort an eine andere Adresse?", "Answer to another address?"),
    "reply_address_on": ("Antwortadresse", "Reply address"),
    "reply_address_from": ("Absender", "Sender"),
    "reply_address_asked": ("Bittet um Antwort an", "Asks to be answered at"),
    "reply_address_why": (
        "Die Antwort geht an den Absender, solange niemand die andere Adresse bestätigt: Niemand hat geprüft, wem sie"
        " gehört. Wer einen Absender fälscht, lenkt so Antworten zu sich.",
        "The answer goes to the sender until somebody confirms the other address: nobody has checked whose it is. Who"
        " forges a sender leads answers to himself this way.",
    ),
    "reply_address_care": (
        "Bestätigen Sie nur, wenn das zur Nachricht passt, etwa bei einem Webformular. Schreiben Sie nichts"
        " Persönliches dorthin, bevor klar ist, wer dort liest.",
        "Confirm only if it fits the message, as with a web form. Write nothing personal to it before it is clear who"
        " reads there.",
    ),
    "reply_address_odd": (
        "Enthält Buchstaben, die anderen gleichen können: genau hinsehen.",
        "Holds letters that may look like others: look closely.",
    ),
    "reply_address_confirm": ("Antworten an {address} schicken", "Send answers to {address}"),
    "reply_address_confirmed": (
        "Antworten gehen nicht an den Absender, sondern an",
        "Answers go not to the sender but to",
    ),
    "reply_address_withdraw": ("Wieder an {address} antworten", "Answer {address} again"),
    "line_reply_to": (
        "{name} hat bestätigt: Antworten gehen an {address}.",
        "{name} confirmed: answers go to {address}.",
    ),
    "line_reply_back": (
        "{name} hat die Antwortadresse zurückgenommen: Antworten gehen wieder an den Absender.",
        "{name} took the reply address back: answers go to the sender again.",
    ),
    "done_reply_address": ("Bestätigt.", "Confirmed."),
    "done_reply_back": ("Zurückgenommen.", "Taken back."),
}

REPLY_ADDRESS_FOR_SCRIPT = ("done_reply_address", "done_reply_back")
"""The texts that the page's script needs."""
