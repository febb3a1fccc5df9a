"""SmtpPostman, the port Postman over aiosmtplib: connect, secure, sign in, hand over, and read what the server says.

I decide what each reply means for a message: it is taken, it may be tried again, it will never be. The mail channel
calls me. I never send a word in the clear beyond this machine, and never keep a server's text: it may name a recipient.
"""

import asyncio
import base64
import logging
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)
from aiosmtplib.errors import SMTPConnectTimeoutError

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.limits import MAIL_BYTES_PER_S_MIN
from taktvoll.domain.delivery.outgoing import Outgoing, Security
from taktvoll.domain.delivery.ports import MailSession, Secrets
from taktvoll.domain.delivery.terms import Envelope, Failed, Later, Outcome, Receipt, Sent, Why
from taktvoll.domain.mail.bearer import bearer_of, closing, opening
from taktvoll.domain.mail.oauth import OAuth
from taktvoll.domain.mail.oauth_ports import AccessTokens

QUIT_S_MAX = 2
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_QUEUED = re.compile(r"\bqueued as ([A-Za-z0-9._-]{1,60})\b", re.IGNORECASE)
_XTEXT = re.compile(r"[^!-*,-<>-~]")
_log = logging.getLogger(__name__)


class SmtpPostman:
    """Implements Postman."""

    def __init__(self, secrets: Secrets, tokens: AccessTokens) -> None:
        self._secrets = secrets
        self._tokens = tokens

    @asynccontextmanager
    async def session(self, mailbox: Outgoing) -> AsyncIterator[MailSession]:
        """Connect, secure, sign in; the session tells what failed."""
        opened = await self._open(mailbox)
        if isinstance(opened, Later):
            _log.warning("A mail server does not take mail: %s %s %s", opened.why, opened.code, opened.status)
            yield _Closed(opened)
            return
        session = _Session(opened, mailbox)
        try:
            yield session
        finally:
            await session.close()

    async def _open(self, mailbox: Outgoing) -> SMTP | Later:
        """Connect; a token that the server refuses is replaced once: it may have ended early."""
        if mailbox.oauth is None:
            return await self._connected(mailbox, "")
        token = await self._token(mailbox.oauth, "")
        if isinstance(token, Later):
            return token
        opened = await self._connected(mailbox, token)
        if isinstance(opened, Later) and opened.why is Why.LOGIN and 500 <= opened.code < 600:
            another = await self._token(mailbox.oauth, token)
            if isinstance(another, Later):
                return another
            return opened if another == token else await self._connected(mailbox, another)
        return opened

    async def _token(self, oauth: OAuth, refused: str) -> str | Later:
        try:
            return await self._tokens.token(oauth, refused)
        except Refused as error:
            _log.warning("No token for a mail server: %s", error.code)
            return Later(Why.SECRET if error.code.startswith("secret.") else Why.CONSENT)
        except Unavailable as error:
            _log.warning("No token for a mail server: %s", error.code)
            return Later(Why.TOKEN)

    async def _connected(self, mailbox: Outgoing, token: str) -> SMTP | Later:
        """Whatever hinders a connection hinders no message for good: settings and servers are mended."""
        try:
            password = self._secrets.read(mailbox.secret).decode("utf-8") if mailbox.secret else None
            client = SMTP(
                hostname=mailbox.host,
                port=mailbox.port,
                timeout=mailbox.timeout_s,
                use_tls=mailbox.security is Security.TLS,
                start_tls=mailbox.security is Security.STARTTLS,
                tls_context=None if mailbox.security is Security.NONE else self._trust(mailbox),
                local_hostname=mailbox.domain.encode("idna").decode("ascii"),
            )
        except (Refused, UnicodeError, ssl.SSLError):
            return Later(Why.SECRET)
        try:
            await client.connect()
            if token:
                await _sign_in_by_token(client, mailbox, token)
            elif mailbox.user and password is not None:
                await client.login(mailbox.user, password)
            elif client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except (SMTPException, OSError, UnicodeError) as error:
            client.close()
            return _hindrance(error)
        return client

    def _trust(self, mailbox: Outgoing) -> ssl.SSLContext:
        """The machine's list of authorities, and the mailbox's own where it names one; names are always checked."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if mailbox.ca_file:
            context.load_verify_locations(cadata=self._secrets.read(mailbox.ca_file).decode("ascii"))
        return context


class _Closed:
    """Implements MailSession where no connection came about."""

    def __init__(self, refusal: Later) -> None:
        self.refusal: Outcome | None = refusal

    async def send(self, envelope: Envelope, raw: bytes) -> Outcome:
        return self.refusal or Later(Why.CONNECT)


class _Session:
    """Implements MailSession over one connection."""

    def __init__(self, client: SMTP, mailbox: Outgoing) -> None:
        self._client = client
        self._timeout_s = mailbox.timeout_s
        self.refusal: Outcome | None = None

    async def send(self, envelope: Envelope, raw: bytes) -> Outcome:
        """Hand one mail over; after a refusal the server is told to forget it, so that the next one starts clean."""
        wide = not (envelope.sender + envelope.recipient).isascii()
        outcome = self._unfit(raw, wide) or await self._transact(envelope, raw, wide)
        if not self._client.is_connected and self.refusal is None:
            self.refusal = Later(Why.LOST)
        return outcome

    def _unfit(self, raw: bytes, wide: bool) -> Failed | None:
        """Say what this server can never take, before sending it."""
        if wide and not self._client.supports_extension("smtputf8"):
            return Failed(Why.UTF8)
        limit = self._client.esmtp_extensions.get("size", "").strip()
        if limit.isdigit() and 0 < int(limit) < len(raw):
            return Failed(Why.SIZE)
        return None

    async def _transact(self, envelope: Envelope, raw: bytes, wide: bool) -> Outcome:
        handed_over = False
        try:
            await self._envelope(envelope, raw, wide)
            ready = await self._client.execute_command(b"DATA")
            if ready.code != 354:
                return await self._refused(ready)
            handed_over = True
            return await self._content(raw)
        except SMTPResponseException as error:
            return await self._refused(SMTPResponse(error.code, error.message))
        except SMTPTimeoutError:
            self._client.close()
            return Later(Why.TIMEOUT, unsure=handed_over)
        except (SMTPServerDisconnected, OSError):
            self._client.close()
            return Later(Why.LOST, unsure=handed_over)
        except (SMTPException, UnicodeError):
            self._client.close()
            return Later(Why.SERVER, unsure=handed_over)

    async def _envelope(self, envelope: Envelope, raw: bytes, wide: bool) -> None:
        """Say who sends to whom, and ask for a report on failure and delay where the server can give one."""
        offers = self._client.supports_extension
        options = ["SMTPUTF8"] if wide else []
        if offers("size"):
            options.append(f"SIZE={len(raw)}")
        if offers("8bitmime") and not raw.isascii():
            options.append("BODY=8BITMIME")
        reports: list[str] = []
        if offers("dsn"):
            options += ["RET=HDRS", f"ENVID={_xtext(envelope.id)}"]
            kind = "utf-8" if wide else "rfc822"
            reports = ["NOTIFY=FAILURE,DELAY", f"ORCPT={kind};{_xtext(envelope.recipient)}"]
        encoding = "utf-8" if wide else "ascii"
        await self._client.mail(envelope.sender, options=options, encoding=encoding)
        await self._client.rcpt(envelope.recipient, options=reports, encoding=encoding)

    async def _content(self, raw: bytes) -> Outcome:
        """Send the message; from its end on, no word from the server means that nobody knows.

        Time runs from the first byte, so that a large message gets as much more as a slow line needs for it.
        """
        protocol = self._client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("gone")
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        protocol.write(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        on_its_way_s = len(stuffed) // MAIL_BYTES_PER_S_MIN
        reply = await protocol.read_response(timeout=self._timeout_s + on_its_way_s)
        if reply.code != 250:
            return await self._refused(reply)
        queued = _QUEUED.search(reply.message)
        return Sent(Receipt(reply.code, _status(reply.message), queued[1] if queued else ""))

    async def _refused(self, reply: SMTPResponse) -> Outcome:
        """5xx is for good, everything else for now; 421 also ends the connection."""
        code, status = reply.code, _status(reply.message)
        if code == 421:
            self._client.close()
            return Later(Why.SERVER, code, status)
        with suppress(SMTPException, OSError):
            await self._client.rset()
        # 530 and 535 are about our sign-in, 502 to 504 about the dialogue: no message is at fault.
        if 500 <= code < 600 and code not in (502, 503, 504, 530, 534, 535, 538):
            return Failed(Why.SERVER, code, status)
        return Later(Why.LOGIN if code in (530, 534, 535, 538) else Why.SERVER, code, status)

    async def close(self) -> None:
        """Say goodbye, but wait for no answer that does not come."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError, TimeoutError):
                await asyncio.wait_for(self._client.quit(), QUIT_S_MAX)
        self._client.close()


async def _sign_in_by_token(client: SMTP, mailbox: Outgoing, token: str) -> None:
    """Sign in; a server that refuses says first why, and waits for an answer to that (see bearer)."""
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    bearer = bearer_of(client.server_auth_methods)
    if bearer is None:
        raise SMTPException("no mechanism that takes tokens")
    words = opening(bearer, mailbox.user, mailbox.host, mailbox.port, token)
    reply = await client.execute_command(b"AUTH", bearer.value.encode(), base64.b64encode(words))
    if reply.code == 334:
        reply = await client.execute_command(base64.b64encode(closing(bearer)))
    if reply.code != 235:
        raise SMTPAuthenticationError(reply.code, reply.message)


def _hindrance(error: BaseException) -> Later:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Later(Why.TLS)
        cause = cause.__cause__
    if isinstance(error, SMTPAuthenticationError):
        return Later(Why.LOGIN, error.code, _status(error.message))
    if isinstance(error, SMTPConnectTimeoutError | SMTPTimeoutError):
        return Later(Why.TIMEOUT)
    if isinstance(error, SMTPResponseException):
        return Later(Why.GREETING, error.code, _status(error.message))
    if isinstance(error, SMTPConnectError | SMTPServerDisconnected | OSError):
        return Later(Why.CONNECT)
    # aiosmtplib has no words of its own for a server without STARTTLS or without AUTH.
    return Later(Why.TLS if "TLS" in str(error) else Why.LOGIN)


def _status(text: str) -> str:
    """The enhanced status of a reply (RFC 3463), and nothing else of its words."""
    found = _STATUS.search(text)
    return found[1] if found else ""


def _xtext(text: str) -> str:
    """Write a value into an SMTP parameter (RFC 3461, section 4; RFC 6533 for other alphabets)."""
    return _XTEXT.sub(lambda m: f"+{ord(m[0]):02X}" if ord(m[0]) < 128 else f"\\x{{{ord(m[0]):X}}}", text)
