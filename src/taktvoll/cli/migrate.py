"""`taktvoll migrate`: bring the database's schema up to date.

I decide nothing; I run what is missing and say so. The command line calls me. I never undo a migration.
"""

import argparse

from taktvoll.build import migrate_database, open_database, settings_from
from taktvoll.cli.output import Output


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """No options of its own."""


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Migrate."""
    database = open_database(settings_from(arguments.data), output.say)
    try:
        ran = await migrate_database(database)
    finally:
        database.release()
    for name in ran:
        output.line(f"done: {name}")
    output.line("the schema is up to date")
    return 0
