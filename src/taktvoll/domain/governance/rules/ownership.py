"""Only the owner speaks, and only under the epoch the draft was written in.

I decide whether the author may speak now. release calls me. I never change a draft.
"""

from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.governance.terms import Author, Draft, Hold, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold what was written under another epoch, after a newer customer message, or by someone who is not the owner.

    The assistant may still say the notice of its own handover: the queue owns the conversation, but nobody speaks yet.
    """
    if draft.author is Author.HOUSE:  # it says nothing in the conversation, so nobody speaks out of turn
        return None
    under = draft.written_under
    if under.owner_epoch != facts.owner_epoch:
        return Hold(("owner.changed",))
    if draft.author is Author.ASSISTANT:
        if under.last_customer_seq != facts.last_customer_seq:
            return Hold(("customer.wrote_again",))
        if facts.owner.kind is OwnerKind.PERSON:
            return Hold(("owner.not_assistant",))
    elif facts.owner.kind is not OwnerKind.PERSON or facts.owner.id != draft.author_id:
        return Hold(("owner.not_you",))
    return Hold(("conversation.closed",)) if facts.closed else None
