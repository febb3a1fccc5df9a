"""The schema as PostgreSQL's own program describes it, in a form that two machines write alike.

I decide what of a dump counts. tests/contract/test_migrations.py compares me with schema.sql beside me;
`python -m tests.migration.schema` writes that file anew. I never look at pgqueuer's tables: they are its own.
"""

import re
import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).with_name("schema.sql")
HEAD = "-- What all migrations together make; written by `python -m tests.migration.schema`, never by hand.\n"


def dumped(dsn: str) -> str:
    """Describe the schema of a database by pg_dump, without what differs from server to server."""
    from taktvoll.adapters.embedded.cluster import binaries

    done = subprocess.run(
        [str(binaries() / "pg_dump"), "--schema-only", "--no-owner", "--schema=taktvoll", f"--dbname={dsn}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return HEAD + normal(done.stdout)


def normal(dump: str) -> str:
    """Leave out comments, settings, the server's version and random keys; keep statements and their order."""
    lines = [
        line.rstrip()
        for line in dump.splitlines()
        if not re.match(r"--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict ", line)
    ]
    return "\n".join(line for line in lines if line) + "\n"


def main() -> None:
    """Write schema.sql anew from a fresh database."""
    import asyncio

    import asyncpg

    from taktvoll.adapters.postgres.migrate import migrate
    from tests.contract.conftest import APP_ROLE, server

    async def make(owner_dsn: str, name: str) -> None:
        connection = await asyncpg.connect(owner_dsn)
        await connection.execute(f"create database {name}")
        await connection.close()

    embedded, endpoint = server()
    asyncio.run(make(endpoint.dsn("owner"), "described"))
    asyncio.run(migrate(endpoint.dsn("owner", "described"), APP_ROLE))
    KEPT.write_text(dumped(endpoint.dsn("owner", "described")), encoding="utf-8")
    embedded.release()
    sys.stdout.write(f"{KEPT.name}: written\n")


if __name__ == "__main__":
    main()
