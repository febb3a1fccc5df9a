"""The worker's schedule in PostgreSQL by pgqueuer: each tick runs on one machine only.

I decide how scheduled work is kept and handed out. build.py gives me the work, the migration installs my tables.
I never know what a job does.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Schedule

from taktvoll.base.errors import Unavailable

SCHEMA = "taktvoll"
Work = Callable[[], Awaitable[None]]
_TABLE = "pgqueuer_schedules"


async def install(owner_dsn: str) -> bool:
    """Create pgqueuer's tables in our schema if they are missing.

    Gives:  whether they were created now.
    """
    connection = await asyncpg.connect(owner_dsn, timeout=10, server_settings={"search_path": SCHEMA})
    try:
        queries = Queries(AsyncpgDriver(connection))
        missing = not await queries.has_table(_TABLE)
        if missing:
            await queries.install(create_schema=False)
        return missing
    finally:
        await connection.close()


class Worker:
    """Runs work on its schedule until told to stop."""

    def __init__(self, dsn: str, schedule: Mapping[str, tuple[str, Work]]) -> None:
        """Take the schedule: name → (cron expression, seconds as sixth field; work)."""
        self._dsn = dsn
        self._schedule = schedule
        self._queue: PgQueuer | None = None

    async def run(self) -> None:
        """Work until stop() is called or the connection is lost.

        Raises: Unavailable("database.unreachable") when the connection is lost; the caller starts anew.
        """
        try:
            connection = await asyncpg.connect(self._dsn, timeout=10, server_settings={"search_path": SCHEMA})
        except (OSError, asyncpg.PostgresError) as error:
            raise Unavailable("database.unreachable", 2) from error
        self._queue = PgQueuer(AsyncpgDriver(connection))
        connection.add_termination_listener(lambda _connection: self.stop())
        for name, (expression, work) in self._schedule.items():
            self._queue.schedule(name, expression, accepts_context=False)(_scheduled(work))
        try:
            await self._queue.run(dequeue_timeout=timedelta(seconds=5))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("database.unreachable", 2) from error
        finally:
            connection.terminate()

    def stop(self) -> None:
        """Finish what runs and stop."""
        if self._queue is not None:
            self._queue.shutdown.set()


def _scheduled(work: Work) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_schedule: Schedule) -> None:
        await work()

    return run
