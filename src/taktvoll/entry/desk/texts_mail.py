"""What the desk says about mails and mailboxes, in German and English.

I decide how findings about a sender, marks of a mail and states of a mailbox read. mail.py calls me, texts.py takes the
page's words in. I never quote a mail.
"""

from collections.abc import Mapping

from taktvoll.domain.mail.intake import Facts
from taktvoll.domain.mail.terms import Check, domain_of

MAIL: Mapping[str, tuple[str, str]] = {
    "mail": ("E-Mail", "E-mail"),
    "mail_boxes": ("Postfächer", "Mailboxes"),
    "mail_boxes_none": (
        "Noch kein Postfach. Eines einrichten: taktvoll mailbox add",
        "No mailbox yet. To set one up: taktvoll mailbox add",
    ),
    "mail_apart": ("Von Maschinen geschrieben", "Written by machines"),
    "mail_apart_why": (
        "Abwesenheiten, Berichte, Rundschreiben: Sie werden aufgehoben, aber niemand muss sie beantworten.",
        "Absences, reports, circulars: they are kept, but nobody has to answer them.",
    ),
    "mail_apart_none": ("Nichts.", "Nothing."),
    "mail_subject": ("Betreff", "Subject"),
    "mail_from": ("Von", "From"),
    "mail_to": ("An", "To"),
    "mail_cc": ("Kopie", "Copy"),
    "mail_details": ("Alles zu dieser E-Mail", "All about this e-mail"),
    "mail_raw": ("Original herunterladen (.eml)", "Download the original (.eml)"),
    "mail_view": (
        "So sah die E-Mail aus (ohne Bilder aus dem Netz)",
        "How the e-mail looked (without remote pictures)",
    ),
    "mail_hosts": ("Welche Server sie fragen wollte", "Which servers it wanted to ask"),
    "mail_hosts_why": (
        "Diese Bilder wurden nicht geladen: Der Absender erführe sonst, dass und wann seine E-Mail gelesen wurde.",
        "These pictures were not loaded: the sender would learn that and when the e-mail was read.",
    ),
    "mail_erased_term": (
        "Das Original wurde am {day} planmäßig gelöscht, weil seine Aufbewahrungsfrist vorbei war. Der Text im Gespräch"
        " bleibt.",
        "The original was erased on schedule on {day}, because its term of keeping was over. The text in the"
        " conversation stays.",
    ),
    "mail_erased": ("Das Original wurde gelöscht.", "The original has been erased."),
    "mail_no_subject": ("(ohne Betreff)", "(no subject)"),
    "mail_blocked": ("{n} Bilder aus dem Netz nicht geladen", "{n} remote pictures not loaded"),
    "mail_back": ("Zum Gespräch", "To the conversation"),
    "mail_well": ("in Ordnung, zuletzt gelesen {time}", "well, last read {time}"),
    "mail_waiting": ("wartet auf den ersten Durchgang", "waits for its first round"),
    "mail_takes": ("nimmt E-Mails entgegen", "takes e-mails in"),
    "mail_alarm": ("Postfach {name} wird nicht gelesen:", "Mailbox {name} is not being read:"),
}

PROOF: Mapping[str, tuple[str, str]] = {
    "pass": ("Absender geprüft ({server})", "Sender verified ({server})"),
    "fail": (
        "Absender vermutlich gefälscht: {domain} steht nicht zu dieser E-Mail ({server})",
        "Sender probably forged: {domain} does not vouch for this e-mail ({server})",
    ),
    "part": (
        "Absender nur zum Teil geprüft ({server})",
        "Sender verified in part only ({server})",
    ),
    "none": ("Absender nicht geprüft", "Sender not verified"),
}

AUTOMATIC: Mapping[str, tuple[str, str]] = {
    "out_of_office": ("Abwesenheitsnotiz", "Absence note"),
    "bounce": ("Zustellfehler", "Delivery failure"),
    "delivery_notice": ("Zustellbericht", "Delivery report"),
    "list": ("Rundschreiben", "Circular"),
    "ticket_system": ("Automatische Eingangsbestätigung", "Automatic confirmation"),
    "other": ("Automatische E-Mail", "Automatic e-mail"),
}

SILENT: Mapping[str, tuple[str, str]] = {
    "too_large": (
        "Zu groß: Nur die Kopfzeilen liegen hier. Bitten Sie um einen anderen Weg.",
        "Too large: only its headers are kept. Ask for another way.",
    ),
    "unreadable": (
        "Nicht lesbar. Laden Sie das Original herunter, um nachzusehen.",
        "Not readable. Download the original to have a look.",
    ),
    "encrypted": ("Verschlüsselt: Hier ist sie nicht zu lesen.", "Encrypted: it cannot be read here."),
    "not_authentic": (
        "Nicht von selbst beantwortet, weil der Absender vermutlich gefälscht ist.",
        "Not answered automatically, because the sender is probably forged.",
    ),
    "suppressed": (
        "Der Absender wünscht keine automatische Antwort.",
        "The sender wants no automatic answer.",
    ),
    "ours": ("Aus dem eigenen Haus: keine automatische Antwort.", "From our own house: no automatic answer."),
    "no_sender": (
        "Ohne Absender: Eine Antwort ist nicht möglich.",
        "Without a sender: no answer is possible.",
    ),
}

OPENED: Mapping[str, tuple[str, str]] = {
    "stranger": (
        "Bezieht sich auf ein Gespräch, an dem diese Adresse nicht beteiligt ist",
        "Refers to a conversation that this address takes no part in",
    ),
    "forward": ("Weiterleitung aus einem anderen Gespräch", "Forwarded from another conversation"),
    "other_subject": (
        "Antwort mit neuem Betreff auf ein anderes Gespräch",
        "Answer with a new subject to another conversation",
    ),
    "long_closed": (
        "Knüpft an ein lange geschlossenes Gespräch an",
        "Goes on with a conversation closed long ago",
    ),
    "not_authentic": ("Gibt vor, zu einem Gespräch zu gehören", "Pretends to belong to a conversation"),
}

OTHER: Mapping[str, tuple[str, str]] = {
    "cut": (
        "Für die KI gekürzt; das Ganze steht im Original.",
        "Shortened for the AI; the whole stands in the original.",
    ),
    "reply_to": (
        "Bittet um Antwort an {address}. Das gilt nur, wenn jemand diese Adresse bestätigt: Es können zwei Leute sein.",
        "Asks to be answered at {address}. That holds only if somebody confirms it: they may be two people.",
    ),
    "form": (
        "Kam über ein Webformular Ihrer Firma. Antworten gehen an {address}; wem sie gehört, ist nicht geprüft.",
        "Came by a web form of your company. Answers go to {address}; whose address that is has not been checked.",
    ),
    "form_empty": (
        "Kam über ein Webformular Ihrer Firma, das keine brauchbare Antwortadresse nennt.",
        "Came by a web form of your company that names no usable reply address.",
    ),
    "signed": (
        "Trägt eine digitale Signatur, die hier nicht geprüft wird.",
        "Carries a digital signature, which is not checked here.",
    ),
    "not_fetched": (
        "Der Mailserver gibt diese E-Mail nicht heraus. Sehen Sie im Postfach selbst nach.",
        "The mail server does not hand this e-mail out. Have a look into the mailbox itself.",
    ),
    "name_shows_other_address": (
        "Vorsicht: Der Name zeigt eine andere Adresse als die echte.",
        "Careful: the name shows another address than the real one.",
    ),
}


def proof_of(facts: Facts, language: str) -> str:
    """Say in words what is known of a sender."""
    origin = facts.origin
    if not facts.checked_by:
        kind = "none"
    elif origin.dmarc is Check.FAIL:
        kind = "fail"
    elif origin.dmarc is Check.PASS:
        kind = "pass"
    else:
        kind = "part" if Check.PASS in (origin.spf, origin.dkim) else "none"
    return said(PROOF[kind], language).format(server=facts.checked_by, domain=domain_of(facts.sender.address))


def said(texts: tuple[str, str], language: str) -> str:
    """German or English."""
    return texts[0] if language.startswith("de") else texts[1]
