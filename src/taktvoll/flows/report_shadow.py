"""What the assistant answered to itself, beside what people then wrote.

I decide how the two are counted. The command line and the desk call me.
I never count a likeness as a proof: only judged answers enter a bound.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.autonomy.comparing import SIMILAR_FROM, alike, nearest
from taktvoll.domain.autonomy.draw import answered_with
from taktvoll.domain.autonomy.ports import Found
from taktvoll.domain.autonomy.terms import Verdict
from taktvoll.domain.conversation.events import light_from
from taktvoll.domain.conversation.terms import Decision
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.flows.house import House

BATCH = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """One topic in shadow: how often the assistant would have answered, and how that compares.

    `messages` it decided on; `answers` it would have given; of those `replied` were followed by a person's reply, which
    rested on the same source (`same_source`) or had similar words (`similar`); `right` and `wrong` were judged.
    """

    topic: str
    messages: int
    answers: int
    replied: int
    same_source: int
    similar: int
    right: int
    wrong: int


async def report_shadow(house: House, workspace: WorkspaceId, days: int) -> tuple[Compared, ...]:
    """Compare everything of the last days, by topic; what found no topic stands under an empty name."""
    counts: dict[str, Counter[str]] = {}
    last: Found | None = None
    while True:
        found = await house.autonomy.decisions(workspace, house.now() - timedelta(days=days), last, BATCH)
        shadowed = [f for f in found if light_from(f.event.payload)[2]]
        judged = await house.autonomy.judged(workspace, [(f.conversation, f.event.seq) for f in shadowed])
        for one in shadowed:
            count = counts.setdefault(light_from(one.event.payload)[0] or "", Counter())
            count.update(await _compare(house, workspace, one))
            count[judged.get((one.conversation, one.event.seq), "")] += 1
        if len(found) < BATCH:
            break
        last = found[-1]
    return tuple(
        Compared(
            topic,
            c["messages"],
            c["answers"],
            c["replied"],
            c["same_source"],
            c["similar"],
            c[Verdict.RIGHT.value],
            c[Verdict.WRONG.value],
        )
        for topic, c in sorted(counts.items())
    )


async def _compare(house: House, workspace: WorkspaceId, one: Found) -> list[str]:
    """Name what holds of one would-be answer."""
    suggestion = cast("Mapping[str, Any] | None", one.event.payload.get("suggestion"))
    ours = answered_with(one.event)
    if suggestion is None or suggestion["decision"] != Decision.ANSWER or not ours:
        return ["messages"]
    events = await house.record.events(
        workspace, one.conversation, kinds=("evidence.found", "message.released")
    )
    reply = next((e for e in events if e.seq > one.event.seq and e.payload.get("author") == "person"), None)
    if reply is None or reply.content is None:
        return ["messages", "answers"]
    said = text_of_json(reply.content)
    hashes = [
        c["hash"]
        for e in events
        if e.kind == "evidence.found" and e.seq < one.event.seq
        for c in cast("list[dict[str, Any]]", e.payload["candidates"])
    ]
    passages = await house.library.passages_by_hash(workspace, {*ours, *hashes})
    texts = {name: p.text for name, p in passages.items()}
    holds = ["messages", "answers", "replied"]
    if nearest(said, texts) in ours:
        holds.append("same_source")
    if alike(said, "\n\n".join(texts[h] for h in ours if h in texts)) >= SIMILAR_FROM:
        holds.append("similar")
    return holds
