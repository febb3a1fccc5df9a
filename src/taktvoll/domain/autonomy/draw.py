"""Which answers are drawn to be judged: decided by a hash, so that the draw can be done again from the record.

I decide what is drawn. The flow that collects answers and the audit call me. I never look at what an answer says:
that is what makes the drawn ones speak for all.
"""

import hashlib

from taktvoll.base.ids import ConversationId
from taktvoll.domain.knowledge.confidence import PPM

SEED = b"taktvoll draw 1"


def ticket(conversation: ConversationId, customer_seq: int) -> int:
    """Give the answer to one message its lot, 0–999,999, equally likely each.

    Takes:  customer_seq: the message that is answered; both are known before anything is decided.
    """
    lot = hashlib.sha256(SEED + conversation.bytes + customer_seq.to_bytes(8, "big")).digest()
    return int.from_bytes(lot[:8], "big") * PPM >> 64


def is_drawn(conversation: ConversationId, customer_seq: int, draw_ppm: int) -> bool:
    """Whether this answer is drawn at this rate; whoever is drawn at a rate is drawn at every higher one."""
    return ticket(conversation, customer_seq) < draw_ppm
