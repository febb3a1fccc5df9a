"""What someone at the desk does to a conversation, appended as events on its present state.

I decide how a deed of staff meets what happens at the same time: it is thought over on the newest state, a few times.
The flows of the desk call me. I never append what was decided on a state that is no longer true.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import DESK_TRIES_MAX
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import Event, NewEvent, OwnerKind, State
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff

Deed = Callable[[State], Sequence[NewEvent]]


async def append_as_staff(house: House, staff: Staff, conversation: ConversationId, deed: Deed) -> State:
    """Append what the deed makes of the newest state; a deed that makes nothing changes nothing.

    Takes:  deed: pure; it may be asked again on a newer state, and refuses by raising.
    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused("conversation.busy"), what the deed
            raises.
    """
    for _ in range(DESK_TRIES_MAX):
        stored = await access_for_staff(house, staff, conversation)
        change = change_of(staff, conversation, stored.state, deed(stored.state))
        if change is None:
            return stored.state
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            return publish(house, change, decided.events)
        if decided.status not in (DecideStatus.STATE_CHANGED, DecideStatus.OWNER_CHANGED):
            break
    raise Refused("conversation.busy")


def change_of(
    staff: Staff, conversation: ConversationId, state: State, events: Sequence[NewEvent]
) -> Change | None:
    """Put events on a state, guarded by the owner's epoch; None where there are none."""
    if not events:
        return None
    return Change(
        workspace=staff.workspace,
        conversation=conversation,
        at=events[-1].at,
        events=events,
        state=fold_new(state, *events),
        expect_epoch=state.owner_epoch,
    )


def publish(house: House, change: Change, events: Sequence[Event]) -> State:
    """Tell open screens of what was appended; gives the state after it."""
    seq = events[-1].seq
    after = replace(change.state, last_seq=seq)
    house.push.publish(Changed(change.workspace, change.conversation, seq, events=tuple(events), state=after))
    return after


def demand_epoch(state: State, epoch: int | None) -> None:
    """Refuse what was decided while someone else owned the conversation.

    Raises: Refused("owner.changed").
    """
    if epoch is not None and epoch != state.owner_epoch:
        raise Refused("owner.changed")


def demand_ours(state: State, staff: Staff) -> None:
    """Refuse where another person or the assistant has the conversation; what waits in a queue is everybody's.

    Raises: Refused("conversation.not_yours").
    """
    owner = state.owner
    mine = owner.kind is OwnerKind.PERSON and owner.id == str(staff.id)
    if not mine and owner.kind is not OwnerKind.QUEUE:
        raise Refused("conversation.not_yours")
