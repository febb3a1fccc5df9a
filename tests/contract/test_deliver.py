"""Mail leaves the house: once where that is possible, again where it is not, and to a person where it never will."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.mailwriting import MailWriter, texts_in
from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.smtp import DkimSigner, SmtpPostman
from taktvoll.base.ids import ConversationId
from taktvoll.channels.mail.outbound import MailCarrier
from taktvoll.cli.mail_verify import run as verify
from taktvoll.cli.output import Output
from taktvoll.domain.conversation.terms import HandoverReason, OwnerKind
from taktvoll.domain.delivery.message_ids import key_of
from taktvoll.domain.delivery.provenance import HEADER, findings_of, stated_in
from taktvoll.domain.delivery.terms import Failed, Later, Outcome, Parcel, Sent, Why
from taktvoll.domain.mail.intake import Original
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.entry.work.wake import deliver_at_once
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.deliver import CLAIM, deliver
from taktvoll.flows.note_bounce import Action, Bounce, note_bounce
from taktvoll.flows.receive_mail import receive_mail
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.set_up_mailbox import try_sending
from tests.contract.letters import answering, letter
from tests.contract.mailserver import (
    CLOSED,
    PASSWORD,
    STALL,
    USER,
    authority,
    good_server,
    parsed,
    scripted_server,
)
from tests.contract.posting import Post, opened, post_of
from tests.contract.test_smtp import kept, pem, published
from tests.domain.test_delivery import parcel

MANY = 30


@pytest.fixture
async def post(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Post]:
    """Give a workspace with a mailbox."""
    (tmp_path / "secrets").mkdir()
    async with opened(endpoint.dsn("app"), tmp_path) as house:
        yield await post_of(house, house.now())


def kinds(events: Sequence[Any]) -> list[str]:
    """What happened, in order."""
    return [e.kind for e in events]


async def test_a_persons_answer_arrives_as_the_answer_to_the_mail(post: Post) -> None:
    """From the customer's mail to the answer in their mailbox, with everything a mail program looks at."""
    conversation = await post.asked_and_answered()
    async with good_server() as (port, taken):
        await post.set_up(port=port, name="Stadtwerke Auental")
        assert await deliver(post.house, post.workspace) == 1
        assert await deliver(post.house, post.workspace) == 0
    [mail] = taken.mails
    assert (taken.senders, taken.recipients) == (["service@auental.example"], ["selin@kunde.example"])
    assert mail["Subject"] == "AW: Zähler"
    assert mail["In-Reply-To"] == mail["References"] == f"<{conversation.hex}@kunde.example>"
    assert mail["Auto-Submitted"] is None
    _, plain, _ = texts_in(taken.raw[0], HEADER)
    assert plain.startswith(
        "Guten Tag Selin Yılmaz!\n\nAm Hausanschluss.\n\nFreundliche Grüße\nAnna Beispiel"
    )
    assert "> Wo steht mein Zähler?" in plain
    [sent] = await post.events(conversation)
    assert sent.kind == "delivery.sent"
    assert (sent.payload["code"], sent.payload["tries"], sent.payload["unsure"]) == (250, 1, False)
    assert sent.payload["key"] == key_of(str(mail["Message-ID"]))
    assert "kunde.example" not in str(sent.payload), "no address enters the chain"


async def test_a_mail_goes_to_a_person_and_an_emergency_is_answered_at_once(post: Post) -> None:
    """The assistant writes no mail on topics it has not earned; where life is at stake it does not wait."""
    quiet = await post.written("Wo steht mein Zähler?")
    loud = await post.written("Hilfe, mein Mann ist bewusstlos und atmet nicht mehr!")
    for conversation in (quiet, loud):
        assert (await post.state(conversation)).owner.kind is OwnerKind.QUEUE
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        assert await deliver(post.house, post.workspace) == 1
    [mail] = taken.mails
    header, plain, html = texts_in(taken.raw[0], HEADER)
    assert plain.startswith("Rufen Sie sofort 112 an")
    assert mail["Auto-Submitted"] == "auto-replied"
    stated = stated_in(header)
    assert stated is not None
    genuine = post.house.keys.verify(stated.key_id, stated.body, stated.signature)
    assert findings_of(stated, genuine, plain, html) == ()
    assert (stated.fields["author"], stated.fields["verbatim"]) == ("assistant", True)
    for conversation in (quiet, loud):
        replay = await replay_conversation(post.house, post.workspace, conversation)
        assert (replay.differences, replay.not_comparable) == ([], [])


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    """Give a key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


async def test_encrypted_signed_in_and_signed(
    post: Post, tmp_path: Path, rsa_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Everything that a mailbox can be set to, at once, over one connection."""
    trusted = authority(tmp_path)
    kept(tmp_path / "secrets", "ca.pem", trusted.ca_pem.encode())
    kept(tmp_path / "secrets", "dkim.pem", pem(rsa_key))
    monkeypatch.setenv("TAKTVOLL_SECRET_MAIL", PASSWORD)
    for _ in range(3):
        await post.asked_and_answered()
    async with good_server(trusted.server) as (port, taken):
        await post.set_up(
            port=port, security="starttls", user=USER, secret="env:TAKTVOLL_SECRET_MAIL", ca_file="file:ca.pem",
            dkim={"domain": "auental.example", "selector": "s1", "key": "file:dkim.pem"}, pace={"connections": 1},
        )  # fmt: skip
        await deliver(post.house, post.workspace)
    assert (len(taken.raw), taken.connections, taken.users) == (3, 1, [USER])
    assert all(dkim.verify(raw, dnsfunc=published(rsa_key)) for raw in taken.raw)


async def test_a_greylisting_server_gets_the_mail_a_little_later(post: Post) -> None:
    """Many servers refuse every first attempt of a stranger; the customer should not notice more than a minute."""
    conversation = await post.asked_and_answered()

    def greylisting(number: int) -> bytes:
        return b"451 4.7.1 Greylisted" if number == 1 else b"250 2.1.5 Ok"

    async with scripted_server(RCPT=greylisting) as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
        assert await deliver(post.later(timedelta(seconds=40)).house, post.workspace) == 0
        assert await deliver(post.later(timedelta(seconds=80)).house, post.workspace) == 1
    delayed, sent = await post.events(conversation)
    assert (delayed.kind, delayed.payload["because"], delayed.payload["status"]) == (
        "delivery.delayed",
        "server",
        "4.7.1",
    )
    assert (sent.kind, sent.payload["tries"]) == ("delivery.sent", 2)
    assert len(taken.raw) == 1


async def test_a_refusal_brings_the_conversation_back_to_its_person(post: Post) -> None:
    """Anna thinks that she has answered; she must see that she has not."""
    conversation = await post.asked_and_answered()
    async with scripted_server(RCPT=b"550 5.1.1 <selin@kunde.example> unknown") as (port, _):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    [failed] = await post.events(conversation)
    assert (failed.kind, failed.payload["because"], failed.payload["status"]) == (
        "delivery.failed",
        "server",
        "5.1.1",
    )
    assert "kunde.example" not in str(failed.payload), "a server's words may name the recipient"
    stored = await post.house.record.access(post.workspace, conversation)
    assert stored.state.owner.id == str(post.staff.id)
    assert stored.waiting_since is not None


async def test_a_refusal_opens_what_was_closed(post: Post) -> None:
    """Answered, closed, gone home: the mail came back, so somebody must look."""
    conversation = await post.asked_and_answered()
    await close_conversation(post.house, post.staff, conversation)
    async with scripted_server(DATA=b"554 5.7.1 No") as (port, _):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    state = await post.state(conversation)
    assert (state.closed, state.owner.kind, state.reasons) == (
        False,
        OwnerKind.QUEUE,
        (HandoverReason.DELIVERY_FAILED,),
    )
    assert kinds(await post.events(conversation, ""))[-3:] == [
        "delivery.failed",
        "conversation.reopened",
        "conversation.handed_over",
    ]


async def test_after_days_of_trying_a_person_is_told(post: Post) -> None:
    """Five days are long enough; then silence would be a lie."""
    conversation = await post.asked_and_answered()
    await post.set_up(port=9, expires_after_h=2)
    async with scripted_server(greeting=b"421 4.3.2 down") as (port, _):
        await post.set_up(port=port, expires_after_h=2)
        for hours in (0, 1, 3):
            await deliver(post.later(timedelta(hours=hours)).house, post.workspace)
    found = await post.events(conversation)
    assert kinds(found) == ["delivery.delayed", "delivery.delayed", "delivery.failed"]
    assert found[-1].payload["because"] == "expired"


async def test_a_mail_that_may_have_arrived_keeps_its_name(post: Post) -> None:
    """The line broke after the last byte: the second attempt must be recognisable as the same mail."""
    conversation = await post.asked_and_answered()

    def broken_once(number: int) -> bytes:
        return CLOSED if number == 1 else b"250 2.0.0 Ok"

    async with scripted_server(content=broken_once) as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
        await deliver(post.later(timedelta(minutes=2)).house, post.workspace)
    delayed, sent = await post.events(conversation)
    assert (delayed.payload["unsure"], sent.payload["unsure"]) == (True, True)
    assert len(taken.raw) == 2
    assert len(set(taken.ids)) == 1


async def test_a_broken_connection_does_not_stop_the_others(post: Post) -> None:
    """One server hiccup, one mail later; the rest of the queue goes on over a new connection."""
    for _ in range(4):
        await post.asked_and_answered()

    def second_breaks(number: int) -> bytes:
        return CLOSED if number == 2 else b"250 Ok"

    async with scripted_server(MAIL=second_breaks) as (port, taken):
        await post.set_up(port=port, pace={"connections": 1})
        await deliver(post.house, post.workspace)
        assert (len(taken.raw), taken.connections) == (3, 2)
        await deliver(post.later(timedelta(minutes=2)).house, post.workspace)
    assert len(set(taken.ids)) == len(taken.ids) == 4


async def test_a_silent_server_holds_up_only_its_own_mail(post: Post) -> None:
    """Another mailbox's mail goes out while one server does not answer."""
    stuck = await post.asked_and_answered()
    other = replace(
        post,
        account=await post.house.directory.make_account(post.workspace, "mail", "zwei", post.house.now()),
    )
    free = await other.asked_and_answered()
    async with scripted_server(MAIL=STALL) as (bad, _), good_server() as (good, taken):
        await post.set_up(port=bad, timeout_s=1)
        await other.set_up(port=good)
        await deliver(post.house, post.workspace)
    assert kinds(await post.events(stuck)) == ["delivery.delayed"]
    assert kinds(await post.events(free)) == ["delivery.sent"]
    assert len(taken.raw) == 1


async def test_the_pace_is_kept_without_losing_anything(post: Post) -> None:
    """A provider that allows ten a minute locks out who sends eleven; what waits is no failed attempt."""
    conversations = [await post.asked_and_answered() for _ in range(5)]
    async with good_server() as (port, taken):
        await post.set_up(port=port, pace={"per_minute": 3})
        await deliver(post.house, post.workspace)
        assert len(taken.raw) == 3
        await post.set_up(port=port, pace={"per_minute": 100})
        await deliver(post.later(timedelta(minutes=2)).house, post.workspace)
    assert len(set(taken.ids)) == 5
    sent = [e for c in conversations for e in await post.events(c)]
    assert [(e.kind, e.payload["tries"]) for e in sent] == [("delivery.sent", 1)] * 5


async def test_a_mailbox_that_cannot_send_loses_nothing(post: Post) -> None:
    """Nobody has set it up yet, or wrongly: the answer waits, and goes out when it is mended."""
    conversation = await post.asked_and_answered()
    await deliver(post.house, post.workspace)
    await post.house.directory.set_account(post.workspace, "mail", "service", {"outgoing": {"host": "a b"}})
    await deliver(post.later(timedelta(minutes=2)).house, post.workspace)
    async with good_server() as (port, _):
        await post.set_up(port=port)
        await deliver(post.later(timedelta(minutes=20)).house, post.workspace)
    found = await post.events(conversation)
    assert [(e.kind, e.payload.get("because")) for e in found] == [
        ("delivery.delayed", "no_mailbox"),
        ("delivery.delayed", "no_mailbox"),
        ("delivery.sent", None),
    ]


async def test_a_letter_that_cannot_be_written_holds_up_nobody(post: Post, tmp_path: Path) -> None:
    """One poisoned row must not come back for ever and keep the queue behind it waiting."""
    secrets = ReferencedSecrets(lambda _name: None, tmp_path)
    carrier = MailCarrier(
        SmtpPostman(secrets, TokenServers(secrets)),
        MailWriter(),
        DkimSigner(secrets),
        post.house.keys,
        post.house.now,
    )
    outcomes: list[Outcome] = []

    async def done(_parcel: Parcel, outcome: Outcome) -> None:
        outcomes.append(outcome)

    async with good_server() as (port, taken):
        await post.set_up(port=port, pace={"connections": 1})
        account = await post.house.directory.account(post.workspace, "mail", "service")
        poisoned = replace(parcel(language="de\r\nBcc: opfer@x.example"), account=account)
        fine = replace(parcel(), account=account)
        await carrier.carry([poisoned, fine], post.house.now() + CLAIM, done)
    assert [type(o) for o in outcomes] == [Failed, Sent]
    assert len(taken.raw) == 1


async def test_an_address_that_is_none_is_told_to_a_person(post: Post) -> None:
    """A mail without a usable sender cannot be answered by mail."""
    conversation = await post.written(sender=replace_address("kein Absender"))
    await post.answered(conversation)
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    [failed] = await post.events(conversation)
    assert failed.payload["because"] == "no_recipient"
    assert taken.raw == []


def replace_address(address: str) -> Any:
    """An address as a broken mail brings it."""
    from taktvoll.domain.mail.terms import Address

    return Address("", address)


async def test_erased_words_are_not_sent(post: Post, raw: Any) -> None:
    """Whoever had their data erased gets no mail with them an hour later."""
    conversation = await post.asked_and_answered()
    await raw.execute(
        "update personal_text set content = null, salt = null where conversation_id = $1", conversation
    )
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    assert taken.raw == []
    assert [e.payload["because"] for e in await post.events(conversation)] == ["erased"]


async def test_a_bounce_finds_its_mail(post: Post) -> None:
    """Taken by the next server, refused by the last: only the report knows."""
    conversation = await post.asked_and_answered()
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    await close_conversation(post.house, post.staff, conversation)
    message_id = taken.ids[0]
    delayed = Bounce(Action.DELAYED, message_id=message_id, status="4.4.1")
    assert await note_bounce(post.house, post.workspace, delayed) is not None
    failed = Bounce(Action.FAILED, envelope_id=str(key_of(message_id)), status="5.1.1", code=550)
    for _ in range(3):  # mail servers repeat themselves
        assert await note_bounce(post.house, post.workspace, failed) is not None
    found = await post.events(conversation)
    assert kinds(found) == ["delivery.sent", "delivery.delayed", "delivery.failed"]
    assert (found[-1].payload["because"], found[-1].payload["code"]) == ("bounced", 550)
    state = await post.state(conversation)
    assert (state.closed, state.owner.kind) == (False, OwnerKind.QUEUE)


async def test_an_arrival_is_noted_and_a_strangers_report_is_not(post: Post) -> None:
    """Anyone can send us a report; only one that names a mail of this workspace counts."""
    conversation = await post.asked_and_answered()
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    elsewhere = await post_of(post.house, post.house.now())
    arrived = Bounce(Action.DELIVERED, message_id=taken.ids[0])
    assert await note_bounce(elsewhere.house, elsewhere.workspace, arrived) is None
    strange = Bounce(Action.FAILED, message_id="<fremd@x.example>", envelope_id="x' or 1=1")
    assert await note_bounce(post.house, post.workspace, strange) is None
    await note_bounce(post.house, post.workspace, arrived)
    assert kinds(await post.events(conversation)) == ["delivery.sent", "delivery.confirmed"]


async def test_what_is_released_wakes_the_delivery(post: Post) -> None:
    """Nobody should wait for a tick of the clock to see their answer leave."""
    came = asyncio.Event()

    async def note(_number: int) -> None:
        came.set()

    async with good_server(on_data=note) as (port, _):
        await post.set_up(port=port)
        waking = asyncio.create_task(deliver_at_once(post.house))
        conversation = await post.asked_and_answered()
        await asyncio.wait_for(came.wait(), 60)
        async with post.house.push.listen(post.workspace, conversation) as news:
            while not await post.events(conversation):
                await anext(aiter(news))
        waking.cancel()
        await asyncio.gather(waking, return_exceptions=True)
    assert kinds(await post.events(conversation)) == ["delivery.sent"]


def told(data: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run `taktvoll mail verify` on a file."""
    from argparse import Namespace

    code = verify(Namespace(data=data, file=str(file)), Output("en"))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


async def test_a_mail_proves_where_it_comes_from(
    post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever holds the mail years later can check who wrote it, and that nobody has changed it."""
    await post.asked_and_answered()
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    file = tmp_path / "mail.eml"
    file.write_bytes(taken.raw[0])
    code, said = told(tmp_path, file, capsys)
    assert (code, "a person" in said, "genuine" in said) == (0, True, True)
    file.write_bytes(taken.raw[0].replace(b"Am Hausanschluss", b"Im Hausanschluss", 1))
    code, said = told(tmp_path, file, capsys)
    assert (code, "plain" in said) == (1, True)
    code, said = told(tmp_path / "elsewhere", file, capsys)
    assert (code, "unsigned" in said) == (1, True)


async def child(dsn: str, data: Path, post: Post, ahead: timedelta) -> asyncio.subprocess.Process:
    """Start a process that delivers."""
    words = [dsn, str(data), str(post.workspace), str(int(ahead.total_seconds()))]
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.contract.deliver_child", *words)


async def test_kill_9_between_send_and_receipt_loses_nothing(
    post: Post, endpoint: Endpoint, tmp_path: Path
) -> None:
    """Machines die at the worst moment: each answer arrives, and one that arrives twice is the same mail twice."""
    conversations = [await post.asked_and_answered() for _ in range(MANY)]
    running: list[asyncio.subprocess.Process] = []

    async def deadly(number: int) -> None:
        """The server has taken the mail; before it can say so, the sender dies."""
        if number in (4, 11, 19):
            os.kill(running[-1].pid, signal.SIGKILL)
            await running[-1].wait()

    ahead, deaths = timedelta(), 0
    async with good_server(on_data=deadly) as (port, taken):
        await post.set_up(port=port, pace={"connections": 1, "per_minute": 1000, "domain_per_minute": 1000})
        for _ in range(10):
            running.append(await child(endpoint.dsn("app"), tmp_path, post, ahead))
            deaths += await running[-1].wait() == -signal.SIGKILL
            if all([await post.events(c) for c in conversations]):
                break
            ahead += CLAIM + timedelta(seconds=1)
    assert deaths == 3
    await check_all_arrived(post, conversations, [parsed(raw) for raw in taken.raw], doubles_max=deaths)


async def check_all_arrived(
    post: Post, conversations: Sequence[ConversationId], mails: Sequence[Any], doubles_max: int
) -> None:
    """Each conversation has one receipt and its mail; doubles have the same name and are known as unsure."""
    ids = Counter(str(mail["Message-ID"]) for mail in mails)
    sent = {c: await post.events(c) for c in conversations}
    assert all(kinds(events) == ["delivery.sent"] for events in sent.values())
    assert {key_of(name) for name in ids} == {events[0].payload["key"] for events in sent.values()}
    doubled = {key_of(name) for name, count in ids.items() if count > 1}
    assert sum(ids.values()) - len(ids) <= doubles_max
    assert doubled <= {e[0].payload["key"] for e in sent.values() if e[0].payload["unsure"]}


async def test_a_way_out_is_tried_without_a_mail(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets up a mailbox sees what is wrong before a customer waits for an answer that cannot leave."""
    trusted = authority(tmp_path)
    kept(tmp_path / "secrets", "ca.pem", trusted.ca_pem.encode())
    mailbox = {"addresses": ["service@auental.example"]}
    async with good_server(trusted.server) as (port, taken):
        for password, fits in ((PASSWORD, True), ("falsch", False)):
            monkeypatch.setenv("TAKTVOLL_SECRET_MAIL", password)
            out = {"host": "127.0.0.1", "port": port, "user": USER, "secret": "env:TAKTVOLL_SECRET_MAIL",
                   "ca_file": "file:ca.pem", "address": "service@auental.example"}  # fmt: skip
            tried = mailbox_of(replace(post.account, settings=mailbox | {"outgoing": out}))
            hindrance = await try_sending(post.house, tried)
            assert hindrance is None if fits else isinstance(hindrance, Later) and hindrance.why is Why.LOGIN
    assert (taken.raw, taken.users) == ([], [USER])
    unset = mailbox_of(replace(post.account, settings=mailbox))
    assert await try_sending(post.house, unset) == Later(Why.NO_MAILBOX)


async def test_an_answer_quotes_the_customer_and_no_machine(post: Post) -> None:
    """A report or an absence note in between is nothing that the customer said, and answers nothing."""
    mailbox = Mailbox(account=post.account, addresses=("service@auental.example",))
    asked = letter("Wo steht mein Zähler?", sender="selin@kunde.example", subject="Zähler")
    conversation = (await receive_mail(post.house, mailbox, Original(asked, len(asked)))).conversation
    await post.answered(conversation)
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
        about = str(taken.mails[0]["Message-ID"])
        absent = letter(
            "Bin im Urlaub.",
            sender="selin@kunde.example",
            subject="Abwesend: Zähler",
            message_id="<absent@kunde.example>",
            headers=answering(about) + "Auto-Submitted: auto-replied\r\n",
        )
        note = await receive_mail(post.house, mailbox, Original(absent, len(absent)))
        assert note.conversation == conversation
        await post.answered(conversation, "Noch etwas: Der Zähler ist grau.")
        await deliver(post.house, post.workspace)
    _, plain, _ = texts_in(taken.raw[1], HEADER)
    assert "> Wo steht mein Zähler?" in plain
    assert "Urlaub" not in plain
    assert "absent" not in str(taken.mails[1]["References"])


async def test_a_domain_gets_only_as_many_connections_as_it_may(post: Post) -> None:
    """Large providers lock out who comes with too many at once; the mails wait their turn and none is put off."""
    for _ in range(24):
        await post.asked_and_answered()
    open_now, most = 0, 0

    async def note(_number: int) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.01)
        open_now -= 1

    async with good_server(on_data=note) as (port, taken):
        await post.set_up(port=port, pace={"connections": 3, "domain_connections": 1})
        assert await deliver(post.house, post.workspace) == 24
    assert (most, len(set(taken.ids))) == (1, 24)
    assert taken.connections <= 3
