"""Made-up outcomes of evaluations, for tests of what follows from them.

I decide nothing. The tests of insight call me. I never ask anything.
"""

from taktvoll.domain.conversation.terms import Decision, Urgency
from taktvoll.domain.insight.judging import Outcome, Reply
from taktvoll.domain.insight.questions import Action, Expectation, Question

COVERED = Expectation(action=Action.ANSWER, sources=frozenset({"right"}))
UNCOVERED = Expectation(action=Action.NO_ANSWER)
ANSWER, CLARIFY = Decision.ANSWER, Decision.CLARIFY
DECLINE, HANDOVER = Decision.DECLINE, Decision.HANDOVER


def outcome(
    expect: Expectation = COVERED,
    decision: Decision = ANSWER,
    *candidates: str,
    sure: int | None = 900_000,
    reason: str | None = None,
    urgency: str = "normal",
    ms: float | None = None,
) -> Outcome:
    """A question whose first candidate was the answer, if one was given."""
    sources = candidates[:1] if decision is ANSWER else ()
    reply = Reply(decision, sources, candidates, sure, reason, urgency, ms=ms)
    return Outcome(Question(1, "1", "Wo?", expect), reply)


def person(reason: str | None = None, *also: str, urgency: Urgency | None = None) -> Expectation:
    """A person must take over."""
    return Expectation(human=True, reason=reason, also=frozenset(also), urgency=urgency)


def sure(ppm: int, *, right: bool) -> Outcome:
    """An answer with some confidence."""
    return outcome(COVERED, ANSWER, "right" if right else "wrong", sure=ppm)
