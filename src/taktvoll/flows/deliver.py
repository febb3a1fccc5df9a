"""Released messages leave the house: due rows are claimed, carried by their channel, and what became of them recorded.

I decide what an outcome means: on record, once more later, or a person must act. The worker's job and its wake-up call
me. I never drop a message: it is confirmed, it waits for its next attempt, or a person has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.delivery.schedule import EXPIRES_AFTER, next_try
from taktvoll.domain.delivery.terms import (
    Claimed,
    Failed,
    Later,
    Outcome,
    Parcel,
    Postponed,
    RowState,
    Sent,
    Why,
)
from taktvoll.flows.give_up import ACTOR, give_up
from taktvoll.flows.house import House

CLAIM = timedelta(minutes=5)
BATCH = 50
KINDS = ("conversation.started", "message.received", "message.released")


@dataclass(frozen=True, slots=True)
class _Claim:
    """What we hold: the workspace, the claim's name, and until when."""

    workspace: WorkspaceId
    id: UUID
    until: datetime


async def deliver(house: House, workspace: WorkspaceId) -> int:
    """Send what is due in a workspace.

    Gives:  how many rows were tried.
    Raises: Unavailable when the database goes away; rows that were claimed then come due again by themselves.
    """
    tried = 0
    while house.carriers:
        now = house.now()
        claim = _Claim(workspace, uuid7(now), now + CLAIM)
        rows = await house.outbox.claim(workspace, tuple(house.carriers), claim.id, now, CLAIM, BATCH)
        tried += len(rows)
        waits = False
        for channel in {row.channel for row in rows}:
            waits |= await _carry(house, claim, [row for row in rows if row.channel == channel])
        if waits or len(rows) < BATCH:  # whoever keeps a pace takes no more than it can send
            break
    return tried


async def _carry(house: House, claim: _Claim, rows: Sequence[Claimed]) -> bool:
    """Make parcels of rows and have them carried; each outcome is recorded as soon as it is known.

    Gives:  whether any was postponed.
    """
    parcels: list[Parcel] = []
    postponed: list[Parcel] = []
    for row in rows:
        made = await _parcel(house, claim.workspace, row)
        if isinstance(made, Parcel):
            parcels.append(made)
        else:
            await _settle(house, claim, row, made, EXPIRES_AFTER)

    async def done(parcel: Parcel, outcome: Outcome) -> None:
        if isinstance(outcome, Postponed):
            postponed.append(parcel)
        await _settle(house, claim, parcel.row, outcome, _term(parcel))

    if parcels:
        await house.carriers[rows[0].channel].carry(parcels, claim.until, done)
    return bool(postponed)


def _term(parcel: Parcel) -> timedelta:
    """How long its mailbox tries; settings that are not right yet do not shorten it."""
    try:
        mailbox = outgoing_from(parcel.account.settings)
    except Refused:
        mailbox = None
    return mailbox.expires_after if mailbox else EXPIRES_AFTER


async def _parcel(house: House, workspace: WorkspaceId, row: Claimed) -> Parcel | Outcome:
    """Load what the channel needs; whoever erased the text has taken the message back."""
    events = await house.record.events(workspace, row.conversation, kinds=KINDS)
    released = next((e for e in events if e.seq == row.seq), None)
    if released is None or released.content is None:
        return Failed(Why.ERASED)
    place = await house.directory.workspace_by_id(workspace)
    name = str(events[0].payload["account"])
    return Parcel(
        row=row,
        account=await house.directory.account(workspace, row.channel, name),
        released=released,
        received=tuple(e for e in events if e.kind == "message.received" and e.seq < row.seq),
        company=str(place.settings.get("company") or ""),
        public_url=str(place.settings.get("public_url") or ""),
    )


async def _settle(
    house: House, claim: _Claim, row: Claimed, outcome: Outcome, expires_after: timedelta
) -> None:
    """Record what became of one row."""
    match outcome:
        case Sent():
            await _sent(house, claim, row, outcome)
        case Postponed():
            due = house.now() + timedelta(seconds=outcome.after_s)
            await house.outbox.settle(
                claim.workspace, row.id, claim.id, RowState.DUE, due_at=due, counts=False
            )
        case Later():
            await _later(house, claim, row, outcome, expires_after)
        case Failed():
            await give_up(house, claim.workspace, row, claim.id, outcome)


async def _sent(house: House, claim: _Claim, row: Claimed, outcome: Sent) -> None:
    receipt = outcome.receipt
    payload: dict[str, object] = {
        "by": row.channel,
        "code": receipt.code,
        "key": row.key,
        "seq": row.seq,
        "status": receipt.status,
        "tries": row.tries,
        "unsure": row.unsure,
    }
    event = NewEvent("delivery.sent", house.now(), ACTOR, payload)
    placed = await house.outbox.settle(
        claim.workspace, row.id, claim.id, RowState.SENT, receipt=receipt, event=event
    )
    if placed:
        house.push.publish(Changed(claim.workspace, row.conversation, placed.seq, events=(placed,)))


async def _later(house: House, claim: _Claim, row: Claimed, outcome: Later, expires_after: timedelta) -> None:
    """Try again after a while; when the term is over, give up."""
    now = house.now()
    due = next_try(row.key, row.tries, row.first_tried_at, now, expires_after)
    if due is None:
        await give_up(
            house, claim.workspace, row, claim.id, Failed(Why.EXPIRED, outcome.code, outcome.status)
        )
        return
    payload: dict[str, object] = {
        "because": outcome.why.value,
        "by": row.channel,
        "code": outcome.code,
        "due_s": round((due - now).total_seconds()),
        "key": row.key,
        "seq": row.seq,
        "status": outcome.status,
        "tries": row.tries,
        "unsure": row.unsure or outcome.unsure,
    }
    event = NewEvent("delivery.delayed", now, ACTOR, payload)
    placed = await house.outbox.settle(
        claim.workspace, row.id, claim.id, RowState.DUE, due_at=due, unsure=outcome.unsure, event=event
    )
    if placed:
        house.push.publish(Changed(claim.workspace, row.conversation, placed.seq, events=(placed,)))
