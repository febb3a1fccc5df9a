"""Guidelines: what they may ask about, what each action does, in which order; and nothing outranks an emergency."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.hashing import content_hash
from taktvoll.domain.conversation.guidelines import (
    FACTS,
    Action,
    Facts,
    Guideline,
    Ready,
    facts_of,
    guideline_from,
    mood_falling,
)
from taktvoll.domain.conversation.stages import STAGES
from taktvoll.domain.conversation.steps import Done, Found, HandOver, Say, Search, Speech
from taktvoll.domain.conversation.terms import (
    Courtesy,
    Decision,
    HandoverReason,
    Mood,
    Need,
    State,
    Turn,
    Urgency,
)
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.library.terms import EditionView, rules_from
from tests.domain.made import RULES, SIGNALS, VIEW, candidate, choice, signals
from tests.domain.test_engine import HEARD, decided, go, heard


def guideline(name: str = "regel", then: Action = Action.HAND_OVER, **more: object) -> Guideline:
    """A guideline without anything special."""
    reason = HandoverReason.GUIDELINE if then is Action.HAND_OVER else None
    plain = Guideline(
        name=name, when="insults", then=then, why=("Darum.", "Because."), owner="anna", reason=reason
    )
    return replace(plain, **cast("dict[str, Any]", more))


def guided(*made: tuple[Guideline, Callable[[Facts], bool]], later: bool = False) -> EditionView:
    """An edition with these guidelines, each with what it asks."""
    rules = replace(RULES, guidelines=tuple(g for g, _ in made))
    return replace(VIEW, rules=rules, guidelines=tuple(Ready(g, applies, later) for g, applies in made))


def need(reason: HandoverReason) -> Need:
    """A need heard for certain."""
    return Need(reason, PPM, ("rule",), ("Worte",))


def always(_: Facts) -> bool:
    """Apply to everything."""
    return True


def test_the_order_of_questions_is_the_pinned_one() -> None:
    """Whoever moves a stage moves what customers hear; life comes first, what was found last."""
    assert [name for name, _ in STAGES] == [
        "emergency", "wants_human", "rights", "file_alone", "courtesy", "guideline", "evidence", "several_questions",
        "answer",
    ]  # fmt: skip


def test_every_fact_can_be_asked_about() -> None:
    """A name in the table that no message has, or the other way round, is a condition that never applies."""
    assert list(FACTS) == [f.name for f in fields(Facts)]
    facts = facts_of(HEARD, Turn(2, signals()), "de")
    kinds: dict[str, Any] = {"number": (int, float), "text": str, "truth": bool, "list": tuple}
    for name, fact in FACTS.items():
        value = getattr(facts, name)
        assert isinstance(value, kinds[fact.kind]), name
        if fact.kind == "text" and fact.values:
            assert value in fact.values


@given(message=SIGNALS)
def test_facts_say_what_was_heard(message: Any) -> None:
    """A rule on anger above 0.7 must mean the anger that was heard."""
    state = replace(HEARD, declines=1, channel="webchat", account="web")
    facts = facts_of(state, Turn(2, message, candidates=(candidate("umzug"),), confidences=(420_000,)), "en")
    assert (facts.anger, facts.valence) == (message.mood.anger / PPM, message.mood.valence / PPM)
    assert facts.needs == tuple(n.reason for n in message.needs)
    assert (facts.language, facts.channel, facts.account, facts.declines) == ("en", "webchat", "web", 1)
    assert (facts.confidence, facts.collection, facts.source) == (0.42, "hilfe", "umzug")


@pytest.mark.parametrize(
    ("valences", "falls"),
    [
        ((), False),
        ((300_000, -300_000), False),
        ((300_000, 0, -300_000), True),
        ((300_000, 0, 100_000, -100_000), False),
        ((0, -50_000, -99_999), False),
        ((-200_000, -300_000, -400_000), False),
        ((900_000, 600_000, 200_000), False),
        ((0, 300_000, 0, -300_000), True),
    ],
)
def test_the_mood_falls_clearly_or_not_at_all(valences: tuple[int, ...], falls: bool) -> None:
    """One sour message after two neutral ones is no course; three steps down into the bad are."""
    assert mood_falling(valences) is falls


def test_the_mood_is_kept_from_message_to_message() -> None:
    """A course needs the messages before; the current one counts."""
    state = replace(HEARD, moods=(200_000, -100_000))
    seen: list[bool] = []

    def look(facts: Facts) -> bool:
        seen.append(facts.mood_falling)
        return False

    go(state, heard(mood=Mood(valence=-400_000)), view=guided((guideline(), look)))
    assert seen == [True]


def test_the_first_guideline_that_applies_decides() -> None:
    """People read the list from top to bottom; so do we."""
    first = guideline("erste", reason=HandoverReason.ANGER, urgency=Urgency.LOW)
    view = guided((guideline("nie"), lambda _: False), (first, always), (guideline("zweite"), always))
    state, events, step = go(HEARD, heard(), view=view)
    assert step == HandOver(HandoverReason.ANGER, Urgency.LOW)
    assert (decided(events)["guideline"], decided(events)["because"]) == ("erste", "guideline")
    assert (state.reasons, state.urgency) == ((HandoverReason.ANGER,), Urgency.LOW)


def test_urgency_is_heard_where_a_guideline_names_none() -> None:
    """Distress is never routine, and what sounds urgent stays so."""
    view = guided((guideline(reason=HandoverReason.DISTRESS), always))
    assert go(HEARD, heard(), view=view)[2] == HandOver(HandoverReason.DISTRESS, Urgency.HIGH)
    view = guided((guideline(reason=HandoverReason.ANGER), always))
    assert go(HEARD, heard(urgency=Urgency.HIGH), view=view)[2] == HandOver(
        HandoverReason.ANGER, Urgency.HIGH
    )


@pytest.mark.parametrize(("then", "decision"), [(Action.SAY, "answer"), (Action.ASK_BACK, "clarify")])
def test_a_guideline_says_its_own_text(then: Action, decision: str) -> None:
    """Approved with the edition, it is said without a search, and named so that a replay finds it."""
    made = guideline("hinweis", then, text=("Bitte hier entlang.", "This way, please."))
    _, events, step = go(HEARD, heard(), view=guided((made, always)))
    assert step == Say(Speech(Decision(decision), "de", guideline="hinweis"))
    assert decided(events)["decision"] == decision


def test_a_guideline_declines_and_the_second_time_brings_a_person() -> None:
    """Also where we do not want to answer, nobody is refused in a circle."""
    view = guided((guideline("steuer", Action.DECLINE), always))
    state, events, step = go(HEARD, heard(), view=view)
    assert step == Say(Speech(Decision.DECLINE, "de", fixed="decline"))
    assert (decided(events)["because"], state.offered_person) == ("guideline", True)
    again = go(replace(HEARD, declines=1), heard(), view=view)[2]
    assert again == HandOver(HandoverReason.NO_ANSWER, Urgency.NORMAL)


def test_copilot_lets_a_person_say_what_was_found() -> None:
    """Searched, weighed, suggested, and not said: the record shows what would have been answered."""
    view = guided((guideline("heikel", Action.COPILOT), always))
    assert isinstance(go(HEARD, heard(), view=view)[2], Search)
    _, events, step = go(HEARD, heard(), Found((candidate("stand"),)), view=view)
    assert step == HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL)
    suggestion = decided(events)["suggestion"]
    assert (suggestion["decision"], suggestion["passage"][:2]) == ("answer", ["hilfe", "stand"])
    _, events, step = go(HEARD, heard(), Found(()), view=view)
    assert step == Say(Speech(Decision.DECLINE, "de", fixed="decline"))
    assert "guideline" not in decided(events)


def test_what_asks_about_the_find_waits_for_it() -> None:
    """A rule on confidence has nothing to ask before the search, and must not apply to a zero that means unknown."""
    asked: list[float] = []

    def unsure(facts: Facts) -> bool:
        asked.append(facts.confidence)
        return facts.collection == "hilfe"

    view = guided((guideline("zahlen"), unsure), later=True)
    assert isinstance(go(HEARD, heard(), view=view)[2], Search)
    assert asked == []
    _, events, step = go(HEARD, heard(), Found((candidate("stand"),)), view=view)
    assert step == HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL)
    assert len(asked) == 1
    assert decided(events)["confidence"] == round(asked[0] * PPM)


@pytest.mark.parametrize("message", [{"courtesy": Courtesy.THANKS}, {"wants_person": "mensch"}])
def test_courtesy_and_the_wish_for_a_person_come_before_guidelines(message: dict[str, object]) -> None:
    """No guideline can keep a customer from a person, or answer thanks with a rule."""
    _, events, _ = go(HEARD, heard(**message), view=guided((guideline("alles", Action.DECLINE), always)))
    assert "guideline" not in decided(events)


@given(
    message=SIGNALS,
    reason=st.sampled_from([r for r in HandoverReason if r.startswith("emergency_") or r == "fraud"]),
    asked=st.booleans(),
    declines=st.integers(0, 3),
    offered=st.booleans(),
)
def test_an_emergency_always_wins(
    message: Any, reason: HandoverReason, asked: bool, declines: int, offered: bool
) -> None:
    """Whatever else was heard, asked, offered or ruled: the number at once, and a person."""
    message = replace(message, needs=(*(n for n in message.needs if n.reason is not reason), need(reason)))
    state = replace(HEARD, declines=declines, offered_person=offered, choices=(choice("stand"),))
    view = guided((guideline("alles", Action.DECLINE), always))
    said = replace(heard(), signals=message, asked_person=asked)
    after, events, step = go(state, said, view=view)
    assert isinstance(step, HandOver)
    assert decided(events)["stage"] == "emergency"
    assert step.reason.startswith("emergency_") or step.reason == "fraud"
    assert step.urgency is Urgency.CRITICAL or step.reason == "fraud"
    assert step.urgency in (Urgency.HIGH, Urgency.CRITICAL)
    assert after.reasons[0] is step.reason


def test_guidelines_come_back_from_their_stored_form() -> None:
    """The edition is what was approved, word for word."""
    made = (
        guideline("a", urgency=Urgency.HIGH),
        guideline("b", Action.SAY, text=("Ja.", "Yes.")),
        guideline("c", Action.COPILOT),
    )
    assert tuple(guideline_from(json.loads(json.dumps(g.stored()))) for g in made) == made
    rules = replace(RULES, guidelines=made, gas_line="0800 1", time_zone="Europe/Vienna")
    assert rules_from(json.loads(rules.body())) == rules
    assert rules.guideline("b") == made[1]
    assert rules.guideline("x") is None
    assert (made[1].said_in("de-AT"), made[1].said_in("tr")) == ("Ja.", "Yes.")


def test_editions_from_before_guidelines_keep_their_hash() -> None:
    """Their conversations must replay, and their caches be found, for ever."""
    stored = json.loads(RULES.body())
    assert not {"guidelines", "gas_line", "time_zone"} & stored.keys()
    assert rules_from(stored).guidelines is None
    assert rules_from(stored).body() == RULES.body()
    assert content_hash(RULES.body()) != content_hash(replace(RULES, guidelines=()).body())
    assert rules_from(json.loads(replace(RULES, guidelines=()).body())).guidelines == ()


def test_without_guidelines_nothing_is_asked() -> None:
    """An edition without any behaves as editions always did."""
    found = Found((candidate("stand"),))
    assert go(HEARD, heard(insults=True, mood=Mood(anger=PPM)), found)[2] == Say(
        Speech(Decision.ANSWER, "de", passage=choice("stand"))
    )
    assert go(State(), heard())[2] != Done()
