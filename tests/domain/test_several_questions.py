"""Several questions in one message: each is answered, what stays open is said, one thought is not torn apart."""

from dataclasses import replace

import pytest

from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.state import fold, snapshot, state_from
from taktvoll.domain.conversation.steps import Found, Heard, Say, Search, Speech, Step
from taktvoll.domain.conversation.terms import Decision, Event, Light, NewEvent, State
from taktvoll.domain.governance.wording import Words, compose
from taktvoll.domain.knowledge.terms import Candidate
from tests.domain.made import NOW, VIEW, candidate, passage, signals

HEARD = State(channel="webchat", language="de", last_customer_seq=2, last_seq=2, undecided=1)
SURE, UNSURE, LOST = 950_000, 400_000, 100_000


def named(name: str, strength: int) -> tuple[Candidate, ...]:
    """What one question finds first."""
    return (replace(candidate(name, strength), hash=name.ljust(64, "0")),)


def decide(whole: tuple[Candidate, ...], *parts: tuple[Candidate, ...]) -> tuple[Step, NewEvent, State]:
    """Decide a message with these findings."""
    places = tuple((10 * n, 10 * n + 9) for n in range(len(parts)))
    state = HEARD
    _, step = advance(VIEW, state, Heard(2, signals(questions=places)), NOW)
    assert isinstance(step, Search)
    assert step.parts == places
    events: list[NewEvent] = []
    for told in (Heard(2, signals(questions=places)), Found(whole, ("search",), parts)):
        made, step = advance(VIEW, state, told, NOW)
        for event in made:
            state = fold(state, Event(state.last_seq + 1, event.kind, event.at, event.actor, event.payload))
        events += made
    return step, events[-1], state


def said(step: Step) -> Speech:
    """What is to be said."""
    assert isinstance(step, Say)
    return step.speech


def test_each_question_gets_its_answer() -> None:
    """Whoever asks two things wants two answers, not the nearer one."""
    step, event, _ = decide(named("stand", UNSURE), named("stand", SURE), named("umzug", SURE))
    speech = said(step)
    assert speech.decision is Decision.ANSWER
    assert [c.key.id for c in speech.passages] == ["stand", "umzug"]
    assert not speech.open
    assert [p[1] for p in event.payload["passages"]] == ["stand", "umzug"]  # type: ignore[attr-defined]


def test_what_stays_open_is_said_and_a_yes_brings_a_person() -> None:
    """Answering one question and passing over the other in silence would look like an answer to both."""
    step, _, state = decide(named("stand", UNSURE), named("stand", SURE), named("umzug", LOST))
    speech = said(step)
    assert [c.key.id for c in speech.passages] == ["stand"]
    assert speech.open
    assert state.offered_person


@pytest.mark.parametrize("second", [SURE, LOST])
def test_one_thought_in_two_sentences_stays_one(second: int) -> None:
    """The whole message leads to the same entry: then that is the answer, said once."""
    step, _, _ = decide(named("stand", SURE), named("stand", SURE), named("stand", second))
    speech = said(step)
    assert [c.key.id for c in speech.passages] == ["stand"]
    assert not speech.open


def test_a_second_question_that_leads_elsewhere_is_not_passed_over() -> None:
    """The whole message leads to the first entry, but the second question asks about something else."""
    step, _, state = decide(named("stand", SURE), named("stand", SURE), named("umzug", UNSURE))
    speech = said(step)
    assert [c.key.id for c in speech.passages] == ["stand"]
    assert speech.open
    assert state.offered_person


@pytest.mark.parametrize(
    ("whole", "second", "left"),
    [
        (UNSURE, named("umzug", LOST), [[10, 19]]),
        (UNSURE, named("umzug", SURE), []),
        (SURE, named("stand", LOST), []),
    ],
)
def test_a_suggestion_names_what_it_leaves_open(
    whole: int, second: tuple[Candidate, ...], left: list[list[int]]
) -> None:
    """Whoever sends it with one key must see which of the customer's questions it does not answer."""
    places, state = ((0, 9), (10, 19)), HEARD
    found = Found(
        named("stand", whole),
        ("search",),
        (named("stand", SURE), second),
        topic="Zähler",
        light=Light.COPILOT,
    )
    heard, _ = advance(VIEW, state, Heard(2, signals(questions=places)), NOW)
    for event in heard:
        state = fold(state, Event(state.last_seq + 1, event.kind, event.at, event.actor, event.payload))
    decided = advance(VIEW, state, found, NOW)[0][-1]
    assert (decided.kind, decided.schema) == ("answer.decided", 3)
    assert decided.payload["suggestion"]["open"] == left  # type: ignore[index]


def test_nothing_sure_is_decided_as_a_whole() -> None:
    """Parts that nothing settles leave the message to be asked back about or declined as before."""
    step, event, _ = decide(named("stand", UNSURE), named("stand", UNSURE), named("umzug", LOST))
    assert said(step).decision is Decision.CLARIFY
    assert event.payload["because"] == "unsure"


def test_answers_are_told_apart_and_each_names_its_source() -> None:
    """Two texts in a row need the question that each belongs to, in approved words."""
    step, _, state = decide(named("stand", UNSURE), named("stand", SURE), named("umzug", SURE))
    found = {
        name.ljust(64, "0"): passage(name, f"Text zu {name}.", question=f"Frage zu {name}?")
        for name in ("stand", "umzug")
    }
    draft, evidence = compose(
        said(step), state, found, conversation="c", workspace="w", edition=7, words=Words()
    )
    assert draft.text == "Frage zu stand?\nText zu stand.\n\nFrage zu umzug?\nText zu umzug."
    assert [s.key.id for s in draft.sources] == ["stand", "umzug"]
    assert evidence == tuple(p.text for p in draft.parts)


def test_a_snapshot_keeps_what_each_question_found() -> None:
    """A turn that is cut off between search and decision goes on from the snapshot with all it knew."""
    places = ((0, 9), (10, 19))
    state = HEARD
    for told in (Heard(2, signals(questions=places)), Found((), (), (named("stand", SURE), ()))):
        made, _ = advance(VIEW, state, told, NOW)
        event = made[0]
        state = fold(state, Event(state.last_seq + 1, event.kind, event.at, event.actor, event.payload))
    assert state.turn is not None
    assert len(state.turn.questions) == 2
    assert state_from(snapshot(state)) == state
