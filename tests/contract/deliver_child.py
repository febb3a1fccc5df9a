"""A process that delivers what is due in one workspace, to be killed at any moment.

I decide nothing. tests/contract/test_deliver.py starts me with: address of the database, data folder, workspace,
seconds by which the clock goes ahead. I never end before everything that is due was tried.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from taktvoll.base.ids import WorkspaceId
from taktvoll.flows.deliver import deliver
from tests.contract.posting import opened


async def main(dsn: str, data: str, workspace: str, ahead_s: str) -> None:
    """Deliver once."""
    async with opened(dsn, Path(data), timedelta(seconds=int(ahead_s))) as house:
        await deliver(house, WorkspaceId(UUID(workspace)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
