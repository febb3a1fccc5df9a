"""What the worker promises: scheduled work runs, one failure stops nothing, and it stops when told."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.jobs import Worker, install
from taktvoll.adapters.postgres.migrate import grant_jobs, migrate
from taktvoll.base.errors import Unavailable
from tests.contract.conftest import APP_ROLE

EACH_SECOND = "* * * * * *"


@pytest.fixture
async def app_dsn(fresh: str) -> str:
    """Give a migrated database of its own: other tests' schedules must not run here."""
    await migrate(fresh, APP_ROLE)
    await install(fresh)
    await grant_jobs(fresh, APP_ROLE)
    return fresh.replace("taktvoll_owner", APP_ROLE)


def counted(times: int) -> tuple[asyncio.Event, Callable[[], Awaitable[None]]]:
    """Work that says when it has run so many times."""
    done, left = asyncio.Event(), [times]

    async def work() -> None:
        left[0] -= 1
        if left[0] <= 0:
            done.set()

    return done, work


async def test_work_runs_on_its_schedule_again_and_again(app_dsn: str) -> None:
    """Cut-off turns are resumed every two seconds: a schedule that runs only once leaves customers waiting."""
    done, work = counted(2)
    worker = Worker(app_dsn, {"count": (EACH_SECOND, work)})
    running = asyncio.ensure_future(worker.run())
    await done.wait()
    worker.stop()
    await running


async def test_a_failing_job_does_not_stop_the_others(app_dsn: str) -> None:
    """One broken workspace must not cost all others their answers."""
    done, work = counted(2)

    async def fail() -> None:
        raise ValueError("a broken job")

    worker = Worker(app_dsn, {"fail": (EACH_SECOND, fail), "count": (EACH_SECOND, work)})
    running = asyncio.ensure_future(worker.run())
    await done.wait()
    worker.stop()
    await running


async def test_what_runs_is_finished_before_the_worker_stops(app_dsn: str) -> None:
    """A job cut in half by every restart would show its traces in the record."""
    begun, finish, finished = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        begun.set()
        await finish.wait()
        finished.append(True)

    worker = Worker(app_dsn, {"slow": (EACH_SECOND, work)})
    running = asyncio.ensure_future(worker.run())
    await begun.wait()
    worker.stop()
    finish.set()
    await running
    assert finished


async def test_a_lost_connection_ends_the_worker(app_dsn: str, superuser: str) -> None:
    """Whoever started it must notice and start it anew, instead of a worker that idles for ever."""
    done, work = counted(1)
    worker = Worker(app_dsn, {"count": (EACH_SECOND, work)})
    running = asyncio.ensure_future(worker.run())
    await done.wait()
    connection = await asyncpg.connect(superuser)
    database = app_dsn.split("///")[1].split("?", maxsplit=1)[0]
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database
    )
    await connection.close()
    (ended,) = await asyncio.gather(running, return_exceptions=True)
    assert ended is None or isinstance(ended, Unavailable), ended


async def test_an_absent_database_is_unavailable() -> None:
    """The caller waits and tries again, with our words in the log."""
    with pytest.raises(Unavailable):
        await Worker("postgresql:///x?host=/nowhere&user=x", {}).run()


async def test_the_queue_s_tables_belong_to_the_program_s_schema(fresh: str, endpoint: Endpoint) -> None:
    """One schema to back up; the program's role may work with the queue and nothing else in it."""
    await migrate(fresh, APP_ROLE)
    assert await install(fresh)
    connection = await asyncpg.connect(fresh)
    schemas = await connection.fetch(
        "select distinct schemaname from pg_tables where tablename like 'pgqueuer%'"
    )
    await connection.close()
    assert [r[0] for r in schemas] == ["taktvoll"]
