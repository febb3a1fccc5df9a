"""A mail arrives: it is read and put on record with original and cursor in one commit; then screens are told.

I decide nothing about what it says; I keep the order: read, find the thread, commit. Folders, the mail server for
intake and the HTTP door call me. I never acknowledge a mail before it is on record, and never decide about it: a job
does.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.base.limits import MAIL_HEADER_BYTES_MAX
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import MAIL, NewEvent, PersonalText
from taktvoll.domain.delivery.arrived import Arrived, arrived_content
from taktvoll.domain.delivery.message_ids import key_of
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.mail.forms import by_person, form_of
from taktvoll.domain.mail.intake import (
    NO_TEXT,
    Cursor,
    Facts,
    MailAccepting,
    Original,
    Silent,
    arrived_by,
    enclosed_of,
    facts_of,
    origin_of,
    provider_id_of,
    silent_of,
    text_for,
)
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.domain.mail.reading import Reading, reading_of
from taktvoll.domain.mail.terms import Address, Automatic, Check, Origin
from taktvoll.domain.mail.threads import Joins, Known, Opens, named_ids, thread_of
from taktvoll.flows.house import House
from taktvoll.flows.link_contact import link_by_mail
from taktvoll.flows.note_bounce import Action, Bounce, note_bounce

CUSTOMER = "customer"
NOT_AUTHENTIC = "not_authentic"
UNREADABLE, NOT_FETCHED = "unreadable", "not_fetched"
"""Why a mail is not read; these are among the problems that the desk names."""
REPORTS = (Automatic.BOUNCE, Automatic.DELIVERY_NOTICE)
_REPLY = re.compile(r"\b([245]\d\d)\b")
_ACTIONS = {"failed": Action.FAILED, "delayed": Action.DELAYED, "delivered": Action.DELIVERED}


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a mail is on record; a duplicate names the first copy's place."""

    mail: UUID
    conversation: ConversationId
    seq: int
    duplicate: bool


async def receive_mail(
    house: House,
    mailbox: Mailbox,
    original: Original,
    cursor: Cursor | None = None,
    *,
    unread: str = "",
    handed_in: bool = False,
) -> Posted:
    """Put a mail on record.

    Takes:  the bytes as they came; cursor: its place in a folder, moved in the same commit; unread: why it is not
            to be read, as a code: reading it failed before by a fault of ours, or there is nothing to read; handed_in:
            whoever brought it showed the mailbox's token.
    Gives:  its place; bytes that are no mail are kept as well and go to a person.
    Raises: Unavailable while nothing can be stored: whoever brought the mail keeps it and comes again.
    """
    at = house.now()
    # A large mail takes a while to read; conversations go on meanwhile.
    reading = await asyncio.to_thread(_read, house, original) if not unread else None
    if reading is None:
        accepting = _unreadable(mailbox, original, cursor, at, unread or UNREADABLE)
    else:
        accepting = await _accepting(house, mailbox, original, cursor, reading, at, handed_in=handed_in)
        for bounce in bounces_of(reading):
            await note_bounce(house, mailbox.account.workspace, bounce)
    accepted = await house.mails.accept(accepting)
    if not accepted.duplicate:
        workspace = mailbox.account.workspace
        if not accepting.automatic:
            await link_by_mail(house, workspace, accepted.conversation)
        house.push.publish(Changed(workspace, accepted.conversation, accepted.seq))
    return Posted(accepting.mail, accepted.conversation, accepted.seq, accepted.duplicate)


def _read(house: House, original: Original) -> Reading | None:
    try:
        return reading_of(house.mail_reader.read(original.raw))
    except Refused:  # no mail at all, or empty
        return None


async def _accepting(
    house: House,
    mailbox: Mailbox,
    original: Original,
    cursor: Cursor | None,
    reading: Reading,
    at: datetime,
    *,
    handed_in: bool,
) -> MailAccepting:
    mail, workspace = reading.mail, mailbox.account.workspace
    origin = origin_of(mail, mailbox.trusted)
    form = form_of(mail, mailbox, origin, handed_in=handed_in and not travelled(original.raw))
    reading = by_person(reading) if form else reading
    filled_in = form.filled_in if form else None
    names = named_ids(mail)
    known = await house.mails.known(workspace, names, mail.sender.key) if names else {}
    conversation, opened, related = _thread(reading, origin, known, at)
    text, cut = text_for(reading)
    checked_by = mailbox.trusted if origin.server else ""
    facts = facts_of(reading, origin, checked_by, cut=cut, opened=opened, related=related, form=form)
    verdict = reading.verdict
    machine = {"automatic": verdict.kind.value, "because": verdict.because} if verdict.kind else {}
    provider_id = provider_id_of(mail, original.raw)
    payload: dict[str, object] = {"id": provider_id, "via": MAIL, **machine}
    return MailAccepting(
        workspace=workspace,
        account=mailbox.account.id,
        conversation=conversation,
        mail=uuid7(at),
        provider_id=provider_id,
        received=_received(
            payload, text, None if verdict.kind in REPORTS else arrived_by(mail, filled_in), at
        ),
        opening=_opening(mailbox, at),
        reopening=NewEvent("conversation.reopened", at, CUSTOMER, {}),
        waking=NewEvent("conversation.woken", at, CUSTOMER, {"because": "customer"}),
        original=original,
        facts=facts,
        automatic=verdict.kind.value if verdict.kind else "",
        silent=silent_of(reading, origin, original.whole, at, mailbox.domains, form),
        enclosed=enclosed_of(mail),
        cursor=cursor,
    )


def _thread(
    reading: Reading, origin: Origin, known: Mapping[str, Known], at: datetime
) -> tuple[ConversationId, str, str]:
    """Say in which conversation the mail belongs, why it opens its own, and which one it only refers to."""
    spoofed = origin.dmarc is Check.FAIL
    thread = Opens(NOT_AUTHENTIC) if spoofed else thread_of(reading.mail, reading.verdict, known, at)
    if isinstance(thread, Joins):
        return thread.conversation, "", ""
    related = next((str(known[n].conversation) for n in named_ids(reading.mail) if n in known), "")
    return ConversationId(uuid7(at)), thread.reason, related


def bounces_of(reading: Reading) -> tuple[Bounce, ...]:
    """What a mail server reports about mails of ours; noted before the report is on record, so that none is lost.

    A report in prose names no status; then it is only said that the mail it answers came back.
    """
    mail, report = reading.mail, reading.mail.report
    if report is not None:
        about = next((n for n in (report.original_message_id, *named_ids(mail)) if key_of(n)), "")
        return tuple(
            Bounce(_ACTIONS[one.action], about, status=one.status, code=_code(one.diagnostic))
            for one in report.deliveries
            if one.action in _ACTIONS and about
        )
    if reading.verdict.kind is Automatic.BOUNCE:
        return tuple(Bounce(Action.FAILED, name) for name in named_ids(mail)[:1] if key_of(name))
    return ()


def _code(diagnostic: str) -> int:
    found = _REPLY.search(diagnostic)
    return int(found[1]) if found else 0


def _received(payload: dict[str, object], text: str, arrived: Arrived | None, at: datetime) -> NewEvent:
    """The event; a mail server's report brings nobody whom the next answer could go to."""
    content = PersonalText(arrived_content(text, arrived) if arrived else customer_content(text))
    return NewEvent("message.received", at, CUSTOMER, payload, text=content)


def _opening(mailbox: Mailbox, at: datetime) -> NewEvent:
    payload = {"account": mailbox.account.name, "channel": MAIL, "language": None}
    return NewEvent("conversation.started", at, CUSTOMER, payload)


def _unreadable(
    mailbox: Mailbox, original: Original, cursor: Cursor | None, at: datetime, why: str
) -> MailAccepting:
    """Bytes that nobody can read still came from someone: a person looks at them."""
    provider_id = provider_id_of(None, original.raw)
    nobody = Address("", "")
    arrived = Arrived("", nobody)
    facts = Facts(
        message_id="", sender=nobody, answers_to="", reply_to="", subject="", sent_at=None, to=(), cc=(),
        recipients=0, origin=Origin(), checked_by="", problems=(why,), signed="", encrypted="", cut=False,
        has_html=False, images_blocked=0, opened="no_reference", related="",
    )  # fmt: skip
    return MailAccepting(
        workspace=mailbox.account.workspace,
        account=mailbox.account.id,
        conversation=ConversationId(uuid7(at)),
        mail=uuid7(at),
        provider_id=provider_id,
        received=_received({"id": provider_id, "via": MAIL}, NO_TEXT, arrived, at),
        opening=_opening(mailbox, at),
        reopening=NewEvent("conversation.reopened", at, CUSTOMER, {}),
        waking=NewEvent("conversation.woken", at, CUSTOMER, {"because": "customer"}),
        original=original,
        facts=facts,
        automatic="",
        silent=Silent.UNREADABLE,
        cursor=cursor,
    )


def travelled(raw: bytes) -> bool:
    """Whether any server handed a mail on: each writes a line of its own before it. Source: RFC 5321, section 4.4."""
    return b"\nreceived:" in b"\n" + headers_of(raw).lower()


def headers_of(raw: bytes) -> bytes:
    """Give the headers of a mail that is too large to keep, within their limit."""
    unified = raw[:MAIL_HEADER_BYTES_MAX].replace(b"\r\n", b"\n")
    return unified.partition(b"\n\n")[0] + b"\n\n"
