"""A folder's numbers window by window, held against a real dovecot: any size, any gap, no line too long."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from taktvoll.adapters.imap import ImapFolders
from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.domain.mail.intake_ports import MailFolder
from taktvoll.domain.mail.mailbox import Fetching, Privacy
from tests.contract.dovecot import PASSWORD, USER, Dovecot, encoded, running
from tests.contract.letters import letter

VAST = 4_000_000_000
UIDS = range(VAST, VAST + 45_000)
"""More than two windows as the product cuts them; dovecot takes seconds to look through such a folder at first."""
OLD, NEW = "Mon Jan  6 09:30:00 2025", "Mon Nov  2 09:30:00 2026"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A server whose folders are single files, so that a folder of any size is laid down at once."""
    with running(mail="mbox:{folder}/mail/%u:INBOX={folder}/mail/%u/INBOX") as server:
        yield server


def mbox(uids: Sequence[int], new_from: int = 0) -> bytes:
    """A folder with a tiny mail for each UID; those below `new_from` came long ago."""
    head = f"X-IMAPbase: 77 {uids[-1]}\n"
    mails = []
    for place, uid in enumerate(uids):
        when = NEW if uid >= new_from else OLD
        mails.append(f"From a@b.example {when}\n{head if not place else ''}X-UID: {uid}\n\nx\n\n")
    return "".join(mails).encode("ascii")


@asynccontextmanager
async def opened(
    server: Dovecot, name: str, tmp_path: Path, window: int | None = None
) -> AsyncIterator[MailFolder]:
    """A folder, connected."""
    secrets = ReferencedSecrets({"TAKTVOLL_SECRET_MAIL": PASSWORD}.get, tmp_path)
    fetching = Fetching(
        host="127.0.0.1", port=server.plain, privacy=Privacy.NONE, user=USER, secret="env:TAKTVOLL_SECRET_MAIL",
        folder=name, timeout_s=120,
    )  # fmt: skip
    tokens = TokenServers(secrets)
    folders = ImapFolders(secrets, tokens, window) if window else ImapFolders(secrets, tokens)
    folder = folders.folder(fetching)
    try:
        await folder.open()
        yield folder
    finally:
        await folder.close()


async def every(folder: MailFolder, after: int = 0, since: date | None = None) -> list[tuple[int, ...]]:
    """All windows."""
    windows = []
    while window := await folder.uids(after, since):
        windows.append(window)
        after = window[-1]
    return windows


async def test_a_folder_of_many_years_is_read_from_its_beginning(server: Dovecot, tmp_path: Path) -> None:
    """All its numbers in one line grow with the folder, in memory and beyond what the library takes."""
    server.lay("Viele", mbox(UIDS, new_from=UIDS[-99]))
    async with opened(server, "Viele", tmp_path) as folder:
        windows = await every(folder)
        assert [uid for window in windows for uid in window] == list(UIDS)
        assert [len(window) for window in windows] == [20_000, 20_000, 5_000]
        since = datetime(2026, 6, 1, tzinfo=UTC).date()
        assert await folder.uids(0, since) == tuple(UIDS[-99:])
        assert await folder.uids(UIDS[-1]) == ()


@pytest.mark.parametrize("window", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    "uids",
    [
        (1,),
        (VAST,),
        (1, VAST),
        (1, 2, 3, VAST, VAST + 1),
        (5, 900, 901, 70_000, 80_000, VAST),
        tuple(range(3, 60, 7)),
    ],
    ids=["one", "one_far", "jump", "jump_and_on", "sparse", "even"],
)
async def test_gaps_of_any_width_are_passed(
    server: Dovecot, tmp_path: Path, window: int, uids: tuple[int, ...]
) -> None:
    """A server may count from one to four billions: asking number by number would take for ever."""
    name = f"Luecken-{window}-{len(uids)}-{uids[-1]}"
    server.lay(name, mbox(uids))
    async with opened(server, name, tmp_path, window) as folder:
        windows = await every(folder)
        assert [uid for one in windows for uid in one] == list(uids)
        assert max(map(len, windows)) <= window
        for after in (0, uids[0], uids[len(uids) // 2], uids[-1] - 1, uids[-1], uids[-1] + 9):
            found = [uid for one in await every(folder, after) for uid in one]
            assert found == [uid for uid in uids if uid > after]


async def test_what_is_deleted_meanwhile_hides_nothing(server: Dovecot, tmp_path: Path) -> None:
    """Places in a folder move when a mail goes; windows are cut by number, so the next one begins where it must."""
    server.lay("Weniger", mbox(range(1, 41)))
    async with opened(server, "Weniger", tmp_path, 7) as folder:
        first = await folder.uids(0)
        with server.opened() as client:
            client.select("Weniger")
            client.uid("STORE", "1:5,9,30", "+FLAGS", "(\\Deleted)")
            client.expunge()
        rest = await every(folder, first[-1])
    assert first == tuple(range(1, 8))
    assert [uid for one in rest for uid in one] == [n for n in range(8, 41) if n not in (9, 30)]


async def test_a_folder_that_is_empty_or_was_emptied_has_nothing_and_then_the_first(
    server: Dovecot, tmp_path: Path
) -> None:
    """Where mails are moved away the folder is empty most of the time, and its next mail must be seen."""
    with server.opened() as client:
        client.create(encoded("Leer"))
    async with opened(server, "Leer", tmp_path) as folder:
        assert await folder.uids(0) == ()
        server.put(letter("eins"), folder="Leer")
        (first,) = await folder.uids(0)
        with server.opened() as client:
            client.select("Leer")
            client.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)")
            client.expunge()
        assert await folder.uids(first) == ()
        server.put(letter("zwei"), folder="Leer")
        await folder.wait(30)
        assert len(await folder.uids(first)) == 1
