"""Proves the record of a workspace, or finds where it was touched.

I decide what is checked: every chain, every text's digest, all that any signed checkpoint ever stated. The command line
calls me.
I never repair anything.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ledger import (
    Checkpoint,
    Finding,
    Head,
    RawEvent,
    Stated,
    check_chain,
    check_stated,
    stated_by,
)
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
    """Check everything there is of one workspace; the checkpoints are read first, so that none is ahead of the rest."""
    checkpoints = await house.ledger.checkpoints(workspace)
    findings, stated = _check_checkpoints(house, checkpoints)
    heads = {h.conversation: h for h in await house.ledger.heads(workspace)}
    findings += [
        Finding("conversation.row_missing", str(c), 0) for c in await house.ledger.orphans(workspace)
    ]
    count, current = 0, list[RawEvent]()
    seen: set[ConversationId] = set()
    async for event in house.ledger.raw(workspace, list(heads)):
        if current and current[0].conversation != event.conversation:
            findings += _close(heads, stated, current, seen)
            progress("verify", len(seen), len(heads))
            current = []
        current.append(event)
        count += 1
    if current:
        findings += _close(heads, stated, current, seen)
    findings += [f for c, h in heads.items() if c not in seen for f in check_chain(h, ())]
    findings += [f for c, pairs in stated.items() if c not in seen for f in check_stated(c, pairs, ())]
    progress("verify", len(heads), len(heads))
    return Proof(len(heads), count, len(checkpoints), tuple(findings))


def _close(
    heads: dict[ConversationId, Head], stated: Stated, events: list[RawEvent], seen: set[ConversationId]
) -> list[Finding]:
    conversation = events[0].conversation
    seen.add(conversation)
    pairs = stated.get(conversation, ())
    return [*check_chain(heads[conversation], events), *check_stated(conversation, pairs, events)]


def _check_checkpoints(house: House, checkpoints: Sequence[Checkpoint]) -> tuple[list[Finding], Stated]:
    """Each is genuine and follows the one before; gives what the genuine ones state."""
    found: list[Finding] = []
    genuine: list[bytes] = []
    previous = ""
    for place, checkpoint in enumerate(checkpoints, start=1):
        if not house.keys.verify(checkpoint.key_id, checkpoint.body, checkpoint.signature):
            found.append(Finding("checkpoint.signature", "", checkpoint.number))
        else:
            genuine.append(checkpoint.body)
            fields = json.loads(checkpoint.body)
            if checkpoint.number != place or fields["number"] != place or fields["previous"] != previous:
                found.append(Finding("checkpoint.gap", "", checkpoint.number))
        previous = hashlib.sha256(checkpoint.body).hexdigest()
    return found, stated_by(genuine)
