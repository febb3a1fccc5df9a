"""What the desk shows of a conversation, as plain values, line by line.

I decide what an agent sees of a conversation and in which order. The routes call me.
I never write HTML and never change anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from taktvoll.base.ids import ConversationId
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.ports import Stored
from taktvoll.domain.conversation.terms import Event, HandoverReason, OwnerKind
from taktvoll.domain.delivery.reply_address import KINDS as ADDRESS_KINDS
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.people.queues import queues_of
from taktvoll.entry.desk.board import code_of, queue_named, time_of
from taktvoll.entry.desk.evidence import Basis, bases_of, percent_of
from taktvoll.entry.desk.file_lines import FileLine, file_line
from taktvoll.entry.desk.mail import MailLine, mail_lines
from taktvoll.entry.desk.need import Need, need_of, reason_named
from taktvoll.entry.desk.reply_address import line_of as reply_address_line
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.targets import KINDS as TARGET_KINDS
from taktvoll.entry.desk.targets import CallShown, TargetShown, calls_of, line_of, targets_of
from taktvoll.entry.desk.texts import held, texts
from taktvoll.entry.desk.texts_delivery import delivery_line
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import messages_of
from taktvoll.flows.take_over import access_for_staff

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
    "conversation.rerouted",
    *ADDRESS_KINDS,
    "code.sent",
    "conversation.assigned",
    "conversation.transferred",
    "conversation.snoozed",
    "conversation.woken",
    "note.written",
    "tag.added",
    "tag.removed",
    *TARGET_KINDS,
    "delivery.delayed",
    "delivery.failed",
)
_UNSEEN = ("feedback.given", "signals.read", "evidence.found", "answer.decided")
LINE_KINDS = tuple(kind for kind in KINDS if kind not in _UNSEEN)
"""Those of them that make a line."""
LINES_SHOWN = 100
LINES_BEFORE = 20
"""So many lines of a long conversation at first, and so many before one that is looked for."""
_TURN_EVENTS = 8
"""A turn's events stand together; so many before the first line say how sure its answer was."""
_HAPPENED = {
    "conversation.started": "line_started",
    "person.requested": "line_requested",
    "conversation.handed_over": "line_handed_over",
    "conversation.taken_over": "line_taken_over",
    "conversation.handed_back": "line_handed_back",
    "conversation.closed": "line_closed",
    "conversation.assigned": "line_assigned",
    "conversation.transferred": "line_transferred",
    "conversation.snoozed": "line_snoozed",
    "code.sent": "line_code",
    "tag.added": "line_tagged",
    "tag.removed": "line_untagged",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation: a message, a note of staff (kind "note"), or what happened (kind "system")."""

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
    files: tuple[FileLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the desk shows it; owner is "assistant", "queue", "me" or "other".

    `since` is the seq from which on lines are shown, `older` from which on they would be with the ones before them, 0
    where there are none; `sought` is the line that somebody looks for.
    """

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
    queue: str = ""
    tags: tuple[str, ...] = ()
    snoozed_until: str | None = None
    targets: tuple[TargetShown, ...] = ()
    calls: tuple[CallShown, ...] = ()
    since: int = 0
    older: int = 0
    sought: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for: those after a seq, on a page that begins at `since`; or a page that shows `sought`."""

    after: int = 0
    since: int = 0
    sought: int = 0


async def talk_of(
    house: House, visit: Visit, conversation: ConversationId, wanted: Wanted | None = None
) -> Talk:
    """Gather the end of a conversation, more of it, or what is new in it after a seq.

    Raises: Refused("conversation.unknown").
    """
    wanted = wanted or Wanted()
    after, since, older = wanted.after, wanted.since, 0
    stored = await access_for_staff(house, visit.staff, conversation)
    if not after:
        since, older = await _begins(house, visit, conversation, wanted)
    events = await _events(house, visit, conversation, after, since)
    names = await names_of(house, visit)
    language = stored.state.language or visit.workspace.language
    lines = _lines(events, conversation, names, visit, language)
    owner, owner_name = _owner(stored, visit, names)
    bases = await bases_of(house, visit.workspace, events, visit.language)
    return Talk(
        id=conversation,
        code=code_of(conversation),
        lines=tuple(line for line in lines if line.seq >= since and (line.seq > after or line.feedback)),
        bases=tuple(b for b in bases if b.seq >= since),
        owner=owner,
        owner_name=owner_name,
        epoch=stored.state.owner_epoch,
        closed=stored.state.closed,
        language=language,
        waiting_since=time_of(stored.waiting_since),
        last_seq=stored.state.last_seq,
        now=rfc3339(house.now()),
        need=await need_of(house, visit.workspace, conversation, stored.state, visit.language),
        mails=await mail_lines(house, visit, conversation),
        queue=_queue(stored, visit),
        tags=stored.state.tags,
        snoozed_until=time_of(stored.state.snoozed_until),
        targets=await targets_of(house, visit, stored),
        calls=await calls_of(house, visit, stored),
        since=since,
        older=older,
        sought=wanted.sought,
    )


async def _begins(
    house: House, visit: Visit, conversation: ConversationId, wanted: Wanted
) -> tuple[int, int]:
    """Where the lines of a page begin, and where they would with the ones before them."""

    async def first_of(count: int, before: int) -> int:
        seqs = await house.record.last_seqs(visit.workspace.id, conversation, LINE_KINDS, count, before)
        return seqs[-1] if seqs else 0

    since = await first_of(LINES_SHOWN, 0)
    if 0 < wanted.since < since:
        since = wanted.since
    if 0 < wanted.sought < since:
        since = await first_of(LINES_BEFORE, wanted.sought + 1)
    return since, await first_of(LINES_SHOWN, since)


async def _events(
    house: House, visit: Visit, conversation: ConversationId, after: int, since: int
) -> tuple[Event, ...]:
    """Load what is new; feedback is about an earlier message, so then all that the page shows."""
    shown = max(0, since - 1 - _TURN_EVENTS)
    events = await house.record.events(visit.workspace.id, conversation, after=after or shown, kinds=KINDS)
    if after and any(e.kind == "feedback.given" for e in events):
        return await house.record.events(visit.workspace.id, conversation, after=shown, kinds=KINDS)
    return events


async def names_of(house: House, visit: Visit) -> dict[str, str]:
    """The names of everyone who works here, by id, and of all queues, by their name in the record."""
    queues = {q.name: q.named(visit.language) for q in queues_of(visit.workspace.settings)}
    return queues | {str(s.id): s.name for s in await house.directory.staff(visit.workspace.id)}


def _queue(stored: Stored, visit: Visit) -> str:
    """The queue it waits in or came from; not worth a word where there is only one."""
    queues = queues_of(visit.workspace.settings)
    return queue_named(queues, stored.state.queue, visit.language) if len(queues) > 1 else ""


def _owner(stored: Stored, visit: Visit, names: Mapping[str, str]) -> tuple[str, str]:
    owner = stored.state.owner
    if owner.kind is not OwnerKind.PERSON:
        return owner.kind.value, ""
    if owner.id == str(visit.staff.id):
        return "me", visit.staff.name
    return "other", names.get(owner.id, texts(visit.language)["someone"])


def _lines(
    events: Sequence[Event], talk: ConversationId, names: Mapping[str, str], visit: Visit, spoken: str
) -> list[Line]:
    """Turn events into lines, oldest first.

    Takes:  spoken: the conversation's language, for messages that do not say theirs.
    """
    language = visit.language
    messages = {cast("int", m["seq"]): m for m in messages_of(events, language)}
    lines, decided = [], None
    for event in events:
        if event.kind == "answer.decided":
            decided = event
        elif event.kind == "note.written":
            lines.append(_note(event, names, language))
        elif (what := _what(event)) is not None:
            lines.append(_happened(event, what, names, visit))
        elif event.kind in TARGET_KINDS:
            lines.append(_system(event, line_of(event, names, visit, event.at), language))
        elif event.kind in ADDRESS_KINDS:
            name = names.get(event.actor.removeprefix("staff:"), texts(language)["someone"])
            lines.append(_system(event, reply_address_line(event, name, language), language))
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
            lines.append(_message(messages[event.seq], talk, sure, spoken, language))
    return lines


def _what(event: Event) -> str | None:
    """Name the text of what happened."""
    if event.kind == "conversation.rerouted":
        return f"line_rerouted_{event.payload['because']}"
    if event.kind == "conversation.woken":
        return f"line_woken_{event.payload['because']}"
    if event.kind == "conversation.reopened":
        return "line_reopened_by" if event.actor.startswith("staff:") else "line_reopened"
    return _HAPPENED.get(event.kind)


def _happened(event: Event, what: str, names: Mapping[str, str], visit: Visit) -> Line:
    said, p = texts(visit.language), cast("Mapping[str, Any]", event.payload)
    nobody = said["assistant" if event.actor == "assistant" else "someone"]
    name = names.get(event.actor.removeprefix("staff:"), nobody)
    to = names.get(p["to"][1], p["to"][1] if p["to"][0] == "queue" else said["someone"]) if "to" in p else ""
    until = ""
    if "until" in p:
        until = parse_time(p["until"]).astimezone(visit.zone).strftime("%d.%m. %H:%M")
    text = said[what].format(name=name, to=to, tag=p.get("tag", ""), until=until)
    return _system(event, text, visit.language)


def _note(event: Event, names: Mapping[str, str], language: str) -> Line:
    said = texts(language)
    title = "note_transfer" if event.payload.get("about") == "conversation.transferred" else "note"
    name = names.get(event.actor.removeprefix("staff:"), said["someone"])
    text = text_of_json(event.content) or said["erased_text"]
    return Line(event.seq, "note", rfc3339(event.at), f"{name} · {said[title]}", text, "")


def _system(event: Event, text: str, language: str) -> Line:
    return Line(event.seq, "system", rfc3339(event.at), "", text, language)


def _file(file: Mapping[str, Any], talk: ConversationId, seq: int, language: str) -> FileLine:
    address = f"/c/{talk}/files/{seq}/{file['place']}"
    return file_line(file["name"], file["size"], file["type"], address, language, shown=True)


def _message(message: Mapping[str, Any], talk: ConversationId, sure: str, spoken: str, language: str) -> Line:
    author, said = message["author"], texts(language)
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
        files=tuple(_file(f, talk, message["seq"], language) for f in message["files"]),
    )
