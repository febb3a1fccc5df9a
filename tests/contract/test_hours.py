"""What the port HoursStore promises, held against PostgreSQL, and what the libraries behind the other ports know."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar as CalendarFile

from taktvoll.adapters.calendar_files import ICalendarFiles
from taktvoll.adapters.holidays import GermanHolidays
from taktvoll.adapters.phones import GermanPhoneNumbers
from taktvoll.adapters.postgres.hours import PostgresHours
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.ports import DecideStatus
from taktvoll.domain.conversation.terms import NewEvent, Urgency
from taktvoll.domain.hours.clocks import CLOCK_KINDS, fold_clocks
from taktvoll.domain.hours.ports import Appointment, Missed
from taktvoll.domain.hours.targets import judge_all, next_due
from taktvoll.domain.hours.terms import LAENDER, Kind, ServiceHours, Target, Time
from tests.contract.conftest import NOW, Place, answer, change, talk, wrote

HOURS = ServiceHours(
    targets=(Target(None, "", 600, 600, 3600, Time.CLOCK), Target(Urgency.HIGH, "", 60, 60, 3600, Time.CLOCK))
)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(place: Place) -> PostgresHours:
    """Give the store of a fresh workspace."""
    return PostgresHours(place.pool)


async def handed_over(
    place: Place, at: datetime = NOW, urgency: str = "normal", queue: str = "service"
) -> ConversationId:
    """A conversation that waits for a person."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, f"m-{conversation}", at=at))
    decided = {
        "choices": [], "customer_seq": 2, "decision": "handover", "handover": "request", "urgency": urgency,
    }  # fmt: skip
    handed = {"epoch": 1, "from": "assistant", "queue": queue}
    events = (
        NewEvent("answer.decided", at, "assistant", decided),
        NewEvent("conversation.handed_over", at, "assistant", handed),
    )
    done = await place.record.decide(change(place, conversation, accepted.state, *events))
    assert done.status is DecideStatus.OK
    return conversation


async def answered(place: Place, conversation: ConversationId, at: datetime) -> None:
    """A person's word."""
    state = (await place.record.access(place.id, conversation)).state
    event = NewEvent("message.released", at, "staff:1", {"author": "person", "notice": None})
    done = await place.record.decide(change(place, conversation, state, event, turn=None, outbox=()))
    assert done.status is DecideStatus.OK


async def judge(place: Place, store: PostgresHours, now: datetime) -> list[bool]:
    """Judge what is stale, as the worker does."""
    changed = []
    for stale in await store.stale(place.id, 100):
        events = await place.record.events(place.id, stale.conversation, kinds=CLOCK_KINDS)
        judged = judge_all(fold_clocks(events), HOURS, HOURS.calendar({}), now)
        changed.append(await store.keep(place.id, stale, judged, next_due(judged), now))
    return changed


async def miss(place: Place, store: PostgresHours, now: datetime) -> list[Missed]:
    """Put what is overdue on record, as the worker does."""
    found = []
    for missed in await store.overdue(place.id, now, 100):
        event = NewEvent("target.missed", now, "taktvoll", {"target": missed.kind.value, "since": missed.seq})
        if await store.miss(place.id, missed, event) is not None:
            found.append(missed)
    return found


async def was_late(place: Place, store: PostgresHours, conversation: ConversationId, seq: int) -> int | None:
    """The assistant was late for this message."""
    event = NewEvent("target.missed", NOW + MINUTE, "taktvoll", {"target": "assistant", "since": seq})
    return await store.miss_assistant(place.id, conversation, seq, event)


async def kinds(place: Place, conversation: ConversationId) -> list[str]:
    """Which targets the record says were missed."""
    events = await place.record.events(place.id, conversation, kinds=("target.missed",))
    return [str(e.payload["target"]) for e in events]


async def test_a_file_stays_and_the_last_one_holds(place: Place, other: Place, store: PostgresHours) -> None:
    """What customers were told rests on the file of that day: none is overwritten, and none is another company's."""
    assert (await store.current(place.id)).number == 0
    assert [await store.put(place.id, f"# {n}", "anna", NOW) for n in range(3)] == [1, 2, 3]
    current = await store.current(place.id)
    assert (current.number, current.file, current.by) == (3, "# 2", "anna")
    assert (await store.current(other.id)).number == 0


async def test_what_is_due_stands_in_the_queue(place: Place, store: PostgresHours, raw: Any) -> None:
    """The desk orders a hundred thousand rows by a column; it must say what the clocks say, and go with them."""
    conversation = await handed_over(place)
    assert await judge(place, store, NOW) == [True]
    due = "select target_at, target_kind from conversation where id = $1"
    assert tuple(await raw.fetchrow(due, conversation)) == (NOW + 10 * MINUTE, "first_answer")
    await answered(place, conversation, NOW + MINUTE)
    assert await judge(place, store, NOW + MINUTE) == [True]
    assert tuple(await raw.fetchrow(due, conversation)) == (None, "")
    assert await judge(place, store, NOW + MINUTE) == []


async def test_a_target_is_missed_once(place: Place, store: PostgresHours) -> None:
    """A breach is one event, however often the worker looks and however many workers there are."""
    conversation = await handed_over(place)
    await judge(place, store, NOW)
    assert await miss(place, store, NOW + 9 * MINUTE) == []
    late = NOW + 11 * MINUTE
    both = await asyncio.gather(miss(place, store, late), miss(place, store, late))
    assert [m.kind for found in both for m in found] == [Kind.FIRST_ANSWER]
    await judge(place, store, late)
    assert await miss(place, store, late) == []
    assert await kinds(place, conversation) == ["first_answer"]
    assert await judge(place, store, late + 50 * MINUTE) == []
    assert [m.kind for m in await miss(place, store, late + 50 * MINUTE)] == [Kind.RESOLUTION]


async def test_the_assistant_is_late_once(place: Place, store: PostgresHours) -> None:
    """Two workers find the same message waiting at the same moment; each later message is a wait of its own."""
    conversation, waits = talk(), list[int]()
    for message in ("m-1", "m-2"):
        waits.append((await place.record.accept(wrote(place, conversation, message))).state.last_customer_seq)
        late = await asyncio.gather(*(was_late(place, store, conversation, waits[-1]) for _ in range(5)))
        events = await place.record.events(place.id, conversation, kinds=("target.missed",))
        assert [e.payload["since"] for e in events] == waits
        assert [found for found in late if found] == [events[-1].seq]
    assert await was_late(place, store, talk(), 2) is None


async def test_an_answer_in_time_is_never_called_late(place: Place, store: PostgresHours) -> None:
    """The answer may be on record while the worker has not judged it yet: then it must judge first."""
    conversation = await handed_over(place)
    await judge(place, store, NOW)
    await answered(place, conversation, NOW + 9 * MINUTE)
    assert await miss(place, store, NOW + 11 * MINUTE) == []
    await judge(place, store, NOW + 11 * MINUTE)
    assert await miss(place, store, NOW + 11 * MINUTE) == []
    assert await kinds(place, conversation) == []


async def test_a_late_answer_was_late(place: Place, store: PostgresHours) -> None:
    """Also if nobody looked between due and answer, the breach is on record."""
    conversation = await handed_over(place)
    await judge(place, store, NOW)
    await answered(place, conversation, NOW + 12 * MINUTE)
    await judge(place, store, NOW + 12 * MINUTE)
    assert [m.kind for m in await miss(place, store, NOW + 12 * MINUTE)] == [Kind.FIRST_ANSWER]


async def test_a_missed_target_disturbs_nobody(place: Place, store: PostgresHours) -> None:
    """A reply that is being written while the target passes must go out as if nothing had happened."""
    conversation = await handed_over(place)
    await judge(place, store, NOW)
    before = (await place.record.access(place.id, conversation)).state
    assert len(await miss(place, store, NOW + 11 * MINUTE)) == 1
    event = NewEvent("message.released", NOW, "staff:1", {"author": "person", "notice": None})
    done = await place.record.decide(change(place, conversation, before, event, turn=None, outbox=()))
    assert done.status is DecideStatus.OK
    assert (await place.record.access(place.id, conversation)).state.undecided == 0


async def test_new_hours_judge_every_open_target_anew(place: Place, store: PostgresHours) -> None:
    """Whoever changes a target sees it at the desk within seconds, also for those who wait already."""
    await handed_over(place)
    await judge(place, store, NOW)
    await store.put(place.id, "", "anna", NOW)
    assert len(await store.stale(place.id, 100)) == 1


async def test_the_assistants_conversations_cost_the_worker_nothing(
    place: Place, store: PostgresHours
) -> None:
    """Thousands of turns a second never wait for people: none of them may come up here."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    assert await store.stale(place.id, 100) == ()


async def test_the_usual_wait_is_of_those_who_were_answered(place: Place, store: PostgresHours) -> None:
    """Another queue's waits, and those that nobody answered, say nothing about how long it takes here."""
    for n in range(3):
        conversation = await handed_over(place)
        await answered(place, conversation, NOW + (n + 1) * MINUTE)
    await handed_over(place)
    elsewhere = await handed_over(place, queue="billing")
    await answered(place, elsewhere, NOW + 50 * MINUTE)
    await judge(place, store, NOW + 51 * MINUTE)
    assert await store.waits_s(place.id, "service", 2) == (180, 120)
    assert await store.waits_s(place.id, "billing", 9) == (3000,)


async def test_the_place_in_line_is_the_desks_order(place: Place, store: PostgresHours) -> None:
    """Who is told to be next must be next at the desk: the urgent go first, whenever they came; other queues do not."""
    first = await handed_over(place, NOW)
    second = await handed_over(place, NOW + MINUTE)
    urgent = await handed_over(place, NOW + 2 * MINUTE, urgency="high")
    await handed_over(place, NOW, queue="billing")
    assert [await store.ahead(place.id, c, 50) for c in (urgent, first, second)] == [0, 1, 2]
    assert await store.ahead(place.id, second, 1) == 1
    await answered(place, first, NOW + 3 * MINUTE)


async def test_two_do_not_get_the_same_appointment(place: Place, store: PostgresHours) -> None:
    """Of many who press the same button at once, as many get it as there are people."""
    talks = [await handed_over(place) for _ in range(5)]
    won = await asyncio.gather(*(store.claim(place.id, t, NOW, 2, NOW) for t in talks))
    assert sum(won) == 2
    assert await store.taken(place.id, NOW) == {NOW: 2}
    await store.free(place.id, talks[won.index(True)], NOW)
    assert await store.taken(place.id, NOW) == {NOW: 1}


async def test_a_place_that_nobody_has_is_free_again(place: Place, store: PostgresHours) -> None:
    """Whoever lost the connection between taking a place and writing it down must not block it for everybody else."""
    lost, writing, held = [await handed_over(place) for _ in range(3)]
    at = NOW + 60 * MINUTE
    await store.claim(place.id, lost, at, 3, NOW)
    await store.claim(place.id, held, at, 3, NOW)
    await store.claim(place.id, writing, at, 3, NOW + 2 * MINUTE)
    state = (await place.record.access(place.id, held)).state
    window = [rfc3339(at), rfc3339(at + 30 * MINUTE)]
    made = NewEvent("appointment.made", NOW, "customer", {"window": window, "medium": "phone"})
    assert (await place.record.decide(change(place, held, state, made, turn=None))).status is DecideStatus.OK
    assert await store.free_unheld(place.id, NOW) == 0
    assert await store.free_unheld(place.id, NOW + MINUTE) == 1
    assert await store.taken(place.id, NOW) == {at: 2}
    assert await store.claim(place.id, lost, at, 3, NOW + 3 * MINUTE), "the customer can choose again"
    await store.free(place.id, writing, at)
    assert await store.free_unheld(place.id, NOW + 9 * MINUTE) == 1
    assert await store.taken(place.id, NOW) == {at: 1}


async def test_open_calls_are_found_without_a_list_of_their_own(place: Place, store: PostgresHours) -> None:
    """The list is folded from events like everything else, so nothing can stand in it that the record does not know."""
    conversation = await handed_over(place)
    state = (await place.record.access(place.id, conversation)).state
    window = [rfc3339(NOW + 60 * MINUTE), rfc3339(NOW + 120 * MINUTE)]
    wish = NewEvent("callback.wished", NOW, "customer", {"window": window})
    done = await place.record.decide(change(place, conversation, state, wish, turn=None))
    found = await store.calls(place.id, 10)
    assert [(c.conversation, c.call.seq) for c in found] == [(conversation, done.events[0].seq)]
    state = (await place.record.access(place.id, conversation)).state
    settled = NewEvent("callback.done", NOW, "staff:1", {"about": done.events[0].seq})
    await place.record.decide(change(place, conversation, state, settled, turn=None))
    assert await store.calls(place.id, 10) == ()


# --- holidays ---

KNOWN = {
    # Published by the Länder and by the Federal Ministry of the Interior for 2026.
    "": {date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25),
         date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26)},
    "BW": {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)},
    "BY": {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)},
    "BE": {date(2026, 3, 8)},
    "BB": {date(2026, 4, 5), date(2026, 5, 24), date(2026, 10, 31)},
    "HB": {date(2026, 10, 31)},
    "HH": {date(2026, 10, 31)},
    "HE": {date(2026, 6, 4)},
    "MV": {date(2026, 3, 8), date(2026, 10, 31)},
    "NI": {date(2026, 10, 31)},
    "NW": {date(2026, 6, 4), date(2026, 11, 1)},
    "RP": {date(2026, 6, 4), date(2026, 11, 1)},
    "SL": {date(2026, 6, 4), date(2026, 8, 15), date(2026, 11, 1)},
    "SN": {date(2026, 10, 31), date(2026, 11, 18)},
    "ST": {date(2026, 1, 6), date(2026, 10, 31)},
    "SH": {date(2026, 10, 31)},
    "TH": {date(2026, 9, 20), date(2026, 10, 31)},
}  # fmt: skip


@pytest.mark.parametrize("land", ["", *LAENDER])
def test_each_lands_holidays_are_those_of_the_law(land: str) -> None:
    """Sixteen laws, one wrong day in any of them and customers are told that somebody is there who is not."""
    sundays = (
        {date(2026, 4, 5), date(2026, 5, 24)} if land == "HE" else set()
    )  # the library counts Hesse's, some do not
    found = set(GermanHolidays().days(land, "", (2026,)))
    assert found - sundays == KNOWN[""] | (KNOWN[land] - sundays)


@pytest.mark.parametrize(
    ("land", "region", "day"),
    [
        ("BY", "augsburg", date(2026, 8, 8)),
        ("BY", "catholic", date(2026, 8, 15)),
        ("SN", "catholic", date(2026, 6, 4)),
        ("TH", "catholic", date(2026, 6, 4)),
    ],
)
def test_parts_of_a_land_keep_days_of_their_own(land: str, region: str, day: date) -> None:
    """In Augsburg 8 August is a holiday and in Munich it is not; the company says where it is."""
    known = GermanHolidays()
    assert day in known.days(land, region, (2026,))
    assert day not in known.days(land, "", (2026,))


# --- telephone numbers and calendar files ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0821 324-0", "+498213240"),
        ("+43 1 58858", "+43158858"),
        ("0176 / 04069012", "+4917604069012"),
        ("(030) 12345678", "+493012345678"),
    ],
)
def test_numbers_are_understood_as_people_write_them(text: str, number: str) -> None:
    """Blanks, brackets and strokes are how numbers are written; Austria is as good as Germany."""
    assert GermanPhoneNumbers().normal(text) == number


@pytest.mark.parametrize(
    "text", ["", "110", "0900 1234567", "12", "Anna", "+49 1", "0" * 50, "0821-", "tel:;ext=1"]
)
def test_no_number_is_refused_and_dear_ones_too(text: str) -> None:
    """A wish to be called must not make the company dial a number that costs two euros a minute, or the police."""
    with pytest.raises(Refused, match=r"callback\.phone"):
        GermanPhoneNumbers().normal(text)


def test_a_calendar_file_reads_back() -> None:
    """Another program's reader must find the appointment; a line that somebody smuggles into a text stays text."""
    evil = "Gespräch\r\nATTACH:https://boese.example"
    made = ICalendarFiles().write(
        Appointment(
            "c-1@taktvoll",
            NOW,
            NOW + 30 * MINUTE,
            NOW,
            evil,
            "Zeile 1\nZeile 2, mehr; Ende",
            "",
            "Europe/Berlin",
        )
    )
    event = next(iter(CalendarFile.from_ical(made).walk("VEVENT")))
    assert event.decoded("dtstart") == NOW
    assert event["uid"] == "c-1@taktvoll"
    assert "ATTACH" not in event
    assert event["description"] == "Zeile 1\nZeile 2, mehr; Ende"
