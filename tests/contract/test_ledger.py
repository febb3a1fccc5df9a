"""What the port Ledger promises, held against PostgreSQL: the record as it lies there, and every touch of it found."""

from typing import Any

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.ledger import Checkpoint, check_chain
from tests.contract.conftest import Place, answer, change, talk, wrote


async def conversation(place: Place, name: str = "m1") -> ConversationId:
    """A conversation with one answer: four events, two texts."""
    made = talk()
    accepted = await place.record.accept(wrote(place, made, name))
    await place.record.decide(change(place, made, accepted.state, *answer(2)))
    return made


async def findings(place: Place, made: ConversationId) -> list[str]:
    """What does not fit in one conversation."""
    return [
        found.code
        async for chain in place.ledger.chains(place.id, [made])
        for found in check_chain(chain.head, chain.events)
    ]


async def test_an_untouched_record_has_no_finding(place: Place) -> None:
    """What the store wrote must prove itself, texts included."""
    made = await conversation(place)
    assert await findings(place, made) == []
    raw = [e async for chain in place.ledger.chains(place.id, [made]) for e in chain.events]
    assert [e.seq for e in raw] == [1, 2, 3, 4]
    assert [bool(e.content and e.salt) for e in raw] == [False, True, False, True]


EVENT = "update event set {} where conversation_id = $1 and seq = {}"
TEXT = "update personal_text set {} where conversation_id = $1"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (EVENT.format("body = set_byte(body, 20, 65)", 3), "chain.broken"),
        (EVENT.format("hash = set_byte(hash, 0, (get_byte(hash, 0) + 1) % 256)", 2), "chain.broken"),
        (EVENT.format("kind = 'draft.held'", 3), "event.columns_differ"),
        (EVENT.format("at = at + interval '1 microsecond'", 3), "event.columns_differ"),
        (EVENT.format("text_id = null", 2), "text.detached"),
        (
            EVENT.format("text_id = (select id from personal_text where conversation_id = $1 limit 1)", 3),
            "text.detached",
        ),
        ("delete from event where conversation_id = $1 and seq = 2", "chain.gap"),
        ("delete from event where conversation_id = $1 and seq = 4", "chain.head"),
        ("delete from personal_text where conversation_id = $1", "text.missing"),
        (TEXT.format("content = content || ' '"), "text.changed"),
        (TEXT.format("salt = set_byte(salt, 0, (get_byte(salt, 0) + 1) % 256)"), "text.changed"),
        ("update conversation set last_seq = last_seq - 1 where id = $1", "chain.head"),
        ("update conversation set last_hash = decode(repeat('00', 32), 'hex') where id = $1", "chain.head"),
    ],
)
async def test_every_touch_is_found(place: Place, raw: Any, statement: str, code: str) -> None:
    """An administrator with all rights over the database must not be able to change a word unseen."""
    made = await conversation(place)
    untouched = await conversation(place, "m2")
    assert (await raw.execute(statement, made)).split()[-1] != "0"
    assert code in await findings(place, made)
    assert await findings(place, untouched) == []


async def test_a_removed_conversation_leaves_orphans(place: Place, raw: Any) -> None:
    """Its row gone, its events still there: that is found without a checkpoint."""
    made = await conversation(place)
    async with raw.transaction():
        await raw.execute("set local session_replication_role = replica")
        await raw.execute("delete from conversation where id = $1", made)
    assert await place.ledger.orphans(place.id) == (made,)
    assert await place.ledger.heads(place.id) == ()


async def test_heads_and_hashes_are_those_of_the_workspace(place: Place, other: Place) -> None:
    """A checkpoint states all of one workspace and nothing of another."""
    made = {await conversation(place, f"m{n}") for n in range(3)}
    foreign = await conversation(other)
    heads = await place.ledger.heads(place.id)
    assert {h.conversation for h in heads} == made
    assert [h.conversation.bytes for h in heads] == sorted(h.conversation.bytes for h in heads)
    assert (
        await place.ledger.hash_at(place.id, heads[0].conversation, heads[0].last_seq) == heads[0].last_hash
    )
    assert await place.ledger.hash_at(place.id, heads[0].conversation, 99) is None
    assert await place.ledger.hash_at(place.id, foreign, 1) is None
    assert [c async for c in place.ledger.chains(place.id, [foreign])] == []


async def test_a_checkpoint_s_number_is_given_once(place: Place, other: Place) -> None:
    """Two workers sign at once; a second checkpoint of one number would be a fork."""
    one = Checkpoint(1, b"body", b"signature", "key")
    await place.ledger.keep(place.id, one)
    with pytest.raises(Refused) as caught:
        await place.ledger.keep(place.id, Checkpoint(1, b"other", b"s", "key"))
    assert caught.value.code == "form.stale"
    two = Checkpoint(2, b"next", b"s", "key")
    await place.ledger.keep(place.id, two)
    assert await place.ledger.checkpoints(place.id) == (one, two)
    assert await other.ledger.checkpoints(other.id) == ()


async def test_a_body_that_is_no_json_is_read_without_failing(place: Place, raw: Any) -> None:
    """The proof must go on to its end, whatever someone wrote over the bytes."""
    made = await conversation(place)
    for body in (b"\xff\xfe", b"[]", b"{", b'{"text_ref":{}}'):
        await raw.execute("update event set body = $2 where conversation_id = $1 and seq = 2", made, body)
        assert "chain.broken" in await findings(place, made)
