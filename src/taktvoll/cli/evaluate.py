"""`taktvoll evaluate`: how right the assistant is on everybody's own questions.

I decide how a file becomes questions and which form the result takes. The command line calls me.
I never judge: the flow does.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import orjson

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.cli.begin import begin
from taktvoll.cli.evaluate_plot import plot
from taktvoll.cli.evaluate_table import tables
from taktvoll.cli.evaluate_texts import Heading
from taktvoll.cli.output import Output
from taktvoll.domain.conversation.ports import COMMAND
from taktvoll.domain.insight.evaluation import Evaluation, figures
from taktvoll.domain.insight.questions import LineProblem, Question, question_from
from taktvoll.domain.insight.report import fields_of
from taktvoll.domain.insight.thresholds import Promise
from taktvoll.flows.evaluate_questions import evaluate_questions

ACCOUNT = "evaluate"
PROBLEMS_SHOWN = 20


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help="lines of {text, expect}: docs/evaluate.md"
    )
    parser.add_argument("--json", action="store_true", help="print every figure and every line as JSON")
    parser.add_argument("--plot", type=Path, metavar="OUT.svg", help="draw one page for people")
    parser.add_argument(
        "--cases", type=_count, default=10, metavar="N", help="list so many of the worst cases"
    )
    parser.add_argument(
        "--tolerated",
        type=_percent,
        default=3.0,
        metavar="PERCENT",
        help="wrong answers tolerated, default 3",
    )
    parser.add_argument(
        "--sure", type=_percent, default=95.0, metavar="PERCENT", help="how sure that must be, default 95"
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Evaluate."""
    if not arguments.file.is_file():
        raise Refused("import.no_files", path=arguments.file.name)
    if arguments.plot and not _writable(arguments.plot):
        raise Refused("evaluate.plot", path=arguments.plot.name)
    questions, problems, unlabelled = _read(arguments.file)
    _complain(problems, output)
    if not questions:
        raise Refused("evaluate.nothing", path=arguments.file.name)
    promise = Promise(arguments.tolerated / 100, arguments.sure / 100)
    async with begin(arguments, output) as (house, workspace):
        account = await house.directory.make_account(workspace.id, COMMAND, ACCOUNT, house.now())
        evaluation = await evaluate_questions(
            house, account, questions, promise, lambda done, of: output.progress("evaluate", done, of)
        )
        at = house.now()
    _complain(evaluation.problems, output)
    company = str(workspace.settings.get("company") or workspace.name)
    heading = Heading(company, arguments.file.name, at, unlabelled)
    return _result(arguments, output, evaluation, (*problems, *evaluation.problems), heading)


def _result(
    arguments: argparse.Namespace,
    output: Output,
    evaluation: Evaluation,
    problems: tuple[LineProblem, ...],
    heading: Heading,
) -> int:
    if not evaluation.outcomes:
        raise Refused("evaluate.nothing", path=arguments.file.name)
    found = figures(evaluation)
    if arguments.plot:
        arguments.plot.write_text(plot(evaluation, found, heading, output.language), encoding="utf-8")
    if arguments.json:
        fields = fields_of(evaluation, found, arguments.cases)
        fields["problems"] = [
            {"line": p.line, "code": p.error.code, "detail": p.error.text("en")} for p in problems
        ]
        fields["questions"] |= {"unusable": len(problems), "unlabelled": heading.unlabelled}
        output.json(fields | {"at": heading.at.isoformat(timespec="seconds"), "file": heading.file})
    else:
        output.show(*tables(evaluation, found, heading, output.language, arguments.cases))
    return 1 if problems else 0


def _read(path: Path) -> tuple[list[Question], list[LineProblem], int]:
    """Read what is usable; gives the questions, what is wrong with other lines, and how many have no label."""
    questions, problems, unlabelled = list[Question](), list[LineProblem](), 0
    for number, raw in _lines(path):
        try:
            question = question_from(number, _fields(raw))
        except TaktvollError as error:
            problems.append(LineProblem(number, error))
            continue
        unlabelled += question is None
        questions += [question] if question else []
    return questions, problems, unlabelled


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if line:
                yield number, line


def _fields(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused("evaluate.not_json") from error


def _complain(problems: tuple[LineProblem, ...] | list[LineProblem], output: Output) -> None:
    german = output.language == "de"
    for p in problems[:PROBLEMS_SHOWN]:
        output.complain(f"{'Zeile' if german else 'Line'} {p.line}: {p.error.text(output.language)}")
    more = len(problems) - PROBLEMS_SHOWN
    if more > 0:
        output.complain(f"… und {more} weitere Zeilen" if german else f"… and {more} more lines")


def _writable(path: Path) -> bool:
    return (
        path.parent.is_dir()
        and os.access(path if path.exists() else path.parent, os.W_OK)
        and not path.is_dir()
    )


def _count(word: str) -> int:
    number = int(word)
    if number < 0:
        raise argparse.ArgumentTypeError("0 or more")
    return number


def _percent(word: str) -> float:
    number = float(word.removesuffix("%").replace(",", "."))
    if not 0 < number < 100:
        raise argparse.ArgumentTypeError("more than 0 and less than 100")
    return number
