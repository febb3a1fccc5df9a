"""The outgoing side of a mailbox: server, sign-in, sender, signature, pace; as read from an account's settings.

I decide what a mailbox may be set to. The mail channel and the command line call me with a plain mapping.
I never hold a secret, only where it lies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import cast

from taktvoll.base.errors import Refused
from taktvoll.base.hosts import is_loopback
from taktvoll.base.secrets import REFERENCE
from taktvoll.domain.delivery.schedule import EXPIRES_AFTER
from taktvoll.domain.mail.oauth import OAuth, oauth_from

SETTING = "outgoing"
"""The name in channel_account.settings under which the outgoing side lies."""

_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$"
)
_ADDRESS = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,253}$"
)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,60}[A-Za-z0-9])?$")
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]*$")
_LINES = re.compile(r"(?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\n)*$")
_UNSUBSCRIBE = re.compile(r"(?:https://|mailto:)[!-;=?-~]{3,500}$")
NAME_CHARS_MAX = 120
FOOTER_CHARS_MAX = 1_500
HOURS_MAX = 24 * 5


class Security(StrEnum):
    """How the connection is kept private; `none` only reaches this machine itself."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Dkim:
    """With which key mail is signed: public under selector._domainkey.domain, secret where `key` points."""

    domain: str
    selector: str
    key: str


@dataclass(frozen=True, slots=True)
class MailPace:
    """How fast: connections to the server, messages a minute in all and to one domain of recipients."""

    connections: int = 2
    per_minute: int = 120
    domain_connections: int = 2
    domain_per_minute: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A mailbox's way out.

    `secret` and `ca_file` are references; `oauth` is where tokens come from in place of a password; `ca_file` names who
    is trusted besides the machine's own list; `quotes` puts the customer's mail below the answer; `unsubscribe` is
    where advertising is ended; `footer` stands beneath every mail: what a company must say of itself (§ 35a GmbHG,
    § 80 AktG, § 37a HGB).
    """

    host: str
    port: int
    security: Security
    address: str
    name: str = ""
    user: str = ""
    secret: str = ""
    oauth: OAuth | None = None
    reply_to: str = ""
    ca_file: str = ""
    dkim: Dkim | None = None
    pace: MailPace = MailPace()
    timeout_s: int = 30
    quotes: bool = True
    expires_after: timedelta = EXPIRES_AFTER
    unsubscribe: str = ""
    footer: str = ""

    @property
    def domain(self) -> str:
        """The domain of the sender's address."""
        return self.address.rpartition("@")[2]


def outgoing_from(settings: Mapping[str, object]) -> Outgoing | None:
    """Read an account's settings.

    Gives:  None where the account sends nothing.
    Raises: Refused("mailbox.setting") naming the first setting that is not right.
    """
    given = settings.get(SETTING)
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise Refused("mailbox.setting", name=SETTING, detail="object")
    known = _Given(cast("Mapping[str, object]", given), "")
    security = known.choice("security", Security, Security.STARTTLS)
    host = known.text("host", _HOST)
    user, secret = known.text("user", _LINE, ""), known.text("secret", REFERENCE, "")
    if security is Security.NONE and not is_loopback(host):
        raise Refused("mailbox.setting", name="security", detail="starttls, tls")
    oauth = oauth_from(settings) if user and not secret else None  # a password that is named outranks tokens
    if bool(user) != bool(secret or oauth):
        raise Refused("mailbox.setting", name="secret" if user else "user", detail="user + secret")
    return Outgoing(
        host=host,
        port=known.number("port", 465 if security is Security.TLS else 587, 1, 65_535),
        security=security,
        address=known.text("address", _ADDRESS),
        name=known.text("name", _LINE, "", NAME_CHARS_MAX),
        user=user,
        secret=secret,
        oauth=oauth,
        reply_to=known.text("reply_to", _ADDRESS, ""),
        ca_file=known.text("ca_file", REFERENCE, ""),
        dkim=_dkim(known),
        pace=_pace(known),
        timeout_s=known.number("timeout_s", 30, 1, 300),
        quotes=known.flag("quotes", default=True),
        expires_after=timedelta(hours=known.number("expires_after_h", HOURS_MAX, 1, HOURS_MAX)),
        unsubscribe=known.text("unsubscribe", _UNSUBSCRIBE, ""),
        footer=known.text("footer", _LINES, "", FOOTER_CHARS_MAX).strip(),
    )


def _dkim(known: "_Given") -> Dkim | None:
    given = known.part("dkim")
    if given is None:
        return None
    return Dkim(given.text("domain", _HOST), given.text("selector", _LABEL), given.text("key", REFERENCE))


def _pace(known: "_Given") -> MailPace:
    given, plain = known.part("pace"), MailPace()
    if given is None:
        return plain
    return MailPace(
        connections=given.number("connections", plain.connections, 1, 20),
        per_minute=given.number("per_minute", plain.per_minute, 1, 100_000),
        domain_connections=given.number("domain_connections", plain.domain_connections, 1, 20),
        domain_per_minute=given.number("domain_per_minute", plain.domain_per_minute, 1, 100_000),
    )


class _Given:
    """Settings as they were given, each asked for by name, form and default."""

    def __init__(self, given: Mapping[str, object], path: str) -> None:
        self._given = given
        self._path = path

    def text(self, name: str, form: re.Pattern[str], default: str | None = None, limit: int = 500) -> str:
        value = self._given.get(name, default)
        if value == default and default is not None:
            return default
        if not isinstance(value, str) or len(value) > limit or not form.fullmatch(value):
            raise self._wrong(name, "text")
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self._given.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(name, f"{least}–{most}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._given.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, "true, false")
        return value

    def choice(self, name: str, of: type[Security], default: Security) -> Security:
        value = self._given.get(name, default.value)
        if value not in list(of):
            raise self._wrong(name, ", ".join(of))
        return of(str(value))

    def part(self, name: str) -> "_Given | None":
        value = self._given.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._wrong(name, "object")
        return _Given(cast("Mapping[str, object]", value), f"{self._path}{name}.")

    def _wrong(self, name: str, detail: str) -> Refused:
        return Refused("mailbox.setting", name=f"{self._path}{name}", detail=detail)
