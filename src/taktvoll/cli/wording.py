"""`taktvoll wording`: questions of customers that may become further wordings of an entry.

I decide how proposals are listed and decided on the command line. The command line calls me.
I never show a customer's words unmasked.
"""

import argparse
from uuid import UUID

from taktvoll.base.ids import WordingId
from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.knowledge.wordings import Proposal, Standing, masked
from taktvoll.flows.approve_wording import approve_wording, reject_wording

BY = "command line"
LISTED_MAX = 1_000


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", parents=[common], help="proposals, those confirmed most often first")
    show.add_argument(
        "--standing", choices=[s.value for s in Standing], default=Standing.OPEN.value, help="default open"
    )
    show.add_argument("--json", action="store_true", help="one JSON object a proposal")
    yes = actions.add_parser("approve", parents=[common], help="make it a wording of its entry")
    yes.add_argument("id", type=UUID, help="as wording list shows it")
    yes.add_argument("--text", help="other words; default: the customer's, names and numbers masked")
    no = actions.add_parser("reject", parents=[common], help="never propose it for this entry again")
    no.add_argument("id", type=UUID, help="as wording list shows it")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "list":
            standing = Standing(arguments.standing)
            for p in await house.learning.proposals(workspace.id, standing, None, LISTED_MAX):
                _show(p, arguments.json, output)
            return 0
        named = WordingId(arguments.id)
        if arguments.action == "approve":
            entry = await approve_wording(house, workspace.id, named, BY, arguments.text)
            output.line(
                f"{entry.collection}/{entry.id} ({entry.language}) has {len(entry.wordings)} wordings"
            )
            output.say("It counts from the next edition on: taktvoll edition publish")
        else:
            await reject_wording(house, workspace.id, named, BY)
            output.line("rejected")
    return 0


def _show(p: Proposal, as_json: bool, output: Output) -> None:
    text = masked(p.text)
    if not as_json:
        output.line(
            f"{p.id}  {p.confirmed:>3}× {p.why.value:<7} {p.key.collection}/{p.key.id} ({p.key.language}): {text}"
        )
        return
    output.json(
        {
            "id": str(p.id),
            "collection": p.key.collection,
            "entry": p.key.id,
            "language": p.key.language,
            "text": text,
            "why": p.why.value,
            "confirmed": p.confirmed,
            "standing": p.standing.value,
            "at": rfc3339(p.at),
        }
    )
