"""The clocks of a conversation, folded from its events: the assistant's, and those of people.

I decide when a clock starts, stands still and stops. The worker's job and the desk call me. I never look at a calendar:
what counts as due is judged from my clocks in targets.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from taktvoll.domain.conversation.terms import Event, OwnerKind, Urgency
from taktvoll.domain.hours.terms import Kind

CLOCK_KINDS = (
    "message.received",
    "person.requested",
    "answer.decided",
    "urgency.raised",
    "message.released",
    "conversation.handed_over",
    "conversation.taken_over",
    "conversation.assigned",
    "conversation.transferred",
    "conversation.handed_back",
    "conversation.closed",
    "conversation.reopened",
    "conversation.snoozed",
    "conversation.woken",
)
"""Kinds of events that move a clock."""


class Still(StrEnum):
    """Why a clock stands still; a setting says which of them count."""

    FOR_CUSTOMER = "for_customer"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still; until None: it still does."""

    why: Still
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One wait: it began with the event at `seq`; `answered` says that what was waited for came."""

    kind: Kind
    seq: int
    since: datetime
    queue: str
    urgency: Urgency
    pauses: tuple[Pause, ...] = ()
    until: datetime | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Clocks:
    """All clocks of a conversation, in the order they began, and what decides about the next event."""

    all: tuple[Clock, ...] = ()
    owner: OwnerKind = OwnerKind.ASSISTANT
    queue: str = ""
    urgency: Urgency = Urgency.NORMAL
    met: bool = False

    def running(self, kind: Kind) -> Clock | None:
        """The clock of a kind that has not stopped; at most one of each kind runs."""
        return next((c for c in reversed(self.all) if c.kind is kind and c.until is None), None)


PEOPLE = (Kind.FIRST_ANSWER, Kind.NEXT_ANSWER, Kind.RESOLUTION)


def fold_clocks(events: Iterable[Event]) -> Clocks:
    """Fold a conversation's events, in order.

    Takes:  events: from the first on; kinds that move no clock may be left out.
    Gives:  the clocks; a person's message alone stops those of people, an assistant's alone stops the assistant's.
    """
    clocks = Clocks()
    for event in events:
        change = _CHANGES.get(event.kind)
        clocks = change(clocks, event, cast("Mapping[str, Any]", event.payload)) if change else clocks
    return clocks


def _customer(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    if c.owner is OwnerKind.ASSISTANT:
        return _start(c, Kind.ASSISTANT, event)
    c = _go_on(_go_on(c, event.at, Still.FOR_CUSTOMER), event.at, Still.SNOOZED)
    return _start(c, Kind.NEXT_ANSWER if c.met else Kind.FIRST_ANSWER, event)


def _decided(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return _hurried(c, Urgency(p["urgency"])) if p.get("handover") else c


def _raised(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return _hurried(c, Urgency(p["urgency"]))


def _hurried(c: Clocks, urgency: Urgency) -> Clocks:
    """How soon people must look counts for the clocks that run, too."""
    return _change(replace(c, urgency=urgency), PEOPLE, lambda clock: replace(clock, urgency=urgency))


def _released(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    if p["author"] == "assistant":
        return _stop(c, (Kind.ASSISTANT,), event.at, answered=True)
    if p["author"] != "person":
        return c
    c = _stop(c, (Kind.FIRST_ANSWER, Kind.NEXT_ANSWER), event.at, answered=True)
    c = _stop(replace(c, met=True), (Kind.ASSISTANT,), event.at, answered=False)
    return _stand(c, (Kind.RESOLUTION,), Pause(Still.FOR_CUSTOMER, event.at))


def _handed_over(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    c = replace(c, owner=OwnerKind.QUEUE, queue=str(p["queue"]), met=False)
    return _start(_start(c, Kind.FIRST_ANSWER, event), Kind.RESOLUTION, event)


def _taken_over(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return _to_people(c, event, OwnerKind.PERSON, c.queue)


def _moved(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    """Assigned or transferred: to a person or a queue."""
    kind, name = p["to"]
    queue = str(name) if kind == OwnerKind.QUEUE.value else c.queue
    moved = _to_people(c, event, OwnerKind(kind), queue)
    return _change(moved, PEOPLE, lambda clock: replace(clock, queue=queue))


def _to_people(c: Clocks, event: Event, owner: OwnerKind, queue: str) -> Clocks:
    """Whoever gets it works on it; a question that the assistant left open waits for them from now on."""
    was_ours, open_question = c.owner is OwnerKind.ASSISTANT, c.running(Kind.ASSISTANT) is not None
    c = _go_on(replace(c, owner=owner, queue=queue), event.at, Still.SNOOZED)
    c = _start(_stop(c, (Kind.ASSISTANT,), event.at, answered=False), Kind.RESOLUTION, event)
    return _start(c, Kind.FIRST_ANSWER, event) if was_ours and open_question else c


def _ended(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    """Closed or handed back: settled; whoever still waited for a word of people got none."""
    c = _stop(c, (Kind.RESOLUTION,), event.at, answered=True)
    c = _stop(c, (Kind.ASSISTANT, Kind.FIRST_ANSWER, Kind.NEXT_ANSWER), event.at, answered=False)
    return replace(c, owner=OwnerKind.ASSISTANT, urgency=Urgency.NORMAL, met=False)


def _reopened(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return replace(c, met=False)


def _snoozed(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return _stand(c, PEOPLE, Pause(Still.SNOOZED, event.at))


def _woken(c: Clocks, event: Event, p: Mapping[str, Any]) -> Clocks:
    return _go_on(c, event.at, Still.SNOOZED)


def _start(c: Clocks, kind: Kind, event: Event) -> Clocks:
    """Start a clock, unless one of its kind runs: whoever asks twice has waited since the first time."""
    if c.running(kind):
        return c
    return replace(c, all=(*c.all, Clock(kind, event.seq, event.at, c.queue, c.urgency)))


def _stop(c: Clocks, kinds: tuple[Kind, ...], at: datetime, *, answered: bool) -> Clocks:
    return _change(c, kinds, lambda clock: replace(_moving(clock, at, None), until=at, answered=answered))


def _stand(c: Clocks, kinds: tuple[Kind, ...], pause: Pause) -> Clocks:
    def stand(clock: Clock) -> Clock:
        stands = any(p.why is pause.why and p.until is None for p in clock.pauses)
        return clock if stands else replace(clock, pauses=(*clock.pauses, pause))

    return _change(c, kinds, stand)


def _go_on(c: Clocks, at: datetime, why: Still) -> Clocks:
    return _change(c, PEOPLE, lambda clock: _moving(clock, at, why))


def _moving(clock: Clock, at: datetime, why: Still | None) -> Clock:
    """End the pauses of one reason, or all of them."""
    ended = tuple(
        replace(p, until=at) if p.until is None and why in (None, p.why) else p for p in clock.pauses
    )
    return replace(clock, pauses=ended)


def _change(c: Clocks, kinds: tuple[Kind, ...], change: Callable[[Clock], Clock]) -> Clocks:
    """Change the clocks of these kinds that run."""
    return replace(c, all=tuple(change(x) if x.until is None and x.kind in kinds else x for x in c.all))


_CHANGES: Mapping[str, Callable[[Clocks, Event, Mapping[str, Any]], Clocks]] = {
    "message.received": _customer,
    "person.requested": _customer,
    "answer.decided": _decided,
    "urgency.raised": _raised,
    "message.released": _released,
    "conversation.handed_over": _handed_over,
    "conversation.taken_over": _taken_over,
    "conversation.assigned": _moved,
    "conversation.transferred": _moved,
    "conversation.handed_back": _ended,
    "conversation.closed": _ended,
    "conversation.reopened": _reopened,
    "conversation.snoozed": _snoozed,
    "conversation.woken": _woken,
}
