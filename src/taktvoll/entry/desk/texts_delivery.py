"""What the desk says about the delivery of a message, in German and English.

I decide the words for agents. pages.py calls me. I never quote a mail server.
"""

from collections.abc import Mapping

from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.delivery.terms import Why

FAILED = (
    "Ihre Nachricht ist nicht angekommen: {why}. Bitte erreichen Sie die Person auf einem anderen Weg.",
    "Your message did not arrive: {why}. Please reach the person another way.",
)
CODE_FAILED = (
    "Der Code zur Bestätigung der Adresse ist nicht angekommen: {why}.",
    "The code to confirm the address did not arrive: {why}.",
)
REMINDER_FAILED = (
    "Die Erinnerung an den Termin ging nicht hinaus: {why}.",
    "The reminder of the appointment did not leave: {why}.",
)
DELAYED = (
    "Noch nicht zugestellt: {why}. Der nächste Versuch läuft von selbst.",
    "Not delivered yet: {why}. The next attempt happens by itself.",
)
UNSURE = (
    "Noch nicht bestätigt: {why}. Vielleicht ist die Nachricht schon angekommen; der nächste Versuch trägt dieselbe"
    " Kennung.",
    "Not confirmed yet: {why}. It may have arrived already; the next attempt carries the same identifier.",
)
_FAILED = {"code": CODE_FAILED, "reminder": REMINDER_FAILED}
WHY: Mapping[Why, tuple[str, str]] = {
    Why.CONNECT: ("der Mailserver ist nicht erreichbar", "the mail server cannot be reached"),
    Why.TLS: (
        "der Mailserver bietet keine sichere Verbindung",
        "the mail server offers no secure connection",
    ),
    Why.LOGIN: ("der Mailserver nimmt die Anmeldung nicht an", "the mail server refuses to sign us in"),
    Why.SECRET: ("ein Passwort oder Schlüssel fehlt", "a password or key is missing"),
    Why.CONSENT: (
        "der Anbieter gibt dem Postfach keinen Zugang mehr (OAuth)",
        "the provider no longer grants the mailbox access (OAuth)",
    ),
    Why.TOKEN: (
        "der Anmeldedienst des Anbieters (OAuth) ist nicht erreichbar",
        "the provider's sign-in service (OAuth) cannot be reached",
    ),
    Why.GREETING: ("der Mailserver nimmt gerade nichts an", "the mail server takes nothing at the moment"),
    Why.TIMEOUT: ("der Mailserver antwortet nicht", "the mail server does not answer"),
    Why.LOST: ("die Verbindung brach ab", "the connection broke"),
    Why.SERVER: ("der Mailserver lehnt sie ab ({code})", "the mail server refuses it ({code})"),
    Why.UTF8: (
        "der Mailserver kann die Zeichen dieser Adresse nicht verarbeiten",
        "the mail server cannot handle the characters of this address",
    ),
    Why.SIZE: ("sie ist dem Mailserver zu groß", "it is too large for the mail server"),
    Why.NO_RECIPIENT: ("es ist keine Adresse bekannt", "no address is known"),
    Why.TAKEN_BACK: (
        "die bestätigte Antwortadresse wurde inzwischen zurückgenommen",
        "the confirmed reply address has been taken back meanwhile",
    ),
    Why.NO_MAILBOX: (
        "das Postfach ist nicht zum Senden eingerichtet",
        "the mailbox is not set up for sending",
    ),
    Why.ERASED: ("ihr Text wurde gelöscht", "its text has been erased"),
    Why.OUTDATED: (
        "der Termin ist verlegt, abgesagt oder vorbei",
        "the appointment has been moved, called off, or is over",
    ),
    Why.UNWRITABLE: ("sie lässt sich nicht als E-Mail schreiben", "it cannot be written as an e-mail"),
    Why.EXPIRED: ("alle Versuche schlugen fehl ({code})", "all attempts failed ({code})"),
    Why.BOUNCED: ("sie kam zurück ({code})", "it came back ({code})"),
}


def delivery_line(event: Event, language: str) -> str:
    """Say what happened to a message, with the server's code where there is one."""
    place = 0 if language.startswith("de") else 1
    payload = event.payload
    text = _FAILED.get(str(payload.get("about")), FAILED)
    if event.kind == "delivery.delayed":
        text = UNSURE if payload.get("unsure") else DELAYED
    code = str(payload.get("status") or payload.get("code") or "–")
    why = WHY[Why(str(payload["because"]))][place].format(code=code)
    return text[place].format(why=why)
