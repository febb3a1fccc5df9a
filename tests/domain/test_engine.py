"""The engine: every stage of a turn, each threshold at its edge, and the same outcome for the same inputs."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.limits import TURN_STEPS_MAX
from taktvoll.domain.conversation.engine import ASSISTANT, advance
from taktvoll.domain.conversation.state import fold, fold_all
from taktvoll.domain.conversation.steps import (
    Done,
    Found,
    HandOver,
    Heard,
    Held,
    Input,
    Passed,
    Queued,
    Say,
    Search,
    Speech,
    Step,
    Wait,
)
from taktvoll.domain.conversation.terms import (
    Courtesy,
    Decision,
    Event,
    HandoverReason,
    NewEvent,
    Owner,
    OwnerKind,
    State,
    Urgency,
)
from taktvoll.domain.knowledge.confidence import PPM, confidence_ppm
from taktvoll.domain.library.terms import EditionView, Thresholds
from tests.domain.made import (
    CANDIDATES,
    MODEL,
    NOW,
    RULES,
    SIGNALS,
    VIEW,
    candidate,
    choice,
    histories,
    signals,
)

HEARD = State(channel="webchat", language="de", last_customer_seq=2, last_seq=2, undecided=1)


def go(state: State, *inputs: Input, view: EditionView = VIEW) -> tuple[State, list[NewEvent], Step]:
    """Walk the engine through inputs, folding its events as the flow does."""
    events: list[NewEvent] = []
    step: Step = Done()
    for given_in in inputs:
        new, step = advance(view, state, given_in, NOW)
        for made in new:
            state = fold(
                state, Event(state.last_seq + 1, made.kind, made.at, made.actor, made.payload, made.edition)
            )
        events += new
    return state, events, step


def heard(**more: object) -> Heard:
    """The message at 2 as it was understood."""
    return Heard(2, signals(**more))


def decided(events: list[NewEvent]) -> dict[str, Any]:
    """What the decision says."""
    return dict(next(e for e in events if e.kind == "answer.decided").payload)


def at_thresholds(answer_at: int, clarify_at: int) -> EditionView:
    """An edition with other thresholds."""
    return replace(VIEW, rules=replace(RULES, thresholds=Thresholds(answer_at, clarify_at)))


@pytest.mark.parametrize("owner", [Owner(OwnerKind.QUEUE, "service"), Owner(OwnerKind.PERSON, "s-1")])
def test_the_assistant_is_silent_when_others_own(owner: Owner) -> None:
    """Nothing is worse than a machine that talks into a person's conversation, even when asked for a person."""
    state = replace(HEARD, owner=owner)
    for message in (heard(), Heard(2, signals(wants_person="mensch"), asked_person=True)):
        assert advance(VIEW, state, message, NOW) == ((), Wait())


@pytest.mark.parametrize(
    ("message", "state", "because"),
    [
        (Heard(2, signals(), asked_person=True), HEARD, "button"),
        (Heard(2, signals(wants_person="einen menschen")), HEARD, "asked_in_words"),
        (Heard(2, signals(affirms=True)), replace(HEARD, offered_person=True), "said_yes"),
    ],
)
def test_a_person_is_one_step_away(message: Heard, state: State, because: str) -> None:
    """The law and courtesy ask for it: by button, in words, or by a yes to our offer, and without a search."""
    _, events, step = go(state, message)
    assert step == HandOver(HandoverReason.REQUEST, Urgency.NORMAL)
    assert [e.kind for e in events] == ["signals.read", "answer.decided"]
    assert decided(events)["decision"] == "handover"
    assert decided(events)["because"] == because
    assert decided(events)["handover"] == "request"


def test_a_yes_to_nothing_is_searched() -> None:
    """ "Ja" without an offer before it asks for no person."""
    assert isinstance(go(HEARD, heard(affirms=True))[2], Search)


@pytest.mark.parametrize("kind", Courtesy)
def test_courtesies_are_returned_without_a_search(kind: Courtesy) -> None:
    """A greeting is no question; searching for "Hallo" finds nonsense."""
    _, events, step = go(HEARD, heard(courtesy=kind))
    assert isinstance(step, Say)
    assert step.speech.fixed == kind.value
    assert decided(events)["stage"] == "courtesy"
    assert decided(events)["confidence"] is None


def test_a_wish_for_a_person_outranks_a_courtesy() -> None:
    """ "Danke, aber ich möchte einen Menschen" is not answered with "Gern geschehen"."""
    assert isinstance(go(HEARD, heard(courtesy=Courtesy.THANKS, wants_person="mensch"))[2], HandOver)


def test_a_question_is_searched_in_the_conversation_s_language() -> None:
    """An English customer must get English passages first, also when a short message shows no language."""
    assert go(HEARD, heard(language="en"))[2] == Search(2, "en")
    assert go(replace(HEARD, language="en"), heard(language=None))[2] == Search(2, "en")
    assert go(replace(HEARD, language=None), heard(language=None))[2] == Search(2, VIEW.language)


@given(strength=st.integers(0, PPM))
def test_thresholds_hold_to_the_last_millionth(strength: int) -> None:
    """The tolerated error is promised at the threshold: at it we answer, one below we do not."""
    found = Found((candidate("stand", strength), candidate("umzug", strength)))
    sure = confidence_ppm(MODEL, found.candidates[0])
    cases = [
        (at_thresholds(sure, 0), "answer", "confident"),
        (at_thresholds(sure + 1, sure), "clarify", "unsure"),
        (at_thresholds(sure + 2, sure + 1), "decline", "not_known"),
    ]
    for view, decision, because in cases:
        _, events, step = go(HEARD, heard(), found, view=view)
        said = decided(events)
        assert (said["decision"], said["because"], said["confidence"]) == (decision, because, sure)
        assert (said["answer_at"], said["clarify_at"]) == (
            view.rules.thresholds.answer_at,
            view.rules.thresholds.clarify_at,
        )
        assert isinstance(step, Say)


def test_an_answer_names_its_passage_and_content() -> None:
    """The record must prove on which text, in which wording, an answer rested."""
    _, events, step = go(HEARD, heard(), Found((candidate("stand"), candidate("umzug"))))
    assert step == Say(Speech(Decision.ANSWER, "de", passage=choice("stand")))
    assert decided(events)["passage"] == ["hilfe", "stand", "de", "0" * 64]
    assert [e.kind for e in events] == ["signals.read", "evidence.found", "answer.decided"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10])
def test_asking_back_offers_at_most_three(count: int) -> None:
    """Ten choices are a menu, not a question; the best ones come first and can be picked later."""
    found = Found(tuple(candidate(f"e{n}") for n in range(count)))
    state, events, step = go(HEARD, heard(), found, view=at_thresholds(PPM + 1, 0))
    assert isinstance(step, Say)
    assert [c.key.id for c in step.speech.choices] == [f"e{n}" for n in range(min(3, count))]
    assert state.choices == step.speech.choices
    assert len(decided(events)["choices"]) == min(3, count)


def test_nothing_found_is_said() -> None:
    """An invented answer costs more than an honest refusal, which offers a person."""
    state, events, step = go(HEARD, heard(), Found(()))
    assert step == Say(Speech(Decision.DECLINE, "de", fixed="decline"))
    assert state.offered_person
    assert decided(events)["confidence"] == 0


def test_the_second_refusal_in_a_row_brings_a_person() -> None:
    """Peers' users suffer from bots that refuse in a circle."""
    state, events, step = go(replace(HEARD, declines=1), heard(), Found(()))
    assert step == HandOver(HandoverReason.NO_ANSWER, Urgency.NORMAL)
    assert decided(events)["because"] == "repeatedly_not_known"
    assert state.declines == 0


def test_a_clicked_choice_is_fetched_and_answered() -> None:
    """Who clicked an offered entry wants exactly that one, however the words would score."""
    message = replace(heard(), chosen=choice("umzug").key)
    _, _, step = go(HEARD, message)
    assert step == Search(2, "de", chosen=choice("umzug").key)
    _, events, step = go(HEARD, message, Found((candidate("umzug", 0),)))
    assert step == Say(Speech(Decision.ANSWER, "de", passage=choice("umzug")))
    assert decided(events)["confidence"] == PPM


def test_a_choice_named_by_its_number_is_fetched_and_answered() -> None:
    """Where there is nothing to click, "2" must do what the click does."""
    state = replace(HEARD, choices=(choice("stand"), choice("umzug")))
    _, _, step = go(state, heard(picks=2))
    assert step == Search(2, "de", chosen=choice("umzug").key)
    _, events, step = go(state, heard(picks=2), Found((candidate("umzug", 0),)))
    assert step == Say(Speech(Decision.ANSWER, "de", passage=choice("umzug")))
    assert decided(events)["confidence"] == PPM


def test_a_number_that_was_not_offered_is_searched() -> None:
    """ "3" may be a question about tariff 3; it points at nothing here."""
    assert go(replace(HEARD, choices=(choice("stand"),)), heard(picks=3))[2] == Search(2, "de")
    assert go(HEARD, heard(picks=1))[2] == Search(2, "de")


def test_a_chosen_entry_that_is_gone_is_not_answered() -> None:
    """Between offer and click an entry may be withdrawn; then we do not know, rather than say it."""
    _, events, _ = go(HEARD, replace(heard(), chosen=choice("umzug").key), Found(()))
    assert decided(events)["decision"] == "decline"


def test_the_topic_of_a_message_is_on_record() -> None:
    """Figures and lights go by topic; where none is known nothing is written, as before there were topics."""
    about = replace(heard(), topic="Zählerstand")
    _, events, _ = go(HEARD, about, Found((candidate(),), topic="Zählerstand"))
    assert decided(events)["topic"] == events[0].payload["topic"] == "Zählerstand"
    _, events, _ = go(HEARD, Heard(2, signals(), asked_person=True, topic="Zählerstand"))
    assert decided(events)["topic"] == "Zählerstand"
    _, events, _ = go(HEARD, heard(), Found((candidate(),)))
    assert "topic" not in decided(events)
    assert "topic" not in events[0].payload


def test_a_handover_raises_the_epoch_and_is_told() -> None:
    """The customer must learn that a person comes, and a late machine answer must be refused."""
    state, events, step = go(HEARD, Heard(2, signals(), asked_person=True), Queued("service"))
    assert step == Say(Speech(Decision.HANDOVER, "de", fixed="handover"))
    assert events[-1].kind == "conversation.handed_over"
    assert dict(events[-1].payload) == {"epoch": 1, "from": "assistant", "queue": "service"}
    assert (state.owner, state.owner_epoch) == (Owner(OwnerKind.QUEUE, "service"), 1)


def test_a_held_draft_goes_to_a_person() -> None:
    """What must not be said is never silently dropped: someone reads why and answers."""
    state, events, step = go(HEARD, heard(), Found((candidate(),)), Held(("fact.not_in_evidence",)))
    assert step == HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL)
    assert events[-1].kind == "draft.held"
    assert dict(events[-1].payload) == {"reasons": ["fact.not_in_evidence"]}
    _, _, end = go(state, Queued("service"), Held(("draft.empty",)))
    assert end == Done(), "a held handover notice must not hand over once more"


def test_what_passed_is_put_on_record_and_ends_the_turn() -> None:
    """The event the release made is the one that is kept, unchanged."""
    released = NewEvent("message.released", NOW, ASSISTANT, {"author": "assistant", "notice": None})
    assert advance(VIEW, HEARD, Passed(released), NOW) == ((released,), Done())


@given(history=histories(12), message=SIGNALS, found=CANDIDATES, asked=st.booleans())
def test_the_same_inputs_give_the_same_outcome(
    history: tuple[Event, ...], message: Any, found: Any, asked: bool
) -> None:
    """Replay, simulation and proof rest on this; and no turn may circle or end without a last step."""
    state = fold_all(State(), history)
    results: dict[type, Input] = {
        Search: Found(found),
        HandOver: Queued("service"),
        Say: Held(("draft.empty",)),
    }
    first = walk(state, Heard(state.last_customer_seq, message, asked), results)
    assert first == walk(state, Heard(state.last_customer_seq, message, asked), results)
    assert isinstance(first[-1][1], (Done, Wait))
    assert all(
        e.actor == ASSISTANT and e.edition == VIEW.number and e.at == NOW for new, _ in first for e in new
    )


def walk(state: State, message: Input, results: dict[type, Input]) -> list[tuple[tuple[NewEvent, ...], Step]]:
    """A whole turn whose steps bring these results."""
    walked = []
    for _ in range(TURN_STEPS_MAX):
        new, step = advance(VIEW, state, message, NOW)
        walked.append((new, step))
        for made in new:
            state = fold(
                state, Event(state.last_seq + 1, made.kind, made.at, made.actor, made.payload, made.edition)
            )
        if type(step) not in results:
            break
        message = results[type(step)]
    return walked
