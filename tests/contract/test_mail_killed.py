"""kill -9 between fetching a mail and putting it on record, and before marking it: none lost, none doubled."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from tests.contract.dovecot import PASSWORD, USER, running
from tests.contract.letters import letter
from tests.contract.posts import post_of
from tests.simulation.town import settle

MAILS = 40
DEATHS = (("fetch", 0), ("fetch", 7), ("settle", 0), ("settle", 11), ("fetch", 3))


async def test_a_reader_that_dies_loses_and_doubles_nothing(
    pool: Pool, endpoint: Endpoint, tmp_path: Path
) -> None:
    """The server still has what was not on record, and the cursor has passed what was: no third case exists."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    folder = tmp_path / "data"
    with running() as server:
        for name, text in (("post", PASSWORD), ("ca", server.certificate.read_text(encoding="ascii"))):
            secret = folder / "secrets" / name
            secret.parent.mkdir(parents=True, exist_ok=True)
            secret.write_text(text, encoding="utf-8")
            secret.chmod(0o600)
        incoming = {
            "host": "localhost",
            "port": server.tls,
            "user": USER,
            "secret": "file:post",
            "ca_file": "file:ca",
            "start": "all",
        }
        post = await post_of(town, incoming=incoming)
        server.put(*(letter(f"Brief {n}", sender=f"kundin{n}@kundin.example") for n in range(MAILS)))
        for after, mails in DEATHS:
            assert _read(folder, endpoint, town.place.workspace.name, after, mails) == -9
        assert _read(folder, endpoint, town.place.workspace.name, "settle", MAILS) == 0
        seen = server.flags()
    async with town.place.pool.within(town.place.id) as connection:
        rows = await connection.fetch("select facts -> 'sender' ->> 1 as sender from mail_message")
        events = await connection.fetchval(
            "select count(*) from event where workspace_id = $1 and kind = 'message.received'", town.place.id
        )
    assert Counter(row["sender"] for row in rows) == {f"kundin{n}@kundin.example": 1 for n in range(MAILS)}
    assert events == MAILS
    # Who died between the record and the mark left one mail unread, and the next one settles it.
    assert sum("Seen" in flags for flags in seen.values()) == MAILS
    standing = await post.house.mails.standing(town.place.id, post.mailbox.account.id)
    assert standing.cursor is not None
    assert standing.cursor.uid == max(seen)
    town.close()


def _read(folder: Path, endpoint: Endpoint, workspace: str, after: str, mails: int) -> int:
    words = [str(folder), endpoint.dsn("app"), workspace, after, str(mails)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.dying_reader", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False, timeout=110,
    )  # fmt: skip
    return done.returncode
