"""The order of questions about a message: a readable tuple of small functions.

I decide, stage by stage, what a message calls for. The engine walks me. I never compose texts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from taktvoll.base.limits import CHOICES_SHOWN_MAX
from taktvoll.domain.conversation.steps import HandOver, Search, Speech
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

    `would` is what the assistant would have done under another light; lights.py sets it.
    """

    decision: Decision
    because: str
    language: str
    confidence: int | None = None
    speech: Speech | None = None
    handover: HandOver | None = None
    would: "Decide | None" = None


Stage = Callable[[EditionView, State, Turn], Search | Decide | None]


def wants_human(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """A person is one step away: by button, in words, or by a yes to our offer."""
    agreed = turn.signals.affirms and state.offered_person
    if not (turn.asked_person or turn.signals.wants_person is not None or agreed):
        return None
    because = "button" if turn.asked_person else "said_yes" if agreed else "asked_in_words"
    handover = HandOver(HandoverReason.REQUEST, Urgency.NORMAL)
    return Decide(Decision.HANDOVER, because, _language(edition, state), handover=handover)


def courtesy(edition: EditionView, state: State, turn: Turn) -> Decide | None:
    """Greetings and thanks are answered in kind, without a search."""
    kind = turn.signals.courtesy
    if kind is None:
        return None
    language = _language(edition, state)
    decision = Decision.CLARIFY if kind == "greeting" else Decision.ANSWER
    return Decide(decision, f"courtesy_{kind}", language, speech=Speech(decision, language, fixed=kind.value))


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
    # One entry that the whole message leads to as well is the answer to one thought in several sentences.
    open_ones = None in firsts and not (len(known) == 1 and whole == known[0].hash)
    if len(known) == 1 and not open_ones:
        return None
    language = _language(edition, state)
    speech = Speech(Decision.ANSWER, language, passage=known[0], more=known[1:], open=open_ones)
    least = min(q.confidences[0] for q, first in zip(turn.questions, firsts, strict=True) if first)
    return Decide(Decision.ANSWER, "several_questions", language, least, speech)


def _first(found: QuestionFound, answer_at: int) -> Choice | None:
    """The entry that settles one of several questions, where one does."""
    sure = bool(found.candidates) and found.confidences[0] >= answer_at
    return Choice(found.candidates[0].key, found.candidates[0].hash) if sure else None


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
    if state.declines + 1 >= DECLINES_BEFORE_HANDOVER:
        handover = HandOver(HandoverReason.NO_ANSWER, Urgency.NORMAL)
        return Decide(Decision.HANDOVER, "repeatedly_not_known", language, best, handover=handover)
    speech = Speech(Decision.DECLINE, language, fixed="decline")
    return Decide(Decision.DECLINE, "not_known", language, best, speech)


STAGES: tuple[tuple[str, Stage], ...] = (
    ("wants_human", wants_human),
    ("courtesy", courtesy),
    ("evidence", evidence),
    ("several_questions", several_questions),
    ("answer", answer),
)


def chosen_entry(state: State, turn: Turn) -> PassageKey | None:
    """The offered entry that the customer chose, by a click or by its number."""
    number = turn.signals.picks
    picked = state.choices[number - 1].key if number and number <= len(state.choices) else None
    return turn.chosen or picked


def _language(edition: EditionView, state: State) -> str:
    """The conversation's language: folded from the signals, else the workspace's own."""
    return state.language or edition.language
