"""Every mailbox is watched by a task of its own: connect, read, wait for news, and begin anew when something fails.

I decide how long to pause after a failure, and that of several workers one reads. The worker process runs me.
I never end because one mailbox fails: its failure is noted by its code, and the others go on.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from uuid import uuid4

from taktvoll.base.errors import Refused, TaktvollError, Unavailable, way_of
from taktvoll.base.ids import AccountId
from taktvoll.base.limits import MAIL_IDLE_S_MAX
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.mail.mailbox import Fetching, Mailbox, mailbox_of
from taktvoll.flows.house import House
from taktvoll.flows.watch_mailbox import Stumbled, open_mailbox, read_round

log = logging.getLogger("taktvoll.mail")

LOOK_S = 5.0
"""How soon a mailbox that was set up or changed is taken note of."""

CLAIM_S = 30.0
"""How long a watcher that died or hangs keeps a mailbox from the next one."""

PAUSES_S = (1, 2, 5, 10, 30, 60)


class Mailboxes:
    """The watchers of all mailboxes of an installation."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tasks: dict[AccountId, tuple[Mapping[str, object], asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            while True:
                try:
                    await self._look()
                except Exception as error:  # the next look tries again; until then the watchers go on
                    log.error("mailboxes were not looked up: %s: %s", type(error).__name__, way_of(error))
                await asyncio.sleep(LOOK_S)
        finally:
            tasks = [task for _, task in self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        """Start watchers for new mailboxes, and anew where settings changed."""
        accounts = {a.id: a for a in await self._house.directory.accounts(MAIL)}
        for known, (settings, task) in list(self._tasks.items()):
            account = accounts.get(known)
            if account is None or account.settings != settings or task.done():
                task.cancel()
                del self._tasks[known]
                await asyncio.gather(
                    task, return_exceptions=True
                )  # so that the mailbox is free for the next one
        for found, account in accounts.items():
            if found not in self._tasks:
                task = asyncio.create_task(Watcher(self._house, account).run())
                self._tasks[found] = (account.settings, task)


class Watcher:
    """One mailbox."""

    def __init__(self, house: House, account: Account) -> None:
        self._house = house
        self._account = account
        self._stumbled = Stumbled()
        self._me = uuid4()

    async def run(self) -> None:
        """Watch until cancelled; a mailbox that is set up wrongly or fetches nothing is left alone."""
        try:
            mailbox = mailbox_of(self._account)
        except Refused as error:
            await self._failed(error.code)
            await asyncio.Event().wait()
            return
        if mailbox.fetching is None:
            await asyncio.Event().wait()
            return
        failures = 0
        while True:
            if not await self._claims():
                await asyncio.sleep(CLAIM_S / 3)
                continue
            began = await self._hold(mailbox, mailbox.fetching)
            failures = 0 if began else failures + 1
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])

    async def _hold(self, mailbox: Mailbox, fetching: Fetching) -> bool:
        """Watch until it fails, or until another worker has the mailbox because this one stood still for too long."""
        watching = asyncio.create_task(self._watch(mailbox, fetching))
        holding = asyncio.create_task(self._renew())
        try:
            await asyncio.wait({watching, holding}, return_when=asyncio.FIRST_COMPLETED)
            return watching.done() and watching.result()
        finally:
            for task in (watching, holding):
                task.cancel()
            await asyncio.gather(watching, holding, return_exceptions=True)
            with suppress(Unavailable):
                await self._house.mails.release(self._account.workspace, self._account.id, self._me)

    async def _renew(self) -> None:
        """Renew the claim until somebody else has it; a database that is away gives it to nobody."""
        while True:
            await asyncio.sleep(CLAIM_S / 3)
            with suppress(Unavailable):
                if not await self._claimed():
                    return

    async def _claims(self) -> bool:
        """Try to become the one who reads."""
        try:
            return await self._claimed()
        except Unavailable as error:
            await self._failed(error.code)
            return False

    async def _claimed(self) -> bool:
        house, account = self._house, self._account
        return await house.mails.claim(account.workspace, account.id, self._me, house.now(), CLAIM_S)

    async def _watch(self, mailbox: Mailbox, fetching: Fetching) -> bool:
        """Watch over one connection, until it fails; gives whether a round succeeded."""
        began = False
        folder = self._house.mail_folders.folder(fetching)
        try:
            cursor = await open_mailbox(self._house, mailbox, folder)
            while True:
                cursor = await read_round(self._house, mailbox, folder, cursor, self._stumbled)
                began = True
                await folder.wait(min(MAIL_IDLE_S_MAX, mailbox.alarm_min * 60 / 3))
        except TaktvollError as error:
            await self._failed(error.code)
        except Exception as error:  # a fault of ours at one mail must not stop this mailbox for good
            log.error("a mailbox stumbled: %s: %s", type(error).__name__, way_of(error))
            await self._failed("internal")
        finally:
            await folder.close()
        return began

    async def _failed(self, code: str) -> None:
        with suppress(Unavailable):
            house = self._house
            await house.mails.failed(self._account.workspace, self._account.id, house.now(), code)
