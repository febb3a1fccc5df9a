"""Thousands of topics whose true error is known, judged label by label, all at once.

I decide how topics err; what happens to their lights follows the same bounds and numbers as the program, over arrays.
test_autonomy.py calls me and holds me against the program's own rules on single topics. I never look at a true rate to
decide anything.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taktvoll.domain.autonomy.bounds import alarm_after, alarm_height, no_alarm, trust
from taktvoll.domain.autonomy.standing import ALARM_AT, PROOF_LABELS_MAX, WARNING_AT, alpha_of
from taktvoll.domain.autonomy.terms import Promise
from taktvoll.domain.knowledge.confidence import PPM

Rates = NDArray[np.float64]
Flags = NDArray[np.bool_]

PROMISE = Promise()
ERROR = PROMISE.error_ppm / PPM
LIVES_MAX = 200

DELAY_LABELS_GROSS = 500
DELAY_LABELS_SLIGHT = 2 * PROOF_LABELS_MAX
"""How long a topic that got worse may stay on autopilot before it counts as wrongly there: the error at least twice the
tolerated one, or anything above it."""


@dataclass(frozen=True)
class Course:
    """What became of topics: one row a topic, one column a label."""

    rates: Rates
    autopilot: Flags
    fell: Flags

    @property
    def wrongly(self) -> Flags:
        """Whether a topic was on autopilot while its true error was above the tolerated one.

        A topic that was bad from the beginning must never be there; one that got worse has its delay to be noticed in.
        """
        wrongly: Flags = np.any(self.autopilot & (self.rates > ERROR) & ~self._excused(), axis=1)
        return wrongly

    def _excused(self) -> Flags:
        """Labels within the delay since the error last rose above the tolerated one."""
        above = self.rates > ERROR
        excused = np.zeros_like(above)
        since = np.where(above[:, 0], np.inf, 0.0)
        for label in range(above.shape[1]):
            since = np.where(above[:, label], since + 1, 0.0)
            gross = self.rates[:, label] >= 2 * ERROR
            excused[:, label] = since <= np.where(gross, DELAY_LABELS_GROSS, DELAY_LABELS_SLIGHT)
        return excused

    def labels_to_autopilot(self) -> Rates:
        """At which label each topic first came to autopilot; infinite where it never did."""
        return np.where(self.autopilot.any(axis=1), self.autopilot.argmax(axis=1) + 1.0, np.inf)

    def labels_to_fall(self, since: int) -> Rates:
        """How many labels after `since` a topic that was on autopilot there left it; only those topics."""
        there = self.autopilot[self.autopilot[:, since - 1], since:]
        return np.where(~there.all(axis=1), (~there).argmax(axis=1) + 1.0, np.inf)


def live(
    rates: Rates, seed: int, unjudged: Callable[[Flags, np.random.Generator], Flags] | None = None
) -> Course:
    """Draw a label after each other for every topic, look after every one, and approve whatever is proposed at once.

    Takes:  rates: the true error, topics by labels; unjudged: which of the drawn answers nobody ever judges, given
            which are wrong: they count as wrong for the proof and not at all for the alarm.
    """
    chance, (topics, labels) = np.random.default_rng(seed), rates.shape
    enough_of_life = -np.log([alpha_of(PROMISE, life) for life in range(1, LIVES_MAX)])
    enough_again = -np.log(1 - PROMISE.confidence_ppm / PPM)
    autopilot, copilot = np.zeros(topics, bool), np.zeros(topics, bool)
    life, n, w = np.zeros(topics, int), np.zeros(topics), np.zeros(topics)
    again_n, again_w, again = np.zeros(topics), np.zeros(topics), np.zeros(topics, bool)
    alarm = no_alarm((topics,))
    kept, fell = np.zeros(rates.shape, bool), np.zeros(rates.shape, bool)
    for label in range(labels):
        wrong = chance.random(topics) < rates[:, label]
        missing = unjudged(wrong, chance) if unjudged else np.zeros(topics, bool)
        bad = wrong | missing
        n, w = n + 1, w + bad
        alarm = np.where(missing[:, None], alarm, alarm_after(alarm, wrong, ERROR))
        height = alarm_height(alarm)
        again_n, again_w = again_n + autopilot, again_w + (autopilot & bad)
        again |= autopilot & (trust(again_n, again_w, ERROR) >= enough_again)
        over = again_n >= PROOF_LABELS_MAX
        alarmed = (height >= ALARM_AT) & ~copilot
        falls = alarmed | (autopilot & over & ~again)
        ready = (trust(n, w, ERROR) >= enough_of_life[life]) & (height < WARNING_AT)
        rises = ~autopilot & ~falls & ready
        fresh = over | falls | rises
        again_n, again_w, again = np.where(fresh, 0, again_n), np.where(fresh, 0, again_w), again & ~fresh
        life, n, w = life + falls, np.where(falls, 0, n), np.where(falls, 0, w)
        alarm = np.where(falls[:, None], 0.0, alarm)
        copilot = (copilot | alarmed) & ~rises
        autopilot = (autopilot | rises) & ~falls
        kept[:, label], fell[:, label] = autopilot, falls
    return Course(rates, kept, fell)


def steady(rate: float, topics: int, labels: int) -> Rates:
    """Topics whose error never changes."""
    return np.full((topics, labels), float(rate))


def jumps(before: float, after: float, at: int, topics: int, labels: int) -> Rates:
    """Topics whose error changes at one label."""
    rates = np.full((topics, labels), float(before))
    rates[:, at:] = after
    return rates


def creeps(before: float, after: float, begin: int, end: int, topics: int, labels: int) -> Rates:
    """Topics whose error grows label by label."""
    line = np.interp(np.arange(labels), [begin, end], [before, after])
    return np.tile(line, (topics, 1))


def swings(low: float, high: float, every: int, topics: int, labels: int) -> Rates:
    """Topics that are good and bad by turns."""
    phase = (np.arange(labels) // every) % 2
    return np.tile(np.where(phase == 0, low, high), (topics, 1))
