"""A mail server reports what became of a mail of ours: it arrived, it waits, or it came back.

I decide what a report changes. The mail channel's way in calls me with what it read out of the report.
I never believe a report about a mail that is not ours, and never put its words on record, only codes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.delivery.message_ids import key_of
from taktvoll.domain.delivery.terms import Failed, Found, RowState, Why
from taktvoll.flows.give_up import ACTOR, give_up
from taktvoll.flows.house import House

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Action(StrEnum):
    """What a report says was done (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report as read: which mail, by its Message-ID or by the envelope id we gave it, what was done, and why.

    `code` is the reply code of the server that refused it, 0 where the report names none.
    """

    action: Action
    message_id: str = ""
    envelope_id: str = ""
    status: str = ""
    code: int = 0


async def note_bounce(house: House, workspace: WorkspaceId, bounce: Bounce) -> Found | None:
    """Record a report.

    Gives:  the mail it is about; None where it is none of this workspace's.
    """
    key = bounce.envelope_id if _KEY.fullmatch(bounce.envelope_id) else key_of(bounce.message_id)
    found = await house.outbox.find(workspace, key) if key else None
    if found is None:
        return None
    status = bounce.status if _STATUS.fullmatch(bounce.status) else ""
    if bounce.action is Action.FAILED:
        await give_up(house, workspace, found, None, Failed(Why.BOUNCED, bounce.code, status))
    else:
        await _note(house, workspace, found, bounce, status)
    return found


async def _note(house: House, workspace: WorkspaceId, found: Found, bounce: Bounce, status: str) -> None:
    """Put a delay or an arrival on record; what has failed or arrived stays so."""
    arrived = bounce.action is Action.DELIVERED
    payload: dict[str, object] = {"by": "report", "seq": found.seq, "status": status}
    if arrived:
        payload["up_to"] = found.seq
    else:
        payload |= {"because": Why.SERVER.value, "code": bounce.code, "tries": found.tries}
    kind = "delivery.confirmed" if arrived else "delivery.delayed"
    event = NewEvent(kind, house.now(), ACTOR, payload)
    state = RowState.CONFIRMED if arrived else RowState.SENT
    placed = await house.outbox.settle(workspace, found.id, None, state, event=event)
    if placed:
        house.push.publish(Changed(workspace, found.conversation, placed.seq, events=(placed,)))
