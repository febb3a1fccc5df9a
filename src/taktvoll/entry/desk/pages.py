"""What the desk's pages show, as plain values: the queue's rows, and one conversation line by line.

I decide what an agent sees of a conversation and in which order. The routes call me.
I never write HTML and never change anything.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.ports import Stored, Waiting
from taktvoll.domain.conversation.terms import MAIL, Event, HandoverReason, OwnerKind
from taktvoll.domain.governance.wording import text_of
from taktvoll.domain.people.terms import Staff
from taktvoll.entry.desk.evidence import Basis, bases_of, percent_of
from taktvoll.entry.desk.mail import MailLine, mail_lines
from taktvoll.entry.desk.need import Need, need_of, reason_named
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import held, texts
from taktvoll.entry.desk.texts_delivery import delivery_line
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import messages_of
from taktvoll.flows.take_over import access_for_staff

ROWS_MAX = 200
LAST_WORDS_MAX = 200
KINDS = (
    "conversation.started",
    "message.received",
    "message.released",
    "feedback.given",
    "person.requested",
    "signals.read",
    "evidence.found",
    "answer.decided",
    "draft.held",
    "urgency.raised",
    "conversation.handed_over",
    "conversation.taken_over",
    "conversation.handed_back",
    "conversation.closed",
    "conversation.reopened",
    "delivery.delayed",
    "delivery.failed",
)
_HAPPENED = {
    "conversation.started": "line_started",
    "person.requested": "line_requested",
    "conversation.handed_over": "line_handed_over",
    "conversation.taken_over": "line_taken_over",
    "conversation.handed_back": "line_handed_back",
    "conversation.closed": "line_closed",
    "conversation.reopened": "line_reopened",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the queue; times are RFC 3339, owner is a person's name."""

    id: str
    code: str
    last: str
    ours: bool
    language: str
    waiting_since: str | None
    owner: str
    urgency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits, what is mine, what others have; now lets the page tick by the server's clock."""

    waiting: tuple[Row, ...]
    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    now: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation: a message, or what happened (kind "system")."""

    seq: int
    kind: str
    at: str
    name: str
    text: str
    language: str
    sources: tuple[Mapping[str, str], ...] = ()
    choices: tuple[str, ...] = ()
    sure: str = ""
    feedback: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the desk shows it; owner is "assistant", "queue", "me" or "other"."""

    id: ConversationId
    code: str
    lines: tuple[Line, ...]
    bases: tuple[Basis, ...]
    owner: str
    owner_name: str
    epoch: int
    closed: bool
    language: str
    waiting_since: str | None
    last_seq: int
    now: str
    need: Need
    mails: Mapping[int, MailLine]


async def queue_of(house: House, visit: Visit) -> Queue:
    """Gather the queue: the most urgent first in each part, then the longest waiting."""
    rows = await house.record.waiting(visit.workspace.id, ROWS_MAX)
    names = await _names(house, visit.staff)
    me = str(visit.staff.id)
    nobody = texts(visit.language)["someone"]

    def part(kind: OwnerKind, mine: bool) -> tuple[Row, ...]:
        wanted = (r for r in rows if r.owner_kind == kind.value and (r.owner_id == me) is mine)
        return tuple(_row(r, names.get(r.owner_id, nobody), visit.language) for r in wanted)

    return Queue(
        waiting=part(OwnerKind.QUEUE, mine=False),
        mine=part(OwnerKind.PERSON, mine=True),
        others=part(OwnerKind.PERSON, mine=False),
        now=rfc3339(house.now()),
    )


async def talk_of(house: House, visit: Visit, conversation: ConversationId, after: int = 0) -> Talk:
    """Gather a conversation, or what is new in it after a seq.

    Raises: Refused("conversation.unknown").
    """
    stored = await access_for_staff(house, visit.staff, conversation)
    events = await _events(house, visit, conversation, after)
    names = await _names(house, visit.staff)
    language = stored.state.language or visit.workspace.language
    lines = _lines(events, names, visit.language, language)
    owner, owner_name = _owner(stored, visit, names)
    return Talk(
        id=conversation,
        code=_code(conversation),
        lines=tuple(line for line in lines if line.seq > after or line.feedback),
        bases=await bases_of(house, visit.workspace, events, visit.language),
        owner=owner,
        owner_name=owner_name,
        epoch=stored.state.owner_epoch,
        closed=stored.state.closed,
        language=language,
        waiting_since=_time(stored.waiting_since),
        last_seq=stored.state.last_seq,
        now=rfc3339(house.now()),
        need=await need_of(house, visit.workspace, conversation, stored.state, visit.language),
        mails=await mail_lines(house, visit, conversation) if stored.state.channel == MAIL else {},
    )


async def _events(house: House, visit: Visit, conversation: ConversationId, after: int) -> tuple[Event, ...]:
    """Load what is new; feedback is about an earlier message, so then all of it."""
    events = await house.record.events(visit.workspace.id, conversation, after=after, kinds=KINDS)
    if after and any(e.kind == "feedback.given" for e in events):
        return await house.record.events(visit.workspace.id, conversation, kinds=KINDS)
    return events


async def _names(house: House, staff: Staff) -> dict[str, str]:
    return {str(s.id): s.name for s in await house.directory.staff(staff.workspace)}


def _row(row: Waiting, owner: str, language: str) -> Row:
    return Row(
        id=str(row.id),
        code=_code(row.id),
        last=" ".join(_words(row.last_text).split())[:LAST_WORDS_MAX],
        ours=row.last_author != "customer",
        language=row.language,
        waiting_since=_time(row.waiting_since),
        owner=owner,
        urgency=row.urgency.value,
        reason=reason_named(row.reason, language),
    )


def _words(content: str) -> str:
    fields = json.loads(content or "{}")
    return text_of(fields) if "text" in fields or "parts" in fields else ""


def _owner(stored: Stored, visit: Visit, names: Mapping[str, str]) -> tuple[str, str]:
    owner = stored.state.owner
    if owner.kind is not OwnerKind.PERSON:
        return owner.kind.value, ""
    if owner.id == str(visit.staff.id):
        return "me", visit.staff.name
    return "other", names.get(owner.id, texts(visit.language)["someone"])


def _lines(events: Sequence[Event], names: Mapping[str, str], language: str, spoken: str) -> list[Line]:
    """Turn events into lines, oldest first.

    Takes:  language: the agent's; spoken: the conversation's, for messages that do not say theirs.
    """
    messages = {cast("int", m["seq"]): m for m in messages_of(events, language)}
    lines, decided = [], None
    for event in events:
        if event.kind == "answer.decided":
            decided = event
        elif event.kind in _HAPPENED:
            lines.append(_happened(event, names, language))
        elif event.kind == "draft.held":
            reasons = held(language, cast("list[str]", event.payload["reasons"]))
            lines.append(_system(event, texts(language)["line_held"].format(reasons=reasons), language))
        elif event.kind == "urgency.raised":
            heard = reason_named(HandoverReason(str(event.payload["reason"])), language)
            lines.append(_system(event, texts(language)["line_raised"].format(reason=heard), language))
        elif event.kind.startswith("delivery."):
            lines.append(_system(event, delivery_line(event, language), language))
        elif event.seq in messages:
            sure = (
                percent_of(decided, language)
                if decided and event.payload.get("author") == "assistant"
                else ""
            )
            lines.append(_message(messages[event.seq], sure, spoken, texts(language)))
    return lines


def _happened(event: Event, names: Mapping[str, str], language: str) -> Line:
    said = texts(language)
    name = names.get(event.actor.removeprefix("staff:"), said["someone"])
    return _system(event, said[_HAPPENED[event.kind]].format(name=name), language)


def _system(event: Event, text: str, language: str) -> Line:
    return Line(event.seq, "system", rfc3339(event.at), "", text, language)


def _message(message: Mapping[str, Any], sure: str, spoken: str, said: Mapping[str, str]) -> Line:
    author = message["author"]
    fallback = {"customer": said["customer"], "assistant": said["assistant"]}.get(author, said["someone"])
    return Line(
        seq=message["seq"],
        kind=author,
        at=message["at"],
        name=message["name"] or fallback,
        text=message["text"],
        quote=message["quote"] or "",
        language=message["language"] or spoken,
        sources=tuple(message["sources"]),
        choices=tuple(c["label"] for c in message["choices"]),
        sure=sure,
        feedback=said.get(message["feedback"], "") if message["feedback"] else "",
    )


def _code(conversation: ConversationId) -> str:
    """The end of an id, for two people to name a conversation to each other."""
    return conversation.hex[-4:].upper()


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
