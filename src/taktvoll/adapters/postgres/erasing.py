"""Erasing in PostgreSQL: what is older than its term, and what goes with a contact.

I decide how much one transaction takes and that each on schedule writes its line of the log. The flows call me through
the Eraser port. I never touch an event: texts, originals and files lie beside the chain.
"""

from datetime import datetime
from typing import Any

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.adapters.postgres.contact_rows import root_of
from taktvoll.base.ids import ContactId, ConversationId, WorkspaceId, uuid7
from taktvoll.domain.governance.keeping import Erased, Extent, What

BY_ITSELF = "taktvoll"

_ORIGINALS = """
with old as (
    select id from mail_original where packed is not null and at < $1 order by at limit $3 for update skip locked
), gone as (
    update mail_original o set packed = null, erased_at = $2, erased_because = 'term' from old where o.id = old.id
    returning 1
)
select count(*) from gone
"""
_UNSENT_FILES = """
with old as (
    select id from reply_file where text_id is null and pending_id is null and at < $1 order by at limit $2
    for update skip locked
), gone as (
    delete from reply_file f using old where f.id = old.id returning 1
)
select count(*) from gone
"""
_TEXTS = """
with chunk as (
    select id from personal_text where conversation_id = $1 and content is not null limit $3
), gone as (
    update personal_text t set content = null, salt = null, erased_at = $2 from chunk where t.id = chunk.id returning 1
)
select count(*) from gone
"""
_MAILS = (
    "update mail_original o set packed = null, erased_at = coalesce(o.erased_at, $2), erased_because = 'contact'"
    " from mail_message m where m.id = o.id and m.conversation_id = $1 and o.packed is not null",
    "update mail_attachment a set name = null from mail_message m where m.id = a.mail_id and m.conversation_id = $1"
    " and $2::timestamptz is not null",
    "update mail_message set message_id = null, sender = null, answers_to = null, facts = null"
    " where conversation_id = $1 and $2::timestamptz is not null",
    "update contact_code set address = null, written = null, open = false where conversation_id = $1"
    " and $2::timestamptz is not null",
)
_EXTENT = """
with tree as (select contact_tree($1) as id),
talks as (select c.* from conversation c join tree on tree.id = c.contact_id)
select (select count(*) from tree) as contacts,
    (select count(*) from contact_identity i join tree on tree.id = i.contact_id) as identities,
    (select coalesce(array_agg(id order by id), '{}') from talks) as conversations,
    (select coalesce(array_agg(id order by id), '{}') from talks where not closed and owner_kind <> 'assistant'
        or jsonb_array_length(coalesce(snapshot -> 'calls', '[]')) > 0) as open,
    (select count(*) from personal_text t join talks on talks.id = t.conversation_id
        where t.content is not null) as texts,
    (select count(*) from mail_message m join talks on talks.id = m.conversation_id
        join mail_original o on o.id = m.id where o.packed is not null) as originals,
    (select count(*) from (select conversation_id, erased_at from reply_file
        union all select conversation_id, erased_at from chat_file) f
        join talks on talks.id = f.conversation_id where f.erased_at is null) as files
"""
_NOTE = (
    "insert into erasure_log (id, workspace_id, at, what, count, before, contact_id, by, why)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
)
_LOG = (
    "select at, what, count, before, contact_id, by, why from erasure_log order by at desc, id desc limit $1"
)


class PostgresEraser:
    """Implements Eraser."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def originals(self, workspace: WorkspaceId, before: datetime, at: datetime, limit: int) -> int:
        """Erase old originals."""
        async with self._pool.within(workspace) as connection:
            count = int(await connection.fetchval(_ORIGINALS, before, at, limit))
            if count:
                await _note(connection, workspace, Erased(at, What.ORIGINALS, count, BY_ITSELF, before))
        return count

    async def unsent_files(self, workspace: WorkspaceId, before: datetime, at: datetime, limit: int) -> int:
        """Drop files that nobody sent."""
        async with self._pool.within(workspace) as connection:
            count = int(await connection.fetchval(_UNSENT_FILES, before, limit))
            if count:
                await _note(connection, workspace, Erased(at, What.UNSENT_FILES, count, BY_ITSELF, before))
        return count

    async def extent(self, workspace: WorkspaceId, contact: ContactId) -> Extent:
        """Count what goes."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_EXTENT, await root_of(connection, contact))
        return Extent(
            row["contacts"], row["identities"], tuple(map(ConversationId, row["conversations"])), row["texts"],
            row["originals"], row["files"], tuple(map(ConversationId, row["open"])),
        )  # fmt: skip

    async def texts(
        self, workspace: WorkspaceId, conversation: ConversationId, at: datetime, limit: int
    ) -> int:
        """Erase texts; triggers take along what was made of them."""
        async with self._pool.within(workspace) as connection:
            return int(await connection.fetchval(_TEXTS, conversation, at, limit))

    async def mails(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> None:
        """Erase what is kept of mails beside their texts."""
        async with self._pool.within(workspace) as connection:
            for statement in _MAILS:
                await connection.execute(statement, conversation, at)

    async def note(self, workspace: WorkspaceId, erased: Erased) -> None:
        """Write a line."""
        async with self._pool.within(workspace) as connection:
            await _note(connection, workspace, erased)

    async def log(self, workspace: WorkspaceId, limit: int) -> tuple[Erased, ...]:
        """The last lines."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_LOG, limit)
        return tuple(_erased(r) for r in rows)


async def _note(connection: Working, workspace: WorkspaceId, erased: Erased) -> None:
    await connection.execute(
        _NOTE, uuid7(erased.at), workspace, erased.at, erased.what.value, erased.count, erased.before, erased.contact,
        erased.by, erased.why,
    )  # fmt: skip


def _erased(row: Any) -> Erased:
    contact = ContactId(row["contact_id"]) if row["contact_id"] else None
    return Erased(row["at"], What(row["what"]), row["count"], row["by"], row["before"], contact, row["why"])
