"""`taktvoll mailbox … --oauth` and `taktvoll mailbox connect`: tokens of the provider in place of a password.

I decide which options that has, and what a person reads while they agree at their provider. cli/mailbox.py calls me.
I never take or show a secret or a token.
"""

import argparse
import sys

from taktvoll.cli.output import Output
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.domain.mail.oauth import OTHER, PROVIDERS
from taktvoll.domain.mail.oauth_ports import Asked
from taktvoll.flows.connect_mailbox import connect_mailbox
from taktvoll.flows.house import House
from taktvoll.flows.set_up_mailbox import try_tokens

_PARTS = (
    "tenant",
    "client",
    "secret",
    "scope",
    "refresh",
    "proof",
    "token_url",
    "device_url",
    "authorize_url",
)
_BROWSER = (
    "Open this address in a browser, sign in as the mailbox and agree. The browser then says that the page cannot be",
    "reached: that is right. Copy the address that it shows, which begins with http://127.0.0.1, and paste it here.",
)


def add_options(one: argparse.ArgumentParser) -> None:
    """Name the options."""
    one.add_argument(
        "--oauth",
        metavar="|".join((*PROVIDERS, "URL")),
        help="sign in by tokens: of a provider known by name, with its servers, or of the token server at URL; “” to"
        " sign in by password again",
    )
    for name, metavar, says in (
        ("tenant", "NAME", "the company's name or id at Microsoft: contoso.onmicrosoft.com"),
        ("client", "ID", "the program's client id at the provider"),
        ("secret", "REFERENCE", "its client secret: env:TAKTVOLL_SECRET_… or file:NAME; none for a public client"),
        ("refresh", "file:NAME", "a person agrees (mailbox connect): where their refresh token lies; without it the"
         " program signs in as itself. For google set by itself"),
        ("scope", "TEXT", "what is asked for, in place of the provider's usual"),
        ("token-url", "URL", "in place of the provider's usual"),
        ("device-url", "URL", "where mailbox connect asks for a code (RFC 8628)"),
        ("authorize-url", "URL", "where mailbox connect asks in the browser, without device codes"),
    ):  # fmt: skip
        one.add_argument(
            f"--oauth-{name}", dest=f"oauth_{name.replace('-', '_')}", metavar=metavar, help=says
        )
    one.add_argument(
        "--oauth-proof",
        choices=["post", "basic"],
        help="how the client secret travels: in the form (default), or as HTTP Basic",
    )


def given_by(arguments: argparse.Namespace) -> dict[str, object]:
    """Gather the settings that were named; a provider chosen anew takes the place of the one before."""
    if arguments.oauth == "":
        return {"oauth": None}
    parts: dict[str, object] = {
        name: value for name in _PARTS if (value := getattr(arguments, f"oauth_{name}")) is not None
    }
    if arguments.oauth is not None:
        known = arguments.oauth in PROVIDERS
        parts["provider"] = arguments.oauth if known else OTHER
        if not known:
            parts.setdefault("token_url", arguments.oauth)
    return {"oauth": parts} if parts else {}


async def connect(house: House, mailbox: Mailbox, output: Output) -> None:
    """Have a person agree, and say where the token lies now."""

    def show(asked: Asked) -> None:
        output.line(f"Open {asked.address} in a browser, on any device, and type {asked.code}")
        output.line(
            f"Sign in as the mailbox and agree; you have {asked.expires_s // 60} minutes, and this waits."
        )
        sys.stdout.flush()

    def browse(address: str) -> str:
        for line in (*_BROWSER, "", address, ""):
            output.line(line)
        sys.stdout.flush()
        return sys.stdin.readline().strip()

    await connect_mailbox(house, mailbox, show, browse)
    refresh = mailbox.oauth.refresh if mailbox.oauth else ""
    output.line(f"{mailbox.account.name}: connected; the token lies at {refresh}")


async def check_tokens(house: House, mailbox: Mailbox, output: Output) -> int:
    """Say whether the provider grants access."""
    if mailbox.oauth is None:
        return 0
    name, where = mailbox.account.name, mailbox.oauth.host
    failed = await try_tokens(house, mailbox)
    if failed is not None:
        output.complain(f"{name}: {where}: {failed.text(output.language)}")
        return 1
    output.line(f"{name}: {where}: the provider grants access")
    return 0
