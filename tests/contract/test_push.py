"""What the port Push promises: news at once within a process, soon in the others, also after a lost connection."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.push import QUEUE_MAX, PostgresPush
from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.domain.conversation.ports import Changed
from tests.contract.conftest import APP_ROLE, NOW, talk


def workspace() -> WorkspaceId:
    """A workspace's id; news needs no row of it."""
    return WorkspaceId(uuid7(NOW))


@pytest.fixture
def push(pool: Pool) -> PostgresPush:
    """Give the push of a process that works alone."""
    return PostgresPush(pool)


@pytest.fixture
async def two(endpoint: Endpoint) -> AsyncIterator[tuple[PostgresPush, PostgresPush]]:
    """Give the pushes of two processes, each with a pool of its own."""
    pools = [Pool(endpoint.dsn("app"), 2, APP_ROLE) for _ in range(2)]
    pushes = [PostgresPush(p) for p in pools]
    for one in pushes:
        await one.start()
    yield pushes[0], pushes[1]
    for one in pushes:
        await one.close()
    for p in pools:
        await p.close()


async def heard(sender: PostgresPush, news: AsyncIterator[Changed | None], changed: Changed) -> Changed:
    """Publish until the other process hears: it joins in its own time, and a lost connection takes its own."""
    hearing = asyncio.ensure_future(anext(news))
    while not hearing.done():
        sender.publish(changed)
        await asyncio.wait({hearing}, timeout=0.05)
    result = hearing.result()
    assert result is not None
    return result


async def test_listeners_hear_at_once_what_concerns_them(push: PostgresPush) -> None:
    """The customer hears of their conversation, the desk of all of its workspace, nobody of another one's."""
    here, there = workspace(), workspace()
    mine, yours = talk(), talk()
    async with (
        push.listen(here, mine) as one,
        push.listen(here, None) as all_of_it,
        push.listen(there, None) as other,
    ):
        for changed in (Changed(here, mine, 1), Changed(here, yours, 2), Changed(there, mine, 3)):
            push.publish(changed)
        assert await anext(one) == Changed(here, mine, 1)
        assert [await anext(all_of_it), await anext(all_of_it)] == [
            Changed(here, mine, 1),
            Changed(here, yours, 2),
        ]
        assert await anext(other) == Changed(there, mine, 3)
        push.publish(Changed(here, mine, 4, typing="Anna"))
        assert await anext(one) == Changed(here, mine, 4, typing="Anna")


async def test_publishing_to_nobody_is_nothing(push: PostgresPush) -> None:
    """Flows publish after every commit and must never wait or fail over it."""
    push.publish(Changed(workspace(), talk(), 1))


async def test_a_slow_listener_hears_the_newest(push: PostgresPush) -> None:
    """A sleeping browser tab must not fill the memory, and must be up to date when it wakes."""
    here, mine = workspace(), talk()
    async with push.listen(here, mine) as news:
        for seq in range(1, QUEUE_MAX + 101):
            push.publish(Changed(here, mine, seq))
        got = [await anext(news) for _ in range(QUEUE_MAX)]
    assert [c.seq for c in got if c] == list(range(101, QUEUE_MAX + 101))


async def test_a_closed_screen_is_forgotten(push: PostgresPush) -> None:
    """Every opened chat would otherwise stay in memory for ever."""
    here, mine = workspace(), talk()
    async with push.listen(here, mine), push.listen(here, mine):
        pass
    push.publish(Changed(here, mine, 1))
    async with push.listen(here, mine) as news:
        push.publish(Changed(here, mine, 2))
        got = await anext(news)
    assert got is not None
    assert got.seq == 2


async def test_another_process_hears_too(two: tuple[PostgresPush, PostgresPush]) -> None:
    """Customer and agent are served by different machines; ids and seq travel, words do not."""
    here, mine = workspace(), talk()
    async with two[1].listen(here, mine) as news:
        assert await heard(two[0], news, Changed(here, mine, 7)) == Changed(here, mine, 7)


async def test_a_process_does_not_hear_itself_twice(two: tuple[PostgresPush, PostgresPush]) -> None:
    """The news comes back from the database to its sender as well; shown twice, a screen would flicker."""
    here, mine = workspace(), talk()
    async with two[0].listen(here, mine) as own, two[1].listen(here, mine) as news:
        await heard(two[0], news, Changed(here, mine, 1))
        two[0].publish(Changed(here, mine, 2))
        while (got := await anext(news)) is None or got.seq != 2:
            pass
        while getattr(await anext(own), "seq", 0) != 2:
            pass
        two[0].publish(Changed(here, mine, 3))
        assert getattr(await anext(own), "seq", 0) == 3


async def test_a_lost_connection_is_made_anew(two: tuple[PostgresPush, PostgresPush], raw: Any) -> None:
    """The database restarts at night: screens end, because nobody knows what they missed, and hear again afterwards."""
    here, mine = workspace(), talk()
    async with two[1].listen(here, mine) as news:
        await heard(two[0], news, Changed(here, mine, 1))
        killed = await raw.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where query ilike 'listen%' and pid <> pg_backend_pid()"
        )
        assert killed >= 2
        ended = False
        while not ended:
            try:
                await heard(two[0], news, Changed(here, mine, 2))
            except StopAsyncIteration:
                ended = True
    async with two[1].listen(here, mine) as news:
        assert (await heard(two[0], news, Changed(here, mine, 3))).seq >= 2


async def test_much_news_at_once_arrives_whole(two: tuple[PostgresPush, PostgresPush]) -> None:
    """A campaign's answers or a busy morning: hundreds of conversations move at once, some with long names typing."""
    here = workspace()
    talks = {talk() for _ in range(200)}
    async with two[1].listen(here, None) as news:
        await heard(two[0], news, Changed(here, talk(), 0))
        for one in talks:
            two[0].publish(Changed(here, one, 5, typing="Ännchen-Wilhelmine von und zu " * 6))
        waiting: set[ConversationId] = set(talks)
        while waiting:
            got = await anext(news)
            assert got is not None, "the sender has fallen silent"
            waiting.discard(got.conversation)


async def test_closing_ends_everything(endpoint: Endpoint) -> None:
    """A process that stops must not leave tasks behind."""
    pool = Pool(endpoint.dsn("app"), 2, APP_ROLE)
    push = PostgresPush(pool)
    before = asyncio.all_tasks()
    await push.start()
    await push.close()
    await pool.close()
    assert asyncio.all_tasks() == before
