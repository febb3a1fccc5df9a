"""Who needs a second factor, how coarse a device is named, and whom a sign-in server may bring."""

import pytest

from taktvoll.base.errors import Refused
from taktvoll.domain.people.access import device_of, needs_factor
from taktvoll.domain.people.sign_on import SignOn, Vouched, may_join, role_from, sign_on_of
from taktvoll.domain.people.terms import Role

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"
CHROME = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


def setting(**fields: object) -> SignOn:
    """A sign-in server's setting."""
    kept = {
        "issuer": "https://login.example",
        "client_id": "desk",
        "secret": "env:X",
        "address": "https://d.example",
    }
    found = sign_on_of({"single_sign_on": {**kept, **fields}})
    assert found is not None
    return found


def vouched(
    email: str = "anna@firma.example", *, verified: bool = True, roles: tuple[str, ...] = ()
) -> Vouched:
    """What a server says of someone."""
    return Vouched("https://login.example", "1", email, verified, "Anna", roles, ())


@pytest.mark.parametrize(
    ("agent", "device"),
    [(FIREFOX, "Firefox, Linux"), (EDGE, "Edge, Windows"), (SAFARI, "Safari, iOS"), (CHROME, "Chrome, Android"),
     ("curl/8.0", ""), ("", "")],
)  # fmt: skip
def test_a_device_is_named_coarsely(agent: str, device: str) -> None:
    """People must know their own devices in the list; versions and models would only be more to keep about them."""
    assert device_of(agent) == device


def test_a_factor_is_demanded_of_the_listed_roles_alone() -> None:
    """A setting that cannot be read must not lock everybody out, nor a list of one role all others."""
    assert needs_factor({"second_factor": ["admin"]}, Role.ADMIN)
    assert not needs_factor({"second_factor": ["admin"]}, Role.AGENT)
    assert not needs_factor({}, Role.ADMIN)
    assert not needs_factor({"second_factor": "all"}, Role.ADMIN)


def test_the_first_mapped_word_gives_the_role() -> None:
    """Someone in several groups gets what the setting lists first, the same at every sign-in."""
    mapped = setting(role_claim="groups", roles={"desk-admins": "admin", "desk": "agent"})
    assert role_from(mapped, vouched(roles=("desk", "desk-admins"))) is Role.ADMIN
    assert role_from(mapped, vouched(roles=("desk",))) is Role.AGENT
    assert role_from(setting(), vouched(roles=("desk-admins",))) is None
    with pytest.raises(Refused) as caught:
        role_from(mapped, vouched(roles=("sales",)))
    assert caught.value.code == "sign_on.not_allowed"


@pytest.mark.parametrize(
    ("email", "verified", "domains"),
    [("anna@firma.example", False, []), ("", True, []), ("anna@firma.example.evil.example", True, ["firma.example"]),
     ("anna@evil.example", True, ["firma.example"])],
)  # fmt: skip
def test_an_unproven_or_foreign_address_opens_nothing(email: str, verified: bool, domains: list[str]) -> None:
    """At many servers people write their address themselves: whoever takes it unproven gives accounts away."""
    with pytest.raises(Refused):
        may_join(setting(domains=domains), vouched(email, verified=verified))


def test_a_proven_address_of_a_listed_domain_may_join() -> None:
    """The rule must let those in it is meant for, whatever the case of their address."""
    may_join(setting(domains=["Firma.example"]), vouched("anna@FIRMA.example"))
    may_join(setting(), vouched())
    assert sign_on_of({}) is None
