"""The desk's view over all conversations: pages of rows, counts, mentions, tags, skills, and the lead's figures.

I decide the shapes and the order of work. The store implements Board, the desk's pages and flows call it.
I never show an assistant's own conversation as work.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.terms import Call, HandoverReason, Urgency

COUNTED_MAX = 1_000
"""Counts stop here: whoever has a thousand waiting needs no exact figure, and the store no long look."""


class View(StrEnum):
    """What part of the work a page shows."""

    WAITING = "waiting"
    MINE = "mine"
    OTHERS = "others"
    OPEN = "open"
    SNOOZED = "snoozed"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins after it."""

    urgency: int
    target_at: datetime | None
    at: datetime | None
    id: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows are wanted.

    `queues` are those whose waiting conversations I see, none for all; `queue` and `tag` narrow any view;
    `after` is where the page before ended.
    """

    view: View
    me: StaffId
    queues: tuple[str, ...] = ()
    queue: str = ""
    tag: str = ""
    after: Cursor | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as work; `last_text` is the content of the last message as stored.

    `target_at` is when an answer is due, as service hours say; `at` is what a view without urgency orders by;
    `drafted` says that I have begun an answer.
    """

    id: ConversationId
    owner_kind: str
    owner_id: str
    queue: str
    language: str
    last_text: str
    last_author: str
    waiting_since: datetime | None
    changed_at: datetime
    urgency: Urgency
    reason: HandoverReason | None
    tags: tuple[str, ...]
    target_at: datetime | None
    snoozed_until: datetime | None
    unseen: bool
    cursor: Cursor
    drafted: bool = False
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much work there is, each up to COUNTED_MAX; `mentioned` counts what was not looked at yet."""

    views: Mapping[View, int]
    queues: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What one person has; `longest_since` is since when their longest waiting customer waits."""

    staff: StaffId
    open: int
    waiting: int
    snoozed: int
    longest_since: datetime | None


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """What waits in one queue; `breached` counts targets that have passed."""

    queue: str
    waiting: int
    breached: int
    longest_since: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """What happened since a time, with a clock for the assistant and one for people.

    `asked` conversations were begun; of those `by_ai` never went to people; `ai_s` and `person_s` are the medians in
    seconds from the question to the assistant's and from the handover to a person's first answer; `unanswered` went to
    people and have no answer of theirs yet.
    """

    asked: int
    by_ai: int
    closed: int
    handed: int
    unanswered: int
    ai_s: float | None
    ai_s_p90: float | None
    person_s: float | None
    person_s_p90: float | None


@dataclass(frozen=True, slots=True)
class Team:
    """The lead's view."""

    people: tuple[PersonLoad, ...]
    queues: tuple[QueueLoad, ...]
    day: Day


class Board(Protocol):
    """Work as it lies in the store; every method works within one workspace."""

    def joined(self, workspace: WorkspaceId) -> AbstractAsyncContextManager[None]:
        """Begin a block whose reads, of this and every other store, share one look at the database.

        For pages: only for reading, and only one read after the other.
        """
        ...

    async def rows(self, workspace: WorkspaceId, asked: Asked) -> tuple[Row, ...]:
        """Rows in the order of work: urgency, target, waiting time; put off by time, mentions newest first.

        The house's own questions are left out.
        """
        ...

    async def counts(
        self, workspace: WorkspaceId, me: StaffId, mine: Sequence[str], queues: Sequence[str]
    ) -> Counts:
        """Count each view, and what waits in each of the queues.

        Takes:  mine: the queues whose waiting conversations I see, none for all.
        """
        ...

    async def due(self, workspace: WorkspaceId, at: datetime, limit: int) -> tuple[ConversationId, ...]:
        """Conversations that were put off until at most this time."""
        ...

    async def owned(self, workspace: WorkspaceId, staff: StaffId, limit: int) -> tuple[ConversationId, ...]:
        """Conversations that someone has, put off or not."""
        ...

    async def seen(
        self, workspace: WorkspaceId, me: StaffId, conversation: ConversationId, at: datetime
    ) -> bool:
        """Note that someone has looked at where they are mentioned; gives whether that was news."""
        ...

    async def tags(self, workspace: WorkspaceId) -> tuple[str, ...]:
        """The workspace's tags, by name."""
        ...

    async def keep_tag(self, workspace: WorkspaceId, tag: str, by: str, at: datetime) -> None:
        """Put a tag on the workspace's list; one that stands there already changes nothing."""
        ...

    async def skills(self, workspace: WorkspaceId) -> Mapping[StaffId, tuple[str, ...]]:
        """Which queues each member of staff serves; who is not named serves all."""
        ...

    async def set_skills(self, workspace: WorkspaceId, staff: StaffId, queues: Sequence[str]) -> None:
        """Replace the queues that someone serves; none means all."""
        ...

    async def team(self, workspace: WorkspaceId, since: datetime, now: datetime) -> Team:
        """The lead's view; since when today began."""
        ...
