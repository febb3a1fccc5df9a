"""Judged questions from an evaluation file become labels.

I decide which of them may count: only a file that is a random sample of what customers ask, and each question once.
The command line calls me. I never keep a question: only a digest of it, to know it again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.autonomy.draw import may_count
from taktvoll.domain.autonomy.lights import TOPIC_CHARS_MAX
from taktvoll.domain.autonomy.terms import Label, Origin, Verdict
from taktvoll.domain.conversation.terms import Light
from taktvoll.flows.house import House
from taktvoll.flows.review_topics import review_topic
from taktvoll.flows.set_light import set_light


@dataclass(frozen=True, slots=True)
class Result:
    """One judged question of an evaluation: its words, its topic, whether the answer was right."""

    question: str
    topic: str
    right: bool


async def load_labels(
    house: House, workspace: WorkspaceId, results: Iterable[Result], *, random: bool, by: str
) -> tuple[int, int]:
    """Put results on record.

    Takes:  random: whether the questions are a random sample of real ones; else they are kept but do not count.
    Gives:  how many were new, and how many were known already.
    """
    known = {t.topic for t in await house.autonomy.topics(workspace)}
    edition, new, old = (await house.library.head(workspace)).edition, 0, 0
    touched = set()
    for result in results:
        topic = result.topic[:TOPIC_CHARS_MAX]
        if topic not in known:
            await set_light(house, workspace, topic, Light.PROBATION, by)
            known.add(topic)
        now = house.now()
        label = Label(
            id=uuid7(now),
            topic=topic,
            origin=Origin.FILE,
            verdict=Verdict.RIGHT if result.right else Verdict.WRONG,
            counts=may_count(Origin.FILE, None, random=random),
            at=now,
            by=by,
            ref=_digest(result.question),
            edition=edition,
        )
        kept = await house.autonomy.label(workspace, label)
        new, old = new + kept, old + (not kept)
        touched.add(topic)
    for topic in sorted(touched):
        await review_topic(house, workspace, topic)
    return new, old


def _digest(question: str) -> str:
    return hashlib.sha256(" ".join(question.casefold().split()).encode()).hexdigest()
