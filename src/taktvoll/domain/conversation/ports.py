"""What a conversation needs from outside: its record, an understanding of texts, a push to open screens.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from taktvoll.base.ids import AccountId, ConversationId, OutboxId, StaffId, WorkspaceId
from taktvoll.domain.conversation.ledger import Chain, Checkpoint, Head
from taktvoll.domain.conversation.terms import Event, NewEvent, Signals, State

COMMAND = "command"
"""The channel of the house's own questions, by `ask` and `evaluate`: nobody waits there for a person."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a message came to or leaves from: a widget now; mailboxes and numbers with their channels."""

    id: AccountId
    workspace: WorkspaceId
    channel: str
    name: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Accepting:
    """A message about to be accepted; opening, reopening and waking are used only if it is new, closed or put off."""

    workspace: WorkspaceId
    conversation: ConversationId
    account: AccountId
    channel: str
    provider_id: str
    received: NewEvent
    opening: NewEvent
    reopening: NewEvent
    waking: NewEvent | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is on record at seq; state is folded up to it; edition and revision are those in force."""

    duplicate: bool
    seq: int
    state: State
    edition: int | None
    revision: int


class DecideStatus(StrEnum):
    """How the second commit of a turn ended; everything but OK changed nothing."""

    OK = "ok"
    UNKNOWN = "unknown"
    OWNER_CHANGED = "owner_changed"
    CUSTOMER_WROTE = "customer_wrote"
    ALREADY_DECIDED = "already_decided"
    LIBRARY_CHANGED = "library_changed"
    STATE_CHANGED = "state_changed"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A released message on its way out; event is its place among the change's events, from 0."""

    id: OutboxId
    event: int
    channel: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Events to append with the guards they were made under; a guard of None is not checked.

    `state` is folded up to and including these events; if anything but a receipt, feedback or a note was appended since
    the state they were made on, the change is refused with STATE_CHANGED, so that no snapshot forgets an event.
    """

    workspace: WorkspaceId
    conversation: ConversationId
    at: datetime
    events: Sequence[NewEvent]
    state: State
    outbox: Sequence[OutboxRow] = ()
    expect_epoch: int | None = None
    expect_customer_seq: int | None = None
    turn: int | None = None
    expect_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The end of a change; events are in their places when the status is OK."""

    status: DecideStatus
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it stands, for doors and jobs."""

    id: ConversationId
    account: AccountId
    state: State
    created_at: datetime
    changed_at: datetime
    waiting_since: datetime | None


class Record(Protocol):
    """The append-only record of conversations; every method works within one workspace."""

    async def accept(self, accepting: Accepting) -> Accepted:
        """First commit of a turn, which binds the message's files.

        Raises: Refused("conversation.unknown") for another workspace's id, Refused("upload.gone").
        """
        ...

    async def decide(self, change: Change) -> Decided:
        """Check the guards, append the events, write the outbox, bind the files, keep the snapshot: one commit.

        Raises: Refused("file.gone") where a file of a released message is not there any more.
        """
        ...

    async def note(
        self, workspace: WorkspaceId, conversation: ConversationId, events: Sequence[NewEvent]
    ) -> None:
        """Append events that change no state."""
        ...

    async def confirm(
        self, workspace: WorkspaceId, conversation: ConversationId, up_to: int, event: NewEvent
    ) -> Event | None:
        """Mark outbox rows up to seq as shown and append the event; None, and nothing appended, if none was new."""
        ...

    async def access(self, workspace: WorkspaceId, conversation: ConversationId) -> Stored:
        """Load a conversation of this workspace; raises Refused("conversation.unknown")."""
        ...

    async def events(
        self, workspace: WorkspaceId, conversation: ConversationId, after: int = 0, kinds: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Load events with their personal texts, oldest first; kinds narrows them."""
        ...

    async def last_seqs(
        self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        kinds: Sequence[str],
        limit: int,
        before: int = 0,
    ) -> tuple[int, ...]:
        """The places of the last events of these kinds, newest first; before 0 means up to the end."""
        ...

    async def undecided(
        self, workspace: WorkspaceId, before: datetime, limit: int, *, mail: bool = False
    ) -> tuple[Stored, ...]:
        """Conversations of the assistant whose last message was cut off before it was decided; by mail, or all others.

        A mail is not decided when it comes but by a job, so every mail is found here once.
        """
        ...


class Ledger(Protocol):
    """The record as it lies in the store, for those who prove it."""

    async def heads(self, workspace: WorkspaceId) -> tuple[Head, ...]:
        """The head of every conversation."""
        ...

    def chains(self, workspace: WorkspaceId, conversations: Sequence[ConversationId]) -> AsyncIterator[Chain]:
        """Give each of these conversations with its events as stored, head and events as of one instant."""
        ...

    async def orphans(self, workspace: WorkspaceId) -> tuple[ConversationId, ...]:
        """Conversations that have events but no row."""
        ...

    async def checkpoints(self, workspace: WorkspaceId) -> tuple[Checkpoint, ...]:
        """All checkpoints, oldest first."""
        ...

    async def keep(self, workspace: WorkspaceId, checkpoint: Checkpoint) -> None:
        """Keep a new checkpoint; Refused("form.stale") if its number is taken."""
        ...

    async def hash_at(self, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> bytes | None:
        """The hash of one event."""
        ...


class Understanding(Protocol):
    """Reads signals from a text."""

    async def read(self, text: str, language: str | None) -> Signals:
        """Understand one message; language is what the conversation has been in so far."""
        ...


class Doing(StrEnum):
    """What a colleague does at a conversation right now."""

    CAME = "came"
    HERE = "here"
    WRITING = "writing"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague at a conversation; it holds for seconds and is kept nowhere."""

    staff: StaffId
    name: str
    doing: Doing


@dataclass(frozen=True, slots=True)
class Changed:
    """Something happened in a conversation: the last seq, or only that someone is typing or looks at it.

    Who is present is news to the workspace's desk alone, never to listeners of the one conversation.

    `events` and `state` come along within a process, so that an open screen needs no read; other processes only hear
    the seq and read for themselves.
    """

    workspace: WorkspaceId
    conversation: ConversationId
    seq: int
    typing: str | None = None
    events: tuple[Event, ...] = ()
    state: State | None = None
    present: Present | None = None


class Push(Protocol):
    """Tells open screens that a conversation changed, at once in this process and batched in the others."""

    def publish(self, changed: Changed) -> None:
        """Tell subscribers; never waits and never fails."""
        ...

    def listen(
        self, workspace: WorkspaceId, conversation: ConversationId | None
    ) -> AbstractAsyncContextManager[AsyncIterator[Changed | None]]:
        """Hear of changes to one conversation, or to all of the workspace; None now and then as a sign of life."""
        ...
