"""A person gives a conversation back to the assistant.

I decide that the assistant owns it again. The desk calls me. I never let it answer what people have already dealt with.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import OwnerKind, State
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff, change_owner
from taktvoll.flows.write_reply import send_before_leaving


async def hand_back(house: House, staff: Staff, conversation: ConversationId) -> State:
    """Make the assistant the owner again.

    Raises: Refused("owner.not_you") if someone else owns the conversation.
    """
    demand(staff, Permission.CONVERSATION_TRANSFER)
    await send_before_leaving(house, staff, conversation)
    stored = await access_for_staff(house, staff, conversation)
    owner = stored.state.owner
    if owner.kind is OwnerKind.ASSISTANT:
        return stored.state
    if owner.kind is OwnerKind.PERSON and owner.id != str(staff.id):
        raise Refused("owner.not_you")
    return await change_owner(house, staff, stored, "conversation.handed_back")
