"""What a file of judged questions proves about a threshold: the promise must hold as often as it says."""

from random import Random

import pytest

from taktvoll.domain.insight.statistics import binomial_at_most
from taktvoll.domain.insight.thresholds import Found, Point, Promise, area, at, curve, suggest
from tests.domain.asked import DECLINE, UNCOVERED, outcome, sure

PROMISE = Promise(0.05, 0.9)


def test_curve_walks_down_and_keeps_equal_confidences_together() -> None:
    """A threshold cannot part replies that are equally sure."""
    asked = [sure(500_000, right=False), sure(900_000, right=True), sure(500_000, right=True),
             outcome(UNCOVERED, DECLINE, "any", sure=100_000), outcome(UNCOVERED, DECLINE, sure=None)]  # fmt: skip
    points = curve(asked)
    assert points == (Point(900_000, 1, 0), Point(500_000, 3, 1), Point(100_000, 4, 2))
    assert [at(points, t).answered for t in (950_000, 900_000, 600_000, 0)] == [0, 1, 1, 4]
    assert area(points) == pytest.approx((0 * 1 + 1 / 3 * 2 + 2 / 4 * 1) / 4)


def test_nothing_asked_gives_no_curve() -> None:
    """A file of handovers alone is no reason to fail."""
    found = suggest(curve([]), 800_000, PROMISE)
    assert (found.found, found.point, found.kept, found.now.answered) == (Found.TOO_SMALL, None, False, 0)
    assert area(()) is None


@pytest.mark.parametrize("count", [1, 20, 58])
def test_a_small_file_is_called_small(count: int) -> None:
    """Fifty right answers prove nothing about one error in twenty; saying so is the honest result."""
    found = suggest(curve([sure(1_000_000 - n, right=True) for n in range(count)]), 0, Promise(0.05, 0.95))
    assert (found.found, found.kept) == (Found.TOO_SMALL, False)
    assert found.missing == 59 - count
    assert found.needed == 72


def test_enough_right_answers_prove_the_threshold_in_force_and_a_lower_one() -> None:
    """300 right ones, then only wrong ones: the suggestion ends where the proof ends."""
    asked = [sure(1_000_000 - n, right=n < 300) for n in range(400)]
    found = suggest(curve(asked), 999_800, PROMISE)
    assert (found.found, found.kept, found.missing, found.broken) == (Found.PROVEN, True, 0, False)
    assert found.point is not None
    assert binomial_at_most(found.point.wrong, found.point.answered, 0.05) <= 0.05
    assert 300 < found.point.answered < 320
    assert found.point.threshold == 1_000_000 - found.point.answered + 1


def test_a_broken_promise_is_called_broken_and_no_lines_are_asked_for() -> None:
    """More lines cannot heal a share that is too high."""
    found = suggest(curve([sure(900_000 - n, right=n % 3 > 0) for n in range(300)]), 0, PROMISE)
    assert (found.broken, found.kept, found.missing, found.found) == (True, False, None, Found.NOT_PROVEN)


@pytest.mark.parametrize("shape", ["steep", "flat", "late", "early"])
def test_suggested_thresholds_keep_the_promise(shape: str) -> None:
    """Of 200 files with known truth at most 1 in 10 may suggest a threshold that errs too often (Learn then Test).

    `flat` errs a little too often everywhere, the hardest case; `late` is good for long and then bad at once.
    """

    def chance_of_error(confidence: float) -> float:
        low = {"steep": 0.3 * (1 - confidence), "flat": 0.051, "late": 0.02, "early": 0.04}[shape]
        return (
            0.3
            if shape == "late" and confidence < 0.4
            else 0.08
            if shape == "early" and confidence < 0.7
            else low
        )

    def true_risk(threshold: float) -> float:
        steps = [threshold + (1 - threshold) * (n + 0.5) / 200 for n in range(200)]
        return sum(map(chance_of_error, steps)) / len(steps)

    chance, broken, proven = Random(shape), 0, 0
    for _ in range(200):
        drawn = [chance.random() for _ in range(300)]
        asked = [sure(round(1e6 * c), right=chance.random() >= chance_of_error(c)) for c in drawn]
        found = suggest(curve(asked), 600_000, PROMISE)
        if found.point is not None:
            proven += 1
            broken += true_risk(found.point.threshold / 1e6) > PROMISE.tolerated
    assert broken <= 0.1 * 200 + 2 * 4.3  # two standard deviations of chance
    assert proven >= (60 if shape == "late" else 0)
