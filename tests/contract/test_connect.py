"""The pool: who waits for whom, and what a caller hears when the database ends a wait.

I decide nothing; I claim what callers rely on. pytest calls me. I never reach into the pool.
"""

import asyncio

import pytest

from taktvoll.adapters.postgres.connect import Working
from taktvoll.base.errors import Unavailable
from tests.contract.conftest import Place

_LOCK = "select pg_advisory_xact_lock($1)"


async def test_work_that_was_caught_in_a_deadlock_is_done_again(place: Place) -> None:
    """PostgreSQL ends one of two that wait for each other; a customer's message must not be lost over it."""
    meeting = asyncio.Barrier(2)
    met: list[str] = []

    async def both(name: str, first: int, second: int) -> str:
        async def work(connection: Working) -> str:
            async with connection.transaction():
                await connection.execute(_LOCK, first)
                if len(met) < 2:  # the second try finds nobody in its way
                    met.append(name)
                    await meeting.wait()
                await connection.execute(_LOCK, second)
            return name

        return await place.pool.run(work)

    done = await asyncio.gather(both("a", 71, 72), both("b", 72, 71))
    assert list(done) == ["a", "b"]


async def test_a_person_s_command_caught_in_a_deadlock_may_be_given_again(place: Place) -> None:
    """It is not repeated by itself, because it may have been half done elsewhere; but it is no fault of ours either."""
    meeting = asyncio.Barrier(2)

    async def both(first: int, second: int) -> None:
        async with place.pool.within(place.id) as connection:
            await connection.execute(_LOCK, first)
            await meeting.wait()
            await connection.execute(_LOCK, second)

    ended = await asyncio.gather(both(73, 74), both(74, 73), return_exceptions=True)
    [failed] = [e for e in ended if e is not None]
    with pytest.raises(Unavailable, match=r"database\.unreachable"):
        raise failed
