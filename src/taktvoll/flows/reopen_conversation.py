"""A person opens a closed conversation again and takes it: whoever opens something looks after it.

I decide that an opened conversation has a person. The desk calls me. I never open one for the assistant to speak up in.
"""

from collections.abc import Sequence

from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent, PersonalText, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff, demand_epoch
from taktvoll.flows.house import House


async def reopen_conversation(
    house: House, staff: Staff, conversation: ConversationId, epoch: int | None = None
) -> State:
    """Open it again and make the member of staff its owner; one that is open already stays as it is.

    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused("owner.changed").
    """
    demand(staff, Permission.CONVERSATION_TAKE)
    at, actor = house.now(), f"staff:{staff.id}"

    def deed(state: State) -> Sequence[NewEvent]:
        if not state.closed:
            return ()
        demand_epoch(state, epoch)
        payload: dict[str, object] = {"epoch": state.owner_epoch + 1, "staff": str(staff.id)}
        name = PersonalText(customer_content(staff.name))
        return (
            NewEvent("conversation.reopened", at, actor, {}),
            NewEvent("conversation.taken_over", at, actor, payload, text=name),
        )

    return await append_as_staff(house, staff, conversation, deed)
