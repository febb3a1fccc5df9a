"""Signs the heads of all conversations, so that later removal or rewriting is found.

I decide when nothing new needs a signature. The worker calls me on its schedule, the command line on demand.
I never sign what I have not just read.
"""

import hashlib

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.ledger import Checkpoint, checkpoint_body, stated_by
from taktvoll.flows.house import House


async def sign_checkpoint(house: House, workspace: WorkspaceId) -> Checkpoint | None:
    """Make the next checkpoint; None where no conversation has moved since the last one."""
    heads = await house.ledger.heads(workspace)
    before = await house.ledger.checkpoints(workspace)
    stated = stated_by(c.body for c in before)
    moved = [h for h in heads if (h.last_seq, h.last_hash) not in stated.get(h.conversation, ())]
    if not moved:
        return None
    previous = hashlib.sha256(before[-1].body).hexdigest() if before else ""
    number = len(before) + 1
    body = checkpoint_body(number, house.now(), heads, previous, moved)
    key_id, signature = house.keys.sign(body)
    checkpoint = Checkpoint(number, body, signature, key_id)
    await house.ledger.keep(workspace, checkpoint)
    return checkpoint
