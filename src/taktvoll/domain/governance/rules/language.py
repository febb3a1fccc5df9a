"""The customer reads their own language, or is told that the text exists only in another one.

I decide whether a hint goes before the text. release calls me. I never translate.
"""

from dataclasses import replace

from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.governance.terms import THEIR_WORDS, Author, Draft, Part, PartKind, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Draft | None:
    """Put "only in another language" before the first part of the assistant's message in a foreign language."""
    if draft.author is not Author.ASSISTANT or any(p.kind is PartKind.HINT for p in draft.parts):
        return None
    wanted = spoken(draft.language)
    for place, part in enumerate(draft.parts):
        if part.kind not in THEIR_WORDS and spoken(part.language) != wanted:
            hint = Part(PartKind.HINT, fixed("only_in", wanted, draft.texts), wanted)
            return replace(draft, parts=(*draft.parts[:place], hint, *draft.parts[place:]))
    return None
