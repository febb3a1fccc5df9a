"""The desk's texts about further wordings, German and English, by name.

I decide how proposals read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

WORDINGS: Mapping[str, tuple[str, str]] = {
    "wordings": ("Formulierungen", "Wordings"),
    "wordings_why": (
        "So haben Kundinnen und Kunden gefragt, bevor dieser Eintrag ihre Frage geklärt hat. Was Sie freigeben, "
        "hilft der KI, ihn beim nächsten Mal gleich zu finden.",
        "This is how customers asked before this entry settled their question. What you approve helps the AI to find "
        "it at once next time.",
    ),
    "wordings_masked": (
        "Namen und Nummern sind durch … ersetzt. Bitte prüfen Sie, dass nichts Persönliches übrig ist.",
        "Names and numbers are replaced by …. Please check that nothing personal is left.",
    ),
    "wordings_next": (
        "Freigegebenes gilt ab der nächsten Ausgabe.",
        "What is approved counts from the next edition on.",
    ),
    "wordings_one": ("Ein Vorschlag wartet.", "One proposal waits."),
    "wordings_waiting": ("{n} Vorschläge warten.", "{n} proposals wait."),
    "wordings_shown": ("Hier stehen die ersten {n}.", "The first {n} are shown here."),
    "wordings_none": (
        "Keine Vorschläge. Sie entstehen, wenn jemand nach einer Rückfrage einen Eintrag wählt oder sagt, dass er "
        "geholfen hat.",
        "No proposals. They come when someone chooses an entry after being asked back, or says that it helped.",
    ),
    "wording_label": ("Neue Formulierung", "New wording"),
    "wording_entry": ("Eintrag", "Entry"),
    "wording_has": ("Schon bekannt", "Known already"),
    "wording_approve": ("Freigeben", "Approve"),
    "wording_reject": ("Ablehnen", "Reject"),
    "wording_done": ("Freigegeben.", "Approved."),
    "wording_rejected": ("Abgelehnt.", "Rejected."),
    "wording_chosen": ("aus der Auswahl gewählt", "chosen from those offered"),
    "wording_helped": ("hat geholfen", "helped"),
    "wording_sent": ("als Antwort gesendet", "sent as a reply"),
    "key_next_wording": ("Nächster, voriger Vorschlag", "Next, previous proposal"),
    "wording_times": ("{n}-mal bestätigt", "confirmed {n} times"),
}
