"""Drafts and replies that can still be taken back, in PostgreSQL.

I decide how a waiting reply is claimed by exactly one process. The flows of the desk and the worker call me through the
Writing port. I never send anything.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.writing import Draft, Pending
from taktvoll.domain.knowledge.terms import PassageKey

_KEEP = """
insert into reply_draft as d (workspace_id, staff_id, conversation_id, text, client_id, entry, why, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (workspace_id, staff_id, conversation_id) do update set
    (text, client_id, entry, why) = (select
        case when s.seen then excluded.text else d.text || E'\\n\\n' || excluded.text end,
        case when s.seen then excluded.client_id else gen_random_uuid()::text end,
        case when s.seen then excluded.entry end, case when s.seen then excluded.why else d.why end
        from (select d.why = '' or d.client_id in ($9, excluded.client_id) or position(d.text in excluded.text) > 0)
            as s(seen)),
    changed_at = excluded.changed_at
returning xmax = 0
"""
_MINE = "staff_id = $1 and conversation_id = $2"
_DROP = (
    f"delete from reply_draft where {_MINE} and (why = '' or client_id = $3 or position(text in $4) > 0)"  # noqa: S608
    " returning 1"
)
_HOLD = """
insert into pending_reply
    (id, workspace_id, staff_id, conversation_id, text, client_id, entry, epoch, customer_seq, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1
"""
_FILES = "array(select f.id from reply_file f where f.pending_id = {0} order by f.at, f.id) as files"
_ALONG = """
update reply_file set pending_id = $1 where id = any ($2) and staff_id = $3 and conversation_id = $4
    and pending_id is null and text_id is null
"""
_CLAIM = f"""
update pending_reply p set claimed_until = $2 from (
    select w.id from pending_reply w
    where (case when $4::uuid is null then w.due_at <= $1 else w.id = $4 end)
        and (w.claimed_until is null or w.claimed_until < $1)
    order by w.due_at limit $3 for update skip locked
) d where p.id = d.id returning p.*, {_FILES.format("p.id")}
"""  # noqa: S608 - constants of ours
_TAKE_BACK = (
    f"delete from pending_reply where {_MINE} and claimed_until is null returning *, '{{}}'::uuid[] as files"  # noqa: S608
)
_GIVE_BACK = "delete from pending_reply where id = $1 returning *, '{}'::uuid[] as files"
_DRAFT_AGAIN = """
insert into reply_draft as d (workspace_id, staff_id, conversation_id, text, client_id, entry, why, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (workspace_id, staff_id, conversation_id) do update set
    text = excluded.text || E'\\n\\n' || d.text, client_id = gen_random_uuid()::text, entry = null,
    why = excluded.why, changed_at = excluded.changed_at
"""


class PostgresWriting:
    """Implements Writing."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def draft(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> Draft | None:
        """What someone has begun to write."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                f"select * from reply_draft where {_MINE}",  # noqa: S608 - a constant of ours
                staff,
                conversation,
            )
        return _draft(row) if row else None

    async def keep(self, draft: Draft, at: datetime, seen: str = "") -> bool:
        """Keep a draft, or drop an empty one; what came back unseen stays."""
        async with self._pool.within(draft.workspace) as connection:
            if not draft.text.strip():
                return bool(await connection.fetchval(_DROP, draft.staff, draft.conversation, seen, ""))
            return bool(await connection.fetchval(_KEEP, *_fields(draft), at, seen))

    async def pending(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> Pending | None:
        """Someone's reply that waits."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                f"select p.*, {_FILES.format('p.id')} from pending_reply p where {_MINE}",  # noqa: S608 - constants
                staff,
                conversation,
            )
        return _pending(row) if row else None

    async def hold(self, pending: Pending) -> bool:
        """Let a reply wait and drop its draft, in one transaction."""
        p = pending
        async with self._pool.within(p.workspace) as connection:
            entry = list(p.entry) if p.entry else None
            kept = await connection.fetchval(
                _HOLD, p.id, p.workspace, p.staff, p.conversation, p.text, p.client_id, entry, p.epoch,
                p.customer_seq, p.due_at,
            )  # fmt: skip
            if kept:
                await connection.execute(_DROP, p.staff, p.conversation, p.client_id, p.text)
            if kept and p.files:
                done = await connection.execute(_ALONG, p.id, list(p.files), p.staff, p.conversation)
                if done != f"UPDATE {len(p.files)}":
                    raise Refused("file.gone")
        return bool(kept)

    async def claim(
        self, workspace: WorkspaceId, at: datetime, until: datetime, limit: int, id: UUID | None = None
    ) -> tuple[Pending, ...]:
        """Claim what is due; rows that another process is claiming are passed over."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_CLAIM, at, until, limit, id)
        return tuple(sorted(map(_pending, rows), key=lambda p: p.due_at))

    async def sent(self, pending: Pending) -> None:
        """Forget a reply that was sent."""
        async with self._pool.within(pending.workspace) as connection:
            await connection.execute("delete from pending_reply where id = $1", pending.id)

    async def give_back(self, pending: Pending, why: str, at: datetime) -> None:
        """Make it the draft again, in one transaction."""
        async with self._pool.within(pending.workspace) as connection:
            row = await connection.fetchrow(_GIVE_BACK, pending.id)
            if row:
                await connection.execute(_DRAFT_AGAIN, *_fields(_as_draft(_pending(row), why)), at)

    async def take_back(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId, at: datetime
    ) -> bool:
        """Make it the draft again, unless somebody has begun to send it."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_TAKE_BACK, staff, conversation)
            if row:
                await connection.execute(_DRAFT_AGAIN, *_fields(_as_draft(_pending(row), "")), at)
        return row is not None


def _as_draft(p: Pending, why: str) -> Draft:
    return Draft(
        workspace=p.workspace,
        staff=p.staff,
        conversation=p.conversation,
        text=p.text,
        client_id=p.client_id,
        entry=p.entry,
        why=why,
    )


def _fields(draft: Draft) -> tuple[object, ...]:
    entry = list(draft.entry) if draft.entry else None
    d = draft
    return d.workspace, d.staff, d.conversation, d.text, d.client_id, entry, d.why


def _draft(row: Any) -> Draft:
    return Draft(
        workspace=WorkspaceId(row["workspace_id"]),
        staff=StaffId(row["staff_id"]),
        conversation=ConversationId(row["conversation_id"]),
        text=row["text"],
        client_id=row["client_id"],
        entry=_entry(row["entry"]),
        why=row["why"],
    )


def _pending(row: Any) -> Pending:
    return Pending(
        id=row["id"],
        workspace=WorkspaceId(row["workspace_id"]),
        staff=StaffId(row["staff_id"]),
        conversation=ConversationId(row["conversation_id"]),
        text=row["text"],
        client_id=row["client_id"],
        entry=_entry(row["entry"]),
        epoch=row["epoch"],
        customer_seq=row["customer_seq"],
        due_at=row["due_at"],
        files=tuple(row["files"]),
    )


def _entry(parts: Any) -> PassageKey | None:
    return PassageKey(*parts) if parts else None
