"""The order of questions about a message: a readable tuple of small functions.

I decide, stage by stage, what a message calls for. The engine walks me. I never compose texts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from taktvoll.base.limits import CHOICES_SHOWN_MAX
from taktvoll.domain.conversation.guidelines import Action, Guideline, facts_of
from taktvoll.domain.conversation.reasons import emergency_of, right_of, urgency_of
from taktvoll.domain.conversation.steps import Asked, HandOver, Search, Speech
from taktvoll.domain.conversation.terms import (
    Choice,
    Decision,
    HandoverReason,
    QuestionFound,
    State,
    Turn,
    Urgency,
)
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.library.terms import EditionView

DECLINES_BEFORE_HANDOVER = 2


@dataclass(frozen=True, slots=True)
class Decide:
    """A stage's answer: what to do, why, how sure, and either what to say or to whom to hand over.

    `would` is what the assistant would have done if it might speak for itself (lights.py sets it, too); `guideline`
    names the one that decided.
    """

    decision: Decision
    because: str
    language: str
    confidence: int | None = None
    speech: Speech | None = None
    handover: HandOver | None = None
    would: "Decide | None" = None
    guideline: str | None = None


Stage = Callable[[EditionView, State, Turn], Search | Decide | None]


def emergency(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """Life first, then money under way: the fixed text with the right number at once, and a person."""
    need = emergency_of(turn.signals.needs)
    if need is None:
        return None
    return _to_person(edition, state, turn, need.reason, "emergency")


def wants_human(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """A person is one step away: by button, in words, or by a yes to our offer; what else was heard is the reason."""
    signals = turn.signals
    agreed = signals.affirms and state.offered_person
    heard = [n.reason for n in signals.needs]
    if turn.asked_person or agreed:
        because = "button" if turn.asked_person else "said_yes"
        return _to_person(edition, state, turn, HandoverReason.REQUEST, because)
    if signals.wants_person is not None or HandoverReason.REQUEST in heard:
        main = heard[0] if heard else HandoverReason.REQUEST
        return _to_person(edition, state, turn, main, "asked_in_words")
    return None


def rights(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """A withdrawal, a cancellation, a demand about one's data: confirmed with time and content, routed, never disputed.

    Source: § 356a and § 312k BGB; DSGVO Art. 12.
    """
    heard = [n.reason for n in turn.signals.needs]
    if right_of(heard) is None:
        return None
    return _to_person(edition, state, turn, heard[0], "rights")


def file_alone(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """A file without a word is for a person: there is nothing in it that we could read."""
    if not (turn.files and turn.wordless):
        return None
    return _to_person(edition, state, turn, HandoverReason.FILE, "file")


def courtesy(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """Greetings and thanks are answered in kind, without a search."""
    kind = turn.signals.courtesy
    if kind is None:
        return None
    language = _language(edition, state)
    decision = Decision.CLARIFY if kind == "greeting" else Decision.ANSWER
    return Decide(decision, f"courtesy_{kind}", language, speech=Speech(decision, language, fixed=kind.value))


def guideline(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """What the service manager wants done: the first guideline that applies decides.

    Before the search those are asked that need nothing found; after it the others, and those that hold answers back.
    """
    facts = None
    for ready in edition.guidelines:
        asked_before = not ready.later and ready.guideline.then is not Action.COPILOT
        if ready.later if turn.candidates is None else asked_before:
            continue
        facts = facts or facts_of(state, turn, _language(edition, state))
        if ready.applies(facts):
            return _follow(edition, state, turn, ready.guideline)
    return None


def evidence(edition: EditionView, state: State, turn: Turn) -> Search | None:
    """Without evidence nothing can be answered: search, or fetch the entry the customer chose."""
    if turn.candidates is not None:
        return None
    signals = turn.signals
    return Search(
        turn.customer_seq,
        _language(edition, state),
        chosen=chosen_entry(state, turn),
        parts=signals.questions,
        follows_up=signals.follows_up,
    )


def several_questions(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """Several questions in one message are answered one by one, and what stays open is said."""
    answer_at = edition.rules.thresholds.answer_at_on(turn.light)
    firsts = [_first(q, answer_at) for q in turn.questions]
    known = tuple(dict.fromkeys(f for f in firsts if f))
    if not known:
        return None
    best = turn.confidences[0] if turn.confidences else 0
    whole = turn.candidates[0].hash if turn.candidates and best >= answer_at else None
    # One entry that the whole message leads to as well is the answer to one thought in several sentences, unless one of
    # these leads elsewhere.
    elsewhere = any(
        _leads(q, edition.rules.thresholds.clarify_at) not in (None, known[0].hash) for q in turn.questions
    )
    open_ones = None in firsts and (len(known) > 1 or whole != known[0].hash or elsewhere)
    if len(known) == 1 and not open_ones:
        return None
    language = _language(edition, state)
    places = turn.signals.questions
    asked = tuple(Asked(*place, first) for place, first in zip(places, firsts, strict=False))
    speech = Speech(Decision.ANSWER, language, passage=known[0], more=known[1:], open=open_ones, asked=asked)
    least = min(q.confidences[0] for q, first in zip(turn.questions, firsts, strict=True) if first)
    return Decide(Decision.ANSWER, "several_questions", language, least, speech)


def _first(found: QuestionFound, answer_at: int) -> Choice | None:
    """The entry that settles one of several questions, where one does."""
    sure = bool(found.candidates) and found.confidences[0] >= answer_at
    return Choice(found.candidates[0].key, found.candidates[0].hash) if sure else None


def _leads(found: QuestionFound, clarify_at: int) -> str | None:
    """The entry that a question leads to, sure or not; None where it leads nowhere."""
    return found.candidates[0].hash if found.candidates and found.confidences[0] >= clarify_at else None


def answer(edition: EditionView, state: State, turn: Turn) -> Decide:
    """Answer above the threshold, ask back in between, say so below; twice in a row not known brings a person."""
    language = _language(edition, state)
    best = turn.confidences[0] if turn.confidences else 0
    candidates = turn.candidates or ()
    if candidates and best >= edition.rules.thresholds.answer_at_on(turn.light):
        first = Choice(candidates[0].key, candidates[0].hash)
        speech = Speech(Decision.ANSWER, language, passage=first)
        because = "confident" if chosen_entry(state, turn) is None else "chosen"
        return Decide(Decision.ANSWER, because, language, best, speech)
    if candidates and best >= edition.rules.thresholds.clarify_at:
        choices = tuple(Choice(c.key, c.hash) for c in candidates[:CHOICES_SHOWN_MAX])
        speech = Speech(Decision.CLARIFY, language, fixed="clarify", choices=choices)
        return Decide(Decision.CLARIFY, "unsure", language, best, speech)
    return _decline(edition, state, turn, "not_known")


STAGES: tuple[tuple[str, Stage], ...] = (
    ("emergency", emergency),
    ("wants_human", wants_human),
    ("rights", rights),
    ("file_alone", file_alone),
    ("courtesy", courtesy),
    ("guideline", guideline),
    ("evidence", evidence),
    ("several_questions", several_questions),
    ("answer", answer),
)


def chosen_entry(state: State, turn: Turn) -> PassageKey | None:
    """The offered entry that the customer chose, by a click or by its number."""
    number = turn.signals.picks
    picked = state.choices[number - 1].key if number and number <= len(state.choices) else None
    return turn.chosen or picked


def _to_person(
    edition: EditionView, state: State, turn: Turn, reason: HandoverReason, because: str
) -> Decide:
    handover = HandOver(reason, urgency_of(reason, turn.signals.urgency))
    return Decide(Decision.HANDOVER, because, _language(edition, state), handover=handover)


def _follow(edition: EditionView, state: State, turn: Turn, given: Guideline) -> Decide | None:
    """Do what a guideline says; None where the search must come first or leaves nothing to hold back."""
    language, sure = _language(edition, state), turn.confidences[0] if turn.confidences else None
    if given.then is Action.HAND_OVER:
        reason = given.reason or HandoverReason.GUIDELINE
        handover = HandOver(reason, given.urgency or urgency_of(reason, turn.signals.urgency))
        made = Decide(Decision.HANDOVER, "guideline", language, sure, handover=handover)
    elif given.then is Action.COPILOT:
        found = turn.candidates is not None
        would = several_questions(edition, state, turn) or answer(edition, state, turn) if found else None
        if would is None or would.speech is None or not would.speech.named:
            return None
        handover = HandOver(HandoverReason.GUIDELINE, given.urgency or Urgency.NORMAL)
        made = Decide(Decision.HANDOVER, "guideline", language, sure, handover=handover, would=would)
    elif given.then is Action.DECLINE:
        made = _decline(edition, state, turn, "guideline")
    else:
        decision = Decision.CLARIFY if given.then is Action.ASK_BACK else Decision.ANSWER
        speech = Speech(decision, language, guideline=given.name)
        made = Decide(decision, "guideline", language, sure, speech)
    return replace(made, guideline=given.name)


def _decline(edition: EditionView, state: State, turn: Turn, because: str) -> Decide:
    """Say so and offer a person; the second time in a row bring one."""
    language, best = _language(edition, state), turn.confidences[0] if turn.confidences else 0
    if state.declines + 1 >= DECLINES_BEFORE_HANDOVER:
        urgency = urgency_of(HandoverReason.NO_ANSWER, turn.signals.urgency)
        handover = HandOver(HandoverReason.NO_ANSWER, urgency)
        return Decide(Decision.HANDOVER, "repeatedly_not_known", language, best, handover=handover)
    speech = Speech(Decision.DECLINE, language, fixed="decline")
    return Decide(Decision.DECLINE, because, language, best, speech)


def _language(edition: EditionView, state: State) -> str:
    """The conversation's language: folded from the signals, else the workspace's own."""
    return state.language or edition.language
