"""Advertising needs proven consent (UWG § 7); until consents can be proven here, none leaves.

I decide whether advertising may go out. release calls me. I never classify a text myself: the draft says what it is.
"""

from taktvoll.domain.governance.terms import Draft, DraftClass, Hold, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold every draft of class advertising: no proof of consent is stored yet."""
    return Hold(("advertising.no_consent",)) if draft.draft_class is DraftClass.ADVERTISING else None
