"""A person closes a conversation; a new message of the customer opens it again.

I decide that nothing is left to do. The desk calls me. I never delete anything.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import OwnerKind, State
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff, change_owner
from taktvoll.flows.write_reply import send_before_leaving


async def close_conversation(house: House, staff: Staff, conversation: ConversationId) -> State:
    """Close it for good measure only once; a conversation of another person stays theirs.

    Raises: Refused("owner.not_you").
    """
    demand(staff, Permission.CONVERSATION_CLOSE)
    await send_before_leaving(house, staff, conversation)
    stored = await access_for_staff(house, staff, conversation)
    if stored.state.closed:
        return stored.state
    owner = stored.state.owner
    if owner.kind is OwnerKind.PERSON and owner.id != str(staff.id):
        raise Refused("owner.not_you")
    return await change_owner(house, staff, stored, "conversation.closed")
