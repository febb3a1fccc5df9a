"""The fold: state comes from events alone, and a snapshot in between changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

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
from taktvoll.domain.conversation.terms import Clocks, Decision, Event, Owner, OwnerKind, Signals, State
from taktvoll.domain.knowledge.terms import PassageKey
from tests.domain.made import CANDIDATES, NOW, SIGNALS, choice, histories


def event(seq: int, kind: str, payload: Mapping[str, object]) -> Event:
    """An event in its place."""
    return Event(seq, kind, NOW, "someone", payload)


def after(*events: tuple[str, Mapping[str, object]], state: State | None = None) -> State:
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
    said = {"delivery.confirmed", "delivery.sent", "delivery.delayed"}
    noted = {
        "feedback.given",
        "draft.held",
        "note.written",
        "target.missed",
        "code.sent",
        "suggestion.settled",
    }
    assert noted | said == set(KINDS) - set(_CHANGES)


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


def test_what_was_offered_before_people_came_is_over_when_they_leave() -> None:
    """A click on a week-old choice, or a late "yes", must not count as an answer to what nobody asks any more."""
    key = PassageKey("hilfe", "stand", "de")
    offered = after(decided(Decision.CLARIFY, choices=[[*key, "h"]], open=True))
    assert (len(offered.choices), offered.offered_person) == (1, True)
    taken = fold(offered, event(2, "conversation.taken_over", {"epoch": 1, "staff": "s"}))
    back = event(3, "conversation.handed_back", {"epoch": 2})
    now, before = fold(taken, replace(back, schema=2)), fold(taken, back)
    assert (now.choices, now.offered_person) == ((), False)
    assert (before.choices, before.offered_person) == (offered.choices, True)


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


def moment(seconds: int, kind: str, payload: Mapping[str, object]) -> Event:
    """An event so many seconds after the beginning."""
    return Event(seconds, kind, NOW + timedelta(seconds=seconds), "someone", payload)


def test_a_conversation_is_given_to_people_and_queues() -> None:
    """Whoever gets it owns it alone, under a new epoch, and sees it at once even if it had been put off."""
    handed: tuple[str, dict[str, object]] = ("conversation.handed_over", {"epoch": 1, "queue": "service"})
    asleep: tuple[str, dict[str, object]] = ("conversation.snoozed", {"until": "2026-11-03T08:00:00.000000Z"})
    assigned: tuple[str, dict[str, object]] = (
        "conversation.assigned",
        {"epoch": 2, "from": ["queue", "service"], "to": ["person", "s-1"]},
    )
    moved: tuple[str, dict[str, object]] = (
        "conversation.transferred",
        {"epoch": 3, "from": ["person", "s-1"], "to": ["queue", "technik"]},
    )
    assert after(handed, asleep).snoozed_until is not None
    given = after(handed, asleep, assigned)
    assert (given.owner, given.owner_epoch, given.queue) == (Owner(OwnerKind.PERSON, "s-1"), 2, "service")
    assert given.snoozed_until is None
    on = after(handed, assigned, moved)
    assert (on.owner, on.owner_epoch, on.queue) == (Owner(OwnerKind.QUEUE, "technik"), 3, "technik")


@pytest.mark.parametrize(
    "wakes",
    [
        ("message.received", {}),
        ("person.requested", {}),
        ("conversation.woken", {"because": "time"}),
        ("delivery.failed", {"because": "unknown"}),
        ("conversation.taken_over", {"epoch": 2, "staff": "s-1"}),
        ("conversation.handed_back", {"epoch": 2}),
        ("conversation.closed", {"epoch": 2}),
    ],
)
def test_what_was_put_off_comes_back(wakes: tuple[str, dict[str, object]]) -> None:
    """A conversation that sleeps on while its customer writes is a customer who is ignored."""
    handed: tuple[str, dict[str, object]] = ("conversation.handed_over", {"epoch": 1, "queue": "service"})
    asleep: tuple[str, dict[str, object]] = ("conversation.snoozed", {"until": "2026-11-03T08:00:00.000000Z"})
    assert after(handed, asleep, wakes).snoozed_until is None


def test_tags_are_a_set() -> None:
    """The same tag twice, or taken off where it never was, must not count."""
    on, off = ("tag.added", {"tag": "vip"}), ("tag.removed", {"tag": "vip"})
    other: tuple[str, dict[str, object]] = ("tag.added", {"tag": "anruf"})
    assert after(on, on, other).tags == ("anruf", "vip")
    assert after(on, other, off, off).tags == ("anruf",)


def test_a_note_changes_nothing() -> None:
    """Notes must never invalidate a draft (contracts.md)."""
    assert after(("note.written", {"mentions": ["s-1"]})) == State(last_seq=1)


def test_what_the_assistant_says_never_stops_people_s_clock() -> None:
    """A bot that says “someone will come” must not make the figures say that someone came (B2)."""
    notice = {"author": "assistant", "notice": None}
    events = [
        moment(1, "message.received", {}),
        moment(2, "message.released", notice),
        moment(60, "message.received", {}),
        moment(61, "conversation.handed_over", {"epoch": 1, "queue": "service"}),
        moment(62, "message.released", notice),
        moment(300, "conversation.taken_over", {"epoch": 2, "staff": "s-1"}),
    ]
    clocks = fold_all(State(), events).clocks
    assert (clocks.asked_at, clocks.ai_at) == (events[0].at, events[1].at)
    assert (clocks.handed_at, clocks.person_at) == (events[3].at, None)
    answered = [
        moment(400, "message.released", {"author": "person", "notice": None}),
        moment(500, "message.released", {"author": "person", "notice": None}),
        moment(600, "conversation.closed", {"epoch": 3}),
    ]
    whole = fold_all(State(), [*events, *answered]).clocks
    assert (whole.person_at, whole.closed_at) == (answered[0].at, answered[2].at)
    assert (
        fold_all(State(), [*events, *answered, moment(700, "conversation.reopened", {})]).clocks == Clocks()
    )


def test_a_handover_notice_is_no_answer_of_the_assistant() -> None:
    """Who hands over at once has not answered; its notice must not be counted as an answer in a second."""
    events = [
        moment(1, "message.received", {}),
        moment(2, "conversation.handed_over", {"epoch": 1, "queue": "service"}),
        moment(3, "message.released", {"author": "assistant", "notice": "1"}),
    ]
    assert fold_all(State(), events).clocks.ai_at is None


def test_given_back_unanswered_nobody_waits_for_people() -> None:
    """People's clock measures people; what they gave back to the assistant no longer waits for them."""
    events = [
        moment(1, "message.received", {}),
        moment(2, "conversation.handed_over", {"epoch": 1, "queue": "service"}),
        moment(3, "conversation.handed_back", {"epoch": 2}),
    ]
    assert fold_all(State(), events).clocks.handed_at is None


def _plain() -> Signals:
    return Signals("de", 1, "x", False, None, None, ())
