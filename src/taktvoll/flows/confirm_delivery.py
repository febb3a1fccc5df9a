"""The customer's device confirms what it has shown: the receipt of a delivery.

I decide nothing; I put one receipt on record for all that is new. The chat calls me. I never count a message twice.
"""

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.flows.house import House


async def confirm_delivery(
    house: House, workspace: WorkspaceId, conversation: ConversationId, up_to: int
) -> bool:
    """Mark messages up to a seq as shown.

    Gives:  whether any was new; no event for a repeated receipt or one of another conversation.
    """
    event = NewEvent("delivery.confirmed", house.now(), "customer", {"by": "device", "up_to": up_to})
    placed = await house.record.confirm(workspace, conversation, up_to, event)
    if placed:
        house.push.publish(Changed(workspace, conversation, placed.seq, events=(placed,)))
    return placed is not None
