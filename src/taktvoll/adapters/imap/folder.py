"""A folder on a mail server as the flows see it: each in a thread of its own, so that no server holds up the others.

I decide which thread talks and how waiting is cut into slices that can be stopped. build.py makes me; the flow
watch_mailbox calls me through the port MailFolder. I never let two calls of one mailbox run at once.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import monotonic
from typing import TypeVar

from taktvoll.adapters.imap.session import WINDOW_MAILS, Session
from taktvoll.base.errors import Refused
from taktvoll.domain.delivery.ports import Secrets
from taktvoll.domain.mail.intake_ports import MailFolder, Place
from taktvoll.domain.mail.mailbox import Fetching
from taktvoll.domain.mail.oauth_ports import AccessTokens

SLICE_S = 1.0
"""How long a thread waits for news before it looks whether it is still wanted."""

_REFUSED = "mailbox.oauth_sign_in"

T = TypeVar("T")


class ImapFolders:
    """Implements MailFolders."""

    def __init__(self, secrets: Secrets, tokens: AccessTokens, window: int = WINDOW_MAILS) -> None:
        """Take where secrets lie and tokens come from; of how many mails at most a server names the UIDs at once."""
        self._secrets = secrets
        self._tokens = tokens
        self._window = window

    def folder(self, fetching: Fetching) -> MailFolder:
        """Give the folder, not yet connected."""
        return ImapFolder(fetching, self._secrets, self._tokens, self._window)


class ImapFolder:
    """Implements MailFolder."""

    def __init__(self, fetching: Fetching, secrets: Secrets, tokens: AccessTokens, window: int) -> None:
        self._fetching = fetching
        self._window = window
        self._secrets = secrets
        self._tokens = tokens
        self._session: Session | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="imap")

    async def open(self) -> Place:
        """Connect anew; a token that the server refuses is replaced once: it may have ended early."""
        oauth = self._fetching.oauth
        if oauth is None:
            return await self._begun(self._secrets.read(self._fetching.secret).decode("utf-8", "replace"))
        token = await self._tokens.token(oauth)
        try:
            return await self._begun(token)
        except Refused as error:
            another = await self._tokens.token(oauth, refused=token) if error.code == _REFUSED else token
            if another == token:
                raise
        return await self._begun(another)

    async def _begun(self, secret: str) -> Place:
        self._cut()
        self._session = session = Session(self._fetching, secret, self._context(), self._window)
        return await self._run(session.open)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._fetching.ca_file:
            given = self._secrets.read(self._fetching.ca_file).decode("ascii", "replace")
            try:
                context.load_verify_locations(cadata=given)
            except ssl.SSLError as error:
                raise Refused("secret.malformed", reference=self._fetching.ca_file) from error
        return context

    async def uids(self, after: int, since: date | None = None) -> tuple[int, ...]:
        """The next UIDs above `after`."""
        return await self._run(lambda: self._opened.uids(after, since))

    async def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        """Sizes in bytes."""
        return await self._run(lambda: self._opened.sizes(uids))

    async def fetch(self, uid: int, bytes_max: int, *, whole: bool = True) -> bytes | None:
        """The bytes of a mail."""
        return await self._run(lambda: self._opened.fetch(uid, bytes_max, whole))

    async def settle(self, uid: int) -> None:
        """Mark or move."""
        await self._run(lambda: self._opened.settle(uid))

    async def wait(self, timeout_s: float) -> None:
        """Wait for news; a server without IDLE is asked again after the mailbox's own pause."""
        session = self._opened
        if not session.idles:
            await asyncio.sleep(min(timeout_s, self._fetching.poll_s))
            return
        until = monotonic() + timeout_s
        await self._run(session.begin_idle)
        while (left := until - monotonic()) > 0:
            if await self._run(lambda: session.news(min(SLICE_S, left))):
                break
        await self._run(session.end_idle)

    async def close(self) -> None:
        """Let the connection go; the thread ends with whatever it waits for."""
        self._cut()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _cut(self) -> None:
        if self._session is not None:
            self._session.shut()
            self._session = None

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    @property
    def _opened(self) -> Session:
        assert self._session is not None, "open first"
        return self._session
