"""What other guidelines would have changed: past turns decided again from their recorded signals.

I decide how two decisions about one message are compared. The command line calls me.
I never write, never search and never follow a conversation further than the one turn: what the customer would have
written after another answer, nobody knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.guidelines import Guideline
from taktvoll.domain.conversation.state import fold, fold_new
from taktvoll.domain.conversation.steps import Search
from taktvoll.domain.conversation.terms import Event, OwnerKind, State
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.library.terms import EditionView
from taktvoll.flows.house import House
from taktvoll.flows.replay_conversation import found_from, heard_from

KINDS_AFTER = ("evidence.found", "answer.decided")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision in short: what, for which reason, how soon, by which guideline; "search" where one is missing."""

    decision: str
    reason: str | None = None
    urgency: str = "normal"
    guideline: str | None = None

    def __str__(self) -> str:
        why = ", ".join(x for x in (self.reason, self.urgency if self.reason else None) if x)
        return (
            self.decision + (f" ({why})" if why else "") + (f" by {self.guideline}" if self.guideline else "")
        )


@dataclass(frozen=True, slots=True)
class Changed:
    """A message that would have been decided otherwise."""

    conversation: ConversationId
    seq: int
    before: Outcome
    after: Outcome


@dataclass(slots=True)
class Simulated:
    """What was looked at, what would have changed, and how often each guideline would have decided."""

    turns: int = 0
    changed: list[Changed] = field(default_factory=list)
    decided_by: dict[str, int] = field(default_factory=dict)


async def simulate_guidelines(
    house: House, workspace: WorkspaceId, guidelines: Sequence[Guideline], progress: Progress
) -> Simulated:
    """Decide every recorded turn again under other guidelines, all else as it was."""
    ready, place = house.guidelines.compile(guidelines), await house.directory.workspace_by_id(workspace)
    found, views = Simulated(decided_by={g.name: 0 for g in guidelines}), dict[int, EditionView]()
    heads = await house.ledger.heads(workspace)
    for done, head in enumerate(heads, start=1):
        events, state = await house.record.events(workspace, head.conversation), State()
        for at, event in enumerate(events):
            if event.kind == "signals.read" and state.owner.kind is not OwnerKind.PERSON:
                number = event.edition or 0
                if number not in views:
                    rules = (
                        (await house.library.manifest(workspace, number))[1] if number else house.first_rules
                    )
                    rules = replace(rules, guidelines=tuple(guidelines))
                    views[number] = EditionView(number, rules, place.language, place.name, ready)
                _compare(found, head.conversation, views[number], state, events[at : at + 3])
            state = fold(state, event)
        progress("simulate", done, len(heads))
    return found


def _compare(
    found: Simulated, conversation: ConversationId, view: EditionView, state: State, turn: Sequence[Event]
) -> None:
    results = {e.kind: e.payload for e in turn[1:] if e.kind in KINDS_AFTER}
    if "answer.decided" not in results:
        return
    before = _outcome(results["answer.decided"])
    after = _again(view, state, turn[0], results.get("evidence.found"))
    found.turns += 1
    if after.guideline:
        found.decided_by[after.guideline] += 1
    if (before.decision, before.reason, before.urgency) != (after.decision, after.reason, after.urgency):
        found.changed.append(Changed(conversation, turn[0].seq, before, after))


def _again(view: EditionView, state: State, read: Event, evidence: Mapping[str, object] | None) -> Outcome:
    """Decide one turn from what is on record."""
    events, step = advance(view, state, heard_from(read.payload), read.at)
    if isinstance(step, Search):
        if evidence is None:
            return Outcome("search")
        for event in events:
            state = fold_new(state, event)
        events, _ = advance(view, state, found_from(evidence), read.at)
    return next((_outcome(e.payload) for e in events if e.kind == "answer.decided"), Outcome("silent"))


def _outcome(payload: Mapping[str, Any]) -> Outcome:
    reason = payload["handover"]
    urgency = payload["urgency"] if reason else "normal"
    return Outcome(payload["decision"], reason, urgency, payload.get("guideline"))
