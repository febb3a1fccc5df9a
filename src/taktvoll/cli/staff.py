"""`taktvoll staff`: people who work at the desk.

I decide how someone is added on the command line. The command line calls me.
I never show a password that a person chose, and never take one as an argument.
"""

import argparse
import getpass
import secrets
import sys

from taktvoll.base.limits import PASSWORD_CHARS_MIN
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Role


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="everyone who may sign in")
    gone = actions.add_parser("remove", parents=[common], help="let someone sign in no more, at once")
    gone.add_argument("email")
    new = actions.add_parser("add", parents=[common], help="add someone, or renew their password")
    new.add_argument("email", help="what they sign in with")
    new.add_argument("--name", required=True, help="as customers read it")
    new.add_argument(
        "--role", choices=[r.value for r in Role], default=Role.AGENT.value, help="default agent"
    )
    new.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, workspace):
        if arguments.action == "list":
            for s in await house.directory.staff(workspace.id):
                output.line(f"{s.role.value:<8} {s.email:<40} {s.name}")
            return 0
        if arguments.action == "remove":
            await house.directory.remove_staff(workspace.id, arguments.email)
            output.line(f"{arguments.email} may sign in no more")
            return 0
        password, made = _password(arguments)
        if len(password) < PASSWORD_CHARS_MIN:
            output.complain(f"at least {PASSWORD_CHARS_MIN} characters, please")
            return 2
        hashed = await house.passwords.hash(password)
        role = Role(arguments.role)
        await house.directory.add_staff(
            workspace.id, arguments.email, arguments.name, role, hashed, house.now()
        )
        output.line(f"{arguments.email} may sign in at /w/{workspace.name}/desk")
        if made:
            output.line(f"password: {password}")
    return 0


def _password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """From standard input, from the keyboard, or made here; says whether it was made here."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    typed = getpass.getpass("password (empty: make one): ") if sys.stdin.isatty() else ""
    return (typed, False) if typed else (secrets.token_urlsafe(12), True)
