"""Someone who leads gives a conversation to a person or a queue.

I decide that whoever leads may give away any open conversation. The desk calls me. I never let two own one: the epoch
rises, and a reply written before is refused.
"""

from collections.abc import Sequence
from datetime import datetime

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent, Owner, OwnerKind, PersonalText, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.queues import queues_of
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff, demand_epoch
from taktvoll.flows.house import House
from taktvoll.flows.write_note import colleagues
from taktvoll.flows.write_reply import send_before_leaving

ASSIGNED = "conversation.assigned"


async def assign_conversation(
    house: House, staff: Staff, conversation: ConversationId, to: Owner, epoch: int | None = None
) -> State:
    """Make a person or a queue the owner, whoever owned it before.

    Takes:  epoch: the owner's epoch that the desk showed.
    Raises: Refused("permission.missing"), Refused("target.unknown"), Refused("conversation.ended"),
            Refused("owner.changed").
    """
    demand(staff, Permission.CONVERSATION_ASSIGN)
    name = await name_of(house, staff, to)
    await send_before_leaving(house, staff, conversation)
    at = house.now()

    def deed(state: State) -> Sequence[NewEvent]:
        demand_epoch(state, epoch)
        return moved(ASSIGNED, staff, state, to, name, at)

    return await append_as_staff(house, staff, conversation, deed)


def moved(kind: str, staff: Staff, state: State, to: Owner, name: str, at: datetime) -> tuple[NewEvent, ...]:
    """Make the event of a new owner; none where they own it already.

    Takes:  name: a person's, for the customer to read; it lies beside the chain.
    Raises: Refused("conversation.ended").
    """
    if state.closed:
        raise Refused("conversation.ended")
    if to == state.owner:
        return ()
    payload: dict[str, object] = {
        "epoch": state.owner_epoch + 1,
        "from": [state.owner.kind.value, state.owner.id],
        "to": [to.kind.value, to.id],
    }
    text = PersonalText(customer_content(name)) if to.kind is OwnerKind.PERSON else None
    return (NewEvent(kind, at, f"staff:{staff.id}", payload, text=text),)


async def name_of(house: House, staff: Staff, to: Owner) -> str:
    """The name of whom or what a conversation is given to.

    Raises: Refused("target.unknown") for a queue that is not there, or someone who cannot answer customers here.
    """
    if to.kind is OwnerKind.QUEUE:
        place = await house.directory.workspace_by_id(staff.workspace)
        names = {q.name: q.de for q in queues_of(place.settings)}
    else:
        names = {str(s.id): s.name for s in await colleagues(house, staff)}
    if to.kind is OwnerKind.ASSISTANT or to.id not in names:
        raise Refused("target.unknown")
    return names[to.id]
