"""The schema's name and its migration files.

I decide which files make up the schema. The pool and the migrations call me. I never run one.
"""

from importlib import resources
from typing import Any

SCHEMA = "taktvoll"


def files() -> list[tuple[str, str]]:
    """Name and text of every migration, in order."""
    folder = resources.files("taktvoll.adapters.postgres") / "migrations"
    found = [(f.name, f.read_text(encoding="utf-8")) for f in folder.iterdir() if f.name.endswith(".sql")]
    return sorted(found)


async def pending(connection: Any) -> bool:
    """Whether the schema lacks a migration of this program."""
    exists = await connection.fetchval("select to_regclass($1)", f"{SCHEMA}.schema_migration")
    if exists is None:
        return True
    done = {r[0] for r in await connection.fetch(f"select name from {SCHEMA}.schema_migration")}  # noqa: S608
    return any(name not in done for name, _ in files())
