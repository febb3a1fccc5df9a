"""`taktvoll edition`: list, compare, publish and roll back what may be said.

I decide how editions are shown. The command line calls me. I never change an edition.
"""

import argparse

from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.library.terms import compare
from taktvoll.flows.publish_edition import publish_edition
from taktvoll.flows.renew_editions import renew_editions


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="all editions, newest first")
    diff = actions.add_parser("diff", parents=[common], help="what changed between two editions")
    diff.add_argument("old", type=int, help="an edition's number")
    diff.add_argument("new", type=int, help="another one's")
    back = actions.add_parser("rollback", parents=[common], help="put an earlier edition in force again")
    back.add_argument("number", type=int, help="as edition list shows it")
    actions.add_parser("renew", parents=[common], help="after an upgrade: fit the last edition to its search")
    actions.add_parser("publish", parents=[common], help="publish what was imported with --draft")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "list":
            for e in await house.library.editions(workspace.id):
                mark = "*" if e.current else " "
                output.line(
                    f"{mark} {e.number:>4}  {rfc3339(e.made_at)}  {e.passages:>7} passages  by {e.made_by}"
                )
        elif arguments.action == "diff":
            old, _ = await house.library.manifest(workspace.id, arguments.old)
            new, _ = await house.library.manifest(workspace.id, arguments.new)
            found = compare(old, new)
            for sign, keys in (("+", found.added), ("-", found.removed), ("~", found.changed)):
                for key in keys:
                    output.line(f"{sign} {_name(key)}")
            if found.rules_changed:
                output.line("~ rules")
        elif arguments.action == "rollback":
            await house.library.roll_back(workspace.id, arguments.number, "command line", house.now())
            output.line(f"edition {arguments.number} is in force")
        elif arguments.action == "renew":
            for name, number in await renew_editions(house) or [("", 0)]:
                output.line(f"{name}: edition {number} is in force" if name else "nothing to renew")
        else:
            manifest = await publish_edition(house, workspace.id, "command line")
            output.line(f"edition {manifest.number} is in force")
    return 0


def _name(key: PassageKey) -> str:
    return f"{key.collection}/{key.id} ({key.language})"
