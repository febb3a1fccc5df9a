"""What is released is sent at once: news of a conversation wakes the delivery, without waiting for the next tick.

I decide who is listened to and that many news make one delivery. The worker process runs me beside its schedule.
I never end because a delivery fails: the failure is logged by its kind, and the schedule tries again.
"""

import asyncio
import logging

from taktvoll.base.errors import way_of
from taktvoll.base.ids import WorkspaceId
from taktvoll.flows.deliver import deliver
from taktvoll.flows.house import House

PAUSE_S = 0.05
GRACE_S = 5.0
LOOK_S = 60.0
log = logging.getLogger("taktvoll.work")


async def deliver_at_once(house: House) -> None:
    """Run until cancelled; workspaces that are made meanwhile are found within a minute."""
    listening: dict[WorkspaceId, asyncio.Task[None]] = {}
    try:
        while True:
            for place in await _places(house):
                if place not in listening or listening[place].done():
                    listening[place] = asyncio.create_task(_listen(house, place))
            await asyncio.sleep(LOOK_S)
    finally:
        for task in listening.values():
            task.cancel()
        await asyncio.gather(*listening.values(), return_exceptions=True)


async def _places(house: House) -> tuple[WorkspaceId, ...]:
    try:
        return tuple(place.id for place in await house.directory.workspaces())
    except Exception as error:  # the database is away: the next look finds it
        log.error("looking for workspaces failed: %s: %s", type(error).__name__, way_of(error))
        return ()


async def _listen(house: House, workspace: WorkspaceId) -> None:
    """Deliver after each news; what comes in while one delivery runs is one more delivery."""
    news = asyncio.Event()
    sending = asyncio.create_task(_send(house, workspace, news))
    try:
        async with house.push.listen(workspace, None) as changes:
            async for changed in changes:
                if changed is not None and not changed.typing:
                    news.set()
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _deliver(house: House, workspace: WorkspaceId) -> None:
    await deliver(house, workspace)


async def _finish(work: asyncio.Task[None]) -> None:
    """Let a delivery end although we are told to stop: a mail that is cut off may have to be sent twice."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work}, timeout=GRACE_S)
        work.cancel()
        raise


async def _send(house: House, workspace: WorkspaceId, news: asyncio.Event) -> None:
    while True:
        await news.wait()
        news.clear()
        try:
            await _finish(asyncio.create_task(_deliver(house, workspace)))
        except Exception as error:  # one failure must not stop the others
            log.error("delivery failed: %s: %s", type(error).__name__, way_of(error))
        await asyncio.sleep(PAUSE_S)
