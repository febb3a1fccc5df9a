"""A person takes a conversation: from now on only they speak, and the customer is told who.

I decide who owns the conversation next. The desk calls me. I never wait for the assistant: its late answer is refused
by the raised epoch.
"""

from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import TURN_TRIES_MAX
from taktvoll.domain.conversation.events import SCHEMAS
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, Stored
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import NewEvent, OwnerKind, PersonalText, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House


async def take_over(
    house: House, staff: Staff, conversation: ConversationId, epoch: int | None = None
) -> State:
    """Make the member of staff the owner; taking what one owns already changes nothing.

    Takes:  epoch: the owner's epoch the desk showed, so that two who reach for it do not take it from each other. What
            the assistant handed over meanwhile is taken all the same: nobody loses anything.
    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused("owner.changed").
    """
    for _ in range(TURN_TRIES_MAX):
        stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_TAKE)
        owner = stored.state.owner
        if owner.kind is OwnerKind.PERSON and owner.id == str(staff.id):
            return stored.state
        if epoch is not None and epoch != stored.state.owner_epoch and owner.kind is OwnerKind.PERSON:
            break
        try:
            return await change_owner(house, staff, stored, "conversation.taken_over", staff.name)
        except Refused as refusal:
            if refusal.code != "owner.changed":
                raise
            epoch = stored.state.owner_epoch  # from now on nobody's conversation is taken from them unseen
    raise Refused("owner.changed")


async def access_for_staff(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    permission: Permission = Permission.CONVERSATION_READ,
) -> Stored:
    """Load a conversation of their workspace for someone who may do this to it.

    Raises: Refused("permission.missing"), Refused("conversation.unknown").
    """
    demand(staff, permission)
    return await house.record.access(staff.workspace, conversation)


async def change_owner(
    house: House, staff: Staff, stored: Stored, kind: str, name: str | None = None
) -> State:
    """Append one event that changes the owner, guarded by the epoch it was decided under.

    Takes:  name: shown to the customer; it lies beside the chain as a personal text.
    Raises: Refused("owner.changed"); Refused("customer.wrote") if a message came in between that nobody has read yet:
            only a takeover takes it along.
    """
    text = PersonalText(customer_content(name)) if name else None
    epoch = stored.state.owner_epoch
    payload = {"epoch": epoch + 1, "staff": str(staff.id)}
    schema = SCHEMAS.get(kind, 1)
    event = NewEvent(kind, house.now(), f"staff:{staff.id}", payload, text=text, schema=schema)
    for _ in range(TURN_TRIES_MAX):
        state = fold_new(stored.state, event)
        change = Change(
            workspace=staff.workspace,
            conversation=stored.id,
            at=event.at,
            events=(event,),
            state=state,
            expect_epoch=epoch,
        )
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            seq = decided.events[-1].seq
            after = replace(state, last_seq=seq)
            house.push.publish(Changed(staff.workspace, stored.id, seq, events=decided.events, state=after))
            return after
        if decided.status is not DecideStatus.STATE_CHANGED:
            break
        seen = stored.state.last_customer_seq
        stored = await house.record.access(staff.workspace, stored.id)
        if kind != "conversation.taken_over" and stored.state.last_customer_seq != seen:
            raise Refused("customer.wrote")
    raise Refused("owner.changed")
