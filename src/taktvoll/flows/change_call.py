"""A change of a call goes on record with what the customer reads about it, thought over on the newest state.

I decide how such a change is appended, and who may tell the customer. The flows about calls call me. I never keep a
number or a link outside the personal text of its event.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId, uuid7
from taktvoll.base.limits import TURN_TRIES_MAX
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import (
    MAIL,
    Call,
    CallKind,
    NewEvent,
    OwnerKind,
    State,
)
from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.terms import Author, Draft, Hold, Part, PartKind, Provenance, WrittenUnder
from taktvoll.domain.governance.wording import released_event
from taktvoll.domain.hours.telling import dated, window
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours

LEAVING = ("message.released", "appointment.reminded")
"""Kinds of events whose words leave by the outbox."""

Deed = Callable[[State], Sequence[NewEvent]]


async def append(house: House, workspace: WorkspaceId, conversation: ConversationId, deed: Deed) -> State:
    """Append what the deed makes of the newest state; thought over anew when something came in between.

    Gives:  the state afterwards, or as it was where the deed makes nothing of it.
    Raises: Refused("owner.changed") where others change the conversation all the time, and whatever the deed raises.
    """
    for _ in range(TURN_TRIES_MAX):
        before = (await house.record.access(workspace, conversation)).state
        events = deed(before)
        if not events:
            return before
        after = fold_new(before, *events)
        rows = tuple(
            OutboxRow(OutboxId(uuid7(e.at)), n, _way(after, e), str(conversation))
            for n, e in enumerate(events)
            if e.kind in LEAVING
        )
        change = Change(
            workspace=workspace,
            conversation=conversation,
            at=house.now(),
            events=events,
            state=after,
            outbox=rows,
            expect_epoch=before.owner_epoch,
            expect_customer_seq=before.last_customer_seq,
        )
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            last = decided.events[-1].seq
            told = replace(after, last_seq=last)
            house.push.publish(Changed(workspace, conversation, last, events=decided.events, state=told))
            return told
    raise Refused("owner.changed")


def open_call(state: State, seq: int) -> Call:
    """The call that an event made; raises Refused("callback.unknown") where it is open no more."""
    found = call_of(state, seq)
    if found is None:
        raise Refused("callback.unknown")
    return found


def call_of(state: State, seq: int) -> Call | None:
    """The call that an event made; None where it is open no more."""
    return next((c for c in state.calls if c.seq == seq), None)


def named(call: Call) -> str:
    """What a call is called in the names of texts: "callback", "phone" or "video"."""
    return CallKind.CALLBACK.value if call.kind is CallKind.CALLBACK else call.medium.value


def text_of_call(
    house: House,
    hours: Hours,
    state: State,
    name: str,
    since: datetime,
    until: datetime,
    details: dict[str, str],
) -> str:
    """What the customer reads about a call; in a mail, which is read another day, with its date.

    Takes:  name: of the fixed text.
    """
    language, zone = spoken(state.language or "de"), hours.set.zone
    by_date = state.way == MAIL
    when = (
        dated(since, until, zone, language) if by_date else window(since, until, house.now(), zone, language)
    )
    return fixed(name, language).format(when=when, **spelled(details))


def told_by(state: State, staff: Staff | None) -> Author | None:
    """Who tells the customer: the person who has the conversation, before them the assistant; None where nobody may.

    A mail is a letter with greeting and sign-off: there the assistant does not speak between turns.
    """
    if state.closed:
        return None
    if state.owner.kind is OwnerKind.PERSON:
        return Author.PERSON if staff and state.owner.id == str(staff.id) else None
    return Author.ASSISTANT if state.owner.kind is OwnerKind.QUEUE and state.way != MAIL else None


def confirmation(
    house: House,
    state: State,
    conversation: ConversationId,
    text: str,
    parts: tuple[Part, ...],
    details: dict[str, str],
    staff: Staff | None = None,
    calendar: int | None = None,
) -> NewEvent:
    """What the customer reads about it, released like every other message: by the person, or by the assistant.

    Takes:  parts: the text, framed where it leaves by mail. A customer who wishes something is in the chat and reads it
            there; a person's word goes where their customer is. calendar: the call whose calendar file goes along where
            it leaves by mail; the chat has a button for it.
    """
    draft = Draft(
        conversation=str(conversation),
        recipient=str(conversation),
        channel=state.way if staff else state.channel,
        author=Author.PERSON if staff else Author.ASSISTANT,
        author_id=str(staff.id) if staff else "",
        author_name=staff.name if staff else "",
        written_under=WrittenUnder(state.owner_epoch, state.last_customer_seq, None),
        parts=parts,
        language=spoken(state.language or "de"),
        provenance=Provenance(editor=str(staff.id) if staff else None),
    )
    verdict = release(draft, facts_of(state, (text,), hosts_in(details)))
    if isinstance(verdict, Hold):
        raise Refused("draft.held", reasons=", ".join(verdict.reasons))
    event = released_event(verdict.draft, house.now(), f"staff:{staff.id}" if staff else "assistant")
    if calendar is not None and draft.channel == MAIL:
        event = replace(event, payload={**event.payload, "calendar": calendar})
    return event


def plain(state: State, text: str) -> tuple[Part, ...]:
    """A text as the one part of a message in the chat."""
    return (Part(PartKind.TEXT, text, spoken(state.language or "de")),)


def hosts_in(details: dict[str, str]) -> tuple[str, ...]:
    """The host that a call's link leads to."""
    host = (urlsplit(details.get("link", "")).hostname or "").lower()
    return (host,) if host else ()


def spelled(details: dict[str, str]) -> dict[str, str]:
    """What a text about a call has places for."""
    return {"phone": details.get("phone", ""), "link": details.get("link", "")}


def _way(state: State, event: NewEvent) -> str:
    """By which channel a message leaves: a person's goes where the customer is now, what the house says by mail."""
    if event.payload["author"] == Author.HOUSE:
        return MAIL
    return state.channel if event.payload["author"] == Author.ASSISTANT else state.way
