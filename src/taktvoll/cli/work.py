"""`taktvoll work`: the worker process.

I decide how the worker lives with a database that comes and goes. `up`, service managers and people call me.
I never end because the database is away: I start anew.
"""

import argparse
import asyncio
import signal

from taktvoll.base.errors import Unavailable
from taktvoll.build import make_worker, open_house, quiet_logs, settings_from
from taktvoll.cli.begin import ready_database
from taktvoll.cli.output import Output
from taktvoll.entry.work.wake import deliver_at_once

PAUSE_S = 1.0


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """No options of its own."""


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Work until told to stop."""
    quiet_logs()
    settings = settings_from(arguments.data)
    database = await ready_database(settings, output)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        async with open_house(settings, database, output.progress, together=True) as house:
            while not stopping.is_set():
                worker = make_worker(house, database)
                working = asyncio.create_task(worker.run())
                waking = asyncio.create_task(deliver_at_once(house))
                ending = asyncio.create_task(stopping.wait())
                await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
                ending.cancel()
                waking.cancel()
                worker.stop()
                await asyncio.gather(waking, return_exceptions=True)
                try:
                    await working
                except Unavailable:
                    output.say("the database is away; starting anew")
                await asyncio.sleep(0 if stopping.is_set() else PAUSE_S)
    finally:
        database.release()
    return 0
