"""Released messages leave the house: due rows are claimed, carried by their channel, and what became of them recorded.

I decide what an outcome means: on record, once more later, or a person must act. The worker's job and its wake-up call
me. I never drop a message: it is confirmed, it waits for its next attempt, or a person has it.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import IdentityId, WorkspaceId, uuid7
from taktvoll.domain.conversation.events import asks
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import Event, NewEvent
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.delivery.reply_address import KINDS as ADDRESS_KINDS
from taktvoll.domain.delivery.reply_address import aim_of
from taktvoll.domain.delivery.schedule import EXPIRES_AFTER, next_try
from taktvoll.domain.delivery.terms import (
    Claimed,
    Enclosed,
    Failed,
    Later,
    Outcome,
    Parcel,
    Postponed,
    RowState,
    Sent,
    Why,
)
from taktvoll.domain.mail.terms import Address
from taktvoll.flows.attach_file import files_of
from taktvoll.flows.confirm_address import code_letter
from taktvoll.flows.give_up import ACTOR, give_up
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import calendar_file
from taktvoll.flows.remind_of_calls import still_stands

CLAIM = timedelta(minutes=5)
BATCH = 50
KINDS = (
    "conversation.started",
    "message.received",
    "message.released",
    "conversation.rerouted",
    "code.sent",
    "appointment.reminded",
    "delivery.sent",
    *ADDRESS_KINDS,
)


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
    received = [e for e in events if e.kind == "message.received" and e.seq < row.seq]
    name, to = str(events[0].payload["account"]), None
    about = released.payload.get("calendar")
    if released.kind == "code.sent":
        name, to, released = code_letter(house.keys, released)
    elif released.kind == "appointment.reminded":
        state = (await house.record.access(workspace, row.conversation)).state
        if not still_stands(state, released.payload, house.now()):
            return Failed(Why.OUTDATED)
        name, to, about = *_reminded(released), released.payload["about"]
    elif row.channel != events[0].payload["channel"]:  # it left the channel that it began in
        found = await _elsewhere(house, workspace, row, events)
        if found is None:
            return Failed(Why.NO_RECIPIENT)
        name, to = found
    else:
        aim = aim_of(events, row.seq)
        if not aim.holds:
            return Failed(Why.TAKEN_BACK)
        to = aim.to
    return Parcel(
        row=row,
        account=await house.directory.account(workspace, row.channel, name),
        released=released,
        # What a machine wrote meanwhile is not what is answered; only where nobody else wrote it is.
        received=tuple([e for e in received if asks(e)] or received),
        company=str(place.settings.get("company") or ""),
        zone=str(place.settings.get("time_zone") or ""),
        public_url=str(place.settings.get("public_url") or ""),
        to=to,
        earlier=tuple(
            str(e.payload["key"]) for e in events if e.kind == "delivery.sent" and _before(e, row, events)
        ),
        fetch=_fetching(house, workspace, row, released, about),
    )


def _reminded(released: Event) -> tuple[str, Address]:
    """By which account and to whom a reminder goes."""
    content = json.loads(released.content or "{}")
    return str(released.payload["account"]), Address(content["to_name"], content["to"])


def _fetching(
    house: House, workspace: WorkspaceId, row: Claimed, released: Event, appointment: object
) -> Callable[[], Awaitable[tuple[Enclosed, ...]]] | None:
    """What loads a message's files once its turn has come, and the calendar file of the appointment it speaks of."""
    with_files = bool(released.payload.get("files"))
    if not with_files and appointment is None:
        return None

    async def fetch() -> tuple[Enclosed, ...]:
        files = await files_of(house, workspace, row.conversation, released) if with_files else ()
        enclosed = tuple(Enclosed(about.name, about.type, content) for about, content in files)
        if appointment is None:
            return enclosed
        return (*enclosed, *await _calendar(house, workspace, row, int(str(appointment))))

    return fetch


async def _calendar(
    house: House, workspace: WorkspaceId, row: Claimed, appointment: int
) -> tuple[Enclosed, ...]:
    """An appointment as a file; none where it was called off before its mail left."""
    try:
        content = await calendar_file(house, workspace, row.conversation, appointment)
    except Refused:
        return ()
    return (Enclosed("termin.ics", "text/calendar", content),)


def _before(sent: Event, row: Claimed, events: Sequence[Event]) -> bool:
    """Whether a message left earlier than the row's, and is part of the conversation: a code is not."""
    seq = cast("int", sent.payload["seq"])
    return seq < row.seq and any(e.seq == seq and e.kind == "message.released" for e in events)


async def _elsewhere(
    house: House, workspace: WorkspaceId, row: Claimed, events: Sequence[Event]
) -> tuple[str, Address] | None:
    """By which account and to whom a message goes that left its conversation's first channel; None where the address
    has been erased or is no longer proven.
    """
    ways = [
        e.payload for e in events if e.kind == "conversation.rerouted" and e.payload["channel"] == row.channel
    ]
    try:
        identity = await house.contacts.identity(workspace, IdentityId(UUID(str(ways[-1]["identity"]))))
    except Refused:
        return None
    contact = await house.contacts.of(workspace, row.conversation)
    name = contact.name if contact else ""
    return (str(ways[-1]["account"]), Address(name, identity.written)) if identity.proven else None


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
