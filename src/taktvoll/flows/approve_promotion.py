"""A person approves that a topic answers by itself, or turns the proposal down.

I decide that the proof still holds at this moment. The desk and the command line call me.
I never promote without a proposal: autonomy is earned, not given.
"""

from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.autonomy.terms import Kind, Noted, TopicLight
from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.review_topics import evidence_of, review_topic


async def approve_as_staff(house: House, staff: Staff, topic: str) -> TopicLight:
    """Approve at the desk.

    Raises: Refused("permission.missing"), and as approve_promotion.
    """
    demand(staff, Permission.AUTONOMY_APPROVE)
    return await approve_promotion(house, staff.workspace, topic, f"staff:{staff.id}")


async def approve_promotion(house: House, workspace: WorkspaceId, topic: str, by: str) -> TopicLight:
    """Put a topic on autopilot, as proposed; from now on it must be proven anew, label by label.

    Raises: Refused("topic.unknown"); Refused("autonomy.not_proven") without a proposal that still holds.
    """
    reviewed = await review_topic(house, workspace, topic)
    if reviewed.proposal is None:
        raise Refused("autonomy.not_proven", topic=topic[:60], missing=reviewed.standing.missing)
    now, before = house.now(), reviewed.topic
    after = replace(before, light=Light.AUTOPILOT, since=now)
    edition = (await house.library.head(workspace)).edition
    detail = evidence_of(reviewed.standing, reviewed.promise, edition) | {
        "from": before.light.value,
        "life": before.life,
        "proposal": str(reviewed.proposal.id),
        "to": after.light.value,
    }
    noted = Noted(uuid7(now), topic, Kind.APPROVED, now, by, detail)
    await house.autonomy.change(workspace, before, after, noted)
    return after
