"""The fold: state comes from events alone, and a snapshot in between changes nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.events import (
    KINDS,
    candidates_from,
    candidates_payload,
    chosen_from,
    signals_from,
    signals_payload,
)
from taktvoll.domain.conversation.state import _CHANGES, fold, fold_all, snapshot, state_from
from taktvoll.domain.conversation.terms import Decision, Event, Owner, OwnerKind, Signals, State
from taktvoll.domain.knowledge.terms import PassageKey
from tests.domain.made import CANDIDATES, NOW, SIGNALS, choice, histories


def event(seq: int, kind: str, payload: dict[str, object]) -> Event:
    """An event in its place."""
    return Event(seq, kind, NOW, "someone", payload)


def after(*events: tuple[str, dict[str, object]], state: State | None = None) -> State:
    """The state after these events."""
    placed = [event(n, kind, payload) for n, (kind, payload) in enumerate(events, 1)]
    return fold_all(state or State(), placed)


def decided(decision: Decision, **more: object) -> tuple[str, dict[str, object]]:
    """A decision about the message at 1."""
    return "answer.decided", {"choices": [], "customer_seq": 1, "decision": decision.value, **more}


@given(history=histories())
def test_a_snapshot_anywhere_changes_nothing(history: tuple[Event, ...]) -> None:
    """The cache may be written after any event: reading it back and folding the rest must give the fold of all."""
    whole, state = fold_all(State(), history), State()
    for split in range(len(history)):
        read = state_from(json.loads(json.dumps(snapshot(state))))
        assert read is not None
        assert fold_all(read, history[split:]) == whole
        state = fold(state, history[split])
    assert state == whole


@given(history=histories())
def test_state_moves_only_forward(history: tuple[Event, ...]) -> None:
    """Guards compare these numbers; one that falls would let an old draft pass."""
    state = State()
    for placed in history:
        new = fold(state, placed)
        assert new.last_seq == placed.seq
        assert new.owner_epoch >= state.owner_epoch
        assert new.last_customer_seq >= state.last_customer_seq
        assert new.decided_customer_seq >= state.decided_customer_seq
        assert new.decided_customer_seq <= new.last_customer_seq <= new.last_seq
        assert (new.owner == state.owner) or new.owner_epoch == state.owner_epoch + 1
        state = new


@given(history=histories(10), payload=st.dictionaries(st.text(max_size=5), st.integers()))
def test_unknown_kinds_only_move_last_seq(history: tuple[Event, ...], payload: dict[str, object]) -> None:
    """An older program must be able to read a newer record."""
    state = fold_all(State(), history)
    assert fold(state, event(99, "weather.changed", payload)) == replace(state, last_seq=99)


def test_kinds_that_change_the_state_are_kinds() -> None:
    """A change for a kind that nobody writes is a typo that loses events in silence."""
    assert set(_CHANGES) <= set(KINDS)
    said = {"delivery.confirmed", "delivery.sent", "delivery.delayed", "delivery.failed"}
    assert {"feedback.given", "draft.held"} | said == set(KINDS) - set(_CHANGES)


@pytest.mark.parametrize("fields", [{}, {"schema": 0}, {"schema": 1, "owner": None}])
def test_a_snapshot_of_another_program_is_not_read(fields: dict[str, object]) -> None:
    """A cache in another form must be folded anew, never be guessed at."""
    assert state_from(fields) is None


@given(
    signals=SIGNALS, seq=st.integers(1, 99), asked=st.booleans(), chosen=st.none() | st.just(choice("a").key)
)
def test_signals_come_back_from_their_payload(
    signals: Signals, seq: int, asked: bool, chosen: PassageKey | None
) -> None:
    """Replay feeds recorded signals to the engine; a lost one would change the decision."""
    payload = json.loads(json.dumps(signals_payload(seq, signals, asked, chosen)))
    assert signals_from(payload) == signals
    assert chosen_from(payload) == chosen


def test_the_words_of_a_wish_are_not_kept_in_a_payload() -> None:
    """Payloads cannot be erased; a person's words may only stand beside the chain."""
    words = replace(signals_from(signals_payload(1, _plain(), False, None)), wants_person="mein Chef Müller")
    assert "Müller" not in json.dumps(signals_payload(1, words, False, None), ensure_ascii=False)
    assert signals_from(signals_payload(1, words, False, None)).wants_person == ""


@given(found=CANDIDATES)
def test_candidates_come_back_from_their_payload(found: tuple) -> None:  # type: ignore[type-arg]
    """Evidence is recorded by value; replay needs it exactly."""
    sure = tuple(range(len(found)))
    assert candidates_from(json.loads(json.dumps(candidates_payload(found, sure)))) == (found, sure)


def test_declines_are_counted_in_a_row() -> None:
    """The second refusal in a row brings a person; one answer in between starts anew."""
    decline, answer = decided(Decision.DECLINE), decided(Decision.ANSWER)
    assert after(decline, decline).declines == 2
    assert after(decline, answer, decline).declines == 1
    assert after(decline, ("conversation.handed_back", {"epoch": 1, "staff": "s"})).declines == 0


def test_a_declined_message_leaves_an_offer_until_the_next_decision() -> None:
    """A yes long after the offer must not send anybody to the queue."""
    assert after(decided(Decision.DECLINE)).offered_person
    assert not after(decided(Decision.DECLINE), decided(Decision.ANSWER)).offered_person


def test_ownership_passes_from_event_to_event() -> None:
    """One owner at any instant: that is what keeps bot and person from talking over each other."""
    handed: tuple[str, dict[str, object]] = (
        "conversation.handed_over",
        {"epoch": 1, "from": "x", "queue": "service"},
    )
    taken: tuple[str, dict[str, object]] = ("conversation.taken_over", {"epoch": 2, "staff": "s-1"})
    back: tuple[str, dict[str, object]] = ("conversation.handed_back", {"epoch": 3, "staff": "s-1"})
    assert after(handed).owner == Owner(OwnerKind.QUEUE, "service")
    assert after(handed, taken).owner == Owner(OwnerKind.PERSON, "s-1")
    assert (after(handed, taken, back).owner, after(handed, taken, back).owner_epoch) == (
        Owner(OwnerKind.ASSISTANT),
        3,
    )


def test_what_people_dealt_with_is_decided() -> None:
    """After a person's reply, a hand-back or a close the assistant must not answer what lies behind."""
    wrote: tuple[str, dict[str, object]] = ("message.received", {})
    dealt: list[tuple[str, dict[str, object]]] = [
        ("message.released", {"author": "person", "notice": None}),
        ("conversation.handed_back", {"epoch": 1}),
        ("conversation.closed", {"epoch": 1}),
    ]
    for kind, payload in dealt:
        state = after(wrote, wrote, (kind, payload))
        assert (state.decided_customer_seq, state.undecided) == (2, 0)
    said = after(wrote, ("message.released", {"author": "assistant", "notice": "1"}))
    assert (said.decided_customer_seq, said.undecided, said.notice_version) == (0, 1, "1")


def test_a_closed_conversation_opens_again() -> None:
    """A customer who writes after the close is served, with the assistant as owner and nothing left hanging."""
    closed = after(decided(Decision.DECLINE), ("conversation.closed", {"epoch": 1}))
    assert closed.closed
    assert (closed.owner, closed.offered_person, closed.choices, closed.turn) == (
        Owner(OwnerKind.ASSISTANT),
        False,
        (),
        None,
    )
    assert not after(("conversation.closed", {"epoch": 1}), ("conversation.reopened", {})).closed


def _plain() -> Signals:
    return Signals("de", 1, "x", False, None, None, ())
