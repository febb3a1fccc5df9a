"""The assistant answers a mail by itself: only on autopilot, question by question, provable and replayable."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.mailwriting import texts_in
from taktvoll.base.ids import uuid7
from taktvoll.domain.autonomy.terms import Kind, Noted, TopicLight
from taktvoll.domain.conversation.terms import HandoverReason, Light, OwnerKind
from taktvoll.domain.delivery.arrived import Arrived
from taktvoll.domain.delivery.provenance import HEADER, findings_of, stated_in
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.mail.terms import Address
from taktvoll.flows.deliver import deliver
from taktvoll.flows.publish_edition import publish_edition
from taktvoll.flows.replay_conversation import replay_conversation
from tests.contract.mailserver import Taken, good_server
from tests.contract.posting import Post, opened, post_of

KNOWN = {
    "stand": (
        "Wie melde ich meinen Zählerstand?",
        "Tragen Sie den Zählerstand im Portal unter Meine Zähler ein.",
    ),
    "umzug": ("Was muss ich bei einem Umzug tun?", "Melden Sie den Umzug zwei Wochen vorher im Portal."),
    "abschlag": ("Wie ändere ich meinen Abschlag?", "Den Abschlag ändern Sie im Portal unter Zahlungen."),
    "störung": ("Wohin melde ich eine Störung?", "Eine Störung nimmt die Leitstelle jederzeit auf."),
}


@pytest.fixture
async def post(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Post]:
    """Give a mailbox with knowledge whose topic has earned autopilot."""
    async with opened(endpoint.dsn("app"), tmp_path) as house:
        made = await post_of(house, house.now())

        async def batches() -> AsyncIterator[Sequence[Passage]]:
            yield [
                Passage(
                    id=name,
                    collection="hilfe",
                    language="de",
                    title=name.title(),
                    question=asked,
                    text=said,
                    source="hilfe.jsonl",
                )
                for name, (asked, said) in KNOWN.items()
            ]

        await house.library.stock(made.workspace, batches(), house.now())
        await publish_edition(house, made.workspace, "anna")
        now = house.now()
        earned = TopicLight("hilfe", Light.AUTOPILOT, False, 1, now, now)
        noted = Noted(uuid7(now), "hilfe", Kind.SET, now, "test", {})
        await house.autonomy.change(made.workspace, None, earned, noted)
        yield made


async def sent(post: Post) -> Taken:
    """Deliver what is due."""
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    return taken


async def test_a_question_on_autopilot_is_answered_by_mail(post: Post) -> None:
    """What was proven is sent: greeted, with the notice and the source, and signed as approved text."""
    conversation = await post.written("Wie melde ich meinen Zählerstand?")
    assert (await post.state(conversation)).owner.kind is OwnerKind.ASSISTANT
    taken = await sent(post)
    [mail] = taken.mails
    assert mail["Auto-Submitted"] == "auto-replied"
    header, plain, html = texts_in(taken.raw[0], HEADER)
    assert plain.startswith(
        "Guten Tag Selin Yılmaz,\n\nvielen Dank für Ihre Nachricht.\n\nDiese E-Mail hat eine KI"
    )
    assert KNOWN["stand"][1] in plain
    assert "– Stand" in plain
    stated = stated_in(header)
    assert stated is not None
    genuine = post.house.keys.verify(stated.key_id, stated.body, stated.signature)
    assert findings_of(stated, genuine, plain, html) == ()
    assert (stated.fields["verbatim"], stated.fields["edition"], len(stated.fields["sources"])) == (
        True,
        1,
        1,
    )
    replay = await replay_conversation(post.house, post.workspace, conversation)
    assert (replay.differences, replay.not_comparable) == ([], [])


async def test_several_questions_are_answered_and_the_open_one_is_given_on(post: Post) -> None:
    """One mail answers what it can, names what it cannot, and a person already has that."""
    text = f"{KNOWN['stand'][0]} {KNOWN['umzug'][0]} Welche Farbe hat Ihr Firmenhund am liebsten?"
    conversation = await post.written(text)
    state = await post.state(conversation)
    assert (state.owner.kind, state.reasons) == (OwnerKind.QUEUE, (HandoverReason.NO_ANSWER,))
    _, plain, _ = texts_in((await sent(post)).raw[0], HEADER)
    order = [
        f"> {KNOWN['stand'][0]}",
        KNOWN["stand"][1],
        f"> {KNOWN['umzug'][0]}",
        KNOWN["umzug"][1],
        "keine geprüfte Auskunft",
        "> Welche Farbe hat Ihr Firmenhund am liebsten?",
    ]
    flat = " ".join(plain.split())
    places = [flat.index(" ".join(one.split())) for one in order]
    assert places == sorted(places)
    kinds = [e.kind for e in await post.events(conversation, "")]
    assert kinds.index("message.released") < kinds.index("conversation.handed_over")
    replay = await replay_conversation(post.house, post.workspace, conversation)
    assert (replay.differences, replay.not_comparable) == ([], [])


async def test_what_is_not_known_goes_to_a_person_without_a_mail(post: Post) -> None:
    """“I do not know” is no answer worth a mail."""
    conversation = await post.written("Welche Farbe hat Ihr Firmenhund am liebsten?")
    assert (await post.state(conversation)).owner.kind is OwnerKind.QUEUE
    assert (await sent(post)).raw == []


async def test_thanks_for_an_answer_close_the_conversation(post: Post) -> None:
    """Nobody answers them, nobody has to look at them, and whoever writes again is heard again."""
    conversation = await post.written(KNOWN["stand"][0])
    thanks = Arrived("<danke@kunde.example>", Address("Selin Yılmaz", "selin@kunde.example"), "AW: Zähler")
    await post.write(
        conversation, "Hallo,\n\nvielen Dank, hat geklappt!\n\nViele Grüße\nSelin Yılmaz", thanks
    )
    state = await post.state(conversation)
    assert (state.closed, state.owner.kind, state.undecided) == (True, OwnerKind.ASSISTANT, 0)
    assert len((await sent(post)).raw) == 1
    await post.write(conversation, KNOWN["umzug"][0], replace(thanks, message_id="<mehr@kunde.example>"))
    state = await post.state(conversation)
    assert (state.closed, state.undecided) == (False, 0)
    kinds = [e.kind for e in await post.events(conversation, "message.released")]
    assert len(kinds) == 2
    replay = await replay_conversation(post.house, post.workspace, conversation)
    assert (replay.differences, replay.not_comparable) == ([], [])
