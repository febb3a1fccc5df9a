"""What labels prove about an error rate, however often one looks: a bound from above, and an alarm.

I decide how sure counts of right and wrong make us. standing.py and the simulation call me with numbers or arrays.
I never know which labels may count; that is standing.py's matter.

Both are betting: someone who starts with 1 and bets against a claim gets rich only if the claim is wrong. A fair bet
can be looked at after every label without paying for the looks (Ville 1939).
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_BELOW = np.array([0.01, 0.1, 0.25, 0.4, 0.6, 0.8])
_BELOW_SHARE = np.log([0.3, 0.2, 0.2, 0.15, 0.1, 0.05])
"""True rates that the trust bets on, as parts of the tolerated one, and the log of the stake on each."""

_ABOVE = np.array([1.5, 2.0, 3.0, 5.0, 10.0])
_ABOVE_SHARE = np.array([0.2, 0.3, 0.25, 0.15, 0.1])
"""True rates that the alarm bets on, as multiples of the tolerated one, and the stake on each."""

RATE_MAX = 0.99
_TALL = 1e30
"""An alarm beyond all thresholds says no more by growing, and must not overflow."""
_STEPS = 40


def trust(labels: ArrayLike, wrong: ArrayLike, error: float) -> Floats:
    """Log wealth of the bet that the mean error rate over these labels lies below `error`.

    Takes:  labels, wrong: counts, of one topic or many; error above 0.
    Gives:  while the mean of the true rates so far is `error` or more, the chance that this ever exceeds log(1/alpha)
            is at most alpha, whatever the rates do meanwhile and whenever one looks.
    Source: a mixture of fixed bets on Bernoulli means, as in Waudby-Smith and Ramdas 2024, section 4; each bet is the
            likelihood ratio of a rate below `error`, a factor 1 + b(error − wrong) with b fixed, so that rates which
            change are covered as well: the product of (1 + b(error − p)) is at most 1 while the mean of p is at least
            `error` (geometric below arithmetic mean). Howard and others 2021 for mixtures and time-uniformity.
    """
    n, w = np.asarray(labels, float)[..., None], np.asarray(wrong, float)[..., None]
    right_pays = np.log1p(-_BELOW * error) - math.log1p(-error)
    wealth: Floats = np.logaddexp.reduce(w * np.log(_BELOW) + (n - w) * right_pays + _BELOW_SHARE, axis=-1)
    return wealth


def upper_bound(labels: int, wrong: int, alpha: float) -> float:
    """The error rate that lies above the true one with confidence 1 − alpha, at all times together.

    Gives:  0–1; 1.0 without labels. Falls with every right label, rises with every wrong one.
    """
    low, high, enough = 0.0, 1.0, math.log(1 / alpha)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if float(trust(labels, wrong, middle)) >= enough:
            high = middle
        else:
            low = middle
    return high


def labels_missing(labels: int, wrong: int, error: float, alpha: float) -> int:
    """How many further labels, all right, would bring the bound below `error`; 0 if it lies there already."""
    enough = math.log(1 / alpha)

    def proven(more: int) -> bool:
        return float(trust(labels + more, wrong, error)) >= enough

    if proven(0):
        return 0
    high = 1
    while not proven(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proven(middle) else (middle, high)
    return high


def no_alarm(shape: tuple[int, ...] = ()) -> Floats:
    """The alarm before the first label."""
    return np.zeros((*shape, len(_ABOVE)))


def alarm_after(alarm: Floats, wrong: ArrayLike, error: float) -> Floats:
    """Take one more label into the alarm.

    Takes:  alarm: as no_alarm or this function gave it; wrong: whether the label is wrong, one for each topic.
    Source: Shin, Ramdas and Rinaldo 2024, e-detectors: a Shiryaev–Roberts sum of bets that began at each label, so that
            a long good past cannot outweigh a bad present.
    """
    above = np.minimum(_ABOVE * error, RATE_MAX)
    factor = np.where(np.asarray(wrong, bool)[..., None], above / error, (1 - above) / (1 - error))
    result: Floats = np.minimum((1 + alarm) * factor, _TALL)
    return result


def alarm_height(alarm: Floats) -> Floats:
    """How high the alarm stands.

    Gives:  while the error rate stays at `error` or below, it takes at least T labels on average to reach T once.
    """
    height: Floats = alarm @ _ABOVE_SHARE
    return height


def alarm_over(wrongs: Iterable[bool], error: float) -> float:
    """How high the alarm of one topic stands after these labels; alarm_after label by label, without arrays."""
    above = [min(m * error, RATE_MAX) for m in _ABOVE.tolist()]
    if_wrong, if_right = [a / error for a in above], [(1 - a) / (1 - error) for a in above]
    alarm = [0.0] * len(above)
    for wrong in wrongs:
        factors = if_wrong if wrong else if_right
        alarm = [min((1 + height) * factor, _TALL) for height, factor in zip(alarm, factors, strict=True)]
    return float(sum(height * share for height, share in zip(alarm, _ABOVE_SHARE.tolist(), strict=True)))
