"""`taktvoll workspace`: list, make and set up workspaces.

I decide which settings a workspace has on the command line. The command line calls me. I never delete one.
"""

import argparse

from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="all workspaces")
    make = actions.add_parser("add", parents=[common], help="make a workspace")
    make.add_argument("name")
    make.add_argument("--company", metavar="TEXT", help="the company's name as customers read it")
    make.add_argument("--language", default="de", metavar="TAG")
    make.add_argument(
        "--link-host", action="append", metavar="HOST", help="a host that links may lead to; repeatable"
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    wanted, arguments.workspace = arguments.workspace, "default"
    async with begin(arguments, output) as (house, _):
        if arguments.action == "add":
            settings: dict[str, object] = {"company": arguments.company or arguments.name}
            if arguments.link_host:
                settings["link_hosts"] = arguments.link_host
            await house.directory.make_workspace(arguments.name, arguments.language, settings, house.now())
        for place in await house.directory.workspaces():
            output.line(
                f"{'*' if place.name == wanted else ' '} {place.name:<20} {place.settings.get('company', '')}"
            )
    return 0
