"""The engine: what to do about a message, decided by plain functions over plain values.

I decide the next step of a turn. flows/answer_turn calls me with each result, flows/replay_conversation with those on
record. I never wait, never read the clock and never draw lots; the same inputs always give the same events and step.
"""

from datetime import datetime

from taktvoll.domain.conversation import stages
from taktvoll.domain.conversation.events import (
    SCHEMAS,
    away_payload,
    candidates_payload,
    choices_payload,
    files_payload,
    light_payload,
    questions_payload,
    signals_payload,
    suggestion_payload,
)
from taktvoll.domain.conversation.lights import under_light
from taktvoll.domain.conversation.reasons import emergency_of, notice_of, right_of, urgency_of
from taktvoll.domain.conversation.stages import Decide
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.steps import (
    Away,
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
    MAIL,
    Decision,
    HandoverReason,
    NewEvent,
    OwnerKind,
    QuestionFound,
    State,
    Turn,
    Urgency,
)
from taktvoll.domain.conversation.with_files import with_files
from taktvoll.domain.knowledge.confidence import PPM, confidences
from taktvoll.domain.library.terms import EditionView

ASSISTANT = "assistant"

Advance = tuple[tuple[NewEvent, ...], Step]


def advance(edition: EditionView, state: State, heard: Input, now: datetime) -> Advance:
    """Take one input and say which events it makes and which step comes next.

    Takes:  state: folded up to and including the events of the inputs before this one.
    Gives:  events to append in order, then the step; Done ends the turn.
    """
    match heard:
        case Heard():
            return _hear(edition, state, heard, now)
        case Found():
            return _find(edition, state, heard, now)
        case Queued():
            return _hand_over(edition, state, heard, now)
        case Passed():
            return (heard.released,), _after_passed(state)
        case Held():
            event = _event(edition, "draft.held", now, {"reasons": list(heard.reasons)})
            return (event,), _after_held(state)


def _hear(edition: EditionView, state: State, heard: Heard, now: datetime) -> Advance:
    payload = signals_payload(heard.customer_seq, heard.signals, heard.asked_person, heard.chosen)
    payload |= light_payload(heard.topic, None, heard.shadow) | files_payload(heard.files, heard.wordless)
    event = _event(edition, "signals.read", now, payload)
    if state.owner.kind is OwnerKind.ASSISTANT:
        return _walk(edition, state, event, now)
    return _hear_for_people(edition, state, heard, event, now)


def _hear_for_people(
    edition: EditionView, state: State, heard: Heard, event: NewEvent, now: datetime
) -> Advance:
    """In other people's conversations only an emergency counts, once.

    Where nobody has taken the conversation yet the customer gets the right number at once; a person is only told.
    """
    need = emergency_of(heard.signals.needs)
    if need is None or need.reason in state.reasons[:1]:
        return (), Wait()
    if state.owner.kind is OwnerKind.QUEUE:
        return _walk(edition, state, event, now)
    raised: dict[str, object] = {
        "customer_seq": heard.customer_seq,
        "reason": need.reason.value,
        "urgency": urgency_of(need.reason, heard.signals.urgency).value,
    }
    return (event, _event(edition, "urgency.raised", now, raised)), Wait()


def _find(edition: EditionView, state: State, found: Found, now: datetime) -> Advance:
    assert state.turn is not None, "a search result belongs to a turn"
    if stages.chosen_entry(state, state.turn) is not None:
        sure = tuple(PPM for _ in found.candidates)
    else:
        sure = confidences(edition.rules.confidence, found.candidates)
    model = edition.rules.confidence
    questions = [QuestionFound(part, confidences(model, part)) for part in found.parts]
    payload = {
        "candidates": candidates_payload(found.candidates, sure),
        "customer_seq": state.turn.customer_seq,
        "questions": questions_payload(questions),
        "search": list(found.versions),
    } | light_payload(found.topic, found.light, found.shadow)
    return _walk(edition, state, _event(edition, "evidence.found", now, payload), now)


def _walk(edition: EditionView, state: State, event: NewEvent, now: datetime) -> Advance:
    """Put the input on record, then ask each stage in turn; the first that knows what to do decides."""
    state = fold_new(state, event)
    turn = state.turn
    assert turn is not None, "stages need a turn"
    for name, stage in stages.STAGES:
        outcome = stage(edition, state, turn)
        if isinstance(outcome, Search):
            return (event,), outcome
        if isinstance(outcome, Decide):
            goes_on = state.decided_customer_seq > 0
            lit = under_light(state.way, turn, with_files(turn, outcome), goes_on=goes_on)
            return _decide(edition, state, turn, event, name, lit, now)
    raise AssertionError("the last stage always decides")


def _decide(
    edition: EditionView,
    state: State,
    turn: Turn,
    event: NewEvent,
    stage: str,
    outcome: Decide,
    now: datetime,
) -> Advance:
    speech = outcome.speech
    thresholds = edition.rules.thresholds
    payload: dict[str, object] = {
        "answer_at": thresholds.answer_at_on(turn.light),
        "because": outcome.because,
        "choices": choices_payload(speech.choices if speech else ()),
        "clarify_at": thresholds.clarify_at,
        "confidence": outcome.confidence,
        "customer_seq": turn.customer_seq,
        "decision": outcome.decision.value,
        "handover": outcome.handover.reason.value if outcome.handover else None,
        "language": outcome.language,
        "light": turn.light.value,
        "open": speech.open if speech else False,
        "passage": [*speech.passage.key, speech.passage.hash] if speech and speech.passage else None,
        "passages": choices_payload(speech.passages if speech else ()),
        "stage": stage,
        "urgency": (outcome.handover.urgency if outcome.handover else turn.signals.urgency).value,
    } | light_payload(turn.topic, None, turn.shadow)
    if outcome.guideline is not None:
        payload["guideline"] = outcome.guideline
    if outcome.would is not None:
        would = outcome.would
        payload["suggestion"] = suggestion_payload(would.decision, would.because, would.speech)
    decided = _event(edition, "answer.decided", now, payload)
    if outcome.handover and state.owner.kind is OwnerKind.QUEUE:  # it waits for a person already
        return (event, decided), Say(_notice(edition, fold_new(state, decided)))
    if outcome.handover and speech is None:
        return (event, decided), outcome.handover
    if speech is None:  # nothing to say and nobody needed: settled
        closing = {"by": ASSISTANT, "epoch": state.owner_epoch + 1}
        return (event, decided, _event(edition, "conversation.closed", now, closing)), Done()
    return (event, decided), Say(speech)


def _hand_over(edition: EditionView, state: State, queued: Queued, now: datetime) -> Advance:
    payload: dict[str, object] = {
        "epoch": state.owner_epoch + 1,
        "from": state.owner.kind.value,
        "queue": queued.queue,
    } | away_payload(queued.away)
    if (
        state.way == MAIL and not state.reasons
    ):  # no decision said why: a question stayed open, or a draft was held
        reason = HandoverReason.NO_ANSWER if state.offered_person else HandoverReason.GUIDELINE
        payload |= {"reason": reason.value, "urgency": Urgency.NORMAL.value}
    event = _event(edition, "conversation.handed_over", now, payload)
    if queued.quiet:
        return (event,), Done()
    return (event,), Say(_notice(edition, state, queued.away))


def _notice(edition: EditionView, state: State, away: Away | None = None) -> Speech:
    """Tell the customer of the handover in words that fit its reason; a claimed right is confirmed."""
    language = state.language or edition.language
    fixed, receipt = notice_of(state.reasons), right_of(state.reasons)
    return Speech(Decision.HANDOVER, language, fixed=fixed, receipt=receipt, away=away)


def _after_passed(state: State) -> Step:
    """Whoever is needed besides the answer gets the conversation; what a mail leaves open is given to a person, too."""
    if state.owner.kind is OwnerKind.ASSISTANT and state.reasons:
        return HandOver(state.reasons[0], state.urgency)
    if state.way == MAIL and state.owner.kind is OwnerKind.ASSISTANT and state.offered_person:
        return HandOver(HandoverReason.NO_ANSWER, Urgency.NORMAL, quiet=True)
    return Done()


def _after_held(state: State) -> Step:
    """A held draft goes to a person; if that very notice was held, the queue already has the conversation."""
    if state.owner.kind is OwnerKind.ASSISTANT:
        return HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL, quiet=state.way == MAIL)
    return Done()


def _event(edition: EditionView, kind: str, now: datetime, payload: dict[str, object]) -> NewEvent:
    schema = SCHEMAS.get(kind, 1)
    return NewEvent(
        kind=kind, at=now, actor=ASSISTANT, payload=payload, edition=edition.number, schema=schema
    )
