"""What has outlived its term is erased by itself: originals of mails, and files that nobody sent.

I decide which terms hold and how much is done at once. The worker calls me every night. I never erase what has no term,
and never hold up what people do: batches are small, and what somebody works on is left for the next night.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.governance.keeping import terms_of
from taktvoll.flows.house import House

BATCH = 100
BATCHES_MAX = 2_000

Erase = Callable[[WorkspaceId, datetime, datetime, int], Awaitable[int]]


async def erase_overdue(house: House, workspace: WorkspaceId) -> int:
    """Erase what is overdue.

    Gives:  how many originals and files.
    """
    place = await house.directory.workspace_by_id(workspace)
    terms, count = terms_of(place.settings), 0
    work: tuple[tuple[int | None, Erase], ...] = (
        (terms.originals_days, house.eraser.originals),
        (terms.unsent_files_days, house.eraser.unsent_files),
    )
    for days, erase in work:
        if days is not None:
            count += await _erase(house, workspace, house.now() - timedelta(days=days), erase)
    return count


async def _erase(house: House, workspace: WorkspaceId, before: datetime, erase: Erase) -> int:
    count = 0
    for _ in range(BATCHES_MAX):
        done = await erase(workspace, before, house.now(), BATCH)
        count += done
        if done < BATCH:
            break
    return count
