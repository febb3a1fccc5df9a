"""A mail server for tests that takes mail from whoever brings a token that holds, on the library aiosmtpd.

I decide which mechanisms it offers. The tests of signing in by tokens call me.
I never say no before the client has heard why, as the large providers do.
"""

import asyncio
import re
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.contract.mailserver import Taken

_XOAUTH2 = re.compile(rb"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01")
_OAUTHBEARER = re.compile(rb"n,a=([^\x01]+),\x01host=[^\x01]+\x01port=\d+\x01auth=Bearer ([^\x01]+)\x01\x01")
_WHY = b'{"status":"401","schemes":"bearer","scope":"mail"}'


class _Handler:
    """Takes every mail of the user whose token holds."""

    def __init__(self, taken: Taken, holds: Callable[[str, str], bool]) -> None:
        self._taken = taken
        self._holds = holds

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert envelope.original_content is not None
        self._taken.raw.append(envelope.original_content)
        return "250 2.0.0 Ok: queued as B1"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._heard(server, args, _XOAUTH2, b"")

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._heard(server, args, _OAUTHBEARER, b"\x01")

    async def _heard(self, server: SMTP, args: list[str], form: re.Pattern[bytes], owed: bytes) -> AuthResult:
        self._taken.commands.append(args[0])
        words = form.fullmatch(b64decode(args[1]))
        if words and self._holds(words[1].decode(), words[2].decode()):
            self._taken.users.append(words[1].decode())
            return AuthResult(success=True)
        if await server.challenge_auth(_WHY) != owed:
            await server.push("501 5.5.2 that is not how one answers")
            return AuthResult(success=False, handled=True)
        return AuthResult(success=False, handled=False)


@asynccontextmanager
async def bearer_server(
    tls: ssl.SSLContext, holds: Callable[[str, str], bool], *mechanisms: str
) -> AsyncIterator[tuple[int, Taken]]:
    """Run a server. Gives its port and what it takes.

    Takes:  holds: whether a token is a user's; mechanisms: what it offers.
    """
    taken = Taken()
    left_out = {"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"} - set(mechanisms)

    def connected() -> SMTP:
        taken.connections += 1
        return SMTP(
            _Handler(taken, holds), hostname="mail.test", loop=asyncio.get_running_loop(), tls_context=tls,
            require_starttls=True, auth_required=True, auth_exclude_mechanism=left_out,
        )  # fmt: skip

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], taken
    finally:
        server.close()
