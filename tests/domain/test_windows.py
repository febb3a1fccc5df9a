"""Claims about what customers are offered and told while they wait: open time alone, and no figure made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taktvoll.domain.governance.notices import fixed
from taktvoll.domain.hours.calendar import WHOLE_DAY, Calendar, Slot
from taktvoll.domain.hours.telling import from_when, window
from taktvoll.domain.hours.windows import (
    APPOINTMENTS_A_DAY_MAX,
    LEAD,
    appointment_slots,
    callback_windows,
    place_text,
    usual_text,
)
from tests.domain.test_calendar import calendars, instants

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Calendar(BERLIN, ((Slot(480, 720), Slot(780, 1080)),) * 5 + ((), ()))
MONDAY = datetime(2026, 6, 1, 7, tzinfo=BERLIN).astimezone(UTC)


@settings(max_examples=100, deadline=None)
@given(calendars(), instants(), st.sampled_from([15, 30, 45, 60]), st.integers(0, 59))
def test_only_open_time_is_offered(calendar: Calendar, now: datetime, minutes: int, seconds: int) -> None:
    """A promise to call at a time when nobody is there is worse than none, on any calendar and in any night."""
    now += timedelta(seconds=seconds)
    windows = callback_windows(calendar, now)
    slots = appointment_slots(calendar, now, minutes, {}, 1)
    for offered in (*windows, *slots):
        assert (
            calendar.open_seconds(offered.since, offered.until)
            == (offered.until - offered.since).total_seconds()
        )
    assert all(w.until >= now + LEAD for w in windows)
    assert all(s.since >= now + LEAD for s in slots)
    for offers in (windows, slots):
        assert [o.since for o in offers] == sorted({o.since for o in offers})


@settings(max_examples=100, deadline=None)
@given(calendars(), instants(), st.integers(1, 40))
def test_what_was_offered_is_still_offered_a_little_later(
    calendar: Calendar, now: datetime, minutes: int
) -> None:
    """Whoever reads the list for some minutes must find their choice again, also where it is open day and night."""
    later = now + timedelta(minutes=minutes)
    before, after = callback_windows(calendar, now), callback_windows(calendar, later)
    assert [w for w in before if w.until >= later + LEAD] == [w for w in after if w in before]
    slots, then = (appointment_slots(calendar, at, 30, {}, 1) for at in (now, later))
    assert {s for s in slots if s.since >= later + LEAD} <= set(then)


def test_a_day_of_office_hours_is_cut_into_windows_and_slots() -> None:
    """Windows follow the day's own slots: no call is promised over the lunch break, and a short rest joins the last."""
    first = [
        window(w.since, w.until, MONDAY, "Europe/Berlin", "de") for w in callback_windows(OFFICE, MONDAY)[:5]
    ]
    assert first == [
        "heute, 8 bis 10 Uhr", "heute, 10 bis 12 Uhr", "heute, 13 bis 15 Uhr", "heute, 15 bis 17 Uhr",
        "heute, 17 bis 18 Uhr",
    ]  # fmt: skip
    slots = appointment_slots(OFFICE, MONDAY, 60, {MONDAY + timedelta(hours=1): 1}, 1)
    days = {s.since.astimezone(BERLIN).date() for s in slots}
    assert len(days) == 4
    assert slots[0].since == MONDAY + timedelta(hours=2)
    assert len([s for s in slots if s.since.date() == MONDAY.date()]) == APPOINTMENTS_A_DAY_MAX


def test_open_day_and_night_begins_at_midnight() -> None:
    """Without a beginning of its own, an open day's times are counted from midnight and not from now."""
    always = replace(OFFICE, week=((WHOLE_DAY,),) * 7)
    assert {w.since.minute for w in callback_windows(always, MONDAY + timedelta(minutes=7))} == {0}


@pytest.mark.parametrize(
    ("days", "hour", "minute", "german", "english"),
    [
        (0, 14, 0, "ab heute, 14 Uhr", "today at 14:00"),
        (1, 8, 30, "ab morgen, 8:30 Uhr", "tomorrow at 8:30"),
        (4, 8, 0, "ab Freitag, 8 Uhr", "on Friday at 8:00"),
        (7, 8, 0, "ab Montag, 8. Juni, 8 Uhr", "on Monday, 8 June at 8:00"),
    ],
)
def test_a_time_reads_as_people_say_it(days: int, hour: int, minute: int, german: str, english: str) -> None:
    """“Monday” a week from now would be understood as today's: the date is added as soon as it could mean another."""
    at = datetime(2026, 6, 1 + days, hour, minute, tzinfo=BERLIN)
    assert from_when(at, MONDAY, "Europe/Berlin", "de") == german
    assert from_when(at, MONDAY, "Europe/Berlin", "en") == english


def test_the_place_in_line_and_the_usual_wait_are_told_plainly() -> None:
    """What is not known is not said, and a wait is rounded up: nobody is promised less than it took."""
    assert [place_text(n, "de") for n in (0, 1, 2, 21)] == [
        fixed("waiting_next", "de"), fixed("waiting_one", "de"), "Vor Ihnen warten noch 2 Personen.",
        "Vor Ihnen warten mehr als 20 Personen.",
    ]  # fmt: skip
    told = [usual_text(s, "de") for s in (None, 20, 61, 11 * 60, 200 * 60)]
    assert told[0] == ""
    assert [t.removeprefix("Zuletzt dauerte es etwa ") for t in told[1:]] == [
        "eine Minute.", "2 Minuten.", "15 Minuten.", "4 Stunden.",
    ]  # fmt: skip
