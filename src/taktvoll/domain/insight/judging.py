"""What became of one question, held against what would have been right.

I decide when an answer is right, wrong or not given. The figures call me, and whoever turns an evaluation into
evidence. I never ask.
"""

from dataclasses import dataclass
from enum import StrEnum

from taktvoll.base.limits import CHOICES_SHOWN_MAX
from taktvoll.domain.conversation.terms import Decision, HandoverReason
from taktvoll.domain.insight.questions import NO_REASON, Action, Expectation, Question
from taktvoll.domain.knowledge.confidence import PPM


class Verdict(StrEnum):
    """What an answer was worth; `UNJUDGED` where one was given and the label does not say what would be right."""

    RIGHT = "right"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    UNJUDGED = "unjudged"


class Fault(StrEnum):
    """How a reply went wrong, the gravest first."""

    EMERGENCY_MISSED = "emergency_missed"
    PERSON_MISSED = "person_missed"
    FALSE_ANSWER = "false_answer"
    WRONG_ANSWER = "wrong_answer"
    NEEDLESS_PERSON = "needless_person"
    OTHER_REASON = "other_reason"
    SHOULD_HAVE_ASKED = "should_have_asked"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant did about one question.

    `sources` are the entries of the answer, `candidates` all entries found, best first; `confidence` is that of the
    first, in parts per million, None where nothing was searched; `ms` is None where the time says nothing.
    """

    decision: Decision
    sources: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    confidence: int | None = None
    reason: str | None = None
    urgency: str | None = None
    topic: str | None = None
    language: str | None = None
    conversation: str = ""
    ms: float | None = None

    @property
    def gave(self) -> bool:
        """Whether an entry was given as the answer; a greeting returned is none."""
        return self.decision is Decision.ANSWER and bool(self.sources)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, what became of it, and what that was worth."""

    question: Question
    reply: Reply

    @property
    def expect(self) -> Expectation:
        """What would have been right."""
        return self.question.expect

    @property
    def topic(self) -> str | None:
        """The topic that the file names, else the one the assistant saw."""
        return self.question.topic or self.reply.topic

    @property
    def verdict(self) -> Verdict:
        """What the answer was worth."""
        return verdict_on(self.question.expect, self.reply)

    @property
    def rank(self) -> int | None:
        """The place of the first right entry among those found, from 1."""
        right = self.question.expect.sources or frozenset()
        return next((n for n, c in enumerate(self.reply.candidates, start=1) if c in right), None)

    @property
    def offered_right(self) -> bool:
        """Whether the right entry was among the choices shown."""
        return self.rank is not None and self.rank <= CHOICES_SHOWN_MAX

    @property
    def confidence(self) -> int:
        """How sure the assistant was of the first entry; below 0 where it looked for none."""
        return -1 if self.reply.confidence is None else self.reply.confidence

    @property
    def found_reason(self) -> str:
        """Why it handed over, "none" if it did not; handing over what it cannot answer is no alarm there."""
        if self.reply.decision is not Decision.HANDOVER or not self.reply.reason:
            return NO_REASON
        silent = self.reply.reason == HandoverReason.NO_ANSWER and self.expect.uncovered
        return NO_REASON if silent else self.reply.reason

    @property
    def fault(self) -> Fault | None:
        """What went wrong; None where nothing did."""
        return fault_of(self)

    @property
    def severity(self) -> tuple[int, int]:
        """The order of cases: the gravest fault first, within it the surest answer."""
        fault = self.fault
        return (list(Fault).index(fault) if fault else len(Fault)), -self.confidence


def verdict_on(expect: Expectation, reply: Reply) -> Verdict:
    """Judge an answer.

    Gives:  right where the first source is among those named; wrong for another one, and for any answer where none is
            right or a person had to take over.
    """
    if not reply.gave:
        return Verdict.UNANSWERED
    if expect.needs_person or expect.uncovered:
        return Verdict.WRONG
    if expect.sources:
        return Verdict.RIGHT if reply.sources[0] in expect.sources else Verdict.WRONG
    return Verdict.WRONG if expect.action is Action.CLARIFY else Verdict.UNJUDGED


def ppm_of(confidence: object) -> int | None:
    """A confidence 0.0–1.0 in parts per million."""
    return round(confidence * PPM) if isinstance(confidence, float | int) else None


def is_emergency(reason: str | None) -> bool:
    """Whether a reason is an emergency."""
    return bool(reason) and str(reason).startswith("emergency_")


def fault_of(outcome: Outcome) -> Fault | None:
    """Say what went wrong with a reply, the gravest thing only."""
    expect, reply = outcome.expect, outcome.reply
    handed_over = reply.decision is Decision.HANDOVER
    if expect.needs_person:
        return _person_fault(outcome, handed_over)
    if reply.gave:
        return _answer_fault(outcome)
    if handed_over and outcome.found_reason != NO_REASON and expect.expected_reason == NO_REASON:
        return None if outcome.found_reason in expect.also else Fault.NEEDLESS_PERSON
    if expect.action is Action.CLARIFY:
        return None if reply.decision is Decision.CLARIFY else Fault.SHOULD_HAVE_ASKED
    return Fault.NOT_ANSWERED if expect.covered or expect.action is Action.ANSWER else None


def _person_fault(outcome: Outcome, handed_over: bool) -> Fault | None:
    expect = outcome.expect
    if not handed_over:
        return Fault.EMERGENCY_MISSED if is_emergency(expect.reason) else Fault.PERSON_MISSED
    right = expect.reason is None or outcome.reply.reason in {expect.reason, *expect.also}
    return None if right else Fault.OTHER_REASON


def _answer_fault(outcome: Outcome) -> Fault | None:
    if outcome.verdict is Verdict.WRONG:
        return Fault.FALSE_ANSWER if outcome.expect.uncovered else Fault.WRONG_ANSWER
    return None
