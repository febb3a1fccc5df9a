"""Calls that are near, overdue, moved or called off, and the customer's reminder, by an own clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar as CalendarFile

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.base.time import parse_time
from taktvoll.domain.conversation.ports import Change, Decided
from taktvoll.domain.conversation.terms import Call, OwnerKind, Told
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.arrange_call import make_appointment, wish_call
from taktvoll.flows.confirm_address import ask_for_code, confirm_code
from taktvoll.flows.deliver import deliver
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import calendar_file, near_calls, open_calls
from taktvoll.flows.read_conversation import read_conversation
from taktvoll.flows.read_waiting import offers_of
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.remind_of_calls import announce_calls, remind_customers
from taktvoll.flows.set_hours import set_hours
from taktvoll.flows.settle_call import cancel_call, move_appointment, move_own_appointment, settle_call
from taktvoll.flows.snooze_conversation import snooze_conversation
from taktvoll.flows.take_over import take_over
from tests.contract.letters import answering, letter
from tests.contract.mailserver import Taken, good_server
from tests.contract.posts import OUT, Post, post_of, sending_town

EVA = "eva@kundin.example"
WEEK = "".join(f"{d} = '00:00-24:00'\n" for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
HOURS = f"zone = 'UTC'\n[week]\n{WEEK}[appointment]\nvideo = 'https://video.firma.example/{{token}}'\n"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ABOUT = ("announced", "passed", "moved", "reminded", "cancelled")


@dataclass(frozen=True)
class Desk:
    """A house that offers appointments and sends mail to a server beside it."""

    post: Post
    taken: Taken

    @property
    def house(self) -> House:
        """The house."""
        return self.post.town.house

    @property
    def agent(self) -> Staff:
        """An agent."""
        return self.post.town.staff[0]

    async def waiting(self) -> ConversationId:
        """A visitor of the chat who wants a person."""
        town = self.post.town
        talk = ConversationId(uuid7(town.clock.now()))
        await receive_message(
            self.house,
            Incoming(account=town.place.account, conversation=talk, provider_id=str(talk), text=None, language="de"),
        )  # fmt: skip
        return talk

    async def proven(self, talk: ConversationId) -> None:
        """They prove an address."""
        place = self.post.town.place.id
        await ask_for_code(self.house, place, talk, EVA)
        await deliver(self.house, place)
        body = self.taken.mails[-1].get_body(("plain",))
        assert body is not None
        code = next(word for word in body.get_content().split() if word.isdigit() and len(word) == 6)
        await confirm_code(self.house, place, talk, code)

    async def slots(self, talk: ConversationId) -> list[str]:
        """When an appointment may begin."""
        state = (await self.house.record.access(self.post.town.place.id, talk)).state
        return [
            t["since"] for t in (await offers_of(self.house, self.post.town.place.id, state))["appointment"]
        ]

    async def appointment(self, talk: ConversationId, at: int = -1, wish: str = "video") -> Call:
        """They take one of the times that are offered."""
        since = (await self.slots(talk))[at]
        state = await wish_call(
            self.house, self.post.town.place.id, talk, wish, since, "0821 3240", f"w-{talk}"
        )
        return state.calls[0]

    async def call(self, talk: ConversationId) -> Call | None:
        """The call as the record has it, the chain being sound."""
        calls = (await self.post.sound(talk)).calls
        return calls[0] if calls else None

    async def kinds(self, talk: ConversationId) -> list[str]:
        """What happened to the call."""
        found = [e.kind.partition(".")[2] for e in await self.post.events(talk)]
        return [kind for kind in found if kind in ABOUT]

    async def round(self, at: datetime) -> None:
        """The worker's jobs at a time."""
        self.post.town.clock.at = at
        place = self.post.town.place.id
        await announce_calls(self.house, place)
        await remind_customers(self.house, place)
        await deliver(self.house, place)


@pytest.fixture
async def desk(pool: Pool, tmp_path: Path) -> AsyncIterator[Desk]:
    """A house with hours and a mailbox whose server takes everything, in which nobody dies."""
    town = await sending_town(pool, tmp_path)
    await set_hours(town.house, town.place.id, HOURS, "anna")
    async with good_server() as (port, taken):
        out = {**OUT, "port": port, "address": f"service@{town.place.workspace.name}.example"}
        yield Desk(await post_of(town, outgoing=out), taken)
    town.close()


def _calendar(taken: Taken) -> object:
    """The appointment in the last mail's calendar file."""
    parts = [p for p in taken.mails[-1].walk() if p.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    raw = parts[0].get_payload(decode=True)
    assert isinstance(raw, bytes)
    return next(iter(CalendarFile.from_ical(raw).walk("VEVENT")))


async def test_a_near_call_is_announced_once_to_whom_it_concerns(desk: Desk) -> None:
    """B1: people hear of a call ten minutes before: its owner alone, else everybody of the queue; never twice."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    call = await desk.appointment(talk)
    await desk.round(call.since - 11 * MINUTE)
    assert await desk.kinds(talk) == []
    await desk.round(call.since - 10 * MINUTE)
    await asyncio.gather(*(announce_calls(desk.house, place) for _ in range(3)))
    assert await desk.kinds(talk) == ["announced"]
    other = desk.post.town.staff[1]
    for staff in (desk.agent, other):
        (near,) = await near_calls(desk.house, staff, ())
        assert (near.conversation, near.call.since) == (talk, call.since)
        assert "video.firma.example" in str(near.content)
    assert await near_calls(desk.house, other, ("billing",)) == ()
    await take_over(desk.house, desk.agent, talk)
    assert await near_calls(desk.house, other, ()) == ()
    assert len(await near_calls(desk.house, desk.agent, ())) == 1


async def test_a_call_that_passes_without_outcome_is_overdue_and_comes_first(desk: Desk) -> None:
    """What nobody did must not slide down a list: it stands on top until somebody says how it went."""
    late, later = await desk.waiting(), await desk.waiting()
    one = await desk.appointment(late, 0)
    await desk.appointment(later, -1)
    early = await desk.waiting()
    await desk.round(one.until - MINUTE)
    assert [c.conversation for c in await open_calls(desk.house, desk.agent)] == [late, later]
    await desk.round(one.until)
    await desk.round(one.until + HOUR)
    assert await desk.kinds(late) == ["announced", "passed"]
    first = (await desk.slots(early))[0]
    wished = await wish_call(desk.house, desk.post.town.place.id, early, "phone", first, "0821 3240", "w")
    assert wished.calls[0].told is Told.NOTHING
    assert [c.conversation for c in await open_calls(desk.house, desk.agent)] == [late, early, later]
    assert late not in [c.conversation for c in await near_calls(desk.house, desk.agent, ())]
    await settle_call(desk.house, desk.agent, late, one.seq, "missed")
    assert late not in [c.conversation for c in await open_calls(desk.house, desk.agent)]


async def test_the_customer_is_reminded_once_the_day_before(desk: Desk) -> None:
    """B1: a proven address gets one mail, a day before, with the time by its date and a file for the calendar."""
    talk = await desk.waiting()
    await desk.proven(talk)
    before = len(desk.taken.raw)
    call = await desk.appointment(talk)
    await desk.round(call.since - 25 * HOUR)
    assert len(desk.taken.raw) == before
    for hours in (24, 23, 1):
        await desk.round(call.since - hours * HOUR)
    assert await desk.kinds(talk) == ["reminded"]
    assert len(desk.taken.raw) == before + 1
    mail = desk.taken.mails[-1]
    assert desk.taken.recipients[-1] == EVA
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert str(mail["Subject"]) == "Erinnerung an Ihren Termin"
    assert "Ihr Termin für ein Videogespräch ist am" in said
    assert f"{call.since.day}. " in said
    assert "morgen" not in said
    assert "KI" not in said
    event = _calendar(desk.taken)
    assert event.decoded("dtstart") == call.since  # type: ignore[attr-defined]
    assert EVA not in str([e.payload for e in await desk.post.events(talk)])
    assert EVA not in str(await read_conversation(desk.house, desk.post.town.place.id, talk))


async def test_an_answer_to_the_reminder_comes_into_the_conversation(desk: Desk) -> None:
    """The mail says that one may answer it: then the answer must reach those who have the appointment."""
    talk = await desk.waiting()
    await desk.proven(talk)
    call = await desk.appointment(talk)
    await desk.round(call.since - 24 * HOUR)
    reply = answering(str(desk.taken.mails[-1]["Message-ID"]))
    posted = await desk.post.take(letter("Ich komme später.", sender=f"Eva <{EVA}>", headers=reply))
    assert posted.conversation == talk


@pytest.mark.parametrize("end", ["cancelled", "moved"])
async def test_a_reminder_that_waits_never_leaves_for_what_is_off(desk: Desk, end: str) -> None:
    """The mail server was away for hours: what was called off or moved meanwhile must not be called to mind."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    await desk.proven(talk)
    call = await desk.appointment(talk)
    desk.post.town.clock.at = call.since - 24 * HOUR
    assert await remind_customers(desk.house, place) == 1
    before = len(desk.taken.raw)
    later = desk.house.now() + 9 * HOUR
    await snooze_conversation(desk.house, desk.agent, talk, later)
    if end == "cancelled":
        await cancel_call(desk.house, place, talk, call.seq)
    else:
        await move_own_appointment(desk.house, place, talk, call.seq, (await desk.slots(talk))[2])
    await deliver(desk.house, place)
    assert len(desk.taken.raw) == before
    failed = [e for e in await desk.post.events(talk) if e.kind == "delivery.failed"]
    assert [(e.payload["about"], e.payload["because"]) for e in failed] == [("reminder", "outdated")]
    state = await desk.post.sound(talk)
    assert (state.owner.kind, state.snoozed_until) == (OwnerKind.QUEUE, later), "nobody need look at it"


async def test_no_reminder_for_who_has_just_chosen_or_proven_nothing(desk: Desk) -> None:
    """Whoever chose a time for today has read it just now; and without an address of theirs there is no way."""
    soon, nobody = await desk.waiting(), await desk.waiting()
    await desk.proven(soon)
    call = await desk.appointment(soon, 0)
    far = await desk.appointment(nobody)
    for at in sorted((call.since - MINUTE, far.since - 24 * HOUR, far.since - HOUR)):
        await desk.round(at)
    assert "reminded" not in await desk.kinds(soon) + await desk.kinds(nobody)


async def test_a_moved_appointment_is_told_anew_and_gives_its_old_place_back(desk: Desk) -> None:
    """Another time is another promise: everybody is reminded of it, and others may have the old one."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    await desk.proven(talk)
    call = await desk.appointment(talk, -2)
    await desk.round(call.since - 24 * HOUR)
    await desk.round(call.since - 10 * MINUTE)
    assert await desk.kinds(talk) == ["reminded", "announced"]
    free = await desk.slots(talk)
    moved = await move_own_appointment(desk.house, place, talk, call.seq, free[-1])
    assert (moved.calls[0].since, moved.calls[0].moves) == (parse_time(free[-1]), 1)
    assert "verlegt" in str((await read_conversation(desk.house, place, talk)).messages[-1]["text"])
    assert await desk.house.hours.taken(place, desk.house.now()) == {moved.calls[0].since: 1}
    await desk.round(moved.calls[0].since - 24 * HOUR)
    await desk.round(moved.calls[0].since - 10 * MINUTE)
    assert await desk.kinds(talk) == ["reminded", "announced", "moved", "reminded", "announced"]
    file = CalendarFile.from_ical(await calendar_file(desk.house, place, talk, call.seq))
    event = next(iter(file.walk("VEVENT")))
    assert (event.decoded("dtstart"), int(str(event["sequence"]))) == (moved.calls[0].since, 1)


async def test_a_person_moves_and_calls_off_and_the_customer_reads_it(desk: Desk) -> None:
    """B1: both can be done at the desk, by whoever has the conversation, as words of theirs."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    call = await desk.appointment(talk)
    with pytest.raises(Refused, match=r"owner\.not_you"):
        await move_appointment(desk.house, desk.agent, talk, call.seq, (await desk.slots(talk))[0])
    await take_over(desk.house, desk.agent, talk)
    await move_appointment(desk.house, desk.agent, talk, call.seq, (await desk.slots(talk))[0])
    said = (await read_conversation(desk.house, place, talk)).messages[-1]
    assert (said["author"], said["name"]) == ("person", desk.agent.name)
    assert "verlegt" in str(said["text"])
    await settle_call(desk.house, desk.agent, talk, call.seq, "cancelled")
    said = (await read_conversation(desk.house, place, talk)).messages[-1]
    assert (said["author"], "abgesagt" in str(said["text"])) == ("person", True)
    assert await desk.call(talk) is None
    assert await desk.house.hours.taken(place, desk.house.now()) == {}


async def test_of_two_who_move_at_once_one_wins_and_no_place_is_lost(desk: Desk) -> None:
    """Customer and agent reach for it in the same moment: one time holds, and one place is taken."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    call = await desk.appointment(talk)
    await take_over(desk.house, desk.agent, talk)
    slots = await desk.slots(talk)
    crowded = _crowded(desk.house, lambda: move_own_appointment(desk.house, place, talk, call.seq, slots[1]))
    with pytest.raises(Refused, match=r"callback\.unknown"):
        await move_appointment(crowded, desk.agent, talk, call.seq, slots[2])
    now = await desk.call(talk)
    assert now is not None
    assert await desk.house.hours.taken(place, desk.house.now()) == {now.since: 1}


async def test_an_appointment_told_by_mail_brings_its_calendar_file(desk: Desk) -> None:
    """Who is written to by mail has no button for the calendar: the confirmation brings the file along."""
    posted = await desk.post.take(letter("Ich möchte mit einem Menschen sprechen.", sender=f"Eva <{EVA}>"))
    await take_over(desk.house, desk.agent, posted.conversation)
    since = (await desk.slots(posted.conversation))[-1]
    await make_appointment(desk.house, desk.agent, posted.conversation, "phone", since, "0821 3240")
    await deliver(desk.house, desk.post.town.place.id)
    event = _calendar(desk.taken)
    assert event.decoded("dtstart") == parse_time(since)  # type: ignore[attr-defined]


class Dying:
    """The record of a process that is killed around a commit: before it, or after it and before anybody heard."""

    def __init__(self, real: object, after: bool) -> None:
        self._real, self._after = real, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    async def decide(self, change: Change) -> Decided:
        """Die before or after."""
        if self._after:
            await self._real.decide(change)  # type: ignore[attr-defined]
        raise Unavailable("database.unreachable", 1)


@pytest.mark.parametrize("after", [False, True])
async def test_whoever_is_killed_over_it_reminds_exactly_once(desk: Desk, after: bool) -> None:
    """Event and outbox row are one commit: a process that dies before it or after it loses and doubles nothing."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    await desk.proven(talk)
    call = await desk.appointment(talk)
    before = len(desk.taken.raw)
    desk.post.town.clock.at = call.since - 24 * HOUR
    dying = replace(desk.house, record=Dying(desk.house.record, after))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await remind_customers(dying, place)
    await asyncio.gather(*(remind_customers(desk.house, place) for _ in range(3)))
    await asyncio.gather(*(deliver(desk.house, place) for _ in range(3)))
    assert len(desk.taken.raw) == before + 1
    desk.post.town.clock.at = call.since - 10 * MINUTE
    with pytest.raises(Unavailable):
        await announce_calls(dying, place)
    await asyncio.gather(*(announce_calls(desk.house, place) for _ in range(3)))
    assert await desk.kinds(talk) == ["reminded", "announced"]


class Between:
    """The record, when somebody else is quicker by a hair: something happens right before the first commit."""

    def __init__(self, real: object, happens: Callable[[], Awaitable[object]]) -> None:
        self._real, self._happens, self._done = real, happens, False

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    async def decide(self, change: Change) -> Decided:
        """Let the other come first, once."""
        if not self._done:
            self._done = True
            await self._happens()
        decided: Decided = await self._real.decide(change)  # type: ignore[attr-defined]
        return decided


def _crowded(house: House, happens: Callable[[], Awaitable[object]]) -> House:
    return replace(house, record=Between(house.record, happens))  # type: ignore[arg-type]


async def test_what_was_moved_in_the_same_moment_is_not_called_off_by_its_old_time(desk: Desk) -> None:
    """The customer would read that a time is off which they have left; whoever calls off looks first."""
    talk, place = await desk.waiting(), desk.post.town.place.id
    call = await desk.appointment(talk)
    await take_over(desk.house, desk.agent, talk)
    free = (await desk.slots(talk))[1]
    crowded = _crowded(desk.house, lambda: move_own_appointment(desk.house, place, talk, call.seq, free))
    with pytest.raises(Refused, match=r"callback\.unknown"):
        await settle_call(crowded, desk.agent, talk, call.seq, "cancelled")
    now = await desk.call(talk)
    assert now is not None
    assert now.since == parse_time(free)
    assert await desk.house.hours.taken(place, desk.house.now()) == {now.since: 1}


async def test_those_who_need_no_reminder_keep_nobody_waiting_for_theirs(desk: Desk) -> None:
    """A busy house has more calls made for today than one round reads: they must not stand before those to remind."""
    day = 24 * HOUR
    soon, far = await desk.waiting(), await desk.waiting()
    await desk.proven(far)
    call = await desk.appointment(far)
    desk.post.town.clock.at = call.since - day
    await desk.proven(soon)
    await desk.appointment(soon, 0)
    now = desk.house.now()
    (found,) = await desk.house.hours.unreminded(desk.post.town.place.id, now, now + day, 1)
    assert found.conversation == far


async def test_an_appointment_that_an_older_program_wrote_is_reminded_of_too(desk: Desk, raw: Any) -> None:
    """Who updates the program has appointments already: their snapshots say nothing of when they were made."""
    talk = await desk.waiting()
    await desk.proven(talk)
    call = await desk.appointment(talk)
    await raw.execute(
        "update conversation set snapshot = snapshot || jsonb_build_object('schema', 6, 'calls',"
        " jsonb_build_array((snapshot -> 'calls' -> 0) - 8 - 7 - 6 - 5)) where id = $1",
        talk,
    )
    await desk.round(call.since - 24 * HOUR)
    assert await desk.kinds(talk) == ["reminded"]
