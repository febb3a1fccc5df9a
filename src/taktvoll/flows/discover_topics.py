"""Topics are suggested by what the workspace knows and by what it could not answer.

I decide which texts are looked at. The command line calls me. I never put a suggestion into use.
"""

import asyncio

from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import UNANSWERED_MAX
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.knowledge.topics import Proposal, Source
from taktvoll.domain.knowledge.wordings import masked
from taktvoll.flows.house import House

TEXT_CHARS_MAX = 300


async def discover_topics(
    house: House, workspace: WorkspaceId, by: str, progress: Progress
) -> tuple[Proposal, ...]:
    """Group the working copy's entries and the unanswered messages, and keep the groups as proposals.

    Names and numbers of customers are masked first: a topic's name outlives the message that it came from.

    Gives:  the proposals, the largest first; they stand in place of the earlier ones.
    """
    hashes = sorted({e.hash for e in await house.library.working(workspace)})
    sources = [_source(p) async for p in house.library.stored(workspace, hashes)]
    open_questions = await house.topics.unanswered(workspace, UNANSWERED_MAX)
    asked = ((masked(u.text[: 2 * TEXT_CHARS_MAX])[:TEXT_CHARS_MAX], u.text_id) for u in open_questions)
    sources += [Source(text, text_id=text_id) for text, text_id in asked if text]
    found = await asyncio.to_thread(house.topic_learner.discover, sources, progress)
    await house.topics.propose(workspace, found, by, house.now())
    return found


def _source(passage: Passage) -> Source:
    heading = passage.section.split(">")[-1].strip()
    return Source((passage.question or passage.title or passage.text)[:TEXT_CHARS_MAX], heading)
