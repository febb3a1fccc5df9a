"""Migrations: numbered SQL files, each run once, in order, under a lock.

I decide the schema's version. taktvoll migrate and taktvoll up call me, as the owner of the schema.
I never change a file that has run: its digest is kept and checked.
"""

import hashlib
from typing import Any

import asyncpg

from taktvoll.adapters.postgres.connect import GONE
from taktvoll.adapters.postgres.schema import SCHEMA, files
from taktvoll.base.errors import Refused, Unavailable

_LOCK = 7_254_118
_OLDEST_SERVER = 150_000


async def migrate(owner_dsn: str, app_role: str) -> list[str]:
    """Bring the schema up to date.

    Takes:  app_role: the role the program works as; created without login if it does not exist.
    Gives:  the names of the migrations that ran now.
    Raises: Refused("database.old"), Refused("database.schema") if a file changed after it ran, Unavailable.
    """
    try:
        connection = await asyncpg.connect(owner_dsn, timeout=10)
    except GONE as error:
        raise Unavailable("database.unreachable", 2) from error
    try:
        if connection.get_server_version().major * 10_000 < _OLDEST_SERVER:
            raise Refused("database.old")
        async with connection.transaction():
            return await _run_missing(connection, app_role)
    finally:
        await connection.close()


async def grant_jobs(owner_dsn: str, app_role: str) -> None:
    """Let the program's role use the tables that the job library made in our schema."""
    connection = await asyncpg.connect(owner_dsn, timeout=10)
    role = _quoted(app_role)
    try:
        tables = await connection.fetch(
            "select tablename from pg_tables where schemaname = $1 and tablename like 'pgqueuer%'", SCHEMA
        )
        for table in tables:
            name = f"{SCHEMA}.{_quoted(table[0])}"
            await connection.execute(f"grant select, insert, update, delete on {name} to {role}")
        await connection.execute(f"grant usage, select on all sequences in schema {SCHEMA} to {role}")
    finally:
        await connection.close()


async def _run_missing(connection: Any, app_role: str) -> list[str]:
    await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
    await connection.execute(f"create schema if not exists {SCHEMA}")
    await connection.execute(f"set local search_path = {SCHEMA}")
    await connection.execute(
        "create table if not exists schema_migration "
        "(name text primary key, digest text not null, at timestamptz not null default now())"
    )
    done = {
        r["name"]: r["digest"] for r in await connection.fetch("select name, digest from schema_migration")
    }
    await _ensure_role(connection, app_role)
    ran = []
    for name, text in files():
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        if name in done:
            if done[name] != digest:
                raise Refused("database.schema")
            continue
        await connection.execute(text.replace("{app_role}", _quoted(app_role)))
        await connection.execute("insert into schema_migration (name, digest) values ($1, $2)", name, digest)
        ran.append(name)
    await connection.execute(f"grant select on schema_migration to {_quoted(app_role)}")
    return ran


async def _ensure_role(connection: Any, role: str) -> None:
    """Make the program's role where nobody has yet; whoever migrates may then step down to it."""
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        await connection.execute(f"create role {_quoted(role)} nologin")
        await connection.execute(f"grant {_quoted(role)} to current_user")


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
