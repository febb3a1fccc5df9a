"""`taktvoll mailbox`: set up, try out, change, list and remove the mailboxes by which customers write.

I decide which options a mailbox has on the command line. The command line calls me. I never take a password: only where
it lies.
"""

import argparse
import re
from datetime import datetime
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.cli import mailbox_oauth
from taktvoll.cli.begin import begin
from taktvoll.cli.output import Output
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.delivery.terms import Failed, Later, Why
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.domain.people.terms import Workspace
from taktvoll.entry.desk.texts_delivery import WHY
from taktvoll.flows.house import House
from taktvoll.flows.set_up_mailbox import (
    Shown,
    add_mailbox,
    change_mailbox,
    mailbox_account,
    mailboxes,
    new_token,
    remove_mailbox,
    try_mailbox,
    try_sending,
)

LOG_LINES = 5
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_INCOMING = (
    "host",
    "port",
    "security",
    "user",
    "secret",
    "ca_file",
    "folder",
    "start",
    "after",
    "move_to",
    "poll_s",
)
_OUTGOING = ("host", "port", "security", "user", "secret", "ca_file")


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the actions and options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser(
        "list", parents=[common], help="all mailboxes and how they are; exit 1 if one is not well"
    )
    for verb, says in (("add", "set up a mailbox"), ("set", "change a mailbox; what is not named stays")):
        one = actions.add_parser(verb, parents=[common], help=says)
        one.add_argument("name", help="1–60 characters out of a–z, 0–9 and hyphen")
        _options(one)
    for verb, says in (
        ("test", "connect as the worker does to fetch and to send, and say in plain words what fails"),
        (
            "connect",
            "have a person agree at their provider that mail is read and sent for them (OAuth), and test it",
        ),
        ("remove", "take a mailbox out of use; its conversations stay"),
    ):
        actions.add_parser(verb, parents=[common], help=says).add_argument("name")


def _options(one: argparse.ArgumentParser) -> None:
    secret = "env:TAKTVOLL_SECRET_… or file:NAME in the folder of secrets"  # noqa: S105 - a help text
    one.add_argument(
        "--address", action="append", metavar="ADDRESS", help="an address of it; the first one sends"
    )
    one.add_argument("--name", dest="shown", metavar="TEXT", help="the name that customers see")
    one.add_argument("--imap-host", dest="incoming_host", metavar="HOST")
    one.add_argument(
        "--imap-port", dest="incoming_port", type=int, metavar="N", help="default 993, or 143 without TLS"
    )
    one.add_argument(
        "--imap-security", dest="incoming_security", choices=["tls", "starttls", "none"], help="default tls"
    )
    one.add_argument("--user", dest="incoming_user", metavar="USER", help="for fetching")
    one.add_argument("--secret", dest="incoming_secret", metavar="REFERENCE", help=f"its password: {secret}")
    mailbox_oauth.add_options(one)
    one.add_argument(
        "--ca-file", dest="incoming_ca_file", metavar="REFERENCE", help="who issued the server's certificate"
    )
    one.add_argument("--folder", dest="incoming_folder", metavar="NAME", help="default INBOX")
    one.add_argument(
        "--start", dest="incoming_start", metavar="now|all|DAYS", help="how far back to begin, default now"
    )
    one.add_argument(
        "--after",
        dest="incoming_after",
        choices=["seen", "move", "keep"],
        help="what becomes of mails on record",
    )
    one.add_argument("--move-to", dest="incoming_move_to", metavar="FOLDER")
    one.add_argument(
        "--poll", dest="incoming_poll_s", type=int, metavar="SECONDS", help="where the server cannot IDLE"
    )
    one.add_argument("--smtp-host", dest="outgoing_host", metavar="HOST")
    one.add_argument("--smtp-port", dest="outgoing_port", type=int, metavar="N")
    one.add_argument(
        "--smtp-security",
        dest="outgoing_security",
        choices=["starttls", "tls", "none"],
        help="default starttls",
    )
    one.add_argument("--smtp-user", dest="outgoing_user", metavar="USER")
    one.add_argument(
        "--smtp-secret", dest="outgoing_secret", metavar="REFERENCE", help=f"its password: {secret}"
    )
    one.add_argument("--smtp-ca-file", dest="outgoing_ca_file", metavar="REFERENCE")
    one.add_argument(
        "--footer",
        metavar="FILE",
        help="beneath every mail: what your company must say of itself; “” for nothing",
    )
    one.add_argument(
        "--trust",
        metavar="SERVER",
        help="whose Authentication-Results are believed: its authserv-id; “” for nobody's",
    )
    one.add_argument(
        "--forms",
        action="append",
        metavar="ADDRESS",
        help="sender of your own web form, whose Reply-To names the customer: answered there; “” for none",
    )
    one.add_argument(
        "--alarm", type=int, metavar="MINUTES", help="without a successful round people are told, default 15"
    )
    one.add_argument(
        "--new-token",
        action="store_true",
        help="make a token for handing mails in over HTTP, and show it once",
    )


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it."""
    if arguments.action in ("add", "set") and not _NAME.fullmatch(arguments.name):
        raise Refused("mailbox.setting", name="name", detail="a–z, 0–9, -")
    async with begin(arguments, output) as (house, place):
        match arguments.action:
            case "list":
                return await _list(house, place, output)
            case "test":
                return await _test(house, place, arguments.name, output)
            case "connect":
                mailbox = mailbox_of(await mailbox_account(house, place.id, arguments.name))
                await mailbox_oauth.connect(house, mailbox, output)
                return await _test(house, place, arguments.name, output)
            case "remove":
                await remove_mailbox(house, place.id, arguments.name)
                output.line(f"{arguments.name}: out of use")
                return 0
            case _:
                return await _keep(house, place, arguments, output)


async def _keep(house: House, place: Workspace, arguments: argparse.Namespace, output: Output) -> int:
    given = _given(arguments)
    if arguments.action == "add":
        await add_mailbox(house, place.id, arguments.name, given)
    elif given:
        await change_mailbox(house, place.id, arguments.name, given)
    test = f"taktvoll --workspace {place.name} mailbox test {arguments.name}"
    output.line(f"{arguments.name}: kept. To try it out: {test}")
    if arguments.new_token:
        token = await new_token(house, place.id, arguments.name)
        output.line(f"POST /api/v1/w/{place.name}/mail/{arguments.name}  Authorization: Bearer {token}")
    return 0


def _given(arguments: argparse.Namespace) -> dict[str, object]:
    """Gather the settings that were named."""
    plain: dict[str, object] = {
        "addresses": arguments.address,
        "name": arguments.shown,
        "trusted": arguments.trust,
        "alarm_min": arguments.alarm,
        "forms": None if arguments.forms is None else [one for one in arguments.forms if one],
    }
    parts = {
        part: {n: v for n in names if (v := getattr(arguments, f"{part}_{n}")) is not None}
        for part, names in (("incoming", _INCOMING), ("outgoing", _OUTGOING))
    }
    if arguments.footer is not None:
        parts["outgoing"]["footer"] = _lines_of(arguments.footer)
    named = {n: v for n, v in plain.items() if v is not None} | {n: v for n, v in parts.items() if v}
    return named | mailbox_oauth.given_by(arguments)


def _lines_of(path: str) -> str:
    """Read a footer; a path of "" means that there is none."""
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip() if path else ""
    except (OSError, ValueError) as error:
        raise Refused("mailbox.footer", file=path) from error


async def _list(house: House, place: Workspace, output: Output) -> int:
    shown = await mailboxes(house, place.id)
    for one in shown:
        output.line(_row(one, house.now(), output.language))
        for noted in await house.mails.log(place.id, one.mailbox.account.id, LOG_LINES):
            detail = _said(noted.detail, output.language) if noted.kind == "failed" else noted.detail
            output.line(f"    {noted.at:%Y-%m-%d %H:%M} {noted.kind} {detail}".rstrip())
    if not shown:
        output.say(
            "There is no mailbox yet: taktvoll mailbox add NAME --address … --imap-host … --user … --secret …"
        )
    return 1 if any(one.problem for one in shown) else 0


def _row(shown: Shown, now: datetime, language: str) -> str:
    mailbox, standing = shown.mailbox, shown.standing
    if shown.problem:
        last = f"last read {_ago(standing.checked_at, now)}" if standing.checked_at else "never read"
        state = f"NOT WELL ({last}): {_said(shown.problem, language)}"
    elif mailbox.fetching is None:
        state = "ok, takes mail in" if mailbox.intake else "ok, fetches nothing"
    else:
        state = (
            f"ok, read {_ago(standing.checked_at, now)}"
            if standing.checked_at
            else "waits for its first round"
        )
    return f"{mailbox.account.name:<20} {', '.join(mailbox.addresses)}  {state}"


def _said(code: str, language: str) -> str:
    return Refused(code).text(language)


def _ago(at: datetime, now: datetime) -> str:
    minutes = int((now - at).total_seconds()) // 60
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"


async def _test(house: House, place: Workspace, name: str, output: Output) -> int:
    mailbox = mailbox_of(await mailbox_account(house, place.id, name))
    if await mailbox_oauth.check_tokens(house, mailbox, output):
        output.complain(f"{name}: neither fetching nor sending was tried: both need that first")
        return 1
    return max(await _test_fetching(house, mailbox, output), await _test_sending(house, mailbox, output))


async def _test_fetching(house: House, mailbox: Mailbox, output: Output) -> int:
    name = mailbox.account.name
    if mailbox.fetching is None:
        output.line(f"{name}: fetches nothing; {_door(mailbox)}")
        return 0
    where = f"{mailbox.fetching.host}:{mailbox.fetching.port}"
    tried = await try_mailbox(house, mailbox)
    if tried.error is not None:
        output.complain(f"{name}: {where}: {tried.error.text(output.language)}")
        return 1
    output.line(
        f"{name}: {where}: connected, signed in, folder {mailbox.fetching.folder} opened; {tried.mails} new"
    )
    if tried.too_large:
        output.line(
            f"  {tried.too_large} of them too large: only their headers will be kept, and a person is told"
        )
    return 0


async def _test_sending(house: House, mailbox: Mailbox, output: Output) -> int:
    """Say whether its mail would be taken; nothing is sent."""
    name, outgoing = mailbox.account.name, outgoing_from(mailbox.account.settings)
    if outgoing is None:
        output.line(f"{name}: sends nothing")
        return 0
    where = f"{outgoing.host}:{outgoing.port}"
    hindrance = await try_sending(house, mailbox)
    if hindrance is not None:
        why = hindrance.why if isinstance(hindrance, Later | Failed) else Why.CONNECT
        output.complain(f"{name}: {where}: {WHY[why][0 if output.language.startswith('de') else 1]}")
        return 1
    output.line(
        f"{name}: {where}: connected{', signed in' if outgoing.user else ''}, ready to send; nothing was sent"
    )
    return 0


def _door(mailbox: Mailbox) -> str:
    return "its token takes mail in over HTTP" if mailbox.intake else "it has no token either"
