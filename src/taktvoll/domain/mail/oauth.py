"""How a mailbox signs in without a password: by access tokens of the company's provider (OAuth 2.0).

I decide what may be set about it and which providers are known by name. The settings of mailboxes, on the way in and
out, are read by me. I never hold a secret or a token, only where it lies.
Source: RFC 6749 (sections 4.4 and 6), RFC 8628, RFC 8252; the providers' manuals for their endpoints and scopes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast
from urllib.parse import urlsplit

from taktvoll.base.errors import Refused
from taktvoll.base.hosts import is_loopback
from taktvoll.base.secrets import REFERENCE

SETTING = "oauth"
"""The name in channel_account.settings under which it lies, for both ways of the mailbox."""

OTHER = "other"
_NAMED = re.compile(r"[!-~](?:[ -~]{0,298}[!-~])?$")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}$")
_SCOPE = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*$")
_URL = re.compile(r"https?://[!-~]{1,490}$")
_KEPT = re.compile(r"file:[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}$")
"""A refresh token is replaced by its provider, so it can only lie where we can write."""


class Proof(StrEnum):
    """How the program proves to the token server which client it is (RFC 6749, section 2.3.1)."""

    POST = "post"
    BASIC = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Where tokens come from and for whom.

    `secret` is the reference of the client's secret, "" for a client that has none; `refresh` is the reference of the
    file with the refresh token: a person agreed, and the program acts for them. Without one it signs in as itself.
    `device_url` and `authorize_url` are where a person's consent is asked for.
    """

    token_url: str
    client: str
    secret: str = ""
    scope: str = ""
    refresh: str = ""
    proof: Proof = Proof.POST
    device_url: str = ""
    authorize_url: str = ""

    @property
    def host(self) -> str:
        """The token server's name, as people know it."""
        return urlsplit(self.token_url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is the same for every customer of a provider; {tenant} stands for the company's name there.

    `own_scope` is asked for when the program signs in as itself, "" where the provider knows no such thing.
    """

    token_url: str
    own_scope: str
    person_scope: str
    imap_host: str
    smtp_host: str
    device_url: str = ""
    authorize_url: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "microsoft": Provider(
        token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
        own_scope="https://outlook.office365.com/.default",
        person_scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
        " offline_access",
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        device_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
    ),
    # Google gives no access to mail by its device codes, so people's consent is asked for in the browser.
    "google": Provider(
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        own_scope="",
        person_scope="https://mail.google.com/",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    ),
}


def oauth_from(settings: Mapping[str, object]) -> OAuth | None:
    """Read how a mailbox gets its tokens.

    Gives:  None where it signs in by password.
    Raises: Refused("mailbox.setting") naming the first setting that is not right.
    """
    found = settings.get(SETTING)
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise Refused("mailbox.setting", name=SETTING, detail="object")
    given = cast("Mapping[str, object]", found)
    name = given.get("provider", OTHER)
    if name not in (*PROVIDERS, OTHER):
        raise _wrong("provider", ", ".join((*PROVIDERS, "https://…")))
    provider = PROVIDERS.get(str(name))
    secret, refresh = _text(given, "secret", REFERENCE, ""), _text(given, "refresh", _KEPT, "", "file:NAME")
    if not secret and not refresh:  # a client that anybody could be is let in nowhere as itself
        raise _wrong("secret", "file:NAME, env:TAKTVOLL_SECRET_…")
    if refresh and refresh == secret:  # the first token kept there would take the secret's place
        raise _wrong("refresh", "file:NAME")
    if provider and not refresh and not provider.own_scope:
        raise _wrong("refresh", "file:NAME")
    places = {part: _place(given, part, provider) for part in ("token_url", "device_url", "authorize_url")}
    if not places["token_url"]:
        raise _wrong("token_url", "https://…")
    return OAuth(
        **places,
        client=_text(given, "client", _NAMED),
        secret=secret,
        refresh=refresh,
        scope=_text(given, "scope", _SCOPE, _scope(provider, bool(refresh))),
        proof=_proof(given),
    )


def with_provider(
    settings: Mapping[str, object], named: Mapping[str, object], mailbox: str
) -> dict[str, object]:
    """Fill in what a provider known by name makes plain: its servers, the user, where a refresh token will lie.

    Takes:  settings: the mailbox's, with the provider just chosen; named: what was named together with it, which
            stands; mailbox: a name of it that no other has in this installation.
    Gives:  the settings. A password that was not named along goes, except for a sending house of its own: without its
            password that one would be handed tokens which open all mail.
    """
    filled = dict(settings)
    chosen = filled.get(SETTING)
    if not isinstance(chosen, Mapping):
        return filled
    provider = PROVIDERS.get(str(chosen.get("provider")))
    if provider and not provider.own_scope:
        filled[SETTING] = {"refresh": f"file:{mailbox}-refresh", **chosen}
    addresses = filled.get("addresses")
    user = addresses[0] if isinstance(addresses, list) and addresses else ""
    for part, host, security in (("incoming", "imap_host", "tls"), ("outgoing", "smtp_host", "starttls")):
        known, mine = filled.get(part), named.get(part)
        if not isinstance(known, Mapping):
            continue
        stands = mine if isinstance(mine, Mapping) else {}
        plain = dict(known)
        if part == "incoming" or (provider and stands.get("host", provider.smtp_host) == provider.smtp_host):
            plain.pop("secret", None)
        if provider:
            plain = {"user": user, **plain, "host": getattr(provider, host), "security": security}
            plain.pop("port", None)
        elif part == "incoming":  # a server that takes mail without a sign-in may go on to do so
            plain = {"user": user, **plain}
        filled[part] = {**plain, **stands}
    return filled


def is_private(url: str) -> bool:
    """Whether secrets may travel there: encrypted, or to this machine itself; nothing may hide in the address."""
    if not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = not parts.username and not parts.password and not parts.fragment
    return bool(host) and plain and (parts.scheme == "https" or is_loopback(host))


def _place(given: Mapping[str, object], name: str, provider: Provider | None) -> str:
    """Read an address; the provider's own stands where none is named."""
    url = _text(given, name, _URL, "", "https://…")
    if not url and provider:
        url = getattr(provider, name)
        if "{tenant}" in url:
            url = url.format(tenant=_text(given, "tenant", _TENANT, None, "firma.onmicrosoft.com"))
    if url and not is_private(url):
        raise _wrong(name, "https://…")
    return url


def _scope(provider: Provider | None, for_person: bool) -> str:
    if provider is None:
        return ""
    return provider.person_scope if for_person else provider.own_scope


def _proof(given: Mapping[str, object]) -> Proof:
    value = given.get("proof", Proof.POST.value)
    if value not in list(Proof):
        raise _wrong("proof", ", ".join(Proof))
    return Proof(str(value))


def _text(
    given: Mapping[str, object],
    name: str,
    form: re.Pattern[str],
    default: str | None = None,
    allowed: str = "text",
) -> str:
    value = given.get(name, default)
    if value == default and default is not None:
        return default
    if not isinstance(value, str) or len(value) > 500 or not form.fullmatch(value):
        raise _wrong(name, allowed)
    return value


def _wrong(name: str, allowed: str) -> Refused:
    return Refused("mailbox.setting", name=f"{SETTING}.{name}", detail=allowed)
