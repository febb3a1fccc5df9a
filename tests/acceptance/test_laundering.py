"""What was signed once stays signed: a newer checkpoint must not cover up what happened before it."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from taktvoll.adapters.embedded import EmbeddedPostgres
from tests.acceptance.product import command

GONE = (
    "with texts as (delete from taktvoll.personal_text where conversation_id = $1),"
    " events as (delete from taktvoll.event where conversation_id = $1)"
    " delete from taktvoll.conversation where id = $1"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A database that stays up between the commands of a test."""
    database = EmbeddedPostgres(tmp_path / "data")
    database.ensure()
    yield database
    database.release()


async def test_a_deleted_conversation_is_found_behind_a_newer_checkpoint(
    tmp_path: Path, database: EmbeddedPostgres
) -> None:
    """The worker signs every hour: who deletes a conversation in between must not be covered by the next signature."""

    def run(*words: str) -> tuple[int, str, str]:
        done = command("--data", tmp_path / "data", *words)
        return done.returncode, done.stdout, " ".join(done.stderr.split())

    run("ask", "Was kostet ein Einhorn?")
    assert run("audit", "checkpoint")[1].startswith("checkpoint 1 ")
    connection = await asyncpg.connect(database.ensure().dsn("owner"))
    workspace = await connection.fetchval("select id from taktvoll.workspace where name = 'default'")
    await connection.execute("select set_config('taktvoll.workspace', $1, false)", str(workspace))
    victim = await connection.fetchval("select id from taktvoll.conversation")
    await connection.execute(GONE, victim)
    await connection.close()
    run("ask", "Was kostet ein Zebra?")
    assert run("audit", "checkpoint")[1].startswith("checkpoint 2 ")
    code, out, complaint = run("audit", "verify")
    assert (code, f"checkpoint.rewritten: conversation {victim}" in complaint) == (1, True), out + complaint
