"""The person who has a conversation gives it on, and says why.

I decide that only its owner, or anyone while it waits in a queue, passes a conversation on. The desk calls me.
I never tell the customer why: the reason is a note.
"""

from collections.abc import Sequence

from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent, Owner, State
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff, demand_epoch, demand_ours
from taktvoll.flows.assign_conversation import moved, name_of
from taktvoll.flows.house import House
from taktvoll.flows.write_note import colleagues, note_of
from taktvoll.flows.write_reply import send_before_leaving

TRANSFERRED = "conversation.transferred"


async def transfer_conversation(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    to: Owner,
    reason: str,
    epoch: int | None = None,
) -> State:
    """Give it on, with the reason as a note in the same commit.

    Takes:  reason: for colleagues; may mention some of them; epoch: the owner's epoch that the desk showed.
    Raises: Refused("permission.missing"), Refused("target.unknown"), Refused("conversation.not_yours"),
            Refused("conversation.ended"), Refused("owner.changed"), Refused for the reason's text.
    """
    demand(staff, Permission.CONVERSATION_TRANSFER)
    name = await name_of(house, staff, to)
    await send_before_leaving(house, staff, conversation)
    at = house.now()
    note = note_of(staff, await colleagues(house, staff), reason, at, about=TRANSFERRED)

    def deed(state: State) -> Sequence[NewEvent]:
        demand_epoch(state, epoch)
        if not state.closed:
            demand_ours(state, staff)
        events = moved(TRANSFERRED, staff, state, to, name, at)
        return (*events, note) if events else ()

    return await append_as_staff(house, staff, conversation, deed)
