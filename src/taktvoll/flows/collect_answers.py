"""Evidence is gathered from the record: drawn answers wait for a judgement, suggestions for what people make of them.

I decide nothing about an answer; the draw is a hash. The worker calls me again and again.
I never stand in a customer's way: no turn waits for me, and what a stopped process missed is found the next time.
"""

from datetime import timedelta

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.autonomy.comparing import Use, use_of
from taktvoll.domain.autonomy.draw import answered_with, case_of
from taktvoll.domain.autonomy.ports import Found
from taktvoll.domain.autonomy.standing import JUDGED_WITHIN
from taktvoll.domain.autonomy.terms import Case
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.conversation.writing import SUGGESTION_KINDS, settled_use
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.flows.house import House
from taktvoll.flows.judge_answer import record_use
from taktvoll.flows.review_topics import review_topic

BATCH = 1_000
OVERLAP = timedelta(minutes=1)
"""A decision may be committed a little later than one with a later time."""
BEGINNING = timedelta(days=14)


async def collect_answers(house: House, workspace: WorkspaceId) -> int:
    """Take every new answer that is drawn or suggested, and settle suggestions that people have dealt with.

    Gives:  how many answers were taken or settled now.
    """
    taken = await _take(house, workspace)
    settled = set()
    for case in await house.autonomy.replied(workspace, house.now() - JUDGED_WITHIN, BATCH):
        if await _settle(house, workspace, case):
            settled.add(case.topic)
    for topic in sorted(settled):
        await review_topic(house, workspace, topic)
    return taken + len(settled)


async def _take(house: House, workspace: WorkspaceId) -> int:
    setting, now = await house.autonomy.setting(workspace), house.now()
    after = (setting.scanned_to or now - BEGINNING) - OVERLAP
    taken, last = 0, None
    while True:
        found = await house.autonomy.decisions(workspace, after, last, BATCH)
        cases = [c for f in found if (c := case_of(f.conversation, f.event, setting.promise))]
        taken += await house.autonomy.take(workspace, cases) if cases else 0
        if found:
            last = found[-1]
        if len(found) < BATCH:
            break
    if isinstance(last, Found) and last.event.at != setting.scanned_to:
        await house.autonomy.mark_scanned(workspace, last.event.at)
    return taken


async def _settle(house: House, workspace: WorkspaceId, case: Case) -> bool:
    """Take what was put on record of a suggestion; where nothing was, compare it with the first reply after it."""
    decided, *later = await house.record.events(
        workspace, case.conversation, after=case.seq - 1, kinds=SUGGESTION_KINDS
    )
    settled = settled_use(later, case.seq)
    if settled is not None:
        return await record_use(house, workspace, case, Use(str(settled.payload["use"])), settled.actor)
    reply = next((e for e in later if e.payload.get("author") == "person"), None)
    if reply is None or reply.content is None:
        return False
    suggestion = await text_of_answer(house, workspace, decided)
    use = use_of(suggestion, text_of_json(reply.content))
    return await record_use(house, workspace, case, use, reply.actor)


async def text_of_answer(house: House, workspace: WorkspaceId, decided: Event) -> str:
    """The approved text that a decision answered with, said or only suggested; empty where it was erased."""
    named = answered_with(decided)
    passages = await house.library.passages_by_hash(workspace, named)
    return "\n\n".join(passages[h].text for h in named if h in passages)
