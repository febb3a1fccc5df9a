"""A process that reads a mailbox and kills itself with -9 at a given mail: right after it was fetched, or right after
it went on record.

I decide where it dies. test_mail_killed.py runs me as a program of its own. I never die politely.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from taktvoll.build import Database, open_house, settings_from
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.mail.intake_ports import MailFolder, Place
from taktvoll.domain.mail.mailbox import mailbox_of
from taktvoll.flows.watch_mailbox import Stumbled, open_mailbox, read_round


class Deadly:
    """The real folder, but at its nth mail the process is gone."""

    def __init__(self, folder: MailFolder, after: str, mails: int) -> None:
        self._folder, self._after, self._left = folder, after, mails

    def _count(self, what: str) -> None:
        if what == self._after:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    async def open(self) -> Place:
        """As it is."""
        return await self._folder.open()

    async def uids(self, after: int, since: date | None = None) -> tuple[int, ...]:
        """As it is."""
        return await self._folder.uids(after, since)

    async def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        """As it is."""
        return await self._folder.sizes(uids)

    async def fetch(self, uid: int, bytes_max: int, *, whole: bool = True) -> bytes | None:
        """Fetch, and perhaps die with the mail in our hands."""
        raw = await self._folder.fetch(uid, bytes_max, whole=whole)
        self._count("fetch")
        return raw

    async def settle(self, uid: int) -> None:
        """Perhaps die before the mail is marked."""
        self._count("settle")
        await self._folder.settle(uid)

    async def wait(self, timeout_s: float) -> None:
        """As it is."""
        await self._folder.wait(timeout_s)

    async def close(self) -> None:
        """As it is."""
        await self._folder.close()


async def main(folder: str, dsn: str, workspace: str, after: str, mails: int) -> None:
    """Read the workspace's mailbox until the death, or to the end."""
    settings = settings_from(Path(folder))
    database = Database(dsn, dsn, lambda: None, lambda: None)
    async with open_house(settings, database, lambda *_: None) as house:
        place = await house.directory.workspace(workspace)
        mailbox = mailbox_of(await house.directory.account(place.id, MAIL, "service"))
        assert mailbox.fetching is not None
        deadly = Deadly(house.mail_folders.folder(mailbox.fetching), after, mails)
        cursor = await open_mailbox(house, mailbox, deadly)
        await read_round(house, mailbox, deadly, cursor, Stumbled())
        await deadly.close()


if __name__ == "__main__":
    data, dsn, workspace, after, mails = sys.argv[1:]
    asyncio.run(main(data, dsn, workspace, after, int(mails)))
