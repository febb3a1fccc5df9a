"""Whether a confidence means what it says: among replies that were 80 % sure, are 80 % right?

I decide how confidences and outcomes are compared. The figures of an evaluation call me. I never correct a confidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.domain.insight.judging import Outcome
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.knowledge.confidence import PPM

BINS_MAX = 10
BIN_SIZE_MIN = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Neighbouring confidences, 0.0–1.0: their mean, and how many of the first entries were right."""

    low: float
    high: float
    mean: float
    right: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins of about equal size; `error` is the expected calibration error, `brier` the Brier score."""

    bins: tuple[Bin, ...]
    error: float | None
    brier: float | None
    of: int


def calibration(outcomes: Sequence[Outcome]) -> Calibration:
    """Compare confidences with what was right.

    Takes:  outcomes of questions that the knowledge settles or does not settle.
    Gives:  up to ten bins of equal mass, fewer for small files; equal confidences stay together.
    Source: Naeini, Cooper and Hauskrecht 2015 (expected calibration error); Nguyen and O'Connor 2015 (equal mass);
            Brier 1950.
    """
    pairs = sorted((o.confidence / PPM, o.rank == 1) for o in outcomes if o.confidence >= 0)
    if not pairs:
        return Calibration((), None, None, 0)
    bins = tuple(_bin(group) for group in _groups(pairs))
    error = math.fsum(abs(b.mean - b.right.value) * b.right.of for b in bins) / len(pairs)
    brier = math.fsum((sure - right) ** 2 for sure, right in pairs) / len(pairs)
    return Calibration(bins, error, brier, len(pairs))


def _groups(pairs: Sequence[tuple[float, bool]]) -> list[Sequence[tuple[float, bool]]]:
    count = max(1, min(BINS_MAX, len(pairs) // BIN_SIZE_MIN))
    groups, start = [], 0
    for n in range(1, count + 1):
        end = max(start, n * len(pairs) // count)
        while 0 < end < len(pairs) and pairs[end][0] == pairs[end - 1][0]:
            end += 1
        if end > start:
            groups.append(pairs[start:end])
        start = end
    return groups


def _bin(group: Sequence[tuple[float, bool]]) -> Bin:
    mean = math.fsum(sure for sure, _ in group) / len(group)
    return Bin(group[0][0], group[-1][0], mean, Share(sum(right for _, right in group), len(group)))
