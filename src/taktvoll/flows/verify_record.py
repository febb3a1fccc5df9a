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
    count = 0
    seen: set[ConversationId] = set()
    async for chain in house.ledger.chains(workspace, list(heads)):
        conversation = chain.head.conversation
        seen.add(conversation)
        findings += check_chain(chain.head, chain.events)
        findings += check_stated(conversation, stated.get(conversation, ()), chain.events)
        count += len(chain.events)
        progress("verify", len(seen), len(heads))
    findings += [f for c, h in heads.items() if c not in seen for f in check_chain(h, ())]
    findings += [f for c, pairs in stated.items() if c not in seen for f in check_stated(c, pairs, ())]
    progress("verify", len(heads), len(heads))
    return Proof(len(heads), count, len(checkpoints), tuple(findings))


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
