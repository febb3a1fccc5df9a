"""A message will not arrive: that goes on record, and the conversation to a person.

I decide who must act: the person who has the conversation, else the queue. The flows deliver and note_bounce call me.
I never let a failure pass in silence, also in a conversation that was closed.
"""

from dataclasses import replace
from uuid import UUID

from taktvoll.base.errors import Unavailable
from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import TURN_TRIES_MAX
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import (
    HandoverReason,
    NewEvent,
    OwnerKind,
    State,
    Urgency,
)
from taktvoll.domain.delivery.terms import Claimed, Failed, Found, Receipt
from taktvoll.domain.people.queues import DEFAULT
from taktvoll.flows.house import House

ACTOR = "delivery"
_QUIET = {"code.sent": "code", "appointment.reminded": "reminder"}
"""What leaves by mail and is no message of the conversation → what its failure is about."""


async def give_up(
    house: House, workspace: WorkspaceId, row: Claimed | Found, claim: UUID | None, failed: Failed
) -> bool:
    """Give a row up.

    Takes:  claim: the one the row was taken under; None where a report says that it bounced.
    Gives:  whether it was news; False where the row is no longer ours or has failed before.
    Raises: Unavailable where others change the conversation all the time; the row comes due again.
    """
    receipt = Receipt(failed.code, failed.status)
    for _ in range(TURN_TRIES_MAX * 2):
        state = (await house.record.access(workspace, row.conversation)).state
        events = _events(house, row, state, failed, await _about(house, workspace, row))
        change = Change(
            workspace=workspace,
            conversation=row.conversation,
            at=house.now(),
            events=events,
            state=fold_new(state, *events),
            expect_epoch=state.owner_epoch,
        )
        decided = await house.outbox.fail(workspace, row.id, claim, receipt, change)
        if decided is None:
            return False
        if decided.status is DecideStatus.OK:
            last = decided.events[-1].seq
            after = replace(change.state, last_seq=last)
            house.push.publish(Changed(workspace, row.conversation, last, events=decided.events, state=after))
            return True
    raise Unavailable("turn.contended", 2)


async def _about(house: House, workspace: WorkspaceId, row: Claimed | Found) -> str:
    """What it was, where nobody waits for a person over it: a code, for the customer can ask for another one, or the
    reminder of an appointment, which stands all the same; "" for a message.
    """
    sent = await house.record.events(workspace, row.conversation, after=row.seq - 1, kinds=tuple(_QUIET))
    return next((_QUIET[e.kind] for e in sent if e.seq == row.seq), "")


def _events(
    house: House, row: Claimed | Found, state: State, failed: Failed, about: str
) -> tuple[NewEvent, ...]:
    at = house.now()
    payload: dict[str, object] = {
        "because": failed.why.value,
        "by": row.channel,
        "code": failed.code,
        "seq": row.seq,
        "status": failed.status,
        "tries": row.tries,
    }
    if about:
        return (NewEvent("delivery.failed", at, ACTOR, {**payload, "about": about}),)
    events = [NewEvent("delivery.failed", at, ACTOR, payload)]
    if state.closed:
        events.append(NewEvent("conversation.reopened", at, ACTOR, {}))
    if state.owner.kind is OwnerKind.ASSISTANT:
        handed: dict[str, object] = {
            "epoch": state.owner_epoch + 1,
            "from": state.owner.kind.value,
            "queue": DEFAULT,
            "reason": HandoverReason.DELIVERY_FAILED.value,
            "urgency": Urgency.NORMAL.value,
        }
        events.append(NewEvent("conversation.handed_over", at, ACTOR, handed))
    return tuple(events)
