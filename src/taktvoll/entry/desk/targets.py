"""What is due in a conversation and which calls are arranged, as the desk shows it.

I decide how a clock reads: due in, overdue since, standing still, always in words. pages.py asks me for each
conversation. I never judge: the domain does, from the record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from taktvoll.base.ids import ConversationId
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.ports import Stored
from taktvoll.domain.conversation.terms import Call, CallKind, Event, OwnerKind
from taktvoll.domain.hours.clocks import CLOCK_KINDS, fold_clocks
from taktvoll.domain.hours.ports import OpenCall
from taktvoll.domain.hours.targets import Judged, judge_all
from taktvoll.domain.hours.telling import window
from taktvoll.domain.hours.terms import Kind
from taktvoll.entry.desk.board import code_of
from taktvoll.entry.desk.render import lasting
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.change_call import named
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import details_in
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import details_of

_ENDS = ("passed", "done", "missed", "cancelled")
LINES = ("target.missed", *(f"{k.value}.{how}" for k in CallKind for how in _ENDS))
KINDS = (*LINES, "callback.wished", "appointment.made", "appointment.moved", "appointment.reminded")
"""Kinds of events that become lines of a conversation here."""


@dataclass(frozen=True, slots=True)
class TargetShown:
    """One running clock: `state` is due, missed or still; `at` is when it is or was due; `text` what stands instead."""

    name: str
    state: str
    at: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallShown:
    """One arranged call; `with_whom` is the contact's name, or the conversation's code where nobody is known."""

    seq: int
    name: str
    when: str
    phone: str
    link: str
    late: bool
    appointment: bool
    conversation: str
    code: str
    with_whom: str
    since: str


async def targets_of(house: House, visit: Visit, stored: Stored) -> tuple[TargetShown, ...]:
    """The clocks of people that run, and nothing where no people are asked."""
    if stored.state.owner.kind is OwnerKind.ASSISTANT:
        return ()
    events = await house.record.events(visit.workspace.id, stored.id, kinds=CLOCK_KINDS)
    hours, now = await hours_of(house, visit.workspace.id), house.now()
    now = max(now, *(e.at for e in events)) if events else now
    judged = judge_all(fold_clocks(events), hours.set, hours.calendar, now)
    running = [j for j in judged if j.clock.until is None and j.clock.kind is not Kind.ASSISTANT]
    return tuple(_target(j, texts(visit.language)) for j in running if j.within_s is not None)


async def calls_of(house: House, visit: Visit, stored: Stored) -> tuple[CallShown, ...]:
    """The calls that are arranged."""
    if not stored.state.calls:
        return ()
    zone = (await hours_of(house, visit.workspace.id)).set.zone
    found = [
        (call, await details_of(house, visit.workspace.id, stored.id, call)) for call in stored.state.calls
    ]
    return tuple(_call(stored.id, call, details, "", zone, visit, house.now()) for call, details in found)


async def calls_shown(house: House, visit: Visit, found: Sequence[OpenCall]) -> tuple[CallShown, ...]:
    """Calls as they were found together; nothing more is asked for each."""
    if not found:
        return ()
    zone, now = (await hours_of(house, visit.workspace.id)).set.zone, house.now()
    return tuple(_call(f.conversation, f.call, details_in(f), f.name, zone, visit, now) for f in found)


def call_named(call: Call, language: str) -> str:
    """What a call is called."""
    return texts(language)[f"call_{named(call)}"]


def _call(
    conversation: ConversationId,
    call: Call,
    details: Mapping[str, Any],
    name: str,
    zone: str,
    visit: Visit,
    now: datetime,
) -> CallShown:
    said, code = texts(visit.language), code_of(conversation)
    return CallShown(
        seq=call.seq,
        name=call_named(call, visit.language),
        when=window(call.since, call.until, now, zone, visit.language),
        phone=str(details.get("phone", "")),
        link=str(details.get("link", "")),
        late=call.until < now,
        appointment=call.kind is CallKind.APPOINTMENT,
        conversation=str(conversation),
        code=code,
        with_whom=name or f"{said['conversation']} {code}",
        since=rfc3339(call.since),
    )


def line_of(event: Event, names: Mapping[str, str], visit: Visit, now: datetime) -> str:
    """What happened with a target or a call, in words."""
    said, p = texts(visit.language), cast("Mapping[str, Any]", event.payload)
    if event.kind == "target.missed":
        return said["line_missed"].format(name=said[f"target_{p['target']}"])
    name = names.get(event.actor.removeprefix("staff:"), said["customer"])
    when = ""
    if "window" in p:
        since, until = (parse_time(at) for at in p["window"])
        when = window(since, until, now, str(visit.zone), visit.language)
    return said[f"line_{event.kind.replace('.', '_')}"].format(name=name, when=when)


def _target(judged: Judged, said: Mapping[str, str]) -> TargetShown:
    name = said[f"target_{judged.clock.kind.value}"]
    if judged.still:
        left = judged.left_s or 0
        text = said["target_still_missed"] if judged.missed_since else said["target_still"]
        return TargetShown(name, "still", text=text.format(left=lasting(left, said)))
    if judged.missed_since:
        return TargetShown(name, "missed", rfc3339(judged.missed_since))
    return TargetShown(name, "due", rfc3339(judged.due_at) if judged.due_at else "")
