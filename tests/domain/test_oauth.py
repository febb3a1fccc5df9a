"""How a mailbox gets its tokens: what may be set, what a provider's name makes plain, and what a server is told."""

from typing import Any
from uuid import UUID

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, WorkspaceId
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.mail.bearer import Bearer, bearer_of, closing, opening
from taktvoll.domain.mail.mailbox import mailbox_of
from taktvoll.domain.mail.oauth import OAuth, is_private, oauth_from, with_provider

MICROSOFT = {"provider": "microsoft", "tenant": "auental.example", "client": "c-1", "secret": "file:app"}
GOOGLE = {"provider": "google", "client": "c-2", "secret": "file:app", "refresh": "file:service-refresh"}
OTHER = {
    "provider": "other",
    "token_url": "https://id.auental.example/token",
    "client": "c-3",
    "secret": "file:app",
}


def read(given: object) -> OAuth:
    """Settings, as read."""
    found = oauth_from({"oauth": given})
    assert found is not None
    return found


def test_a_provider_known_by_name_needs_little() -> None:
    """Nobody should have to look up endpoints and scopes that are the same for everyone."""
    app = read(MICROSOFT)
    assert app.token_url == "https://login.microsoftonline.com/auental.example/oauth2/v2.0/token"
    assert (app.scope, app.refresh) == ("https://outlook.office365.com/.default", "")
    person = read(MICROSOFT | {"refresh": "file:agreed", "secret": ""})
    assert "IMAP.AccessAsUser.All" in person.scope
    assert "SMTP.Send" in person.scope, "one token for both ways"
    assert "offline_access" in person.scope, "without it the consent lasts for an hour"
    assert person.device_url.endswith("/auental.example/oauth2/v2.0/devicecode")
    assert (read(GOOGLE).scope, read(GOOGLE).device_url) == ("https://mail.google.com/", "")
    assert read(GOOGLE).authorize_url
    assert oauth_from({}) is oauth_from({"oauth": None}) is None


def test_whatever_a_provider_is_known_for_can_be_named_otherwise() -> None:
    """National clouds have other endpoints, and a company's own server is known to nobody."""
    china = read(MICROSOFT | {"token_url": "https://login.cloud.example/t", "scope": "a b", "proof": "basic"})
    assert (china.token_url, china.scope, china.host) == (
        "https://login.cloud.example/t",
        "a b",
        "login.cloud.example",
    )
    assert read(OTHER).scope == ""


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("x", "oauth"),
        (MICROSOFT | {"provider": "yahoo"}, "oauth.provider"),
        (MICROSOFT | {"tenant": "a/../b"}, "oauth.tenant"),
        ({n: v for n, v in MICROSOFT.items() if n != "tenant"}, "oauth.tenant"),
        (MICROSOFT | {"client": ""}, "oauth.client"),
        (MICROSOFT | {"client": "a "}, "oauth.client"),
        (MICROSOFT | {"secret": ""}, "oauth.secret"),
        (MICROSOFT | {"secret": "geheim"}, "oauth.secret"),
        (MICROSOFT | {"secret": "env:HOME"}, "oauth.secret"),
        (MICROSOFT | {"scope": "a\nb"}, "oauth.scope"),
        (MICROSOFT | {"proof": "jwt"}, "oauth.proof"),
        (GOOGLE | {"refresh": ""}, "oauth.refresh"),
        (GOOGLE | {"refresh": "file:app"}, "oauth.refresh"),
        (GOOGLE | {"refresh": "env:TAKTVOLL_SECRET_X"}, "oauth.refresh"),
        (OTHER | {"token_url": ""}, "oauth.token_url"),
        (OTHER | {"token_url": "http://id.auental.example/token"}, "oauth.token_url"),
        (OTHER | {"token_url": "https://user:pw@id.auental.example/"}, "oauth.token_url"),
        (OTHER | {"device_url": "ftp://id.auental.example/"}, "oauth.device_url"),
    ],
)
def test_a_setting_that_is_not_right_is_named(given: object, named: str) -> None:
    """Whoever sets a mailbox up learns which of nine options to mend, and no secret is taken for its place."""
    with pytest.raises(Refused) as caught:
        oauth_from({"oauth": given})
    assert (caught.value.code, caught.value.fields["name"]) == ("mailbox.setting", named)
    assert "geheim" not in caught.value.text("de")


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://id.example/token?x=1", True),
        ("http://127.0.0.1:8080/token", True),
        ("http://[::1]/token", True),
        ("http://localhost/token", True),
        ("http://localhost.example/token", False),
        ("http://127.0.0.1@id.example/token", False),
        ("https://id.example/#x", False),
        ("https:///token", False),
        ("https://[/token", False),
        ("https://id.example:99999/", False),
        ("https://id.example/\x1b[2J", False),
        ("file:///etc/passwd", False),
    ],
)
def test_secrets_go_encrypted_or_nowhere(url: str, may: bool) -> None:
    """An address that only looks like this machine is the oldest trick there is."""
    assert is_private(url) is may


def settings_of(**settings: Any) -> dict[str, object]:
    """A mailbox's settings."""
    return {"addresses": ["service@auental.example"], **settings}


def both(settings: dict[str, object]) -> tuple[Any, Any]:
    """Both ways of a mailbox."""
    account = Account(AccountId(UUID(int=1)), WorkspaceId(UUID(int=2)), "mail", "service", settings)
    outgoing = settings.get("outgoing")
    if isinstance(outgoing, dict):
        settings = settings | {"outgoing": {"address": "service@auental.example", **outgoing}}
    return mailbox_of(account).fetching, outgoing_from(settings)


def test_a_provider_brings_its_servers_and_takes_the_passwords_away() -> None:
    """Changing to Microsoft 365 is one command: its servers, the user as named, and no password any more."""
    old = {"user": "dienst", "secret": "file:post"}
    before = settings_of(
        incoming={
            "host": "imap.alt.example",
            "port": 1143,
            "security": "starttls",
            "folder": "Kunden",
            **old,
        },
        outgoing={"host": "smtp.alt.example", "footer": "Auental GmbH", **old},
        oauth=MICROSOFT,
    )
    fetching, outgoing = both(
        with_provider(before, {"incoming": {"user": "service@auental.example"}}, "service")
    )
    assert (fetching.host, fetching.port, fetching.user) == (
        "outlook.office365.com",
        993,
        "service@auental.example",
    )
    assert (fetching.secret, fetching.oauth, fetching.folder) == ("", outgoing.oauth, "Kunden")
    assert (outgoing.host, outgoing.port, outgoing.user) == ("smtp.office365.com", 587, "dienst")
    assert (outgoing.secret, outgoing.footer) == ("", "Auental GmbH")
    google = settings_of(incoming={}, oauth={n: v for n, v in GOOGLE.items() if n != "refresh"})
    fetching, outgoing = both(with_provider(google, google, "service"))
    assert (fetching.host, fetching.user) == ("imap.gmail.com", "service@auental.example")
    assert (fetching.oauth.refresh, outgoing) == ("file:service-refresh", None)


def test_a_password_that_is_named_with_it_stays() -> None:
    """Many send by another server than they fetch from; that one goes on as it was."""
    named = {
        "incoming": {"host": "imap.auental.example"},
        "outgoing": {"host": "mx.auental.example", "user": "dienst", "secret": "file:post"},
        "oauth": OTHER,
    }
    fetching, outgoing = both(with_provider(settings_of(**named), named, "service"))
    assert (fetching.user, fetching.oauth) == ("service@auental.example", read(OTHER))
    assert (outgoing.secret, outgoing.oauth) == ("file:post", None)
    without = with_provider(settings_of(outgoing={"host": "127.0.0.1"}, oauth=OTHER), {}, "service")
    assert both(without)[1].oauth is None, "a server that wants no sign-in is not given one"


@pytest.mark.parametrize(
    ("oauth", "named"), [(OTHER, {}), (GOOGLE, {"outgoing": {"host": "mx.relay.example"}})]
)
def test_no_token_goes_to_the_house_that_sends(oauth: dict[str, str], named: dict[str, object]) -> None:
    """The token opens all mail: a relay of another house, which had its own password, must never be handed it."""
    relay = {"host": "mx.relay.example", "user": "dienst", "secret": "file:relay"}
    before = settings_of(incoming={"host": "imap.auental.example"}, outgoing=relay, oauth=oauth)
    fetching, outgoing = both(with_provider(before, named, "service"))
    assert fetching.oauth == read(oauth)
    assert (outgoing.host, outgoing.secret, outgoing.oauth) == ("mx.relay.example", "file:relay", None)
    both_ways = {"outgoing": {**relay, "secret": ""}}
    assert both(with_provider(before, both_ways, "service"))[1].oauth == read(oauth), (
        "unless somebody says so"
    )


def test_a_server_is_told_in_the_words_that_it_understands() -> None:
    """One byte beside the form, and every provider answers with the same: no."""
    assert bearer_of(["PLAIN", "oauthbearer", "xoauth2"]) is Bearer.XOAUTH2
    assert bearer_of(["LOGIN", "OAUTHBEARER"]) is Bearer.OAUTHBEARER
    assert bearer_of(["PLAIN"]) is None
    assert opening(Bearer.XOAUTH2, "a@b.example", "imap.example", 993, "t0k") == (
        b"user=a@b.example\x01auth=Bearer t0k\x01\x01"
    )
    assert opening(Bearer.OAUTHBEARER, "a,b=c@d.example", "imap.example", 993, "t0k") == (
        b"n,a=a=2Cb=3Dc@d.example,\x01host=imap.example\x01port=993\x01auth=Bearer t0k\x01\x01"
    )
    assert (closing(Bearer.XOAUTH2), closing(Bearer.OAUTHBEARER)) == (b"", b"\x01")
