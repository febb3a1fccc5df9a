"""`taktvoll hours`: show, check and set when people are there and what is due until when.

I decide how service hours look on the command line. The command line calls me. I never keep a file that has a mistake.
"""

import argparse
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.base.limits import HOURS_FILE_BYTES_MAX
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.hours.file import read_hours
from taktvoll.domain.hours.writing import write_hours
from taktvoll.flows.read_hours import Hours, calendar_of, hours_of
from taktvoll.flows.read_preview import preview
from taktvoll.flows.set_hours import set_hours


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", parents=[common], help="print the hours in force as a file to edit")
    days = actions.add_parser("days", parents=[common], help="the coming 14 days, with holidays")
    days.add_argument("file", type=Path, nargs="?", metavar="FILE", help="as this file would have them")
    check = actions.add_parser("check", parents=[common], help="say what is wrong with a file")
    check.add_argument("file", type=Path, metavar="FILE")
    new = actions.add_parser("set", parents=[common], help="put a file in force")
    new.add_argument("file", type=Path, metavar="FILE")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it; exit 1 if a file has problems."""
    async with begin(arguments, output) as (house, place):
        if arguments.action == "show":
            hours = await hours_of(house, place.id)
            output.line((hours.edited.file or write_hours(hours.set)).rstrip())
            if not hours.set.confirmed:
                output.say(
                    "nobody has set hours yet: these are the defaults, and customers are told nothing of them"
                )
            return 0
        if arguments.action == "set":
            problems = await set_hours(house, place.id, _text(arguments.file), "command line")
            return (
                _complain(problems, output)
                if problems
                else _in_force(await hours_of(house, place.id), output)
            )
        if arguments.action == "check":
            _, problems = read_hours(_text(arguments.file))
            return _complain(problems, output) if problems else 0
        hours = await hours_of(house, place.id)
        found, calendar = hours.set, hours.calendar
        if arguments.file:
            read, problems = read_hours(_text(arguments.file))
            if read is None:
                return _complain(problems, output)
            found, calendar = read, calendar_of(house, read, house.now().date())
        for day in preview(found, calendar, house.now(), output.language):
            output.line(f"{day.name:<28} {day.text}")
    return 0


def _in_force(hours: Hours, output: Output) -> int:
    output.line(f"service hours {hours.edited.number} are in force")
    return 0


def _complain(problems: tuple[Refused, ...], output: Output) -> int:
    for problem in problems:
        output.complain(problem.text(output.language))
    return 1


def _text(path: Path) -> str:
    """Read a file no further than its limit and one more, so that a wrong file is refused and not loaded."""
    try:
        with path.open("rb") as file:
            return file.read(HOURS_FILE_BYTES_MAX + 1).decode("utf-8")
    except OSError as error:
        raise Refused("hours.file", detail=error.strerror or "?") from error
    except UnicodeDecodeError as error:
        raise Refused("hours.file", detail="UTF-8") from error
