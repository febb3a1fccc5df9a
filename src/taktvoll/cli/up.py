"""`taktvoll up`: database, web process and worker on one machine, kept running.

I decide what runs and start again what dies. People call me. I never serve a request myself.
"""

import argparse
import asyncio
import ctypes
import signal
import sys
from contextlib import suppress
from pathlib import Path

from taktvoll.base.errors import Unavailable
from taktvoll.build import Database, Settings, open_house, settings_from
from taktvoll.cli.begin import ready_database
from taktvoll.cli.output import Output
from taktvoll.cli.sample import SIGN_IN_FILE, offer_sample
from taktvoll.flows.renew_editions import renew_editions

RESTART_PAUSE_S = 0.5
READY_S_MAX = 60
STOP_S_MAX = 8
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("--host", metavar="ADDRESS", help="default 127.0.0.1 (TAKTVOLL_HOST)")
    parser.add_argument("--port", type=int, metavar="N", help="default 8400 (TAKTVOLL_PORT)")
    parser.add_argument("--no-sample", action="store_true", help="no sample company on a fresh folder")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Start everything and keep it running until told to stop."""
    settings = settings_from(arguments.data, arguments.host, arguments.port)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    output.say("Starting the database …")
    database = await ready_database(settings, output, upgrade=True)
    try:
        async with open_house(settings, database, output.progress) as house:
            if not arguments.no_sample:
                await offer_sample(house, settings.data, output)
            for name, edition in await renew_editions(house):
                output.say(f"Workspace {name}: edition {edition} fits the last one to this version's search.")
        where = ["--data", str(settings.data)]
        serve = ["serve", *where, "--host", settings.host, "--port", str(settings.port)]
        keepers = [asyncio.create_task(_keep(words, stopping, output)) for words in (serve, ["work", *where])]
        keepers.append(asyncio.create_task(_keep_database(database, stopping)))
        if await _ready(settings, stopping):
            _announce(settings, output)
        await stopping.wait()
        await asyncio.gather(*keepers)
    finally:
        database.release()
    return 0


async def _keep(words: list[str], stopping: asyncio.Event, output: Output) -> None:
    """Run a process; start it again if it ends before we are told to stop."""
    while not stopping.is_set():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "taktvoll", *words, preexec_fn=_end_with_parent
        )
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if not ended.done():
            process.terminate()
            await asyncio.wait({ended}, timeout=STOP_S_MAX)
        if not ended.done():
            process.kill()
        await ended
        if not stopping.is_set():
            output.complain(f"taktvoll {words[0]} ended with {process.returncode}; starting it again")
            await asyncio.sleep(RESTART_PAUSE_S)


async def _keep_database(database: Database, stopping: asyncio.Event) -> None:
    """See that the database's own keeper lives; it restarts the server, and nobody else would restart it."""
    while not stopping.is_set():
        with suppress(Unavailable):
            await asyncio.to_thread(database.keep)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), RESTART_PAUSE_S)


def _end_with_parent() -> None:
    """Ask Linux to stop this child when we die, even by kill -9: what lived on would hold the port of the next `up`.

    Source: prctl(2), PR_SET_PDEATHSIG.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _ready(settings: Settings, stopping: asyncio.Event) -> bool:
    """Wait until the web process answers."""
    for _ in range(READY_S_MAX * 20):
        if stopping.is_set():
            return False
        try:
            reader, writer = await asyncio.open_connection(settings.host, settings.port)
            writer.write(
                f"GET /healthz HTTP/1.1\r\nHost: {settings.host}\r\nConnection: close\r\n\r\n".encode()
            )
            status = await reader.readline()
            writer.close()
        except OSError:  # not there yet, or gone again
            status = b""
        if b" 200 " in status:
            return True
        await asyncio.sleep(0.05)
    return False


def _announce(settings: Settings, output: Output) -> None:
    base = f"http://{settings.host}:{settings.port}"
    sign_in = settings.data / SIGN_IN_FILE
    output.line(f"taktvoll is up. Data: {settings.data}")
    if sign_in.exists():
        email, password, everyone = _read(sign_in)
        output.line(f"  Chat with the sample company:  {base}/w/auental/demo")
        output.line(f"  Desk:                          {base}/w/auental/desk")
        output.line(f"  Sign in as {email} with {password}  (kept in {sign_in})")
        for one in everyone:
            output.line(f"    {one}")
    else:
        output.line(f"  Chat:  {base}/w/default/demo")
        output.line(f"  Desk:  {base}/w/default/desk   (taktvoll staff add EMAIL --name NAME)")
    output.line("Stop with Ctrl+C.")
    sys.stdout.flush()


def _read(path: Path) -> tuple[str, str, list[str]]:
    """The address and password that are shown first, and the others by role, who share the password."""
    email, password, *others = path.read_text(encoding="utf-8").splitlines()
    return email, password, [one for one in others if one and not one.endswith(f" {email}")]
