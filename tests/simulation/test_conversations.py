"""Whatever happens, in whatever order: what must hold of every conversation on record, tried with many seeds."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.ledger import PostgresLedger
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.events import CUSTOMER_KINDS
from taktvoll.domain.conversation.ledger import Head
from taktvoll.domain.conversation.state import fold, fold_all
from taktvoll.domain.conversation.terms import Event, OwnerKind, State
from taktvoll.domain.hours.clocks import fold_clocks
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.flows.read_conversation import read_conversation
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.sign_checkpoint import sign_checkpoint
from taktvoll.flows.simulate_guidelines import Simulated, simulate_guidelines
from taktvoll.flows.verify_record import verify_record
from tests.contract.conftest import talk
from tests.simulation.town import Town, settle

SEEDS = range(12)
DAYS = 14
CONFIRMED = (
    "callback.wished",
    "callback.cancelled",
    "appointment.made",
    "appointment.moved",
    "appointment.cancelled",
)
"""What customers and agents do to a call, and the house tells the customer at once, whoever owns the conversation."""


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all towns, as one process has."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all towns: equal editions share their caches, as they do in one installation."""
    return tmp_path_factory.mktemp("towns")


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_town_keeps_its_promises(
    seed: int, pool: Pool, encoder: SentenceEncoder, folder: Path, raw: Any
) -> None:
    """Races, deaths, withdrawals and takeovers are where peers' bots contradict people, repeat and fall silent."""
    town = await settle(pool, folder, encoder, seed)
    await town.live(DAYS)
    house, workspace = town.house, town.place.id
    on_record: set[tuple[ConversationId, str]] = set()
    heads = {h.conversation for h in await house.ledger.heads(workspace)}
    for one in heads:
        events = await house.record.events(workspace, one)
        stored = await house.record.access(workspace, one)
        assert stored.state == fold_all(State(), events), "the kept state is not what the events say"
        on_record |= {(one, str(e.payload["id"])) for e in events if e.kind in CUSTOMER_KINDS}
        assert [e.seq for e in events] == list(range(1, len(events) + 1))
        each_message_is_decided_once_or_a_person_s(events)
        each_speaker_owned_the_conversation(events)
        the_first_answer_carries_the_notice(events)
        nothing_withdrawn_is_said(town, events)
        no_reply_is_said_twice(events)
        emergencies_are_heard(events)
        one_owner_at_a_time(events)
        await no_note_leaves_the_house(town, one)
        a_target_is_missed_once(events)
        replay = await replay_conversation(house, workspace, one)
        assert replay.differences == []
    assert town.accepted <= on_record, "an acknowledged message is lost"
    proof = await verify_record(house, workspace, lambda *_: None)
    assert (proof.findings, proof.conversations) == ((), len(heads))
    await outbox_is_what_was_released(raw, town)
    town.close()


async def test_towns_are_worth_visiting(pool: Pool, encoder: SentenceEncoder, folder: Path) -> None:
    """The promises above would also hold of towns where nothing happens."""
    wanted = {
        "answer", "clarify", "decline", "handover", "message.released", "conversation.taken_over",
        "conversation.handed_back", "conversation.closed", "conversation.reopened", "conversation.handed_over",
        "feedback.given", "delivery.confirmed", "person.requested", "urgency.raised", "note.written", "tag.added",
        "target.missed", "callback.wished", "appointment.made",
        "tag.removed", "conversation.assigned", "conversation.transferred", "conversation.snoozed",
        "conversation.woken",
    }  # fmt: skip
    town = await settle(pool, folder, encoder, 1)
    seen: set[str] = set()
    for _ in range(60):
        town.mind.dying = 0.15
        await town.live(25)
        seen |= await happened(town)
        if wanted <= seen and town.withdrawn:
            break
    assert wanted <= seen, wanted - seen
    assert town.withdrawn
    town.close()


async def happened(town: Town) -> set[str]:
    """Kinds of events and of decisions on record."""
    found: set[str] = set()
    for head in await town.house.ledger.heads(town.place.id):
        for event in await town.house.record.events(town.place.id, head.conversation):
            found |= {event.kind, str(event.payload.get("decision"))}
    return found


async def test_a_town_that_writes_on_while_it_is_proven_is_untouched(
    pool: Pool, encoder: SentenceEncoder, folder: Path
) -> None:
    """Nobody stops the house to prove its record: what is written meanwhile must not read as tampering."""
    town = await settle(pool, folder, encoder, 5)
    town.mind.dying = 0.0
    await say(town, "Hallo")

    class Busy(PostgresLedger):
        """The ledger of a house where a customer writes as soon as the heads are read."""

        async def heads(self, workspace: WorkspaceId) -> tuple[Head, ...]:
            found = await super().heads(workspace)
            await say(town, "Wie kündige ich?")
            return found

    proof = await verify_record(replace(town.house, ledger=Busy(pool)), town.place.id, lambda *_: None)
    assert (proof.findings, proof.conversations) == ((), 1)
    assert proof.events == (await town.house.ledger.heads(town.place.id))[0].last_seq
    town.close()


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (
            ("update event set body = set_byte(body, 9, 33) where conversation_id = $1 and seq = 2",),
            "chain.broken",
        ),
        (("update personal_text set content = 'x' where conversation_id = $1",), "text.changed"),
        (
            (
                "delete from event where conversation_id = $1 and seq > 2",
                "update conversation set last_seq = 2, last_hash ="
                " (select hash from event where conversation_id = $1 and seq = 2) where id = $1",
            ),
            "checkpoint.rewritten",
        ),
        (
            ("delete from event where conversation_id = $1", "delete from conversation where id = $1"),
            "checkpoint.rewritten",
        ),
        (("delete from conversation where id = $1",), "conversation.row_missing"),
        (
            (
                "delete from checkpoint where number = 1 and workspace_id ="
                " (select workspace_id from conversation where id = $1)",
            ),
            "checkpoint.gap",
        ),
        (
            (
                "update checkpoint set body = set_byte(body, 9, 33) where number = 2 and workspace_id ="
                " (select workspace_id from conversation where id = $1)",
            ),
            "checkpoint.signature",
        ),
        (
            (
                "update checkpoint set body = 'no json' where workspace_id ="
                " (select workspace_id from conversation where id = $1)",
            ),
            "checkpoint.signature",
        ),
    ],
)
async def test_a_touched_town_is_found_out(
    pool: Pool, encoder: SentenceEncoder, folder: Path, raw: Any, statements: tuple[str, ...], code: str
) -> None:
    """Someone with every right over the database rewrites it, chains anew and all: the signed checkpoints tell."""
    town = await settle(pool, folder, encoder, 5)
    town.mind.dying = 0.0
    for text in ("Hallo", "Wie kündige ich?"):
        await say(town, text)
        await sign_checkpoint(town.house, town.place.id)
    assert (await verify_record(town.house, town.place.id, lambda *_: None)).findings == ()
    async with raw.transaction():
        await raw.execute("set local session_replication_role = replica")
        for statement in statements:
            assert (await raw.execute(statement, town.talks[0])).split()[-1] != "0"
    proof = await verify_record(town.house, town.place.id, lambda *_: None)
    assert code in [f.code for f in proof.findings]
    town.close()


async def say(town: Town, text: str) -> None:
    """A customer of the town's first conversation writes."""
    if not town.talks:
        town.talks.append(talk())
    await receive_message(
        town.house,
        Incoming(account=town.place.account, conversation=town.talks[0], provider_id=text, text=text),
    )


def each_message_is_decided_once_or_a_person_s(events: Sequence[Event]) -> None:
    """No customer without an answer, and none with two."""
    decided = [e.payload["customer_seq"] for e in events if e.kind == "answer.decided"]
    assert len(decided) == len(set(decided)), "a message was decided twice"
    state = fold_all(State(), events)
    if state.owner.kind is OwnerKind.ASSISTANT:
        assert state.decided_customer_seq == state.last_customer_seq, "a message was forgotten"


def each_speaker_owned_the_conversation(events: Sequence[Event]) -> None:
    """Whoever speaks is the owner of that moment; in a queue the assistant may still announce its own handover, and
    confirm what was just arranged, moved or called off."""
    state, before = State(), ""
    for event in events:
        if event.kind == "message.released":
            epoch, customer_seq = _numbers(event.payload["written_under"])
            assert epoch == state.owner_epoch, "said under another owner's epoch"
            if event.payload["author"] == "person":
                assert (state.owner.kind, state.owner.id) == (OwnerKind.PERSON, event.payload["editor"])
                assert event.actor == f"staff:{state.owner.id}"
            else:
                announced = before in CONFIRMED or event.payload["decision"] == "handover"
                waits = announced and state.owner.kind is OwnerKind.QUEUE
                assert waits or state.owner.kind is OwnerKind.ASSISTANT
                assert customer_seq == state.last_customer_seq, "an answer to an overtaken message was said"
            assert not state.closed
        state, before = fold(state, event), event.kind


def a_target_is_missed_once(events: Sequence[Event]) -> None:
    """However many workers look, and whatever happens meanwhile: one event a wait, and a real wait it was."""
    missed = [(e.payload["target"], e.payload["since"]) for e in events if e.kind == "target.missed"]
    assert len(missed) == len(set(missed))
    began = {(c.kind.value, c.seq) for c in fold_clocks(events).all}
    assert set(missed) <= began


def one_owner_at_a_time(events: Sequence[Event]) -> None:
    """However it is assigned, transferred, taken and given back: each owner has an epoch of their own."""
    state = State()
    for event in events:
        after = fold(state, event)
        assert after.owner == state.owner or after.owner_epoch == state.owner_epoch + 1
        state = after


async def no_note_leaves_the_house(town: Town, one: ConversationId) -> None:
    """What colleagues write to one another reaches neither the customer's screen nor the outbox."""
    view = await read_conversation(town.house, town.place.id, one)
    assert "intern" not in json.dumps([*view.messages, view.owner], ensure_ascii=False)
    released = await town.house.record.events(town.place.id, one, kinds=("message.released",))
    assert not any("intern" in (e.content or "") for e in released)


def the_first_answer_carries_the_notice(events: Sequence[Event]) -> None:
    """AI Act Art. 50(1): once, with the very first words of the assistant."""
    said = [e for e in events if e.kind == "message.released" and e.payload["author"] == "assistant"]
    assert [e.payload["notice"] for e in said] == ["1"] * (len(said) > 0) + [None] * (len(said) - 1)
    kinds = [[p["kind"] for p in json.loads(e.content or "{}")["parts"]] for e in said]
    assert all(("notice" in k) == (n == 0) for n, k in enumerate(kinds))
    assert all(k[0] == ("alert" if "alert" in k else "notice") for k in kinds[:1])


def nothing_withdrawn_is_said(town: Town, events: Sequence[Event]) -> None:
    """A wrong text that was withdrawn stays unsaid, whatever edition is current and whichever turn was under way."""
    for event in events:
        if event.kind == "message.released":
            for collection, name, language, _ in _lists(event.payload["evidence"]):
                since = town.withdrawn.get(PassageKey(collection, name, language))
                assert since is None or event.at < since, f"{name} was withdrawn"


def no_reply_is_said_twice(events: Sequence[Event]) -> None:
    """An agent who clicks twice has answered once; what is said without a click of its own belongs to a call."""
    replies, before = list[object](), ""
    for event in events:
        if event.kind == "message.released" and event.payload["author"] == "person":
            assert "id" in event.payload or before in CONFIRMED
            replies.append(event.payload.get("id", event.seq))
        before = event.kind
    assert len(replies) == len(set(replies))


def emergencies_are_heard(events: Sequence[Event]) -> None:
    """Whoever smells gas gets the number or has a person already, who is told; whatever else happens meanwhile."""
    state = State()
    for place, event in enumerate(events):
        if event.kind == "message.received" and "riecht es nach Gas" in (event.content or ""):
            later = [e for e in events[place:] if e.kind in ("answer.decided", "urgency.raised")]
            told = any(e.payload.get("handover") or e.payload.get("reason") for e in later)
            assert told or state.owner.kind is not OwnerKind.ASSISTANT or dealt_with(events[place:])
        state = fold(state, event)


def dealt_with(events: Sequence[Event]) -> bool:
    """A person answered or closed before the assistant could."""
    people = ("conversation.taken_over", "conversation.handed_back", "conversation.closed")
    return any(e.kind in people or e.payload.get("author") == "person" for e in events)


async def outbox_is_what_was_released(raw: Any, town: Town) -> None:
    """Nothing leaves that was not released, and nothing released stays."""
    sent = await raw.fetch(
        "select conversation_id, event_seq, draft_digest from outbox where workspace_id = $1", town.place.id
    )
    said = await raw.fetch(
        "select conversation_id, seq, body from event where workspace_id = $1 and kind = 'message.released'",
        town.place.id,
    )
    released = {(r["conversation_id"], r["seq"], json.loads(r["body"])["text_ref"]["digest"]) for r in said}
    assert sorted(map(tuple, sent)) == sorted(released)


def _numbers(value: object) -> tuple[int, int]:
    assert isinstance(value, list)
    return value[0], value[1]


def _lists(value: object) -> list[list[str]]:
    assert isinstance(value, list)
    return value


async def test_simulated_guidelines_change_what_they_say(
    pool: Pool, encoder: SentenceEncoder, folder: Path
) -> None:
    """A service manager trusts the list: the guidelines in force change nothing, none at all undo only their own."""
    town = await settle(pool, folder, encoder, 3)
    house, place = town.house, town.place.id
    same = Simulated()
    for _ in range(120):  # anger comes about once in five rounds
        await town.live(DAYS)
        same = await simulate_guidelines(house, place, house.guidelines.defaults(), lambda *_: None)
        assert (same.turns > 0, same.changed) == (True, [])
        if any(same.decided_by.values()):
            break
    none = await simulate_guidelines(house, place, (), lambda *_: None)
    assert none.turns == same.turns
    assert none.changed
    assert len(none.changed) == sum(same.decided_by.values())
    assert all(c.before.reason == "anger" and c.before.guideline == "anger" for c in none.changed)
    town.close()
