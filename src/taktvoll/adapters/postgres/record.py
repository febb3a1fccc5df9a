"""The record of conversations in PostgreSQL: accept, decide, note, load.

I decide how events reach the tables and come back. Flows call me through the Record port.
I never fold: the state's meaning belongs to the domain.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.base.errors import Refused
from taktvoll.base.hashing import salted_digest
from taktvoll.base.ids import AccountId, ConversationId, TextId, WorkspaceId, uuid7
from taktvoll.domain.conversation.ports import (
    Accepted,
    Accepting,
    Change,
    Decided,
    DecideStatus,
    OutboxRow,
    Stored,
)
from taktvoll.domain.conversation.state import fold_all, snapshot, state_from
from taktvoll.domain.conversation.terms import Event, NewEvent, State

_ACCEPT = "select * from accept_message($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
_DECIDE = "select * from decide_turn($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
_NOTE = "select * from note_events($1, $2, $3, $4, $5)"
_CONFIRM = "select * from confirm_delivery($1, $2, $3, $4, $5)"
_EVENTS = """
select e.seq, e.kind, e.at, e.body, t.content from event e left join personal_text t on t.id = e.text_id
where e.conversation_id = $1 and e.seq > $2 and (cardinality($3::text[]) = 0 or e.kind = any ($3)) order by e.seq
"""
_LAST_SEQS = (
    "select seq from event where conversation_id = $1 and kind = any ($2) and ($4 = 0 or seq < $4)"
    " order by seq desc limit $3"
)
_STORED = (
    "select id, account_id, last_seq, snapshot, snapshot_seq, created_at, changed_at, waiting_since"
    " from conversation"
)
_UNDECIDED = (
    _STORED
    + " where owner_kind = 'assistant' and decided_customer_seq < last_customer_seq and changed_at < $1"
    " and (case when (snapshot ->> 'away')::boolean then snapshot -> 'route' ->> 0 else channel end = 'mail') = $3"
    " order by changed_at limit $2"
)


@dataclass(frozen=True, slots=True)
class _Sealed:
    event: NewEvent
    body: bytes
    text_id: TextId | None
    content: str | None
    salt: bytes | None
    digest: str


class PostgresRecord:
    """Implements Record."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def accept(self, accepting: Accepting) -> Accepted:
        """First commit of a turn; repeated safely, because the provider's id refuses the duplicate."""
        sealed = _seal(accepting.received)
        arguments = (
            accepting.workspace,
            accepting.conversation,
            accepting.channel,
            accepting.account,
            accepting.provider_id,
            accepting.received.at,
            accepting.opening.body(None),
            accepting.reopening.body(None),
            accepting.received.kind,
            sealed.body,
            sealed.text_id,
            sealed.content,
            sealed.salt,
            accepting.waking.body(None) if accepting.waking else None,
        )
        try:
            row = await self._pool.row(_ACCEPT, *arguments)
        except asyncpg.UniqueViolationError as error:  # accepted already, in an earlier conversation
            raise Refused("message.known") from error
        except asyncpg.InsufficientPrivilegeError as error:
            raise Refused("conversation.unknown") from error
        except asyncpg.NoDataFoundError as error:  # a file was removed, swept, or sent with another message
            raise Refused("upload.gone") from error
        if row["status"] == "foreign":
            raise Refused("conversation.unknown")
        duplicate = row["status"] == "duplicate"
        state = await self._state(accepting, row, duplicate, sealed)
        return Accepted(duplicate, row["seq"], state, row["edition"], row["revision"] or 0)

    async def _state(self, accepting: Accepting, row: Any, duplicate: bool, sealed: _Sealed) -> State:
        known = state_from(row["snapshot"]) if row["snapshot"] else None
        if known and not duplicate and row["snapshot_seq"] == row["seq"] - 1 and not known.closed:
            return fold_all(known, [sealed.event.placed(row["seq"])])
        if row["snapshot"] is None and row["seq"] == 2 and not duplicate:
            first = (accepting.opening, accepting.received)
            return fold_all(State(), (e.placed(i) for i, e in enumerate(first, start=1)))
        after = row["snapshot_seq"] if known else 0
        later = await self.events(accepting.workspace, accepting.conversation, after=after)
        if not duplicate:  # what others appended meanwhile belongs to their turns
            later = tuple(e for e in later if e.seq <= row["seq"])
        return fold_all(known or State(), later)

    async def decide(self, change: Change) -> Decided:
        """Second commit of a turn; a repeat after a lost connection is refused by its guards, so it is safe."""
        sealed = [_seal(event) for event in change.events]
        try:
            row = await self._pool.row(_DECIDE, *_decide_arguments(change, sealed))
        except asyncpg.NoDataFoundError as error:  # a file was removed between reading and committing
            raise Refused("file.gone") from error
        status = DecideStatus(row["status"])
        if status is not DecideStatus.OK:
            return Decided(status)
        first = row["first_seq"]
        return Decided(status, tuple(s.event.placed(first + i) for i, s in enumerate(sealed)))

    async def note(
        self, workspace: WorkspaceId, conversation: ConversationId, events: Sequence[NewEvent]
    ) -> None:
        """Append events that change no state."""
        kinds, ats = [e.kind for e in events], [e.at for e in events]
        bodies = [e.body(None) for e in events]
        row = await self._pool.row(_NOTE, workspace, conversation, kinds, ats, bodies)
        if row["status"] != "ok":
            raise Refused("conversation.unknown")

    async def confirm(
        self, workspace: WorkspaceId, conversation: ConversationId, up_to: int, event: NewEvent
    ) -> Event | None:
        """Mark outbox rows as shown and note one receipt for all of them."""
        body = event.body(None)
        row = await self._pool.row(_CONFIRM, workspace, conversation, up_to, event.at, body)
        if not row["confirmed"]:
            return None
        return event.placed(row["seq"])

    async def access(self, workspace: WorkspaceId, conversation: ConversationId) -> Stored:
        """Load a conversation; row-level security hides those of other workspaces."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_STORED + " where id = $1", conversation)
            if row is None:
                raise Refused("conversation.unknown")
            return await _stored(connection, row)

    async def events(
        self, workspace: WorkspaceId, conversation: ConversationId, after: int = 0, kinds: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Load events with their texts."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_EVENTS, conversation, after, list(kinds))
        return tuple(_event(row) for row in rows)

    async def last_seqs(
        self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        kinds: Sequence[str],
        limit: int,
        before: int = 0,
    ) -> tuple[int, ...]:
        """Where the last events of some kinds stand."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_LAST_SEQS, conversation, list(kinds), limit, before)
        return tuple(row["seq"] for row in rows)

    async def undecided(
        self, workspace: WorkspaceId, before: datetime, limit: int, *, mail: bool = False
    ) -> tuple[Stored, ...]:
        """Conversations whose turn was cut off between its commits, or by mail not begun."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNDECIDED, before, limit, mail)
            return tuple([await _stored(connection, row) for row in rows])


def decide_arguments(change: Change) -> tuple[object, ...]:
    """The arguments of decide_turn; the outbox passes them on when it gives a message up."""
    return _decide_arguments(change, [_seal(event) for event in change.events])


def placed_events(first_seq: int, events: Sequence[NewEvent]) -> tuple[Event, ...]:
    """Appended events in their places."""
    return tuple(e.placed(first_seq + i) for i, e in enumerate(events))


def _seal(event: NewEvent) -> _Sealed:
    """Give the event its exact bytes; its personal text enters them only as a digest under a fresh salt."""
    if event.text is None:
        return _Sealed(event, event.body(None), None, None, None, "")
    salt = secrets.token_bytes(32)
    text_id = TextId(uuid7(event.at))
    digest = salted_digest(salt, event.text.content)
    body = event.body({"id": str(text_id), "digest": digest})
    return _Sealed(event, body, text_id, event.text.content, salt, digest)


def sealed(event: NewEvent) -> tuple[bytes, TextId | None, str | None, bytes | None]:
    """Give an event's bytes and its personal text beside them, for stores that append with a statement of their own.

    Gives:  body, id of the text, the text, its salt.
    """
    made = _seal(event)
    return made.body, made.text_id, made.content, made.salt


def _decide_arguments(change: Change, sealed: Sequence[_Sealed]) -> tuple[object, ...]:
    return (
        change.workspace,
        change.conversation,
        change.expect_epoch,
        change.expect_customer_seq,
        change.turn,
        change.expect_revision,
        change.at,
        [s.event.kind for s in sealed],
        [s.event.at for s in sealed],
        [s.body for s in sealed],
        [s.text_id for s in sealed],
        [s.content for s in sealed],
        [s.salt for s in sealed],
        [_outbox_fields(row, sealed[row.event]) for row in change.outbox],
        snapshot(change.state),
    )


def _outbox_fields(row: OutboxRow, sealed: _Sealed) -> dict[str, object]:
    return {
        "id": str(row.id),
        "event": row.event + 1,
        "draft_digest": sealed.digest,
        "channel": row.channel,
        "recipient": row.recipient,
        "idempotency_key": str(row.id),
    }


def _event(row: Any) -> Event:
    body = orjson.loads(row["body"])
    return Event(
        row["seq"], row["kind"], row["at"], body["actor"], body["payload"], body["edition"], body["schema"],
        row["content"],
    )  # fmt: skip


async def _stored(connection: Working, row: Any) -> Stored:
    known = state_from(row["snapshot"]) if row["snapshot"] else None
    if known is None or row["snapshot_seq"] < row["last_seq"]:
        after = row["snapshot_seq"] if known else 0
        later = [_event(r) for r in await connection.fetch(_EVENTS, row["id"], after, [])]
        known = fold_all(known or State(), later)
    state = replace(known, last_seq=row["last_seq"])
    return Stored(
        ConversationId(row["id"]), AccountId(row["account_id"]), state, row["created_at"], row["changed_at"],
        row["waiting_since"],
    )  # fmt: skip
