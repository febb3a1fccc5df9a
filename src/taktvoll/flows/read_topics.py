"""Texts are told their topics, by what was learnt last.

I decide which model answers. The command line calls me. I never learn and never record anything.
"""

from collections.abc import Sequence

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.knowledge.topics import TopicGuess
from taktvoll.flows.house import House


async def read_topics(house: House, workspace: WorkspaceId, texts: Sequence[str]) -> list[TopicGuess]:
    """Guess the topic of each text, in their order.

    Raises: Refused("topics.none") before anything was learnt, Refused("topics.outdated").
    """
    learnt = await house.topics.working(workspace)
    if learnt is None:
        raise Refused("topics.none")
    return await house.topic_reader.read_all(workspace, learnt.hash, texts)
