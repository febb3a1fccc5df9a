"""`taktvoll autonomy`: lights of topics, what is proven, proposals, shadow mode.

I decide how topics and their evidence are shown on the command line. The command line calls me.
I never give autopilot away: approve needs a proposal.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from taktvoll.base.errors import Refused
from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.autonomy.terms import Promise
from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.approve_promotion import approve_promotion
from taktvoll.flows.collect_answers import collect_answers
from taktvoll.flows.house import House
from taktvoll.flows.load_labels import Result, load_labels
from taktvoll.flows.report_shadow import report_shadow
from taktvoll.flows.review_topics import Reviewed, review_topics
from taktvoll.flows.set_light import is_topic, set_light, set_promise, set_shadow

BY = "command line"
LOG_SHOWN_MAX = 100
DAYS_MAX = 3_650


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser(
        "list", parents=[common], help="every topic: light, labels, bound, what is missing"
    )
    listing.add_argument("--json", action="store_true", help="one line of JSON a topic")
    approve = actions.add_parser("approve", parents=[common], help="put a proposed topic on autopilot")
    approve.add_argument("topic", help="as list shows it")
    light = actions.add_parser(
        "set", parents=[common], help="set a light below autopilot; its evidence begins anew"
    )
    light.add_argument("topic", help="as list shows it, or a section or collection of the knowledge")
    below = [item.value for item in Light if item is not Light.AUTOPILOT]
    light.add_argument(
        "light", choices=below, help="who answers: people, people with suggestions, approved text"
    )
    shadow = actions.add_parser(
        "shadow", parents=[common], help="let the assistant answer only to itself, or no longer"
    )
    shadow.add_argument("state", choices=["on", "off"])
    shadow.add_argument("topic", nargs="?", default="", help="one topic; without it the whole workspace")
    report = actions.add_parser(
        "report", parents=[common], help="shadow mode: the assistant beside what people wrote"
    )
    report.add_argument("--days", type=_days, default=30, metavar="N", help="how far back, default 30")
    report.add_argument("--json", action="store_true", help="one line of JSON a topic")
    promise = actions.add_parser(
        "promise", parents=[common], help="show or set what is tolerated and how many are drawn"
    )
    promise.add_argument(
        "--error", type=_percent, metavar="PERCENT", help="tolerated wrong answers, default 3"
    )
    promise.add_argument("--confidence", type=_percent, metavar="PERCENT", help="how sure, default 95")
    promise.add_argument(
        "--draw", type=_percent, metavar="PERCENT", help="answers drawn to be judged, default 5, never 0"
    )
    load = actions.add_parser(
        "load", parents=[common], help="labels from an evaluation: lines of {text, topic, right}"
    )
    load.add_argument("file", type=Path, metavar="RESULTS.jsonl")
    load.add_argument(
        "--random", action="store_true", help="a random sample of what customers ask; else it does not count"
    )
    actions.add_parser("log", parents=[common], help="what happened to lights, newest first")


def _days(word: str) -> int:
    """So many days; what lies before the calendar is no answer to "how far back"."""
    if not 0 < (days := int(word)) <= DAYS_MAX:
        raise argparse.ArgumentTypeError(f"1 to {DAYS_MAX}")
    return days


def _percent(word: str) -> float:
    """A share in per cent; "nan" and "inf" are numbers to Python, but no share."""
    if not 0 <= (share := float(word.removesuffix("%").replace(",", "."))) <= 100:
        raise argparse.ArgumentTypeError("0 to 100")
    return share


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        match arguments.action:
            case "list":
                await _list(house, place, arguments, output)
            case "approve":
                await approve_promotion(house, place.id, arguments.topic, BY)
                output.line(f"{arguments.topic} is on autopilot")
            case "set":
                await set_light(house, place.id, arguments.topic, Light(arguments.light), BY)
                output.line(f"{arguments.topic} is on {arguments.light}; its evidence begins anew")
                await _doubt(house, place, arguments.topic, output)
            case "shadow":
                await set_shadow(house, place.id, arguments.topic, arguments.state == "on", BY)
                output.line(f"shadow mode is {arguments.state} for {arguments.topic or 'the workspace'}")
                await _doubt(house, place, arguments.topic, output)
            case "report":
                await _report(house, place, arguments, output)
            case "promise":
                await _promise(house, place, arguments, output)
            case "load":
                return await _load(house, place, arguments, output)
            case _:
                for n in await house.autonomy.log(place.id, None, LOG_SHOWN_MAX):
                    detail = " ".join(f"{k}={v}" for k, v in sorted(n.detail.items()))
                    output.line(f"{rfc3339(n.at)}  {n.kind.value:<20} {n.topic or '*'}  by {n.by}  {detail}")
    return 0


async def _doubt(house: House, place: Workspace, topic: str | None, output: Output) -> None:
    """Say so where a topic does not exist: a slip of the pen would leave the right one as it was."""
    if topic and not await is_topic(house, place.id, topic):
        output.complain(f"no entry and no learnt topic is called {topic}: it counts once there is one")


async def _list(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> None:
    await collect_answers(house, place.id)
    for reviewed in await review_topics(house, place.id):
        line = _fields(reviewed)
        if arguments.json:
            output.json(line)
            continue
        proposed = "  → autopilot proposed" if reviewed.proposal else ""
        shadow = "  shadow" if reviewed.topic.shadow else ""
        output.line(
            f"{line['light']:<10} {line['labels']:>6} labels {line['wrong']:>4} wrong  error ≤ {line['bound']:.2%}"
            f"  {line['missing']:>5} missing  {line['topic']}{shadow}{proposed}"
        )


def _fields(reviewed: Reviewed) -> dict[str, Any]:
    topic, standing = reviewed.topic, reviewed.standing
    return {
        "topic": topic.topic,
        "light": topic.light.value,
        "shadow": topic.shadow,
        "life": topic.life,
        "labels": standing.labels,
        "wrong": standing.wrong,
        "unjudged": standing.unjudged,
        "overdue": standing.overdue,
        "bound": round(standing.bound, 6),
        "tolerated": reviewed.promise.error_ppm / PPM,
        "missing": standing.missing,
        "alarm": round(standing.alarm, 1),
        "proposed": reviewed.proposal is not None,
    }


async def _report(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> None:
    for c in await report_shadow(house, place.id, arguments.days):
        if arguments.json:
            output.json(c)
            continue
        output.line(
            f"{c.topic or '(no topic)':<30} {c.messages:>6} messages {c.answers:>6} would-be answers"
            f" {c.replied:>6} answered by people: {c.same_source} same source, {c.similar} similar words;"
            f" judged {c.right} right, {c.wrong} wrong"
        )


async def _promise(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> None:
    promise = (await house.autonomy.setting(place.id)).promise
    given = (arguments.error, arguments.confidence, arguments.draw)
    if any(value is not None for value in given):
        kept = (promise.error_ppm, promise.confidence_ppm, promise.draw_ppm)
        promise = Promise(*(k if g is None else round(g * 10_000) for g, k in zip(given, kept, strict=True)))
        await set_promise(house, place.id, promise, BY)
    output.line(
        f"error ≤ {promise.error_ppm / PPM:.2%}, confidence {promise.confidence_ppm / PPM:.2%},"
        f" {promise.draw_ppm / PPM:.2%} of answers drawn"
    )


async def _load(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> int:
    if not arguments.file.is_file():
        raise Refused("import.no_files", path=arguments.file.name)
    results = list(_results(arguments.file))
    new, known = await load_labels(house, place.id, results, random=arguments.random, by=BY)
    counting = "they count" if arguments.random else "they do not count: no random sample"
    output.line(f"{new} new labels, {known} known already; {counting}")
    return 0


def _results(path: Path) -> Iterator[Result]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            try:
                fields = orjson.loads(raw)
                result = Result(str(fields["text"]), str(fields["topic"]), fields["right"])
            except (orjson.JSONDecodeError, KeyError, TypeError) as error:
                raise Refused("batch.line", line=number, detail="{text, topic, right}") from error
            if fields["right"] not in (True, False) or not result.topic:
                raise Refused("batch.line", line=number, detail="{text, topic, right}")
            yield result
