"""A mail server that takes mail for the company's mailboxes and nobody else, and answers 250 only when it is on record.

I decide what is said in SMTP and LMTP. build.py makes me with two questions to ask: is there such a mailbox, and take
this mail. I never relay, never keep a mail in memory that is not on record, and never say why inside we could not.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from time import monotonic
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from taktvoll.base.errors import Refused, Unavailable, way_of
from taktvoll.base.limits import (
    MAIL_BYTES_MAX,
    MAIL_CONNECTIONS_MAX,
    MAIL_INTAKE_BURST,
    MAIL_INTAKE_PER_MINUTE,
)
from taktvoll.base.pace import Pace

log = logging.getLogger("taktvoll.mail")

RECIPIENTS_MAX = 50
LINE_BYTES_MAX = 1_000_000
IDLE_S_MAX = 60
COMMANDS_MAX = 20
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]{1,320}$")

NULL_SENDER = "<>"
AGAIN = "451 4.3.0 Not possible at present, please try again later"


Knows = Callable[[str], Awaitable[bool]]
Take = Callable[[str, bytes], Awaitable[None]]
Now = Callable[[], datetime]


class MailIntake:
    """The server; it speaks LMTP where told so, else SMTP."""

    def __init__(
        self, host: str, port: int, knows: Knows, take: Take, now: Now, *, lmtp: bool = False
    ) -> None:
        self._where = (host, port)
        self._handler = _Handler(knows, take, now, lmtp=lmtp)
        self._protocol = _Lmtp if lmtp else _Smtp
        self._open = 0
        self._server: asyncio.Server | None = None
        # Its own log names peers and addresses.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)

    async def start(self) -> int:
        """Listen; gives the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._made, *self._where, backlog=MAIL_CONNECTIONS_MAX)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def _made(self) -> asyncio.Protocol:
        """A connection; each may hold a mail in memory, so there are not more than so many."""
        if self._open >= MAIL_CONNECTIONS_MAX:
            return _Full()
        self._open += 1
        made: asyncio.Protocol = self._protocol(
            self._handler,
            closed=self._closed,
            data_size_limit=MAIL_BYTES_MAX,
            enable_SMTPUTF8=True,
            hostname="taktvoll",
            ident="taktvoll",
            timeout=IDLE_S_MAX,
            command_call_limit={
                "*": COMMANDS_MAX,
                "MAIL": 1_000,
                "RCPT": 5_000,
                "DATA": 1_000,
                "RSET": 1_000,
            },
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        return made

    def _closed(self) -> None:
        self._open -= 1

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


class _Full(asyncio.Protocol):
    """Sends away who comes while all connections are taken."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "it came by TCP"
        transport.write(b"421 4.7.0 Too many connections, please try again later\r\n")
        transport.close()


class _Smtp(SMTP):
    """SMTP whose connections are counted; lines may be longer than a sender should write them (RFC 5321, 4.5.3.1.6)."""

    line_length_limit = LINE_BYTES_MAX

    def __init__(self, handler: object, *, closed: Callable[[], None], **given: Any) -> None:
        super().__init__(handler, **given)
        self._told_closed = closed

    def connection_lost(self, error: Exception | None) -> None:
        self._told_closed()
        super().connection_lost(error)


class _Lmtp(_Smtp, LMTP):
    """LMTP whose connections are counted."""


class _Handler:
    """What the server asks at each step."""

    def __init__(self, knows: Knows, take: Take, now: Now, *, lmtp: bool) -> None:
        self._knows = knows
        self._take = take
        self._now = now
        self._lmtp = lmtp
        self._pace = Pace(MAIL_INTAKE_BURST, MAIL_INTAKE_PER_MINUTE)

    async def handle_MAIL(  # noqa: N802 - the library finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A mail begins; the null sender of reports is welcome."""
        sender = "" if address == NULL_SENDER else address
        if sender and not _ADDRESS.fullmatch(sender):
            return "501 5.1.7 Bad sender address"
        try:
            self._pace.take(session.peer[0] if session.peer else "", monotonic())
        except Refused:
            return "450 4.7.1 Too many mails, please try again later"
        envelope.mail_from = sender or NULL_SENDER
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only mailboxes of the company are recipients."""
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 4.5.3 Too many recipients"
        if not _ADDRESS.fullmatch(address):
            return "501 5.1.3 Bad recipient address"
        try:
            known = await self._knows(address)
        except Unavailable:
            return AGAIN
        if not known:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Put the mail on record for each recipient; LMTP wants an answer for each, SMTP one for all."""
        raw = self._stamped(session, envelope)
        answers = [await self._taken(recipient, raw) for recipient in envelope.rcpt_tos]
        if self._lmtp:
            return "\r\n".join(answers)
        return next((one for one in answers if not one.startswith("250")), answers[0])

    async def _taken(self, recipient: str, raw: bytes) -> str:
        try:
            await self._take(recipient, raw)
        except Unavailable:
            return AGAIN
        except Refused as error:
            log.warning("a mail was refused: %s", error.code)
            return "554 5.6.0 This mail cannot be taken"
        return "250 2.0.0 On record"

    def _stamped(self, session: Session, envelope: Envelope) -> bytes:
        """Put before the mail what the last server on its way puts there. Source: RFC 5321, section 4.4."""
        content = envelope.original_content or b""
        peer = session.peer[0] if session.peer else "unknown"
        how = "LMTP" if self._lmtp else "ESMTP"
        sender = (envelope.mail_from or "").strip("<>")
        stamp = f"Return-Path: <{sender}>\r\n"
        stamp += f"Received: from [{peer}] by taktvoll with {how}; {format_datetime(self._now())}\r\n"
        return stamp.encode("utf-8", "replace") + content

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours: the sender's server keeps the mail and comes again."""
        log.error("mail intake stumbled: %s: %s", type(error).__name__, way_of(error))
        return AGAIN
