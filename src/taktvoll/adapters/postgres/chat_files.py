"""Files of customers in PostgreSQL, from the moment they are uploaded until they are erased or swept.

I decide how they reach the table and come back. The flows of the chat and the desk call me through ChatFiles.
I never bind a file to a message: the commit that takes the message does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import CHAT_FILES_A_DAY_MAX, CHAT_FILES_BYTES_A_DAY_MAX
from taktvoll.domain.conversation.chat_files import NewUpload
from taktvoll.domain.conversation.files import Enclosure

_DAY = timedelta(days=1)
_ONE_BY_ONE = "select pg_advisory_xact_lock(hashtextextended($1::text, 19))"
_KNOWN = """
select id, name, type, size, sha256 from chat_file
where conversation_id = $1 and upload_id = $2 and name is not null
"""
_HAD = "select count(*), coalesce(sum(size), 0) from chat_file where conversation_id = $1 and at > $2"
_ADD = """
insert into chat_file (id, workspace_id, conversation_id, upload_id, name, type, size, sha256, content, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_NAMED = """
select f.id, f.name, f.type, f.size, f.sha256 from unnest($2::uuid[]) with ordinality as n(id, place)
join chat_file f on f.id = n.id and f.conversation_id = $1 and f.name is not null order by n.place
"""
_DROP = "delete from chat_file where id = $1 and conversation_id = $2 and text_id is null returning 1"
_CONTENT = "select content from chat_file where id = $1 and conversation_id = $2 and text_id is not null"
_SWEEP = """
with gone as (delete from chat_file where workspace_id = $1 and text_id is null and at < $2 returning 1)
select count(*) from gone
"""


class PostgresChatFiles:
    """Implements ChatFiles."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, file: NewUpload, at: datetime) -> Enclosure:
        """Keep a file; those of one conversation one after the other, so that no two pass the limit together."""
        f, about = file, file.about
        async with self._pool.within(f.workspace) as connection:
            await connection.execute(_ONE_BY_ONE, str(f.conversation))
            known = await connection.fetchrow(_KNOWN, f.conversation, f.upload)
            if known is not None:
                if known["sha256"] != about.sha256:
                    raise Refused("request.malformed", detail="id")
                return _enclosure(known)
            count, size = await connection.fetchrow(_HAD, f.conversation, at - _DAY) or (0, 0)
            if count >= CHAT_FILES_A_DAY_MAX or size + about.size > CHAT_FILES_BYTES_A_DAY_MAX:
                raise Refused("upload.full")
            try:
                await connection.execute(
                    _ADD, about.id, f.workspace, f.conversation, f.upload, about.name, about.type, about.size,
                    about.sha256, f.content, at,
                )  # fmt: skip
            except (
                asyncpg.UniqueViolationError
            ) as error:  # it was erased: asked for again, it does not come back
                raise Refused("upload.gone") from error
        return about

    async def named(
        self, workspace: WorkspaceId, conversation: ConversationId, files: Sequence[UUID]
    ) -> tuple[Enclosure, ...]:
        """Those of the files that are there."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_NAMED, conversation, list(files))
        return tuple(map(_enclosure, rows))

    async def drop(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bool:
        """Remove a file that was not sent."""
        async with self._pool.within(workspace) as connection:
            return bool(await connection.fetchval(_DROP, file, conversation))

    async def content(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bytes | None:
        """The bytes of a file that was sent."""
        async with self._pool.within(workspace) as connection:
            found: bytes | None = await connection.fetchval(_CONTENT, file, conversation)
        return found

    async def sweep(self, workspace: WorkspaceId, before: datetime) -> int:
        """Remove what was never sent."""
        async with self._pool.within(workspace) as connection:
            return int(await connection.fetchval(_SWEEP, workspace, before) or 0)


def _enclosure(row: Any) -> Enclosure:
    return Enclosure(row["id"], row["name"], row["type"], row["size"], row["sha256"])
