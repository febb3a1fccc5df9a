"""`taktvoll passage`: take a passage out of use, whatever edition is in force.

I decide how it is named on the command line. The command line calls me. I never delete a passage.
"""

import argparse

from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    withdraw = actions.add_parser(
        "withdraw", parents=[common], help="never use it again, also after a roll-back"
    )
    withdraw.add_argument("id", help="the id of the imported entry")
    withdraw.add_argument("--collection", metavar="NAME", help="only in this collection")
    withdraw.add_argument("--language", metavar="TAG", help="only in this language")
    withdraw.add_argument(
        "--reason", default="withdrawn on the command line", help="kept in the library's log"
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Withdraw."""
    async with begin(arguments, output) as (house, workspace):
        keys = await house.library.withdraw(
            workspace.id,
            arguments.id,
            arguments.collection,
            arguments.language,
            "command line",
            arguments.reason,
            house.now(),
        )
    for key in keys:
        output.line(f"withdrawn: {key.collection}/{key.id} ({key.language})")
    return 0
