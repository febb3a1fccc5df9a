"""A question that was confirmed to be settled by an entry is proposed as a further wording of it.

I decide whether it is new to the entry. answer_turn calls me after a choice, give_feedback after "helped", send_reply
after an agent sent an entry. I never approve, and never let a customer's answer fail because of me.
"""

from collections.abc import Callable, Sequence
from functools import partial

from taktvoll.base.errors import Unavailable
from taktvoll.base.ids import ConversationId, WordingId, WorkspaceId, uuid7
from taktvoll.domain.conversation.confirmed import KINDS, Confirmed, by_choice, by_feedback, by_reply
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.knowledge.wordings import Proposal, Standing, Why, first_alike, known_to, worth_proposing
from taktvoll.flows.house import House

COMPARED_MAX = 500


async def propose_chosen(
    house: House, workspace: WorkspaceId, conversation: ConversationId, events: Sequence[Event]
) -> None:
    """Propose the question that was asked back about, if these new events answer with the entry that was chosen."""
    for decided in (e for e in events if e.kind == "answer.decided" and e.payload["because"] == "chosen"):
        found = partial(by_choice, decided_seq=decided.seq)
        await _propose(house, workspace, conversation, found, Why.CHOSEN)


async def propose_helped(
    house: House, workspace: WorkspaceId, conversation: ConversationId, released_seq: int
) -> None:
    """Propose the question that was asked back about, now that an answer after it has helped."""
    found = partial(by_feedback, released_seq=released_seq)
    await _propose(house, workspace, conversation, found, Why.HELPED)


async def propose_sent(
    house: House, workspace: WorkspaceId, conversation: ConversationId, key: PassageKey, sent: str
) -> None:
    """Propose the question that an agent answered with an entry; not where the agent put it into other words."""
    entry = await house.learning.entry(workspace, key)
    if entry is not None and entry.text in sent:
        await _propose(house, workspace, conversation, partial(by_reply, key=key), Why.SENT)


async def _propose(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    find: Callable[[Sequence[Event]], Confirmed | None],
    why: Why,
) -> None:
    try:
        confirmed = find(await house.record.events(workspace, conversation, kinds=KINDS))
        if confirmed is not None:
            await _keep(house, workspace, conversation, confirmed, why)
    except Unavailable:  # what was said is on record; another customer will ask the same
        return


async def _keep(
    house: House, workspace: WorkspaceId, conversation: ConversationId, confirmed: Confirmed, why: Why
) -> None:
    """Keep a proposal unless the entry says it already or people have decided about nearly the same."""
    text, key = text_of_json(confirmed.asked.content), confirmed.key
    entry = await house.learning.entry(workspace, key) if worth_proposing(text) else None
    if entry is None or known_to(entry, text):
        return
    same = first_alike(text, await house.learning.proposals(workspace, None, key, COMPARED_MAX))
    if same and same.standing is not Standing.OPEN:
        return
    at, seq = house.now(), confirmed.asked.seq
    proposal = Proposal(
        id=WordingId(uuid7(at)), key=key, conversation=conversation, seq=seq, why=why, at=at, text=text
    )
    await house.learning.propose(workspace, proposal, same.id if same else None)
