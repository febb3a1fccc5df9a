"""Files that go along are few, small enough, and nothing that runs when it is opened.

I decide that for the draft as a whole; each file was looked at when it was added. release calls me. I never see a
file's bytes.
"""

from taktvoll.domain.conversation.files import why_not_together
from taktvoll.domain.governance.terms import Draft, Hold, ReleaseFacts


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold a draft whose files may not go along."""
    why = why_not_together(draft.files)
    return Hold((why,)) if why else None
