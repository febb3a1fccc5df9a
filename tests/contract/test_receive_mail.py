"""Mail on its way in, from bytes to record: the right conversation, nothing twice, and no answer where none may go."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.domain.conversation.terms import HandoverReason, OwnerKind, Urgency
from taktvoll.domain.delivery.arrived import arrived_of, last_arrived
from taktvoll.domain.delivery.message_ids import message_id_of
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.mail.intake import Original
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.receive_mail import headers_of, receive_mail
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.take_over import take_over
from tests.contract.letters import answering, letter
from tests.contract.posts import Post, post_of
from tests.simulation.town import settle

FIRST = "<eins@kundin.example>"
TRUSTED = "mx.stadtwerke.example"


@pytest.fixture
async def post(pool: Pool, tmp_path: Path) -> AsyncIterator[Post]:
    """A house with a mailbox that believes one server, in which nobody dies."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    town.mind.dying = 0.0
    yield await post_of(town, trusted=TRUSTED)
    town.close()


def checked(dmarc: str, server: str = TRUSTED) -> str:
    """What a server wrote about the sender."""
    return f"Authentication-Results: {server}; spf=pass; dkim=pass; dmarc={dmarc}\r\n"


async def test_a_mail_opens_a_conversation_with_all_that_an_answer_needs(post: Post) -> None:
    """The text, who wrote and about what lie beside the chain; the chain itself holds no word and no address."""
    raw = letter("Hallo,\n\nwann haben Sie geöffnet?\n\n> alte Frage", message_id=FIRST)
    posted = await post.take(raw)
    started, received = await post.events(posted.conversation)
    arrived = arrived_of(received.content)
    assert arrived is not None
    assert (arrived.message_id, arrived.sender.address, arrived.subject) == (
        FIRST,
        "eva@kundin.example",
        "Öffnungszeiten",
    )
    assert text_of_json(received.content) == "Hallo,\n\nwann haben Sie geöffnet?"
    assert "kundin" not in str(received.payload) + str(started.payload)
    assert (await post.sound(posted.conversation)).undecided == 1
    (kept,) = await post.kept(posted.conversation)
    assert await post.house.mails.original(post.town.place.id, kept.id) == Original(raw, len(raw))


async def test_a_copy_is_recognised_by_whatever_door_it_comes(post: Post) -> None:
    """Servers repeat, people put several of our addresses into one mail: one mail is one message and one answer."""
    raw = letter(message_id=FIRST)
    first = await post.take(raw)
    again = await post.take(raw)
    stamped = await post.take(b"Received: from relay.example\r\n" + raw.replace(b"\r\n", b"\n"))
    other = (await post_of(post.town, "info")).mailbox
    elsewhere = await post.take(b"Received: from elsewhere.example\r\n" + raw, other)
    for copy in (again, stamped, elsewhere):
        assert (copy.duplicate, copy.conversation, copy.seq) == (True, first.conversation, first.seq)
    assert len(await post.events(first.conversation)) == 2


async def test_another_mail_under_the_same_id_is_no_copy(post: Post) -> None:
    """Broken programs and forgers reuse Message-IDs; neither may make a customer's mail disappear."""
    first = await post.take(letter("Wo ist mein Zähler?", message_id=FIRST))
    second = await post.take(letter("Ich ziehe um.", message_id=FIRST))
    nameless = [await post.take(letter(text, message_id="")) for text in ("eins", "zwei", "eins")]
    assert [p.duplicate for p in (first, second, *nameless)] == [False, False, False, False, True]


async def test_an_answer_joins_by_its_reference_and_its_sender(post: Post) -> None:
    """A thread is one conversation for its customer, and closed to a stranger who knows a Message-ID."""
    first = await post.take(letter(message_id=FIRST))
    reply = {"subject": "AW: Öffnungszeiten", "headers": answering(FIRST)}
    joined = await post.take(letter("Und am Samstag?", **reply))
    stranger = await post.take(letter("Und für mich?", sender="fremd@anders.example", **reply))
    assert joined.conversation == first.conversation
    assert stranger.conversation != first.conversation
    (kept,) = await post.kept(stranger.conversation)
    assert kept.facts is not None
    assert (kept.facts.opened, kept.facts.related) == ("stranger", str(first.conversation))
    assert (await post.sound(first.conversation)).undecided == 2


async def test_a_forger_cannot_take_a_thread_over(post: Post) -> None:
    """Whoever sends under a Message-ID of ours makes a conversation of their own, and the customer keeps theirs."""
    first = await post.take(letter(message_id=FIRST))
    forged = await post.take(letter("Betrug", message_id=FIRST, sender="boese@anders.example"))
    reply = await post.take(letter("Danke!", subject="Re: Öffnungszeiten", headers=answering(FIRST)))
    assert forged.conversation != first.conversation == reply.conversation


async def test_a_sender_who_fails_dmarc_joins_nothing_and_gets_nothing(post: Post) -> None:
    """An answer to a forged address is spam in our name; the finding counts only from the server we trust."""
    first = await post.take(letter(message_id=FIRST))
    reply = {"subject": "AW: Öffnungszeiten"}
    forged = await post.take(letter("Geheim?", headers=answering(FIRST) + checked("fail"), **reply))
    foreign = await post.take(
        letter("Geheim.", headers=answering(FIRST) + checked("fail", "mx.fremd.example"), **reply)
    )
    below = await post.take(
        letter("Doch!", headers=checked("pass") + checked("fail") + answering(FIRST), **reply)
    )
    assert forged.conversation != first.conversation
    assert foreign.conversation == below.conversation == first.conversation
    (kept,) = await post.kept(forged.conversation)
    assert kept.facts is not None
    assert (kept.facts.opened, kept.silent, kept.facts.checked_by) == (
        "not_authentic",
        "not_authentic",
        TRUSTED,
    )
    await decide_mails(post.house, post.town.place.id)
    state = await post.sound(forged.conversation)
    assert (state.owner.kind, state.reasons) == (OwnerKind.QUEUE, (HandoverReason.GUIDELINE,))
    assert "message.released" not in {e.kind for e in await post.events(forged.conversation)}


async def test_what_a_machine_wrote_asks_nobody(post: Post) -> None:
    """An absence note in a thread stays visible there, but starts no turn, wakes nothing and overtakes no draft."""
    first = await post.take(letter(message_id=FIRST))
    before = await post.sound(first.conversation)
    machine = "Auto-Submitted: auto-replied\r\n"
    note = await post.take(
        letter("Bin im Urlaub.", subject="Abwesend: Öffnungszeiten", headers=answering(FIRST) + machine)
    )
    after = await post.sound(first.conversation)
    assert note.conversation == first.conversation
    assert (after.undecided, after.last_customer_seq) == (before.undecided, before.last_customer_seq)
    list_mail = await post.take(
        letter("Neu im Shop!", sender="news@laden.example", headers="List-Id: <n.laden.example>\r\n")
    )
    alone = await post.sound(list_mail.conversation)
    assert (alone.undecided, alone.owner.kind) == (0, OwnerKind.ASSISTANT)
    assert await decide_mails(post.house, post.town.place.id) == 1
    apart = await post.house.mails.apart(post.town.place.id, 10)
    assert {m.automatic for m in apart} == {"out_of_office", "list"}
    assert (await post.sound(first.conversation)).owner.kind is OwnerKind.QUEUE


async def test_a_machine_does_not_reopen_what_is_closed(post: Post) -> None:
    """An absence note after the good-bye must not bring the conversation back to the desk."""
    agent = post.town.staff[0]
    first = await post.take(letter(message_id=FIRST))
    await take_over(post.house, agent, first.conversation, 0)
    await close_conversation(post.house, agent, first.conversation)
    await post.take(letter("Abwesend.", headers=answering(FIRST) + "Auto-Submitted: auto-replied\r\n"))
    assert (await post.sound(first.conversation)).closed
    await post.take(letter("Noch etwas!", headers=answering(FIRST), subject="Re: Öffnungszeiten"))
    assert not (await post.sound(first.conversation)).closed


async def test_a_mail_too_large_goes_to_a_person_with_its_headers(post: Post) -> None:
    """Whoever sends us a film is not ignored: a person sees who wrote and that it was too large to take."""
    raw = letter("x" * 5_000, subject="Video vom Schaden")
    posted = await receive_mail(post.house, post.mailbox, Original(headers_of(raw), 80_000_000, whole=False))
    (kept,) = await post.kept(posted.conversation)
    assert (kept.whole, kept.size, kept.silent) == (False, 80_000_000, "too_large")
    assert await decide_mails(post.house, post.town.place.id) == 1
    state = await post.sound(posted.conversation)
    assert state.owner.kind is OwnerKind.QUEUE
    received = (await post.events(posted.conversation))[1]
    assert "Video vom Schaden" in text_of_json(received.content)


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"nur ein Satz ohne Kopf"])
async def test_bytes_that_are_no_mail_reach_a_person(post: Post, raw: bytes) -> None:
    """Nothing that came is dropped without a word, and nothing of it stops the mails after it."""
    posted = await post.take(raw)
    assert await decide_mails(post.house, post.town.place.id) == 1
    assert (await post.sound(posted.conversation)).owner.kind is OwnerKind.QUEUE
    assert (await post.take(raw)).duplicate


@pytest.mark.parametrize(
    "raw",
    [
        letter(message_id="<a\0b@kundin.example>"),
        letter(headers=answering("<a\0b@kundin.example>")),
        letter("Hallo +2AA- Welt").replace(b"text/plain; charset=utf-8", b"text/html; charset=utf-7"),
    ],
    ids=["id", "reference", "half_a_letter"],
)
async def test_what_no_database_stores_does_not_keep_a_mail_out(post: Post, raw: bytes) -> None:
    """A zero byte in a Message-ID once let every try fail: the mail was handed in for days, and then came back."""
    posted = await post.take(raw)
    assert (await post.sound(posted.conversation)).undecided == 1
    (kept,) = await post.kept(posted.conversation)
    assert (kept.silent, kept.facts is not None) == ("", True)


async def test_a_mail_that_breaks_our_decision_goes_to_a_person(post: Post) -> None:
    """Else it waits for ever before nobody's eyes, and every mail of the workspace behind it."""
    first = await post.take(letter("Daran stolpern wir."))
    second = await post.take(letter("Wann haben Sie geöffnet?"))
    understanding = post.house.understanding

    class Stumbling:
        """Understands every text but one."""

        async def read(self, text: str, language: str | None) -> object:
            """Break at one text as a fault of ours would."""
            if "stolpern" in text:
                raise IndexError
            return await understanding.read(text, language)

    object.__setattr__(post.house, "understanding", Stumbling())
    assert await decide_mails(post.house, post.town.place.id) == 2
    object.__setattr__(post.house, "understanding", understanding)
    for posted in (first, second):
        assert (await post.sound(posted.conversation)).owner.kind is OwnerKind.QUEUE


async def test_a_long_mail_keeps_its_beginning_its_end_and_its_original(post: Post) -> None:
    """Requests stand at the end of long letters; what is left out for the decision is still there to read."""
    lines = "\n".join(f"Am {n}. Tag war wieder nichts in Ordnung." for n in range(400))
    raw = letter(f"Sehr geehrte Damen und Herren,\n{lines}\nBitte kündigen Sie meinen Vertrag.")
    posted = await post.take(raw)
    text = text_of_json((await post.events(posted.conversation))[1].content)
    assert text.startswith("Sehr geehrte")
    assert text.endswith("Bitte kündigen Sie meinen Vertrag.")
    assert len(text) <= 4_000
    (kept,) = await post.kept(posted.conversation)
    assert kept.facts is not None
    assert kept.facts.cut
    original = await post.house.mails.original(post.town.place.id, kept.id)
    assert original is not None
    assert original.raw == raw


async def test_an_answer_goes_to_another_domain_only_if_a_person_says_so(post: Post) -> None:
    """A forged Reply-To is the oldest trick to lead an answer, with what it says about a customer, to a stranger."""
    near = await post.take(letter(headers="Reply-To: familie@kundin.example\r\n"))
    far = await post.take(letter("Und?", headers="Reply-To: eva@anders.example\r\n"))
    facts = [(await post.kept(p.conversation))[0].facts for p in (near, far)]
    assert [(f.answers_to, f.reply_to) for f in facts if f] == [
        ("familie@kundin.example", ""),
        ("eva@kundin.example", "eva@anders.example"),
    ]
    arrived = [arrived_of((await post.events(p.conversation))[1].content) for p in (near, far)]
    assert [a.answer_to.address for a in arrived if a] == ["familie@kundin.example", "eva@kundin.example"]


async def test_an_answer_to_our_own_mail_joins_and_its_bounce_is_noted(post: Post) -> None:
    """Our Message-IDs are made from the outbox: the customer's answer and the server's report both find their way."""
    first = await post.take(letter(message_id=FIRST))
    ours = await replied(post, first)
    answer = await post.take(
        letter("Danke, und sonntags?", subject="AW: Öffnungszeiten", headers=answering(ours))
    )
    assert answer.conversation == first.conversation
    bounce = await post.take(report(ours))
    assert bounce.conversation == first.conversation
    kinds = [e.kind for e in await post.events(first.conversation)]
    assert "delivery.failed" in kinds
    last = last_arrived(e for e in await post.events(first.conversation) if e.kind == "message.received")
    assert last is not None
    assert last.sender.address == "eva@kundin.example"
    await post.sound(first.conversation)


async def test_answers_to_one_sender_are_counted(post: Post) -> None:
    """Two machines that answer each other stop after the third time, whatever headers they leave out."""
    post.town.clock.at += timedelta(minutes=1)
    posted = []
    for n in range(5):
        posted.append(
            await post.take(letter(f"Hilfe, bei uns riecht es stark nach Gas! {n}", subject=f"Gas {n}"))
        )
        post.town.clock.at += timedelta(minutes=1)
        await decide_mails(post.house, post.town.place.id)
    released = [
        any(e.kind == "message.released" for e in await post.events(one.conversation)) for one in posted
    ]
    assert released == [True, True, True, False, False]
    assert {(await post.sound(one.conversation)).urgency for one in posted} == {Urgency.CRITICAL}


async def replied(post: Post, posted: Any) -> str:
    """A person answers and it is sent; gives the Message-ID under which it left."""
    agent, place = post.town.staff[0], post.town.place
    await take_over(post.house, agent, posted.conversation, 0)
    await send_reply(post.house, agent, posted.conversation, "Von 8 bis 18 Uhr.", 1, "antwort-1")
    async with place.pool.within(place.id) as connection:
        key = await connection.fetchval(
            "update outbox set state = 'sent' where conversation_id = $1 returning idempotency_key",
            posted.conversation,
        )
    return message_id_of(key, "stadtwerke.example")


def report(about: str) -> bytes:
    """A report that a mail came back."""
    head = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.kundin.example\r\nTo: service@stadtwerke.example\r\n"
    head += "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce@mx.kundin.example>\r\n"
    head += (
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=g\r\n\r\n"
    )
    status = (
        "--g\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.kundin.example\r\n\r\n"
    )
    status += "Final-Recipient: rfc822; eva@kundin.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    status += "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
    mail = f"--g\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--g--\r\n"
    return (head + status + mail).encode()
