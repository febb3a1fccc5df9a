"""Whether a machine wrote a mail, and which kind of machine: by its headers, else by its wording.

I decide in this order: reports of mail servers, headers that only machines set, the sender, the wording. Flows and the
command line call me. I never take a person for a machine because of one word: holidays are also mentioned by people.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

from taktvoll.domain.mail.auto_wording import wording_of
from taktvoll.domain.mail.subjects import Subject, subject_of
from taktvoll.domain.mail.terms import PERSON, Automatic, Headers, Mail, Report, Verdict

_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|mail\.?delivery|mda|bounces?)(?:[+=\-.][^@]*)?$",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"^\W*(?:mail delivery (?:sub)?system|mail delivery service|mailer-?daemon|microsoft outlook|system ?administrator|mail-?zustell(?:system|dienst)|postmaster)\W*$",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|noreply|nicht-?antworten|keine-?antwort|donotreply|notifications?|automailer|mailer|system)(?:[+=\-._].*)?$",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"^\W*(?:mail delivery (?:failed|failure|subsystem)|undeliver(?:able|ed)(?: mail)?|delivery status notification|failure notice|returned mail|(?:e-?mail|nachricht|zustellung)\s+(?:ist |wurde |war )?(?:unzustellbar|nicht zugestellt|fehlgeschlagen|nicht zustellbar|gescheitert)|"
    r"unzustellbar|nicht zugestellt|nicht zustellbar|zustell(?:ungs)?(?:fehler|problem|ung fehlgeschlagen)|fehler bei der zustellung|delivery (?:failure|has failed|notification|error)|mail system error|message (?:undeliverable|not delivered)|could not send message|mail could not be delivered|"
    r"warning: (?:could not send|message)|(?:ihre|die) (?:e-?mail|nachricht) konnte nicht (?:zugestellt|übermittelt)|mail returned to sender|rejected mail|nondeliverable)\b",
    re.IGNORECASE,
)
_NOTICE_SUBJECT = re.compile(
    r"^\W*(?:gelesen|ungelesen gelöscht|zugestellt|weitergeleitet|read|delivered|relayed|not read|lesebestätigung|return receipt(?: \(displayed\))?|disposition notification|empfangsbestätigung \(angezeigt\)|delivery (?:delayed|status notification \((?:delay|success)\))|zugesagt|abgelehnt|mit vorbehalt|accepted|declined|tentative)\s*[:\-–(]",
    re.IGNORECASE,
)
_OFFICE_SUBJECT = re.compile(
    r"^\W*(?:abwesenheits?(?:notiz|meldung|assistent|nachricht|benachrichtigung|agent)?\b|automatische (?:antwort|abwesenheit\w*|rückmeldung|nachricht)|auto(?:matic|mated)?[ -]?(?:reply|response|antwort)|auto:|auto-?reply|out of (?:the )?office|ooo\b|abwesend\b|nicht (?:im büro|im haus|erreichbar)|urlaub(?:snotiz|smeldung|sbenachrichtigung|sabwesenheit)?(?:\W|$)(?!.*\?)|ich bin (?:derzeit |zurzeit |momentan )?(?:nicht|im urlaub|abwesend|außer haus)|(?:i am|i'm) (?:currently )?(?:out|away)|away from|vacation|holiday notice|betriebs(?:ferien|urlaub)|elternzeit|mutterschutz)",
    re.IGNORECASE,
)
_REPORT_SUBJECT_MAX = 300
_OWN_WORDS_MAX = 12


def verdict_of(mail: Mail, new_text: str) -> Verdict:
    """Tell whether a machine wrote this.

    Takes:  the mail, and what was newly written in it.
    Gives:  the verdict with its reason as a code: which header, which rule.
    Source: RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 2919 and 2369 (lists).
    """
    subject = subject_of(mail.subject[:_REPORT_SUBJECT_MAX])
    return (
        _by_report(mail.report, subject)
        or _by_headers(mail.headers, subject, new_text)
        or _by_sender(mail, subject, new_text)
        or _by_wording(subject, new_text)
        or PERSON
    )


def _by_report(report: Report | None, subject: Subject) -> Verdict | None:
    if report is None:
        return None
    if report.kind != "delivery-status":
        return Verdict(True, Automatic.DELIVERY_NOTICE, f"report.{report.kind or 'unknown'}")
    failed = any(one.action == "failed" for one in report.deliveries)
    if failed or (not report.deliveries and not _NOTICE_SUBJECT.match(subject.base)):
        return Verdict(True, Automatic.BOUNCE, "report.delivery-status")
    return Verdict(True, Automatic.DELIVERY_NOTICE, "report.delivery-status")


def _by_headers(headers: Headers, subject: Subject, text: str) -> Verdict | None:
    """Read the headers that only machines set."""
    if headers.auto_submitted and headers.auto_submitted != "no":
        return Verdict(True, _kind(subject, text), "header.auto-submitted")
    if headers.auto_reply:
        return Verdict(True, _kind(subject, text), "header.x-autoreply")
    if headers.precedence in ("auto_reply", "auto-reply"):
        return Verdict(True, _kind(subject, text), "header.precedence")
    if headers.list_id or headers.precedence == "list":
        return Verdict(True, Automatic.LIST, "header.list")
    if headers.precedence in ("bulk", "junk") or headers.list_unsubscribe:
        return Verdict(True, _kind(subject, text, Automatic.LIST), "header.bulk")
    if headers.null_sender:
        return Verdict(True, _kind(subject, text), "header.return-path")
    return None


def _kind(subject: Subject, text: str, otherwise: Automatic = Automatic.OTHER) -> Automatic:
    """Say which kind of machine it was, once it is known to have been one."""
    if _BOUNCE_SUBJECT.match(subject.base):
        return Automatic.BOUNCE
    if _NOTICE_SUBJECT.match(subject.base):
        return Automatic.DELIVERY_NOTICE
    wording = wording_of(text)
    if wording.likely is not None:
        return wording.likely
    return Automatic.OUT_OF_OFFICE if _OFFICE_SUBJECT.match(subject.base) else otherwise


def _by_sender(mail: Mail, subject: Subject, text: str) -> Verdict | None:
    local = mail.sender.address.partition("@")[0]
    if _DAEMON.match(local) or _DAEMON_NAME.match(mail.sender.name):
        kind = _kind(subject, text)
        bounced = kind is Automatic.BOUNCE or (kind is Automatic.OTHER and wording_of(text).bounces)
        return Verdict(True, Automatic.BOUNCE if bounced else kind, "sender.daemon")
    answered_elsewhere = any(one.key != mail.sender.key for one in mail.reply_to)
    if _NO_REPLY.match(local) and not answered_elsewhere:
        return Verdict(True, _kind(subject, text), "sender.no-reply")
    if mail.calendar_method == "REPLY":
        return Verdict(True, Automatic.OTHER, "calendar.reply")
    return None


def _by_wording(subject: Subject, text: str) -> Verdict | None:
    """Read what no header tells. Under a reply's or a forward's subject, only the text counts."""
    wording = wording_of(text)
    fresh = not subject.is_reply and not subject.is_forward
    if fresh and _BOUNCE_SUBJECT.match(subject.base) and (wording.bounces or not wording.personal):
        return Verdict(True, Automatic.BOUNCE, "wording.bounce")
    if wording.bounces and not wording.personal:
        return Verdict(True, Automatic.BOUNCE, "wording.bounce")
    if fresh and _NOTICE_SUBJECT.match(subject.base) and not wording.personal:
        return Verdict(True, Automatic.DELIVERY_NOTICE, "wording.notice")
    titled = fresh and _OFFICE_SUBJECT.match(subject.base) is not None
    if wording.automatic is not None:
        return Verdict(True, wording.automatic, f"wording.{wording.automatic.value}")
    if (
        titled
        and not wording.personal
        and (wording.likely is not None or wording.own_words <= _OWN_WORDS_MAX)
    ):
        return Verdict(True, Automatic.OUT_OF_OFFICE, "wording.out_of_office")
    return None
