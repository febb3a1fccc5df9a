"""What the assistant found for each question and why it decided so, in plain words.

I decide how confidences and reasons read. pages.py calls me with the conversation's events.
I never judge a decision and never change one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from taktvoll.domain.conversation.events import candidates_from, questions_from
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.governance.wording import asked_in, source_of
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.knowledge.terms import Candidate, Features, Passage
from taktvoll.domain.people.terms import Workspace
from taktvoll.entry.desk.texts import reason, texts
from taktvoll.flows.house import House

FOUND_SHOWN_MAX = 5
_ASKED_FOR = Features(0, 0, 0, 0, 0)
"""Features of an entry that was not searched but chosen by the customer."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage the assistant weighed; part is 0–100 for the bar beside the percentage.

    `entry` names it for the reply that uses it, as JSON; empty where people's words must be their own, or it is gone.
    """

    title: str
    url: str
    text: str
    language: str
    percent: str
    part: int
    role: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """One decision: the question, what was found, what was decided and why."""

    seq: int
    question: str
    decision: str
    because: str
    sure: str
    searched: bool
    found: tuple[FoundPassage, ...]


async def bases_of(
    house: House, workspace: Workspace, events: Sequence[Event], language: str
) -> tuple[Basis, ...]:
    """Gather the decisions, newest first, each with what it rested on."""
    found = {e.payload["customer_seq"]: _weighed(e.payload) for e in events if e.kind == "evidence.found"}
    hashes = {c.hash for pairs in found.values() for c, _ in pairs}
    passages = await house.library.passages_by_hash(workspace.id, hashes) if hashes else {}
    questions = {e.seq: asked_in(e.content) for e in events if e.kind == "message.received"}
    bases = []
    for event in events:
        if event.kind != "answer.decided":
            continue
        p = cast("Mapping[str, Any]", event.payload)
        pairs = found.get(p["customer_seq"], ())
        chosen = _was_chosen([c for c, _ in pairs])
        weighed = tuple(_found(c, s, p, passages.get(c.hash), workspace.name, language) for c, s in pairs)
        bases.append(
            Basis(
                seq=event.seq,
                question=" ".join(questions.get(p["customer_seq"], "").split()),
                decision=texts(language).get(f"decision_{p['decision']}", p["decision"]),
                because=reason(language, "chosen" if chosen else p["because"]),
                sure="" if chosen else percent_of(event, language),
                searched=p["customer_seq"] in found,
                found=weighed,
            )
        )
    return tuple(reversed(bases))


def _weighed(payload: Mapping[str, Any]) -> tuple[tuple[Candidate, int], ...]:
    """The best entries for the whole message, then those best for each of several questions, each once."""
    best = list(zip(*candidates_from(payload["candidates"]), strict=False))[:FOUND_SHOWN_MAX]
    for question in questions_from(payload.get("questions")):
        best += list(zip(question.candidates, question.confidences, strict=False))[:1]
    once = dict[str, tuple[Candidate, int]]()
    for pair in best:
        once.setdefault(pair[0].hash, pair)
    return tuple(once.values())


def percent_of(decided: Event, language: str) -> str:
    """Say how sure a decision was; nothing where confidence played no part."""
    confidence = cast("int | None", decided.payload["confidence"])
    if confidence is None or confidence >= PPM:
        return ""
    return texts(language)["confidence"].format(percent=_percent(confidence, language))


def _found(
    candidate: Candidate,
    sure: int,
    decided: Mapping[str, Any],
    passage: Passage | None,
    workspace: str,
    language: str,
) -> FoundPassage:
    said = texts(language)
    said_ones = decided.get("passages") or filter(None, (decided["passage"],))
    used = any(passage[3] == candidate.hash for passage in said_ones)
    suggested = _is_suggested(decided, candidate)
    offered = any(c[3] == candidate.hash for c in decided["choices"])
    chosen = candidate.features == _ASKED_FOR
    return FoundPassage(
        title=(passage.question or passage.title or passage.id) if passage else said["passage_gone"],
        url=source_of(passage, workspace).url if passage else "",
        text=passage.text if passage else "",
        language=candidate.key.language,
        percent="" if chosen else _percent(sure, language),
        part=sure * 100 // PPM,
        role=said["used"] if used else said["suggested"] if suggested else said["offered"] if offered else "",
        entry=json.dumps(candidate.key, ensure_ascii=False) if passage and not decided.get("shadow") else "",
    )


def _is_suggested(decided: Mapping[str, Any], candidate: Candidate) -> bool:
    """Whether the assistant suggests this answer to a person; never in shadow: what people write must be their own."""
    suggestion = decided.get("suggestion")
    if suggestion is None or suggestion["passage"] is None or decided.get("shadow"):
        return False
    return any(p[3] == candidate.hash for p in suggestion.get("passages") or [suggestion["passage"]])


def _was_chosen(candidates: Sequence[Candidate]) -> bool:
    return len(candidates) == 1 and candidates[0].features == _ASKED_FOR


def _percent(ppm: int, language: str) -> str:
    """Round down, and never to a certainty that a probability cannot give."""
    whole = min(99, ppm * 100 // PPM)
    space = "\u00a0" if language == "de" else ""
    return f"{whole}{space}%" if whole else f"<\u00a01{space}%"
