"""`taktvoll staff`: people who work at the desk.

I decide how someone is added, changed and helped on the command line. The command line calls me.
I never show a password that a person chose, and never take one as an argument.
"""

import argparse
import getpass
import secrets
import sys

from taktvoll.base.errors import Refused
from taktvoll.base.limits import PASSWORD_CHARS_MIN
from taktvoll.base.time import rfc3339
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.terms import Role, Staff, Workspace
from taktvoll.flows.free_conversations import free_conversations
from taktvoll.flows.house import House
from taktvoll.flows.keep_factor import reset_factor_for
from taktvoll.flows.keep_queues import set_skills
from taktvoll.flows.manage_staff import change_role_for, invite_for

BY = "command line"
ROLES = [role.value for role in Role]


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="everyone who may sign in")
    gone = actions.add_parser("remove", parents=[common], help="let someone sign in no more, at once")
    gone.add_argument("email")
    new = actions.add_parser("add", parents=[common], help="add someone, or renew their password")
    _person(new)
    new.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    link = actions.add_parser("invite", parents=[common], help="add someone who sets a password by a link")
    _person(link)
    role = actions.add_parser("role", parents=[common], help="give someone another role")
    role.add_argument("email")
    role.add_argument("role", choices=ROLES)
    lost = actions.add_parser("reset-factor", parents=[common], help="take away a lost second factor")
    lost.add_argument("email")
    serves = actions.add_parser(
        "serves", parents=[common], help="which queues someone looks after; none means all"
    )
    serves.add_argument("email")
    serves.add_argument("queue", nargs="*", help="as “taktvoll queue list” names it")
    log = actions.add_parser("log", parents=[common], help="who changed what about staff and keys")
    log.add_argument("--limit", type=int, default=50, metavar="N", help="so many of the newest, default 50")


def _person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="what they sign in with")
    parser.add_argument("--name", required=True, help="as customers read it")
    parser.add_argument("--role", choices=ROLES, default=Role.AGENT.value, help="default agent")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        match arguments.action:
            case "list":
                for s in await house.directory.staff(place.id):
                    output.line(f"{s.role.value:<8} {s.email:<40} {s.name}")
            case "add":
                return await _add(house, place, arguments, output)
            case "invite":
                role = Role(arguments.role)
                token = await invite_for(house, place.id, arguments.email, arguments.name, role, BY)
                output.line(f"{arguments.email} sets a password at /w/{place.name}/desk/join/{token}")
            case "remove":
                whose = await _found(house, place, arguments.email)
                await house.directory.remove_staff(place.id, arguments.email, house.now(), BY)
                await free_conversations(house, place.id, whose.id, BY)
                output.line(f"{arguments.email} may sign in no more")
            case "role":
                whose = await _found(house, place, arguments.email)
                await change_role_for(house, place.id, whose.id, Role(arguments.role), BY)
                output.line(f"{whose.email} is {arguments.role}")
            case "reset-factor":
                whose = await _found(house, place, arguments.email)
                done = await reset_factor_for(house, whose, BY)
                output.line(
                    f"{whose.email} {'signs in by password alone' if done else 'had no second factor'}"
                )
            case "serves":
                await set_skills(house, place, arguments.email, arguments.queue)
                output.line(f"{arguments.email} serves {', '.join(arguments.queue) or 'every queue'}")
            case _:
                await _log(house, place, arguments.limit, output)
    return 0


async def _add(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> int:
    password, made = _password(arguments)
    if len(password) < PASSWORD_CHARS_MIN:
        output.complain(f"at least {PASSWORD_CHARS_MIN} characters, please")
        return 2
    hashed = await house.passwords.hash(password)
    await house.directory.add_staff(
        place.id, arguments.email, arguments.name, Role(arguments.role), hashed, house.now(), BY
    )
    output.line(f"{arguments.email} may sign in at /w/{place.name}/desk")
    if made:
        output.line(f"password: {password}")
    return 0


async def _found(house: House, place: Workspace, email: str) -> Staff:
    found = await house.directory.staff_by_email(place.id, email)
    if found is None:
        raise Refused("staff.unknown")
    return found[0]


async def _log(house: House, place: Workspace, limit: int, output: Output) -> None:
    names = {m.staff.id: m.staff.email for m in await house.access.staffing.members(place.id)}
    by_word = {f"staff:{staff}": email for staff, email in names.items()}
    for noted in reversed(await house.access.staffing.log(place.id, max(1, limit))):
        detail = " ".join(f"{k}={v}" for k, v in noted.detail.items())
        about = names.get(noted.about, "") if noted.about else ""
        by = by_word.get(noted.by, noted.by)
        output.line(" ".join(f"{rfc3339(noted.at)} {noted.kind.value} {about} {detail} by {by}".split()))


def _password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """From standard input, from the keyboard, or made here; says whether it was made here."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    typed = getpass.getpass("password (empty: make one): ") if sys.stdin.isatty() else ""
    return (typed, False) if typed else (secrets.token_urlsafe(12), True)
