"""A conversation is put off until a time, and comes back: by itself, with the customer's message, or when wanted.

I decide how long something may be put off and who may do it. The desk calls me, and the worker wakes what is due.
I never change whose conversation it is, and never stop the customer's waiting clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.ports import Change, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import NewEvent, State
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff, demand_ours, publish
from taktvoll.flows.house import House

SNOOZE_DAYS_MAX = 366
WAKE_BATCH = 200
BY_ITSELF = "taktvoll"
SNOOZED, WOKEN = "conversation.snoozed", "conversation.woken"


async def snooze_conversation(
    house: House, staff: Staff, conversation: ConversationId, until: datetime
) -> State:
    """Put a conversation of mine or of a queue off.

    Raises: Refused("permission.missing"), Refused("snooze.time"), Refused("conversation.not_yours"),
            Refused("conversation.ended").
    """
    demand(staff, Permission.CONVERSATION_SNOOZE)
    at = house.now()
    if not at < until <= at + timedelta(days=SNOOZE_DAYS_MAX):
        raise Refused("snooze.time", days=SNOOZE_DAYS_MAX)

    def deed(state: State) -> Sequence[NewEvent]:
        if state.closed:
            raise Refused("conversation.ended")
        demand_ours(state, staff)
        return (NewEvent(SNOOZED, at, f"staff:{staff.id}", {"until": rfc3339(until)}),)

    return await append_as_staff(house, staff, conversation, deed)


async def wake_conversation(house: House, staff: Staff, conversation: ConversationId) -> State:
    """Bring a conversation back before its time.

    Raises: Refused("permission.missing"), Refused("conversation.not_yours").
    """
    demand(staff, Permission.CONVERSATION_SNOOZE)
    at = house.now()

    def deed(state: State) -> Sequence[NewEvent]:
        if state.snoozed_until is None:
            return ()
        demand_ours(state, staff)
        return (NewEvent(WOKEN, at, f"staff:{staff.id}", {"because": "staff"}),)

    return await append_as_staff(house, staff, conversation, deed)


async def wake_conversations(house: House, workspace: WorkspaceId) -> int:
    """Bring back every conversation whose time has come; what changes meanwhile is left to the next round.

    Gives:  how many came back.
    """
    at, woken = house.now(), 0
    for conversation in await house.board.due(workspace, at, WAKE_BATCH):
        state = (await house.record.access(workspace, conversation)).state
        if state.snoozed_until is None or state.snoozed_until > at:
            continue
        event = NewEvent(WOKEN, at, BY_ITSELF, {"because": "time"})
        change = Change(
            workspace=workspace,
            conversation=conversation,
            at=at,
            events=(event,),
            state=fold_new(state, event),
            expect_epoch=state.owner_epoch,
        )
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            publish(house, change, decided.events)
            woken += 1
    return woken
