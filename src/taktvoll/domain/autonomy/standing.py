"""Where a topic stands: what may count, what it proves, and what must happen to its light.

I decide which labels enter the bound, when autopilot is proposed and when it is lost. Flows and pages call me with a
topic's evidence in the order it was taken. I never ask how often someone looked: the bounds hold at all times.

What may count. An answer counts in the order in which it was drawn, not judged: else the easy ones come first. An
answer that nobody has judged in time counts as wrong for the proof: what is hard to judge is more often wrong.

How autopilot is lost. At once, when the alarm says that the error is above the tolerated one now. When a thousand
labels go by that did not prove it anew: so a slight worsening, which no alarm can tell from chance, does not last
either. And when nobody judges what is drawn.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from taktvoll.domain.autonomy.bounds import alarm_over, labels_missing, trust, upper_bound
from taktvoll.domain.autonomy.terms import Promise, Seen, TopicLight, Verdict
from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.knowledge.confidence import PPM

JUDGED_WITHIN = timedelta(days=14)
UNJUDGED_MAX = 20
PROOF_LABELS_MAX = 1_000
"""On autopilot every stretch of so many labels must prove the bound anew."""
ALARM_AT = 1_000.0
"""Good topics reach it once in 1,000 labels at the very most, if their error is the tolerated one; others far later."""
WARNING_AT = ALARM_AT / 4
FIRST_LIFE_SHARE = 0.8


class Move(StrEnum):
    """What must happen to a topic's light; the last three are reasons to fall back."""

    PROPOSE = "propose"
    ALARM = "alarm"
    NOT_PROVEN = "not_proven_again"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a topic's evidence says now.

    `labels` and `wrong` are what entered the bound; `unjudged` waits, `overdue` waits too long and counts as wrong;
    `neglected` of these were taken since the topic has its light.
    """

    labels: int
    wrong: int
    unjudged: int
    overdue: int
    neglected: int
    bound: float
    alpha: float
    missing: int
    proven: bool
    alarm: float
    lapsed: bool

    @property
    def warned(self) -> bool:
        """The latest labels look worse than they may; nothing is proposed meanwhile."""
        return self.alarm >= WARNING_AT


def alpha_of(promise: Promise, life: int) -> float:
    """The chance of a wrong promotion that one life of a topic may use.

    Takes:  life: from 1; whoever fell back must show more the next time, so that all lives together keep the promise.
    Gives:  parts that sum up to 1 − confidence over all lives.
    """
    alpha = 1 - promise.confidence_ppm / PPM
    if life == 1:
        return alpha * FIRST_LIFE_SHARE
    return alpha * (1 - FIRST_LIFE_SHARE) / (life * (life - 1))


def stand(promise: Promise, topic: TopicLight, seen: Sequence[Seen], now: datetime) -> Standing:
    """Judge a topic by its evidence.

    Takes:  seen: everything taken since life_since, in the order of taking.
    """
    error, alpha = promise.error_ppm / PPM, alpha_of(promise, topic.life)
    counted = list(_in_order(seen, now))
    labels, wrong = len(counted), sum(bad for _, bad in counted)
    missing = labels_missing(labels, wrong, error, alpha)
    return Standing(
        labels=labels,
        wrong=wrong,
        unjudged=sum(s.verdict is None for s in seen),
        overdue=sum(_overdue(s, now) for s in seen),
        neglected=sum(_overdue(s, now) for s in seen if s.at > topic.since),
        bound=upper_bound(labels, wrong, alpha),
        alpha=alpha,
        missing=missing,
        proven=missing == 0,
        alarm=alarm_over((s.verdict is Verdict.WRONG for s in seen if s.verdict is not None), error),
        lapsed=topic.light is Light.AUTOPILOT
        and lapsed([bad for at, bad in counted if at > topic.since], promise),
    )


def move(light: Light, standing: Standing) -> Move | None:
    """Say what must happen to a topic's light, if anything."""
    if light in (Light.PROBATION, Light.AUTOPILOT) and standing.alarm >= ALARM_AT:
        return Move.ALARM
    if light is Light.AUTOPILOT:
        if standing.lapsed:
            return Move.NOT_PROVEN
        return Move.NOT_JUDGED if standing.neglected >= UNJUDGED_MAX else None
    return Move.PROPOSE if standing.proven and not standing.warned else None


def falls_to(reason: Move) -> Light:
    """The light below: where the error is too high people send; where only the proof is missing probation goes on."""
    return Light.COPILOT if reason is Move.ALARM else Light.PROBATION


def lapsed(wrongs: Sequence[bool], promise: Promise) -> bool:
    """Whether any full stretch of labels since the promotion failed to prove the bound anew."""
    error, enough = promise.error_ppm / PPM, math.log(PPM / (PPM - promise.confidence_ppm))
    for start in range(0, len(wrongs) - PROOF_LABELS_MAX + 1, PROOF_LABELS_MAX):
        stretch = wrongs[start : start + PROOF_LABELS_MAX]
        sums = [0] * len(stretch)
        total = 0
        for place, bad in enumerate(stretch):
            total += bad
            sums[place] = total
        if float(trust(range(1, len(sums) + 1), sums, error).max()) < enough:
            return True
    return False


def _in_order(seen: Sequence[Seen], now: datetime) -> Iterable[tuple[datetime, bool]]:
    """What counts for the proof: up to the first answer that may still be judged in time."""
    for one in seen:
        if one.verdict is None and not _overdue(one, now):
            return
        yield one.at, one.verdict is not Verdict.RIGHT


def _overdue(seen: Seen, now: datetime) -> bool:
    return seen.verdict is None and now - seen.at > JUDGED_WITHIN
