"""What the port TopicStore promises, held against PostgreSQL: all or nothing, names once, messages never copied."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from taktvoll.base.errors import Refused
from taktvoll.domain.conversation.ports import COMMAND
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.knowledge.topics import (
    Example,
    LearntModel,
    Proposal,
    Source,
    TopicState,
    WorkingModel,
)
from tests.contract.conftest import NOW, Place, change, talk, wrote

EXAMPLES = (
    Example("Wo ist es?", "Lieferung"),
    Example("Wann kommt es?", "Lieferung"),
    Example("Was kostet es?", "Geld"),
)

COPIED = "select count(*) from topic_example where workspace_id = $1 and content is not null"


def model(name: str = "a", *topics: str) -> LearntModel:
    """A model as the store sees it: bytes under a hash."""
    return LearntModel(name * 64, name.encode(), topics or ("Geld", "Lieferung"), 3, None, None)


async def names(place: Place) -> dict[str, tuple[TopicState, int]]:
    """The topics with their state and number of examples."""
    return {t.name: (t.state, t.examples) for t in await place.topics.topics(place.id)}


async def test_learnt_topics_and_their_model_come_back(place: Place) -> None:
    """The next edition names the model, and any machine must be able to fetch it."""
    assert await place.topics.working(place.id) is None
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    assert await names(place) == {"Geld": (TopicState.LEARNT, 1), "Lieferung": (TopicState.LEARNT, 2)}
    assert await place.topics.working(place.id) == WorkingModel("a" * 64, NOW, "anna", False)
    assert await place.topics.model(place.id, "a" * 64) == b"a"
    assert await place.topics.model(place.id, "b" * 64) is None
    kept = await place.topics.samples(place.id, TopicState.LEARNT)
    assert Counter(Example(s.text, s.topic) for s in kept) == Counter(EXAMPLES)
    assert [s.text for s in await place.topics.samples(place.id, None, "Geld")] == ["Was kostet es?"]


async def test_learning_again_replaces_what_was_learnt(place: Place) -> None:
    """A file is the truth about its topics; what it no longer names is gone; earlier models stay."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    await place.topics.keep(place.id, (Example("Hallo", "Gruß"),), model("b", "Gruß"), "anna", NOW)
    assert await names(place) == {"Gruß": (TopicState.LEARNT, 1)}
    assert await place.topics.model(place.id, "a" * 64) == b"a"
    await place.topics.keep(place.id, None, model("c", "Gruß"), "bernd", NOW)
    assert await names(place) == {"Gruß": (TopicState.LEARNT, 1)}
    working = await place.topics.working(place.id)
    assert working is not None
    assert (working.hash, working.learnt_by) == ("c" * 64, "bernd")


async def test_a_rename_brings_its_model(place: Place) -> None:
    """A topic that is called otherwise in its model than in the list would be told under a name nobody knows."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    await place.topics.rename(place.id, "Geld", "Preise", model("b", "Lieferung", "Preise"), "anna", NOW)
    assert await names(place) == {"Lieferung": (TopicState.LEARNT, 2), "Preise": (TopicState.LEARNT, 1)}
    assert (await place.topics.working(place.id)) == WorkingModel("b" * 64, NOW, "anna", False)
    for old, new, code in (("Geld", "x", "topics.unknown"), ("Preise", "Lieferung", "topics.exists")):
        with pytest.raises(Refused) as caught:
            await place.topics.rename(place.id, old, new, model("c"), "anna", NOW)
        assert caught.value.code == code
    assert (await place.topics.working(place.id)) == WorkingModel("b" * 64, NOW, "anna", False)


async def test_merged_and_split_topics_wait_for_the_next_learning(place: Place) -> None:
    """The model in use still tells the old topics; people are told so until they learn again."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    await place.topics.merge(place.id, ("Geld", "Lieferung"), "Bestellung", "anna", NOW)
    assert await names(place) == {"Bestellung": (TopicState.LEARNT, 3)}
    working = await place.topics.working(place.id)
    assert working is not None
    assert working.stale
    first, *rest = [s.id for s in await place.topics.samples(place.id)]
    await place.topics.split(place.id, "Bestellung", {"A": [first], "B": rest}, "anna", NOW)
    assert await names(place) == {"A": (TopicState.LEARNT, 1), "B": (TopicState.LEARNT, 2)}
    with pytest.raises(Refused, match=r"topics\.exists"):
        await place.topics.split(place.id, "A", {"B": [first]}, "anna", NOW)
    with pytest.raises(Refused, match=r"topics\.unknown"):
        await place.topics.merge(place.id, ("A", "C"), "D", "anna", NOW)
    assert await names(place) == {"A": (TopicState.LEARNT, 1), "B": (TopicState.LEARNT, 2)}
    await place.topics.merge(place.id, ("A", "B"), "A", "anna", NOW)
    assert await names(place) == {"A": (TopicState.LEARNT, 3)}


async def test_proposals_stand_beside_learnt_topics_until_adopted(place: Place) -> None:
    """A suggestion is no topic: people take it into use, drop it, or ask for others."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    texts = (Source("Umzug melden"), Source("Neue Adresse"))
    proposals = (Proposal("Umzug", ("Umzug",), texts), Proposal("Geld", (), (Source("Rate"),)))
    await place.topics.propose(place.id, proposals, "anna", NOW)
    found = await names(place)
    assert found["Umzug"] == (TopicState.PROPOSED, 2)
    assert found["Geld 2"] == (TopicState.PROPOSED, 1)
    assert found["Geld"] == (TopicState.LEARNT, 1)
    await place.topics.adopt(place.id, ("Umzug",))
    await place.topics.propose(place.id, (Proposal("Garten", ("Wasser",), texts),), "anna", NOW)
    assert set(await names(place)) == {"Geld", "Lieferung", "Umzug", "Garten"}
    assert {s.topic for s in await place.topics.samples(place.id, TopicState.LEARNT)} == {
        "Geld",
        "Lieferung",
        "Umzug",
    }
    await place.topics.drop(place.id, ("Garten",))
    with pytest.raises(Refused, match=r"topics\.unknown"):
        await place.topics.drop(place.id, ("Umzug", "Garten"))
    assert "Umzug" in await names(place)


async def unanswered(place: Place, text: str, decision: str) -> None:
    """A message and what the assistant decided about it."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, text, text))
    payload: dict[str, object] = {
        "choices": [], "customer_seq": accepted.seq, "decision": decision, "handover": None, "stage": "answer"
    }  # fmt: skip
    decided = NewEvent("answer.decided", NOW, "assistant", payload, edition=1)
    await place.record.decide(change(place, conversation, accepted.state, decided))


async def test_messages_without_an_answer_are_found_and_forgotten_where_they_lie(
    place: Place, raw: Any
) -> None:
    """What customers ask in vain shows which topics are missing; a copy of their words would escape erasure."""
    for text, decision in (
        ("Was kostet ein Einhorn?", "decline"),
        ("Und wann?", "clarify"),
        ("Danke", "answer"),
    ):
        await unanswered(place, text, decision)
    found = await place.topics.unanswered(place.id, 10)
    assert {u.text for u in found} == {"Was kostet ein Einhorn?", "Und wann?"}
    assert len(await place.topics.unanswered(place.id, 1)) == 1
    sources = tuple(Source(u.text, text_id=u.text_id) for u in found)
    await place.topics.propose(place.id, (Proposal("Einhorn", (), sources),), "anna", NOW)
    assert {s.text for s in await place.topics.samples(place.id)} == {u.text for u in found}
    assert await raw.fetchval(COPIED, place.id) == 0
    await raw.execute("update personal_text set content = null where id = $1", found[0].text_id)
    assert {s.text for s in await place.topics.samples(place.id)} == {found[1].text}
    assert (await names(place))["Einhorn"] == (TopicState.PROPOSED, 1)


async def test_examples_that_stay_beside_new_ones_are_not_copied(place: Place, raw: Any) -> None:
    """`topics learn --add` copied customers' messages into the examples: erasing them no longer erased them here."""
    await unanswered(place, "Was kostet ein Einhorn?", "decline")
    await unanswered(place, "Wann kommt mein Einhorn?", "decline")
    sources = tuple(Source(u.text, text_id=u.text_id) for u in await place.topics.unanswered(place.id, 10))
    await place.topics.propose(place.id, (Proposal("Einhorn", (), sources),), "anna", NOW)
    await place.topics.adopt(place.id, ("Einhorn",))
    stay = (await place.topics.samples(place.id, TopicState.LEARNT))[0]
    new = (Example("Wo ist es?", "Lieferung"), Example("Kostet ein Einhorn viel?", "Einhorn"))
    await place.topics.keep(place.id, new, model(), "anna", NOW, [stay.id])
    assert await names(place) == {"Einhorn": (TopicState.LEARNT, 2), "Lieferung": (TopicState.LEARNT, 1)}
    assert await raw.fetchval(COPIED, place.id) == len(new)
    assert stay in await place.topics.samples(place.id)


async def test_the_houses_own_questions_are_no_customers(place: Place) -> None:
    """An evaluation asks hundreds of questions; topics must be found in what customers ask."""
    account = await place.directory.make_account(place.id, COMMAND, "evaluate", NOW)
    await unanswered(replace(place, account=account), "Was kostet ein Einhorn?", "decline")
    assert await place.topics.unanswered(place.id, 10) == ()


async def test_adopting_nothing_leaves_the_model_as_it_is(place: Place) -> None:
    """Without proposals there is nothing to learn anew, and nobody must be told so."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    await place.topics.adopt(place.id, ())
    assert (await place.topics.working(place.id)) == WorkingModel("a" * 64, NOW, "anna", False)


async def test_what_breaks_off_changes_nothing(place: Place) -> None:
    """Topics without their model, or a model without its topics, would tell nonsense."""
    await place.topics.keep(place.id, EXAMPLES, model(), "anna", NOW)
    with pytest.raises(Exception, match="null"):
        await place.topics.keep(place.id, (Example("x", "y"),), model("b"), None, NOW)  # type: ignore[arg-type]
    assert set(await names(place)) == {"Geld", "Lieferung"}
    assert (await place.topics.working(place.id)) == WorkingModel("a" * 64, NOW, "anna", False)


async def test_two_who_learn_at_once_leave_one_whole(place: Place) -> None:
    """Editors press the button together; topics and model must be those of one of them."""
    one = place.topics.keep(place.id, EXAMPLES, model("a"), "anna", NOW)
    two = place.topics.keep(place.id, (Example("Hallo", "Gruß"),), model("b", "Gruß"), "bernd", NOW)
    await asyncio.gather(one, two)
    working = await place.topics.working(place.id)
    assert working is not None
    wanted = {"Gruß"} if working.hash == "b" * 64 else {"Geld", "Lieferung"}
    assert set(await names(place)) == wanted


async def test_a_strangers_topics_are_not_there(place: Place, other: Place) -> None:
    """Topics tell what a company's customers ask."""
    await other.topics.keep(other.id, EXAMPLES, model(), "anna", NOW)
    assert await names(place) == {}
    assert await place.topics.model(place.id, "a" * 64) is None
    assert await place.topics.samples(place.id) == ()
