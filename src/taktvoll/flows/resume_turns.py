"""Turns that were cut off between their two commits are decided after all.

I decide which conversations have waited long enough for their decision. The worker calls me every few seconds.
I never answer twice: the second commit refuses a message that is decided already.
"""

from dataclasses import replace
from datetime import timedelta

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.events import CUSTOMER_KINDS, files_in
from taktvoll.domain.conversation.ports import Stored
from taktvoll.domain.conversation.terms import State
from taktvoll.domain.governance.wording import choice_of_json, text_of_json
from taktvoll.flows.answer_turn import Turn, answer_turn
from taktvoll.flows.house import House

WAIT_S = 10
BATCH = 50


async def resume_turns(house: House, workspace: WorkspaceId) -> int:
    """Decide every turn that was cut off more than WAIT_S seconds ago.

    Gives:  how many were decided now.
    """
    before = house.now() - timedelta(seconds=WAIT_S)
    head = await house.library.head(workspace)
    decided = 0
    for stored in await house.record.undecided(workspace, before, BATCH):
        turn, state = await turn_of(house, workspace, stored)
        _, events = await answer_turn(house, turn, state, head)
        decided += bool(events)
    return decided


async def turn_of(house: House, workspace: WorkspaceId, stored: Stored) -> tuple[Turn, State]:
    """Give the turn of a conversation's last message, as it was when it came, and the state to decide it in."""
    state = stored.state
    events = await house.record.events(
        workspace, stored.id, after=state.last_customer_seq - 1, kinds=CUSTOMER_KINDS
    )  # fmt: skip
    last = events[0]
    turn = Turn(
        workspace=workspace,
        conversation=stored.id,
        customer_seq=last.seq,
        text=text_of_json(last.content),
        asked_person=last.kind == "person.requested",
        chosen=choice_of_json(last.content),
        files=files_in(last),
    )
    return turn, replace(state, turn=None)
