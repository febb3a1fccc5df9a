"""Claims about clocks and targets: who stops which clock, when it stands still, and when something is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.terms import Event, Urgency
from taktvoll.domain.hours.calendar import WHOLE_DAY, Calendar, Slot
from taktvoll.domain.hours.clocks import CLOCK_KINDS, Clocks, fold_clocks
from taktvoll.domain.hours.targets import judge, judge_all, next_due, usual_wait_s
from taktvoll.domain.hours.terms import Kind, ServiceHours, Target, Time

MONDAY = datetime(2026, 6, 1, 8, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
HOURS = ServiceHours(targets=(Target(None, "", 3600, 1800, 8 * 3600),))
CALENDAR = HOURS.calendar({})
HOUR = timedelta(hours=1)

RECEIVED: dict[str, Any] = {"id": "1"}
OURS, PERSON = {"author": "assistant"}, {"author": "person"}
HANDED, TAKEN = {"queue": "service", "epoch": 1}, {"staff": "7", "epoch": 2}


def story(*events: tuple[float, str, dict[str, Any]]) -> list[Event]:
    """Events by hours after Monday, 8 o'clock."""
    return [
        Event(n, kind, MONDAY + hours * HOUR, "x", payload)
        for n, (hours, kind, payload) in enumerate(events, start=1)
    ]


def told(*events: tuple[float, str, dict[str, Any]]) -> Clocks:
    """The clocks of a story."""
    return fold_clocks(story(*events))


def kinds(clocks: Clocks, *, running: bool) -> list[Kind]:
    """Which clocks run, or have stopped."""
    return [c.kind for c in clocks.all if (c.until is None) is running]


ASKED = (
    (0, "message.received", RECEIVED),
    (0, "conversation.handed_over", HANDED),
    (0, "message.released", OURS),
)


def test_the_assistants_clock_is_not_that_of_people() -> None:
    """A quick machine must not hide slow people: its answer stops its own clock alone."""
    clocks = told(*ASKED)
    assert kinds(clocks, running=False) == [Kind.ASSISTANT]
    assert kinds(clocks, running=True) == [Kind.FIRST_ANSWER, Kind.RESOLUTION]
    assert kinds(told(*ASKED, (1, "message.released", OURS)), running=True) == [
        Kind.FIRST_ANSWER,
        Kind.RESOLUTION,
    ]


def test_taking_over_is_no_answer() -> None:
    """The customer waits until a person says something, not until somebody clicks."""
    clocks = told(*ASKED, (1, "conversation.taken_over", TAKEN))
    assert Kind.FIRST_ANSWER in kinds(clocks, running=True)
    answered = told(*ASKED, (1, "conversation.taken_over", TAKEN), (2, "message.released", PERSON))
    assert kinds(answered, running=True) == [Kind.RESOLUTION]
    assert [c.answered for c in answered.all if c.kind is Kind.FIRST_ANSWER] == [True]


def test_the_next_answer_counts_from_the_first_message_left_open() -> None:
    """Whoever asks twice has not waited less."""
    clocks = told(
        *ASKED,
        (1, "message.released", PERSON),
        (2, "message.received", RECEIVED),
        (3, "message.received", RECEIVED),
    )
    waiting = clocks.running(Kind.NEXT_ANSWER)
    assert waiting is not None
    assert waiting.since == MONDAY + 2 * HOUR


@pytest.mark.parametrize("end", ["conversation.closed", "conversation.handed_back"])
def test_an_end_stops_all_and_the_next_case_begins_anew(end: str) -> None:
    """A closed case is settled; the customer's next one has a first answer of its own."""
    ended = told(*ASKED, (1, "message.released", PERSON), (2, end, {"epoch": 3}))
    assert kinds(ended, running=True) == []
    again = told(
        *ASKED, (1, "message.released", PERSON), (2, end, {"epoch": 3}), (3, "conversation.reopened", {}),
        (3, "message.received", RECEIVED), (3, "conversation.handed_over", HANDED),
    )  # fmt: skip
    assert kinds(again, running=True)[-2:] == [Kind.FIRST_ANSWER, Kind.RESOLUTION]


def test_closing_without_a_word_is_no_answer() -> None:
    """Waits that nobody answered must not make the usual wait look short."""
    closed = told(*ASKED, (1, "conversation.closed", {"epoch": 3}))
    assert [c.answered for c in closed.all if c.kind is Kind.FIRST_ANSWER] == [False]


def test_a_person_who_takes_an_open_question_owes_an_answer() -> None:
    """Taken from the assistant before it answered, the question waits for that person."""
    taken = told((0, "message.received", RECEIVED), (1, "conversation.taken_over", TAKEN))
    assert kinds(taken, running=True) == [Kind.RESOLUTION, Kind.FIRST_ANSWER]
    looked = told(
        (0, "message.received", RECEIVED),
        (0, "message.released", OURS),
        (1, "conversation.taken_over", TAKEN),
    )
    assert kinds(looked, running=True) == [Kind.RESOLUTION]


def due_in_hours(clocks: Clocks, kind: Kind, hours: ServiceHours = HOURS, at: float = 13) -> float | None:
    """When a running clock is due, in hours after Monday, 8 o'clock."""
    clock = clocks.running(kind)
    assert clock is not None
    due = judge(clock, hours, hours.calendar({}), MONDAY + at * HOUR).due_at
    return None if due is None else (due - MONDAY) / HOUR


def test_open_time_waits_for_the_morning() -> None:
    """Asked at half past five, an hour of open time is over at half past eight of the next day."""
    late = told((9.5, "message.received", RECEIVED), (9.5, "conversation.handed_over", HANDED))
    assert due_in_hours(late, Kind.FIRST_ANSWER) == 24.5


def test_what_is_critical_waits_for_no_morning() -> None:
    """An emergency's target counts as the clock runs, and takes hold when the urgency is raised."""
    hours = replace(HOURS, targets=(*HOURS.targets, Target(Urgency.CRITICAL, "", 300, time=Time.CLOCK)))
    raised = {"reason": "emergency_gas", "urgency": "critical", "customer_seq": 1}
    night = told(
        (12, "message.received", RECEIVED),
        (12, "conversation.handed_over", HANDED),
        (12, "urgency.raised", raised),
    )
    assert due_in_hours(night, Kind.FIRST_ANSWER, hours) == pytest.approx(12 + 5 / 60)
    assert due_in_hours(night, Kind.FIRST_ANSWER, HOURS) == 25


@pytest.mark.parametrize(("pauses", "due"), [(True, 25), (False, 8)])
def test_the_resolution_stands_still_while_the_customer_is_to_answer(pauses: bool, due: float) -> None:
    """A customer who takes three hours must not cost the company its target, unless it wants it so."""
    hours = replace(HOURS, pause_for_customer=pauses)
    clocks = told(*ASKED, (1, "message.released", PERSON), (4, "message.received", RECEIVED))
    assert due_in_hours(clocks, Kind.RESOLUTION, hours) == due


def test_nothing_is_due_while_the_clock_stands_still() -> None:
    """What is put off, or waits for the customer, presses nobody; what is left stays the same meanwhile."""
    waits = told(*ASKED, (1, "message.released", PERSON))
    clock = waits.running(Kind.RESOLUTION)
    assert clock is not None
    judged = [judge(clock, HOURS, CALENDAR, MONDAY + n * HOUR) for n in (2, 5)]
    assert [(j.due_at, j.left_s, j.still) for j in judged] == [(None, 7 * 3600, True)] * 2
    snoozed = told(*ASKED, (0.5, "conversation.snoozed", {"until": "x"}), (2.5, "conversation.woken", {}))
    assert due_in_hours(snoozed, Kind.RESOLUTION) == 10


@pytest.mark.parametrize(
    ("put_off", "unanswered", "due"), [(True, False, 1), (True, True, 3), (False, True, 1)]
)
def test_putting_off_is_no_way_out_of_the_first_answer(put_off: bool, unanswered: bool, due: float) -> None:
    """The customer waits for a first word all the same: no click may hide that, unless the company says so."""
    hours = replace(HOURS, pause_snoozed=put_off, pause_unanswered=unanswered)
    snoozed = told(*ASKED, (0.5, "conversation.snoozed", {"until": "x"}), (2.5, "conversation.woken", {}))
    assert due_in_hours(snoozed, Kind.FIRST_ANSWER, hours) == due
    asleep = told(*ASKED, (0.5, "conversation.snoozed", {"until": "x"}))
    clock = asleep.running(Kind.FIRST_ANSWER)
    assert clock is not None
    missed = judge(clock, hours, CALENDAR, MONDAY + 2 * HOUR).missed_since
    assert missed == (None if put_off and unanswered else MONDAY + HOUR)


def test_putting_off_after_the_first_answer_stops_the_next_one() -> None:
    """Whoever has heard a person can be asked to wait until Monday; the default only guards the first word."""
    clocks = told(
        *ASKED, (1, "message.released", PERSON), (2, "message.received", RECEIVED),
        (2, "conversation.snoozed", {"until": "x"}), (4, "conversation.woken", {}),
    )  # fmt: skip
    assert due_in_hours(clocks, Kind.NEXT_ANSWER) == 4.5


def test_missed_is_missed_since_the_instant_it_was_due() -> None:
    """Also a late answer was late, and a target is missed from its own instant on, not from when we looked."""
    clocks = told(*ASKED, (3, "message.released", PERSON))
    first = next(
        j for j in judge_all(clocks, HOURS, CALENDAR, MONDAY + 5 * HOUR) if j.clock.kind is Kind.FIRST_ANSWER
    )
    assert first.missed_since == MONDAY + HOUR
    assert first.left_s == -2 * 3600
    intime = told(*ASKED, (1, "message.released", PERSON))
    assert [j.missed_since for j in judge_all(intime, HOURS, CALENDAR, MONDAY + 5 * HOUR)] == [None] * 3


def test_the_desk_orders_by_what_is_due_first() -> None:
    """An answer is due before the settlement; the assistant's own clock presses nobody at the desk."""
    judged = judge_all(told((0, "message.received", RECEIVED), *ASKED[:2]), HOURS, CALENDAR, MONDAY)
    first = next_due(judged)
    assert first is not None
    assert (first.clock.kind, first.due_at) == (Kind.FIRST_ANSWER, MONDAY + HOUR)


def test_no_figure_is_made_up() -> None:
    """Four waits say nothing; of many, the last twenty count, and the middle of them is told."""
    assert usual_wait_s([60.0] * 4) is None
    assert usual_wait_s([60.0, 120.0, 60.0, 9000.0, 60.0]) == 60
    assert usual_wait_s([60.0] * 20 + [9000.0] * 100) == 60


PAYLOADS: dict[str, list[dict[str, Any]]] = {
    "message.released": [OURS, PERSON],
    "answer.decided": [{"handover": None, "urgency": "normal"}, {"handover": "request", "urgency": "high"}],
    "urgency.raised": [{"urgency": "critical"}],
    "conversation.handed_over": [HANDED],
    "conversation.assigned": [{"to": ["person", "7"]}, {"to": ["queue", "billing"]}],
    "conversation.transferred": [{"to": ["queue", "service"]}],
}
any_event = st.sampled_from(CLOCK_KINDS).flatmap(
    lambda kind: st.tuples(st.integers(0, 300), st.just(kind), st.sampled_from(PAYLOADS.get(kind, [{}])))
)


@given(st.lists(any_event, max_size=25), st.integers(0, 600), st.booleans(), st.booleans(), st.booleans())
def test_any_story_is_judged_soundly(
    events: list[tuple[int, str, dict[str, Any]]], later: int, customer: bool, snoozed: bool, unanswered: bool
) -> None:
    """Whatever happens in whatever order: one clock of a kind runs, none is negative, and due never lies before its
    start, before what was missed, or at an instant at which the limit is not used up exactly."""
    at, timed = 0.0, []
    for minutes, kind, payload in events:
        at += minutes / 60
        timed.append((at, kind, payload))
    clocks = fold_clocks(story(*timed))
    assert len(set(kinds(clocks, running=True))) == len(kinds(clocks, running=True))
    hours = replace(HOURS, pause_for_customer=customer, pause_snoozed=snoozed, pause_unanswered=unanswered)
    calendar = Calendar(ZoneInfo("Europe/Berlin"), ((WHOLE_DAY,), (Slot(1200, 1800),)) * 3 + ((),))
    now = MONDAY + at * HOUR + timedelta(minutes=later)
    for judged in judge_all(clocks, hours, calendar, now):
        clock, ends = judged.clock, judged.clock.until or now
        assert 0 <= judged.spent_s <= (ends - clock.since).total_seconds()
        if judged.due_at:
            assert judged.due_at > clock.since
            at_due = judge(clock, hours, calendar, judged.due_at) if clock.until is None else None
            assert at_due is None or at_due.left_s == 0
        if judged.missed_since:
            assert judged.missed_since <= ends
            assert judged.left_s is not None
            assert judged.left_s <= 0
        if judged.left_s is not None and judged.left_s < 0:
            assert judged.missed_since is not None
