"""Every text of the desk, German and English, by name.

I decide how the desk speaks to the people who work at it. Pages, templates and the page's script call me.
I never hold a text that a customer sees.
"""

from collections.abc import Mapping
from functools import lru_cache

from taktvoll.entry.desk.texts_access import ACCESS
from taktvoll.entry.desk.texts_autonomy import AUTONOMY
from taktvoll.entry.desk.texts_contacts import CONTACTS
from taktvoll.entry.desk.texts_files import FILES, FILES_FOR_SCRIPT
from taktvoll.entry.desk.texts_hours import HOURS, HOURS_FOR_SCRIPT
from taktvoll.entry.desk.texts_mail import MAIL
from taktvoll.entry.desk.texts_reply_address import REPLY_ADDRESS, REPLY_ADDRESS_FOR_SCRIPT
from taktvoll.entry.desk.texts_wordings import WORDINGS
from taktvoll.entry.desk.texts_work import WORK, WORK_FOR_SCRIPT
from taktvoll.entry.desk.texts_writing import WRITING, WRITING_FOR_SCRIPT

TEXTS: Mapping[str, tuple[str, str]] = {
    **ACCESS,
    **AUTONOMY,
    **MAIL,
    **HOURS,
    **WORDINGS,
    **CONTACTS,
    **WORK,
    **WRITING,
    **FILES,
    **REPLY_ADDRESS,
    # the frame
    "desk": ("Desk", "Desk"),
    "skip": ("Zum Inhalt", "Skip to content"),
    "menu": ("Menü", "Menu"),
    "keys": ("Tastatur", "Keyboard"),
    "sign_out": ("Abmelden", "Sign out"),
    "signed_in_as": ("Angemeldet als", "Signed in as"),
    "to_start": ("Zur Startseite", "To the first page"),
    "back": ("Zur Warteschlange", "Back to the queue"),
    "close_panel": ("Schließen", "Close"),
    # sign-in
    "sign_in": ("Anmelden", "Sign in"),
    "email": ("E-Mail-Adresse", "E-mail address"),
    "password": ("Passwort", "Password"),
    "again_at": ("Wieder möglich ab {time} Uhr.", "Possible again from {time}."),
    # errors
    "not_found": ("Hier ist nichts", "Nothing here"),
    "not_found_hint": (
        "Diese Seite gibt es nicht, oder sie gehört nicht zu diesem Arbeitsbereich.",
        "This page does not exist, or it does not belong to this workspace.",
    ),
    "no_permission": ("Keine Berechtigung", "Not allowed"),
    "stale": ("Bitte neu laden", "Please reload"),
    "unavailable": ("Gerade nicht erreichbar", "Not available right now"),
    "failed": ("Das hat nicht geklappt", "That did not work"),
    "reload": ("Neu laden", "Reload"),
    # the queue
    "queue": ("Warteschlange", "Queue"),
    "waiting": ("Wartet auf einen Menschen", "Waiting for a person"),
    "mine": ("Bei mir", "With me"),
    "others": ("Bei anderen", "With others"),
    "waiting_none": ("Niemand wartet.", "Nobody is waiting."),
    "mine_none": ("Sie haben gerade kein Gespräch.", "You have no conversation right now."),
    "others_none": ("Niemand sonst hat ein Gespräch.", "Nobody else has a conversation."),
    "waits": ("wartet", "waiting"),
    "answered": ("beantwortet", "answered"),
    "no_words": ("Noch keine Nachricht", "No message yet"),
    "us": ("Wir:", "Us:"),
    "nobody": ("niemand", "nobody"),
    "someone": ("Jemand", "Someone"),
    # the conversation
    "conversation": ("Gespräch", "Conversation"),
    "with_assistant": ("KI-Assistenz antwortet", "AI assistant answers"),
    "with_queue": ("Wartet auf einen Menschen", "Waiting for a person"),
    "with_me": ("Bei mir", "With me"),
    "with_other": ("Bei {name}", "With {name}"),
    "closed": ("Geschlossen", "Closed"),
    "take_over": ("Übernehmen", "Take over"),
    "take_over_from": ("Von {name} übernehmen", "Take over from {name}"),
    "hand_back": ("An KI zurückgeben", "Give back to AI"),
    "close": ("Schließen", "Close"),
    "messages": ("Nachrichten", "Messages"),
    "customer": ("Kundin/Kunde", "Customer"),
    "assistant": ("KI-Assistenz", "AI assistant"),
    "source": ("Quelle", "Source"),
    "sources": ("Quellen", "Sources"),
    "choices": ("Zur Auswahl gestellt", "Offered to choose from"),
    "helped": ("Hat geholfen", "Helped"),
    "not_helped": ("Hat nicht geholfen", "Did not help"),
    "person": ("Möchte einen Menschen", "Wants a person"),
    "older": ("Ältere anzeigen", "Show older ones"),
    "newer": ("Neue Nachrichten", "New messages"),
    "reply": ("Ihre Antwort", "Your reply"),
    "send": ("Senden", "Send"),
    "send_keys": ("Strg + Eingabe", "Ctrl + Enter"),
    # what happened, line by line
    "line_started": ("Gespräch begonnen", "Conversation started"),
    "line_requested": ("Möchte mit einem Menschen sprechen", "Asked for a person"),
    "line_handed_over": ("Die KI hat an einen Menschen übergeben", "The AI handed over to a person"),
    "line_taken_over": ("{name} hat übernommen", "{name} took over"),
    "line_handed_back": ("{name} hat an die KI zurückgegeben", "{name} gave it back to the AI"),
    "line_closed": ("{name} hat das Gespräch geschlossen", "{name} closed the conversation"),
    "line_reopened": ("Schreibt wieder", "Wrote again"),
    "line_held": ("Antwort zurückgehalten: {reasons}", "Answer held back: {reasons}"),
    "line_raised": ("Dringend: {reason}", "Urgent: {reason}"),
    # why a person is needed, and how soon
    "urgency_critical": ("Sofort", "At once"),
    "urgency_high": ("Dringend", "Urgent"),
    "reason_emergency_medical": ("Medizinischer Notfall", "Medical emergency"),
    "reason_emergency_suicide": ("Suizidgefahr", "Risk of suicide"),
    "reason_emergency_gas": ("Gas oder Kohlenmonoxid", "Gas or carbon monoxide"),
    "reason_emergency_violence": ("Gewalt oder Drohung", "Violence or threat"),
    "reason_fraud": ("Betrug", "Fraud"),
    "reason_request": ("Möchte einen Menschen", "Wants a person"),
    "reason_anger": ("Starker Ärger", "Strong anger"),
    "reason_distress": ("In Not oder Trauer", "In distress or grief"),
    "reason_legal_threat": ("Rechtliche Schritte angekündigt", "Legal steps announced"),
    "reason_data_protection": ("Datenschutz", "Data protection"),
    "reason_revocation": ("Widerruf oder Kündigung", "Withdrawal or cancellation"),
    "reason_vulnerable": ("Besonders schutzbedürftig", "Needs special care"),
    "reason_guideline": ("Für Menschen bestimmt", "Meant for people"),
    "reason_delivery_failed": ("Nachricht nicht zugestellt", "Message not delivered"),
    "reason_file": ("Hat eine Datei geschickt", "Has sent a file"),
    "reason_no_answer": ("Keine Auskunft gefunden", "No answer found"),
    "because_of": ("Wegen:", "Because of:"),
    "by_guideline": ("Leitlinie {name}", "Guideline {name}"),
    "mood": ("Stimmung", "Mood"),
    "mood_falls": ("Stimmung sinkt", "Mood is falling"),
    "mood_rises": ("Stimmung steigt", "Mood is rising"),
    "mood_stays": ("Stimmung gleichbleibend", "Mood is steady"),
    # what the assistant found and why it decided so
    "evidence": ("Was die KI gefunden hat", "What the AI found"),
    "evidence_short": ("Belege", "Evidence"),
    "evidence_none": (
        "Hier steht, was die KI zu den Fragen gefunden und warum sie so entschieden hat.",
        "Here you will see what the AI found for each question, and why it decided as it did.",
    ),
    "found_none": ("Nichts gefunden.", "Nothing found."),
    "confidence": ("Sicherheit {percent}", "Confidence {percent}"),
    "used": ("verwendet", "used"),
    "offered": ("angeboten", "offered"),
    "earlier": ("Frühere Fragen", "Earlier questions"),
    "passage_gone": ("Gelöschter Text", "Erased text"),
    "decision_answer": ("Hat geantwortet", "Answered"),
    "decision_clarify": ("Hat nachgefragt", "Asked back"),
    "decision_handover": ("Hat an einen Menschen übergeben", "Handed over to a person"),
    "decision_decline": ("Hat keine Auskunft gegeben", "Gave no answer"),
    "because_button": (
        "Der Knopf für einen Menschen wurde gedrückt.",
        "The button for a person was pressed.",
    ),
    "because_file": (
        "Es kam eine Datei mit, und die KI kann keine lesen.",
        "A file came along, and the AI cannot read any.",
    ),
    "because_file_answered": (
        "Die Frage im Text war sicher zu beantworten; die Datei ist für einen Menschen.",
        "The question in the text could be answered safely; the file is for a person.",
    ),
    "because_said_yes": ("Auf unser Angebot kam ein Ja.", "Our offer was answered with yes."),
    "because_asked_in_words": (
        "In der Nachricht wurde nach einem Menschen gefragt.",
        "The message asked for a person.",
    ),
    "because_courtesy_greeting": ("Es war ein Gruß.", "It was a greeting."),
    "because_courtesy_thanks": ("Es war ein Dank.", "It was a thank-you."),
    "because_thanks_by_mail": (
        "Es war ein Dank; per E-Mail bleibt er unbeantwortet, und das Gespräch ist beendet.",
        "It was a thank-you; by e-mail it is not answered, and the conversation is closed.",
    ),
    "because_courtesy_goodbye": ("Es war ein Abschied.", "It was a goodbye."),
    "because_emergency": ("Es klang nach einem Notfall.", "It sounded like an emergency."),
    "because_rights": (
        "Es war ein Widerruf, eine Kündigung oder ein Anliegen zum Datenschutz; bestätigt und weitergegeben.",
        "It was a withdrawal, a cancellation or a demand about data; confirmed and passed on.",
    ),
    "because_guideline": ("So will es eine Leitlinie.", "A guideline wants it so."),
    "because_confident": (
        "Sicher genug, dass der Text die Frage beantwortet.",
        "Sure enough that the text settles the question.",
    ),
    "because_several_questions": (
        "Mehrere Fragen in einer Nachricht, jede für sich gesucht.",
        "Several questions in one message, each searched for by itself.",
    ),
    "because_chosen": (
        "Der Eintrag wurde aus der Auswahl gewählt.",
        "The entry was chosen from those offered.",
    ),
    "because_unsure": (
        "Nicht sicher genug; die besten Treffer wurden angeboten.",
        "Not sure enough; the best matches were offered.",
    ),
    "because_not_known": (
        "Kein freigegebener Text passt gut genug.",
        "No approved text fits well enough.",
    ),
    "because_repeatedly_not_known": (
        "Zum zweiten Mal in Folge passte kein freigegebener Text.",
        "For the second time in a row no approved text fitted.",
    ),
    "because_other": ("Grund: {code}.", "Reason: {code}."),
    "held_fact.not_in_evidence": (
        "eine Angabe stand nicht im freigegebenen Text",
        "a fact was not in the approved text",
    ),
    "held_evidence.gone": ("der Text wurde zurückgezogen", "the text has been withdrawn"),
    "held_link.scheme": ("ein Link war unzulässig", "a link was not allowed"),
    "held_link.host_not_listed": (
        "ein Link führt auf eine nicht freigegebene Seite",
        "a link leads to a site that is not listed",
    ),
    "held_place.open": ("ein Platzhalter war noch offen", "a placeholder was still open"),
    "held_draft.empty": ("der Text war leer", "the text was empty"),
    "held_draft.too_long": ("der Text war zu lang", "the text was too long"),
    # what the page's script says
    "live_lost": (
        "Verbindung unterbrochen. Es wird neu verbunden …",
        "Connection lost. Reconnecting …",
    ),
    "new_waiting": ("Ein neues Gespräch wartet: {text}", "A new conversation is waiting: {text}"),
    "typing": ("{name} schreibt …", "{name} is typing …"),
    "customer_typing": ("Schreibt gerade …", "Typing …"),
    "taken_meanwhile": (
        "Jemand war schneller. Nichts wurde geändert.",
        "Someone else was quicker. Nothing was changed.",
    ),
    "not_mine_any_more": (
        "Sie haben dieses Gespräch nicht mehr. Ihr Text bleibt hier stehen und wurde nicht gesendet.",
        "You no longer have this conversation. Your text stays here and was not sent.",
    ),
    "network": (
        "Keine Verbindung. Es wurde nichts gesendet; bitte noch einmal.",
        "No connection. Nothing was sent; please try again.",
    ),
    "unsure_sent": (
        "Keine Bestätigung erhalten. Senden Sie noch einmal; doppelt kommt es nicht an.",
        "No confirmation received. Send again; it will not arrive twice.",
    ),
    "seconds": ("{n} s", "{n} s"),
    "minutes": ("{n} min", "{n} min"),
    "hours": ("{n} h {m} min", "{n} h {m} min"),
    "days": ("{n} Tg.", "{n} d"),
    "characters": ("{n} von {limit} Zeichen", "{n} of {limit} characters"),
    # the key map
    "keys_title": ("Mit der Tastatur arbeiten", "Working by keyboard"),
    "keys_on": ("Tastenkürzel verwenden", "Use keyboard shortcuts"),
    "key_next": ("Nächstes, voriges Gespräch", "Next, previous conversation"),
    "key_open": ("Öffnen", "Open"),
    "key_take": ("Übernehmen", "Take over"),
    "key_reply": ("Zum Antwortfeld", "To the reply field"),
    "key_send": ("Senden", "Send"),
    "key_leave": ("Feld verlassen", "Leave the field"),
    "key_queue": ("Zur Warteschlange", "To the queue"),
    "key_map": ("Diese Übersicht", "This overview"),
    "key_enter": ("Eingabe", "Enter"),
    "key_ctrl": ("Strg", "Ctrl"),
}

FOR_SCRIPT = (
    "characters", "customer_typing", "days", "failed", "hours", "live_lost", "minutes", "network", "new_waiting",
    "not_mine_any_more", "seconds", "taken_meanwhile", "typing", "unsure_sent", *WORK_FOR_SCRIPT, *HOURS_FOR_SCRIPT,
    *WRITING_FOR_SCRIPT, *FILES_FOR_SCRIPT, *REPLY_ADDRESS_FOR_SCRIPT,
)  # fmt: skip
"""The texts that the page's script needs."""


@lru_cache(2)
def texts(language: str) -> Mapping[str, str]:
    """All texts in one language: German for "de", English otherwise."""
    place = 0 if language == "de" else 1
    return {name: pair[place] for name, pair in TEXTS.items()}


def reason(language: str, because: str) -> str:
    """Say in plain words why the assistant decided as it did."""
    said = texts(language)
    return said.get(f"because_{because}") or said["because_other"].format(code=because)


def held(language: str, reasons: list[str]) -> str:
    """Say in plain words why a draft was held back."""
    said = texts(language)
    return ", ".join(said.get(f"held_{r}", r) for r in reasons)
