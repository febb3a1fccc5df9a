"""What the port MailFolder promises, held against a real dovecot: nothing lost, nothing changed, failures named."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from taktvoll.adapters.imap import ImapFolders
from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.mail.intake_ports import MailFolder
from taktvoll.domain.mail.mailbox import Afterwards, Fetching, Privacy
from tests.contract.dovecot import PASSWORD, USER, Dovecot, running
from tests.contract.letters import letter

SECRETS = {"TAKTVOLL_SECRET_MAIL": PASSWORD, "TAKTVOLL_SECRET_WRONG": "falsch"}


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """One server for all; each test uses a folder of its own."""
    with running() as server:
        yield server


@asynccontextmanager
async def opened(server: Dovecot, name: str, tmp_path: Path, **more: object) -> AsyncIterator[MailFolder]:
    """A folder, not yet connected, that trusts the server's certificate."""
    folder = folders(server, tmp_path).folder(fetching(server, name, **more))
    try:
        yield folder
    finally:
        await folder.close()


def folders(server: Dovecot, folder: Path) -> ImapFolders:
    """The implementation under test, which trusts the server's certificate."""
    trusted = folder / "trusted.pem"
    trusted.write_bytes(server.certificate.read_bytes())
    trusted.chmod(0o600)
    secrets = ReferencedSecrets(SECRETS.get, folder)
    return ImapFolders(secrets, TokenServers(secrets))


def fetching(server: Dovecot, name: str, **more: object) -> Fetching:
    """Where the server's folder is fetched."""
    plain = Fetching(
        host="localhost", port=server.tls, privacy=Privacy.TLS, user=USER, secret="env:TAKTVOLL_SECRET_MAIL",
        folder=name, ca_file="file:trusted.pem",
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type] # tests name fields


async def test_mails_are_fetched_and_stay_as_they_were(server: Dovecot, tmp_path: Path) -> None:
    """Whoever reads the mailbox beside us must still see as unread what we have not put on record."""
    mails = [letter(f"Frage {n}") for n in range(3)]
    server.put(*mails, folder="Lesen")
    async with opened(server, "Lesen", tmp_path) as folder:
        place = await folder.open()
        uids = await folder.uids(0)
        sizes = await folder.sizes(uids)
        assert place.next_uid == uids[-1] + 1
        assert [await folder.fetch(uid, 100_000) for uid in uids] == mails
        assert [sizes[uid] for uid in uids] == [len(mail) for mail in mails]
        assert await folder.uids(uids[1]) == uids[2:]
        assert await folder.uids(uids[2]) == ()
    assert all("Seen" not in flags for flags in server.flags("Lesen").values())


async def test_a_mail_on_record_is_marked_or_moved(server: Dovecot, tmp_path: Path) -> None:
    """The mark is what colleagues go by; only the mail that is meant gets it, and nobody's deleted mail is expunged."""
    server.put(letter("eins"), letter("zwei"), folder="Marken")
    with server.opened() as client:
        client.select("Marken")
        client.store("2", "+FLAGS", "(\\Deleted)")
    async with opened(server, "Marken", tmp_path) as folder:
        await folder.open()
        first, second = await folder.uids(0)
        await folder.settle(first)
    assert ["Seen" in server.flags("Marken")[uid] for uid in (first, second)] == [True, False]
    moving = {"afterwards": Afterwards.MOVE, "move_to": "Schon erledigt, größtenteils"}
    async with opened(server, "Marken", tmp_path, **moving) as folder:
        await folder.open()
        await folder.settle(first)
        assert await folder.uids(0) == (second,)


async def test_never_more_than_allowed_is_fetched(server: Dovecot, tmp_path: Path) -> None:
    """A mail of gigabytes must not fill the memory; its size is known before, and its headers do for a person."""
    big = letter("x" * 300_000)
    server.put(big, folder="Groß")
    async with opened(server, "Groß", tmp_path) as folder:
        await folder.open()
        (uid,) = await folder.uids(0)
        assert (await folder.sizes([uid]))[uid] == len(big)
        assert await folder.fetch(uid, 1_000) == big[:1_000]
        headers = await folder.fetch(uid, 1_000, whole=False)
        assert headers is not None
        assert b"Subject:" in headers
        assert b"xxx" not in headers
        assert await folder.fetch(uid + 7, 1_000) is None


async def test_only_mails_since_a_day_are_named(server: Dovecot, tmp_path: Path) -> None:
    """A mailbox of ten years is set up without answering every mail in it."""
    server.put(letter("alt"), folder="Seit", days_ago=40)
    server.put(letter("neu"), folder="Seit", days_ago=1)
    async with opened(server, "Seit", tmp_path) as folder:
        await folder.open()
        every = await folder.uids(0)
        assert await folder.uids(0, (datetime.now(UTC) - timedelta(days=7)).date()) == every[1:]


async def test_news_end_the_wait(server: Dovecot, tmp_path: Path) -> None:
    """By IDLE a mail is answered in seconds, not when the next poll is due."""
    server.put(letter("schon da"), folder="Neues")
    async with opened(server, "Neues", tmp_path) as folder:
        await folder.open()
        known = await folder.uids(0)
        waiting = asyncio.create_task(folder.wait(110))
        await asyncio.sleep(0)
        await asyncio.to_thread(server.put, letter("neu"), folder="Neues")
        await asyncio.wait_for(waiting, 60)
        assert len(await folder.uids(known[-1])) == 1


async def test_a_server_that_counts_anew_says_so(server: Dovecot, tmp_path: Path) -> None:
    """Only by the validity can a UID of yesterday be told from one of today."""
    server.put(letter("eins"), folder="Gezählt")
    async with opened(server, "Gezählt", tmp_path) as folder:
        before = await folder.open()
        await asyncio.to_thread(server.count_anew, "Gezählt")
        assert (await folder.open()).validity != before.validity


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"secret": "env:TAKTVOLL_SECRET_WRONG"}, "mailbox.sign_in", Refused),
        ({"secret": "env:TAKTVOLL_SECRET_NONE"}, "secret.missing", Refused),
        ({"folder": "Gibt es nicht"}, "mailbox.folder", Refused),
        ({"ca_file": ""}, "mailbox.certificate", Refused),
        ({"host": "127.0.0.1"}, "mailbox.certificate", Refused),
        ({"port": 9}, "mailbox.unreachable", Unavailable),
    ],
)
async def test_what_fails_has_a_name(
    server: Dovecot, tmp_path: Path, changed: dict[str, object], code: str, kind: type[TaktvollError]
) -> None:
    """Whoever sets a mailbox up is told what to mend, and a certificate that does not hold is never overlooked."""
    async with opened(server, "INBOX", tmp_path) as folder:
        await folder.open()
    async with opened(server, "INBOX", tmp_path) as _:
        wrong = folders(server, tmp_path).folder(replace(fetching(server, "INBOX"), **changed))  # type: ignore[arg-type] # as above
        with pytest.raises(kind) as caught:
            await wrong.open()
        await wrong.close()
    assert caught.value.code == code


async def test_a_connection_is_encrypted_on_the_way(server: Dovecot, tmp_path: Path) -> None:
    """STARTTLS is held to the same certificate; who answers a TLS client in plain text is told from a dead server."""
    starttls = {"privacy": Privacy.STARTTLS, "port": server.plain}
    async with opened(server, "INBOX", tmp_path, **starttls) as folder:
        await folder.open()
    async with opened(server, "INBOX", tmp_path, port=server.plain) as folder:
        with pytest.raises(Unavailable) as caught:
            await folder.open()
    assert caught.value.code == "mailbox.no_tls"
