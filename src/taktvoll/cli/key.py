"""`taktvoll key`: keys for programs.

I decide how a key is made and listed on the command line. The command line calls me.
I never show a key a second time.
"""

import argparse

from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.keys import scopes_of
from taktvoll.flows.keep_keys import make_key_for, revoke_key_for

BY = "command line"


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("make", parents=[common], help="make a key and show it, this once")
    new.add_argument("name", help="what it is for")
    new.add_argument(
        "--scope", action="append", required=True, metavar="SCOPE", help="as conversation.read; repeatable"
    )
    new.add_argument("--days", type=int, metavar="N", help="how long it lasts; without end by default")
    actions.add_parser("list", parents=[common], help="all keys, the newest first")
    gone = actions.add_parser("revoke", parents=[common], help="end a key for good, at once")
    gone.add_argument("handle", help="its beginning, as list shows it")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        if arguments.action == "make":
            scopes = scopes_of(arguments.scope)
            made = await make_key_for(house, place.id, arguments.name, scopes, arguments.days, BY)
            output.line(made.text)
        elif arguments.action == "revoke":
            await revoke_key_for(house, place.id, arguments.handle, BY)
            output.line(f"{arguments.handle} opens nothing any more")
        else:
            for key in await house.access.keys.keys(place.id):
                state = "open" if key.opens(house.now()) else "revoked" if key.revoked_at else "ended"
                used = rfc3339(key.last_used_at) if key.last_used_at else "never used"
                scopes_listed = " ".join(sorted(scope.value for scope in key.scopes))
                output.line(f"{key.handle} {state:<7} {used}  {key.name}: {scopes_listed}")
    return 0
