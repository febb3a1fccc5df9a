"""No text leaves with a place that was to be filled and was not.

I decide that "{{name}}" is no word to a customer. release calls me. I never fill a place.
"""

from taktvoll.domain.governance.placeholders import unfilled
from taktvoll.domain.governance.terms import Draft, Hold, PartKind, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold a draft in which a place stands open; what a customer is quoted with is theirs."""
    open_places = any(unfilled(p.text) for p in draft.parts if p.kind is not PartKind.QUOTE)
    return Hold(("place.open",)) if open_places else None
