"""Someone takes back what they judged last: a slip of the key must not stand as evidence.

I decide who may take back what: only one's own judgement, and only for a while. The desk calls me.
I never delete: the judgement stays on record beside the word that it was taken back, and the answer waits to be judged
again, in its old place in the order of the draw.
"""

from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import uuid7
from taktvoll.domain.autonomy.terms import Kind, Label, Noted
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.review_topics import review_topic

UNDONE_WITHIN = timedelta(minutes=30)


async def undoable(house: House, staff: Staff) -> Label | None:
    """What somebody judged last and may still take back."""
    return await house.autonomy.last_judgement(
        staff.workspace, f"staff:{staff.id}", house.now() - UNDONE_WITHIN
    )


async def undo_judgement(house: House, staff: Staff) -> Label:
    """Take the last judgement back; proposals follow at once, a light that was lost over it stays lost.

    Raises: Refused("permission.missing"), Refused("judgement.none") where there is none of theirs any more.
    """
    demand(staff, Permission.ANSWER_JUDGE)
    label = await undoable(house, staff)
    if label is None:
        raise Refused("judgement.none")
    now = house.now()
    detail = {"label": str(label.id), "verdict": label.verdict.value}
    noted = Noted(uuid7(now), label.topic, Kind.UNDONE, now, label.by, detail)
    if not await house.autonomy.undo(staff.workspace, label, noted):
        raise Refused("judgement.none")
    await review_topic(house, staff.workspace, label.topic)
    return label
