"""Two thousand mails while the worker is killed over and over, `taktvoll up` itself included: each on record once."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest

from tests.acceptance.product import Product, until
from tests.contract.dovecot import PASSWORD, USER, Dovecot, running
from tests.contract.letters import letter

MAILS = 2_000
KILLS = 20
SEED = 20261126


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A mail server, which nobody kills."""
    with running() as server:
        yield server


@pytest.fixture
def mortal(tmp_path: Path, server: Dovecot) -> Iterator[Product]:
    """A product to kill, with a mailbox."""
    product = Product(tmp_path / "data", ("--no-sample",))
    product.start()
    for name, text in (("post", PASSWORD), ("ca", server.certificate.read_text(encoding="ascii"))):
        secret = product.folder / "secrets" / name
        secret.parent.mkdir(exist_ok=True)
        secret.write_text(text, encoding="utf-8")
        secret.chmod(0o600)
    added = product.run(
        "mailbox", "add", "service", "--address", "service@stadtwerke.example", "--imap-host", "localhost",
        "--imap-port", str(server.tls), "--user", USER, "--secret", "file:post", "--ca-file", "file:ca",
        "--start", "all",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    yield product
    product.stop()


@pytest.mark.timeout(3_000)
def test_two_thousand_mails_survive_every_kill(mortal: Product, server: Dovecot) -> None:
    """A worker dies at any instant between fetching, committing and marking; the count at the end tells (G8)."""
    chance = Random(SEED)
    server.put(
        *(letter(f"Brief {n}", sender=f"k{n}@kundin.example", subject=f"Anliegen {n}") for n in range(MAILS))
    )
    for number in range(KILLS):
        wanted = min(_count(mortal) + chance.randint(5, 60), MAILS)
        _reach(mortal, wanted)
        if number % 5 == 4:
            mortal.kill()
            mortal.start()
        else:
            for process in mortal.children("work"):
                _end(process)
    _reach(mortal, MAILS)
    rows = asyncio.run(_look(mortal, "select sender, conversation_id from mail_message"))
    events = asyncio.run(_look(mortal, "select 1 from event where kind = 'message.received'"))
    assert Counter(row["sender"] for row in rows) == {f"k{n}@kundin.example": 1 for n in range(MAILS)}
    assert (len(events), len({row["conversation_id"] for row in rows})) == (MAILS, MAILS)
    proven = mortal.run("audit", "verify")
    assert proven.returncode == 0, proven.stdout + proven.stderr
    until(lambda: sum("Seen" in flags for flags in server.flags().values()) >= MAILS - KILLS)


def _reach(product: Product, mails: int) -> None:
    """Wait until so many mails are on record."""
    until(lambda: _count(product) >= mails, f"{mails} mails never came", 1_200)


def _count(product: Product) -> int:
    """How many mails are on record; while the database is coming back, none can be counted."""
    try:
        return len(asyncio.run(_look(product, "select 1 from mail_message")))
    except (OSError, StopIteration, RuntimeError, asyncpg.PostgresError):
        return 0


async def _look(product: Product, question: str) -> list[Any]:
    """Ask the database as its owner, within its one workspace."""
    connection = await asyncpg.connect(product.database(), server_settings={"search_path": "taktvoll"})
    try:
        workspace = await connection.fetchval("select id from workspace")
        await connection.execute(f"set taktvoll.workspace = '{workspace}'")
        return list(await connection.fetch(question))
    finally:
        await connection.close()


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
