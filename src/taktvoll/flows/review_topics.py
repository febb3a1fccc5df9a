"""A topic's evidence is looked at again: autopilot is proposed or no longer, or the topic falls back by itself.

I decide nothing about the numbers; standing.py does. Whatever adds a label calls me, and a job now and then.
I never put a topic on autopilot: only a person does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.autonomy.standing import Move, Standing, falls_to, move, stand
from taktvoll.domain.autonomy.terms import Kind, Noted, Promise, TopicLight
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.flows.house import House

BY_ITSELF = "taktvoll"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A topic with its evidence and, where autopilot is proposed, the proposal."""

    topic: TopicLight
    standing: Standing
    promise: Promise
    proposal: Noted | None


async def review_topics(house: House, workspace: WorkspaceId) -> tuple[Reviewed, ...]:
    """Look at every topic, by name."""
    promise = (await house.autonomy.setting(workspace)).promise
    last = await house.autonomy.last_noted(workspace)
    topics = await house.autonomy.topics(workspace)
    return tuple([await _review(house, workspace, t, promise, last.get(t.topic)) for t in topics])


async def look_at_topics(house: House, workspace: WorkspaceId) -> tuple[Reviewed, ...]:
    """Where every topic stands, by name; nothing is done about it."""
    promise = (await house.autonomy.setting(workspace)).promise
    last = await house.autonomy.last_noted(workspace)
    topics = await house.autonomy.topics(workspace)
    return tuple([await _look(house, workspace, t, promise, last.get(t.topic)) for t in topics])


async def review_topic(house: House, workspace: WorkspaceId, name: str) -> Reviewed:
    """Look at one topic.

    Raises: Refused("topic.unknown").
    """
    topic = await access_topic(house, workspace, name)
    promise = (await house.autonomy.setting(workspace)).promise
    last = await house.autonomy.last_noted(workspace)
    return await _review(house, workspace, topic, promise, last.get(name))


async def access_topic(house: House, workspace: WorkspaceId, name: str) -> TopicLight:
    """Find a topic that has a light or evidence.

    Raises: Refused("topic.unknown").
    """
    found = next((t for t in await house.autonomy.topics(workspace) if t.topic == name), None)
    if found is None:
        raise Refused("topic.unknown", topic=name[:60])
    return found


async def _review(
    house: House, workspace: WorkspaceId, topic: TopicLight, promise: Promise, last: Noted | None
) -> Reviewed:
    looked = await _look(house, workspace, topic, promise, last)
    standing, proposal = looked.standing, looked.proposal
    wanted = move(topic.light, standing)
    if wanted is Move.PROPOSE:
        if proposal is None:
            proposal = await _note(house, workspace, topic, Kind.PROPOSED, standing, promise)
    elif wanted is not None:
        return await _fall_back(house, workspace, topic, wanted, standing, promise)
    elif proposal is not None:
        await _note(house, workspace, topic, Kind.WITHDRAWN, standing, promise)
        proposal = None
    return Reviewed(topic, standing, promise, proposal)


async def _look(
    house: House, workspace: WorkspaceId, topic: TopicLight, promise: Promise, last: Noted | None
) -> Reviewed:
    seen = await house.autonomy.seen(workspace, topic)
    proposal = last if last is not None and last.kind is Kind.PROPOSED else None
    return Reviewed(topic, stand(promise, topic, seen, house.now()), promise, proposal)


async def _fall_back(
    house: House,
    workspace: WorkspaceId,
    topic: TopicLight,
    reason: Move,
    standing: Standing,
    promise: Promise,
) -> Reviewed:
    """Take the light back, and begin the evidence anew: what was proven before is no longer true."""
    now = house.now()
    after = replace(topic, light=falls_to(reason), life=topic.life + 1, life_since=now, since=now)
    edition = (await house.library.head(workspace)).edition
    detail = evidence_of(standing, promise, edition) | {
        "from": topic.light.value,
        "life": after.life,
        "reason": reason.value,
        "to": after.light.value,
    }
    noted = Noted(uuid7(now), topic.topic, Kind.FELL_BACK, now, BY_ITSELF, detail)
    try:
        await house.autonomy.change(workspace, topic, after, noted)
    except Refused as refused:
        if refused.code != "form.stale":
            raise
        # Somebody else took the light back, or set it, at this moment: it stands as they left it.
        changed = await access_topic(house, workspace, topic.topic)
        return await _look(house, workspace, changed, promise, None)
    return Reviewed(after, stand(promise, after, (), now), promise, None)


async def _note(
    house: House, workspace: WorkspaceId, topic: TopicLight, kind: Kind, standing: Standing, promise: Promise
) -> Noted:
    edition = (await house.library.head(workspace)).edition
    now = house.now()
    detail = evidence_of(standing, promise, edition) | {"from": topic.light.value, "life": topic.life}
    noted = Noted(uuid7(now), topic.topic, kind, now, BY_ITSELF, detail)
    await house.autonomy.note(workspace, noted)
    return noted


def evidence_of(standing: Standing, promise: Promise, edition: int | None) -> dict[str, object]:
    """Write down on what a step rested: counts, bound, promise, edition."""
    detail: Mapping[str, object] = {
        "alarm": round(standing.alarm),
        "alpha_ppm": round(standing.alpha * PPM),
        "bound_ppm": round(standing.bound * PPM),
        "confidence_ppm": promise.confidence_ppm,
        "edition": edition,
        "labels": standing.labels,
        "overdue": standing.overdue,
        "tolerated_ppm": promise.error_ppm,
        "unjudged": standing.unjudged,
        "wrong": standing.wrong,
    }
    return dict(detail)
