"""Everybody's own questions, asked through the same flows as the chat and held against what would be right.

I decide how the questions are asked. `taktvoll evaluate`, the benches and whoever wants evidence call me.
I never change anything but the record, and leave nobody waiting at the desk (flows/ask.py).
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from taktvoll.base.errors import Refused
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import Decision
from taktvoll.domain.insight.evaluation import Evaluation
from taktvoll.domain.insight.judging import Outcome, Reply, ppm_of
from taktvoll.domain.insight.questions import LineProblem, Question, contradictions
from taktvoll.domain.insight.thresholds import Promise
from taktvoll.domain.library.ports import Head
from taktvoll.flows.ask import ask
from taktvoll.flows.house import House

AT_ONCE = 8
TIMED_MAX = 300
"""So many are asked one at a time, so that their milliseconds are those of a customer who is alone; then by eights."""
Told = Callable[[int, int], None]


async def evaluate_questions(
    house: House,
    account: Account,
    lines: Sequence[Question],
    promise: Promise | None = None,
    told: Told = lambda done, total: None,
) -> Evaluation:
    """Ask every question as a fresh conversation and keep what became of it.

    Takes:  account: of the channel "command", so that nobody is left waiting; told: called with (done, total).
    Gives:  outcomes in the order of the lines; a line that contradicts an earlier one, or that the doors refuse, is
            listed as a problem instead.
    Raises: Unavailable when the database stays away.
    """
    twice = contradictions(lines)
    left_out = {p.line for p in twice}
    wanted = [q for q in lines if q.line not in left_out]
    head = await house.library.head(account.workspace)
    edition = await house.shelf.at(account.workspace, head)
    outcomes, problems = list[Outcome](), list[LineProblem](twice)
    for start, end in _groups(len(wanted)):
        timed = end - start == 1 and start > 0  # the first one wakes what sleeps
        asked = await asyncio.gather(*(_asked(house, account, q, timed) for q in wanted[start:end]))
        outcomes += [a for a in asked if isinstance(a, Outcome)]
        problems += [a for a in asked if isinstance(a, LineProblem)]
        told(end, len(wanted))
    return Evaluation(
        edition=head.edition,
        thresholds=edition.view.rules.thresholds,
        promise=promise or Promise(),
        outcomes=tuple(outcomes),
        problems=tuple(sorted(problems, key=lambda p: p.line)),
        unknown_sources=await _unknown(house, account, wanted, head),
        changed=(await house.library.head(account.workspace)).revision != head.revision,
    )


def _groups(count: int) -> list[tuple[int, int]]:
    alone = min(count, TIMED_MAX)
    rest = [(start, min(start + AT_ONCE, count)) for start in range(alone, count, AT_ONCE)]
    return [(n, n + 1) for n in range(alone)] + rest


async def _asked(house: House, account: Account, question: Question, timed: bool) -> Outcome | LineProblem:
    try:
        answer = await ask(house, account, question.id, question.text, question.language)
    except Refused as error:
        return LineProblem(question.line, error)
    return Outcome(question, _reply(cast("dict[str, Any]", answer), timed))


def _reply(answer: dict[str, Any], timed: bool) -> Reply:
    handover = answer["handover"] or {}
    return Reply(
        decision=Decision(answer["decision"]),
        sources=tuple(s["id"] for s in answer["sources"]),
        candidates=tuple(c["id"] for c in answer["candidates"]),
        confidence=ppm_of(answer["confidence"]),
        reason=handover.get("reason"),
        urgency=answer["urgency"],
        topic=answer["topic"],
        language=answer["language"],
        conversation=answer["conversation"],
        ms=answer["elapsed_ms"] if timed else None,
    )


async def _unknown(house: House, account: Account, lines: Sequence[Question], head: Head) -> tuple[str, ...]:
    """The labels that name no entry of the edition: mostly slips of the pen, which count as wrong answers."""
    named = {source for q in lines for source in q.expect.sources or ()}
    if head.edition is None or not named:
        return tuple(sorted(named))
    manifest, _ = await house.library.manifest(account.workspace, head.edition)
    return tuple(sorted(named - {e.key.id for e in manifest.entries}))
