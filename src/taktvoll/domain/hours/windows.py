"""Which times are offered for a call back or an appointment, and how waiting is told.

I decide what can be chosen, from open time alone. The chat and the desk call me through flows. I never offer a time
that is closed, past or full, and never make a figure up.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from taktvoll.base.limits import WINDOWS_OFFERED_MAX
from taktvoll.domain.governance.notices import fixed
from taktvoll.domain.hours.calendar import Calendar, Opening

CALLBACK_WINDOW = timedelta(hours=2)
SHORTEST_WINDOW = timedelta(minutes=30)
LEAD = timedelta(minutes=30)
DAYS_OFFERED = 14
APPOINTMENTS_A_DAY_MAX = 6
PLACES_TOLD_MAX = 20


def callback_windows(calendar: Calendar, now: datetime) -> tuple[Opening, ...]:
    """Stretches of two hours, counted from when a slot begins, that end at least half an hour from now.

    Takes:  now: what lies behind it is left out; the same stretches come out whenever one asks.
    """
    found = dict[datetime, Opening]()
    for opening in _coming(calendar, now):
        since = opening.since
        while opening.until - since >= SHORTEST_WINDOW:
            until = min(since + CALLBACK_WINDOW, opening.until)
            if opening.until - until < SHORTEST_WINDOW:
                until = opening.until
            if until >= now + LEAD:
                found[since] = Opening(since, until)
            since = until
    return tuple(found[since] for since in sorted(found)[:WINDOWS_OFFERED_MAX])


def appointment_slots(
    calendar: Calendar, now: datetime, minutes: int, taken: Mapping[datetime, int], at_once: int
) -> tuple[Opening, ...]:
    """Free times for an appointment, the next ones, a few a day so that several days are among them.

    Takes:  taken: how many begin at each instant already; at_once: how many may.
    """
    lasts, found, by_day = timedelta(minutes=minutes), dict[datetime, Opening](), dict[date, int]()
    for opening in _coming(calendar, now):
        since, day = opening.since, opening.since.astimezone(calendar.zone).date()
        while since + lasts <= opening.until and by_day.get(day, 0) < APPOINTMENTS_A_DAY_MAX:
            if since >= now + LEAD and taken.get(since, 0) < at_once and since not in found:
                found[since] = Opening(since, since + lasts)
                by_day[day] = by_day.get(day, 0) + 1
            since += lasts
    return tuple(found[since] for since in sorted(found)[: 2 * WINDOWS_OFFERED_MAX])


def _coming(calendar: Calendar, now: datetime) -> Iterator[Opening]:
    """The slots of the coming days, and of yesterday, which may run over midnight."""
    today = now.astimezone(calendar.zone).date()
    for step in range(-1, DAYS_OFFERED):
        yield from calendar.stretches_of(today + timedelta(days=step))


def place_text(ahead: int, language: str) -> str:
    """How many come first: up to twenty, more than that is said so."""
    if ahead > PLACES_TOLD_MAX:
        return fixed("waiting_many", language).format(n=PLACES_TOLD_MAX)
    name = {0: "waiting_next", 1: "waiting_one"}.get(ahead, "waiting_some")
    return fixed(name, language).format(n=ahead)


def usual_text(wait_s: int | None, language: str) -> str:
    """How long it took lately, rounded up so that nobody is told less; nothing where nothing is known."""
    if wait_s is None:
        return ""
    minutes = -(-wait_s // 60)
    if minutes <= 1:
        return fixed("usual_minute", language)
    if minutes <= 90:
        return fixed("usual_minutes", language).format(
            minutes=minutes if minutes <= 10 else -(-minutes // 5) * 5
        )
    return fixed("usual_hours", language).format(hours=-(-minutes // 60))
