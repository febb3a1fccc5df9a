"""Someone who leads sets the service hours: from now on they hold, for notices and for every open target.

I decide that only what reads without a mistake is kept. The command line and the desk call me. I never change a file.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.hours.file import read_hours
from taktvoll.flows.house import House


async def set_hours(house: House, workspace: WorkspaceId, file: str, by: str) -> tuple[Refused, ...]:
    """Keep a file, if nothing is wrong with it.

    Takes:  by: who sets it, for the record of changes.
    Gives:  everything that is wrong with it; nothing when it is in force.
    Raises: Refused("form.stale") if someone else sets hours at the same instant.
    """
    found, problems = read_hours(file)
    if found is None:
        return problems
    await house.hours.put(workspace, file, by, house.now())
    return ()
