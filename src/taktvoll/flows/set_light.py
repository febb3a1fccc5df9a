"""People set what evidence may not: a light below autopilot, shadow mode, what the company tolerates.

I decide that nobody gives autopilot away. The command line and the desk call me. I never keep evidence over a change of
light by hand: whoever sets one begins anew.
"""

from collections.abc import Callable
from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.base.limits import DESK_TRIES_MAX
from taktvoll.domain.autonomy.lights import TOPIC_CHARS_MAX, topic_of
from taktvoll.domain.autonomy.ports import Setting
from taktvoll.domain.autonomy.terms import Kind, Noted, Promise, TopicLight
from taktvoll.domain.conversation.terms import Light
from taktvoll.flows.house import House

EVERYTHING = ""
"""The topic of what holds for a whole workspace."""


async def set_light(house: House, workspace: WorkspaceId, name: str, light: Light, by: str) -> TopicLight:
    """Set a light; the evidence begins anew, with more to prove each time.

    Raises: Refused("autonomy.not_earned") for autopilot, Refused("form.stale"), Refused("usage") for an empty name.
    """
    if light is Light.AUTOPILOT:
        raise Refused("autonomy.not_earned")
    before = await _topic(house, workspace, name)
    now = house.now()
    life = before.life + 1 if before else 1
    after = TopicLight(name, light, before.shadow if before else False, life, now, now)
    detail = {"from": (before.light if before else Light.PROBATION).value, "life": life, "to": light.value}
    await house.autonomy.change(workspace, before, after, Noted(uuid7(now), name, Kind.SET, now, by, detail))
    return after


async def set_shadow(house: House, workspace: WorkspaceId, name: str, on: bool, by: str) -> None:
    """Let the assistant answer only to itself, on one topic or, with an empty name, everywhere."""
    now = house.now()
    noted = Noted(uuid7(now), name, Kind.SHADOW, now, by, {"on": on})
    if name == EVERYTHING:
        await _keep(house, workspace, lambda setting: replace(setting, shadow=on), noted)
        return
    before = await _topic(house, workspace, name)
    after = replace(before or TopicLight(name, Light.PROBATION, on, 1, now, now), shadow=on)
    await house.autonomy.change(workspace, before, after, noted)


async def is_topic(house: House, workspace: WorkspaceId, name: str) -> bool:
    """Whether an entry or a learnt topic goes by this name; a light of another name decides nothing."""
    if any(topic.name == name for topic in await house.topics.topics(workspace)):
        return True
    hashes = sorted({entry.hash for entry in await house.library.working(workspace)})
    async for passage in house.library.stored(workspace, hashes):
        if topic_of(passage) == name:
            return True
    return False


async def set_promise(house: House, workspace: WorkspaceId, promise: Promise, by: str) -> None:
    """Set what the company tolerates, how sure it wants to be, and how many answers are drawn."""
    now = house.now()
    detail = {
        "confidence_ppm": promise.confidence_ppm,
        "draw_ppm": promise.draw_ppm,
        "tolerated_ppm": promise.error_ppm,
    }
    noted = Noted(uuid7(now), EVERYTHING, Kind.PROMISE, now, by, detail)
    await _keep(house, workspace, lambda setting: replace(setting, promise=promise), noted)


async def _keep(
    house: House, workspace: WorkspaceId, change: Callable[[Setting], Setting], noted: Noted
) -> None:
    """Change one thing of the setting; what somebody else changes at the same moment stays changed.

    Raises: Refused("form.stale") where that happens again and again.
    """
    for tries_left in reversed(range(DESK_TRIES_MAX)):
        before = await house.autonomy.setting(workspace)
        try:
            await house.autonomy.keep_setting(workspace, before, change(before), noted)
        except Refused as refusal:
            if refusal.code != "form.stale" or not tries_left:
                raise
        else:
            return


async def _topic(house: House, workspace: WorkspaceId, name: str) -> TopicLight | None:
    if not 0 < len(name) <= TOPIC_CHARS_MAX:
        raise Refused("usage", detail=f"a topic's name has 1–{TOPIC_CHARS_MAX} characters")
    return next((t for t in await house.autonomy.topics(workspace) if t.topic == name), None)
