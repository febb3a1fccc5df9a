"""Writes docs/reference.md from the program itself: commands, settings, events, errors.

I decide how the reference reads. `make docs` calls me, `make check` calls me with --check.
I never contain a fact: each comes from its one home in the code.
"""

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from taktvoll.base.errors import TEXTS
from taktvoll.build import SETTINGS
from taktvoll.cli.main import COMMANDS
from taktvoll.domain.conversation.events import KINDS
from taktvoll.domain.conversation.guidelines import ACTIONS, FACTS, Fact
from taktvoll.domain.people.keys import SCOPES
from taktvoll.domain.people.permissions import MATRIX
from taktvoll.domain.people.terms import Role
from taktvoll.entry.edge import STATUS
from taktvoll.entry.work.jobs import JOBS

PAGE = Path(__file__).parent / "reference.md"


def main() -> int:
    """Write the page, or say that it is out of date."""
    page = "\n".join(lines()) + "\n"
    if "--check" in sys.argv:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != page:
            sys.stderr.write("docs/reference.md is out of date: make docs\n")
        return int(current != page)
    PAGE.write_text(page, encoding="utf-8")
    return 0


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield "# Reference"
    yield "\nMade from the code by `make docs`; edit the code, not this page."
    yield "\n## Commands\n\n`--data DIR` and `--workspace NAME` work before and after every command."
    yield "Exit codes: 0 done, 1 refused or found something, 2 wrong usage, 3 unavailable.\n"
    for name, (module, text) in COMMANDS.items():
        yield f"- `taktvoll {name}`: {text}"
        yield from (f"  {option}" for option in _options(module))
    yield "\n## Settings\n\nRead from the environment once, at the start.\n\n| name | meaning |\n|---|---|"
    yield from (f"| `{name}` | {text} |" for name, text in SETTINGS.items())
    yield from _permissions()
    yield "\n## Guidelines\n\nWhat `then` of a guideline can be.\n\n| then | does |\n|---|---|"
    yield from (f"| `{action}` | {text} |" for action, text in ACTIONS.items())
    yield "\nNames that `when` may use, with `== != < <= > >= in && || !`, brackets, lists of texts in `[]`,"
    yield "`size(…)` of a list and `.startsWith(…) .endsWith(…) .contains(…)` of a text. After a search: marked †.\n"
    yield "| name | kind | meaning | values |\n|---|---|---|---|"
    yield from (
        f"| `{name}`{'†' if fact.later else ''} | {fact.kind} | {fact.says} | {_values(fact)} |"
        for name, fact in FACTS.items()
    )
    yield "\n## Events\n\nWhat the record of a conversation can hold.\n\n| kind | meaning |\n|---|---|"
    yield from (f"| `{kind}` | {text} |" for kind, text in KINDS.items())
    yield "\n## Jobs\n\nWhat the worker does by itself (cron expression, seconds as sixth field).\n"
    yield "| job | rhythm |\n|---|---|"
    yield from (f"| `{name}` | `{rhythm}` |" for name, (rhythm, _) in JOBS.items())
    yield "\n## Errors\n\nEvery code, its HTTP status where it reaches a browser, and its texts.\n"
    yield "| code | status | German | English |\n|---|---|---|---|"
    yield from (
        f"| `{code}` | {STATUS.get(code, '–')} | {german} | {english} |"
        for code, (german, english) in TEXTS.items()
    )


def _permissions() -> Iterator[str]:
    yield "\n## Permissions\n\nWho may do what; a key for programs can have what is marked †.\n"
    yield f"| permission | {' | '.join(role.value for role in Role)} |\n|---|{'---|' * len(Role)}"
    for permission, roles in MATRIX.items():
        cells = " | ".join("yes" if role in roles else "" for role in Role)
        yield f"| `{permission.value}`{'†' if permission in SCOPES else ''} | {cells} |"


def _values(fact: Fact) -> str:
    if fact.kind == "number":
        return " to ".join(fact.values)
    return ", ".join(f"`{value}`" if value else "empty" for value in fact.values)


def _options(module: str) -> Iterator[str]:
    """The options and actions of a command, as its own parser knows them."""
    parser = argparse.ArgumentParser(add_help=False)
    import_module(module).add(parser, argparse.ArgumentParser(add_help=False))
    yield from _listed(parser, "")


def _listed(parser: argparse.ArgumentParser, indent: str) -> Iterator[str]:
    for action in parser._actions:  # argparse offers no public list
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield f"{indent}- `{choice.dest}`: {choice.help}"
                yield from _listed(action.choices[choice.dest], indent + "  ")
        elif action.dest != "help":
            name = "/".join(action.option_strings) or str(action.metavar or action.dest).upper()
            yield f"{indent}- `{name}`" + (f": {action.help}" if action.help else "")


if __name__ == "__main__":
    raise SystemExit(main())
