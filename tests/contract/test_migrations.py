"""Migrations: repeatable, unchangeable once run, equal to the committed schema, and kind to what is there."""

import asyncio
import hashlib
import re

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.jobs import install
from taktvoll.adapters.postgres.connect import Pool, check_ready
from taktvoll.adapters.postgres.migrate import migrate
from taktvoll.adapters.postgres.schema import files
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import uuid7
from tests.contract.conftest import APP_ROLE, NOW
from tests.migration.schema import KEPT, dumped, normal


async def test_migrations_run_once(fresh: str) -> None:
    """Every start of the program migrates; the second time nothing may happen, to schema or rights."""
    assert await migrate(fresh, APP_ROLE) == [name for name, _ in files()]
    before = dumped(fresh)
    assert await migrate(fresh, APP_ROLE) == []
    assert dumped(fresh) == before


async def test_programs_that_start_at_once_migrate_once(fresh: str) -> None:
    """Three machines of a cluster are updated in one minute; the lock makes two of them wait."""
    ran = await asyncio.gather(*(migrate(fresh, APP_ROLE) for _ in range(3)))
    assert sorted(len(r) for r in ran) == [0, 0, len(files())]


async def test_the_schema_is_the_committed_one(fresh: str) -> None:
    """Reviewers read schema.sql; what migrations make must be that (`python -m tests.migration.schema` renews it)."""
    await migrate(fresh, APP_ROLE)
    assert dumped(fresh).splitlines() == KEPT.read_text(encoding="utf-8").splitlines()


def test_only_what_differs_between_servers_is_left_out() -> None:
    """A comparison that drops statements would agree with anything."""
    dump = (
        "-- By 18.6\nSET x = 1;\n\\restrict a\nCREATE TABLE a (\n    b int\n);\n\n\nGRANT SELECT ON a TO c;\n"
    )
    assert normal(dump) == "CREATE TABLE a (\n    b int\n);\nGRANT SELECT ON a TO c;\n"


async def test_a_changed_file_is_refused(fresh: str) -> None:
    """A migration edited after it ran would leave two installations with one version and two schemas."""
    await migrate(fresh, APP_ROLE)
    connection = await asyncpg.connect(fresh)
    await connection.execute(
        "update taktvoll.schema_migration set digest = $1 where name = $2",
        hashlib.sha256(b"").hexdigest(),
        files()[0][0],
    )
    await connection.close()
    with pytest.raises(Refused) as caught:
        await migrate(fresh, APP_ROLE)
    assert caught.value.code == "database.schema"


@pytest.mark.parametrize("done", range(1, len(files())))
async def test_an_older_state_is_brought_up(fresh: str, done: int) -> None:
    """Upgrades that lose data are what peers' users suffer from: what an older program stored is still there."""
    await _as_an_older_program(fresh, done)
    connection = await asyncpg.connect(fresh)
    await connection.execute(
        "insert into taktvoll.workspace (id, name, created_at) values ($1, 'alt', $2)", uuid7(NOW), NOW
    )
    assert await migrate(fresh, APP_ROLE) == [name for name, _ in files()[done:]]
    assert await connection.fetchval("select name from taktvoll.workspace") == "alt"
    await connection.close()
    assert dumped(fresh).splitlines() == KEPT.read_text(encoding="utf-8").splitlines()


async def test_a_failed_migration_leaves_nothing_behind(fresh: str) -> None:
    """All or none: a half-migrated database fits no program."""
    await _as_an_older_program(fresh, 1)
    connection = await asyncpg.connect(fresh)
    await connection.execute("create function taktvoll.note_events() returns int language sql as 'select 1'")
    await connection.execute("create table taktvoll.blocker ()")
    await connection.execute("alter table taktvoll.event rename to event_moved")
    with pytest.raises(asyncpg.PostgresError):
        await migrate(fresh, APP_ROLE)
    assert [r[0] for r in await connection.fetch("select name from taktvoll.schema_migration")] == [
        files()[0][0]
    ]
    await connection.close()


async def test_a_program_does_not_work_on_a_missing_schema(fresh: str) -> None:
    """A clear word at the start is better than an error in the middle of a conversation."""
    connection = await asyncpg.connect(fresh)
    await connection.execute("create schema taktvoll")
    await connection.execute(f"grant usage on schema taktvoll to {APP_ROLE}")
    await connection.close()
    pool = Pool(fresh.replace("taktvoll_owner", APP_ROLE), 2, APP_ROLE)
    with pytest.raises(Refused) as caught:
        await check_ready(pool)
    assert caught.value.code == "database.schema"
    await pool.close()


async def test_a_program_does_not_work_as_a_role_above_the_rules(endpoint: Endpoint, superuser: str) -> None:
    """Row-level security binds no superuser; a program that runs as one would hold workspaces together by hope."""
    pool = Pool(superuser, 2, "postgres")
    with pytest.raises(Refused) as caught:
        await check_ready(pool)
    assert caught.value.code == "database.role"
    await pool.close()
    stepped_down = Pool(superuser, 2, APP_ROLE)
    await check_ready(stepped_down)
    await stepped_down.close()


async def test_jobs_are_installed_once(fresh: str) -> None:
    """The queue's tables come from pgqueuer; a second start must find them and leave them."""
    await migrate(fresh, APP_ROLE)
    assert await install(fresh)
    assert not await install(fresh)


async def test_an_absent_server_is_unavailable() -> None:
    """The caller is told to try again, with our words."""
    with pytest.raises(Unavailable):
        await migrate("postgresql:///x?host=/nowhere&user=x", APP_ROLE)


def test_file_names_say_their_order_and_kind() -> None:
    """pre runs before the new program starts, post after the old one is gone; gaps would hide a lost file."""
    names = [name for name, _ in files()]
    assert all(re.fullmatch(r"\d{4}_(pre|post)_[a-z_]+\.sql", n) for n in names)
    assert [int(n[:4]) for n in names] == list(range(1, len(names) + 1))


async def _as_an_older_program(dsn: str, done: int) -> None:
    """Leave a database as a program with fewer migrations left it."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("create schema taktvoll")
    await connection.execute("set search_path = taktvoll")
    await connection.execute(
        "create table schema_migration"
        " (name text primary key, digest text not null, at timestamptz not null default now())"
    )
    for name, text in files()[:done]:
        await connection.execute(text.replace("{app_role}", f'"{APP_ROLE}"'))
        await connection.execute(
            "insert into schema_migration (name, digest) values ($1, $2)",
            name,
            hashlib.sha256(text.encode()).hexdigest(),
        )
    await connection.close()
