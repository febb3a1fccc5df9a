"""Files that customers send in the chat: how many, how the record names them, who keeps them.

I decide what one message and one day may bring. The flows that take uploads and messages call me, the store implements
ChatFiles. I never open a file; which kinds may come at all is decided by files.py, as for files of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import CHAT_FILES_BYTES_MAX, CHAT_FILES_MAX, MB
from taktvoll.domain.conversation.files import Enclosure, Inspected

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What a browser may show of a file, if its first bytes say so."""

_ANY = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """A file that a visitor has added to what they write; `upload` is the element's own id of it."""

    workspace: WorkspaceId
    conversation: ConversationId
    upload: str
    about: Enclosure
    content: bytes = field(repr=False)


class ChatFiles(Protocol):
    """Keeps the files of customers; every method works within one workspace."""

    async def add(self, file: NewUpload, at: datetime) -> Enclosure:
        """Keep a file; the same upload again gives what is kept already.

        Raises: Refused("upload.full") where the conversation has had too much within a day, Refused("upload.gone")
                where this upload was sent and erased.
        """
        ...

    async def named(
        self, workspace: WorkspaceId, conversation: ConversationId, files: Sequence[UUID]
    ) -> tuple[Enclosure, ...]:
        """Those of the files that are there, in the order asked for, sent already or not."""
        ...

    async def drop(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bool:
        """Remove a file that was not sent; False where there is none."""
        ...

    async def content(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bytes | None:
        """The bytes of a file that was sent; None where they were erased."""
        ...

    async def sweep(self, workspace: WorkspaceId, before: datetime) -> int:
        """Remove what was added before a time and never sent; gives how many."""
        ...


def type_of(found: Inspected) -> str:
    """What goes on record as a file's type: what its first bytes show; the ending only names what they leave open.

    An Office file is an archive, and what kind of one only its ending says. A picture that does not look like one is
    no picture.
    """
    named = "" if found.type.startswith("image/") and found.type != found.sniffed else found.type
    if found.sniffed == "application/zip" and named.startswith("application/vnd."):
        return named
    return found.sniffed or named or _ANY


def demand_together(files: Sequence[Enclosure]) -> None:
    """Refuse more than one message may carry.

    Raises: Refused("upload.many"), Refused("upload.total").
    """
    if len(files) > CHAT_FILES_MAX:
        raise Refused("upload.many", limit=CHAT_FILES_MAX)
    if sum(f.size for f in files) > CHAT_FILES_BYTES_MAX:
        raise Refused("upload.total", limit=CHAT_FILES_BYTES_MAX // MB)
