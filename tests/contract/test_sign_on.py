"""What the port SignOnServer promises, held against OpenIdServer and a server on loopback that can lie."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.sign_on import OpenIdServer
from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.people.sign_on import Begun, SignOn, Vouched, sign_on_of
from tests.contract.provider import CLIENT, SECRET, Provider

BACK = "https://desk.example/w/auental/desk/sign-in/return"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A company's sign-in server."""
    made = Provider()
    yield made
    made.close()


def setting_of(provider: Provider, **fields: object) -> SignOn:
    """A workspace's setting that names the server."""
    kept = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "secret": "env:TAKTVOLL_SECRET_DESK",
        "address": "https://desk.example",
    }
    found = sign_on_of({"single_sign_on": {**kept, **fields}})
    assert found is not None
    return found


def server() -> OpenIdServer:
    """The implementation under test; its secret lies where the setting says."""
    return OpenIdServer(ReferencedSecrets({"TAKTVOLL_SECRET_DESK": SECRET}.get, Path("/nowhere")))


def asked_in(begun: Begun) -> dict[str, str]:
    """What the browser carries to the server."""
    return {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}


async def signed_in(provider: Provider, at: OpenIdServer | None = None, **fields: object) -> Vouched:
    """Go the whole way once."""
    at, setting = at or server(), setting_of(provider, **fields)
    begun = await at.begin(setting, BACK)
    return await at.finish(setting, BACK, provider.code_for(asked_in(begun)), begun)


async def test_a_person_is_vouched_for(provider: Provider) -> None:
    """The way that thousands go each morning: code, proof, signed word, and what it says of them."""
    provider.claims = {
        "sub": "u-1", "email": "Anna@Firma.example", "email_verified": True, "name": "Anna  Beispiel",
        "amr": ["pwd", "otp"], "realm_access": {"roles": ["desk"]},
    }  # fmt: skip
    found = await signed_in(provider, role_claim="realm_access.roles")
    assert found == Vouched(
        provider.issuer, "u-1", "anna@firma.example", True, "Anna Beispiel", ("desk",), ("pwd", "otp")
    )


async def test_the_browser_carries_nothing_that_lets_others_in(provider: Provider) -> None:
    """Addresses end up in histories and logs: state, nonce and challenge are fresh, the verifier stays with us."""
    at, setting = server(), setting_of(provider)
    one, two = await at.begin(setting, BACK), await at.begin(setting, BACK)
    asked = asked_in(one)
    assert asked["redirect_uri"] == BACK
    assert asked["code_challenge_method"] == "S256"
    assert one.verifier not in one.address
    assert SECRET not in one.address
    assert len({one.state, one.nonce, one.verifier, two.state, two.nonce, two.verifier}) == 6


async def test_a_code_counts_once_and_for_its_own_browser(provider: Provider) -> None:
    """A code that somebody read off a screen or a log must open nothing (RFC 7636)."""
    at, setting = server(), setting_of(provider)
    begun, other = await at.begin(setting, BACK), await at.begin(setting, BACK)
    code = provider.code_for(asked_in(begun))
    for attempt in (at.finish(setting, BACK, code, other), at.finish(setting, BACK, code, begun)):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "sign_on.failed"


@pytest.mark.parametrize(
    "lies",
    [
        {"claims": {"nonce": "another"}}, {"claims": {"nonce": None}}, {"claims": {"aud": "mail"}},
        {"claims": {"aud": ["desk", "mail"]}}, {"claims": {"aud": ["desk", "mail"], "azp": "mail"}},
        {"claims": {"azp": "mail"}}, {"claims": {"iss": "https://evil.example"}}, {"claims": {"exp": 1_000_000}},
        {"claims": {"exp": None}}, {"claims": {"iat": 9_000_000_000}}, {"claims": {"sub": ""}},
        {"claims": {"sub": "x" * 300}}, {"claims": {"nbf": 9_000_000_000}}, {"unsigned": True},
        {"key": RSAKey.generate_key(2048, {"kid": "k1"})},
    ],
    ids=str,
)  # fmt: skip
async def test_a_token_that_is_not_for_us_now_is_refused(provider: Provider, lies: dict[str, Any]) -> None:
    """Each check that is left out has been an account taken over somewhere (OpenID Connect Core, 3.1.3.7)."""
    provider.lies = lies
    with pytest.raises(Refused) as caught:
        await signed_in(provider)
    assert caught.value.code == "sign_on.failed"


async def test_an_address_counts_as_proven_only_if_the_server_says_so(provider: Provider) -> None:
    """Some servers leave the claim out or write it as text: neither is a proof."""
    for said in (None, "true", 1, False):
        provider.claims = {"sub": "u-1", "email": "anna@firma.example", "email_verified": said}
        assert (await signed_in(provider)).email_verified is False


async def test_new_keys_of_the_server_are_fetched(provider: Provider) -> None:
    """Servers change their keys without a word; nobody should be locked out for ten minutes."""
    at = server()
    await signed_in(provider, at)
    provider.key = RSAKey.generate_key(2048, {"kid": "k2"})
    assert (await signed_in(provider, at)).subject == "u-1"


async def test_a_server_that_takes_no_header_gets_its_secret_in_the_form(provider: Provider) -> None:
    """Not every server knows both ways; the one that it names is used."""
    provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await signed_in(provider)).subject == "u-1"


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"}, {"token_endpoint": "http://login.example/token"}, {"token_endpoint": 7},
        {"authorization_endpoint": "http://login.example/"}, {"jwks_uri": "file:///etc/passwd"},
        {"padding": "x" * 300_000},
    ],
    ids=lambda about: next(iter(about)),
)  # fmt: skip
async def test_a_server_that_describes_itself_wrongly_is_not_used(
    provider: Provider, about: dict[str, Any]
) -> None:
    """Codes and secrets must travel in the clear to nobody, and an endless answer must not fill our memory."""
    provider.about = about
    with pytest.raises(Unavailable) as caught:
        await signed_in(provider)
    assert caught.value.code == "sign_on.unreachable"


async def test_a_server_in_trouble_is_told_apart_from_a_refusal(provider: Provider) -> None:
    """Whoever runs the desk must know whether to wait or to look at the setting."""
    provider.lies = {"status": 500}
    with pytest.raises(Unavailable):
        await signed_in(provider)
    gone = replace(setting_of(provider), issuer="http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await server().begin(gone, BACK)


async def test_where_the_secret_lies_is_told_to_no_visitor(provider: Provider) -> None:
    """The sign-in page is public: names of variables and files of the server have no place on it."""
    with pytest.raises(TaktvollError) as caught:
        await signed_in(provider, OpenIdServer(ReferencedSecrets(dict[str, str]().get, Path("/nowhere"))))
    assert caught.value.code == "sign_on.unreachable"
    assert "TAKTVOLL_SECRET" not in caught.value.text("de")
