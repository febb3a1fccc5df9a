"""What the port Record promises, held against PostgreSQL: nothing twice, nothing lost, nothing by the wrong owner."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import GENESIS, event_hash
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.ledger import check_chain
from taktvoll.domain.conversation.ports import DecideStatus
from taktvoll.domain.conversation.state import fold_all, snapshot
from taktvoll.domain.conversation.terms import NewEvent, OwnerKind, PersonalText, State
from taktvoll.domain.governance.wording import text_of_json
from tests.contract.conftest import NOW, Place, answer, change, closed, folded, taken, talk, wrote


async def from_scratch(place: Place, conversation: ConversationId) -> State:
    """The state that the events alone make."""
    return fold_all(State(), await place.record.events(place.id, conversation))


async def sound(place: Place, conversation: ConversationId, raw: Any) -> State:
    """The state, after seeing that chain, cached snapshot and columns all say what the events say."""
    state = await from_scratch(place, conversation)
    (chain,) = [c async for c in place.ledger.chains(place.id, [conversation])]
    assert check_chain(chain.head, chain.events) == []
    assert (await place.record.access(place.id, conversation)).state == state
    row = await raw.fetchrow("select * from conversation where id = $1", conversation)
    assert (row["owner_kind"], row["owner_id"]) == (state.owner.kind.value, state.owner.id)
    for column in ("owner_epoch", "last_customer_seq", "decided_customer_seq", "last_seq", "closed"):
        assert row[column] == getattr(state, column)
    return state


async def test_a_first_message_opens_the_conversation(place: Place, raw: Any) -> None:
    """Nothing is acknowledged before it is on record; the state that comes back is what the events say."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    assert (accepted.duplicate, accepted.seq, accepted.edition, accepted.revision) == (False, 2, None, 0)
    events = await place.record.events(place.id, conversation)
    assert [(e.seq, e.kind) for e in events] == [(1, "conversation.started"), (2, "message.received")]
    assert text_of_json(events[1].content) == "Wo ist mein Zähler?"
    assert accepted.state == await sound(place, conversation, raw)
    assert (accepted.state.undecided, accepted.state.channel) == (1, "webchat")


async def test_a_repeated_message_is_refused_and_replayed(place: Place, raw: Any) -> None:
    """Networks repeat; the second copy changes nothing and gets what was decided meanwhile."""
    conversation = talk()
    first = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, first.state, *answer(2)))
    again = await place.record.accept(wrote(place, conversation, "m1", "etwas anderes"))
    assert (again.duplicate, again.seq) == (True, 2)
    assert again.state == await sound(place, conversation, raw)
    assert again.state.last_seq == 4
    assert (
        text_of_json((await place.record.events(place.id, conversation))[1].content) == "Wo ist mein Zähler?"
    )


async def test_another_workspace_s_conversation_is_unknown(place: Place, other: Place, raw: Any) -> None:
    """An id that leaked must open nothing, write nothing, and not even tell that it exists."""
    conversation = talk()
    known = await place.record.accept(wrote(place, conversation, "m1"))
    for attempt in (
        other.record.accept(wrote(other, conversation, "m2")),
        other.record.access(other.id, conversation),
        other.record.note(other.id, conversation, (NewEvent("feedback.given", NOW, "customer", {}),)),
    ):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "conversation.unknown"
    decided = await other.record.decide(change(other, conversation, known.state, *answer(2)))
    assert decided.status is DecideStatus.UNKNOWN
    receipt = NewEvent("delivery.confirmed", NOW, "customer", {})
    assert await other.record.confirm(other.id, conversation, 9, receipt) is None
    assert await other.record.events(other.id, conversation) == ()
    assert (await sound(place, conversation, raw)).last_seq == 2
    assert (
        await raw.fetchval(
            "select count(*) from inbound where provider_id = 'm2' and conversation_id = $1", conversation
        )
        == 0
    )


async def test_one_provider_id_belongs_to_one_conversation(place: Place, raw: Any) -> None:
    """A message that comes back under another conversation's id must not be filed twice, nor begin a conversation."""
    first, second = talk(), talk()
    await place.record.accept(wrote(place, first, "m1"))
    with pytest.raises(Refused):
        await place.record.accept(wrote(place, second, "m1"))
    assert await raw.fetchval("select count(*) from conversation where id = $1", second) == 0
    assert await raw.fetchval("select count(*) from personal_text where conversation_id = $1", second) == 0


async def test_workspaces_may_use_the_same_provider_ids(place: Place, other: Place) -> None:
    """Providers number their messages from one; two companies' ones must not collide."""
    assert not (await place.record.accept(wrote(place, talk(), "1"))).duplicate
    assert not (await other.record.accept(wrote(other, talk(), "1"))).duplicate


async def test_a_decision_appends_and_fills_the_outbox(place: Place, raw: Any) -> None:
    """What is said and what is sent are one commit: neither can exist without the other."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    decided = await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    assert decided.status is DecideStatus.OK
    assert [(e.seq, e.kind) for e in decided.events] == [(3, "answer.decided"), (4, "message.released")]
    assert (await sound(place, conversation, raw)).decided_customer_seq == 2
    rows = await raw.fetch("select * from outbox where conversation_id = $1", conversation)
    assert [(r["event_seq"], r["state"], r["channel"], r["tries"]) for r in rows] == [
        (4, "due", "webchat", 0)
    ]
    body = json.loads(
        await raw.fetchval("select body from event where conversation_id = $1 and seq = 4", conversation)
    )
    assert rows[0]["draft_digest"] == body["text_ref"]["digest"]


async def test_a_late_answer_never_speaks_over_a_person(place: Place, raw: Any) -> None:
    """The epoch guard: an answer begun before the takeover is refused, however it was timed."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    late = change(place, conversation, accepted.state, *answer(2))
    takeover = change(
        place, conversation, accepted.state, taken(accepted.state), expect_customer_seq=None, turn=None
    )
    assert (await place.record.decide(takeover)).status is DecideStatus.OK
    assert (await place.record.decide(late)).status is DecideStatus.OWNER_CHANGED
    state = await sound(place, conversation, raw)
    assert (state.owner.kind, state.owner_epoch, state.last_seq) == (OwnerKind.PERSON, 1, 3)
    assert await raw.fetchval("select count(*) from outbox where conversation_id = $1", conversation) == 0


async def test_an_answer_to_an_overtaken_message_is_refused(place: Place, raw: Any) -> None:
    """Customers go on writing; an answer to half of it is decided anew."""
    conversation = talk()
    first = await place.record.accept(wrote(place, conversation, "m1"))
    second = await place.record.accept(wrote(place, conversation, "m2", "und die Rechnung?"))
    assert (second.state.undecided, second.seq) == (2, 3)
    refused = await place.record.decide(change(place, conversation, first.state, *answer(2)))
    assert refused.status is DecideStatus.CUSTOMER_WROTE
    assert (
        await place.record.decide(change(place, conversation, second.state, *answer(3)))
    ).status is DecideStatus.OK
    await sound(place, conversation, raw)


async def test_a_message_is_decided_once(place: Place, raw: Any) -> None:
    """The live turn and the job that resumes it may meet; the customer must get one answer."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    assert (
        await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    ).status is DecideStatus.OK
    again = await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    assert again.status is DecideStatus.ALREADY_DECIDED
    await sound(place, conversation, raw)


async def test_a_decision_under_an_old_library_is_refused(place: Place, raw: Any) -> None:
    """A passage withdrawn a moment ago must not be said by a turn that began before."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await raw.execute("update library_head set revision = revision + 1 where workspace_id = $1", place.id)
    old = change(place, conversation, accepted.state, *answer(2), expect_revision=accepted.revision)
    assert (await place.record.decide(old)).status is DecideStatus.LIBRARY_CHANGED
    new = change(place, conversation, accepted.state, *answer(2), expect_revision=accepted.revision + 1)
    assert (await place.record.decide(new)).status is DecideStatus.OK


async def test_of_two_decisions_at_once_exactly_one_stands(place: Place, raw: Any) -> None:
    """Two machines may decide the same message; the row's lock makes one of them late."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    changes = [change(place, conversation, accepted.state, *answer(2, f"Antwort {n}")) for n in range(6)]
    ended = await asyncio.gather(*(place.record.decide(c) for c in changes))
    assert sorted(d.status for d in ended) == [DecideStatus.ALREADY_DECIDED] * 5 + [DecideStatus.OK]
    assert await raw.fetchval("select count(*) from outbox where conversation_id = $1", conversation) == 1
    await sound(place, conversation, raw)


async def test_fifty_messages_at_once_lose_nothing(place: Place, raw: Any) -> None:
    """However fast they come: no gap, no fork, no message lost, and each caller gets the state at its own message."""
    conversation = talk()
    accepted = await asyncio.gather(
        *(place.record.accept(wrote(place, conversation, f"m{n}", f"Nachricht {n}")) for n in range(50))
    )
    assert sorted(a.seq for a in accepted) == list(range(2, 52))
    assert {a.seq: a.state.undecided for a in accepted} == {seq: seq - 1 for seq in range(2, 52)}
    assert all(a.state.last_customer_seq == a.seq for a in accepted)
    state = await sound(place, conversation, raw)
    assert state.undecided == 50
    texts = {text_of_json(e.content) for e in await place.record.events(place.id, conversation) if e.content}
    assert texts == {f"Nachricht {n}" for n in range(50)}


async def test_a_repeated_message_at_once_is_kept_once(place: Place) -> None:
    """A client that does not wait for its answer repeats while the first copy is still under way."""
    conversation = talk()
    accepted = await asyncio.gather(
        *(place.record.accept(wrote(place, conversation, "m1")) for _ in range(10))
    )
    assert sorted(a.duplicate for a in accepted) == [False] + [True] * 9
    assert {a.seq for a in accepted} == {2}


async def test_postgres_hashes_as_python_does(place: Place, raw: Any) -> None:
    """The chain is computed in the appending statement; whoever proves it computes it elsewhere."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1", 'Grüße 👋 \\ " \u2028'))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    prev = GENESIS
    for row in await raw.fetch("select * from event where conversation_id = $1 order by seq", conversation):
        assert row["prev_hash"] == prev
        prev = event_hash(prev, conversation, row["seq"], row["body"])
        assert row["hash"] == prev
    assert prev == await raw.fetchval("select last_hash from conversation where id = $1", conversation)


async def test_a_closed_conversation_opens_with_the_next_message(place: Place, raw: Any) -> None:
    """The customer need not know that it was closed."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    end = change(
        place, conversation, accepted.state, closed(accepted.state), expect_customer_seq=None, turn=None
    )
    assert (await place.record.decide(end)).status is DecideStatus.OK
    assert (await place.record.access(place.id, conversation)).state.closed
    again = await place.record.accept(wrote(place, conversation, "m2"))
    kinds = [e.kind for e in await place.record.events(place.id, conversation, after=3)]
    assert kinds == ["conversation.reopened", "message.received"]
    assert again.state == await sound(place, conversation, raw)
    assert (again.state.closed, again.seq) == (False, 5)


async def test_notes_invalidate_no_draft(place: Place, raw: Any) -> None:
    """A click on "helped" while the assistant thinks must not cost the answer."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    draft = change(place, conversation, accepted.state, *answer(2))
    await place.record.note(
        place.id, conversation, (NewEvent("feedback.given", NOW, "customer", {"about": 1}),)
    )
    decided = await place.record.decide(draft)
    assert decided.status is DecideStatus.OK
    assert [e.seq for e in decided.events] == [4, 5]
    await sound(place, conversation, raw)


async def test_what_is_named_by_its_own_place_is_thought_over(place: Place, raw: Any) -> None:
    """The state names a confirmed address, as it does a call, by its event: a note in between would shift that."""
    conversation = talk()
    seen = (await place.record.accept(wrote(place, conversation, "m1"))).state
    event = NewEvent("reply_address.confirmed", NOW, "staff:1", {"checked": True, "mail": 2})
    confirming = change(place, conversation, seen, event, expect_customer_seq=None, turn=None)
    await place.record.note(
        place.id, conversation, (NewEvent("feedback.given", NOW, "customer", {"about": 1}),)
    )
    assert (await place.record.decide(confirming)).status is DecideStatus.STATE_CHANGED
    assert (await sound(place, conversation, raw)).redirected == 0


async def test_a_takeover_beside_a_message_forgets_neither(place: Place, raw: Any) -> None:
    """An agent clicks while the customer writes: both are on record, and the state must know both."""
    conversation = talk()
    seen = (await place.record.accept(wrote(place, conversation, "m1"))).state
    await place.record.accept(wrote(place, conversation, "m2", "noch etwas"))
    takeover = change(place, conversation, seen, taken(seen), expect_customer_seq=None, turn=None)
    ended = await place.record.decide(takeover)
    state = await sound(place, conversation, raw)
    assert state.last_customer_seq == 3
    assert (state.owner.kind is OwnerKind.PERSON) == (ended.status is DecideStatus.OK)


async def test_a_close_beside_an_answer_forgets_neither(place: Place, raw: Any) -> None:
    """An agent's click was made on a screen that did not show the answer yet; the record must not forget it."""
    conversation = talk()
    seen = (await place.record.accept(wrote(place, conversation, "m1"))).state
    await place.record.decide(change(place, conversation, seen, *answer(2)))
    await place.record.decide(
        change(place, conversation, seen, closed(seen), expect_customer_seq=None, turn=None)
    )
    assert (await sound(place, conversation, raw)).notice_version == "1"


async def test_a_customer_s_words_lie_beside_the_chain_alone(place: Place, raw: Any) -> None:
    """Erasing must be possible: the words may stand in one table and nowhere else, searched byte by byte."""
    secret = "Kennwort-Schmetterling-ÄÖ"
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1", secret))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2, secret)))
    tables = [r[0] for r in await raw.fetch("select tablename from pg_tables where schemaname = 'taktvoll'")]
    holding = set()
    for table in tables:
        rows = await raw.fetch(f'select * from "{table}"')  # noqa: S608 - names from the catalogue
        if any(secret.encode() in _bytes(v) for r in rows for v in r.values()):
            holding.add(table)
    assert holding == {"personal_text"}
    salts = await raw.fetch("select salt from personal_text where conversation_id = $1", conversation)
    assert len({r[0] for r in salts}) == 2
    assert all(len(r[0]) == 32 for r in salts)


async def test_an_erased_text_is_gone_and_the_chain_holds(place: Place, raw: Any) -> None:
    """Article 17: what was written is deleted with its salt, and the record stays provable."""
    conversation = talk()
    await place.record.accept(wrote(place, conversation, "m1"))
    await raw.execute(
        "update personal_text set content = null, salt = null, erased_at = now() where conversation_id = $1",
        conversation,
    )
    await sound(place, conversation, raw)
    assert (await place.record.events(place.id, conversation))[1].content is None


async def test_the_outbox_holds_exactly_what_was_released(place: Place, raw: Any) -> None:
    """A row without a message would send nothing approved; a message without a row would be lost."""
    for n in range(3):
        conversation = talk()
        accepted = await place.record.accept(wrote(place, conversation, f"m{n}"))
        await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    sent = await raw.fetch("select conversation_id, event_seq from outbox where workspace_id = $1", place.id)
    said = await raw.fetch(
        "select conversation_id, seq from event where workspace_id = $1 and kind = 'message.released'",
        place.id,
    )
    assert sorted(map(tuple, sent)) == sorted(map(tuple, said))
    assert len(sent) == 3


async def test_a_receipt_counts_once(place: Place, raw: Any) -> None:
    """Devices confirm again and again; each message is confirmed once, and one event holds the receipt."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    receipt = NewEvent("delivery.confirmed", NOW, "customer", {"by": "device", "up_to": 4})
    assert await place.record.confirm(place.id, conversation, 3, receipt) is None
    confirmed = [await place.record.confirm(place.id, conversation, 4, receipt) for _ in range(3)]
    assert [e and (e.seq, e.kind) for e in confirmed] == [(5, "delivery.confirmed"), None, None]
    late = await asyncio.gather(
        *(place.record.confirm(place.id, conversation, 99, receipt) for _ in range(4))
    )
    assert late == [None] * 4
    kinds = [e.kind for e in await place.record.events(place.id, conversation, after=4)]
    assert kinds == ["delivery.confirmed"]
    assert (
        await raw.fetchval("select state from outbox where conversation_id = $1", conversation) == "confirmed"
    )
    await sound(place, conversation, raw)


async def test_events_are_narrowed_by_kind_and_place(place: Place) -> None:
    """Doors load only what they show."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    assert [e.seq for e in await place.record.events(place.id, conversation, after=2)] == [3, 4]
    only = await place.record.events(place.id, conversation, kinds=("message.received", "message.released"))
    assert [e.seq for e in only] == [2, 4]


async def test_a_cut_off_turn_is_found_again(place: Place) -> None:
    """A process that dies between the two commits leaves a customer without an answer; the job must see it."""
    cut, answered, owned = talk(), talk(), talk()
    for conversation in (cut, answered, owned):
        accepted = await place.record.accept(wrote(place, conversation, str(conversation)))
        if conversation == answered:
            await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
        if conversation == owned:
            takeover = change(
                place,
                conversation,
                accepted.state,
                taken(accepted.state),
                expect_customer_seq=None,
                turn=None,
            )
            await place.record.decide(takeover)
    assert await place.record.undecided(place.id, NOW, 10) == ()
    found = await place.record.undecided(place.id, NOW + timedelta(seconds=5), 10)
    assert [(s.id, s.state.last_customer_seq) for s in found] == [(cut, 2)]


async def test_a_snapshot_of_an_older_program_is_folded_anew(place: Place, raw: Any) -> None:
    """A cache in another form, or none, must not change what a conversation is."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    for kept in (None, '{"schema": 0}'):
        await raw.execute(
            "update conversation set snapshot = $2::text::jsonb where id = $1", conversation, kept
        )
        await sound(place, conversation, raw)
        again = await place.record.accept(wrote(place, conversation, f"n{kept is None}"))
        assert again.state == await from_scratch(place, conversation)


async def test_the_snapshot_that_is_kept_is_the_fold(place: Place, raw: Any) -> None:
    """Every later message starts from it."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    kept = json.loads(
        await raw.fetchval("select snapshot::text from conversation where id = $1", conversation)
    )
    assert kept == snapshot(await from_scratch(place, conversation))


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_helpers_fold_as_the_flows_do() -> None:
    """The tests above guard and fold changes themselves; they must do it like the program."""
    state = folded(State(last_customer_seq=2, last_seq=2, undecided=1), answer(2))
    assert (state.last_seq, state.decided_customer_seq, state.notice_version) == (4, 2, "1")
    assert isinstance(answer(2)[1].text, PersonalText)
