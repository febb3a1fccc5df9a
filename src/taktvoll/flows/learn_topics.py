"""Examples become topics: read, learnt, and kept in one step, or not at all.

I decide what of a file counts and when a new edition is published. The command line calls me.
I never leave old topics with new examples, or the other way round.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import EXAMPLES_MAX, IMPORT_FILE_BYTES_MAX, TOPICS_MAX
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.topics import (
    FEW,
    Example,
    Gathered,
    LearntModel,
    Sample,
    TopicState,
    gather,
    same,
)
from taktvoll.flows.house import House
from taktvoll.flows.publish_edition import publish_edition


@dataclass(frozen=True, slots=True)
class Report:
    """What learning did: what of the file counted, the model, topics with few examples, the edition if one was made."""

    gathered: Gathered
    model: LearntModel
    few: tuple[str, ...]
    edition: int | None


class NothingToLearn(Refused):
    """Not one line could be used; `gathered` says why."""

    def __init__(self, gathered: Gathered) -> None:
        super().__init__("topics.nothing")
        self.gathered = gathered


async def learn_topics(
    house: House,
    workspace: WorkspaceId,
    path: Path | None,
    *,
    add: bool,
    publish: bool,
    by: str,
    progress: Progress,
) -> Report:
    """Learn topics from a file, or anew from the examples that are kept.

    Takes:  path: None for what is kept; add: whether examples in use stay beside those of the file; publish: whether
            an edition in force is followed by one that names the new topics.
    Raises: Refused("import.no_files"), NothingToLearn, Refused("topics.too_many") — then nothing was changed.
    """
    gathered = await asyncio.to_thread(_gathered, path) if path else Gathered((), (), (), 0)
    if path and not gathered.examples:
        raise NothingToLearn(gathered)
    kept = await _kept(house, workspace, gathered.examples) if add or not path else []
    examples = [*gathered.examples, *(Example(s.text, s.topic) for s in kept)]
    if not examples:
        raise Refused("topics.none")
    counts = Counter(e.topic for e in examples)
    if len(counts) > TOPICS_MAX or len(examples) > EXAMPLES_MAX:
        raise Refused("topics.too_many", topics=TOPICS_MAX, examples=EXAMPLES_MAX)
    model = await asyncio.to_thread(house.topic_learner.learn, examples, progress)
    new = gathered.examples if path else None
    await house.topics.keep(workspace, new, model, by, house.now(), [s.id for s in kept])
    few = tuple(sorted(name for name, count in counts.items() if count < FEW))
    return Report(gathered, model, few, await published(house, workspace, by) if publish else None)


async def published(house: House, workspace: WorkspaceId, by: str) -> int | None:
    """Publish what changed, if the workspace says anything yet; else the first edition will name the topics."""
    if (await house.library.head(workspace)).edition is None:
        return None
    return (await publish_edition(house, workspace, by)).number


def _gathered(path: Path) -> Gathered:
    if not path.is_file():
        raise Refused("import.no_files", path=path.name)
    if path.stat().st_size > IMPORT_FILE_BYTES_MAX:
        raise Refused("topics.too_many", topics=TOPICS_MAX, examples=EXAMPLES_MAX)
    with path.open("rb") as file:
        return gather(file)


async def _kept(house: House, workspace: WorkspaceId, new: Sequence[Example]) -> list[Sample]:
    """Examples in use that stay; what the file says of a text outranks what was said before."""
    texts = {same(e.text) for e in new}
    return [s for s in await house.topics.samples(workspace, TopicState.LEARNT) if same(s.text) not in texts]
