"""A mailbox as the company set it up: its addresses, where its mail is fetched, and whom to believe about senders.

I decide what a mailbox may be set to on the way in; the way out stands in `domain/delivery`. Flows, the mail channel
and the command line call me with an account's settings. I never hold a secret, only where it lies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from taktvoll.base.errors import Refused
from taktvoll.base.hosts import is_loopback
from taktvoll.base.limits import MAIL_ALARM_MIN, MAIL_POLL_S
from taktvoll.base.secrets import REFERENCE
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.mail.oauth import OAuth, oauth_from
from taktvoll.domain.mail.terms import domain_of

SETTING = "incoming"
"""The name in channel_account.settings under which the fetching side lies."""

ADDRESSES_MAX = 50
DAYS_MAX = 3_650
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$")
_ADDRESS = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,253}$"
)
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,200}$")
_DIGEST = re.compile(r"[0-9a-f]{64}$")
_DAYS = re.compile(r"[1-9][0-9]{0,3}$")


class Privacy(StrEnum):
    """How the connection is kept private; `none` only reaches this machine itself."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Afterwards(StrEnum):
    """What becomes of a mail in its folder once it is on record."""

    SEEN = "seen"
    MOVE = "move"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """Where mail is fetched by IMAP.

    `secret` and `ca_file` are references; `oauth` is where tokens come from in place of a password; `days` is how far
    back the first round reads: 0 from now on, None all there is; `move_to` is the folder for mails on record
    where they are moved.
    """

    host: str
    port: int
    privacy: Privacy
    user: str
    secret: str = ""
    oauth: OAuth | None = None
    folder: str = "INBOX"
    ca_file: str = ""
    days: int | None = 0
    afterwards: Afterwards = Afterwards.SEEN
    move_to: str = ""
    poll_s: int = MAIL_POLL_S
    timeout_s: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox of the company.

    `trusted` names the server whose findings about a sender are believed (its authserv-id), "" for none; `intake` is
    the SHA-256 of the token by which mail may be handed in over HTTP, "" for no such door; `alarm_min` is after how
    many minutes without a successful round people are told; `forms` are the addresses of the company's web forms.
    """

    account: Account
    addresses: tuple[str, ...]
    name: str = ""
    fetching: Fetching | None = None
    oauth: OAuth | None = None
    trusted: str = ""
    intake: str = ""
    alarm_min: int = MAIL_ALARM_MIN
    forms: tuple[str, ...] = ()

    @property
    def domains(self) -> frozenset[str]:
        """The domains of its addresses, as they are compared."""
        return frozenset(domain_of(a) for a in self.addresses)


def mailbox_of(account: Account) -> Mailbox:
    """Read an account's settings.

    Raises: Refused("mailbox.setting") naming the first setting that is not right.
    """
    given = _Given(account.settings, "")
    addresses = given.addresses("addresses", 1)
    oauth = oauth_from(account.settings)
    return Mailbox(
        account=account,
        addresses=addresses,
        name=given.text("name", _LINE, ""),
        fetching=_fetching(given.part(SETTING), oauth),
        oauth=oauth,
        trusted=given.text("trusted", _HOST, ""),
        intake=given.text("intake", _DIGEST, ""),
        alarm_min=given.number("alarm_min", MAIL_ALARM_MIN, 1, 24 * 60),
        forms=given.addresses("forms", 0),
    )


def _fetching(given: "_Given | None", oauth: OAuth | None) -> Fetching | None:
    """Read the way in; a password that is named outranks tokens."""
    if given is None:
        return None
    secret = given.text("secret", REFERENCE, "" if oauth else None)
    privacy = Privacy(given.choice("security", [p.value for p in Privacy], Privacy.TLS.value))
    host = given.text("host", _HOST)
    if privacy is Privacy.NONE and not is_loopback(host):
        raise given.wrong("security", "tls, starttls")
    afterwards = Afterwards(given.choice("after", [a.value for a in Afterwards], Afterwards.SEEN.value))
    return Fetching(
        host=host,
        port=given.number("port", 993 if privacy is Privacy.TLS else 143, 1, 65_535),
        privacy=privacy,
        user=given.text("user", _LINE),
        secret=secret,
        oauth=None if secret else oauth,
        folder=given.text("folder", _LINE, "INBOX"),
        ca_file=given.text("ca_file", REFERENCE, ""),
        days=_days(given),
        afterwards=afterwards,
        move_to=given.text("move_to", _LINE, None if afterwards is Afterwards.MOVE else ""),
        poll_s=given.number("poll_s", MAIL_POLL_S, 1, 3_600),
        timeout_s=given.number("timeout_s", 30, 1, 300),
    )


def _days(given: "_Given") -> int | None:
    """Read how far back the first round goes: "now", "all", or a number of days."""
    start = given.text("start", re.compile(r"now$|all$|[1-9][0-9]{0,3}$"), "now")
    if start == "all":
        return None
    return min(int(start), DAYS_MAX) if _DAYS.fullmatch(start) else 0


class _Given:
    """Settings as they were given, each asked for by name, form and default."""

    def __init__(self, given: Mapping[str, object], path: str) -> None:
        self._given = given
        self._path = path

    def addresses(self, name: str, least: int) -> tuple[str, ...]:
        found = self._given.get(name, [])
        listed = cast("list[object]", found) if isinstance(found, list) else [None]
        if not least <= len(listed) <= ADDRESSES_MAX:
            raise self.wrong(name, f"{least}–{ADDRESSES_MAX}")
        if not all(isinstance(a, str) and _ADDRESS.fullmatch(a) for a in listed):
            raise self.wrong(name, "name@example.org")
        return tuple(dict.fromkeys(str(a) for a in listed))

    def text(self, name: str, form: re.Pattern[str], default: str | None = None) -> str:
        value = self._given.get(name, default)
        if value == default and default is not None:
            return default
        if not isinstance(value, str) or not form.fullmatch(value):
            raise self.wrong(name, "text")
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self._given.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(name, f"{least}–{most}")
        return value

    def choice(self, name: str, known: list[str], default: str) -> str:
        value = self._given.get(name, default)
        if value not in known:
            raise self.wrong(name, ", ".join(known))
        return str(value)

    def part(self, name: str) -> "_Given | None":
        value = self._given.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.wrong(name, "object")
        return _Given(cast("Mapping[str, object]", value), f"{self._path}{name}.")

    def wrong(self, name: str, detail: str) -> Refused:
        return Refused("mailbox.setting", name=f"{self._path}{name}", detail=detail)
