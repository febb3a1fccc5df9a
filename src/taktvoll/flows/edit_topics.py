"""Topics are renamed, made one of several, split, taken into use, dropped: by people, learnt or only proposed.

I decide what of it holds at once and what waits for the next learning. The command line calls me.
I never change what an edition in force says: a renamed topic comes with a new edition.
"""

import asyncio
from collections.abc import Sequence

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.topics import LearntModel, Sample, Topic, TopicState, topic_name
from taktvoll.flows.house import House
from taktvoll.flows.learn_topics import published


async def rename_topic(house: House, workspace: WorkspaceId, old: str, new: str, by: str) -> int | None:
    """Give a topic another name; the model learns the name, too, without learning anew.

    Gives:  the edition that names it so, if one was made.
    Raises: Refused("topics.unknown"), Refused("topics.exists"), Refused("topics.name").
    """
    old, new = topic_name(old), topic_name(new)
    if old == new:
        await access_topic(house, workspace, old)
        return None
    working = await house.topics.working(workspace)
    body = await house.topics.model(workspace, working.hash) if working else None
    model: LearntModel | None = None
    if body is not None:
        renamed = await asyncio.to_thread(house.topic_learner.renamed, body, old, new)
        model = renamed if new in renamed.topics else None
    await house.topics.rename(workspace, old, new, model, by, house.now())
    return await published(house, workspace, by) if model else None


async def access_topic(house: House, workspace: WorkspaceId, name: str) -> tuple[Topic, tuple[Sample, ...]]:
    """One topic with its examples; raises Refused("topics.unknown")."""
    for topic in await house.topics.topics(workspace):
        if topic.name == topic_name(name):
            return topic, await house.topics.samples(workspace, None, topic.name)
    raise Refused("topics.unknown", name=name)


async def merge_topics(
    house: House, workspace: WorkspaceId, names: Sequence[str], into: str, by: str
) -> None:
    """Make one topic of several; in force with the next learning.

    Raises: Refused("topics.unknown"), Refused("topics.name").
    """
    given = list(dict.fromkeys(topic_name(n) for n in names))
    await house.topics.merge(workspace, given, topic_name(into), by, house.now())


async def split_topic(
    house: House, workspace: WorkspaceId, name: str, parts: int, by: str, progress: Progress
) -> tuple[Topic, ...]:
    """Part a topic's examples by their sense; the parts are numbered and can be renamed.

    Raises: Refused("topics.unknown"), Refused("topics.exists"), Refused("topics.too_alike").
    """
    topic, samples = await access_topic(house, workspace, name)
    texts = [s.text for s in samples]
    groups = await asyncio.to_thread(house.topic_learner.split, texts, parts, progress) if texts else ()
    if len(groups) < 2:
        raise Refused("topics.too_alike", name=topic.name)
    named = {
        topic_name(f"{topic.name} {number}"): [samples[i].id for i in group]
        for number, group in enumerate(groups, start=1)
    }
    await house.topics.split(workspace, topic.name, named, by, house.now())
    return tuple(t for t in await house.topics.topics(workspace) if t.name in named)


async def adopt_topics(house: House, workspace: WorkspaceId, names: Sequence[str]) -> tuple[str, ...]:
    """Take proposals into use, all of them where none is named; in force with the next learning."""
    given = [topic_name(n) for n in names]
    if not given:
        given = [t.name for t in await house.topics.topics(workspace) if t.state is TopicState.PROPOSED]
    await house.topics.adopt(workspace, given)
    return tuple(given)


async def drop_topics(house: House, workspace: WorkspaceId, names: Sequence[str]) -> None:
    """Delete topics with their examples; in force with the next learning."""
    await house.topics.drop(workspace, [topic_name(n) for n in names])
