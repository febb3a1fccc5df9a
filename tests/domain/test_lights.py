"""The light of a topic decides who speaks: each light, shadow mode, the record of both, and records from before."""

from dataclasses import replace
from typing import Any

import pytest

from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.state import fold, snapshot, state_from
from taktvoll.domain.conversation.steps import Done, Found, HandOver, Heard, Input, Queued, Say, Search, Step
from taktvoll.domain.conversation.terms import (
    Courtesy,
    Event,
    HandoverReason,
    Light,
    NewEvent,
    OwnerKind,
    State,
)
from taktvoll.domain.knowledge.terms import Candidate
from taktvoll.domain.library.terms import EditionView, Thresholds
from tests.domain.made import NOW, RULES, VIEW, candidate, signals

HEARD = State(channel="webchat", language="de", last_customer_seq=2, last_seq=2, undecided=1)
SURE, UNSURE, LOST = candidate("stand"), candidate("stand", 400_000), candidate("stand", 0)


def go(*inputs: Input, view: EditionView = VIEW) -> tuple[State, dict[str, Any], Step]:
    """Walk the engine as the flow does; gives the state, the decision's payload and the last step."""
    state, step, events = HEARD, Done(), list[NewEvent]()
    last: Step = step
    for one in inputs:
        new, last = advance(view, state, one, NOW)
        for e in new:
            state = fold(state, Event(state.last_seq + 1, e.kind, e.at, e.actor, e.payload, e.edition))
        events += new
    decided = next((dict(e.payload) for e in events if e.kind == "answer.decided"), {})
    return state, decided, last


def found(light: Light, *candidates: Candidate, shadow: bool = False) -> tuple[Heard, Found]:
    """A question whose best candidate lies on a topic with this light."""
    return Heard(2, signals()), Found(candidates or (SURE,), topic="Abschlag", light=light, shadow=shadow)


@pytest.mark.parametrize("light", [Light.PROBATION, Light.AUTOPILOT])
def test_the_assistant_answers_on_probation_and_autopilot(light: Light) -> None:
    """These two lights mean that approved text is sent."""
    _, decided, step = go(*found(light))
    assert isinstance(step, Say)
    assert (decided["decision"], decided["light"], decided["topic"]) == ("answer", light.value, "Abschlag")
    assert "suggestion" not in decided


@pytest.mark.parametrize(
    ("light", "best", "would"),
    [(Light.HUMAN, SURE, "answer"), (Light.COPILOT, SURE, "answer"), (Light.COPILOT, UNSURE, "clarify")],
)
def test_people_answer_on_human_and_copilot(light: Light, best: Candidate, would: str) -> None:
    """What the assistant would have said goes to a person, and on record as what it is: a suggestion."""
    state, decided, step = go(*found(light, best), Queued("service"))
    assert isinstance(step, Say), "the customer is told that a person answers"
    assert state.owner.kind is OwnerKind.QUEUE
    assert (decided["decision"], decided["handover"]) == ("handover", HandoverReason.GUIDELINE.value)
    assert decided["because"] == f"light_{light.value}"
    assert decided["suggestion"]["decision"] == would
    assert (decided["suggestion"]["passage"] is not None) == (would == "answer")


@pytest.mark.parametrize("light", list(Light))
def test_not_knowing_is_no_matter_of_a_topic(light: Light) -> None:
    """Where nothing fits, the best candidate's topic says nothing about the question."""
    assert go(*found(light, LOST))[1]["decision"] == "decline"


def test_shadow_says_nothing_at_all() -> None:
    """The assistant answers only to itself: no answer, no notice, and a person has the conversation."""
    state, decided, step = go(*found(Light.AUTOPILOT, shadow=True), Queued("service", quiet=True))
    assert isinstance(step, Done)
    assert state.owner.kind is OwnerKind.QUEUE
    assert (decided["because"], decided["shadow"], decided["suggestion"]["decision"]) == (
        "shadow",
        True,
        "answer",
    )


@pytest.mark.parametrize("best", [SURE, UNSURE, LOST])
def test_shadow_of_a_workspace_holds_from_the_first_word(best: Candidate) -> None:
    """Also what has no topic stays inside, greetings and not knowing among it."""
    _, _, step = go(Heard(2, signals(courtesy=Courtesy.GREETING), shadow=True))
    assert isinstance(step, HandOver)
    assert (step.reason, step.quiet) == (HandoverReason.GUIDELINE, True)
    _, _, step = go(Heard(2, signals(wants_person="Mensch"), shadow=True))
    assert isinstance(step, HandOver)
    assert (step.reason, step.quiet) == (HandoverReason.REQUEST, True)
    _, _, step = go(Heard(2, signals(), shadow=True), Found((best,), topic="Abschlag"))
    assert isinstance(step, HandOver)
    assert step.quiet


def test_autopilot_may_be_stricter_and_never_laxer() -> None:
    """The proof was made of answers above the threshold; below it nothing was proven."""
    strict = replace(VIEW, rules=replace(RULES, thresholds=Thresholds(700_000, 250_000, 999_999)))
    lax = replace(VIEW, rules=replace(RULES, thresholds=Thresholds(700_000, 250_000, 1)))
    assert go(*found(Light.AUTOPILOT), view=strict)[1]["decision"] == "clarify"
    assert go(*found(Light.PROBATION), view=strict)[1]["decision"] == "answer"
    assert go(*found(Light.AUTOPILOT, UNSURE), view=lax)[1]["decision"] == "clarify"
    assert go(*found(Light.AUTOPILOT, UNSURE), view=lax)[1]["answer_at"] == 700_000


def test_rules_without_a_threshold_for_autopilot_hash_as_before() -> None:
    """An edition of before there were lights is still the edition it was."""
    assert Thresholds(700_000, 250_000).body() == {"answer_at": 700_000, "clarify_at": 250_000}
    assert Thresholds(**Thresholds(1, 2, 3).body()) == Thresholds(1, 2, 3)


def test_without_a_topic_nothing_new_is_recorded() -> None:
    """Records from before there were topics replay to the same bytes."""
    _, decided, step = go(Heard(2, signals()), Found((SURE,)))
    assert isinstance(step, Say)
    assert {"topic", "shadow", "suggestion"}.isdisjoint(decided)


def test_a_snapshot_in_the_middle_of_a_turn_keeps_the_light() -> None:
    """Whoever goes on with the turn must find the same light."""
    state, step = HEARD, None
    heard, evidence = found(Light.COPILOT, shadow=True)
    for kind in (heard, evidence):
        new, step = advance(VIEW, state, kind, NOW)
        event = new[0]
        state = fold(state, Event(state.last_seq + 1, event.kind, event.at, event.actor, event.payload, 7))
    assert not isinstance(step, Search)
    assert state.turn is not None
    assert (state.turn.topic, state.turn.light, state.turn.shadow) == ("Abschlag", Light.COPILOT, True)
    assert state_from(snapshot(state)) == state
