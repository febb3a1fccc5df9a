"""`taktvoll access`: how staff sign in to a workspace.

I decide how a second factor is demanded and the company's sign-in server is named. The command line calls me.
I never take a secret: only where one is found.
"""

import argparse
import json
from urllib.parse import urlsplit

from taktvoll.base.errors import Refused
from taktvoll.base.ids import uuid7
from taktvoll.base.secrets import REFERENCE
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.people.access import Kind, Noted
from taktvoll.domain.people.sign_on import SETTING
from taktvoll.domain.people.terms import Role, Workspace
from taktvoll.flows.end_sessions import end_without_factor
from taktvoll.flows.house import House

ROLES = [role.value for role in Role]


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", parents=[common], help="the settings as they are")
    factor = actions.add_parser(
        "second-factor", parents=[common], help="of which roles a second factor is demanded"
    )
    factor.add_argument("role", nargs="+", choices=["all", "none", *ROLES])
    server = actions.add_parser(
        "sign-in-server", parents=[common], help="let staff sign in through the company (OpenID Connect)"
    )
    server.add_argument("issuer", help="as the server calls itself: https://login.example.com")
    server.add_argument("--client-id", required=True, metavar="ID")
    server.add_argument(
        "--secret",
        required=True,
        metavar="REFERENCE",
        help="the client's secret: env:TAKTVOLL_SECRET_… or file:NAME in the folder of secrets",
    )
    server.add_argument(
        "--address",
        required=True,
        metavar="URL",
        help="where browsers reach this taktvoll: https://desk.example.com",
    )
    server.add_argument("--label", default="", metavar="TEXT", help="what the button says")
    server.add_argument("--domain", action="append", default=[], help="whose addresses may join; repeatable")
    server.add_argument(
        "--role-claim", default="", metavar="CLAIM", help="the claim that holds roles or groups, as groups"
    )
    server.add_argument(
        "--role", action="append", default=[], metavar="WORD=ROLE", help="which word of it gives which role"
    )
    server.add_argument("--create", choices=ROLES, help="add people who are new, in this role")
    actions.add_parser("no-sign-in-server", parents=[common], help="passwords only, from now on")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    async with begin(arguments, output) as (house, place):
        settings = dict(place.settings)
        if arguments.action == "second-factor":
            settings["second_factor"] = _roles(arguments.role)
        elif arguments.action == "sign-in-server":
            settings[SETTING] = _server(arguments)
        elif arguments.action == "no-sign-in-server":
            settings.pop(SETTING, None)
        if arguments.action != "show":
            await _change(house, place, settings, arguments.action)
        output.line(f"second factor: {' '.join(_listed(settings.get('second_factor'))) or 'none'}")
        server = settings.get(SETTING)
        output.line(f"sign-in server: {json.dumps(server, ensure_ascii=False) if server else 'none'}")
        if server:
            output.line(f"its redirect address: {_at(server)}/w/{place.name}/desk/sign-in/return")
    return 0


async def _change(house: House, place: Workspace, settings: dict[str, object], what: str) -> None:
    now = house.now()
    await house.directory.set_settings(place.id, settings)
    noted = Noted(uuid7(now), Kind.ACCESS_CHANGED, "command line", now, None, {"what": what})
    await house.access.staffing.note(place.id, noted)
    if what == "second-factor":
        await end_without_factor(house, place.id)


def _roles(words: list[str]) -> list[str]:
    if "none" in words:
        return []
    return ROLES if "all" in words else sorted(set(words))


def _listed(found: object) -> list[str]:
    return [str(role) for role in found] if isinstance(found, list) else []


def _at(server: object) -> str:
    return str(server.get("address", "")) if isinstance(server, dict) else ""


def _server(arguments: argparse.Namespace) -> dict[str, object]:
    """Read the setting.

    Raises: Refused("usage") with what is wrong about it.
    """
    for address in (arguments.issuer, arguments.address):
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not (parts.scheme == "https" or local) or not parts.netloc or parts.query or parts.fragment:
            raise Refused("usage", detail=f"not an https address: {address[:100]}")
    if not REFERENCE.fullmatch(arguments.secret):
        where = (
            "--secret is env:TAKTVOLL_SECRET_… or file:NAME in the folder of secrets, not the secret itself"
        )
        raise Refused("usage", detail=where)
    roles = {}
    for pair in arguments.role:
        word, _, role = pair.rpartition("=")
        if not word or role not in ROLES:
            raise Refused("usage", detail=f"--role is WORD=ROLE, not {pair[:60]}")
        roles[word] = role
    if bool(roles) is not bool(arguments.role_claim):
        raise Refused("usage", detail="--role-claim and --role belong together")
    return {
        "issuer": arguments.issuer,
        "client_id": arguments.client_id,
        "secret": arguments.secret,
        "address": arguments.address.rstrip("/"),
        "label": arguments.label,
        "domains": [domain.lower().lstrip("@") for domain in arguments.domain],
        "role_claim": arguments.role_claim,
        "roles": roles,
        "create": arguments.create,
    }
