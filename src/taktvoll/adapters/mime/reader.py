"""Bytes into a mail: the headers that matter, the text, the safe view, the files, and what was wrong.

I decide what is a mail at all and how much of it is read. The command line and the mail channel call me by the port.
I never fail on what is broken: it is read as far as it goes and named as a problem.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from taktvoll.adapters.mime.addresses import addresses_of
from taktvoll.adapters.mime.bodies import body_of
from taktvoll.adapters.mime.fields import Fields, injects, one_line
from taktvoll.adapters.mime.origins import origins_of
from taktvoll.adapters.mime.parts import Parser, Part
from taktvoll.adapters.mime.reports import report_of
from taktvoll.adapters.mime.safe_html import safe_view
from taktvoll.base.errors import Refused
from taktvoll.domain.mail.terms import Address, Headers, Mail, Origin

MAIL_BYTES_MAX = 50 * 1024 * 1024
RECIPIENTS_KEPT = 100
RECIPIENTS_MAX = 10_000
REFERENCES_MAX = 100
SUBJECT_CHARS_MAX = 500
HEADER_CHARS_MAX = 300
YEARS = range(1980, 2101)
_CORE = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "delivered-to"}
)
_ID = re.compile(r"<[^<>\s]{1,250}>")
_AUTO_REPLY = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply",
    "x-autoresponder",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-vacation",
)
_ONCE = ("from", "subject", "date", "message-id", "content-type")
_MBOX = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:>?From [^\n]*\n)?")


class MimeReader:
    """Reads mail; one instance serves a process."""

    def __init__(self, bytes_max: int = MAIL_BYTES_MAX) -> None:
        self._bytes_max = bytes_max

    def read(self, raw: bytes) -> Mail:
        """Read a mail (the port's promise: domain/mail/ports.py)."""
        if len(raw) > self._bytes_max:
            raise Refused("mail.too_large", limit=self._bytes_max // (1024 * 1024))
        unified = raw.replace(b"\r\n", b"\n")
        unified = unified.replace(b"\r", b"\n") if b"\n" not in unified[:100_000] else unified
        unified = _MBOX.sub(b"", unified, count=1)
        if not unified.strip():
            raise Refused("mail.empty")
        parser = Parser()
        root = parser.part(unified)
        if not root.fields.names() & _CORE:
            raise Refused("mail.not_mail")
        return _mail(root.fields, parser, root)


def _mail(fields: Fields, parser: Parser, root: Part) -> Mail:
    problems = parser.problems
    body = body_of(root, problems)
    hosts: set[str] = set()
    view, blocked = safe_view(body.html, hosts) if body.html else ("", 0)
    sender = _sender(fields, problems)
    to, to_count = _addresses(fields, "to")
    cc, cc_count = _addresses(fields, "cc")
    subject, origins = fields.text("subject"), origins_of(fields, sender)
    _check(fields, sender, to_count + cc_count, problems)
    if body.html and "<script" in body.html.lower():
        problems.append("script")
    if blocked:
        problems.append("remote_images")
    return Mail(
        message_id=_first_id(fields, "message-id"),
        in_reply_to=_ids(fields, "in-reply-to"),
        references=_ids(fields, "references"),
        sender=sender,
        reply_to=_addresses(fields, "reply-to")[0],
        to=to,
        cc=cc,
        recipients=to_count + cc_count,
        subject=subject[:SUBJECT_CHARS_MAX],
        date=_date(fields, problems),
        headers=_headers(fields),
        origin=next(iter(origins), Origin()),
        text=body.plain,
        html=view,
        images_blocked=blocked,
        attachments=tuple(body.attachments),
        signed=body.signed,
        encrypted=body.encrypted,
        report=report_of(root),
        calendar_method=body.calendar_method,
        problems=tuple(dict.fromkeys(problems)),
        origins=origins,
        image_hosts=tuple(sorted(hosts)),
    )


def _sender(fields: Fields, problems: list[str]) -> Address:
    for name in ("from", "sender", "return-path"):
        found, _ = addresses_of(fields.source(name), 5)
        for one in found:
            if one.address or one.name:
                if name != "from":
                    problems.append("no_sender")
                return one
    problems.append("no_sender")
    return Address("", "")


def _check(fields: Fields, sender: Address, recipients: int, problems: list[str]) -> None:
    """Name what is strange about the headers."""
    if any(injects(fields.source(name)) for name in ("subject", "from", "to", "reply-to")):
        problems.append("header_injection")
    if any(len(fields.raw(name)) > 1 for name in _ONCE):
        problems.append("repeated_header")
    if recipients > RECIPIENTS_KEPT:
        problems.append("many_recipients")
    shown = re.search(r"[^\s<>@]+@[^\s<>@]+\.[a-z]{2,}", sender.name, re.IGNORECASE)
    if shown and shown.group().lower() != sender.key:
        problems.append("name_shows_other_address")


def _addresses(fields: Fields, name: str) -> tuple[tuple[Address, ...], int]:
    found: list[Address] = []
    count = 0
    for raw in fields.raw(name)[:20]:
        more, number = addresses_of(Fields([(name, raw)]).source(name), RECIPIENTS_KEPT - len(found))
        found += more
        count += number
    return tuple(found), min(count, RECIPIENTS_MAX)


def _ids(fields: Fields, name: str) -> tuple[str, ...]:
    found = _ID.findall(" ".join(Fields([(name, raw)]).source(name) for raw in fields.raw(name)[:5]))
    return tuple(dict.fromkeys(found[-REFERENCES_MAX:]))


def _first_id(fields: Fields, name: str) -> str:
    source = fields.source(name)
    match = _ID.search(source)
    return match.group() if match else one_line(source)[:HEADER_CHARS_MAX]


def _date(fields: Fields, problems: list[str]) -> datetime | None:
    source = fields.source("date")
    if not source:
        problems.append("no_date")
        return None
    try:
        found = parsedate_to_datetime(source[:100])
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        problems.append("bad_date")
        return None
    if aware.year not in YEARS:
        problems.append("bad_date")
        return None
    return aware


def _headers(fields: Fields) -> Headers:
    def lower(name: str) -> str:
        return fields.text(name)[:HEADER_CHARS_MAX].lower()

    auto = next((name for name in _AUTO_REPLY if fields.raw(name) and lower(name) not in ("no", "false")), "")
    ours = next(
        (name for name in sorted(fields.names()) if name.startswith(("taktvoll-", "x-taktvoll-"))), ""
    )
    path = fields.source("return-path")
    return Headers(
        auto_submitted=lower("auto-submitted").split(";")[0].strip(),
        precedence=lower("precedence").strip(),
        auto_reply=(lower(auto) or "yes") if auto else "",
        suppress=lower("x-auto-response-suppress"),
        list_id=lower("list-id") or lower("list-post"),
        list_unsubscribe=lower("list-unsubscribe"),
        mailer=lower("x-mailer") or lower("user-agent"),
        return_path=path[:HEADER_CHARS_MAX],
        null_sender=re.fullmatch(r"<\s*>", path.strip()) is not None,
        ours=(lower(ours) or "yes") if ours else "",
    )
