"""Proves the record of a workspace, or finds where it was touched.

I decide what is checked: every chain, every text's digest, every signed checkpoint. The command line calls me.
I never repair anything.
"""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ledger import Checkpoint, Finding, Head, RawEvent, check_chain
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.flows.house import House


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was checked and what does not fit."""

    conversations: int
    events: int
    checkpoints: int
    findings: tuple[Finding, ...]


async def verify_record(house: House, workspace: WorkspaceId, progress: Progress) -> Proof:
    """Check everything there is of one workspace."""
    heads = {h.conversation: h for h in await house.ledger.heads(workspace)}
    findings = [Finding("conversation.row_missing", str(c), 0) for c in await house.ledger.orphans(workspace)]
    count, current = 0, list[RawEvent]()
    seen: set[ConversationId] = set()
    async for event in house.ledger.raw(workspace, list(heads)):
        if current and current[0].conversation != event.conversation:
            findings += _close(heads, current, seen)
            progress("verify", len(seen), len(heads))
            current = []
        current.append(event)
        count += 1
    if current:
        findings += _close(heads, current, seen)
    findings += [f for c, h in heads.items() if c not in seen for f in check_chain(h, ())]
    checkpoints = await house.ledger.checkpoints(workspace)
    findings += await _check_checkpoints(house, workspace, checkpoints, heads)
    progress("verify", len(heads), len(heads))
    return Proof(len(heads), count, len(checkpoints), tuple(findings))


def _close(
    heads: dict[ConversationId, Head], events: list[RawEvent], seen: set[ConversationId]
) -> list[Finding]:
    conversation = events[0].conversation
    seen.add(conversation)
    return check_chain(heads[conversation], events)


async def _check_checkpoints(
    house: House,
    workspace: WorkspaceId,
    checkpoints: tuple[Checkpoint, ...],
    heads: dict[ConversationId, Head],
) -> list[Finding]:
    """Each is genuine, follows the one before, and what the newest states is still there."""
    found: list[Finding] = []
    previous = ""
    for place, checkpoint in enumerate(checkpoints, start=1):
        fields = json.loads(checkpoint.body)
        if not house.keys.verify(checkpoint.key_id, checkpoint.body, checkpoint.signature):
            found.append(Finding("checkpoint.signature", "", checkpoint.number))
        if checkpoint.number != place or fields["number"] != place or fields["previous"] != previous:
            found.append(Finding("checkpoint.gap", "", checkpoint.number))
        previous = hashlib.sha256(checkpoint.body).hexdigest()
    if checkpoints:
        stated = json.loads(checkpoints[-1].body)["conversations"]
        for name, (seq, digest) in stated.items():
            conversation = ConversationId(UUID(name))
            kept = await house.ledger.hash_at(workspace, conversation, seq) if conversation in heads else None
            if kept is None or kept.hex() != digest:
                found.append(Finding("checkpoint.rewritten", name, seq))
    return found
