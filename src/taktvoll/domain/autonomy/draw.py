"""Which answers are drawn to be judged: decided by a hash, so that the draw can be done again from the record.

I decide what is drawn. The flow that collects answers and the audit call me. I never look at what an answer says:
that is what makes the drawn ones speak for all.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from taktvoll.base.ids import ConversationId
from taktvoll.domain.autonomy.terms import Case, Origin, Promise
from taktvoll.domain.conversation.events import light_from
from taktvoll.domain.conversation.terms import Decision, Event, Light
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


def case_of(conversation: ConversationId, decided: Event, promise: Promise) -> Case | None:
    """Say whether a decision is evidence to be: an answer that was drawn, or any suggestion made to a person.

    Asking back, declining and courtesies state nothing that could be wrong; answers without a topic belong nowhere.
    """
    p = cast("Mapping[str, Any]", decided.payload)
    topic, light, shadow = light_from(p)
    said = p.get("suggestion") or p
    if topic is None or said["decision"] != Decision.ANSWER or said["passage"] is None:
        return None
    suggested = light is Light.COPILOT and not shadow and "suggestion" in p
    if not suggested and not is_drawn(conversation, p["customer_seq"], promise.draw_ppm):
        return None
    return Case(
        conversation=conversation,
        seq=decided.seq,
        customer_seq=p["customer_seq"],
        topic=topic,
        origin=Origin.COPILOT if suggested else Origin.DRAW,
        light=light,
        edition=decided.edition,
        rate_ppm=PPM if suggested else promise.draw_ppm,
        at=decided.at,
    )


def answered_with(decided: Event) -> tuple[str, ...]:
    """The content hashes of the passages that were the answer, said or only suggested."""
    p = cast("Mapping[str, Any]", decided.payload)
    said = p.get("suggestion") or p
    one = [said["passage"]] if said["passage"] else []
    return tuple(passage[3] for passage in said.get("passages") or one)


def may_count(origin: Origin, case: Case | None, *, random: bool = False) -> bool:
    """Whether a label speaks for all answers of its topic, and so may enter the bound.

    Takes:  case: the answer that was drawn or suggested; random: whether an evaluation file is a random sample of what
            customers ask.
    Gives:  never true for a draw that its hash does not bear out. Complaints are no labels at all: nobody draws them.
    """
    match origin:
        case Origin.DRAW:
            return case is not None and is_drawn(case.conversation, case.customer_seq, case.rate_ppm)
        case Origin.COPILOT:
            return case is not None and case.rate_ppm == PPM
        case Origin.FILE:
            return random
