"""A message says something and has a size a channel can carry.

I decide whether there is anything to send. release calls me. I never judge the content.
"""

from taktvoll.base.limits import MESSAGE_CHARS_MAX, PASSAGE_CHARS_MAX
from taktvoll.domain.governance.terms import Author, Draft, Hold, PartKind, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold empty drafts and drafts beyond the limit of their author."""
    framed = (PartKind.GREETING, PartKind.CLOSING)
    said = "\n\n".join(p.text for p in draft.parts if p.kind not in framed)
    if not said.strip():
        return Hold(("draft.empty",))
    limit = MESSAGE_CHARS_MAX if draft.author is Author.PERSON else PASSAGE_CHARS_MAX + MESSAGE_CHARS_MAX
    return Hold(("draft.too_long",)) if len(said) > limit else None
