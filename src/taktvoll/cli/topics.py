"""`taktvoll topics`: what messages are about — learn it from examples, tell it of texts, find it, edit it by hand.

I decide how topics are shown. The command line calls me. I never hide a line that could not be used.
"""

import argparse
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.knowledge.topics import Doubt, TopicGuess, TopicState, read_question
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.discover_topics import discover_topics
from taktvoll.flows.edit_topics import (
    access_topic,
    adopt_topics,
    drop_topics,
    merge_topics,
    rename_topic,
    split_topic,
)
from taktvoll.flows.house import House
from taktvoll.flows.learn_topics import NothingToLearn, Report, learn_topics
from taktvoll.flows.read_topics import read_topics

BY = "command line"
SHOWN = 20
EXAMPLES_SHOWN = 5
AT_ONCE = 1_000


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True)

    def action(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, parents=[common], help=text, description=text)

    learn = action("learn", "learn topics from a file of examples, or anew from those that are kept")
    learn.add_argument("file", nargs="?", type=Path, metavar="FILE.jsonl", help="lines of {text, topic}")
    learn.add_argument("--add", action="store_true", help="keep the examples in use beside those of the file")
    learn.add_argument(
        "--draft", action="store_true", help="do not publish an edition that names the new topics"
    )
    learn.add_argument("--json", action="store_true", help="print the report as JSON")
    predict = action("predict", "say what texts are about")
    predict.add_argument("text", nargs="?", metavar="TEXT", help="one text")
    predict.add_argument("--batch", type=Path, metavar="IN.jsonl", help="lines of {id?, text}")
    predict.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the topics go, in input order")
    listed = action("list", "all topics, learnt and proposed")
    listed.add_argument("--json", action="store_true", help="print them as JSON")
    discover = action("discover", "propose topics from the knowledge and the messages that found no answer")
    discover.add_argument(
        "--out", type=Path, metavar="FILE.jsonl", help="also write them as examples to edit"
    )
    _name(action("show", "one topic with its words and examples"))
    rename = _name(action("rename", "give a topic another name"))
    rename.add_argument("new", metavar="NEW", help="the new name")
    merge = action("merge", "make one topic of several; in force with the next learn")
    merge.add_argument("names", nargs="+", metavar="NAME", help="topics")
    merge.add_argument("--into", required=True, metavar="NAME", help="what the one is called")
    split = _name(action("split", "part a topic's examples by their sense; in force with the next learn"))
    split.add_argument(
        "--parts", type=int, default=2, choices=range(2, 21), metavar="N", help="2 to 20, default 2"
    )
    adopt = action("adopt", "take proposals into use; in force with the next learn")
    adopt.add_argument("names", nargs="*", metavar="NAME", help="proposals; all where none is named")
    drop = action("drop", "delete topics with their examples; in force with the next learn")
    drop.add_argument("names", nargs="+", metavar="NAME", help="topics")


def _name(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", help="a topic, as topics list shows it")
    return parser


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    if arguments.action == "predict" and not _one_way(arguments):
        output.complain(
            "taktvoll topics predict TEXT  |  taktvoll topics predict --batch IN.jsonl --out OUT.jsonl"
        )
        return 2
    async with begin(arguments, output) as (house, workspace):
        return await _ACTIONS[arguments.action](arguments, output, house, workspace)


def _one_way(arguments: argparse.Namespace) -> bool:
    whole = bool(arguments.batch and arguments.out)
    return whole != bool(arguments.text) and bool(arguments.batch) == bool(arguments.out)


async def _learn(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    try:
        report = await learn_topics(
            house, workspace.id, arguments.file, add=arguments.add, publish=not arguments.draft, by=BY,
            progress=output.progress,
        )  # fmt: skip
    except NothingToLearn as nothing:
        _doubts(nothing.gathered.unusable, output)
        raise
    if arguments.json:
        output.json(_fields(report))
    else:
        _told(report, output)
    _doubts(report.gathered.unusable, output)
    _doubts(report.gathered.contradictions, output)
    return 1 if report.gathered.unusable else 0


def _fields(report: Report) -> dict[str, object]:
    model, gathered = report.model, report.gathered
    return {
        "topics": len(model.topics), "examples": model.examples, "repeated": gathered.repeated,
        "unusable": [_said_of(d) for d in gathered.unusable],
        "contradictions": [_said_of(d) for d in gathered.contradictions],
        "few": list(report.few), "edition": report.edition, "model": model.hash,
        "right": _share(model.right_ppm), "taken_for_unknown": _share(model.missed_ppm),
    }  # fmt: skip


def _said_of(doubt: Doubt) -> dict[str, object]:
    return {"line": doubt.line, "code": doubt.code, **doubt.fields}


def _share(ppm: int | None) -> float | None:
    return None if ppm is None else ppm / 1_000_000


def _told(report: Report, output: Output) -> None:
    model, gathered, german = report.model, report.gathered, output.language == "de"
    topics, examples = len(model.topics), model.examples
    output.line(
        f"{topics} Themen aus {examples} Beispielen gelernt" if german
        else f"{topics} topics learnt from {examples} examples"
    )  # fmt: skip
    if model.right_ppm is not None and model.missed_ppm is not None:
        right, missed = model.right_ppm / 1e6, model.missed_ppm / 1e6
        output.line(
            f"jedes Beispiel ohne sich selbst beurteilt: {right:.1%} richtig, {missed:.1%} für unbekannt gehalten"
            if german
            else f"each example judged without itself: {right:.1%} right, {missed:.1%} taken for unknown"
        )  # fmt: skip
    if gathered.repeated:
        n = gathered.repeated
        output.line(f"{n} Wiederholungen zählen einmal" if german else f"{n} repetitions count once")
    if report.few:
        names = ", ".join(report.few[:SHOWN]) + (" …" if len(report.few) > SHOWN else "")
        output.line(
            f"wenige Beispiele, darum unsicher ({len(report.few)}): {names}" if german
            else f"few examples, therefore unsure ({len(report.few)}): {names}"
        )  # fmt: skip
    if report.edition:
        n = report.edition
        output.line(f"Ausgabe {n} gilt jetzt" if german else f"edition {n} is in force")


def _doubts(doubts: Sequence[Doubt], output: Output) -> None:
    for doubt in doubts[:SHOWN]:
        output.complain(TaktvollError(doubt.code, line=doubt.line, **doubt.fields).text(output.language))
    if len(doubts) > SHOWN:
        rest = len(doubts) - SHOWN
        output.complain(
            f"… und {rest} weitere; alle zeigt --json" if output.language == "de"
            else f"… and {rest} more; --json shows all"
        )  # fmt: skip


async def _predict(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    if arguments.text:
        (guess,) = await read_topics(house, workspace.id, [arguments.text])
        output.json(_line("1", guess))
        return 0
    if not arguments.batch.is_file():
        raise Refused("import.no_files", path=arguments.batch.name)
    total = sum(1 for _ in _lines(arguments.batch))
    draft = arguments.out.with_name(arguments.out.name + ".part")
    done = 0
    try:
        with draft.open("wb") as out:
            for group in _grouped(_lines(arguments.batch)):
                texts = [said for _, said in group if isinstance(said, str)]
                guesses = iter(await read_topics(house, workspace.id, texts))
                for name, said in group:
                    line = _line(name, next(guesses)) if isinstance(said, str) else _wrong(name, said)
                    out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                done += len(group)
                output.progress("predict", done, total)
        draft.replace(arguments.out)
    finally:
        draft.unlink(missing_ok=True)
    return 0


def _line(id: str, guess: TopicGuess) -> dict[str, object]:
    return {"id": id, "topic": guess.topic, "confidence": guess.ppm / 1_000_000, "known": guess.known}


def _wrong(id: str, doubt: Doubt) -> dict[str, object]:
    """What is wrong with a line stands in its place, so that the lines still match."""
    detail = TaktvollError(doubt.code, line=doubt.line).text("en")
    return {
        "id": id, "topic": None, "confidence": None, "known": False, "error": {"code": doubt.code, "detail": detail}
    }  # fmt: skip


def _lines(path: Path) -> Iterator[tuple[str, str | Doubt]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield read_question(number, raw)


def _grouped(lines: Iterator[tuple[str, str | Doubt]]) -> Iterator[list[tuple[str, str | Doubt]]]:
    group: list[tuple[str, str | Doubt]] = []
    for line in lines:
        group.append(line)
        if len(group) == AT_ONCE:
            yield group
            group = []
    yield group


async def _list(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    topics, working = await house.topics.topics(workspace.id), await house.topics.working(workspace.id)
    if arguments.json:
        for t in topics:
            output.json(
                {"name": t.name, "state": t.state.value, "examples": t.examples, "words": list(t.words)}
            )
        return 0
    for t in topics:
        mark = " " if t.state is TopicState.LEARNT else "?"
        output.line(f"{mark} {t.examples:>6}  {t.name}" + (f"  ({', '.join(t.words)})" if t.words else ""))
    german = output.language == "de"
    if working is None:
        output.say(Refused("topics.none").text(output.language))
    elif working.stale:
        output.say(
            "Seit dem letzten Lernen wurden Themen geändert: taktvoll topics learn" if german
            else "Topics changed since they were learnt: taktvoll topics learn"
        )  # fmt: skip
    if any(t.state is TopicState.PROPOSED for t in topics):
        output.say(
            "?: nur vorgeschlagen; in Gebrauch nimmt sie taktvoll topics adopt" if german
            else "?: only proposed; taktvoll topics adopt takes them into use"
        )  # fmt: skip
    return 0


async def _show(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    topic, samples = await access_topic(house, workspace.id, arguments.name)
    output.line(
        f"{topic.name} · {topic.state.value} · {topic.examples} · {rfc3339(topic.made_at)} · {topic.made_by}"
    )
    if topic.words:
        output.line(", ".join(topic.words))
    for sample in samples[:SHOWN]:
        output.line(f"- {' '.join(sample.text.split())[:160]}")
    if len(samples) > SHOWN:
        output.line(f"… {len(samples) - SHOWN}")
    return 0


async def _discover(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    found = await discover_topics(house, workspace.id, BY, output.progress)
    for proposal in found:
        output.line(f"? {len(proposal.texts):>6}  {proposal.name}  ({', '.join(proposal.words)})")
        for source in proposal.texts[:EXAMPLES_SHOWN]:
            output.line(f"           {' '.join(source.text.split())[:120]}")
    if arguments.out:
        with arguments.out.open("wb") as out:
            for proposal in found:
                for source in proposal.texts:
                    line = {"text": source.text, "topic": proposal.name}
                    out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    if not found:
        output.say(
            "Zu wenig Wissen und Fragen, um Themen vorzuschlagen." if output.language == "de"
            else "Too little knowledge and too few questions to propose topics from."
        )  # fmt: skip
    return 0


async def _rename(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    edition = await rename_topic(house, workspace.id, arguments.name, arguments.new, BY)
    if edition:
        output.line(
            f"Ausgabe {edition} gilt jetzt" if output.language == "de" else f"edition {edition} is in force"
        )
    return 0


async def _merge(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    await merge_topics(house, workspace.id, arguments.names, arguments.into, BY)
    return 0


async def _split(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    parts = await split_topic(house, workspace.id, arguments.name, arguments.parts, BY, output.progress)
    for topic in parts:
        output.line(f"  {topic.examples:>6}  {topic.name}")
    return 0


async def _adopt(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    for name in await adopt_topics(house, workspace.id, arguments.names):
        output.line(name)
    return 0


async def _drop(arguments: argparse.Namespace, output: Output, house: House, workspace: Workspace) -> int:
    await drop_topics(house, workspace.id, arguments.names)
    return 0


_Action = Callable[[argparse.Namespace, Output, House, Workspace], Coroutine[Any, Any, int]]
_ACTIONS: dict[str, _Action] = {
    "learn": _learn, "predict": _predict, "list": _list, "show": _show, "discover": _discover, "rename": _rename,
    "merge": _merge, "split": _split, "adopt": _adopt, "drop": _drop,
}  # fmt: skip
