"""The beginning that most commands share: settings, database, house, workspace.

I decide that a fresh folder is set up by whichever command comes first. Commands call me.
I never keep a database running for longer than the command.
"""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taktvoll.build import Database, Settings, migrate_database, open_database, open_house, settings_from
from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House

DEFAULT = "default"


@asynccontextmanager
async def begin(arguments: argparse.Namespace, output: Output) -> AsyncIterator[tuple[House, Workspace]]:
    """Open the house and the named workspace for one command.

    Raises: Refused("workspace.unknown").
    """
    settings = settings_from(arguments.data)
    database = await ready_database(settings, output)
    try:
        async with open_house(settings, database, output.progress) as house:
            yield house, await house.directory.workspace(arguments.workspace)
    finally:
        database.release()


async def ready_database(settings: Settings, output: Output, *, upgrade: bool = False) -> Database:
    """Start or reach the database, bring its schema up to date, make the first workspace.

    Takes:  upgrade: also for a database of the company's own, which otherwise only `taktvoll migrate` changes.
    """
    database = open_database(settings, output.say)
    if upgrade or not settings.database_url:
        await migrate_database(database)
    async with open_house(settings, database, output.progress) as house:
        if not await house.directory.workspaces():
            await house.directory.make_workspace(DEFAULT, "de", {}, house.now())
    return database
