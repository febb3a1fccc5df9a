"""The AI notice comes before or with the assistant's first message (AI Act Art. 50(1)).

I decide whether the notice is still missing. release calls me last, so that no other rule can drop it.
I never leave it to a channel.
"""

from dataclasses import replace

from taktvoll.domain.governance.notices import VERSION, fixed, spoken
from taktvoll.domain.governance.terms import Author, Draft, Part, PartKind, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Draft | None:
    """Put the notice first where the conversation has not shown this version yet."""
    if draft.author is not Author.ASSISTANT or facts.notice_shown == VERSION:
        return None
    language = spoken(draft.language)
    notice = Part(PartKind.NOTICE, fixed("ai_notice", language), language)
    return replace(draft, parts=(notice, *draft.parts), notice=VERSION)
