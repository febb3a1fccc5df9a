"""An evaluation: judged questions, what became of them, and every figure that follows.

I decide which questions a figure counts. The flow that evaluates fills me; the command line and the benches read me.
I never ask and never print.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taktvoll.domain.conversation.terms import Decision
from taktvoll.domain.insight.calibration import Calibration, calibration
from taktvoll.domain.insight.handovers import Handovers, handovers
from taktvoll.domain.insight.judging import Outcome, Verdict
from taktvoll.domain.insight.questions import LineProblem
from taktvoll.domain.insight.statistics import Share, mean_interval, percentile, share_of
from taktvoll.domain.insight.thresholds import Point, Promise, Suggestion, area, curve, suggest
from taktvoll.domain.library.terms import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was asked under which edition and thresholds, line by line.

    `unknown_sources` are labels that name no entry of the edition; `changed` says that another edition came into force
    meanwhile.
    """

    edition: int | None
    thresholds: Thresholds
    promise: Promise
    outcomes: tuple[Outcome, ...]
    problems: tuple[LineProblem, ...] = ()
    unknown_sources: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Whether the right entry was found, over questions that the knowledge settles; (mean, low, high) of 1/place."""

    right_first: Share
    right_in_five: Share
    reciprocal_rank: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was given as an answer.

    `given` is of all questions about knowledge; `covered_*` of those that it settles; `wrong` of the answers given to
    both kinds; `false` of those that it does not settle; `offered` of the choices shown for those that it settles.
    """

    given: Share
    covered_given: Share
    covered_right: Share
    wrong: Share
    wrong_on_covered: Share
    false: Share
    offered: Share
    as_expected: Share


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of questions asked one at a time."""

    p50: float | None
    p99: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of an evaluation."""

    covered: int
    uncovered: int
    retrieval: Retrieval
    answers: Answers
    decisions: Mapping[str, Mapping[str, int]]
    points: tuple[Point, ...]
    area: float | None
    suggestion: Suggestion
    calibration: Calibration
    handovers: Handovers
    urgency: Share
    speed: Speed
    cases: tuple[Outcome, ...]

    @property
    def about_knowledge(self) -> int:
        """How many questions the curve is about."""
        return self.covered + self.uncovered


def figures(evaluation: Evaluation) -> Figures:
    """Count."""
    outcomes = evaluation.outcomes
    covered = [o for o in outcomes if o.expect.covered]
    uncovered = [o for o in outcomes if o.expect.uncovered]
    points = curve([*covered, *uncovered])
    marked = [o for o in outcomes if o.expect.urgency is not None]
    return Figures(
        covered=len(covered),
        uncovered=len(uncovered),
        retrieval=_retrieval(covered),
        answers=_answers(covered, uncovered, outcomes),
        decisions=_decisions(outcomes),
        points=points,
        area=area(points),
        suggestion=suggest(points, evaluation.thresholds.answer_at, evaluation.promise),
        calibration=calibration([*covered, *uncovered]),
        handovers=handovers(outcomes),
        urgency=share_of([o.reply.urgency == o.expect.urgency for o in marked]),
        speed=_speed(outcomes),
        cases=tuple(sorted((o for o in outcomes if o.fault), key=lambda o: o.severity)),
    )


def _retrieval(covered: Sequence[Outcome]) -> Retrieval:
    ranks = [o.rank for o in covered]
    return Retrieval(
        right_first=share_of([r == 1 for r in ranks]),
        right_in_five=share_of([r is not None and r <= 5 for r in ranks]),
        reciprocal_rank=mean_interval([1 / r if r else 0.0 for r in ranks]),
    )


def _answers(covered: Sequence[Outcome], uncovered: Sequence[Outcome], all: Sequence[Outcome]) -> Answers:
    given = [o for o in [*covered, *uncovered] if o.reply.gave]
    asked_back = [o for o in covered if o.reply.decision is Decision.CLARIFY]
    covered_given = [o for o in covered if o.reply.gave]
    judged = [o for o in all if o.fault or o.verdict is not Verdict.UNJUDGED]
    return Answers(
        given=Share(len(given), len(covered) + len(uncovered)),
        covered_given=Share(len(covered_given), len(covered)),
        covered_right=share_of([o.verdict is Verdict.RIGHT for o in covered]),
        wrong=share_of([o.verdict is Verdict.WRONG for o in given]),
        wrong_on_covered=share_of([o.verdict is Verdict.WRONG for o in covered_given]),
        false=share_of([o.reply.gave for o in uncovered]),
        offered=share_of([o.offered_right for o in asked_back]),
        as_expected=share_of([o.fault is None for o in judged]),
    )


def _decisions(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """How often what was decided, by what was expected."""
    counts: dict[str, Counter[str]] = {}
    for o in outcomes:
        counts.setdefault(_kind(o), Counter())[o.reply.decision.value] += 1
    return {kind: dict(sorted(counts[kind].items())) for kind in sorted(counts)}


def _kind(outcome: Outcome) -> str:
    expect = outcome.expect
    if expect.needs_person:
        return "person"
    return "covered" if expect.covered else "not_covered" if expect.uncovered else "other"


def _speed(outcomes: Sequence[Outcome]) -> Speed:
    taken = [o.reply.ms for o in outcomes if o.reply.ms is not None]
    return Speed(percentile(taken, 0.5), percentile(taken, 0.99), len(taken))
