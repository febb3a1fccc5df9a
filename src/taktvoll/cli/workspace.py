"""`taktvoll workspace`: list, make and set up workspaces.

I decide which settings a workspace has on the command line. The command line calls me. I never delete one.
"""

import argparse
import re
from urllib.parse import urlsplit

from taktvoll.base.errors import Refused
from taktvoll.base.limits import GAS_LINE_CHARS_MAX
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.conversation.writing import UNDO_S_DEFAULT, UNDO_S_MAX
from taktvoll.domain.governance.keeping import KEEP_DAYS_MAX, terms_of
from taktvoll.flows.publish_edition import publish_edition


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=[common], help="all workspaces")
    allow = actions.add_parser("allow", parents=[common], help="let a website embed the chat")
    allow.add_argument("origin", help="as the browser names it: https://www.example.com")
    make = actions.add_parser("add", parents=[common], help="make a workspace")
    make.add_argument("name", help="1–40 characters out of a–z, 0–9 and hyphen")
    make.add_argument("--company", metavar="TEXT", help="the company's name as customers read it")
    make.add_argument("--language", default="de", metavar="TAG", help="its first language, default de")
    make.add_argument("--gas-line", metavar="NUMBER", help="whom customers call when it smells of gas")
    change = actions.add_parser("set", parents=[common], help="change a setting and publish what it changes")
    for place in (make, change):
        place.add_argument(
            "--public-url",
            metavar="URL",
            help="where customers reach this house, for links in mails: https://…",
        )
    change.add_argument(
        "--gas-line",
        metavar="NUMBER",
        help="whom customers call when it smells of gas; “” for none",
    )
    change.add_argument(
        "--undo-send",
        type=int,
        choices=range(UNDO_S_MAX + 1),
        metavar="SECONDS",
        help=f"how long an agent can undo a reply, 0–{UNDO_S_MAX}, default {UNDO_S_DEFAULT}; 0 sends at once",
    )
    for option, what in (("originals", "originals of mails"), ("unsent-files", "files that nobody sent")):
        change.add_argument(
            f"--keep-{option}",
            type=int,
            metavar="DAYS",
            help=f"after how many days {what} are erased; 0: never",
        )
    make.add_argument(
        "--link-host", action="append", metavar="HOST", help="a host that links may lead to; repeatable"
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    if arguments.action == "allow":
        return await _allow(arguments, output)
    if arguments.action == "set":
        return await _set(arguments, output)
    wanted, arguments.workspace = arguments.workspace, "default"
    async with begin(arguments, output) as (house, _):
        if arguments.action == "add":
            if any(place.name == arguments.name for place in await house.directory.workspaces()):
                raise Refused("workspace.exists", name=arguments.name)
            settings: dict[str, object] = {"company": arguments.company or arguments.name}
            if arguments.gas_line:
                settings["gas_line"] = _phone(arguments.gas_line)
            if arguments.public_url:
                settings["public_url"] = _url(arguments.public_url)
            if arguments.link_host:
                settings["link_hosts"] = arguments.link_host
            await house.directory.make_workspace(arguments.name, arguments.language, settings, house.now())
        for place in await house.directory.workspaces():
            output.line(
                f"{'*' if place.name == wanted else ' '} {place.name:<20} {place.settings.get('company', '')}"
            )
    return 0


async def _set(arguments: argparse.Namespace, output: Output) -> int:
    """Keep the number and, where something is published already, publish it with the number."""
    changed = _changed(arguments)
    if not changed:
        raise Refused("usage", detail="--gas-line, --public-url, --undo-send or --keep-…")
    async with begin(arguments, output) as (house, place):
        await house.directory.set_settings(place.id, {**place.settings, **changed})
        if "gas_line" in changed and (await house.library.head(place.id)).edition is not None:
            manifest = await publish_edition(house, place.id, "command line")
            output.line(f"edition {manifest.number} is in force")
    if "gas_line" in changed:
        output.line(f"gas emergency line: {changed['gas_line'] or 'none'}")
    if "public_url" in changed:
        output.line(f"public address: {changed['public_url'] or 'none'}")
    terms = terms_of({**place.settings, **changed})
    if "keep_originals_days" in changed:
        output.line(f"originals of mails are kept {_kept(terms.originals_days)}")
    if "keep_unsent_files_days" in changed:
        output.line(f"files that nobody sent are kept {_kept(terms.unsent_files_days)}")
    if "undo_s" in changed:
        output.line(f"replies can be undone for {changed['undo_s']} s")
    return 0


def _changed(arguments: argparse.Namespace) -> dict[str, object]:
    """The settings that are named, each checked."""
    changed: dict[str, object] = {}
    if arguments.gas_line is not None:
        changed["gas_line"] = _phone(arguments.gas_line) if arguments.gas_line else ""
    if arguments.public_url is not None:
        changed["public_url"] = _url(arguments.public_url) if arguments.public_url else ""
    if arguments.undo_send is not None:
        changed["undo_s"] = arguments.undo_send
    for name in ("keep_originals", "keep_unsent_files"):
        days = getattr(arguments, name)
        if days is not None:
            if not 0 <= days <= KEEP_DAYS_MAX:
                raise Refused("usage", detail=f"--{name.replace('_', '-')} 0–{KEEP_DAYS_MAX}")
            changed[f"{name}_days"] = days
    return changed


def _kept(days: int | None) -> str:
    return f"for {days} days" if days else "for good"


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
        raise Refused("usage", detail="--public-url https://…")
    return text.rstrip("/")


def _phone(text: str) -> str:
    if len(text) > GAS_LINE_CHARS_MAX or not re.fullmatch(r"[+0-9][0-9 ()/-]*[0-9]", text):
        raise Refused("workspace.gas_line", limit=GAS_LINE_CHARS_MAX)
    return text


async def _allow(arguments: argparse.Namespace, output: Output) -> int:
    """Add an origin to the widget account of the named workspace."""
    parts = urlsplit(arguments.origin)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
        output.complain("an origin is scheme and host, as in https://www.example.com")
        return 2
    async with begin(arguments, output) as (house, place):
        account = await house.directory.account(place.id, "webchat", "web")
        listed = account.settings.get("origins")
        origins = {*(listed if isinstance(listed, list) else []), f"{parts.scheme}://{parts.netloc}".lower()}
        settings = {**account.settings, "origins": sorted(origins)}
        await house.directory.set_account(place.id, "webchat", "web", settings)
    for origin in sorted(origins):
        output.line(origin)
    return 0
