"""`taktvoll glossary`: the workspace's own terms and the words that customers use for them.

I decide how terms are named on the command line. The command line calls me. I never publish.
"""

import argparse
from pathlib import Path

from taktvoll.base.limits import GLOSSARY_TERMS_MAX
from taktvoll.cli.begin import begin
from taktvoll.cli.import_texts import detail_of
from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House
from taktvoll.flows.keep_glossary import add_term, import_terms, remove_term

BY = "command line"
SHOWN = 20
NEXT = "It counts from the next edition on: taktvoll edition publish"


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", parents=[common], help="all terms with their synonyms")
    show.add_argument("--json", action="store_true", help="one JSON object a term")
    new = actions.add_parser("add", parents=[common], help="add a term, or more synonyms to one")
    new.add_argument("term", help="as your texts use it")
    new.add_argument("synonyms", nargs="+", metavar="SYNONYM", help="what customers say instead")
    gone = actions.add_parser("remove", parents=[common], help="take a term out")
    gone.add_argument("term", help="as glossary list shows it")
    read = actions.add_parser("import", parents=[common], help="add the terms of a file")
    read.add_argument(
        "path",
        type=Path,
        metavar="FILE",
        help=f"JSON, JSON Lines or CSV with term and synonyms, at most {GLOSSARY_TERMS_MAX} terms",
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it; exit 1 if any term of a file could not be used."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "list":
            for term in (await house.learning.glossary(workspace.id)).terms:
                if arguments.json:
                    output.json({"term": term.term, "synonyms": list(term.synonyms)})
                else:
                    output.line(f"{term.term} = {', '.join(term.synonyms)}")
            return 0
        if arguments.action == "import":
            return await _import(house, workspace, arguments.path, output)
        if arguments.action == "add":
            kept = await add_term(house, workspace.id, arguments.term, arguments.synonyms, BY)
            output.line(f"{kept.term} = {', '.join(kept.synonyms)}")
        else:
            await remove_term(house, workspace.id, arguments.term)
            output.line(f"removed: {arguments.term}")
    output.say(NEXT)
    return 0


async def _import(house: House, workspace: Workspace, path: Path, output: Output) -> int:
    read = await import_terms(house, workspace.id, path, BY)
    output.line(f"{read.kept} terms from {path.name}")
    for p in read.problems[:SHOWN]:
        output.complain(f"{p.place}: {detail_of(p, output.language)} ({p.code})")
    if len(read.problems) > SHOWN:
        output.complain(f"… and {len(read.problems) - SHOWN} more")
    if read.kept:
        output.say(NEXT)
    return 1 if read.problems or not read.kept else 0
