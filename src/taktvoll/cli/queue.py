"""`taktvoll queue`: the queues in which conversations wait for people, and what goes to which.

I decide how queues are named on the command line. The command line calls me. I never move a conversation.
"""

import argparse

from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.queues import Queue, queues_of
from taktvoll.flows.keep_queues import keep_queue, remove_queue


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="all queues, what goes to each, and who serves it")
    gone = actions.add_parser(
        "remove", parents=[common], help="take a queue away; who waits in it stays there"
    )
    gone.add_argument("name")
    change = actions.add_parser("set", parents=[common], help="add a queue, or change the one of this name")
    change.add_argument("name", help="1–40 characters out of a–z, 0–9 and hyphen")
    change.add_argument("--de", required=True, metavar="TEXT", help="its name in German")
    change.add_argument("--en", required=True, metavar="TEXT", help="its name in English")
    for option, what in (
        ("topic", "a topic"),
        ("reason", "a reason for a person"),
        ("language", "a language"),
    ):
        change.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"{what} that goes there; repeatable",
        )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        queues = queues_of(place.settings)
        if arguments.action == "set":
            wanted = Queue(
                arguments.name,
                arguments.de,
                arguments.en,
                tuple(arguments.topic),
                tuple(arguments.reason),
                tuple(arguments.language),
            )
            queues = await keep_queue(house, place, wanted)
        if arguments.action == "remove":
            queues = await remove_queue(house, place, arguments.name)
        skills = await house.board.skills(place.id)
        names = {s.id: s.name for s in await house.directory.staff(place.id)}
    for queue in queues:
        serving = [names[who] for who, serves in skills.items() if queue.name in serves and who in names]
        output.line(f"{queue.name:<20} {queue.de} / {queue.en}")
        output.line(f"{'':<20} {_goes(queue)}; served by {', '.join(sorted(serving)) or 'everyone'}")
    return 0


def _goes(queue: Queue) -> str:
    asks = (("topics", queue.topics), ("reasons", queue.reasons), ("languages", queue.languages))
    said = [f"{name} {', '.join(listed)}" for name, listed in asks if listed]
    return " and ".join(said) or "whatever fits no other"
