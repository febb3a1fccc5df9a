"""The worker process as it runs in a company: it sends by itself, and when it is told to stop it finishes its mail."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from taktvoll.adapters.jobs import install
from taktvoll.adapters.postgres.migrate import grant_jobs, migrate
from tests.contract.conftest import APP_ROLE
from tests.contract.mailserver import good_server
from tests.contract.posting import opened, post_of


async def test_the_worker_sends_and_finishes_what_it_has_begun(fresh: str, tmp_path: Path) -> None:
    """An update restarts the worker every week; no customer may get a mail twice because of it."""
    await migrate(fresh, APP_ROLE)
    await install(fresh)
    await grant_jobs(fresh, APP_ROLE)
    app = fresh.replace("user=taktvoll_owner", f"user={APP_ROLE}")
    came, workers = asyncio.Queue[int](), list[asyncio.subprocess.Process]()

    async def stopping(number: int) -> None:
        """At the second mail the worker is told to stop before the server has said that it took it."""
        if number == 2:
            workers[0].send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
        came.put_nowait(number)

    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAKTVOLL_")}
    async with opened(app, tmp_path) as house, good_server(on_data=stopping) as (port, taken):
        post = await post_of(house, house.now())
        await post.set_up(port=port)
        workers.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "taktvoll", "work", "--data", str(tmp_path),
                env=kept | {"TAKTVOLL_DATABASE_URL": app},
            )
        )  # fmt: skip
        conversations = [await post.asked_and_answered()]
        assert await came.get() == 1
        conversations.append(await post.asked_and_answered())
        assert await came.get() == 2
        assert await asyncio.wait_for(workers[0].wait(), 60) == 0
        events = [await post.events(c) for c in conversations]
    assert [[(e.kind, e.payload["unsure"]) for e in one] for one in events] == [
        [("delivery.sent", False)]
    ] * 2
    assert len(set(taken.ids)) == len(taken.ids) == 2
