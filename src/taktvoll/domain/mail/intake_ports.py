"""What mail on its way in needs from outside: folders to fetch from, and a place where mail is kept.

I decide the shapes. `adapters/imap` and `adapters/postgres` implement me, flows and doors call me.
I never name a library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId
from taktvoll.domain.mail.intake import Cursor, KeptMail, MailAccepted, MailAccepting, Original
from taktvoll.domain.mail.mailbox import Fetching
from taktvoll.domain.mail.threads import Known


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as the server states it when it is opened; `next_uid` is what its next mail will have at least."""

    validity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a mailbox is, and since when it has been failing; `failure` is an error's code.

    `settled` is the UID up to which mails were marked or moved, too; a reader that died may have left the last one out.
    None where that is not known.
    """

    account: AccountId
    cursor: Cursor | None = None
    checked_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    alarmed_at: datetime | None = None
    since: datetime | None = None
    settled: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of a mailbox's log; `kind` is a code: started, reset, failed, stalled, recovered, too_large,
    not_fetched.
    """

    at: datetime
    account: AccountId
    kind: str
    detail: str


class MailFolder(Protocol):
    """A folder on a mail server, over one connection; nothing in it changes before `settle`."""

    async def open(self) -> Place:
        """Connect, secure, sign in, open the folder; raises Refused or Unavailable with a code mailbox.…"""
        ...

    async def uids(self, after: int, since: date | None = None) -> tuple[int, ...]:
        """The next UIDs above `after`, ascending: a bounded number of them, none only where none is left.

        Takes:  since: only mails that arrived on this day or later.
        """
        ...

    async def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        """The sizes in bytes, before anything is fetched; UIDs that are gone are missing."""
        ...

    async def fetch(self, uid: int, bytes_max: int, *, whole: bool = True) -> bytes | None:
        """The bytes of a mail, or of its headers alone; never more than bytes_max. None where it is gone."""
        ...

    async def settle(self, uid: int) -> None:
        """Mark a mail that is on record as seen, or move it, as the mailbox is set up."""
        ...

    async def wait(self, timeout_s: float) -> None:
        """Wait for news by IDLE, or a while where the server cannot; never longer than timeout_s."""
        ...

    async def close(self) -> None:
        """Let the connection go at once."""
        ...


class MailFolders(Protocol):
    """Opens folders by a mailbox's settings."""

    def folder(self, fetching: Fetching) -> MailFolder:
        """Give the folder, not yet connected."""
        ...


class MailStore(Protocol):
    """Mails on record, beside the chain, and how far each mailbox is; every method works within one workspace."""

    async def accept(self, accepting: MailAccepting) -> MailAccepted:
        """Put a mail on record with its original, facts, event and the folder's cursor: one commit.

        A copy of a mail on record only moves the cursor. Raises Refused("conversation.unknown").
        """
        ...

    async def known(
        self, workspace: WorkspaceId, message_ids: Sequence[str], sender: str
    ) -> Mapping[str, Known]:
        """The conversations that message ids belong to, ours and theirs; of several the one `sender` takes part in."""
        ...

    async def mails(self, workspace: WorkspaceId, conversation: ConversationId) -> tuple[KeptMail, ...]:
        """The mails of a conversation, oldest first."""
        ...

    async def apart(self, workspace: WorkspaceId, limit: int) -> tuple[KeptMail, ...]:
        """Mails that ask nobody for an answer, because machines wrote them: newest first."""
        ...

    async def mail(self, workspace: WorkspaceId, mail: UUID) -> KeptMail:
        """One mail; raises Refused("mail.unknown")."""
        ...

    async def original(self, workspace: WorkspaceId, mail: UUID) -> Original | None:
        """The bytes as they came; None where they were erased."""
        ...

    async def answered_at(
        self, workspace: WorkspaceId, address: str, since: datetime
    ) -> tuple[datetime, ...]:
        """When the assistant wrote to conversations in which this address wrote, or is the one that is answered."""
        ...

    async def standing(self, workspace: WorkspaceId, account: AccountId) -> Standing:
        """How far a mailbox is."""
        ...

    async def move(
        self, workspace: WorkspaceId, account: AccountId, cursor: Cursor, at: datetime, *, reset: bool = False
    ) -> None:
        """Move the cursor without a mail; `reset` where the folder was counted anew, so that it may go back."""
        ...

    async def checked(self, workspace: WorkspaceId, account: AccountId, at: datetime, settled: int) -> None:
        """A round succeeded: whatever failed before is over, and mails up to this UID are marked or moved."""
        ...

    async def failed(self, workspace: WorkspaceId, account: AccountId, at: datetime, code: str) -> None:
        """A round failed."""
        ...

    async def claim(
        self, workspace: WorkspaceId, account: AccountId, reader: UUID, at: datetime, seconds: float
    ) -> bool:
        """Let one reader alone read a mailbox for some seconds, by the store's own clock; True where it is this one."""
        ...

    async def release(self, workspace: WorkspaceId, account: AccountId, reader: UUID) -> None:
        """Let the next reader have it at once."""
        ...

    async def alarm(self, workspace: WorkspaceId, account: AccountId, at: datetime) -> bool:
        """Note that people must be told of a stall; False where that was noted already."""
        ...

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Write a line into a mailbox's log."""
        ...

    async def log(self, workspace: WorkspaceId, account: AccountId, limit: int) -> tuple[Noted, ...]:
        """The newest lines of a mailbox's log."""
        ...
