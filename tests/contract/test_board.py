"""What the port Board promises, held against PostgreSQL: the order of work, pages, counts, mentions, figures."""

import asyncio
from contextvars import Context
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from taktvoll.adapters.postgres.board import PostgresBoard
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, StaffId, uuid7
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.board import Asked, Row, View
from taktvoll.domain.conversation.ports import COMMAND, DecideStatus
from taktvoll.domain.conversation.terms import NewEvent, PersonalText, State
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.people.terms import Role, Staff
from tests.contract.conftest import NOW, Place, change, closed, talk, wrote

Event = tuple[str, dict[str, object]]


@pytest.fixture
def board(place: Place) -> PostgresBoard:
    """Give the board over the place's pool."""
    return PostgresBoard(place.pool)


async def someone(place: Place, name: str = "Jana") -> Staff:
    """A member of staff."""
    return await place.directory.add_staff(place.id, f"{name}@auental.example", name, Role.AGENT, "x", NOW)


async def happen(
    place: Place, conversation: ConversationId, state: State, *events: Event, at: datetime = NOW
) -> State:
    """Append events as the flows do, and give the state after them."""
    made = [
        NewEvent(k, at, "staff:s", p, text=PersonalText('{"text":"intern"}') if k == "note.written" else None)
        for k, p in events
    ]
    guards: dict[str, Any] = {"expect_customer_seq": None, "turn": None, "at": at}
    done = change(place, conversation, state, *made, **guards)
    assert (await place.record.decide(done)).status == "ok"
    return done.state


def handed(state: State, queue: str = "service") -> Event:
    """To a queue."""
    return "conversation.handed_over", {"epoch": state.owner_epoch + 1, "from": "assistant", "queue": queue}


def given(state: State, staff: Staff) -> Event:
    """To a person."""
    to = ["person", str(staff.id)]
    return "conversation.assigned", {"epoch": state.owner_epoch + 1, "from": ["queue", "x"], "to": to}


def needed(reason: str, urgency: str) -> Event:
    """Decided that a person is needed."""
    return "answer.decided", {
        "choices": [], "customer_seq": 2, "decision": "handover", "handover": reason, "urgency": urgency,
    }  # fmt: skip


async def waiting(
    place: Place, *more: Event, minute: int = 0, queue: str = "service"
) -> tuple[ConversationId, State]:
    """A conversation that waits in a queue since so many minutes after NOW."""
    one, at = talk(), NOW + timedelta(minutes=minute)
    accepted = await place.record.accept(wrote(place, one, str(one), at=at))
    state = await happen(place, one, accepted.state, *more, handed(accepted.state, queue), at=at)
    return one, state


async def seen(
    board: PostgresBoard, place: Place, view: View, me: StaffId, **more: Any
) -> list[ConversationId]:
    """What a view shows."""
    rows = await board.rows(place.id, Asked(view=view, me=me, **more))
    return [r.id for r in rows]


async def test_the_desk_sees_who_waits(place: Place, board: PostgresBoard) -> None:
    """The last words and whose they were; the assistant's own conversations do not appear."""
    one, _ = await waiting(place)
    await place.record.accept(wrote(place, talk(), "m2"))
    (row,) = await board.rows(place.id, Asked(view=View.WAITING, me=StaffId(uuid7(NOW))))
    assert (row.id, row.owner_kind, row.owner_id, row.last_author) == (one, "queue", "service", "customer")
    assert (row.queue, text_of_json(row.last_text), row.waiting_since) == (
        "service",
        "Wo ist mein Zähler?",
        NOW,
    )


async def test_the_house_s_own_questions_wait_for_nobody(place: Place, board: PostgresBoard) -> None:
    """An evaluation hands over hundreds of made-up emergencies; between real ones at the desk they would do harm."""
    own = replace(place, account=await place.directory.account(place.id, COMMAND, "ask"))
    queued, me = talk(), (await someone(place)).id
    accepted = await place.record.accept(wrote(own, queued, "m1", "Bitte ein Mensch"))
    await happen(own, queued, accepted.state, handed(accepted.state))
    assert await seen(board, place, View.WAITING, me) == []
    assert set((await board.counts(place.id, me, (), ("service",))).views.values()) == {0}


async def test_what_cannot_wait_stands_first(place: Place, board: PostgresBoard, raw: Any) -> None:
    """Gas before anger before a bill; within one urgency the target that passes first, then the longest waiting."""
    me = (await someone(place)).id
    bill, _ = await waiting(place, minute=0)
    fraud, _ = await waiting(place, needed("fraud", "high"), minute=3)
    gas, _ = await waiting(place, needed("emergency_gas", "critical"), minute=2)
    anger, _ = await waiting(place, needed("anger", "high"), minute=1)
    due, _ = await waiting(place, minute=4)
    await raw.execute("update conversation set target_at = $2 where id = $1", due, NOW + timedelta(minutes=5))
    rows = await board.rows(place.id, Asked(view=View.WAITING, me=me))
    assert [r.id for r in rows] == [gas, anger, fraud, due, bill]
    assert [(r.urgency, r.reason) for r in rows][:2] == [("critical", "emergency_gas"), ("high", "anger")]
    assert (rows[-1].reason, rows[3].target_at) == (None, NOW + timedelta(minutes=5))


@pytest.mark.parametrize("view", [View.WAITING, View.OPEN, View.MINE, View.SNOOZED, View.MENTIONED])
async def test_pages_follow_one_another_without_gap(place: Place, board: PostgresBoard, view: View) -> None:
    """A conversation that falls between two pages is never answered."""
    jana = await someone(place)
    talks = []
    for minute in (3, 1, 2, 0, 4):
        kinds = [needed("anger", "high")] if minute % 2 else []
        one, state = await waiting(place, *kinds, minute=minute)
        talks.append(one)
        at = NOW + timedelta(minutes=minute)
        if view is View.MINE:
            await happen(place, one, state, given(state, jana))
        if view is View.SNOOZED:
            await happen(
                place, one, state, ("conversation.snoozed", {"until": at.isoformat().replace("+00:00", "Z")})
            )
        if view is View.MENTIONED:
            await happen(place, one, state, ("note.written", {"mentions": [str(jana.id)]}), at=at)
    whole = await board.rows(place.id, Asked(view=view, me=jana.id))
    assert sorted(r.id for r in whole) == sorted(talks)
    paged: list[Row] = []
    while page := await board.rows(
        place.id, Asked(view=view, me=jana.id, limit=2, after=paged[-1].cursor if paged else None)
    ):
        paged += page
    assert [r.id for r in paged] == [r.id for r in whole]


async def test_views_show_what_they_say(place: Place, board: PostgresBoard) -> None:
    """Mine is mine, others' is others', and what is put off is out of the way until it comes back."""
    jana, emre = await someone(place), await someone(place, "Emre")
    free, _ = await waiting(place)
    tech, _ = await waiting(place, queue="technik")
    mine, state = await waiting(place)
    await happen(place, mine, state, given(state, jana))
    his, state = await waiting(place)
    await happen(place, his, state, given(state, emre))
    later, state = await waiting(place)
    state = await happen(
        place, later, state, ("conversation.snoozed", {"until": "2026-11-03T08:00:00.000000Z"})
    )

    assert set(await seen(board, place, View.WAITING, jana.id)) == {free, tech}
    assert await seen(board, place, View.WAITING, jana.id, queues=("technik",)) == [tech]
    assert await seen(board, place, View.WAITING, jana.id, queue="technik") == [tech]
    assert await seen(board, place, View.MINE, jana.id) == [mine]
    assert await seen(board, place, View.OTHERS, jana.id) == [his]
    assert set(await seen(board, place, View.OPEN, jana.id)) == {free, tech, mine, his}
    assert set(await seen(board, place, View.OPEN, jana.id, queue="service")) == {free, mine, his}
    assert await seen(board, place, View.SNOOZED, jana.id) == [later]
    counts = await board.counts(place.id, jana.id, ("technik",), ("service", "technik", "leer"))
    assert dict(counts.views) == {
        View.WAITING: 1, View.MINE: 1, View.OTHERS: 1, View.OPEN: 4, View.SNOOZED: 1, View.MENTIONED: 0,
    }  # fmt: skip
    assert counts.queues == {"service": 1, "technik": 1, "leer": 0}

    woken = await place.record.accept(wrote(place, later, "again", at=NOW + timedelta(hours=1)))
    assert woken.state.snoozed_until is None
    assert later in await seen(board, place, View.WAITING, jana.id)
    kinds = [e.kind for e in await place.record.events(place.id, later)]
    assert kinds[-2:] == ["conversation.woken", "message.received"]


async def test_a_person_s_answer_ends_the_waiting_and_the_assistant_s_does_not(
    place: Place, board: PostgresBoard
) -> None:
    """The clock of a customer in a queue must run on while the assistant says that someone will come (B2)."""
    jana = await someone(place)
    one, state = await waiting(place)
    said: dict[str, object] = {"author": "assistant", "channel": "webchat", "notice": "1"}
    state = await happen(place, one, state, ("message.released", said))
    (row,) = await board.rows(place.id, Asked(view=View.WAITING, me=jana.id))
    assert row.waiting_since == NOW
    state = await happen(place, one, state, given(state, jana))
    await happen(place, one, state, ("message.released", said | {"author": "person", "notice": None}))
    (row,) = await board.rows(place.id, Asked(view=View.MINE, me=jana.id))
    assert row.waiting_since is None


async def test_due_are_those_whose_time_has_come(place: Place, board: PostgresBoard) -> None:
    """The worker must wake what is due and nothing else."""
    for hour in (8, 9):
        one, state = await waiting(place)
        await happen(
            place, one, state, ("conversation.snoozed", {"until": f"2026-11-03T0{hour}:00:00.000000Z"})
        )
    eight = datetime.fromisoformat("2026-11-03T08:00:00Z")
    assert await board.due(place.id, eight - timedelta(seconds=1), 10) == ()
    assert len(await board.due(place.id, eight, 10)) == 1
    assert len(await board.due(place.id, eight + timedelta(hours=2), 10)) == 2
    assert len(await board.due(place.id, eight + timedelta(hours=2), 1)) == 1


async def test_mentions_wait_until_they_are_seen(place: Place, board: PostgresBoard) -> None:
    """Whoever is asked something must find it, once, also in a conversation of the assistant; a new note asks anew."""
    jana, emre = await someone(place), await someone(place, "Emre")
    one = talk()
    accepted = await place.record.accept(wrote(place, one, "m1"))
    note: Event = ("note.written", {"mentions": [str(jana.id)]})
    state = await happen(place, one, accepted.state, note, note)

    async def unseen(who: Staff) -> int:
        return (await board.counts(place.id, who.id, (), ())).views[View.MENTIONED]

    assert (await unseen(jana), await unseen(emre)) == (1, 0)
    (row,) = await board.rows(place.id, Asked(view=View.MENTIONED, me=jana.id))
    assert (row.id, row.unseen) == (one, True)
    assert not await board.seen(place.id, emre.id, one, NOW)
    assert await board.seen(place.id, jana.id, one, NOW)
    assert not await board.seen(place.id, jana.id, one, NOW)
    (row,) = await board.rows(place.id, Asked(view=View.MENTIONED, me=jana.id))
    assert (await unseen(jana), row.unseen) == (0, False)
    await happen(place, one, state, note)
    assert await unseen(jana) == 1


async def test_a_note_invalidates_no_draft(place: Place) -> None:
    """A colleague's note in the middle of a turn must not cost the customer an answer (contracts.md)."""
    one = talk()
    accepted = await place.record.accept(wrote(place, one, "m1"))
    await happen(place, one, accepted.state, ("note.written", {"mentions": []}))
    assert accepted.state.last_seq == 2
    await happen(place, one, accepted.state, ("tag.added", {"tag": "vip"}))
    stored = await place.record.access(place.id, one)
    assert (stored.state.last_seq, stored.state.tags) == (4, ("vip",))


async def test_a_call_stands_where_its_state_says(place: Place) -> None:
    """A call goes by the place of its event; if a receipt moved that, nobody could settle or cancel the call."""
    one = talk()
    accepted = await place.record.accept(wrote(place, one, "m1"))
    await happen(place, one, accepted.state, ("note.written", {"mentions": []}))
    window: dict[str, object] = {"window": [rfc3339(NOW), rfc3339(NOW + timedelta(hours=2))]}
    wished = NewEvent("callback.wished", NOW, "customer", window)
    guards: dict[str, Any] = {"expect_customer_seq": None, "turn": None, "at": NOW}
    late = await place.record.decide(change(place, one, accepted.state, wished, **guards))
    assert late.status is DecideStatus.STATE_CHANGED
    newest = (await place.record.access(place.id, one)).state
    again = await place.record.decide(change(place, one, newest, wished, **guards))
    (call,) = (await place.record.access(place.id, one)).state.calls
    assert [call.seq] == [e.seq for e in again.events]


async def test_conversations_are_found_by_tag(place: Place, board: PostgresBoard) -> None:
    """A tag taken off must no longer find; the list of tags stays for others to use."""
    jana = await someone(place)
    one, state = await waiting(place)
    await waiting(place)
    state = await happen(place, one, state, ("tag.added", {"tag": "vip"}), ("tag.added", {"tag": "anruf"}))
    (row,) = await board.rows(place.id, Asked(view=View.OPEN, me=jana.id, tag="vip"))
    assert (row.id, row.tags) == (one, ("anruf", "vip"))
    await happen(place, one, state, ("tag.removed", {"tag": "vip"}))
    assert await seen(board, place, View.OPEN, jana.id, tag="vip") == []
    assert await seen(board, place, View.OPEN, jana.id, tag="anruf") == [one]
    for tag in ("vip", "anruf", "vip"):
        await board.keep_tag(place.id, tag, "staff:s", NOW)
    assert await board.tags(place.id) == ("anruf", "vip")


async def test_skills_are_kept(place: Place, board: PostgresBoard) -> None:
    """Who serves what; none again means all."""
    jana = await someone(place)
    await board.set_skills(place.id, jana.id, ("technik", "service", "technik"))
    assert await board.skills(place.id) == {jana.id: ("service", "technik")}
    await board.set_skills(place.id, jana.id, ())
    assert await board.skills(place.id) == {}


async def test_the_lead_sees_load_and_separate_clocks(place: Place, board: PostgresBoard, raw: Any) -> None:
    """Medians that mix the assistant's second with people's hour would hide that nobody answers (B2)."""
    jana = await someone(place)

    def at(minutes: float) -> datetime:
        return NOW + timedelta(minutes=minutes)

    by_ai = talk()
    accepted = await place.record.accept(wrote(place, by_ai, "a", at=at(0)))
    said: dict[str, object] = {"author": "assistant", "channel": "webchat", "notice": "1"}
    await happen(place, by_ai, accepted.state, ("message.released", said), at=at(0.1))
    free, _ = await waiting(place, minute=1)
    mine, state = await waiting(place, minute=2)
    state = await happen(place, mine, state, given(state, jana), at=at(3))
    person = ("message.released", said | {"author": "person", "notice": None})
    state = await happen(place, mine, state, person, at=at(12))
    asleep, state_asleep = await waiting(place, minute=4)
    state_asleep = await happen(place, asleep, state_asleep, given(state_asleep, jana), at=at(4))
    await happen(
        place, asleep, state_asleep, ("conversation.snoozed", {"until": "2026-11-03T08:00:00.000000Z"})
    )
    done, state_done = await waiting(place, minute=5)
    await happen(place, done, state_done, ("conversation.closed", dict(closed(state_done).payload)), at=at(6))
    await raw.execute("update conversation set target_at = $2 where id = $1", free, at(2))

    team = await board.team(place.id, NOW - timedelta(hours=1), at(20))
    (load,) = team.people
    assert (load.staff, load.open, load.waiting, load.snoozed, load.longest_since) == (jana.id, 1, 0, 1, None)
    (queue,) = team.queues
    assert (queue.queue, queue.waiting, queue.breached, queue.longest_since) == ("service", 1, 1, at(1))
    day = team.day
    assert (day.asked, day.by_ai, day.closed, day.handed, day.unanswered) == (5, 1, 1, 4, 2)
    assert day.ai_s == pytest.approx(6)
    assert day.person_s == pytest.approx(600)
    nothing = await board.team(place.id, at(60), at(61))
    assert (nothing.day.asked, nothing.day.ai_s, nothing.day.person_s) == (0, None, None)


async def test_another_workspace_s_work_is_not_there(place: Place, other: Place) -> None:
    """Counts and figures of a neighbour are theirs, too."""
    one, state = await waiting(place)
    jana = await someone(place)
    await happen(
        place, one, state, ("note.written", {"mentions": [str(jana.id)]}), ("tag.added", {"tag": "vip"})
    )
    theirs = PostgresBoard(other.pool)
    for view in View:
        assert await seen(theirs, other, view, jana.id) == []
    assert set((await theirs.counts(other.id, jana.id, (), ("service",))).views.values()) == {0}
    assert not await theirs.seen(other.id, jana.id, one, NOW)
    team = await theirs.team(other.id, NOW - timedelta(hours=1), NOW)
    assert (team.people, team.queues, team.day.asked) == ((), (), 0)


async def test_a_page_reads_in_one_transaction(place: Place, board: PostgresBoard) -> None:
    """Dozens of small reads that each begin and end one of their own cost more than what they read."""
    async with board.joined(place.id):
        assert await transaction(place, "one") == await transaction(place, "two")
    assert await transaction(place, "one") != await transaction(place, "two")


async def test_what_a_page_asks_twice_is_looked_up_once(place: Place, board: PostgresBoard) -> None:
    """Queue, conversation and tools of one page all want the same names; the next page sees what is new."""
    async with board.joined(place.id):
        assert await board.tags(place.id) == ()
        async with asyncio.timeout(10):
            await asyncio.create_task(board.keep_tag(place.id, "neu", "staff:s", NOW), context=Context())
        assert await board.tags(place.id) == ()
    assert await board.tags(place.id) == ("neu",)


async def test_a_joined_read_stays_within_its_workspace(
    place: Place, other: Place, board: PostgresBoard
) -> None:
    """What is asked of another workspace within the block must not be answered from this one."""
    await board.keep_tag(other.id, "fremd", "staff:s", NOW)
    async with board.joined(place.id):
        assert await board.tags(place.id) == ()
        assert await PostgresBoard(place.pool).tags(other.id) == ("fremd",)


async def test_a_task_begun_by_a_page_reads_for_itself(place: Place, board: PostgresBoard) -> None:
    """Two tasks on one connection disturb each other; one that outlives the page would use another page's."""
    async with board.joined(place.id):
        mine = await transaction(place, "mine")
        beside = asyncio.create_task(transaction(place, "beside"))
        assert mine != await beside


async def test_a_page_changes_nothing(place: Place, board: PostgresBoard) -> None:
    """What is answered from memory must not have had an effect; so a page may only read."""
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with board.joined(place.id), place.pool.within(place.id) as connection:
            await connection.fetchval("update conversation set urgency = urgency returning 1")


async def test_a_page_that_fails_leaves_the_connection_as_it_was(place: Place, board: PostgresBoard) -> None:
    """The next page must not find itself in the broken transaction of the one before."""
    with pytest.raises(Refused):
        async with board.joined(place.id):
            await place.record.access(place.id, talk())
    assert await board.tags(place.id) == ()


async def transaction(place: Place, name: str) -> int:
    """The transaction that a read takes part in; asked under a name, so that none is answered from memory."""
    async with place.pool.within(place.id) as connection:
        return int(await connection.fetchval(f"select txid_current() as {name}"))
