"""Files of replies in PostgreSQL, from the moment they are added until they are erased.

I decide how they reach the table and come back. The flows of the desk and of delivery call me through ReplyFiles.
I never bind a file to a message: the commit that releases the message does.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.files import Enclosure, NewFile

_ADD = """
insert into reply_file (id, workspace_id, staff_id, conversation_id, name, type, size, sha256, content, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_UNSENT = """
select id, name, type, size, sha256 from reply_file
where conversation_id = $1 and staff_id = $2 and text_id is null order by at, id
"""
_DROP = """
delete from reply_file where id = $1 and conversation_id = $2 and staff_id = $3
    and text_id is null and pending_id is null returning 1
"""
_CONTENT = "select content from reply_file where id = $1 and conversation_id = $2 and text_id is not null"


class PostgresFiles:
    """Implements ReplyFiles."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, file: NewFile, at: datetime) -> None:
        """Keep a file."""
        f, about = file, file.about
        async with self._pool.within(f.workspace) as connection:
            await connection.execute(
                _ADD, about.id, f.workspace, f.staff, f.conversation, about.name, about.type, about.size,
                about.sha256, f.content, at,
            )  # fmt: skip

    async def unsent(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> tuple[Enclosure, ...]:
        """What someone has added and not sent."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNSENT, conversation, staff)
        return tuple(map(_enclosure, rows))

    async def drop(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId, file: UUID
    ) -> bool:
        """Remove a file that neither waits nor was sent."""
        async with self._pool.within(workspace) as connection:
            return bool(await connection.fetchval(_DROP, file, conversation, staff))

    async def content(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bytes | None:
        """The bytes of a file that was sent."""
        async with self._pool.within(workspace) as connection:
            found: bytes | None = await connection.fetchval(_CONTENT, file, conversation)
        return found


def _enclosure(row: Any) -> Enclosure:
    return Enclosure(row["id"], row["name"], row["type"], row["size"], row["sha256"])
