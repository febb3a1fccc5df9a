"""What the port Outbox promises, held against PostgreSQL: one holder a row, nothing lost, nothing settled twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from taktvoll.adapters.postgres.outbox import PostgresOutbox
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.ports import DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold_all
from taktvoll.domain.conversation.terms import Event, HandoverReason, NewEvent, OwnerKind, State
from taktvoll.domain.delivery.terms import Claimed, Receipt, RowState
from tests.contract.conftest import NOW, Place, answer, change, talk, wrote

LASTING = timedelta(minutes=5)
SENT = Receipt(250, "2.0.0", "Q1")


async def released(place: Place, channel: str = "mail", count: int = 1) -> list[ConversationId]:
    """Conversations with one released message each, on its way out by a channel."""
    made = []
    for _ in range(count):
        conversation = talk()
        accepted = await place.record.accept(wrote(place, conversation, str(conversation)))
        answered = change(place, conversation, accepted.state, *answer(2))
        rows = tuple(OutboxRow(r.id, r.event, channel, r.recipient) for r in answered.outbox)
        decided = await place.record.decide(replace(answered, outbox=rows))
        assert decided.status is DecideStatus.OK
        made.append(conversation)
    return made


async def claim(
    place: Place, at: datetime = NOW, name: UUID | None = None, channels: Sequence[str] = ("mail",), limit: int = 50
) -> tuple[Claimed, ...]:  # fmt: skip
    """Take what is due."""
    return await PostgresOutbox(place.pool).claim(place.id, channels, name or uuid4(), at, LASTING, limit)


async def test_a_row_has_one_holder(place: Place) -> None:
    """Two workers that send the same row write the customer twice."""
    await released(place, count=40)
    taken = await asyncio.gather(*(claim(place, limit=7) for _ in range(8)))
    ids = [row.id for rows in taken for row in rows]
    assert len(ids) == len(set(ids)) == 40
    assert await claim(place) == ()


async def test_only_what_is_due_and_ours_is_taken(place: Place, other: Place) -> None:
    """The chat's rows are fetched by their devices, tomorrow's are tomorrow's, and a stranger's are a stranger's."""
    await released(place, "webchat")
    await released(other)
    assert await claim(place) == ()
    await released(place)
    assert await claim(place, NOW - timedelta(seconds=1)) == ()
    [row] = await claim(place)
    assert (row.channel, row.seq, row.tries, row.unsure, row.first_tried_at) == ("mail", 4, 1, False, NOW)
    assert row.key == str(row.id)


async def test_a_dead_workers_row_comes_back_unsure(place: Place) -> None:
    """Whoever died may have sent it already; the next one must know."""
    await released(place)
    [first] = await claim(place)
    assert await claim(place, NOW + LASTING - timedelta(seconds=1)) == ()
    [second] = await claim(place, NOW + LASTING)
    assert (second.id, second.tries, second.unsure) == (first.id, 2, True)
    assert second.first_tried_at == NOW


async def test_only_the_holder_settles_and_only_once(place: Place, raw: Any) -> None:
    """A worker that comes back to life must not overwrite what its successor found out."""
    [conversation] = await released(place)
    outbox, old, new = PostgresOutbox(place.pool), uuid4(), uuid4()
    [row] = await claim(place, name=old)
    await claim(place, NOW + LASTING, name=new)
    event = NewEvent("delivery.sent", NOW, "delivery", {"seq": row.seq})
    assert await outbox.settle(place.id, row.id, old, RowState.SENT, receipt=SENT, event=event) is None
    placed = await outbox.settle(place.id, row.id, new, RowState.SENT, receipt=SENT, event=event)
    assert placed is not None
    assert (placed.seq, placed.kind) == (5, "delivery.sent")
    assert await outbox.settle(place.id, row.id, new, RowState.SENT, receipt=SENT, event=event) is None
    kinds = [e.kind for e in await place.record.events(place.id, conversation)]
    assert kinds.count("delivery.sent") == 1
    kept = await raw.fetchrow("select * from outbox where id = $1", row.id)
    assert (kept["state"], kept["claim"]) == ("sent", None)
    assert '"queued_as": "Q1"' in kept["receipt"]
    assert await claim(place, NOW + timedelta(days=30)) == ()


async def test_a_later_try_waits_for_its_time(place: Place) -> None:
    """Back-off that is forgotten is a flood."""
    await released(place)
    outbox, name = PostgresOutbox(place.pool), uuid4()
    [row] = await claim(place, name=name)
    due = NOW + timedelta(minutes=1)
    event = NewEvent("delivery.delayed", NOW, "delivery", {})
    await outbox.settle(place.id, row.id, name, RowState.DUE, due_at=due, unsure=True, event=event)
    assert await claim(place, due - timedelta(seconds=1)) == ()
    [again] = await claim(place, due)
    assert (again.tries, again.unsure) == (2, True)


async def test_what_was_not_tried_is_not_counted(place: Place) -> None:
    """Waiting for one's pace is no failure."""
    [conversation] = await released(place)
    outbox, name = PostgresOutbox(place.pool), uuid4()
    [row] = await claim(place, name=name)
    await outbox.settle(place.id, row.id, name, RowState.DUE, due_at=NOW, counts=False)
    [again] = await claim(place)
    assert (again.tries, again.unsure) == (1, False)
    assert [e.kind for e in await place.record.events(place.id, conversation, after=4)] == []


async def test_a_note_of_the_carrier_overtakes_no_decision(place: Place) -> None:
    """A receipt that comes while an answer is being decided must not throw the answer away."""
    [conversation] = await released(place)
    outbox, name = PostgresOutbox(place.pool), uuid4()
    accepted = await place.record.accept(wrote(place, conversation, "second"))
    [row] = await claim(place, name=name)
    event = NewEvent("delivery.sent", NOW, "delivery", {"seq": row.seq})
    await outbox.settle(place.id, row.id, name, RowState.SENT, receipt=SENT, event=event)
    decided = await place.record.decide(change(place, conversation, accepted.state, *answer(accepted.seq)))
    assert decided.status is DecideStatus.OK
    state = fold_all(State(), await place.record.events(place.id, conversation))
    assert (await place.record.access(place.id, conversation)).state == state


async def given_up(place: Place, row: Claimed, holder: UUID | None) -> Any:
    """Give a row up, with its conversation handed to the queue."""
    state = (await place.record.access(place.id, row.conversation)).state
    handed: dict[str, object] = {
        "epoch": state.owner_epoch + 1, "from": "assistant", "queue": "service", "reason": "delivery_failed",
        "urgency": "normal",
    }  # fmt: skip
    events = (
        NewEvent("delivery.failed", NOW, "delivery", {"seq": row.seq, "because": "server"}),
        NewEvent("conversation.handed_over", NOW, "delivery", handed),
    )
    placed = [Event(state.last_seq + n, e.kind, e.at, e.actor, e.payload) for n, e in enumerate(events, 1)]
    made = change(place, row.conversation, state, *events, turn=None, expect_customer_seq=None)
    made = replace(made, state=fold_all(state, placed))
    return await PostgresOutbox(place.pool).fail(place.id, row.id, holder, Receipt(550, "5.1.1"), made)


async def test_a_failure_and_its_handover_are_one(place: Place, raw: Any) -> None:
    """A row that failed without anyone having the conversation is a customer who waits for ever."""
    [conversation] = await released(place)
    name = uuid4()
    [row] = await claim(place, name=name)
    assert await given_up(place, row, uuid4()) is None, "not the holder"
    decided = await given_up(place, row, name)
    assert decided.status is DecideStatus.OK
    assert [e.kind for e in decided.events] == ["delivery.failed", "conversation.handed_over"]
    stored = await place.record.access(place.id, conversation)
    assert stored.state.owner.kind is OwnerKind.QUEUE
    assert stored.state.reasons == (HandoverReason.DELIVERY_FAILED,)
    assert stored.waiting_since is not None
    assert await raw.fetchval("select state from outbox where id = $1", row.id) == "failed"
    assert await given_up(place, row, None) is None, "failed once is failed"


async def test_a_failure_waits_for_what_happens_meanwhile(place: Place) -> None:
    """A person took over in between: nothing is settled, so the caller looks again."""
    [conversation] = await released(place)
    name = uuid4()
    [row] = await claim(place, name=name)
    stale = (await place.record.access(place.id, conversation)).state
    await place.record.accept(wrote(place, conversation, "second"))
    event = NewEvent("delivery.failed", NOW, "delivery", {})
    made = change(place, conversation, stale, event, turn=None, expect_customer_seq=None)
    decided = await PostgresOutbox(place.pool).fail(place.id, row.id, name, Receipt(550), made)
    assert decided is not None
    assert decided.status is DecideStatus.STATE_CHANGED
    assert (await given_up(place, row, name)).status is DecideStatus.OK


async def test_a_row_is_found_by_its_key_within_its_workspace(place: Place, other: Place) -> None:
    """A bounce names a key; a stranger's key must lead nowhere."""
    [conversation] = await released(place)
    [row] = await claim(place)
    found = await PostgresOutbox(place.pool).find(place.id, row.key)
    assert found is not None
    assert (found.conversation, found.state, found.seq) == (conversation, RowState.SENDING, 4)
    assert await PostgresOutbox(other.pool).find(other.id, row.key) is None
    assert await PostgresOutbox(place.pool).find(place.id, "no such") is None
