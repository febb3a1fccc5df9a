"""The statistics of an evaluation, held against sums done by hand, published values and one another."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.insight.statistics import (
    Share,
    beta_below,
    binomial_at_most,
    count_needed,
    lower_bound,
    mean_interval,
    percentile,
    upper_bound,
    wilson,
)

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = st.floats(0.001, 0.999)


def summed(hits: int, of: int, share: float) -> float:
    """The same chance, term by term."""
    return math.fsum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(hits + 1))


@given(COUNTS, SHARES)
def test_binomial_is_the_sum_of_its_terms(count: tuple[int, int], share: float) -> None:
    """Everything else rests on this one function."""
    assert binomial_at_most(*count, share) == pytest.approx(summed(*count, share), abs=1e-10)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (3, 10, 0.1078, 0.6032), (11, 24, 0.2789, 0.6493),
     (81, 263, 0.2553, 0.3662)],
)  # fmt: skip
def test_wilson_gives_published_intervals(hits: int, of: int, low: float, high: float) -> None:
    """81 of 263 is Newcombe's example (1998, table I); the others have been in our own tables for long."""
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "of", "doubt", "bound"),
    [(0, 99, 0.05, 1 - 0.05 ** (1 / 99)), (0, 10, 0.05, 0.2589), (1, 10, 0.05, 0.3942), (10, 10, 0.05, 1.0),
     (81, 263, 0.025, 0.3676)],
)  # fmt: skip
def test_upper_bound_gives_published_values(hits: int, of: int, doubt: float, bound: float) -> None:
    """Without a hit the bound is known in closed form; two-sided 95 % limits are one-sided ones at 97.5 %."""
    assert upper_bound(hits, of, doubt) == pytest.approx(bound, abs=5e-5)


@given(COUNTS, st.floats(0.001, 0.4))
def test_bounds_are_the_edge_of_what_the_count_allows(count: tuple[int, int], doubt: float) -> None:
    """At the bound the count is exactly as unlikely as the doubt that is left (Clopper and Pearson's definition)."""
    high, low = upper_bound(*count, doubt), lower_bound(*count, doubt)
    assert 0 <= low <= count[0] / count[1] <= high <= 1
    if count[0] < count[1]:
        assert summed(*count, high) == pytest.approx(doubt, abs=1e-6)
    else:
        assert high == 1
    if count[0] > 0:
        assert 1 - summed(count[0] - 1, count[1], low) == pytest.approx(doubt, abs=1e-6)
    else:
        assert low == 0


@given(st.integers(0, 12), st.floats(0.01, 0.5), st.floats(0.01, 0.3))
def test_count_needed_is_the_least_that_proves(hits: int, share: float, doubt: float) -> None:
    """One fewer would prove nothing, and people are told to collect this many."""
    n = count_needed(hits, share, doubt)
    assert binomial_at_most(hits, n, share) <= doubt < binomial_at_most(hits, n - 1, share)


def test_three_percent_takes_ninety_nine_answers() -> None:
    """The figure in the docs."""
    assert count_needed(0, 0.03, 0.05) == 99


@given(st.floats(0.0, 1.0), st.floats(0.5, 5_000), st.floats(0.5, 5_000))
def test_beta_rises_from_0_to_1_and_mirrors(x: float, a: float, b: float) -> None:
    """Large files bring large parameters; the continued fraction must not run away there."""
    here = beta_below(x, a, b)
    assert 0 <= here <= 1
    assert here == pytest.approx(1 - beta_below(1 - x, b, a), abs=1e-6)
    assert beta_below(min(1.0, x + 0.01), a, b) >= here - 1e-9


def test_bounds_hold_as_often_as_they_say() -> None:
    """500 counts of a known share: the one-sided bound may fail in 1 of 20, Wilson's interval about as often."""
    chance = Random(7)
    above = inside = 0
    for _ in range(500):
        hits = sum(chance.random() < 0.08 for _ in range(120))
        above += upper_bound(hits, 120, 0.05) >= 0.08
        low, high = wilson(hits, 120)
        inside += low <= 0.08 <= high
    assert above >= 0.93 * 500
    assert inside >= 0.92 * 500


def test_nothing_counted_says_nothing() -> None:
    """A share of no questions must not look like perfection."""
    assert (Share(0, 0).value, Share(0, 0).interval, Share(0, 0).upper(0.95)) == (0.0, (0.0, 1.0), 1.0)
    assert mean_interval([]) == (0.0, 0.0, 1.0)
    assert mean_interval([0.5]) == (0.5, 0.0, 1.0)
    assert percentile([], 0.5) is None


def test_percentiles_are_values_that_occurred() -> None:
    """The slowest of a hundred is the 100th, and 99 of 100 were not slower than the 99th."""
    values = [float(n) for n in range(100, 0, -1)]
    assert [percentile(values, s) for s in (0.0, 0.5, 0.99, 1.0)] == [1.0, 50.0, 99.0, 100.0]
    assert mean_interval([0.0, 1.0] * 50)[0] == 0.5
