"""How long what lies beside the chain is kept, and what erasing takes along.

I decide the terms and the shapes. The flows erase_overdue and erase_contact call me, the store implements Eraser. I
never touch the chain: it holds no personal text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from taktvoll.base.ids import ContactId, ConversationId, WorkspaceId

UNSENT_FILES_DAYS = 30
"""Until a company sets its own: a file that somebody added to a reply and did not send for a month was forgotten."""

KEEP_DAYS_MAX = 36_500


class What(StrEnum):
    """What a line of the log speaks of."""

    ORIGINALS = "originals"
    UNSENT_FILES = "unsent_files"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Terms:
    """After how many days something is erased; None keeps it for good.

    Originals have no term until a company sets one: commercial and tax law demand six years and more for letters of
    business, data protection demands no longer than needed, and which of its mails are which only the company knows.
    """

    originals_days: int | None
    unsent_files_days: int | None


@dataclass(frozen=True, slots=True)
class Erased:
    """A line of the log: how many were erased, older than what or of which contact, by whom and why."""

    at: datetime
    what: What
    count: int
    by: str
    before: datetime | None = None
    contact: ContactId | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """What goes with a contact: conversations that are open with people stand in its way."""

    contacts: int
    identities: int
    conversations: tuple[ConversationId, ...]
    texts: int
    originals: int
    files: int
    open: tuple[ConversationId, ...]


class Eraser(Protocol):
    """Erases beside the chain; every method works within one workspace, each call in one bounded transaction."""

    async def originals(self, workspace: WorkspaceId, before: datetime, at: datetime, limit: int) -> int:
        """Erase originals that came before then, and note it; gives how many, at most the limit."""
        ...

    async def unsent_files(self, workspace: WorkspaceId, before: datetime, at: datetime, limit: int) -> int:
        """Drop files that were added before then and neither wait nor were sent, and note it; gives how many."""
        ...

    async def extent(self, workspace: WorkspaceId, contact: ContactId) -> Extent:
        """What would go with a contact; raises Refused("contact.unknown")."""
        ...

    async def texts(
        self, workspace: WorkspaceId, conversation: ConversationId, at: datetime, limit: int
    ) -> int:
        """Erase texts of a conversation, and with them their files, drafts and what search knows; gives how many."""
        ...

    async def mails(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> None:
        """Erase originals of a conversation, what is known of its mails, and addresses that were to be proven in it."""
        ...

    async def note(self, workspace: WorkspaceId, erased: Erased) -> None:
        """Write a line of the log."""
        ...

    async def log(self, workspace: WorkspaceId, limit: int) -> tuple[Erased, ...]:
        """The last lines, newest first."""
        ...


def terms_of(settings: Mapping[str, object]) -> Terms:
    """Read a workspace's terms; 0 keeps for good."""
    originals = settings.get("keep_originals_days")
    files = settings.get("keep_unsent_files_days", UNSENT_FILES_DAYS)
    return Terms(_days(originals), _days(files))


def _days(value: object) -> int | None:
    return value if type(value) is int and value > 0 else None
