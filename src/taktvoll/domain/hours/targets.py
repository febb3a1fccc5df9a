"""What is due until when: the clocks of a conversation judged by its targets and the calendar.

I decide when a target is due, how much is left and since when it is missed. The worker's job and the desk call me.
I never start or stop a clock, and never change what was missed once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from taktvoll.domain.hours.calendar import Calendar
from taktvoll.domain.hours.clocks import Clock, Clocks, Still
from taktvoll.domain.hours.terms import Kind, ServiceHours, Time

WAITS_NEEDED = 5
"""So many recent waits it takes before a customer is told how long it usually takes."""

WAITS_ASKED = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A clock under its target.

    `due_at` is None without a target, while the clock stands still, or where it is never reached; `spent_s` is counted
    as the target counts; `left_s` may be negative; `missed_since` is the instant at which the target was missed.
    """

    clock: Clock
    within_s: int | None
    time: Time
    due_at: datetime | None
    spent_s: float
    left_s: float | None
    missed_since: datetime | None
    still: bool


def judge_all(clocks: Clocks, hours: ServiceHours, calendar: Calendar, now: datetime) -> tuple[Judged, ...]:
    """Judge every clock, running or stopped, in the order they began."""
    return tuple(judge(clock, hours, calendar, now) for clock in clocks.all)


def judge(clock: Clock, hours: ServiceHours, calendar: Calendar, now: datetime) -> Judged:
    """Judge one clock.

    Takes:  now: not before the clock's last event.
    Gives:  what is due when; a clock that stopped is judged at the instant it stopped.
    """
    target = hours.target_for(clock.urgency, clock.queue)
    within_s = target.within_s(clock.kind) if target else None
    if clock.kind is Kind.ASSISTANT:
        within_s = hours.assistant_s
    time = Time.CLOCK if clock.kind is Kind.ASSISTANT or target is None else target.time
    ends = clock.until or now
    spent, due, still = 0.0, None, True
    for since, until in _moving(clock, hours):
        still = until is not None and until <= ends
        stretch = _counted(calendar, time, since, min(until or ends, ends))
        if within_s is not None and due is None:
            reached = spent + stretch >= within_s or until is None
            due = _after(calendar, time, since, within_s - spent) if reached else None
        spent += stretch
    missed = due if due and (due < ends or (due == ends and clock.until is None)) else None
    left = None if within_s is None else within_s - spent
    return Judged(clock, within_s, time, due, spent, left, missed, still and clock.until is None)


def next_due(judged: Sequence[Judged]) -> Judged | None:
    """Of the clocks of people that run, the one that is due first; the desk orders its work by it."""
    running = (j for j in judged if j.clock.until is None and j.clock.kind is not Kind.ASSISTANT)
    due = [(j.due_at, n, j) for n, j in enumerate(running) if j.due_at]
    return min(due)[2] if due else None


def usual_wait_s(waits_s: Sequence[float]) -> int | None:
    """How long it usually takes: the median of the last waits, or None where they are too few to say anything."""
    return round(median(waits_s[:WAITS_ASKED])) if len(waits_s) >= WAITS_NEEDED else None


def _moving(clock: Clock, hours: ServiceHours) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches in which the clock moves; the last has no end while it still does.

    Whoever has heard no person yet waits, whatever an agent does with the conversation: putting it off would otherwise
    be a way out of the first answer.
    """
    unanswered = clock.kind is Kind.FIRST_ANSWER
    put_off = hours.pause_snoozed and (hours.pause_unanswered or not unanswered)
    counted = {Still.FOR_CUSTOMER: hours.pause_for_customer, Still.SNOOZED: put_off}
    since: datetime | None = clock.since
    for pause in sorted((p for p in clock.pauses if counted[p.why]), key=lambda p: p.since):
        if since is None or (pause.until and pause.until <= since):
            continue
        if since < pause.since:
            yield since, pause.since
        since = pause.until
    if since is not None and (clock.until is None or since <= clock.until):
        yield since, clock.until


def _counted(calendar: Calendar, time: Time, since: datetime, until: datetime) -> float:
    if until <= since:
        return 0.0
    return calendar.open_seconds(since, until) if time is Time.OPEN else (until - since).total_seconds()


def _after(calendar: Calendar, time: Time, at: datetime, seconds: float) -> datetime | None:
    return calendar.after_open(at, seconds) if time is Time.OPEN else at + timedelta(seconds=seconds)
