"""The record proves itself: untouched it verifies, explains and replays; touched, it says where."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from taktvoll.adapters.embedded import EmbeddedPostgres
from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, write_lines

TAMPERINGS = {
    "the words of a decision": (
        "update taktvoll.event set body = convert_to(replace(convert_from(body, 'UTF8'), 'confident', 'confidenu'),"
        " 'UTF8') where conversation_id = $1 and kind = 'answer.decided'",
        "chain.broken",
    ),
    "the last event": (
        "delete from taktvoll.event where conversation_id = $1 and seq ="
        " (select max(seq) from taktvoll.event where conversation_id = $1)",
        "chain.head",
    ),
    "an event in the middle": (
        "delete from taktvoll.event where conversation_id = $1 and kind = 'evidence.found'",
        "chain.gap",
    ),
    "what the customer said": (
        "update taktvoll.personal_text set content = replace(content, 'Leseausweis', 'Führerschein')"
        " where conversation_id = $1",
        "text.changed",
    ),
    "a text without a trace": (
        "delete from taktvoll.personal_text where conversation_id = $1",
        "text.missing",
    ),
    "the time of an event": (
        "update taktvoll.event set at = at - interval '1 day' where conversation_id = $1 and seq = 2",
        "event.columns_differ",
    ),
    "the last event and the head with it": (
        "with gone as (delete from taktvoll.event where conversation_id = $1 and seq ="
        " (select max(seq) from taktvoll.event where conversation_id = $1) returning seq, prev_hash)"
        " update taktvoll.conversation set last_seq = gone.seq - 1, last_hash = gone.prev_hash from gone where id = $1",
        "checkpoint.rewritten",
    ),
    "a whole conversation": (
        "with texts as (delete from taktvoll.personal_text where conversation_id = $1),"
        " events as (delete from taktvoll.event where conversation_id = $1)"
        " delete from taktvoll.conversation where id = $1",
        "checkpoint.rewritten",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, list[str]]]:
    """A place with one conversation a tampering and some more, under a signed checkpoint."""
    place = Place(tmp_path_factory.mktemp("record"))
    assert place.run("import", write_lines(place.files / "hilfe.jsonl", LIBRARY))[0] == 0
    answers = place.ask_all(
        *["Was kostet der Leseausweis?"] * (len(TAMPERINGS) + 2), "Wetter?", "Mensch bitte"
    )
    code, out, _ = place.run("audit", "checkpoint")
    assert (code, out.startswith("checkpoint 1 signed by key ")) == (0, True)
    yield place, [a["conversation"] for a in answers]
    place.close()


@pytest.fixture
async def owner(recorded: tuple[Place, list[str]]) -> AsyncIterator[Any]:
    """A connection that may change everything: whoever holds the database's password."""
    database = EmbeddedPostgres(recorded[0].folder)
    connection = await asyncpg.connect(database.ensure().dsn("owner"))
    workspace = await connection.fetchval("select id from taktvoll.workspace where name = 'default'")
    await connection.execute("select set_config('taktvoll.workspace', $1, false)", str(workspace))
    yield connection
    await connection.close()
    database.release()


def test_an_untouched_record_verifies_and_replays(recorded: tuple[Place, list[str]]) -> None:
    """A proof that cries wolf is switched off; runs first, on what nobody touched."""
    place, conversations = recorded
    code, out, err = place.run("audit", "verify")
    assert (code, err) == (0, "")
    assert out.startswith(f"intact: {len(conversations)} conversations, ")
    assert out.endswith(" 1 checkpoints\n")
    code, out, err = place.run("audit", "replay")
    assert (code, err) == (0, "")
    assert out.startswith(f"{len(conversations)} conversations: ")
    assert out.endswith(" 0 different, 0 no longer comparable\n")
    assert place.run("audit", "checkpoint")[1] == "nothing new to sign\n"


def test_a_decision_is_explained_in_words(recorded: tuple[Place, list[str]]) -> None:
    """Whoever must answer for what the assistant said needs the reason in words, in their language."""
    place, conversations = recorded
    code, out, _ = place.run("audit", "explain", conversations[0], LC_ALL="C")
    assert code == 0
    assert "answer.decided" in out
    assert "sure enough" in out
    code, out, _ = place.run("audit", "explain", conversations[-1], LC_ALL="C")
    assert (code, "asked for a person" in out) == (0, True)
    code, out, _ = place.run("audit", "replay", conversations[0])
    assert (code, out.startswith("1 conversations: ")) == (0, True)
    for unknown in ("nonsense", "01a2036a-78a5-786d-ba4e-e40cd9eff329"):
        for action in ("explain", "replay"):
            code, out, err = place.run("audit", action, unknown, LC_ALL="C")
            assert (code, out, "no such conversation" in err) == (1, "", True)


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_tampering_is_found_where_it_was_done(
    recorded: tuple[Place, list[str]], owner: Any, what: str
) -> None:
    """Even who may change every row cannot change what was said and hide it; runs last."""
    place, conversations = recorded
    conversation = conversations[list(TAMPERINGS).index(what)]
    statement, finding = TAMPERINGS[what]
    assert await owner.execute(statement, UUID(conversation)) not in ("UPDATE 0", "DELETE 0")
    code, out, err = place.run("audit", "verify")
    assert code == 1
    assert any(line.startswith(f"{finding}: conversation {conversation},") for line in err.splitlines()), err
    assert "findings" in out
    assert conversations[len(TAMPERINGS)] not in err, "an untouched conversation is accused"
