"""How many questions are answered at which threshold, how many of those wrongly, and which threshold can be trusted.

I decide what a file of judged questions proves about a threshold. The figures of an evaluation call me.
I never set a threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from taktvoll.domain.insight.judging import Outcome
from taktvoll.domain.insight.statistics import Share, binomial_at_most, count_needed, lower_bound


@dataclass(frozen=True, slots=True)
class Promise:
    """Which share of given answers may be wrong, and how sure that must be."""

    tolerated: float = 0.03
    sure: float = 0.95

    @property
    def doubt(self) -> float:
        """The chance of error that is left."""
        return 1 - self.sure


@dataclass(frozen=True, slots=True)
class Point:
    """What would happen at a threshold (in parts per million): so many answered, so many of them wrongly."""

    threshold: int
    answered: int
    wrong: int

    @property
    def risk(self) -> Share:
        """The share of wrong ones among those answered."""
        return Share(self.wrong, self.answered)


class Found(StrEnum):
    """What came of looking for a threshold.

    `TOO_SMALL`: so few questions prove nothing, even if none were wrong; `NOT_PROVEN`: at no threshold was it shown.
    """

    PROVEN = "proven"
    TOO_SMALL = "too_small"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A threshold at which the promise is kept, if the file proves one, and what it says about the present one.

    `bound` lies above the true share of wrong answers at the present threshold with the promised confidence; `kept`
    says that it lies within what is tolerated, `broken` that the true share lies above it with that confidence;
    `missing` is how many more given answers, none of them wrong, would prove the promise, None where they would not
    help because more are wrong than tolerated.
    """

    found: Found
    point: Point | None
    now: Point
    bound: float
    kept: bool
    broken: bool
    missing: int | None
    needed: int


def curve(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """Walk down from the surest reply: after each different confidence, how many are answered and how many wrongly.

    Takes:  outcomes of questions that the knowledge settles or does not settle; others say nothing about a threshold.
    Source: El-Yaniv and Wiener 2010, risk–coverage curve.
    """
    points: list[Point] = []
    answered = wrong = 0
    for o in sorted((o for o in outcomes if o.confidence >= 0), key=lambda o: -o.confidence):
        answered, wrong = answered + 1, wrong + (o.rank != 1)
        point = Point(o.confidence, answered, wrong)
        if points and points[-1].threshold == o.confidence:
            points[-1] = point
        else:
            points.append(point)
    return tuple(points)


def at(points: Sequence[Point], threshold: int) -> Point:
    """What happens at any threshold."""
    above = [p for p in points if p.threshold >= threshold]
    return Point(threshold, above[-1].answered, above[-1].wrong) if above else Point(threshold, 0, 0)


def area(points: Sequence[Point]) -> float | None:
    """The mean share of wrong answers over all coverages: one number for how well confidence sorts right from wrong.

    Source: Geifman, Uziel and El-Yaniv 2019 (AURC).
    """
    total, before = 0.0, 0
    for p in points:
        total += p.risk.value * (p.answered - before)
        before = p.answered
    return total / before if before else None


def suggest(points: Sequence[Point], now: int, promise: Promise) -> Suggestion:
    """Look for the lowest threshold whose share of wrong answers is proven to lie within what is tolerated.

    Takes:  points as curve gives them; now: the threshold in force, chosen before anyone saw this file.
    Gives:  a point at which, with the promised confidence, at most the tolerated share is wrong among all questions
            that come as those of the file came. Two walks, each with half the doubt left: one from the threshold in
            force, one from the least count that can prove anything; each goes down test by test and ends with the
            first that fails, so that no further price is due for the number of tests. Holds when the share of wrong
            answers, once it has risen above what is tolerated on the way down, does not fall below it again.
    Source: Angelopoulos and others 2021, Learn then Test, fixed-sequence testing with two starts; the test at each step
            is the exact binomial one, the inverse of Clopper and Pearson 1934.
    """
    doubt = promise.doubt / 2
    needed = count_needed(0, promise.tolerated, doubt)
    starts = [_index_at(points, now), _first_start(points, promise.tolerated, doubt)]
    ends = [_walk(points, start, promise.tolerated, doubt) for start in starts]
    best = max((end for end in ends if end is not None), default=None)
    reach = points[-1].answered if points else 0
    present = at(points, now)
    none = Found.TOO_SMALL if reach < needed else Found.NOT_PROVEN
    return Suggestion(
        found=none if best is None else Found.PROVEN,
        point=None if best is None else points[best],
        now=present,
        bound=present.risk.upper(promise.sure),
        kept=_proven(present, promise.tolerated, promise.doubt),
        broken=lower_bound(present.wrong, present.answered, promise.doubt) > promise.tolerated,
        missing=_missing(present, promise),
        needed=needed,
    )


def _index_at(points: Sequence[Point], threshold: int) -> int | None:
    above = sum(p.threshold >= threshold for p in points)
    return above - 1 if above else None


def _first_start(points: Sequence[Point], tolerated: float, doubt: float) -> int | None:
    """Where enough are answered to prove something with one wrong answer among them, else with none.

    Depends on how many lines there are and never on which of them are right.
    """
    for wrong in (1, 0):
        enough = count_needed(wrong, tolerated, doubt)
        found = next((i for i, p in enumerate(points) if p.answered >= enough), None)
        if found is not None:
            return found
    return None


def _walk(points: Sequence[Point], start: int | None, tolerated: float, doubt: float) -> int | None:
    last = None
    for i in range(len(points) if start is None else start, len(points)):
        if not _proven(points[i], tolerated, doubt):
            break
        last = i
    return last


def _proven(point: Point, tolerated: float, doubt: float) -> bool:
    return point.answered > 0 and binomial_at_most(point.wrong, point.answered, tolerated) <= doubt


def _missing(present: Point, promise: Promise) -> int | None:
    if present.wrong and present.risk.value >= promise.tolerated:
        return None
    return max(0, count_needed(present.wrong, promise.tolerated, promise.doubt) - present.answered)
