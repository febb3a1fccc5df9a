"""`taktvoll ask`: one question, or a file of them, through the same flows as the chat.

I decide how lines come in and go out. The command line calls me. I never answer a line out of order.
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from taktvoll.base.errors import Refused
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.conversation.ports import COMMAND, Account
from taktvoll.flows.ask import ask
from taktvoll.flows.house import House

AT_ONCE = 8


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("text", nargs="?", help="the question")
    parser.add_argument("--json", action="store_true", help="print the whole decision as JSON")
    parser.add_argument("--batch", type=Path, metavar="IN.jsonl", help="lines of {id?, text, language?}")
    parser.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the answers go, in input order")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Ask."""
    if arguments.batch and arguments.out and not arguments.text:
        return await _batch(arguments, output)
    if not arguments.text or arguments.batch or arguments.out:
        output.complain("taktvoll ask TEXT [--json]  |  taktvoll ask --batch IN.jsonl --out OUT.jsonl")
        return 2
    async with begin(arguments, output) as (house, workspace):
        account = await house.directory.account(workspace.id, COMMAND, "ask")
        answer = await ask(house, account, "1", arguments.text, None)
    if arguments.json:
        output.json(answer)
    else:
        _show(answer, output)
    return 0


def _show(answer: dict[str, Any], output: Output) -> None:
    output.line(answer["text"])
    for choice in answer["choices"]:
        output.line(f"? {choice['question']}")
    for source in answer["sources"]:
        output.line(f"→ {source['title']} {source['url']}")
    sure = "" if answer["confidence"] is None else f" {answer['confidence']:.0%}"
    output.say(
        f"[{answer['decision']}{sure}, {answer['elapsed_ms']} ms, conversation {answer['conversation']}]"
    )


async def _batch(arguments: argparse.Namespace, output: Output) -> int:
    if not arguments.batch.is_file():
        raise Refused("import.no_files", path=arguments.batch.name)
    lines = list(_lines(arguments.batch))
    draft = arguments.out.with_name(arguments.out.name + ".part")
    async with begin(arguments, output) as (house, workspace):
        account = await house.directory.account(workspace.id, COMMAND, "ask")
        with draft.open("wb") as out:
            for start in range(0, len(lines), AT_ONCE):
                group = lines[start : start + AT_ONCE]
                answers = await asyncio.gather(*(_answer(house, account, *line) for line in group))
                out.writelines(orjson.dumps(a, option=orjson.OPT_APPEND_NEWLINE) for a in answers)
                output.progress("ask", start + len(group), len(lines))
    draft.replace(arguments.out)
    return 0


async def _answer(
    house: House, account: Account, id: str, text: str | None, language: str | None, problem: str | None
) -> dict[str, object]:
    """Answer one line; what is wrong with a line stands in its place, so that the lines still match."""
    if text is None:
        return {"id": id, "decision": None, "error": {"code": "batch.line", "detail": problem}}
    try:
        return await ask(house, account, id, text, language)
    except Refused as error:
        return {"id": id, "decision": None, "error": {"code": error.code, "detail": error.text("en")}}


def _lines(path: Path) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> tuple[str, str | None, str | None, str | None]:
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return str(number), None, None, f"line {number} is not JSON"
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return str(number), None, None, f"line {number} has no text"
    language = fields.get("language")
    return (
        str(number if fields.get("id") is None else fields["id"]),
        fields["text"],
        language if isinstance(language, str) else None,
        None,
    )
