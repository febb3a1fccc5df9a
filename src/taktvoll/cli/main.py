"""The command line: one table of commands, each thin: parse, call one flow, print.

I decide how words become a call, and which exit code a failure has: 0 done, 1 refused or found something, 2 wrong
usage, 3 unavailable. __main__ calls me. I never do a flow's work.
"""

import argparse
import asyncio
import locale
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from taktvoll.base.errors import TaktvollError, Unavailable
from taktvoll.cli.output import Output

COMMANDS = {
    "up": ("taktvoll.cli.up", "start everything on this machine, with a sample company on a fresh folder"),
    "serve": ("taktvoll.cli.serve", "run the web process"),
    "work": ("taktvoll.cli.work", "run the worker process"),
    "migrate": ("taktvoll.cli.migrate", "bring the database's schema up to date"),
    "workspace": ("taktvoll.cli.workspace", "list, make and set up workspaces"),
    "staff": ("taktvoll.cli.staff", "people who work at the desk: their roles, links and second factors"),
    "queue": (
        "taktvoll.cli.queue",
        "the queues in which conversations wait for people, and what goes to which",
    ),
    "access": ("taktvoll.cli.access", "how staff sign in: second factor, the company's sign-in server"),
    "key": ("taktvoll.cli.key", "make, list and revoke keys for programs"),
    "import": ("taktvoll.cli.import_", "read files into the knowledge and publish a new edition"),
    "edition": ("taktvoll.cli.edition", "list, compare, publish and roll back editions"),
    "guideline": ("taktvoll.cli.guideline", "see, check, publish and try out what each signal leads to"),
    "passage": ("taktvoll.cli.passage", "take passages out of use"),
    "glossary": ("taktvoll.cli.glossary", "your own terms and the words that customers use for them"),
    "wording": ("taktvoll.cli.wording", "approve questions of customers as further wordings of an entry"),
    "ask": ("taktvoll.cli.ask", "ask the assistant, one question or a file of them"),
    "mailbox": ("taktvoll.cli.mailbox", "set up, try out and list the mailboxes by which customers write"),
    "mail": (
        "taktvoll.cli.mail",
        "read e-mails: what is new in them, what they ask, whether a machine wrote them; take mail in",
    ),
    "topics": ("taktvoll.cli.topics", "learn, tell, find and edit what messages are about"),
    "autonomy": (
        "taktvoll.cli.autonomy",
        "what the assistant may answer alone, topic by topic, and what proves it",
    ),
    "evaluate": ("taktvoll.cli.evaluate", "how right the assistant is on questions of your own"),
    "contact": ("taktvoll.cli.contact", "find people who write to you, and erase one with everything"),
    "hours": ("taktvoll.cli.hours", "when people are there, and what is due until when"),
    "audit": ("taktvoll.cli.audit", "prove, explain and replay the record"),
}
"""Command → (its module, what it does). Modules are imported only when called, so that help is instant."""


SERVING = ("serve", "work")
"""Commands whose matrices are small and many: a second thread of OpenBLAS only waits, and costs a core.

Measured by bench/search/speed.py: 11.7 instead of 20.3 ms of CPU a message, 159 instead of 99 messages/s ten at once.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command.

    Gives:  the exit code.
    """
    given = list(sys.argv[1:] if words is None else words)
    common = _common()
    parser = argparse.ArgumentParser(
        prog="taktvoll",
        parents=[common],
        description="Talks to your customers: approved answers at once, or a person.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = _command_of(given)
    for name, (module, help_text) in COMMANDS.items():
        sub = commands.add_parser(name, parents=[common], help=help_text, description=help_text)
        if name == wanted:
            if name in SERVING:
                os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            import_module(module).add(sub, common)
    arguments = parser.parse_args(given)
    arguments.data = getattr(arguments, "data", None)
    arguments.workspace = getattr(arguments, "workspace", "default")
    return _run(arguments)


def _command_of(given: Sequence[str]) -> str | None:
    """Find the command among the words; a folder or workspace may be named like one."""
    words = iter(given)
    for word in words:
        if word in ("--data", "--workspace"):
            next(words, None)
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def _common() -> argparse.ArgumentParser:
    """Options that work before and after the command; a value given later wins."""
    common = argparse.ArgumentParser(add_help=False)
    missing = argparse.SUPPRESS
    common.add_argument(
        "--data", type=Path, default=missing, metavar="DIR", help="the data folder (TAKTVOLL_DATA)"
    )
    common.add_argument(
        "--workspace", default=missing, metavar="NAME", help="the workspace, “default” by default"
    )
    return common


def _run(arguments: argparse.Namespace) -> int:
    output = Output(language_of_shell())
    module = import_module(COMMANDS[arguments.command][0])
    try:
        with asyncio.Runner(loop_factory=getattr(module, "NEW_LOOP", None)) as runner:
            return int(runner.run(module.run(arguments, output)))
    except Unavailable as error:
        output.complain(error.text(output.language))
        return 3
    except TaktvollError as error:
        output.complain(error.text(output.language))
        return 2 if error.code == "usage" else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        output.close()


def language_of_shell() -> str:
    """German where the shell speaks German, else English."""
    try:
        spoken = locale.setlocale(locale.LC_MESSAGES, "")
    except locale.Error:  # the shell names a locale that this machine does not have
        spoken = ""
    return "de" if spoken.lower().startswith("de") else "en"
