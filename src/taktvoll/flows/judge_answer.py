"""A label is put on record: by someone at the desk, or by what a person made of a suggestion.

I decide whether it may count. The desk and the job that collects answers call me.
I never let an answer that somebody picked into the bound: only what was drawn, and all of what was suggested.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.domain.autonomy.comparing import Use, verdict_on
from taktvoll.domain.autonomy.draw import may_count
from taktvoll.domain.autonomy.terms import Case, Label, Origin, Verdict
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.review_topics import review_topic


async def judge_answer(
    house: House, staff: Staff, conversation: ConversationId, seq: int, verdict: Verdict
) -> bool:
    """Judge an answer that was drawn; the topic's light follows at once.

    Gives:  False if somebody else was quicker.
    Raises: Refused("permission.missing"), Refused("answer.unknown") for what was not drawn.
    """
    demand(staff, Permission.ANSWER_JUDGE)
    case = await house.autonomy.case(staff.workspace, conversation, seq)
    if (
        case.origin is not Origin.DRAW
    ):  # what people make of a suggestion is read off their reply, not picked by them
        raise Refused("answer.unknown")
    new = await record_label(house, staff.workspace, case, verdict, f"staff:{staff.id}", "judged")
    if new:
        await review_topic(house, staff.workspace, case.topic)
    return new


async def record_use(house: House, workspace: WorkspaceId, case: Case, use: Use, by: str) -> bool:
    """Put on record what a person made of a suggestion: accepted, reworded, edited or rejected.

    Gives:  False if it was on record already.
    """
    return await record_label(house, workspace, case, verdict_on(use), by, use.value)


async def record_label(
    house: House, workspace: WorkspaceId, case: Case, verdict: Verdict, by: str, detail: str
) -> bool:
    """Put one judgement of one answer on record, once."""
    now = house.now()
    label = Label(
        id=uuid7(now),
        topic=case.topic,
        origin=case.origin,
        verdict=verdict,
        counts=may_count(case.origin, case),
        at=now,
        by=by,
        detail=detail,
        conversation=case.conversation,
        seq=case.seq,
        edition=case.edition,
    )
    return await house.autonomy.label(workspace, label)
