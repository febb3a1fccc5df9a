"""`taktvoll serve`: the web process.

I decide how the server listens. `up`, service managers and people call me. I never listen beyond loopback by myself.
"""

import argparse
import asyncio

import uvicorn
import uvloop

from taktvoll.build import quiet_logs, settings_from
from taktvoll.build_web import make_app
from taktvoll.cli.begin import ready_database
from taktvoll.cli.output import Output
from taktvoll.entry.front import Front

NEW_LOOP = uvloop.new_event_loop
"""The loop that main runs me on."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("--host", metavar="ADDRESS", help="default 127.0.0.1 (TAKTVOLL_HOST)")
    parser.add_argument("--port", type=int, metavar="N", help="default 8400 (TAKTVOLL_PORT)")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Serve until told to stop."""
    quiet_logs()
    settings = settings_from(arguments.data, arguments.host, arguments.port)
    database = await ready_database(settings, output)
    try:
        config = uvicorn.Config(
            make_app(settings, database, output.progress),
            host=settings.host,
            port=settings.port,
            http=Front,
            loop="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=3,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=settings.proxies,
            limit_concurrency=2_000,
        )
        server = uvicorn.Server(config)
        await server.serve()
    except asyncio.CancelledError:
        return 0
    finally:
        database.release()
    return 0 if server.started else 3
