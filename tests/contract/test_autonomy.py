"""Earned autonomy on real parts: what the store promises, and what happens to a topic from its first label on."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.autonomy import PostgresAutonomy
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.autonomy.draw import is_drawn
from taktvoll.domain.autonomy.terms import (
    Case,
    Kind,
    Label,
    Noted,
    Origin,
    Promise,
    TopicLight,
    Verdict,
)
from taktvoll.domain.conversation.terms import Event, Light, OwnerKind
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.entry.desk.autonomy import drawn_of
from taktvoll.entry.desk.session import Visit
from taktvoll.flows.approve_promotion import approve_as_staff, approve_promotion
from taktvoll.flows.collect_answers import collect_answers
from taktvoll.flows.judge_answer import judge_answer
from taktvoll.flows.load_labels import Result, load_labels
from taktvoll.flows.receive_message import Incoming, Received, receive_message
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.report_shadow import report_shadow
from taktvoll.flows.review_topics import review_topic
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.set_light import set_light, set_promise, set_shadow
from taktvoll.flows.take_over import take_over
from taktvoll.flows.undo_judgement import UNDONE_WITHIN, undo_judgement
from tests.contract.conftest import NOW, Place, talk
from tests.simulation.town import Town, settle

TOPIC = "hilfe"
QUESTION = "Was muss ich zu Zählerstand wissen?"


def a_case(conversation: ConversationId, **more: Any) -> Case:
    """An answer of the topic Abschlag that was drawn."""
    plain = Case(
        conversation=conversation, seq=5, customer_seq=2, topic="Abschlag", origin=Origin.DRAW,
        light=Light.PROBATION, edition=1, rate_ppm=50_000, at=NOW,
    )  # fmt: skip
    return replace(plain, **more)


def a_label(case: Case, verdict: Verdict = Verdict.RIGHT, **more: Any) -> Label:
    """Its judgement."""
    plain = Label(
        id=uuid7(NOW), topic=case.topic, origin=case.origin, verdict=verdict, counts=True, at=NOW, by="staff:a",
        conversation=case.conversation, seq=case.seq,
    )  # fmt: skip
    return replace(plain, **more)


@pytest.fixture
def store(pool: Pool) -> PostgresAutonomy:
    """Give the store."""
    return PostgresAutonomy(pool)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all towns."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all towns."""
    return tmp_path_factory.mktemp("towns")


@pytest.fixture
async def town(pool: Pool, folder: Path, encoder: SentenceEncoder) -> Any:
    """Give a town with one topic, in which nobody dies and every answer is drawn."""
    town = await settle(pool, folder, encoder, 3)
    town.mind.dying = 0.0
    await set_promise(town.house, town.place.id, Promise(draw_ppm=PPM), "test")
    yield town
    town.close()


async def write(town: Town, conversation: ConversationId, text: str = QUESTION) -> Received:
    """A customer writes."""
    incoming = Incoming(
        account=town.place.account, conversation=conversation, provider_id=f"m{town.chance.getrandbits(60)}", text=text
    )  # fmt: skip
    return await receive_message(town.house, incoming)


def decision(received: Received) -> dict[str, Any]:
    """What was decided."""
    return dict(next(e for e in received.events if e.kind == "answer.decided").payload)


def _case_seq(received: Received) -> int:
    """Where the decision stands."""
    return next(e.seq for e in received.events if e.kind == "answer.decided")


def said(events: tuple[Event, ...]) -> list[str]:
    """What was said to the customer."""
    return [text_of_json(e.content) for e in events if e.kind == "message.released"]


async def lead(town: Town) -> Staff:
    """Someone who may approve."""
    return await town.place.directory.add_staff(
        town.place.id, "lea@auental.example", "Lea", Role.LEAD, "x", NOW
    )


async def judge_all(town: Town, verdict: Verdict, count: int) -> None:
    """So many answers are drawn and judged alike."""
    store, place = town.house.autonomy, town.place.id
    for _ in range(count):
        at = town.clock.now()
        case = a_case(talk(), topic=TOPIC, rate_ppm=PPM, at=at)
        await store.take(place, (case,))
        await store.label(place, a_label(case, verdict, at=at))


async def test_a_setting_is_what_was_set(store: PostgresAutonomy, place: Place) -> None:
    """The defaults of the mission hold until somebody says otherwise, and scanning changes nothing of it."""
    assert (await store.setting(place.id)).promise == Promise(30_000, 950_000, 50_000)
    before = await store.setting(place.id)
    noted = Noted(uuid7(NOW), "", Kind.PROMISE, NOW, "a", {"tolerated_ppm": 10_000})
    await store.keep_setting(place.id, before, replace(before, promise=Promise(10_000), shadow=True), noted)
    await store.mark_scanned(place.id, NOW)
    kept = await store.setting(place.id)
    assert (kept.promise.error_ppm, kept.shadow, kept.scanned_to) == (10_000, True, NOW)
    assert await store.log(place.id, None, 9) == (noted,)
    with pytest.raises(Refused, match=r"form\.stale"):
        await store.keep_setting(place.id, before, before, replace(noted, id=uuid7(NOW)))


async def test_shadow_set_beside_a_promise_stays_set(town: Town) -> None:
    """Whoever silences the assistant everywhere must not be undone by a colleague who sets a figure meanwhile."""
    promises = [Promise(10_000 + n) for n in range(3)]
    await asyncio.gather(
        set_shadow(town.house, town.place.id, "", True, "a"),
        *(set_promise(town.house, town.place.id, promise, "b") for promise in promises),
    )
    kept = await town.house.autonomy.setting(town.place.id)
    assert kept.shadow
    assert kept.promise in promises
    assert len(await town.house.autonomy.log(town.place.id, "", 9)) == 5  # the town itself sets one


async def test_a_light_changes_only_as_it_was_seen(store: PostgresAutonomy, place: Place) -> None:
    """Two people, or a person and a fall-back, must not undo each other without knowing."""
    first = TopicLight("Abschlag", Light.COPILOT, False, 1, NOW, NOW)
    noted = Noted(uuid7(NOW), "Abschlag", Kind.SET, NOW, "a", {})
    await store.change(place.id, None, first, noted)
    second = replace(first, light=Light.HUMAN, life=2)
    await store.change(place.id, first, second, replace(noted, id=uuid7(NOW)))
    for before in (first, None):
        with pytest.raises(Refused) as caught:
            await store.change(place.id, before, first, replace(noted, id=uuid7(NOW)))
        assert caught.value.code == "form.stale"
    assert await store.topics(place.id) == (second,)
    assert len(await store.log(place.id, "Abschlag", 9)) == 2


async def test_an_answer_is_taken_and_judged_once(store: PostgresAutonomy, place: Place) -> None:
    """A job that runs twice, or two people with the same page open, make one label."""
    case = a_case(talk())
    assert [await store.take(place.id, (case, case)), await store.take(place.id, (case,))] == [1, 0]
    assert await store.unjudged(place.id, 9) == (case,)
    assert [await store.label(place.id, a_label(case)) for _ in range(2)] == [True, False]
    assert await store.count_unjudged(place.id) == 0
    assert await store.case(place.id, case.conversation, case.seq) == case
    assert await store.judged(place.id, [(case.conversation, 5), (talk(), 5)]) == {
        (case.conversation, 5): "right"
    }
    with pytest.raises(Refused) as caught:
        await store.case(place.id, talk(), 5)
    assert caught.value.code == "answer.unknown"


async def test_only_what_may_still_count_waits_to_be_judged(store: PostgresAutonomy, place: Place) -> None:
    """Whoever judges must not work through a life that is over: those labels enter no bound any more."""
    old, new = a_case(talk()), a_case(talk(), at=NOW + timedelta(minutes=2))
    await store.take(place.id, (old, new))
    (topic,) = await store.topics(place.id)
    after = replace(topic, life=2, life_since=NOW + timedelta(minutes=1))
    noted = Noted(uuid7(NOW), topic.topic, Kind.FELL_BACK, NOW, "taktvoll", {})
    await store.change(place.id, topic, after, noted)
    assert (await store.unjudged(place.id, 9), await store.count_unjudged(place.id)) == ((new,), 1)


async def test_a_judgement_taken_back_stands_beside_what_took_it_back(
    store: PostgresAutonomy, place: Place
) -> None:
    """Nothing is deleted; the answer waits in its old place, and its next judgement counts, once."""
    first, second = a_case(talk()), a_case(talk(), at=NOW + timedelta(minutes=1))
    await store.take(place.id, (first, second))
    slip = a_label(first, Verdict.WRONG)
    assert await store.label(place.id, slip)
    assert await store.last_judgement(place.id, "staff:b", NOW - timedelta(hours=1)) is None
    assert await store.last_judgement(place.id, "staff:a", NOW) is None, "too long ago"
    assert await store.last_judgement(place.id, "staff:a", NOW - timedelta(hours=1)) == slip
    noted = Noted(uuid7(NOW), first.topic, Kind.UNDONE, NOW, "staff:a", {"verdict": "wrong"})
    assert [await store.undo(place.id, slip, n) for n in (noted, replace(noted, id=uuid7(NOW)))] == [
        True,
        False,
    ]
    assert await store.log(place.id, first.topic, 9) == (noted,)
    assert await store.unjudged(place.id, 9) == (first, second)
    assert await store.judged(place.id, [(first.conversation, first.seq)]) == {}
    (topic,) = await store.topics(place.id)
    assert [s.verdict for s in await store.seen(place.id, topic)] == [None, None]
    again = [await store.label(place.id, a_label(first)) for _ in range(2)]
    assert again == [True, False]
    assert [s.verdict for s in await store.seen(place.id, topic)] == [Verdict.RIGHT, None]


async def test_evidence_comes_in_the_order_of_the_draw(store: PostgresAutonomy, place: Place) -> None:
    """Judged last, drawn first: it stands first, also while nobody has judged it; an earlier life is over."""
    minutes = [a_case(talk(), at=NOW + timedelta(minutes=n)) for n in range(4)]
    await store.take(place.id, minutes)
    for n in (3, 0):
        await store.label(place.id, a_label(minutes[n], Verdict.WRONG if n else Verdict.RIGHT))
    (topic,) = await store.topics(place.id)
    assert topic == TopicLight("Abschlag", Light.PROBATION, False, 1, NOW, NOW)
    assert [s.verdict for s in await store.seen(place.id, topic)] == [
        Verdict.RIGHT,
        None,
        None,
        Verdict.WRONG,
    ]
    later = replace(topic, life_since=NOW + timedelta(minutes=2))
    assert [s.verdict for s in await store.seen(place.id, later)] == [None, Verdict.WRONG]


async def test_labels_that_do_not_count_are_kept_apart(store: PostgresAutonomy, place: Place) -> None:
    """A file that is no random sample says what it says, but not to the bound."""
    label = replace(a_label(a_case(talk())), conversation=None, seq=None, origin=Origin.FILE, ref="q1")
    assert await store.label(place.id, replace(label, counts=False))
    topic = TopicLight("Abschlag", Light.PROBATION, False, 1, NOW, NOW)
    assert await store.seen(place.id, topic) == ()
    assert await store.label(place.id, replace(label, id=uuid7(NOW)))
    assert not await store.label(place.id, replace(label, id=uuid7(NOW)))
    assert len(await store.seen(place.id, topic)) == 1


async def test_on_copilot_a_person_sends_and_that_is_evidence(town: Town) -> None:
    """The whole way of a suggestion: not sent, used by a person, counted once, replayed to the same bytes."""
    house, place, conversation = town.house, town.place.id, talk()
    await set_light(house, place, TOPIC, Light.COPILOT, "test")
    received = await write(town, conversation)
    payload = decision(received)
    assert (payload["decision"], payload["suggestion"]["decision"]) == ("handover", "answer")
    assert received.state.owner.kind is OwnerKind.QUEUE
    text = "Zählerstand: So geht es, Fassung 0. Alles dazu steht unter Zählerstand im Portal."
    assert text not in said(received.events)
    assert await collect_answers(house, place) == 1
    assert await collect_answers(house, place) == 0
    anna = town.staff[0]
    state = await take_over(house, anna, conversation)
    await send_reply(house, anna, conversation, f"Guten Tag! {text}", state.owner_epoch, "r1")
    with pytest.raises(Refused) as caught:
        await judge_answer(house, anna, conversation, _case_seq(received), Verdict.RIGHT)
    assert caught.value.code == "answer.unknown", "only the lot chooses what is judged at the desk"
    assert await collect_answers(house, place) == 1
    (topic,) = await house.autonomy.topics(place)
    assert [s.verdict for s in await house.autonomy.seen(place, topic)] == [Verdict.RIGHT]
    replay = await replay_conversation(house, place, conversation)
    assert replay.differences == []


async def test_suggestions_that_nobody_replies_to_keep_no_other_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand customers who left before anyone came filled every batch, and no topic gained evidence any more."""
    monkeypatch.setattr("taktvoll.flows.collect_answers.BATCH", 1)
    house, place, anna = town.house, town.place.id, town.staff[0]
    await set_light(house, place, TOPIC, Light.COPILOT, "test")
    await write(town, talk())
    replied = talk()
    await write(town, replied)
    assert await collect_answers(house, place) == 2
    state = await take_over(house, anna, replied)
    await send_reply(house, anna, replied, "Bitte rufen Sie uns an.", state.owner_epoch, "r1")
    assert await collect_answers(house, place) == 1


async def test_two_who_see_a_topic_fall_agree(town: Town) -> None:
    """Two judge at the same moment, both see the alarm: the second must not be told that their page was too old."""
    house, place = town.house, town.place.id
    await judge_all(town, Verdict.WRONG, 8)
    one, two = await asyncio.gather(review_topic(house, place, TOPIC), review_topic(house, place, TOPIC))
    assert [r.topic.light for r in (one, two)] == [Light.COPILOT, Light.COPILOT]
    assert [n.kind for n in await house.autonomy.log(place, TOPIC, 9)] == [Kind.FELL_BACK]


async def test_a_changed_light_holds_for_the_very_next_message(town: Town) -> None:
    """A topic that lost its light must not go on answering in some process's memory."""
    house, place = town.house, town.place.id
    assert decision(await write(town, talk()))["decision"] == "answer"
    await set_light(house, place, TOPIC, Light.HUMAN, "test")
    assert decision(await write(town, talk()))["because"] == "light_human"
    await set_light(house, place, TOPIC, Light.PROBATION, "test")
    assert decision(await write(town, talk()))["decision"] == "answer"


async def test_what_the_customer_never_got_is_called_so(town: Town) -> None:
    """On a topic of people a drawn answer was only a thought; whoever judges must not take it for what was said."""
    house, place = town.house, town.place.id
    workspace = await house.directory.workspace_by_id(place)
    await house.access.sessions.open(place, town.staff[0].id, place.bytes, NOW, NOW + timedelta(hours=1))
    session = await house.access.sessions.find(place, place.bytes, NOW)
    assert session is not None
    visit = Visit(workspace, town.staff[0], "", "", "de", session)
    for light, never_got in ((Light.PROBATION, False), (Light.HUMAN, True)):
        await set_light(house, place, TOPIC, light, "test")
        received = await write(town, talk())
        await collect_answers(house, place)
        (case,) = await house.autonomy.unjudged(place, 9)
        drawn = await drawn_of(house, visit, case)
        assert (drawn.question, drawn.only_to_itself) == (QUESTION, never_got)
        assert (drawn.answer in said(received.events)) is not never_got


async def test_in_shadow_nothing_is_sent_and_both_answers_are_compared(town: Town) -> None:
    """The pilot of a careful company: the customer hears people alone, the company sees what would have been (I3)."""
    house, place = town.house, town.place.id
    await set_shadow(house, place, "", on=True, by="test")
    alike, other, unanswered = talk(), talk(), talk()
    for conversation in (alike, other, unanswered):
        received = await write(town, conversation)
        assert said(received.events) == []
        assert received.state.owner.kind is OwnerKind.QUEUE
    assert said((await write(town, talk(), "Hallo")).events) == []
    anna = town.staff[0]
    for conversation, text in (
        (alike, "So geht es mit dem Zählerstand: Alles dazu steht unter Zählerstand im Portal."),
        (other, "Rufen Sie bitte an, dann sehe ich nach der Kündigung: So geht es, Fassung 0."),
    ):
        state = await take_over(house, anna, conversation)
        await send_reply(house, anna, conversation, text, state.owner_epoch, "r")
    await collect_answers(house, place)
    assert await judge_answer(house, anna, alike, 5, Verdict.RIGHT)
    report = {c.topic: c for c in await report_shadow(house, place, 30)}
    assert report[""].messages == 1
    found = report[TOPIC]
    assert (found.messages, found.answers, found.replied, found.same_source, found.right) == (3, 3, 2, 1, 1)
    assert (await replay_conversation(house, place, alike)).differences == []
    await set_shadow(house, place, "", on=False, by="test")
    assert said((await write(town, talk())).events) != []


async def test_autopilot_is_proposed_approved_and_lost(town: Town) -> None:
    """The whole life of a topic, with every step on record: who, when, on which evidence (B5)."""
    house, place = town.house, town.place.id
    await judge_all(town, Verdict.RIGHT, 125)
    almost = await review_topic(house, place, TOPIC)
    assert (almost.proposal, almost.standing.missing) == (None, 1)
    with pytest.raises(Refused) as caught:
        await approve_promotion(house, place, TOPIC, "test")
    assert caught.value.code == "autonomy.not_proven"
    await judge_all(town, Verdict.RIGHT, 1)
    assert (await review_topic(house, place, TOPIC)).proposal is not None
    assert (await review_topic(house, place, TOPIC)).topic.light is Light.PROBATION, "nobody has approved yet"
    with pytest.raises(Refused) as caught:
        await approve_as_staff(house, town.staff[0], TOPIC)
    assert caught.value.code == "permission.missing"
    boss = await lead(town)
    assert (await approve_as_staff(house, boss, TOPIC)).light is Light.AUTOPILOT
    assert decision(await write(town, talk()))["light"] == "autopilot"
    await judge_all(town, Verdict.WRONG, 5)
    fallen = await review_topic(house, place, TOPIC)
    assert (fallen.topic.light, fallen.topic.life, fallen.standing.labels) == (Light.COPILOT, 2, 0)
    assert decision(await write(town, talk()))["because"] == "light_copilot"
    log = await house.autonomy.log(place, TOPIC, 9)
    assert [(n.kind, n.by) for n in log] == [
        (Kind.FELL_BACK, "taktvoll"), (Kind.APPROVED, f"staff:{boss.id}"), (Kind.PROPOSED, "taktvoll"),
    ]  # fmt: skip
    assert (log[0].detail["reason"], log[0].detail["edition"]) == ("alarm", 1)
    assert (log[1].detail["labels"], log[1].detail["wrong"]) == (126, 0)
    assert int(str(log[1].detail["bound_ppm"])) < 30_000 == log[1].detail["tolerated_ppm"]


async def test_a_proposal_that_no_longer_holds_is_withdrawn(town: Town) -> None:
    """Someone on holiday must not come back and approve what has stopped being true."""
    house, place = town.house, town.place.id
    await judge_all(town, Verdict.RIGHT, 126)
    assert (await review_topic(house, place, TOPIC)).proposal is not None
    await judge_all(town, Verdict.WRONG, 1)
    with pytest.raises(Refused):
        await approve_promotion(house, place, TOPIC, "test")
    assert (await house.autonomy.log(place, TOPIC, 1))[0].kind is Kind.WITHDRAWN


async def test_a_slip_of_the_key_is_taken_back_by_whoever_made_it(town: Town) -> None:
    """The proposal that rested on it goes at once; others cannot take it back, and nobody after a while."""
    house, place = town.house, town.place.id
    anna, boss = town.staff[0], await lead(town)
    await judge_all(town, Verdict.RIGHT, 125)
    conversation = talk()
    received = await write(town, conversation)
    await collect_answers(house, place)
    assert await judge_answer(house, anna, conversation, _case_seq(received), Verdict.RIGHT)
    assert (await review_topic(house, place, TOPIC)).proposal is not None
    with pytest.raises(Refused, match=r"judgement\.none"):
        await undo_judgement(house, boss)
    assert (await undo_judgement(house, anna)).verdict is Verdict.RIGHT
    after = await review_topic(house, place, TOPIC)
    assert (after.proposal, after.standing.labels, after.standing.unjudged) == (None, 125, 1)
    assert [n.kind for n in await house.autonomy.log(place, TOPIC, 3)] == [
        Kind.WITHDRAWN, Kind.UNDONE, Kind.PROPOSED,
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"judgement\.none"):
        await undo_judgement(house, anna)
    assert await judge_answer(house, anna, conversation, _case_seq(received), Verdict.WRONG)
    town.clock.at += UNDONE_WITHIN
    with pytest.raises(Refused, match=r"judgement\.none"):
        await undo_judgement(house, anna)


async def test_nobody_gives_autopilot_away(town: Town) -> None:
    """Autonomy is earned; a light set by hand begins the evidence anew."""
    with pytest.raises(Refused) as caught:
        await set_light(town.house, town.place.id, TOPIC, Light.AUTOPILOT, "test")
    assert caught.value.code == "autonomy.not_earned"
    await judge_all(town, Verdict.RIGHT, 3)
    after = await set_light(town.house, town.place.id, TOPIC, Light.PROBATION, "test")
    assert (after.life, await town.house.autonomy.seen(town.place.id, after)) == (2, ())


async def test_only_drawn_answers_can_be_judged(town: Town) -> None:
    """Whoever picks answers to judge picks the result."""
    house, place = town.house, town.place.id
    conversation = talk()
    await set_promise(house, place, Promise(draw_ppm=1), "test")
    assert not is_drawn(conversation, 2, 1)
    await write(town, conversation)
    assert await collect_answers(house, place) == 0
    with pytest.raises(Refused) as caught:
        await judge_answer(house, town.staff[0], conversation, 5, Verdict.RIGHT)
    assert caught.value.code == "answer.unknown"


async def test_a_file_counts_only_as_a_random_sample_and_each_question_once(town: Town) -> None:
    """A file that somebody made up proves something about the file."""
    house, place = town.house, town.place.id
    made_up = [Result(f"Frage {n}?", "Umzug", right=True) for n in range(3)]
    assert await load_labels(house, place, made_up, random=False, by="test") == (3, 0)
    assert (await review_topic(house, place, "Umzug")).standing.labels == 0
    assert await load_labels(house, place, made_up, random=True, by="test") == (3, 0)
    assert await load_labels(house, place, made_up, random=True, by="test") == (0, 3)
    assert (await review_topic(house, place, "Umzug")).standing.labels == 3


async def test_a_turn_decided_under_the_old_light_is_decided_anew(town: Town) -> None:
    """A light that goes out between decision and commit holds for that very answer."""
    house, place = town.house, town.place.id
    real = town.mind.read

    async def read(text: str, language: str | None) -> Any:
        town.mind.read = real  # type: ignore[method-assign]
        await set_light(house, place, TOPIC, Light.HUMAN, "test")
        return await real(text, language)

    town.mind.read = read  # type: ignore[method-assign]
    assert decision(await write(town, talk()))["because"] == "light_human"
