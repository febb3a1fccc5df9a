"""The record as it lies in PostgreSQL, raw, for those who prove it; and the checkpoints.

I decide nothing. The audit flows call me through the Ledger port. I never change an event.
"""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg
import orjson

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ledger import Chain, Checkpoint, Head, RawEvent

HASHING_S_MAX = 300
"""The bytes of all files are read and hashed where they lie."""

_BATCH = 200
_CHAINS = """
select c.id, c.last_seq, c.last_hash, e.seq, e.kind, e.at, e.body, e.prev_hash, e.hash, e.text_id, t.content, t.salt,
    t.erased_at is not null as erased,
    array(select encode(sha256(f.content), 'hex') as digest from
        (select content from reply_file where text_id = e.text_id
            union all select content from chat_file where text_id = e.text_id) f
        where f.content is not null order by digest) as files
from conversation c left join event e on e.conversation_id = c.id left join personal_text t on t.id = e.text_id
where c.id = any ($1) order by c.id, e.seq
"""
"""One statement: read one after the other, a conversation that goes on meanwhile would look as if touched."""


class PostgresLedger:
    """Implements Ledger."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def heads(self, workspace: WorkspaceId) -> tuple[Head, ...]:
        """The head of every conversation, in the order of their ids."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select id, last_seq, last_hash from conversation order by id")
        return tuple(Head(ConversationId(r[0]), r[1], r[2]) for r in rows)

    async def chains(
        self, workspace: WorkspaceId, conversations: Sequence[ConversationId]
    ) -> AsyncIterator[Chain]:
        """Each of these conversations with its events, some conversations at a time."""
        for start in range(0, len(conversations), _BATCH):
            async with self._pool.within(workspace) as connection:
                batch = list(conversations[start : start + _BATCH])
                rows = await connection.fetch(_CHAINS, batch, timeout=HASHING_S_MAX)
            for (conversation, seq, last), found in groupby(rows, itemgetter("id", "last_seq", "last_hash")):
                head = Head(ConversationId(conversation), seq, last)
                yield Chain(head, tuple(_event(row) for row in found if row["seq"] is not None))

    async def orphans(self, workspace: WorkspaceId) -> tuple[ConversationId, ...]:
        """Conversations that have events but no row."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select distinct e.conversation_id from event e left join conversation c on c.id = e.conversation_id"
                " where c.id is null"
            )
        return tuple(ConversationId(r[0]) for r in rows)

    async def checkpoints(self, workspace: WorkspaceId) -> tuple[Checkpoint, ...]:
        """All checkpoints, oldest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select number, body, signature, key_id from checkpoint order by number"
            )
        return tuple(Checkpoint(r[0], r[1], r[2], r[3]) for r in rows)

    async def keep(self, workspace: WorkspaceId, checkpoint: Checkpoint) -> None:
        """Keep a new checkpoint."""
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    "insert into checkpoint (workspace_id, number, body, signature, key_id)"
                    " values ($1, $2, $3, $4, $5)",
                    workspace, checkpoint.number, checkpoint.body, checkpoint.signature, checkpoint.key_id,
                )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            raise Refused("form.stale") from error

    async def hash_at(self, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> bytes | None:
        """The hash of one event."""
        async with self._pool.within(workspace) as connection:
            found: bytes | None = await connection.fetchval(
                "select hash from event where conversation_id = $1 and seq = $2", conversation, seq
            )
        return found


def _event(r: asyncpg.Record) -> RawEvent:
    text_id = str(r["text_id"]) if r["text_id"] else None
    return RawEvent(
        ConversationId(r["id"]), r["seq"], r["kind"], r["at"], r["body"], _fields(r["body"]), r["prev_hash"],
        r["hash"], text_id, r["content"], r["salt"], r["erased"], tuple(r["files"]),
    )  # fmt: skip


def _fields(body: bytes) -> dict[str, object]:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
