"""Writing at the desk, each deed on a real house: replies that wait, drafts, suggestions as evidence, macros."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.board import Asked, View
from taktvoll.domain.conversation.terms import Event, Light, Owner, OwnerKind
from taktvoll.domain.conversation.writing import Reason
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.assign_conversation import assign_conversation
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.collect_answers import collect_answers, text_of_answer
from taktvoll.flows.find_macros import find_macros
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.set_light import set_light
from taktvoll.flows.settle_suggestion import left_open, reject_suggestion, suggestion_in
from taktvoll.flows.take_over import take_over
from taktvoll.flows.transfer_conversation import transfer_conversation
from taktvoll.flows.verify_record import verify_record
from taktvoll.flows.write_reply import keep_draft, send_due_replies, send_now, take_back, write_reply
from tests.simulation.test_desk_work import PERSON, refused, say
from tests.simulation.town import Town, settle

TOPIC = "hilfe"
QUESTION = "Was muss ich zu Zählerstand wissen?"
TEXT = "Guten Tag, Ihr Zähler ist da."


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all towns, as one process has."""
    return SentenceEncoder()


@pytest.fixture
async def town(pool: Pool, encoder: SentenceEncoder, tmp_path: Path) -> AsyncIterator[Town]:
    """Give a house with three agents and a lead, in which nothing dies."""
    town = await settle(pool, tmp_path, encoder, 1)
    town.mind.dying = 0.0
    yield town
    town.close()


async def owned(town: Town) -> tuple[ConversationId, int]:
    """A conversation that the first agent has, and its epoch."""
    one, _ = await say(town, PERSON)
    state = await take_over(town.house, town.staff[0], one)
    return one, state.owner_epoch


async def sent(town: Town, one: ConversationId) -> list[Event]:
    """What people sent."""
    released = await town.house.record.events(town.place.id, one, kinds=("message.released",))
    return [e for e in released if e.payload["author"] == "person"]


async def settled(town: Town, one: ConversationId) -> list[object]:
    """What is on record of suggestions."""
    events = await town.house.record.events(town.place.id, one, kinds=("suggestion.settled",))
    return [dict(e.payload) for e in events]


async def wait(town: Town, one: ConversationId, epoch: int, text: str = TEXT, id: str = "a") -> None:
    """The first agent writes a reply, which waits."""
    assert await write_reply(town.house, town.staff[0], one, text, epoch, id) is not None


async def later(town: Town, seconds: float = 6) -> int:
    """Time passes and the worker looks."""
    town.clock.at += timedelta(seconds=seconds)
    return await send_due_replies(town.house, town.place.id)


async def begun(town: Town, one: ConversationId, staff: Staff | None = None) -> tuple[str, str]:
    """What someone has begun, and why it came back."""
    draft = await town.house.writing.draft(town.place.id, (staff or town.staff[0]).id, one)
    return (draft.text, draft.why) if draft else ("", "")


async def test_reply_waits_and_goes_out_once(town: Town) -> None:
    """Whatever stops in between, the customer gets it, and gets it once: the worker sends what no timer did (G8)."""
    one, epoch = await owned(town)
    await keep_draft(town.house, town.staff[0], one, TEXT, "a")
    await wait(town, one, epoch)
    await wait(town, one, epoch)  # the same request again
    assert await begun(town, one) == ("", "")
    assert await later(town, 1) == 0
    assert await sent(town, one) == []
    town.clock.at += timedelta(seconds=6)
    done = await asyncio.gather(*(send_due_replies(town.house, town.place.id) for _ in range(5)))
    assert sum(done) == 1
    assert len(await sent(town, one)) == 1
    assert await write_reply(town.house, town.staff[0], one, TEXT, epoch, "a") is None
    assert await later(town) == 0
    assert len(await sent(town, one)) == 1


async def test_process_that_dies_while_sending_sends_no_second_time(town: Town) -> None:
    """A process killed between sending and forgetting leaves its claim; the next one must find it sent."""
    one, epoch = await owned(town)
    await wait(town, one, epoch)
    until = town.clock.now() + timedelta(seconds=30)
    (claimed,) = await town.house.writing.claim(town.place.id, until, until, 9)
    await send_reply(town.house, town.staff[0], one, TEXT, epoch, claimed.client_id)
    assert await later(town) == 0
    assert await later(town, 60) == 1
    assert len(await sent(town, one)) == 1
    assert await later(town, 60) == 0


async def test_undone_reply_is_a_draft_again(town: Town) -> None:
    """The wrong name in a greeting is seen in the second after sending (B2)."""
    one, epoch = await owned(town)
    await wait(town, one, epoch)
    assert await refused(take_back(town.house, town.staff[1], one)) == "reply.sent"
    await take_back(town.house, town.staff[0], one)
    assert await begun(town, one) == (TEXT, "")
    assert await later(town) == 0
    assert await sent(town, one) == []
    await wait(town, one, epoch)
    assert await later(town) == 1
    assert await refused(take_back(town.house, town.staff[0], one)) == "reply.sent"


async def test_next_reply_sends_the_one_before_at_once(town: Town) -> None:
    """Two short messages arrive in the order in which they were written."""
    one, epoch = await owned(town)
    await wait(town, one, epoch, "Eins", "a")
    await wait(town, one, epoch, "Zwei", "b")
    assert len(await sent(town, one)) == 1
    await send_now(town.house, town.staff[0], one)
    await send_now(town.house, town.staff[0], one)
    texts = [str(e.content) for e in await sent(town, one)]
    assert ["Eins" in texts[0], "Zwei" in texts[1]] == [True, True]


async def test_reply_that_came_back_is_not_lost_by_the_next(town: Town) -> None:
    """The customer writes between two replies: the first is not sent, and the second must not sweep it away (G8)."""
    one, epoch = await owned(town)
    await wait(town, one, epoch, "Eins", "a")
    await say(town, "Moment!", one)
    again = write_reply(town.house, town.staff[0], one, "Zwei", epoch, "b")
    assert await refused(again) == "customer.wrote"
    assert await begun(town, one) == ("Eins", "customer.wrote")
    await wait(town, one, epoch, "Zwei", "b")
    assert await later(town) == 1
    assert [("Zwei" in str(e.content)) for e in await sent(town, one)] == [True]
    assert await begun(town, one) == ("Eins", "customer.wrote")
    await wait(town, one, epoch, "Eins, wie gesagt", "c")
    assert await begun(town, one) == ("", "")


async def test_reply_is_not_sent_over_what_happened_meanwhile(town: Town) -> None:
    """Neither over the customer's newer word nor over a colleague; and the text is back, saying why (B2)."""
    one, epoch = await owned(town)
    await wait(town, one, epoch)
    await say(town, "Ach, hat sich erledigt.", one)
    await later(town)
    assert await begun(town, one) == (TEXT, "customer.wrote")
    await keep_draft(town.house, town.staff[0], one, TEXT + " Gern.", "b")
    assert await begun(town, one) == (TEXT + " Gern.", "")
    await wait(town, one, epoch, id="c")
    await take_over(town.house, town.staff[1], one)
    await later(town)
    assert (await begun(town, one))[1] == "owner.changed"
    assert await refused(write_reply(town.house, town.staff[0], one, TEXT, epoch, "d")) == "owner.changed"
    state = (await town.house.record.access(town.place.id, one)).state
    await write_reply(town.house, town.staff[1], one, TEXT, state.owner_epoch, "e")
    await assign_conversation(town.house, town.lead, one, Owner(OwnerKind.QUEUE, "service"))
    await later(town)
    assert (await begun(town, one, town.staff[1]))[0] == TEXT
    assert await sent(town, one) == []


@pytest.mark.parametrize("leave", ["close", "hand back", "transfer", "assign"])
async def test_whoever_sends_and_leaves_has_sent(town: Town, leave: str) -> None:
    """Send, then close, then the next customer: who does not look back must not leave an answer unsent (B2, G8)."""
    anna, queue = town.staff[0], Owner(OwnerKind.QUEUE, "service")
    one, epoch = await owned(town)

    async def gone() -> None:
        match leave:
            case "close":
                await close_conversation(town.house, anna, one)
            case "hand back":
                await hand_back(town.house, anna, one)
            case "transfer":
                await transfer_conversation(town.house, anna, one, queue, "Technik")
            case _:
                await assign_conversation(town.house, replace(anna, role=Role.LEAD), one, queue)

    await wait(town, one, epoch)
    await say(town, "Ach ja, noch etwas.", one)
    assert await refused(gone()) == "customer.wrote"
    assert await begun(town, one) == (TEXT, "customer.wrote")
    await wait(town, one, epoch, id="b")
    until = town.clock.now() + timedelta(seconds=30)
    assert len(await town.house.writing.claim(town.place.id, until, until, 9)) == 1
    assert await refused(gone()) == "conversation.busy"
    town.clock.at += timedelta(minutes=1)
    await gone()
    assert len(await sent(town, one)) == 1
    state = (await town.house.record.access(town.place.id, one)).state
    assert state.owner.kind is not OwnerKind.PERSON
    assert await later(town) == 0


async def test_what_could_never_be_sent_is_refused_at_once(town: Town) -> None:
    """Someone who learns after five seconds that a place was open has gone on to the next customer by then."""
    one, epoch = await owned(town)
    for text, code in (
        ("Liebe {{name}}", "reply.place_open"),
        ("  ", "message.empty"),
        ("x" * 9000, "message.too_long"),
    ):
        assert await refused(write_reply(town.house, town.staff[0], one, text, epoch, "x")) == code
    assert await refused(write_reply(town.house, town.staff[1], one, TEXT, epoch, "x")) == "owner.not_you"
    assert await town.house.writing.pending(town.place.id, town.staff[0].id, one) is None


async def test_without_seconds_to_undo_it_is_sent_at_once(town: Town) -> None:
    """A company that wants no wait has none."""
    await town.house.directory.set_settings(town.place.id, {"undo_s": 0})
    one, epoch = await owned(town)
    await keep_draft(town.house, town.staff[0], one, TEXT, "a")
    assert await write_reply(town.house, town.staff[0], one, TEXT, epoch, "a") is None
    assert len(await sent(town, one)) == 1
    assert await begun(town, one) == ("", "")


async def test_queue_says_where_i_have_begun(town: Town) -> None:
    """A half-written answer in a closed tab is forgotten, unless the queue says where it is (B2)."""
    one, _ = await owned(town)
    await keep_draft(town.house, town.staff[0], one, "Halb fert", "a")
    asked = Asked(view=View.OPEN, me=town.staff[0].id)
    assert [r.drafted for r in await town.house.board.rows(town.place.id, asked)] == [True]
    asked = Asked(view=View.OPEN, me=town.staff[1].id)
    assert [r.drafted for r in await town.house.board.rows(town.place.id, asked)] == [False]


async def suggested(town: Town) -> tuple[ConversationId, int, Event, str]:
    """A conversation of the first agent with an open suggestion: its epoch, the decision, the suggested text."""
    topics = {t.topic for t in await town.house.autonomy.topics(town.place.id)}
    if TOPIC not in topics:
        await set_light(town.house, town.place.id, TOPIC, Light.COPILOT, "test")
    one, _ = await say(town, QUESTION)
    state = await take_over(town.house, town.staff[0], one)
    decided = await suggestion_in(town.house, town.place.id, one)
    assert decided is not None
    return one, state.owner_epoch, decided, await text_of_answer(town.house, town.place.id, decided)


async def test_suggestion_says_which_question_it_leaves_open(town: Town) -> None:
    """Sent with one key, half an answer looks like a whole one, unless the agent is shown what it leaves out (B2)."""
    one, _, decided, _ = await suggested(town)
    assert await left_open(town.house, town.place.id, one, decided) == ()
    unicorn = "Womit füttere ich ein Einhorn?"
    two, _ = await say(town, f"{QUESTION} Was muss ich zu Abschlag wissen? {unicorn}")
    half = await suggestion_in(town.house, town.place.id, two)
    assert half is not None
    assert await left_open(town.house, town.place.id, two, half) == (unicorn,)
    older = dict(half.payload["suggestion"])  # type: ignore[call-overload]
    older.pop("open")
    before = replace(half, payload={**half.payload, "suggestion": older})
    assert await left_open(town.house, town.place.id, two, before) == ()
    assert (await replay_conversation(town.house, town.place.id, two)).differences == []


async def labels(town: Town) -> list[str]:
    """What counts for the topic."""
    await collect_answers(town.house, town.place.id)
    await collect_answers(town.house, town.place.id)
    (topic,) = [t for t in await town.house.autonomy.topics(town.place.id) if t.topic == TOPIC]
    seen = await town.house.autonomy.seen(town.place.id, topic)
    return [s.verdict.value for s in seen if s.verdict]


@pytest.mark.parametrize(
    ("begin", "more", "use", "verdict"),
    [
        ("", "", "accepted", "right"),
        ("", " Aber nicht bei 15 Euro Gebühr.", "edited", "wrong"),
        ("Ganz anders.", None, "rejected", "wrong"),
    ],
)
async def test_reply_settles_the_suggestion_once(
    town: Town, begin: str, more: str | None, use: str, verdict: str
) -> None:
    """What a person sends says what they made of the suggestion, and it counts once, whoever looks how often (B5)."""
    one, epoch, decided, text = await suggested(town)
    reply = begin if more is None else text + more
    await write_reply(town.house, town.staff[0], one, reply, epoch, "a")
    assert await settled(town, one) == []
    await take_back(town.house, town.staff[0], one)
    assert await settled(town, one) == []
    await write_reply(town.house, town.staff[0], one, reply, epoch, "a")
    await later(town)
    assert await settled(town, one) == [{"of": decided.seq, "use": use}]
    await send_reply(town.house, town.staff[0], one, "Und noch etwas.", epoch, "b")
    assert len(await settled(town, one)) == 1
    assert await labels(town) == [verdict]
    assert (await verify_record(town.house, town.place.id, lambda *_: None)).findings == ()


async def test_rejection_counts_before_any_reply_and_only_once(town: Town) -> None:
    """Whoever says why has helped the company; the reply that follows is no second piece of evidence (B3, B5)."""
    one, epoch, decided, text = await suggested(town)
    deed = reject_suggestion(town.house, town.staff[1], one, decided.seq, Reason.WRONG)
    assert await refused(deed) == "conversation.not_yours"
    await reject_suggestion(town.house, town.staff[0], one, decided.seq, Reason.OUTDATED)
    assert await settled(town, one) == [{"of": decided.seq, "use": "rejected", "reason": "outdated"}]
    assert await suggestion_in(town.house, town.place.id, one) is None
    assert (
        await refused(reject_suggestion(town.house, town.staff[0], one, decided.seq, None))
        == "suggestion.settled"
    )
    assert await labels(town) == ["wrong"]
    await send_reply(town.house, town.staff[0], one, text, epoch, "a")
    assert await labels(town) == ["wrong"]
    assert len(await settled(town, one)) == 1


async def test_macros_are_approved_and_speak_as_the_customer_does(town: Town) -> None:
    """One key less typed is no reason to send what nobody approved (F1)."""
    one, _ = await owned(town)
    await say(town, "Kannst du mir helfen?", one)
    greeting, closing = await find_macros(town.house, town.staff[0], one, " ")
    assert (greeting.name, closing.name, greeting.key) == ("greeting", "closing", None)
    assert town.staff[0].name in closing.text
    found = await find_macros(town.house, town.staff[0], one, "zählerstand")
    assert found
    assert all(m.key is not None and m.title for m in found)
    await town.house.library.withdraw(
        town.place.id, found[0].key.id if found[0].key else "", None, None, "anna", "falsch", town.clock.now()
    )
    left = await find_macros(town.house, town.staff[0], one, "zählerstand")
    assert found[0].key not in [m.key for m in left]
    with pytest.raises(Refused, match=r"permission\.missing"):
        await find_macros(town.house, auditor(town), one, "zählerstand")


def auditor(town: Town) -> Staff:
    """Someone who may only look."""
    return replace(town.staff[0], role=Role.AUDITOR)
