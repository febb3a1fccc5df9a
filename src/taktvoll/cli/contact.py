"""`taktvoll contact`: find people who write to the company, and erase one with everything.

I decide how much is said before anything is erased. The command line calls me. I never erase without a yes.
"""

import argparse
import sys
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId
from taktvoll.base.limits import CONTACTS_SHOWN_MAX
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.governance.keeping import Extent
from taktvoll.flows.erase_contact import erase_contact

BY = "command line"
WORD = "erase"


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    find = actions.add_parser("find", parents=[common], help="contacts by a part of their name or an address")
    find.add_argument("text")
    gone = actions.add_parser(
        "erase",
        parents=[common],
        help="erase a contact with all addresses, and texts, originals and files of all their conversations",
        description=(
            "The chain stays and stays provable; what was said is gone for good. Wordings that were approved and"
            " examples with a text of their own stay: look through them. There are no legal holds yet: what the law"
            " makes you keep, keep out of this."
        ),
    )
    gone.add_argument("contact", help="its id, as find or the desk's page shows it")
    gone.add_argument(
        "--why", default="", metavar="TEXT", help="on what grounds, without a name; goes on record"
    )
    gone.add_argument("--by", default=BY, metavar="NAME", help="who does it; goes on record")
    gone.add_argument("--dry-run", action="store_true", help="only say what would go")
    gone.add_argument("--yes", action="store_true", help=f"do not ask for the word “{WORD}”")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        if arguments.action == "find":
            for card in await house.contacts.search(place.id, arguments.text, CONTACTS_SHOWN_MAX):
                addresses = ", ".join(i.written for i in card.identities)
                output.line(f"{card.contact.id}  {card.contact.name or '–'}  {addresses}")
            return 0
        contact = _id(arguments.contact)
        extent = await house.eraser.extent(place.id, contact)
        _say(extent, output)
        if arguments.dry_run:
            return 0
        if not arguments.yes and not _agreed(output):
            output.complain("nothing was erased")
            return 1
        await erase_contact(house, place.id, contact, arguments.by, arguments.why)
        output.line("erased; `taktvoll audit erasures` lists it")
    return 0


def _say(extent: Extent, output: Output) -> None:
    """What would go, and what stands in the way."""
    output.line(f"contacts       {extent.contacts}, with {extent.identities} addresses")
    output.line(f"conversations  {len(extent.conversations)}, which stay on record without their words")
    output.line(f"texts          {extent.texts}")
    output.line(f"originals      {extent.originals}")
    output.line(f"files          {extent.files}")
    for conversation in extent.open:
        output.line(f"open           {conversation}: people have it or owe a call; close it first")


def _agreed(output: Output) -> bool:
    output.say(f"This cannot be undone. Type “{WORD}” to go on:")
    return sys.stdin.readline().strip() == WORD


def _id(text: str) -> ContactId:
    try:
        return ContactId(UUID(text))
    except ValueError as error:
        raise Refused("contact.unknown") from error
