"""Mail handed in by the company's own server: only for its mailboxes, and 250 means that it is on record."""

import asyncio
import smtplib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.smtp_intake import MailIntake
from taktvoll.base.errors import Unavailable
from taktvoll.base.limits import MAIL_CONNECTIONS_MAX
from taktvoll.build import make_intake
from tests.contract.letters import letter
from tests.contract.posts import Post, post_of
from tests.simulation.town import settle


@pytest.fixture
async def post(pool: Pool, tmp_path: Path) -> AsyncIterator[Post]:
    """A house with a mailbox that fetches nothing."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    yield await post_of(town)
    town.close()


async def with_client(
    intake: MailIntake, talk: Callable[[smtplib.SMTP], None], kind: type[smtplib.SMTP]
) -> None:
    """Let a mail server talk to ours, in a thread of its own."""

    def run(port: int) -> None:
        if kind is smtplib.LMTP:
            with smtplib.LMTP("127.0.0.1", port) as client:
                talk(client)
        else:
            with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
                talk(client)

    port = await intake.start()
    try:
        await asyncio.to_thread(run, port)
    finally:
        await intake.stop()


async def rows(post: Post) -> list[str]:
    """The senders of the mails on record."""
    place = post.town.place
    async with place.pool.within(place.id) as connection:
        found = await connection.fetch(
            "select facts -> 'sender' ->> 1 as sender from mail_message order by id"
        )
    return [row["sender"] for row in found]


@pytest.mark.parametrize("kind", [smtplib.SMTP, smtplib.LMTP])
async def test_a_mail_is_on_record_before_it_is_acknowledged(post: Post, kind: type[smtplib.SMTP]) -> None:
    """The sender's server forgets a mail at our 250; so nothing may be missing then, and a repeat is no second mail."""
    address = post.mailbox.addresses[0]
    mail = letter(sender="eva@kundin.example")
    said: list[int] = []

    def talk(client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        for recipients in ([address.upper(), address.replace("@", "+rechnung@")], [address]):
            client.mail("eva@kundin.example")
            said.extend(client.rcpt(recipient)[0] for recipient in recipients)
            said.append(client.data(mail)[0])
            if kind is smtplib.LMTP:  # one answer for each recipient
                said.extend(client.getreply()[0] for _ in recipients[1:])

    await with_client(make_intake(post.house, "127.0.0.1", 0, lmtp=kind is smtplib.LMTP), talk, kind)
    assert set(said) == {250}
    assert len(said) == (6 if kind is smtplib.LMTP else 5)
    assert await rows(post) == ["eva@kundin.example"]


async def test_nobody_else_is_a_recipient(post: Post) -> None:
    """A server that relays is a spammers' tool within hours; an unknown address is refused, not swallowed."""
    said: list[object] = []

    def talk(client: smtplib.SMTP) -> None:
        client.ehlo()
        client.mail("eva@kundin.example")
        said.append(client.rcpt("fremd@anderswo.example")[0])
        said.append(client.rcpt(post.mailbox.addresses[0].replace("service", "gibtesnicht"))[0])
        said.append(client.docmd("VRFY", "service")[0])
        said.append(client.docmd("DATA")[0])

    await with_client(make_intake(post.house, "127.0.0.1", 0, lmtp=False), talk, smtplib.SMTP)
    assert said == [550, 550, 252, 503]
    assert await rows(post) == []


async def test_a_bounce_with_no_sender_is_welcome_and_a_flood_is_slowed(post: Post) -> None:
    """Reports come from <>; too many in a row are told to come later, which every mail server understands."""
    said: list[int] = []

    def talk(client: smtplib.SMTP) -> None:
        client.ehlo()
        while not said or said[-1] == 250:  # the bucket fills while we pour, but not as fast
            said.append(client.mail("")[0])
            client.rset()

    await with_client(make_intake(post.house, "127.0.0.1", 0, lmtp=False), talk, smtplib.SMTP)
    assert len(said) > 200
    assert said[-1] == 450


async def test_while_we_cannot_store_the_sender_keeps_the_mail(post: Post) -> None:
    """A 4xx makes the other server repeat for days; a 2xx would be a lie and a 5xx would bounce a customer's mail."""
    said: list[int] = []
    away = [True]

    async def knows(address: str) -> bool:
        if away[0] and address.startswith("erst"):
            raise Unavailable("database.unreachable", 2)
        return True

    async def take(address: str, raw: bytes) -> None:
        raise Unavailable("database.unreachable", 2)

    def talk(client: smtplib.SMTP) -> None:
        client.ehlo()
        client.mail("eva@kundin.example")
        said.append(client.rcpt("erst@stadtwerke.example")[0])
        said.append(client.rcpt("dann@stadtwerke.example")[0])
        said.append(client.data(letter())[0])

    await with_client(MailIntake("127.0.0.1", 0, knows, take, post.house.now), talk, smtplib.SMTP)
    assert said == [451, 250, 451]


async def test_what_is_too_large_is_refused_before_it_comes(post: Post) -> None:
    """A server that announces a film hears at once that it is too large, and its sender learns it."""
    said: list[int] = []

    def talk(client: smtplib.SMTP) -> None:
        client.ehlo()
        said.append(client.mail("eva@kundin.example", ["SIZE=90000000"])[0])

    await with_client(make_intake(post.house, "127.0.0.1", 0, lmtp=False), talk, smtplib.SMTP)
    assert said == [552]


async def test_connections_are_limited_and_given_back(post: Post) -> None:
    """Each may hold fifty megabytes; whoever opens hundreds must not bring the process down with them."""
    intake = make_intake(post.house, "127.0.0.1", 0, lmtp=False)
    port = await intake.start()
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MAIL_CONNECTIONS_MAX + 1)]
    greeted = Counter([(await reader.readline())[:3] for reader, _ in opened])
    assert greeted == {b"220": MAIL_CONNECTIONS_MAX, b"421": 1}
    for reader, writer in opened:
        writer.write(b"QUIT\r\n")
        await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert (await reader.readline()).startswith(b"220")
    writer.close()
    await writer.wait_closed()
    await intake.stop()


async def test_a_line_of_minified_html_is_taken(post: Post) -> None:
    """Shops write a whole page on one line; refused for good, such a mail is lost, whoever broke the rule."""
    address = post.mailbox.addresses[0]
    head, _, _ = letter(sender="eva@kundin.example").partition(b"\r\n\r\n")
    mail = head + b"\r\n\r\n" + b"<p>Wo ist mein Paket?</p>" * 4_000 + b"\r\n"
    said: list[int] = []

    def talk(client: smtplib.SMTP) -> None:
        client.sendmail("eva@kundin.example", [address], mail)
        said.append(client.noop()[0])

    await with_client(make_intake(post.house, "127.0.0.1", 0, lmtp=False), talk, smtplib.SMTP)
    assert said == [250]
    assert len(await rows(post)) == 1
