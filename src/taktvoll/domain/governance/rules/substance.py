"""A message says something and has a size a channel can carry.

I decide whether there is anything to send. release calls me. I never judge the content.
"""

from taktvoll.base.limits import MESSAGE_CHARS_MAX, PASSAGE_CHARS_MAX
from taktvoll.domain.governance.terms import Author, Draft, Hold, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold empty drafts and drafts beyond the limit of their author."""
    if not draft.text.strip():
        return Hold(("draft.empty",))
    limit = MESSAGE_CHARS_MAX if draft.author is Author.PERSON else PASSAGE_CHARS_MAX + MESSAGE_CHARS_MAX
    return Hold(("draft.too_long",)) if len(draft.text) > limit else None
