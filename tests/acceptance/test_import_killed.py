"""An import dies in the middle: what may be said is as before, or all of the new; never a part of it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import asyncpg
import pytest

from taktvoll.adapters.embedded import EmbeddedPostgres
from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, environment, until, write_lines

MANY = 3_000


def count(place: Place, sql: str) -> int:
    """Ask the database as its owner."""

    async def ask() -> int:
        connection = await asyncpg.connect(database.ensure().dsn("owner"))
        try:
            workspace = await connection.fetchval("select id from taktvoll.workspace where name = 'default'")
            await connection.execute("select set_config('taktvoll.workspace', $1, false)", str(workspace))
            return int(await connection.fetchval(sql))
        finally:
            await connection.close()

    database = EmbeddedPostgres(place.folder)
    found = asyncio.run(ask())
    database.release()
    return found


def stores(place: Place) -> bool:
    """Say whether some process is writing to the working copy right now."""
    writes = "select count(*) from pg_locks where relation = 'taktvoll.working_passage'::regclass and mode like 'Row%'"
    return count(place, writes) > 0


def builds(place: Place) -> bool:
    """Say whether a second search is being built beside the first."""
    return len([p for p in (place.folder / "cache" / "search").iterdir() if p.is_dir()]) > 1


@pytest.mark.parametrize("moment", [stores, builds])
def test_a_killed_import_leaves_all_or_nothing(fresh: Place, moment: Callable[[Place], bool]) -> None:
    """Half a price list is a wrong price list; an administrator who tries again gets the whole one."""
    assert fresh.run("import", write_lines(fresh.files / "hilfe.jsonl", LIBRARY))[0] == 0
    many = [
        {
            "id": f"n{n}",
            "question": f"Was bedeutet der Fehler F-{n:04d}?",
            "answer": f"F-{n:04d}: Ventil {n} klemmt.",
        }
        for n in range(MANY)
    ]
    file = write_lines(fresh.files / "viele.jsonl", many)
    words = [sys.executable, "-m", "taktvoll", "import", str(file), "--data", str(fresh.folder)]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    ) as importing:
        until(lambda: moment(fresh) or importing.poll() is not None, "the moment never came")
        assert importing.poll() is None, "the import was over before it could be killed"
        os.kill(importing.pid, signal.SIGKILL)
    stored = count(fresh, "select count(*) from taktvoll.working_passage where collection = 'viele'")
    assert stored in (0, MANY)
    editions = fresh.run("edition", "list")[1].splitlines()
    assert [line.split()[1] for line in editions] == ["1"]
    known, unknown = fresh.ask_all("Was kostet der Leseausweis?", "Was bedeutet der Fehler F-0017?")
    assert known["candidates"][0]["id"] == "ausweis"
    assert not [c for c in unknown["candidates"] if c["id"].startswith("n")]
    code, out, err = fresh.run("import", file)
    assert (code, out.startswith(f"{MANY} passages")) == (0, True), err
    (answer,) = fresh.ask_all("Was bedeutet der Fehler F-0017?")
    assert "n17" in [c["id"] for c in answer["candidates"]]
    assert count(fresh, "select count(*) from taktvoll.working_passage") == MANY + len(LIBRARY)
