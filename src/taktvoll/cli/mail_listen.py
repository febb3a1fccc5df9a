"""`taktvoll mail listen`: the server that takes mail in from the company's own mail server.

I decide how it listens: on loopback by default, because it asks nobody for a password. cli/mail.py calls me.
I never relay: only addresses of mailboxes are recipients.
"""

import argparse
import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from taktvoll.build import make_intake, open_house, quiet_logs, settings_from
from taktvoll.cli.begin import ready_database
from taktvoll.cli.output import Output

if TYPE_CHECKING:
    Actions = argparse._SubParsersAction[argparse.ArgumentParser]

PORT = 8425


def add(actions: "Actions", common: argparse.ArgumentParser) -> None:
    """Name the action and its options."""
    listen = actions.add_parser(
        "listen", parents=[common], help="take mail in by SMTP or LMTP from your own mail server"
    )
    listen.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default 127.0.0.1")
    listen.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"default {PORT}; 0 takes a free one"
    )
    listen.add_argument("--lmtp", action="store_true", help="speak LMTP, with an answer for each recipient")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Listen until told to stop."""
    quiet_logs()
    settings = settings_from(arguments.data)
    database = await ready_database(settings, output)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        async with open_house(settings, database, output.progress, together=True) as house:
            intake = make_intake(house, arguments.host, arguments.port, lmtp=arguments.lmtp)
            port = await intake.start()
            output.line(
                f"taking mail in at {arguments.host}:{port} by {'LMTP' if arguments.lmtp else 'SMTP'}"
            )
            sys.stdout.flush()
            await stopping.wait()
            await intake.stop()
    finally:
        database.release()
    return 0
