"""An editor approves, edits or rejects a proposed wording; an approved one enters the working copy of its entry.

I decide what may become a wording. The desk's page and the command line call me.
I never publish: the next edition does.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WordingId, WorkspaceId
from taktvoll.base.limits import WORDING_CHARS_MAX, WORDINGS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.knowledge.synonyms import words_of
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.knowledge.wordings import (
    PROPOSED_WORDS_MIN,
    Standing,
    known_to,
    masked,
    with_wordings,
    without_contacts,
)
from taktvoll.flows.house import House


async def approve_wording(
    house: House, workspace: WorkspaceId, id: WordingId, by: str, text: str | None = None
) -> Passage:
    """Approve a proposal.

    Takes:  text: as the editor left it; None: the customer's words with names and numbers masked.
    Gives:  the entry as the working copy has it now.
    Raises: Refused("wording.unknown"), Refused("wording.decided"), Refused("wording.text"), Refused("wording.full"),
            Refused("passage.unknown") where the entry is gone, Refused("form.stale") where it changed at this moment.
    """
    proposal = await house.learning.proposal(workspace, id)
    if proposal.standing is not Standing.OPEN:
        raise Refused("wording.decided")
    wording = masked(proposal.text) if text is None else without_contacts(clean(text))
    if len(words_of(wording)) < PROPOSED_WORDS_MIN or len(wording) > WORDING_CHARS_MAX:
        raise Refused("wording.text", limit=WORDING_CHARS_MAX)
    before = await house.learning.entry(workspace, proposal.key)
    if before is None:
        raise Refused("passage.unknown", id=proposal.key.id)
    after = with_wordings(before, (wording,))
    if after == before and not known_to(before, wording):
        raise Refused("wording.full", limit=WORDINGS_MAX)
    await house.learning.approve(workspace, id, wording, before, after, by, house.now())
    return after


async def reject_wording(house: House, workspace: WorkspaceId, id: WordingId, by: str) -> None:
    """Reject a proposal; nearly the same question is not proposed for this entry again.

    Raises: Refused("wording.unknown"), Refused("wording.decided").
    """
    await house.learning.proposal(workspace, id)
    await house.learning.reject(workspace, id, by, house.now())
