"""Real mail servers take our tokens, say no as the large providers do, and a consent that ended brings a person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.imap import ImapFolders
from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.smtp import SmtpPostman
from taktvoll.base.errors import Refused
from taktvoll.domain.delivery.outgoing import Outgoing, Security
from taktvoll.domain.delivery.terms import Later, Outcome, Receipt, Sent, Why
from taktvoll.domain.mail.mailbox import Fetching, Privacy
from taktvoll.domain.mail.oauth import OAuth
from taktvoll.entry.work.mailboxes import Watcher
from taktvoll.flows.set_up_mailbox import (
    Shown,
    add_mailbox,
    change_mailbox,
    mailboxes,
    try_mailbox,
    try_tokens,
)
from taktvoll.flows.watch_mailbox import Stumbled, open_mailbox, read_round
from tests.contract.bearer_server import bearer_server
from tests.contract.dovecot import USER, Dovecot, running
from tests.contract.mailserver import Authority, authority
from tests.contract.posts import Post, post_of
from tests.contract.test_smtp import ENVELOPE, RAW, kept
from tests.contract.token_server import CLIENT, SECRET, TokenServer, token_server
from tests.simulation.town import settle


@dataclass
class Company:
    """A provider with its mail server, and a folder of secrets of ours."""

    tokens: TokenServer
    server: Dovecot
    folder: Path

    @property
    def oauth(self) -> OAuth:
        """How tokens are got."""
        return OAuth(token_url=f"{self.tokens.url}/token", client=CLIENT, secret="file:app")

    @property
    def fetching(self) -> Fetching:
        """Where mail is fetched."""
        return Fetching(
            host="localhost", port=self.server.tls, privacy=Privacy.TLS, user=USER, oauth=self.oauth, ca_file="file:ca"
        )  # fmt: skip

    @property
    def secrets(self) -> ReferencedSecrets:
        """Our secrets."""
        return ReferencedSecrets(lambda _: None, self.folder)


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[TokenServer, Dovecot]]:
    """A token server, and dovecot which asks it."""
    with token_server() as tokens, running(f"{tokens.url}/introspect", "xoauth2 oauthbearer") as server:
        yield tokens, server


@pytest.fixture
def company(provider: tuple[TokenServer, Dovecot], tmp_path: Path) -> Company:
    """The provider, as if nothing had happened before."""
    tokens, server = provider
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    kept(folder, "app", SECRET.encode())
    kept(folder, "ca", server.certificate.read_bytes())
    tokens.user, tokens.lasts_s = USER, 3600
    for held in (tokens.asked, tokens.given, tokens.alive, tokens.refresh):
        held.clear()
    return Company(tokens, server, folder)


async def opens(company: Company, folders: ImapFolders) -> None:
    """Connect once."""
    folder = folders.folder(company.fetching)
    try:
        await folder.open()
    finally:
        await folder.close()


async def test_a_mailbox_opens_by_token(company: Company) -> None:
    """Microsoft 365 takes no password any more; and a token that ended early is replaced without anybody noticing."""
    folders = ImapFolders(company.secrets, TokenServers(company.secrets))
    await opens(company, folders)
    await opens(company, folders)
    assert len(company.tokens.given) == 1
    company.tokens.alive.clear()
    await opens(company, folders)
    assert len(company.tokens.given) == 2


async def test_a_refused_mailbox_is_told_from_a_wrong_password(company: Company) -> None:
    """The token of another mailbox: what must be mended is the user or a permission, and one new token is enough."""
    company.tokens.user = "someone.else"
    with pytest.raises(Refused) as caught:
        await opens(company, ImapFolders(company.secrets, TokenServers(company.secrets)))
    assert caught.value.code == "mailbox.oauth_sign_in"
    assert len(company.tokens.given) == 2


async def test_a_server_with_the_standard_alone_is_served_too(tmp_path: Path) -> None:
    """Not everyone speaks Google's older form; and one that takes no tokens at all is called by its name."""
    for offered in ("oauthbearer", ""):
        with token_server() as tokens, running(f"{tokens.url}/introspect", offered) as server:
            kept(tmp_path, "app", SECRET.encode())
            kept(tmp_path, "ca", server.certificate.read_bytes())
            company = Company(tokens, server, tmp_path)
            folders = ImapFolders(company.secrets, TokenServers(company.secrets))
            if offered:
                await opens(company, folders)
                tokens.user = "someone.else"
                tokens.alive.clear()
            with pytest.raises(Refused) as caught:
                await opens(company, folders)
        assert caught.value.code == ("mailbox.oauth_sign_in" if offered else "mailbox.oauth_unoffered")


@pytest.fixture
def trusted(company: Company) -> Authority:
    """Who vouches for the server that takes mail."""
    made = authority(company.folder)
    kept(company.folder, "smtp-ca", made.ca_pem.encode())
    return made


def outgoing(company: Company, port: int) -> Outgoing:
    """The way out by token."""
    return Outgoing(
        host="127.0.0.1", port=port, security=Security.STARTTLS, address="service@auental.example", timeout_s=20,
        user=USER, oauth=company.oauth, ca_file="file:smtp-ca",
    )  # fmt: skip


async def send(company: Company, port: int, tokens: TokenServers, **changed: object) -> Outcome:
    """Send a mail."""
    mailbox = replace(outgoing(company, port), **changed)  # type: ignore[arg-type] # tests name fields
    async with SmtpPostman(company.secrets, tokens).session(mailbox) as session:
        return await session.send(ENVELOPE, RAW)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
async def test_mail_goes_out_by_token(company: Company, trusted: Authority, mechanism: str) -> None:
    """The same token fetches and sends; one that ended early is replaced once, and the mail goes out at once."""
    tokens = TokenServers(company.secrets)
    await opens(company, ImapFolders(company.secrets, tokens))

    def holds(user: str, token: str) -> bool:
        return user == USER and token in company.tokens.alive

    async with bearer_server(trusted.server, holds, mechanism) as (port, taken):
        assert await send(company, port, tokens) == Sent(Receipt(250, "2.0.0", "B1"))
        assert len(company.tokens.given) == 1
        company.tokens.alive.clear()
        assert await send(company, port, tokens) == Sent(Receipt(250, "2.0.0", "B1"))
    assert len(company.tokens.given) == 2
    assert (taken.commands, taken.users) == ([mechanism] * 3, [USER] * 2)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
async def test_a_server_that_says_why_is_heard_out(
    company: Company, trusted: Authority, mechanism: str
) -> None:
    """The no comes after the answer to its reason; whoever leaves before it hangs, and no message is at fault."""
    async with bearer_server(trusted.server, lambda *_: False, mechanism) as (port, taken):
        refused = await send(company, port, TokenServers(company.secrets))
    assert refused == Later(Why.LOGIN, 535, "5.7.8")
    assert len(taken.commands) == len(company.tokens.given) == 2


async def test_what_hinders_sending_waits_for_people(company: Company, trusted: Authority) -> None:
    """Mails must not be given up because a consent ended or a token server is away: all that is mended."""
    tokens = TokenServers(company.secrets)
    agreed = replace(company.oauth, refresh="file:agreed")
    missing = replace(company.oauth, secret="file:none")
    away = replace(company.oauth, token_url="http://127.0.0.1:9/token")
    async with bearer_server(trusted.server, lambda *_: True, "XOAUTH2") as (port, taken):
        assert await send(company, port, tokens, oauth=agreed) == Later(Why.CONSENT)
        assert await send(company, port, tokens, oauth=missing) == Later(Why.SECRET)
        assert await send(company, port, tokens, oauth=away) == Later(Why.TOKEN)
        assert taken.connections == 0
    async with bearer_server(trusted.server, lambda *_: True, "PLAIN") as (port, _):
        assert await send(company, port, tokens) == Later(Why.LOGIN)


@pytest.fixture
async def post(pool: Pool, tmp_path: Path, company: Company) -> Post:
    """A house with a mailbox that signs in by a person's consent."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    incoming = {
        "host": "localhost",
        "port": company.server.tls,
        "ca_file": "file:ca",
        "user": USER,
        "start": "all",
    }
    oauth = {
        "provider": "other", "token_url": f"{company.tokens.url}/token", "client": CLIENT, "secret": "file:app",
        "refresh": "file:agreed",
    }  # fmt: skip
    return await post_of(town, incoming=incoming, oauth=oauth)


async def shown(post: Post) -> Shown:
    """How the mailbox is."""
    (one,) = await mailboxes(post.house, post.town.place.id)
    return one


async def read(post: Post) -> None:
    """One connection and one round, as the worker does."""
    assert post.mailbox.fetching is not None
    folder = post.house.mail_folders.folder(post.mailbox.fetching)
    try:
        cursor = await open_mailbox(post.house, post.mailbox, folder)
        await read_round(post.house, post.mailbox, folder, cursor, Stumbled())
    finally:
        await folder.close()


async def fails(post: Post) -> Shown:
    """Let the worker watch until it fails; gives how the mailbox is then."""
    assert post.mailbox.fetching is not None
    await Watcher(post.house, post.mailbox.account)._watch(post.mailbox, post.mailbox.fetching)
    return await shown(post)


async def test_a_consent_that_ended_brings_a_person(post: Post, company: Company) -> None:
    """A provider ends a consent without a word: people must hear of it at once, and all is well when it is renewed."""
    never = await fails(post)
    assert (never.problem, never.urgent) == ("mailbox.oauth_not_connected", True)
    company.tokens.lasts_s = 0
    kept(company.folder, "agreed", company.tokens.consent().encode())
    await read(post)
    assert ((await shown(post)).problem, await try_tokens(post.house, post.mailbox)) == ("", None)
    company.tokens.refresh.clear()
    ended = await fails(post)
    assert (ended.problem, ended.urgent) == ("mailbox.oauth_consent", True), (
        "as with a wrong password, at once"
    )
    failed = await try_tokens(post.house, post.mailbox)
    assert failed is not None
    assert "taktvoll mailbox connect" in failed.text("de")
    tried = await try_mailbox(post.house, post.mailbox)
    assert tried.error is not None
    assert tried.error.code == "mailbox.oauth_consent"
    kept(company.folder, "agreed", company.tokens.consent().encode())
    await read(post)
    assert (await shown(post)).problem == ""
    post.town.close()


async def test_a_mailbox_changes_to_tokens_and_back(post: Post, company: Company) -> None:
    """One command each way; neither leaves half of the other behind."""
    place = post.town.place.id
    other = {"provider": "google", "client": "c", "secret": "file:app"}
    mailbox = await change_mailbox(post.house, place, "service", {"oauth": other})
    assert mailbox.fetching is not None
    assert mailbox.fetching.host == "imap.gmail.com"
    assert mailbox.oauth is not None
    mine = str(place)[
        -8:
    ]  # two workspaces may each have a mailbox of this name, but never one consent by chance
    assert (mailbox.oauth.refresh, mailbox.oauth.client) == (f"file:service-{mine}-refresh", "c")
    mailbox = await change_mailbox(post.house, place, "service", {"oauth": {"client": "d"}})
    assert mailbox.oauth is not None
    assert (mailbox.oauth.client, mailbox.fetching is not None) == ("d", True)
    with pytest.raises(Refused, match=r"^mailbox\.setting"):
        await change_mailbox(post.house, place, "service", {"oauth": None})
    passwords = {"incoming": {"secret": "file:app"}, "outgoing": {"user": "", "secret": ""}, "oauth": None}
    mailbox = await change_mailbox(post.house, place, "service", passwords)
    assert (mailbox.oauth, mailbox.fetching and mailbox.fetching.oauth) == (None, None)
    address = f"neu@{post.town.place.workspace.name}.example"
    new = {"addresses": [address], "oauth": other}
    added = await add_mailbox(post.house, place, "neu", new)
    assert added.oauth is not None
    assert (added.oauth.refresh, added.fetching and added.fetching.user) == (
        f"file:neu-{mine}-refresh",
        address,
    )
    post.town.close()
