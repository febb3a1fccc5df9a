"""Earned autonomy as values: the promise, labels, answers waiting for a judgement, the log.

I decide what evidence looks like. The autonomy store, flows and pages call me. I never hold what anyone wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import Light


class Origin(StrEnum):
    """Where a label comes from.

    `DRAW`: drawn by lot and judged at the desk. `COPILOT`: a person accepted, edited or rejected a suggestion; of all
    suggestions there. `FILE`: an evaluation file. What customers complain about is on record, but is no label.
    """

    DRAW = "draw"
    COPILOT = "copilot"
    FILE = "file"


class Verdict(StrEnum):
    """Whether the answer was right for the question."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the company tolerates and how sure it wants to be, in parts per million; how many answers are drawn.

    `draw_ppm` is never 0: without drawn answers nothing could be proven, and nothing noticed.
    """

    error_ppm: int = 30_000
    confidence_ppm: int = 950_000
    draw_ppm: int = 50_000

    def __post_init__(self) -> None:
        """Hold the numbers to what means something; raises Refused("autonomy.promise")."""
        sensible = 0 < self.error_ppm < 500_000 and 500_000 <= self.confidence_ppm < 1_000_000
        if not sensible or not 0 < self.draw_ppm <= 1_000_000:
            raise Refused("autonomy.promise")


@dataclass(frozen=True, slots=True)
class TopicLight:
    """The light of one topic.

    `life` counts how often it began anew, from 1; evidence counts from `life_since` on, and what must be proven again
    on autopilot from `since` on.
    """

    topic: str
    light: Light
    shadow: bool
    life: int
    life_since: datetime
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An answer that waits for its judgement: drawn by lot, or suggested to a person.

    `seq` is the decision's place in the conversation; `rate_ppm` the chance with which it was taken.
    """

    conversation: ConversationId
    seq: int
    customer_seq: int
    topic: str
    origin: Origin
    light: Light
    edition: int | None
    rate_ppm: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One judgement; `counts` says whether it may enter the bound. `ref` names the question of an evaluation file."""

    id: UUID
    topic: str
    origin: Origin
    verdict: Verdict
    counts: bool
    at: datetime
    by: str
    detail: str = ""
    conversation: ConversationId | None = None
    seq: int | None = None
    ref: str | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence in the order in which it was taken; verdict None while nobody has judged it."""

    at: datetime
    verdict: Verdict | None


class Kind(StrEnum):
    """What is written into the log of a topic."""

    PROPOSED = "autopilot.proposed"
    WITHDRAWN = "proposal.withdrawn"
    APPROVED = "autopilot.approved"
    FELL_BACK = "light.fell_back"
    SET = "light.set"
    SHADOW = "shadow.set"
    UNDONE = "judgement.undone"
    PROMISE = "promise.set"


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry of the log: what happened, when, by whom, and on which evidence."""

    id: UUID
    topic: str
    kind: Kind
    at: datetime
    by: str
    detail: Mapping[str, object]
