"""What people write before it is sent: drafts, replies that can still be taken back, suggestions they answer with.

I decide the shapes, which suggestion is open, and how long a reply waits. The store implements Writing, the flows of
the desk call me. I never hold a text in the record: what is not sent was never said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, cast
from uuid import UUID

from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.events import light_from
from taktvoll.domain.conversation.terms import Decision, Event
from taktvoll.domain.knowledge.terms import PassageKey

UNDO_S_DEFAULT = 5
UNDO_S_MAX = 30
SETTLED = "suggestion.settled"
SUGGESTION_KINDS = ("answer.decided", "message.released", SETTLED)
"""Kinds from which an open suggestion is read."""


class Reason(StrEnum):
    """Why somebody rejects a suggestion; saying so is up to them."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    BESIDE = "beside"
    INCOMPLETE = "incomplete"
    TONE = "tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What someone has begun to write to a customer.

    `client_id` stays with the text until it is sent; `entry` is the approved entry it was taken from; `why` the code of
    what kept it from being sent, where it came back.
    """

    workspace: WorkspaceId
    staff: StaffId
    conversation: ConversationId
    text: str
    client_id: str
    entry: PassageKey | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A reply that is sent when due, under the epoch and after the customer's message that it was written under.

    `files` go along with it.
    """

    id: UUID
    workspace: WorkspaceId
    staff: StaffId
    conversation: ConversationId
    text: str
    client_id: str
    entry: PassageKey | None
    epoch: int
    customer_seq: int
    due_at: datetime
    files: tuple[UUID, ...] = ()


class Writing(Protocol):
    """Keeps drafts and pending replies; every method works within one workspace."""

    async def draft(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> Draft | None:
        """What someone has begun to write in a conversation."""
        ...

    async def keep(self, draft: Draft, at: datetime, seen: str = "") -> bool:
        """Keep a draft in the place of the one before; an empty one is dropped. Gives whether it came or went.

        Takes:  seen: the client's id of a reply that came back and has been seen; an unseen one that is not part
                of the draft stays before it.
        """
        ...

    async def pending(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> Pending | None:
        """Someone's reply that waits in a conversation."""
        ...

    async def hold(self, pending: Pending) -> bool:
        """Let a reply wait with its files and drop its draft; False, and nothing kept, while another of theirs waits.

        A reply that came back and is not part of this one stays a draft: whoever wrote this has not seen it.
        Raises: Refused("file.gone") where one of the files waits elsewhere, was sent or removed.
        """
        ...

    async def claim(
        self, workspace: WorkspaceId, at: datetime, until: datetime, limit: int, id: UUID | None = None
    ) -> tuple[Pending, ...]:
        """Claim replies that are due, or one however early; what is claimed nobody else gets until then."""
        ...

    async def sent(self, pending: Pending) -> None:
        """Forget a reply that was sent."""
        ...

    async def give_back(self, pending: Pending, why: str, at: datetime) -> None:
        """Make a reply that could not be sent the draft again, before what was begun meanwhile."""
        ...

    async def take_back(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId, at: datetime
    ) -> bool:
        """Make a waiting reply the draft again; False if none waits that nobody has begun to send."""
        ...


def undo_s(settings: Mapping[str, object]) -> int:
    """How many seconds a reply can be taken back, as the workspace has set it; 0 sends at once."""
    wanted = settings.get("undo_s", UNDO_S_DEFAULT)
    return min(max(wanted, 0), UNDO_S_MAX) if isinstance(wanted, int) else UNDO_S_DEFAULT


def open_suggestion(events: Sequence[Event]) -> Event | None:
    """The decision whose suggestion nobody has dealt with yet.

    Takes:  events: those of SUGGESTION_KINDS, oldest first.
    Gives:  the newest decision, if it suggests an answer to people and neither a person's reply nor a settlement
            follows; never one in shadow: what people write there must be their own.
    """
    suggested = None
    for event in events:
        p = cast("Mapping[str, Any]", event.payload)
        if event.kind == "answer.decided":
            suggested = event if suggests(event) else None
        elif event.kind == SETTLED or p.get("author") == "person":
            suggested = None
    return suggested


def suggests(decided: Event) -> bool:
    """Whether a decision suggests an answer for a person to send."""
    p = cast("Mapping[str, Any]", decided.payload)
    suggestion, (_, _, shadow) = p.get("suggestion"), light_from(p)
    if suggestion is None or shadow:
        return False
    return suggestion["decision"] == Decision.ANSWER and suggestion["passage"] is not None


def settled_use(events: Sequence[Event], seq: int) -> Event | None:
    """The first settlement of the suggestion that was decided at seq."""
    return next((e for e in events if e.kind == SETTLED and e.payload.get("of") == seq), None)
