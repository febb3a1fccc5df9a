"""The outbox in PostgreSQL: claims, outcomes, and rows by their key.

I decide how a delivery's standing is kept. The flows deliver and note_bounce call me through the Outbox port.
I never send, and never keep an address: a row names a message whose personal text holds it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.record import decide_arguments, placed_events
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId
from taktvoll.domain.conversation.ports import Change, Decided, DecideStatus
from taktvoll.domain.conversation.terms import Event, NewEvent
from taktvoll.domain.delivery.terms import Claimed, Found, Receipt, RowState

_CLAIM = "select * from claim_deliveries($1, $2, $3, $4, $5, $6)"
_SETTLE = "select * from settle_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_FAIL = "select * from fail_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
_FIND = "select id, conversation_id, event_seq, channel, state, tries from outbox where idempotency_key = $1"


class PostgresOutbox:
    """Implements Outbox."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(
        self,
        workspace: WorkspaceId,
        channels: Sequence[str],
        claim: UUID,
        now: datetime,
        lasting: timedelta,
        limit: int,
    ) -> tuple[Claimed, ...]:
        """Take rows that are due; repeated after a lost connection, it takes others and the first come back later."""
        rows = await self._pool.run(
            lambda c: c.fetch(_CLAIM, workspace, list(channels), claim, now, now + lasting, limit)
        )
        return tuple(
            Claimed(
                OutboxId(r["id"]), ConversationId(r["conversation_id"]), r["event_seq"], r["channel"],
                r["idempotency_key"], r["tries"], r["first_tried_at"], r["unsure"],
            )
            for r in rows
        )  # fmt: skip

    async def settle(
        self,
        workspace: WorkspaceId,
        row: OutboxId,
        claim: UUID | None,
        state: RowState,
        *,
        due_at: datetime | None = None,
        counts: bool = True,
        unsure: bool = False,
        receipt: Receipt | None = None,
        event: NewEvent | None = None,
    ) -> Event | None:
        """Record an outcome; a repeat after a lost connection finds the row settled and changes nothing."""
        said = asdict(receipt) if receipt else None
        kind, at, body = (event.kind, event.at, event.body(None)) if event else (None, None, None)
        arguments = (workspace, row, claim, state.value, due_at, counts, unsure, said, kind, at, body)
        settled = await self._pool.row(_SETTLE, *arguments)
        if settled["status"] != "ok" or event is None:
            return None
        return event.placed(settled["seq"])

    async def fail(
        self, workspace: WorkspaceId, row: OutboxId, claim: UUID | None, receipt: Receipt, change: Change
    ) -> Decided | None:
        """Give a row up with the change that hands its conversation over."""
        failed = await self._pool.row(_FAIL, row, claim, asdict(receipt), *decide_arguments(change))
        if failed["status"] == "lost":
            return None
        status = DecideStatus(failed["status"])
        if status is not DecideStatus.OK:
            return Decided(status)
        return Decided(status, placed_events(failed["first_seq"], change.events))

    async def find(self, workspace: WorkspaceId, key: str) -> Found | None:
        """Find a row by its key; row-level security hides those of other workspaces."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_FIND, key)
        if row is None:
            return None
        return Found(
            OutboxId(row["id"]), ConversationId(row["conversation_id"]), row["event_seq"], row["channel"],
            RowState(row["state"]), row["tries"],
        )  # fmt: skip
