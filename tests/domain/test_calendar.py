"""Claims about service hours: open time is added up right on any calendar, over midnight and when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taktvoll.domain.hours.calendar import DAY_MINUTES, WHOLE_DAY, Calendar, Slot, Slots

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = tuple(
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
)
MINUTE = timedelta(minutes=1)
CHANGES = (
    datetime(2026, 3, 28, 12, tzinfo=UTC),  # Berlin, spring
    datetime(2026, 10, 24, 12, tzinfo=UTC),  # Berlin, autumn
    datetime(2026, 3, 7, 18, tzinfo=UTC),  # New York, spring
    datetime(2026, 10, 31, 18, tzinfo=UTC),  # New York, autumn
    datetime(2026, 4, 4, 6, tzinfo=UTC),  # Lord Howe: half an hour
    datetime(2026, 10, 3, 6, tzinfo=UTC),
    datetime(2026, 12, 23, 12, tzinfo=UTC),
)


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    """Any slot, those over midnight and whole days included."""
    start = draw(st.integers(0, DAY_MINUTES - 1))
    return Slot(start, start + draw(st.integers(1, DAY_MINUTES)))


def some_slots() -> st.SearchStrategy[Slots]:
    """What a day may hold."""
    return st.lists(slots(), max_size=3).map(tuple)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar around the days when clocks change."""
    near = [at.date() + timedelta(days=n) for at in CHANGES for n in (0, 1)]
    week = tuple(draw(some_slots()) for _ in range(7))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        week=week,  # type: ignore[arg-type]
        days=draw(st.dictionaries(st.sampled_from(near), some_slots(), max_size=4)),
        yearly=draw(
            st.dictionaries(st.sampled_from([(d.month, d.day) for d in near]), some_slots(), max_size=2)
        ),
        holidays=draw(st.dictionaries(st.sampled_from(near), st.just("holiday"), max_size=2)),
    )


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Any minute within days of a change of clocks."""
    return draw(st.sampled_from(CHANGES)) + draw(st.integers(-36 * 60, 60 * 60)) * MINUTE


def naive(calendar: Calendar, since: datetime, minutes: int) -> list[bool]:
    """Say minute by minute whether it is open, by looking at a clock on the wall alone.

    A slot has begun once the wall has shown its start, and is over once the wall will never again show less than its
    end: so an hour that comes twice is open twice, and one that does not exist is not there to be open.
    """
    reach = 26 * 60
    walls = [
        (since + n * MINUTE).astimezone(calendar.zone).replace(tzinfo=None)
        for n in range(-reach, minutes + reach)
    ]
    opened = [False] * len(walls)
    day = walls[0].date() - timedelta(days=2)
    while day <= walls[-1].date():
        for slot in calendar.slots_on(day):
            midnight = datetime.combine(day, time())
            begin, end = midnight + slot.start * MINUTE, midnight + slot.end * MINUTE
            first = next((i for i, wall in enumerate(walls) if wall >= begin), len(walls))
            last = max((i for i, wall in enumerate(walls) if wall < end), default=-1)
            opened[first : last + 1] = [True] * max(0, last + 1 - first)
        day += timedelta(days=1)
    return opened[reach : reach + minutes]


@settings(max_examples=60, deadline=None)
@given(calendars(), instants(), st.integers(1, 36 * 60))
def test_open_time_is_what_a_clock_on_the_wall_says(
    calendar: Calendar, since: datetime, minutes: int
) -> None:
    """Counting minute by minute, without any arithmetic of zones, must give the same: this holds all of it at once."""
    expected = naive(calendar, since, minutes)
    assert calendar.open_seconds(since, since + minutes * MINUTE) == 60 * sum(expected)
    for n in range(0, minutes, 97):
        assert calendar.is_open(since + n * MINUTE) is expected[n]
    if any(expected):
        assert calendar.next_opening(since) == since + expected.index(True) * MINUTE


@settings(max_examples=200, deadline=None)
@given(calendars(), st.lists(instants(), min_size=3, max_size=3).map(sorted))
def test_open_time_adds_up(calendar: Calendar, at: list[datetime]) -> None:
    """A pause cut out of a wait must not change the rest, and more time is never less open time."""
    first, middle, last = at
    whole = calendar.open_seconds(first, last)
    assert calendar.open_seconds(first, middle) + calendar.open_seconds(middle, last) == whole
    assert 0 <= calendar.open_seconds(first, middle) <= whole <= (last - first).total_seconds()


@settings(max_examples=200, deadline=None)
@given(calendars(), instants(), st.integers(1, 80 * 3600))
def test_what_is_due_after_open_time_lies_that_much_open_time_ahead(
    calendar: Calendar, at: datetime, seconds: int
) -> None:
    """Due and elapsed are each other's inverse, and due is the earliest such instant: a second before is not enough."""
    due = calendar.after_open(at, seconds)
    if due is None:
        assert calendar.open_seconds(at, at + timedelta(days=1000)) < seconds
        return
    assert calendar.open_seconds(at, due) == seconds
    assert calendar.open_seconds(at, due - timedelta(seconds=1)) == seconds - 1


@settings(max_examples=100, deadline=None)
@given(calendars(), instants())
def test_the_next_opening_is_open_and_nothing_before_it(calendar: Calendar, at: datetime) -> None:
    """Customers are told this instant: it must be open, and the first that is."""
    opens = calendar.next_opening(at)
    if opens is None:
        assert calendar.open_seconds(at, at + timedelta(days=399)) == 0
        return
    assert calendar.is_open(opens)
    assert calendar.open_seconds(at, opens) == 0
    closes = calendar.closes(opens)
    if closes is not None:
        assert not calendar.is_open(closes)
        assert calendar.open_seconds(opens, closes) == (closes - opens).total_seconds()


def weekly(*slots: Slot) -> Calendar:
    """The same slots every day, in Berlin."""
    return Calendar(BERLIN, (slots,) * 7)


def berlin(*parts: int, fold: int = 0) -> datetime:
    """A time of day in Berlin."""
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("slot", "spring_hours", "autumn_hours"),
    [
        (WHOLE_DAY, 23, 25),
        (Slot(60, 240), 2, 4),  # 01–04
        (Slot(120, 180), 0, 2),  # 02–03: not there in spring, there twice in autumn
        (Slot(150, 240), 1, 2.5),  # 02:30–04
        (Slot(60, 150), 1, 2.5),  # 01–02:30
        (Slot(240, 300), 1, 1),
    ],
)
def test_the_night_the_clocks_change(slot: Slot, spring_hours: float, autumn_hours: float) -> None:
    """Whoever works that night works an hour less or more; targets must not be off by it."""
    calendar = weekly(slot)
    spring = calendar.open_seconds(berlin(2026, 3, 29), berlin(2026, 3, 30))
    autumn = calendar.open_seconds(berlin(2026, 10, 25), berlin(2026, 10, 26))
    assert (spring / 3600, autumn / 3600) == (spring_hours, autumn_hours)


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    """Friday's night shift runs into Saturday also where Saturday is closed, and the holiday does not cut it off."""
    night = Slot(22 * 60, 30 * 60)
    calendar = Calendar(BERLIN, ((), (), (), (), (night,), (), ()), holidays={date(2026, 5, 2): "made up"})
    assert calendar.is_open(berlin(2026, 5, 2, 5, 59))
    assert not calendar.is_open(berlin(2026, 5, 2, 6))
    assert calendar.open_seconds(berlin(2026, 5, 1), berlin(2026, 5, 4)) == 8 * 3600


def test_slots_that_touch_or_overlap_count_once() -> None:
    """People write shifts, not sets: two who overlap are not two hours in one."""
    calendar = weekly(Slot(480, 720), Slot(700, 800), Slot(800, 900))
    assert calendar.open_seconds(berlin(2026, 6, 1), berlin(2026, 6, 2)) == 420 * 60
    assert calendar.closes(berlin(2026, 6, 1, 9)) == berlin(2026, 6, 1, 15)


def test_the_companys_word_about_a_day_outranks_holiday_and_week() -> None:
    """A company that opens on a holiday, or shuts on a Tuesday, says so; 24 December is its own choice every year."""
    day = Slot(480, 1080)
    calendar = Calendar(
        BERLIN,
        ((day,),) * 7,
        days={date(2026, 12, 25): (Slot(600, 660),), date(2026, 6, 2): ()},
        yearly={(12, 24): (Slot(480, 720),)},
        holidays={date(2026, 12, 25): "1. Weihnachtstag", date(2026, 12, 26): "2. Weihnachtstag"},
    )
    hours = [
        calendar.open_seconds(berlin(2026, month, n), berlin(2026, month, n + 1)) / 3600
        for month, n in ((12, 24), (12, 25), (12, 26), (6, 2), (6, 3))
    ]
    assert hours == [4, 1, 0, 0, 10]


def test_never_open_is_said_and_not_searched_for_ever() -> None:
    """An empty calendar is a setting like another: nothing is due and nothing opens."""
    empty = weekly()
    at = berlin(2026, 6, 1)
    assert (empty.next_opening(at), empty.after_open(at, 60), empty.is_open(at)) == (None, None, False)
    assert weekly(WHOLE_DAY).closes(at) is None
