"""How sure counts make us: intervals and bounds for shares, from the standard library alone.

I decide how a share's uncertainty is computed. The figures of an evaluation and the benches call me.
I never decide what counts as a hit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054
_TINY = 1e-300
_STEPS_MAX = 20_000
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share itself, 0.0–1.0; 0.0 of nothing."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.hits, self.of)

    def upper(self, sure: float) -> float:
        """The bound from above that holds with this confidence (Clopper–Pearson)."""
        return upper_bound(self.hits, self.of, 1 - sure)


def share_of(hits: Sequence[bool]) -> Share:
    """Count."""
    return Share(sum(hits), len(hits))


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Between what the true share lies in 95 of 100 such counts.

    Takes:  0 <= hits <= of; z: the normal quantile of the confidence wanted.
    Gives:  (low, high) within 0.0–1.0; all of it when nothing was counted.
    Source: Wilson 1927.
    """
    if not of:
        return 0.0, 1.0
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == of else min(1.0, middle + half)


def binomial_at_most(hits: int, of: int, share: float) -> float:
    """The chance of at most so many hits among so many, each a hit with chance `share`.

    Takes:  hits below 0 has no chance; 0.0 <= share <= 1.0.
    Gives:  0.0–1.0.
    """
    if hits < 0:
        return 0.0
    if hits >= of:
        return 1.0
    return beta_below(1 - share, of - hits, hits + 1)


def upper_bound(hits: int, of: int, doubt: float) -> float:
    """The share above which the true one lies with chance `doubt` at most.

    Gives:  0.0–1.0; 1.0 when nothing was counted or everything hit.
    Source: Clopper and Pearson 1934, one-sided.
    """
    if hits >= of:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if binomial_at_most(hits, of, middle) > doubt:
            low = middle
        else:
            high = middle
    return high


def lower_bound(hits: int, of: int, doubt: float) -> float:
    """The share below which the true one lies with chance `doubt` at most (Clopper–Pearson, one-sided)."""
    return 0.0 if hits == 0 else 1 - upper_bound(of - hits, of, doubt)


def count_needed(hits: int, share: float, doubt: float) -> int:
    """How many must be counted so that so many hits still prove that the true share lies below `share`.

    Takes:  0 < share < 1; 0 < doubt < 1.
    Gives:  the least n with upper_bound(hits, n, doubt) <= share.
    """
    high = hits + 1
    while binomial_at_most(hits, high, share) > doubt:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if binomial_at_most(hits, middle, share) <= doubt else (middle, high)
    return high


def mean_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """A mean with the 95 % interval of the normal approximation, kept within 0.0–1.0.

    Gives:  (mean, low, high); all of 0.0–1.0 as interval for fewer than two values.
    """
    n = len(values)
    if n < 2:
        return (values[0] if n else 0.0), 0.0, 1.0
    mean = math.fsum(values) / n
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1) / n)
    return mean, max(0.0, mean - Z95 * spread), min(1.0, mean + Z95 * spread)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The least value that at least this share of all values does not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    Takes:  0.0 <= x <= 1.0; a, b above 0.
    Source: continued fraction (Abramowitz and Stegun 26.5.8), evaluated by Lentz 1976.
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1 - front * _fraction(1 - x, b, a) / b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-13:
            break
    return value


def _away(value: float) -> float:
    """Keep a divisor away from zero."""
    return value if abs(value) > _TINY else _TINY
