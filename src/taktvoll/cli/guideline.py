"""`taktvoll guideline`: see, check, publish and try out what each signal leads to.

I decide how guidelines and their problems are shown. The command line calls me. I never change an edition:
`set` makes a new one.
"""

import argparse
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.conversation.guidelines import Guideline
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House
from taktvoll.flows.set_guidelines import guidelines_in_force, set_guidelines
from taktvoll.flows.simulate_guidelines import simulate_guidelines

SHOWN = 50


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="the guidelines in force, in the order they are asked")
    show = actions.add_parser("show", parents=[common], help="print guidelines as a file to edit")
    show.add_argument("name", nargs="?", help="only this one")
    show.add_argument("--defaults", action="store_true", help="those that come with the program")
    check = actions.add_parser("check", parents=[common], help="say what is wrong with a file")
    check.add_argument("file", type=Path, metavar="FILE")
    new = actions.add_parser("set", parents=[common], help="publish a new edition with these guidelines")
    new.add_argument("file", type=Path, nargs="?", metavar="FILE")
    new.add_argument("--defaults", action="store_true", help="those that come with the program")
    simulate = actions.add_parser(
        "simulate", parents=[common], help="what a file would have changed in past conversations"
    )
    simulate.add_argument("file", type=Path, metavar="FILE")
    simulate.add_argument("--json", action="store_true", help="print every change as a line of JSON")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it; exit 1 if a file has problems."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "list":
            return await _list(house, workspace, output)
        if arguments.action == "show":
            return await _show(house, workspace, arguments, output)
        if arguments.action == "set":
            return await _set(house, workspace, arguments, output)
        guidelines, problems = house.guidelines.read(_text(arguments.file))
        if problems:
            return _complain(problems, output)
        if arguments.action == "check":
            output.line(f"{len(guidelines)} guidelines, nothing wrong")
            return 0
        return await _simulate(house, workspace, guidelines, arguments.json, output)


async def _list(house: House, workspace: Workspace, output: Output) -> int:
    found = await guidelines_in_force(house, workspace.id)
    place = 0 if output.language == "de" else 1
    for g in found.guidelines:
        then = " ".join(x for x in (g.then.value, g.reason, g.urgency) if x)
        output.line(f"{g.name:<20} {then}")
        output.line(f"    when {g.when}")
        output.line(f"    {g.why[place]}  [{g.owner}]")
    if not found.known:
        output.say(f"edition {found.edition} is from before guidelines: taktvoll guideline set --defaults")
    return 0


async def _show(house: House, workspace: Workspace, arguments: argparse.Namespace, output: Output) -> int:
    found = (
        house.guidelines.defaults()
        if arguments.defaults
        else (await guidelines_in_force(house, workspace.id)).guidelines
    )
    chosen = [g for g in found if arguments.name in (None, g.name)]
    if arguments.name and not chosen:
        raise Refused("guideline.unknown", name=arguments.name[:60])
    output.line(house.guidelines.write(chosen).rstrip())
    return 0


async def _set(house: House, workspace: Workspace, arguments: argparse.Namespace, output: Output) -> int:
    if arguments.defaults == bool(arguments.file):
        output.complain("taktvoll guideline set FILE  |  taktvoll guideline set --defaults")
        return 2
    text = None if arguments.defaults else _text(arguments.file)
    made = await set_guidelines(house, workspace.id, text, "command line")
    if isinstance(made, tuple):
        return _complain(made, output)
    output.line(f"edition {made.number} is in force")
    return 0


async def _simulate(
    house: House, workspace: Workspace, guidelines: tuple[Guideline, ...], as_json: bool, output: Output
) -> int:
    found = await simulate_guidelines(house, workspace.id, guidelines, output.progress)
    if as_json:
        for c in found.changed:
            output.json(
                {
                    "conversation": str(c.conversation),
                    "seq": c.seq,
                    "before": str(c.before),
                    "after": str(c.after),
                }
            )
        return 0
    for c in found.changed[:SHOWN]:
        output.line(f"{c.conversation} seq {c.seq}: {c.before} → {c.after}")
    if len(found.changed) > SHOWN:
        output.line(f"… and {len(found.changed) - SHOWN} more (--json lists all)")
    for name, times in found.decided_by.items():
        output.line(f"{name:<20} would decide {times}")
    output.line(f"{found.turns} messages looked at, {len(found.changed)} decided otherwise")
    return 0


def _complain(problems: tuple[Refused, ...], output: Output) -> int:
    for problem in problems:
        output.complain(problem.text(output.language))
    return 1


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("guideline.file", detail=f"{path.name}, {type(error).__name__}") from error
