"""Who answers a mail: people, unless its topic is on autopilot; and what never waits for them."""

from dataclasses import replace

import pytest

from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.lights import SPOKEN_BY_MAIL
from taktvoll.domain.conversation.reasons import EMERGENCIES, RIGHTS
from taktvoll.domain.conversation.state import fold, snapshot, state_from
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
    Step,
)
from taktvoll.domain.conversation.terms import (
    MAIL,
    Address,
    Courtesy,
    Event,
    HandoverReason,
    Light,
    Need,
    NewEvent,
    OwnerKind,
    State,
)
from tests.domain.made import NOW, VIEW, candidate, signals

HEARD = State(channel=MAIL, language="de", last_customer_seq=2, last_seq=2, undecided=1)
SURE, UNSURE, LOST = candidate("stand"), candidate("stand", 400_000), candidate("stand", 0)
RELEASED = NewEvent("message.released", NOW, "assistant", {"author": "assistant", "notice": "3"}, edition=7)


def go(*inputs: Input) -> tuple[State, list[NewEvent], Step]:
    """Walk the engine as the flow does."""
    state, events = HEARD, list[NewEvent]()
    last: Step = Done()
    for one in inputs:
        new, last = advance(VIEW, state, one, NOW)
        for e in new:
            state = fold(state, Event(state.last_seq + 1, e.kind, e.at, e.actor, e.payload, e.edition))
        events += new
    return state, events, last


def found(light: Light, *first: object, topic: str | None = "Abschlag") -> tuple[Input, Input]:
    """A question whose best candidate lies on a topic with this light."""
    return Heard(2, signals()), Found((first[0] if first else SURE,), topic=topic, light=light)  # type: ignore[arg-type]


@pytest.mark.parametrize("light", [Light.HUMAN, Light.COPILOT, Light.PROBATION])
def test_people_answer_below_autopilot(light: Light) -> None:
    """Probation was earned in conversations, where a misunderstanding is corrected at once; a mail cannot be."""
    state, events, step = go(*found(light), Queued("service", quiet=True))
    assert isinstance(step, Done), "no notice: the answer is the person's mail"
    assert state.owner.kind is OwnerKind.QUEUE
    decided = events[2].payload
    assert (decided["decision"], decided["because"]) == ("handover", "light_mail")
    assert decided["suggestion"]["decision"] == "answer"  # type: ignore[index]


def test_autopilot_sends_the_answer() -> None:
    """What was proven topic by topic is sent by mail as well."""
    _, events, step = go(*found(Light.AUTOPILOT))
    assert isinstance(step, Say)
    assert events[2].payload["decision"] == "answer"


def test_without_a_topic_nothing_was_proven() -> None:
    """A light belongs to a topic; an answer without one is a suggestion."""
    assert isinstance(go(*found(Light.AUTOPILOT, topic=None))[2], HandOver)


@pytest.mark.parametrize("best", [UNSURE, LOST])
def test_the_assistant_neither_asks_back_nor_declines_by_mail(best: object) -> None:
    """A mail that only asks which of three is meant costs the customer a day."""
    _, events, step = go(*found(Light.AUTOPILOT, best))
    assert isinstance(step, HandOver)
    assert step.quiet
    wanted = HandoverReason.NO_ANSWER if best is LOST else HandoverReason.GUIDELINE
    assert step.reason is wanted
    assert events[2].payload["handover"] == wanted.value


@pytest.mark.parametrize("courtesy", list(Courtesy))
def test_thanks_are_not_answered_by_a_machine(courtesy: Courtesy) -> None:
    """Two machines that thank each other never end; a first mail of which that is all needs a person to see why."""
    _, _, step = go(Heard(2, signals(courtesy=courtesy)))
    assert isinstance(step, HandOver)
    assert step.quiet


@pytest.mark.parametrize("courtesy", [Courtesy.THANKS, Courtesy.GOODBYE])
def test_thanks_for_an_answer_make_no_work(courtesy: Courtesy) -> None:
    """One customer in several writes thanks; if each were a row in the queue, agents would work for politeness."""
    state = replace(HEARD, last_customer_seq=8, last_seq=8, decided_customer_seq=2)
    new, step = advance(VIEW, state, Heard(8, signals(courtesy=courtesy)), NOW)
    assert isinstance(step, Done)
    assert [e.kind for e in new] == ["signals.read", "answer.decided", "conversation.closed"]
    for e in new:
        state = fold(state, Event(state.last_seq + 1, e.kind, e.at, e.actor, e.payload, e.edition))
    assert (state.closed, state.undecided, state.owner.kind) == (True, 0, OwnerKind.ASSISTANT)


def test_a_greeting_by_mail_is_never_settled_in_silence() -> None:
    """Whoever writes only hello is about to ask, or forgot the attachment."""
    state = replace(HEARD, last_customer_seq=8, last_seq=8, decided_customer_seq=2)
    _, step = advance(VIEW, state, Heard(8, signals(courtesy=Courtesy.GREETING)), NOW)
    assert isinstance(step, HandOver)


@pytest.mark.parametrize("reason", [r for r in HandoverReason if r is not HandoverReason.GUIDELINE])
def test_only_what_cannot_wait_is_answered_at_once(reason: HandoverReason) -> None:
    """Emergencies, people in need, and declarations that the law wants confirmed; anything else waits for a person."""
    heard = Heard(2, signals(needs=(Need(reason, 990_000, ("rule",)),)))
    _, _, step = go(heard)
    if isinstance(step, HandOver):
        assert step.quiet == (step.reason not in SPOKEN_BY_MAIL)
    else:
        assert reason not in {*EMERGENCIES, *RIGHTS}


def test_shadow_holds_for_mail() -> None:
    """A trial run never writes to a customer, on autopilot neither."""
    _, _, step = go(Heard(2, signals()), Found((SURE,), topic="Abschlag", light=Light.AUTOPILOT, shadow=True))
    assert isinstance(step, HandOver)
    assert step.quiet


def test_what_a_mail_leaves_open_goes_to_a_person_by_itself() -> None:
    """An offer to bring a person costs another mail; the open question is simply given on."""
    two = signals(questions=((0, 10), (11, 20)))
    inputs = (
        Heard(2, two),
        Found((LOST,), parts=((SURE,), (LOST,)), topic="Abschlag", light=Light.AUTOPILOT),
    )
    state, events, step = go(*inputs)
    assert isinstance(step, Say)
    assert step.speech.open
    assert [(a.start, a.end, a.answer is None) for a in step.speech.asked] == [(0, 10, False), (11, 20, True)]
    state, events, step = go(*inputs, Passed(RELEASED))
    assert step == HandOver(HandoverReason.NO_ANSWER, step.urgency, quiet=True)  # type: ignore[union-attr]
    state, events, step = go(*inputs, Passed(RELEASED), Queued("service", quiet=True))
    assert isinstance(step, Done)
    assert [e.kind for e in events][-2:] == ["message.released", "conversation.handed_over"]
    assert (state.owner.kind, state.reasons) == (OwnerKind.QUEUE, (HandoverReason.NO_ANSWER,))


def test_a_whole_answer_stays_with_the_assistant() -> None:
    """Nothing is open: no person is troubled."""
    state, _, step = go(*found(Light.AUTOPILOT), Passed(RELEASED))
    assert isinstance(step, Done)
    assert state.owner.kind is OwnerKind.ASSISTANT


def test_a_held_mail_goes_to_a_person_without_a_word() -> None:
    """What did not pass the check is a person's to write."""
    _, _, step = go(*found(Light.AUTOPILOT), Held(("fact.not_in_evidence",)))
    assert isinstance(step, HandOver)
    assert step.quiet
    state, _, _ = go(*found(Light.AUTOPILOT), Held(("x",)), Queued("service", quiet=True))
    assert state.reasons == (HandoverReason.GUIDELINE,)


def test_the_form_of_address_is_remembered() -> None:
    """A mail of one line says neither Sie nor du; the ones before it did."""
    state, _, _ = go(Heard(2, signals(address=Address.DU)))
    assert state.address is Address.DU
    assert state_from(snapshot(state)) == state
    later = replace(state, turn=None)
    event = advance(VIEW, replace(later, last_customer_seq=9), Heard(9, signals()), NOW)[0][0]
    assert fold(later, Event(9, event.kind, event.at, event.actor, event.payload, 7)).address is Address.DU


def test_a_handover_of_before_still_folds() -> None:
    """Records from before a handover could name its reason keep what the decision said."""
    old = replace(HEARD, reasons=(HandoverReason.ANGER,))
    event = Event(3, "conversation.handed_over", NOW, "assistant", {"epoch": 1, "queue": "service"})
    assert fold(old, event).reasons == (HandoverReason.ANGER,)
