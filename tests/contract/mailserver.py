"""Mail servers on loopback: a good one with STARTTLS and sign-in, and one that follows a script, however bad.

I decide how a server behaves towards the sending side. The tests of SMTP and delivery call me.
I never leave this machine: every server listens on 127.0.0.1.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USER, PASSWORD = "service", "übergeheim 4711"
CLOSED = b""
"""In a script: break the connection instead of a reply."""

STALL = b"stall"
"""In a script: never reply."""


@dataclass
class Taken:
    """What a server took: envelopes in their order, each with the mail as parsed by the standard library."""

    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [parsed(raw) for raw in self.raw]

    @property
    def ids(self) -> list[str]:
        """Their Message-IDs."""
        return [str(mail["Message-ID"]) for mail in self.mails]


def parsed(raw: bytes) -> EmailMessage:
    """Read a mail with the standard library, which knows nothing of us."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


class _Handler:
    """Takes everything, unless `on_data` says otherwise."""

    def __init__(self, taken: Taken, on_data: Callable[[int], Awaitable[str | None]] | None) -> None:
        self._taken = taken
        self._on_data = on_data

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content
        assert content is not None
        self._taken.raw.append(content)
        self._taken.recipients += envelope.rcpt_tos
        self._taken.senders.append(str(envelope.mail_from))
        answer = await self._on_data(len(self._taken.raw)) if self._on_data else None
        return answer or "250 2.0.0 Ok: queued as 4XyZ1"


def _login(taken: Taken) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        good = given.login == USER.encode() and given.password == PASSWORD.encode()
        if good:
            taken.users.append(given.login.decode())
        return AuthResult(success=good, handled=good)

    return check


@asynccontextmanager
async def good_server(
    tls: ssl.SSLContext | None = None,
    on_data: Callable[[int], Awaitable[str | None]] | None = None,
    **options: Any,
) -> AsyncIterator[tuple[int, Taken]]:
    """Run a server; with `tls` it wants STARTTLS and a sign-in. Gives its port and what it takes."""
    taken = Taken()
    secured: dict[str, Any] = {}
    if tls:
        secured = {
            "tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": _login(taken),
        }  # fmt: skip

    def connected() -> SMTP:
        taken.connections += 1
        return SMTP(
            _Handler(taken, on_data),
            hostname="mail.test",
            loop=asyncio.get_running_loop(),
            **(secured | options),
        )

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], taken
    finally:
        server.close()


Reply = bytes | Callable[[int], bytes]


@asynccontextmanager
async def scripted_server(**replies: Reply) -> AsyncIterator[tuple[int, Taken]]:
    """Run a server that follows a script.

    Takes:  replies by command (greeting, EHLO, MAIL, RCPT, DATA, content, RSET, QUIT); a function gets the number of
            the command's occurrence, from 1. What is not named is answered well.
    """
    taken, counts = Taken(), dict[str, int]()
    script: dict[str, Reply] = {
        "greeting": b"220 mail.test ESMTP", "EHLO": b"250 mail.test", "MAIL": b"250 2.1.0 Ok", "RCPT": b"250 2.1.5 Ok",
        "DATA": b"354 go", "content": b"250 2.0.0 Ok: queued as S1", "RSET": b"250 Ok", "QUIT": b"221 bye",
    }  # fmt: skip
    script |= replies

    async def say(writer: asyncio.StreamWriter, what: str) -> bool:
        counts[what] = counts.get(what, 0) + 1
        reply = script.get(what, b"502 what?")
        said = reply(counts[what]) if callable(reply) else reply
        if said == STALL:
            await asyncio.Event().wait()
        if said == CLOSED:
            writer.transport.abort()
            return False
        writer.write(said + b"\r\n")
        await writer.drain()
        return not said.startswith(b"421")

    async def content(reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.connections += 1
        going = await say(writer, "greeting")
        while going and (line := await reader.readline()):
            taken.commands.append(line.decode("utf-8").rstrip("\r\n"))
            word = line.split(None, 1)[0].upper().decode()
            going = await say(writer, word)
            if word == "DATA" and going and script["DATA"] == b"354 go":
                taken.raw.append(await content(reader))
                going = await say(writer, "content")
            going = going and word != "QUIT"

    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], taken
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own and the context of a server it vouches for."""

    ca_pem: str
    server: ssl.SSLContext


def authority(folder: Path, host: str = "127.0.0.1") -> Authority:
    """Make a certificate authority and a certificate for one host."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
    now = datetime.now(UTC)

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        made = made.serial_number(x509.random_serial_number())
        return made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))

    ca = begun(ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), critical=True)
    ca = ca.add_extension(
        x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
    ca_cert = ca.sign(ca_key, SHA256())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    alternative: x509.GeneralName = (
        x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    )
    cert = (
        begun(name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, SHA256())
    )
    cert_file, key_file = folder / f"{host}.cert.pem", folder / f"{host}.key.pem"
    cert_file.write_bytes(cert.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return Authority(ca_cert.public_bytes(Encoding.PEM).decode("ascii"), context)
