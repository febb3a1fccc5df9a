"""What someone has who leaves, or no longer answers customers, goes back to where somebody sees it waiting.

I decide that no customer waits for one who is gone. manage_staff and the command line call me. I never touch what is
with others, and never tell the customer who left.
"""

from dataclasses import replace

from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.base.limits import DESK_TRIES_MAX
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import NewEvent, Owner, OwnerKind, State
from taktvoll.domain.people.queues import DEFAULT, queues_of
from taktvoll.flows.assign_conversation import ASSIGNED
from taktvoll.flows.house import House

BATCH = 200


async def free_conversations(house: House, workspace: WorkspaceId, whose: StaffId, by: str) -> int:
    """Give everything that someone has to the queue it came from, or to the default one where that is gone.

    Takes:  by: the actor of the events, as "staff:ID".
    Gives:  how many went back; one that changes again and again meanwhile stays, and leads see whose it is.
    """
    place = await house.directory.workspace_by_id(workspace)
    known = {q.name for q in queues_of(place.settings)}
    seen, freed = set[ConversationId](), 0
    while True:
        found = await house.board.owned(workspace, whose, BATCH)
        left = [one for one in found if one not in seen]
        for one in left:
            freed += await _free(house, workspace, one, whose, known, by)
        seen |= set(left)
        if not left:
            return freed


async def _free(
    house: House, workspace: WorkspaceId, one: ConversationId, whose: StaffId, known: set[str], by: str
) -> bool:
    theirs = Owner(OwnerKind.PERSON, str(whose))
    for _ in range(DESK_TRIES_MAX):
        state = (await house.record.access(workspace, one)).state
        if state.owner != theirs or state.closed:
            return False
        change = _change(workspace, one, state, _event(house, state, known, by))
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            seq = decided.events[-1].seq
            after = replace(change.state, last_seq=seq)
            house.push.publish(Changed(workspace, one, seq, events=decided.events, state=after))
            return True
    return False


def _event(house: House, state: State, known: set[str], by: str) -> NewEvent:
    queue = state.queue if state.queue in known else DEFAULT
    payload: dict[str, object] = {
        "epoch": state.owner_epoch + 1,
        "from": [state.owner.kind.value, state.owner.id],
        "to": [OwnerKind.QUEUE.value, queue],
    }
    return NewEvent(ASSIGNED, house.now(), by, payload)


def _change(workspace: WorkspaceId, one: ConversationId, state: State, event: NewEvent) -> Change:
    return Change(
        workspace=workspace,
        conversation=one,
        at=event.at,
        events=(event,),
        state=fold_new(state, event),
        expect_epoch=state.owner_epoch,
    )
