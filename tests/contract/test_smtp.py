"""What a mail server does, and what it means for a mail: taken, later, never, or nobody knows."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.smtp import DkimSigner, SmtpPostman
from taktvoll.base.errors import Refused
from taktvoll.domain.delivery.outgoing import Dkim, Outgoing, Security
from taktvoll.domain.delivery.terms import Envelope, Failed, Later, Outcome, Receipt, Sent, Why
from tests.contract.mailserver import (
    CLOSED,
    PASSWORD,
    STALL,
    USER,
    Authority,
    authority,
    good_server,
    scripted_server,
)

RAW = (
    b"From: <service@auental.example>\r\nTo: <selin@kunde.example>\r\nSubject: Hallo\r\n"
    b"Message-ID: <1@auental.example>\r\n\r\nZeile eins\r\n.Zeile mit Punkt\r\n"
)
ENVELOPE = Envelope("019ac0de-0000-7000-8000-00000000abcd", "service@auental.example", "selin@kunde.example")
PLAIN = Outgoing(
    host="127.0.0.1", port=0, security=Security.NONE, address="service@auental.example", timeout_s=20
)
SECURED = replace(
    PLAIN, security=Security.STARTTLS, user=USER, secret="env:TAKTVOLL_SECRET_MAIL", ca_file="file:ca.pem"
)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Give a certificate authority and its server."""
    return authority(tmp_path_factory.mktemp("trusted"))


@pytest.fixture
def secrets(tmp_path: Path, trusted: Authority) -> ReferencedSecrets:
    """Give the sender's secrets: the password as a variable, the authority as a file."""
    kept(tmp_path, "ca.pem", trusted.ca_pem.encode())
    return secrets_of({"TAKTVOLL_SECRET_MAIL": PASSWORD}, tmp_path)


def secrets_of(variables: dict[str, str], folder: Path) -> ReferencedSecrets:
    """Secrets over these variables and a folder."""
    return ReferencedSecrets(lambda name: variables.get(name), folder)


def kept(folder: Path, name: str, content: bytes) -> None:
    """Keep a secret as people should."""
    path = folder / name
    path.write_bytes(content)
    path.chmod(0o600)


async def send(
    mailbox: Outgoing, secrets: ReferencedSecrets, *envelopes: Envelope, raw: bytes = RAW
) -> list[Outcome]:
    """Send one mail an envelope over one session."""
    async with SmtpPostman(secrets, TokenServers(secrets)).session(mailbox) as session:
        return [await session.send(envelope, raw) for envelope in envelopes or (ENVELOPE,)]


async def test_a_mail_goes_out_encrypted_and_signed_in(
    secrets: ReferencedSecrets, trusted: Authority
) -> None:
    """The ordinary case: STARTTLS, a checked certificate, a sign-in, one connection for several mails."""
    async with good_server(trusted.server) as (port, taken):
        second = replace(ENVELOPE, recipient="zweite@kunde.example")
        outcomes = await send(replace(SECURED, port=port), secrets, ENVELOPE, second)
    assert outcomes == [Sent(Receipt(250, "2.0.0", "4XyZ1"))] * 2
    assert taken.recipients == ["selin@kunde.example", "zweite@kunde.example"]
    assert (taken.users, taken.connections) == ([USER], 1)
    assert taken.raw[0] == RAW, "dots at line starts come out as they went in"


async def test_a_server_that_nobody_vouches_for_gets_nothing(
    secrets: ReferencedSecrets, trusted: Authority, tmp_path: Path
) -> None:
    """A stranger in the middle must not read customers' mail, nor the password."""
    elsewhere = authority(tmp_path, "127.0.0.1")
    wrong_name = authority(tmp_path, "other.example")
    for context in (elsewhere.server, wrong_name.server):
        async with good_server(context) as (port, taken):
            assert await send(replace(SECURED, port=port), secrets) == [Later(Why.TLS)]
            assert (taken.raw, taken.users) == ([], [])


async def test_encryption_is_not_given_up_because_it_is_not_offered(secrets: ReferencedSecrets) -> None:
    """Whoever strips STARTTLS from the offer must not get the mail in the clear."""
    async with scripted_server() as (port, taken):
        assert await send(replace(SECURED, port=port), secrets) == [Later(Why.TLS)]
        assert not any(c.startswith(("AUTH", "MAIL")) for c in taken.commands)


async def test_tls_from_the_first_byte(secrets: ReferencedSecrets, trusted: Authority) -> None:
    """Port 465 speaks TLS at once."""

    async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test ESMTP\r\n")
        while line := await reader.readline():
            writer.write(
                b"235 in\r\n" if line.startswith(b"AUTH") else b"250-mail.test\r\n250 AUTH PLAIN\r\n"
            )
            if line.startswith(b"MAIL"):
                break
        writer.close()

    server = await asyncio.start_server(hello, "127.0.0.1", 0, ssl=trusted.server)
    port = server.sockets[0].getsockname()[1]
    outcome = await send(replace(SECURED, port=port, security=Security.TLS), secrets)
    server.close()
    assert outcome == [Later(Why.LOST)], "it came as far as MAIL, which this server never answers"


async def test_a_wrong_password_hinders_no_mail_for_good(
    trusted: Authority, tmp_path: Path, secrets: ReferencedSecrets
) -> None:
    """A password is mended by a person; the mails that wait must still be there then."""
    wrong = secrets_of({"TAKTVOLL_SECRET_MAIL": "falsch"}, tmp_path)
    none = secrets_of({}, tmp_path)
    async with good_server(trusted.server) as (port, taken):
        [outcome] = await send(replace(SECURED, port=port), wrong)
        assert isinstance(outcome, Later)
        assert (outcome.why, outcome.code) == (Why.LOGIN, 535)
        assert await send(replace(SECURED, port=port), none) == [Later(Why.SECRET)]
        assert taken.raw == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"RCPT": b"550 5.1.1 No such user here"}, Failed(Why.SERVER, 550, "5.1.1")),
        ({"RCPT": b"550 5.1.2 No such domain"}, Failed(Why.SERVER, 550, "5.1.2")),
        ({"RCPT": b"451 4.7.1 Greylisted"}, Later(Why.SERVER, 451, "4.7.1")),
        ({"MAIL": b"552 5.3.4 Too big"}, Failed(Why.SERVER, 552, "5.3.4")),
        ({"MAIL": b"530 5.7.0 Authentication required"}, Later(Why.LOGIN, 530, "5.7.0")),
        ({"MAIL": b"503 bad sequence"}, Later(Why.SERVER, 503)),
        ({"DATA": b"452 4.3.1 Disk full"}, Later(Why.SERVER, 452, "4.3.1")),
        ({"DATA": b"554 No"}, Failed(Why.SERVER, 554)),
        ({"content": b"554 5.7.1 Spam"}, Failed(Why.SERVER, 554, "5.7.1")),
        ({"content": b"451 4.3.0 Try later"}, Later(Why.SERVER, 451, "4.3.0")),
        ({"MAIL": b"421 4.3.2 Shutting down"}, Later(Why.SERVER, 421, "4.3.2")),
        ({"MAIL": CLOSED}, Later(Why.LOST)),
        ({"DATA": CLOSED}, Later(Why.LOST)),
        ({"content": CLOSED}, Later(Why.LOST, unsure=True)),
        ({"greeting": b"554 5.3.2 Not today"}, Later(Why.GREETING, 554, "5.3.2")),
        ({"greeting": CLOSED}, Later(Why.CONNECT)),
    ],
)
async def test_each_reply_means_one_thing(
    script: dict[str, bytes], expected: Outcome, secrets: ReferencedSecrets
) -> None:
    """A refusal that is repeated for days annoys a server; a hiccup taken for a refusal loses a customer's answer."""
    async with scripted_server(**script) as (port, _):
        assert await send(replace(PLAIN, port=port), secrets) == [expected]


@pytest.mark.parametrize(("stage", "unsure"), [("EHLO", False), ("MAIL", False), ("content", True)])
async def test_a_server_that_stalls_is_left(stage: str, unsure: bool, secrets: ReferencedSecrets) -> None:
    """One silent server must not hold up everyone's mail; after the whole message nobody knows."""
    async with scripted_server(**{stage: STALL}) as (port, _):
        outcome = await send(replace(PLAIN, port=port, timeout_s=1), secrets)
    assert outcome == [Later(Why.TIMEOUT, unsure=unsure)]


async def test_nobody_listens(secrets: ReferencedSecrets) -> None:
    """A server that is down is down for now."""
    async with scripted_server() as (port, _):
        pass
    assert await send(replace(PLAIN, port=port), secrets) == [Later(Why.CONNECT)]


async def test_a_refused_mail_does_not_spoil_the_next(secrets: ReferencedSecrets) -> None:
    """Several mails share a connection; one bad address must not take the others with it."""

    def second(number: int) -> bytes:
        return b"550 5.1.1 No" if number == 1 else b"250 Ok"

    async with scripted_server(RCPT=second) as (port, taken):
        outcomes = await send(replace(PLAIN, port=port), secrets, ENVELOPE, ENVELOPE)
    assert [type(o) for o in outcomes] == [Failed, Sent]
    assert taken.connections == 1
    assert "RSET" in taken.commands


async def test_a_lost_connection_says_that_it_is_lost(secrets: ReferencedSecrets) -> None:
    """The carrier must make a new one instead of failing all that wait."""
    async with (
        scripted_server(content=CLOSED) as (port, _),
        SmtpPostman(secrets, TokenServers(secrets)).session(replace(PLAIN, port=port)) as session,
    ):
        assert session.refusal is None
        await session.send(ENVELOPE, RAW)
        assert session.refusal is not None


OFFERS = b"250-mail.test\r\n250-SIZE 5000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN"


async def test_reports_are_asked_for_where_they_can_be_given(secrets: ReferencedSecrets) -> None:
    """A mail that is lost behind the next server is only known by its report (RFC 3461)."""
    tricky = replace(ENVELOPE, recipient="selin+strom=a@kunde.example")
    async with scripted_server(EHLO=OFFERS) as (port, taken):
        assert isinstance((await send(replace(PLAIN, port=port), secrets, tricky))[0], Sent)
    mail, rcpt = (next(c for c in taken.commands if c.startswith(w)) for w in ("MAIL", "RCPT"))
    assert f"ENVID={ENVELOPE.id}" in mail
    assert "RET=HDRS" in mail
    assert f"SIZE={len(RAW)}" in mail
    assert rcpt.endswith("NOTIFY=FAILURE,DELAY ORCPT=rfc822;selin+2Bstrom+3Da@kunde.example")
    async with scripted_server() as (port, taken):
        await send(replace(PLAIN, port=port), secrets)
    assert not any("NOTIFY" in c or "ENVID" in c for c in taken.commands)


async def test_what_a_server_cannot_take_is_not_sent(secrets: ReferencedSecrets) -> None:
    """Its limits are known from its greeting; breaking them is a refusal after a long upload."""
    async with scripted_server(EHLO=OFFERS) as (port, taken):
        outcome = await send(replace(PLAIN, port=port), secrets, raw=RAW + b"x" * 6_000)
        assert outcome == [Failed(Why.SIZE)]
        assert taken.raw == []
    wide = replace(ENVELOPE, recipient="jörg@müller.example")
    async with scripted_server() as (port, taken):
        assert await send(replace(PLAIN, port=port), secrets, wide) == [Failed(Why.UTF8)]


async def test_foreign_addresses_go_where_they_are_understood(secrets: ReferencedSecrets) -> None:
    """RFC 6531: a local part with an umlaut needs a server that says it can."""
    wide = replace(ENVELOPE, recipient="jörg@müller.example")
    raw = RAW.replace(b"selin@kunde.example", "jörg@müller.example".encode())
    async with scripted_server(EHLO=OFFERS) as (port, taken):
        assert isinstance((await send(replace(PLAIN, port=port), secrets, wide, raw=raw))[0], Sent)
    mail = next(c for c in taken.commands if c.startswith("MAIL"))
    assert "SMTPUTF8" in mail
    assert "BODY=8BITMIME" in mail
    assert any(c.startswith("RCPT TO:<jörg@müller.example>") for c in taken.commands)


def test_tls_is_never_older_than_1_2(secrets: ReferencedSecrets) -> None:
    """Older versions can be read."""
    context = SmtpPostman(secrets, TokenServers(secrets))._trust(SECURED)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.check_hostname


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    """Give a key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Write a key as its file holds it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def published(key: rsa.RSAPrivateKey) -> Callable[..., bytes]:
    """What the domain name system would say."""
    import base64

    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    asked: dict[bytes, bytes] = {b"s1._domainkey.auental.example.": b"v=DKIM1; k=rsa; p=" + public}
    return lambda name, timeout=5: asked[name]


WHEN = datetime.now(UTC)
SIGN = Dkim("auental.example", "s1", "file:dkim.pem")
MAILS = [
    RAW,
    RAW.replace(b"Hallo", b"=?utf-8?q?Z=C3=A4hlerstand?=\r\n  und  mehr"),
    RAW + b"\r\n\r\n\r\n",
    RAW.replace(b"\r\n\r\n", b"\r\nReply-To: a@b.example\r\nReferences: <1@x>\r\n <2@x>\r\n\r\n", 1) + b"  a \t b \r\n",
    RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("raw", MAILS)
def test_receivers_find_the_signature_good(raw: bytes, rsa_key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    """Another library than ours checks it, as receivers do; a bad signature is worse than none."""
    kept(tmp_path, "dkim.pem", pem(rsa_key))
    signed = DkimSigner(secrets_of({}, tmp_path)).sign(raw, SIGN, WHEN)
    assert signed.endswith(raw)
    assert all(len(line) <= 78 for line in signed.removesuffix(raw).split(b"\r\n"))
    assert dkim.verify(signed, dnsfunc=published(rsa_key))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Zeile eins", b"Zeile zwei"),
        (b"Subject: Hallo", b"Subject: Gewonnen"),
        (b"Subject: Hallo", b"Subject: Hallo\r\nFrom: <boese@x.example>"),
        (b"Subject: Hallo", b"Subject: Hallo\r\nReply-To: <boese@x.example>"),
    ],
)
def test_a_changed_mail_is_found(old: bytes, new: bytes, rsa_key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    """Also what is added: a second From or Reply-To would lead answers astray."""
    kept(tmp_path, "dkim.pem", pem(rsa_key))
    signed = DkimSigner(secrets_of({}, tmp_path)).sign(RAW, SIGN, WHEN)
    assert not dkim.verify(signed.replace(old, new), dnsfunc=published(rsa_key))


def test_only_a_key_that_receivers_accept_signs(tmp_path: Path) -> None:
    """A key of another kind, or none, must be said before mail goes out unsigned for weeks."""
    signer = DkimSigner(secrets_of({}, tmp_path))
    with pytest.raises(Refused, match=r"secret\.missing"):
        signer.sign(RAW, SIGN, WHEN)
    for content in (b"kein Schl\xc3\xbcssel", pem(ec.generate_private_key(ec.SECP256R1()))):
        kept(tmp_path, "dkim.pem", content)
        with pytest.raises(Refused, match=r"secret\.malformed"):
            signer.sign(RAW, SIGN, WHEN)


def test_secrets_come_only_from_their_places(tmp_path: Path) -> None:
    """A setting must not be able to send another program's password to a server of someone's choice."""
    secrets = secrets_of({"TAKTVOLL_SECRET_A": "x", "PATH": "y"}, tmp_path / "secrets")
    (tmp_path / "secrets").mkdir()
    kept(tmp_path, "outside", b"z")
    kept(tmp_path / "secrets", "inside", b"geheim\n")
    (tmp_path / "secrets" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "secrets" / "open").write_bytes(b"x")
    (tmp_path / "secrets" / "open").chmod(0o644)
    assert secrets.read("env:TAKTVOLL_SECRET_A") == b"x"
    assert secrets.read("file:inside") == b"geheim"
    for reference in (
        "env:PATH", "env:TAKTVOLL_SECRET_B", "file:../outside", "file:link", "file:..", "file:", "file:open", "geheim",
        "file:nichts", "file:/etc/hostname",
    ):  # fmt: skip
        with pytest.raises(Refused, match=r"secret\."):
            secrets.read(reference)
