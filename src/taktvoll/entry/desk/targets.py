"""What is due in a conversation and which calls are arranged, as the desk shows it.

I decide how a clock reads: due in, overdue since, standing still, always in words. pages.py asks me for each
conversation. I never judge: the domain does, from the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.ports import Stored
from taktvoll.domain.conversation.terms import Call, CallKind, Event, OwnerKind
from taktvoll.domain.hours.clocks import CLOCK_KINDS, fold_clocks
from taktvoll.domain.hours.targets import Judged, judge_all
from taktvoll.domain.hours.telling import window
from taktvoll.domain.hours.terms import Kind
from taktvoll.entry.desk.render import lasting
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import details_of

LINES = ("target.missed", *(f"{k.value}.{how}" for k in CallKind for how in ("done", "missed", "cancelled")))
KINDS = (*LINES, "callback.wished", "appointment.made")
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
    """One arranged call."""

    seq: int
    name: str
    when: str
    phone: str
    link: str
    late: bool
    appointment: bool


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
    return tuple([await call_shown(house, visit, stored, call) for call in stored.state.calls])


async def call_shown(house: House, visit: Visit, stored: Stored, call: Call) -> CallShown:
    """One call with its number or link."""
    hours, now = await hours_of(house, visit.workspace.id), house.now()
    details = await details_of(house, visit.workspace.id, stored.id, call)
    name = "call_callback" if call.kind is CallKind.CALLBACK else f"call_{call.medium.value}"
    return CallShown(
        seq=call.seq,
        name=texts(visit.language)[name],
        when=window(call.since, call.until, now, hours.set.zone, visit.language),
        phone=str(details.get("phone", "")),
        link=str(details.get("link", "")),
        late=call.until < now,
        appointment=call.kind is CallKind.APPOINTMENT,
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
