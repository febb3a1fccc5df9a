"""What earned autonomy needs from outside: where lights, labels and the log are kept.

I decide the shapes. The adapter implements me, flows call me. I never name a library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.autonomy.terms import Case, Label, Noted, Promise, Seen, TopicLight
from taktvoll.domain.conversation.terms import Event


@dataclass(frozen=True, slots=True)
class Found:
    """A decision on record, and the conversation it belongs to."""

    conversation: ConversationId
    event: Event


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a workspace: its promise, whether all is shadow, and until when decisions were looked at."""

    promise: Promise = field(default_factory=Promise)
    shadow: bool = False
    scanned_to: datetime | None = None


class AutonomyStore(Protocol):
    """Keeps lights, answers to judge, labels and the log; every method works within one workspace."""

    async def setting(self, workspace: WorkspaceId) -> Setting:
        """What holds; the defaults where nothing was set."""
        ...

    async def keep_setting(
        self, workspace: WorkspaceId, before: Setting, setting: Setting, noted: Noted
    ) -> None:
        """Replace promise and shadow if they still are as before, and write the log: in force for the next message.

        Raises: Refused("form.stale").
        """
        ...

    async def mark_scanned(self, workspace: WorkspaceId, to: datetime) -> None:
        """Remember how far decisions were looked at, and change nothing else."""
        ...

    async def topics(self, workspace: WorkspaceId) -> tuple[TopicLight, ...]:
        """Every topic that has a light or evidence, by name."""
        ...

    async def change(
        self, workspace: WorkspaceId, before: TopicLight | None, after: TopicLight, noted: Noted
    ) -> None:
        """Change a light and write the log, in force for the next message everywhere.

        Raises: Refused("form.stale") if the light is no longer as `before` says.
        """
        ...

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Write the log alone."""
        ...

    async def log(self, workspace: WorkspaceId, topic: str | None, limit: int) -> tuple[Noted, ...]:
        """The log of one topic or of all, newest first."""
        ...

    async def last_noted(self, workspace: WorkspaceId) -> Mapping[str, Noted]:
        """The last entry of each topic about proposals and lights."""
        ...

    async def take(self, workspace: WorkspaceId, cases: Sequence[Case]) -> int:
        """Keep answers to be judged; gives how many were new. Topics that are new begin on probation."""
        ...

    async def case(self, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> Case:
        """One answer to be judged; raises Refused("answer.unknown")."""
        ...

    async def unjudged(self, workspace: WorkspaceId, limit: int) -> tuple[Case, ...]:
        """Drawn answers of their topic's present life without a judgement, oldest first."""
        ...

    async def count_unjudged(self, workspace: WorkspaceId) -> int:
        """How many wait."""
        ...

    async def replied(self, workspace: WorkspaceId, after: datetime, limit: int) -> tuple[Case, ...]:
        """Suggestions since a time without a judgement that a person wrote after or settled, oldest first."""
        ...

    async def label(self, workspace: WorkspaceId, label: Label) -> bool:
        """Append a label; False, and nothing appended, if one that counts for the same answer or question is there."""
        ...

    async def last_judgement(self, workspace: WorkspaceId, by: str, after: datetime) -> Label | None:
        """What somebody judged last at the desk since a time and has not taken back."""
        ...

    async def undo(self, workspace: WorkspaceId, label: Label, noted: Noted) -> bool:
        """Take a label back and write the log; the answer waits again. False if it was taken back already."""
        ...

    async def seen(self, workspace: WorkspaceId, topic: TopicLight) -> tuple[Seen, ...]:
        """All evidence of a topic's present life that may count, in the order it was taken."""
        ...

    async def decisions(
        self, workspace: WorkspaceId, after: datetime, last: Found | None, limit: int
    ) -> tuple[Found, ...]:
        """Decisions since a time, in the order of their time; `last` continues behind the one given."""
        ...

    async def judged(
        self, workspace: WorkspaceId, cases: Sequence[tuple[ConversationId, int]]
    ) -> Mapping[tuple[ConversationId, int], str]:
        """The verdicts of those answers that have one."""
        ...
