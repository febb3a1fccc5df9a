"""Signing in through the company's own sign-in server (OpenID Connect): the setting, and what a person's claims mean.

I decide who may come in by it and in which role. The flow calls me with what the server vouched for.
I never speak to a server and never hold the client's secret, only where it is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from taktvoll.base.errors import Refused
from taktvoll.domain.people.terms import Role

SETTING = "single_sign_on"
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc"})
"""Words by which a server says that it asked for more than a password. Source: RFC 8176."""


@dataclass(frozen=True, slots=True)
class SignOn:
    """A workspace's setting; `secret` is a reference, `address` is ours from outside."""

    issuer: str
    client_id: str
    secret: str
    address: str
    label: str
    role_claim: str
    roles: Mapping[str, Role]
    domains: frozenset[str]
    create: Role | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the server vouched for, its signature checked."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    roles: tuple[str, ...]
    methods: tuple[str, ...]


def sign_on_of(settings: Mapping[str, object]) -> SignOn | None:
    """Read the setting; None where there is none."""
    kept = settings.get(SETTING)
    if not isinstance(kept, dict):
        return None
    fields = cast("dict[str, object]", kept)
    roles, domains = fields.get("roles"), fields.get("domains")
    create = fields.get("create")
    return SignOn(
        issuer=str(fields.get("issuer", "")),
        client_id=str(fields.get("client_id", "")),
        secret=str(fields.get("secret", "")),
        address=str(fields.get("address", "")).rstrip("/"),
        label=str(fields.get("label", "")),
        role_claim=str(fields.get("role_claim", "")),
        roles={str(k): Role(v) for k, v in roles.items()} if isinstance(roles, dict) else {},
        domains=frozenset(str(d).lower() for d in domains) if isinstance(domains, list) else frozenset(),
        create=Role(str(create)) if create else None,
    )


def role_from(setting: SignOn, vouched: Vouched) -> Role | None:
    """The role that the server's claim gives, the first that the setting lists; None where none is mapped.

    Raises: Refused("sign_on.not_allowed") where roles come from the claim and this person's has none of them.
    """
    if not setting.role_claim:
        return None
    found = next((role for word, role in setting.roles.items() if word in vouched.roles), None)
    if found is None:
        raise Refused("sign_on.not_allowed")
    return found


def may_join(setting: SignOn, vouched: Vouched) -> None:
    """Hold an address that is new to us to what the setting allows; an unproven address opens nothing.

    Raises: Refused("sign_on.not_allowed").
    """
    domain = vouched.email.rpartition("@")[2].lower()
    listed = not setting.domains or domain in setting.domains
    if not vouched.email_verified or not domain or not listed:
        raise Refused("sign_on.not_allowed")
