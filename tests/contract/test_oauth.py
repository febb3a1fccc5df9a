"""What the ports AccessTokens and Consents promise, held against a token server on loopback that can be ill."""

import asyncio
import errno
import fcntl
import gzip
import logging
import os
import traceback
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from taktvoll.adapters.oauth import ConsentServers, TokenServers, post
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.mail.oauth import OAuth, Proof
from tests.contract.token_server import CLIENT, SECRET, TokenServer, endless_server, token_server


@dataclass
class Bench:
    """A token server, the folder of secrets, and a clock that stands until it is moved."""

    server: TokenServer
    folder: Path
    now_s: float = 0.0
    pauses_s: list[float] = field(default_factory=list)

    @property
    def app(self) -> OAuth:
        """The program signs in as itself."""
        return OAuth(token_url=f"{self.server.url}/token", client=CLIENT, secret="env:TAKTVOLL_SECRET_APP")

    @property
    def person(self) -> OAuth:
        """A person agreed, or will."""
        return replace(
            self.app, refresh="file:agreed", device_url=f"{self.server.url}/device",
            authorize_url=f"{self.server.url}/authorize?hint=1", scope="mail offline_access",
        )  # fmt: skip

    @property
    def secrets(self) -> ReferencedSecrets:
        """The secrets as they lie there."""
        return ReferencedSecrets(
            {"TAKTVOLL_SECRET_APP": SECRET, "TAKTVOLL_SECRET_OLD": "alt"}.get, self.folder
        )

    @property
    def kept(self) -> str:
        """The refresh token that lies in the folder."""
        return self.secrets.read("file:agreed").decode()

    def tokens(self, secrets: ReferencedSecrets | None = None) -> TokenServers:
        """The implementation under test, as a process of its own has it."""
        return TokenServers(secrets or self.secrets, lambda: self.now_s)

    def consents(self) -> ConsentServers:
        """The same for consents; waiting takes no time but moves the clock."""

        async def pause(for_s: float) -> None:
            self.pauses_s.append(for_s)
            self.now_s += for_s

        return ConsentServers(self.secrets, pause, lambda: self.now_s)

    def agree(self) -> str:
        """A person agreed before."""
        token = self.server.consent()
        self.secrets.replace("file:agreed", token.encode())
        return token


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A server that is well."""
    with token_server() as server:
        yield Bench(server, tmp_path)


class FullDisk(ReferencedSecrets):
    """Secrets on a disk that is full until it is not."""

    full = True

    def replace(self, reference: str, value: bytes) -> None:
        """Put it away where there is room."""
        if self.full:
            raise Refused("secret.folder", reference=reference)
        super().replace(reference, value)


async def test_a_token_serves_until_shortly_before_it_ends(bench: Bench) -> None:
    """A provider that is asked for each mail slows us down; a token used to its last second fails on its way."""
    tokens = bench.tokens()
    first = await tokens.token(bench.app)
    bench.now_s = 3600 - 121
    assert await tokens.token(bench.app) == first
    bench.now_s = 3600 - 119
    assert await tokens.token(bench.app) == bench.server.given[1] != first
    assert bench.server.asked[0] == {
        "grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lasts_s", "counts_s"), [("60", 54), (None, 270), (-5, 270), (10**9, 24 * 3600 - 120)]
)
async def test_any_word_about_its_end_is_made_the_best_of(
    bench: Bench, lasts_s: object, counts_s: int
) -> None:
    """Servers write the time as text, leave it out or exaggerate: neither may a token be used for ever nor never."""
    bench.server.lasts_s = lasts_s
    tokens = bench.tokens()
    first = await tokens.token(bench.app)
    bench.now_s = counts_s - 1
    assert await tokens.token(bench.app) == first
    bench.now_s = counts_s + 1
    assert await tokens.token(bench.app) != first


async def test_who_asks_meanwhile_gets_the_same_token(bench: Bench) -> None:
    """Fetching and sending start together: a provider that replaces refresh tokens would take two uses for theft."""
    bench.agree()
    bench.server.rotates = True
    bench.server.gate.clear()
    tokens = bench.tokens()
    asking = [asyncio.create_task(tokens.token(bench.person)) for _ in range(20)]
    await asyncio.to_thread(bench.server.arrived.wait)
    bench.server.gate.set()
    assert set(await asyncio.gather(*asking)) == set(bench.server.given)
    assert len(bench.server.asked) == 1


async def test_a_refused_token_is_replaced_once(bench: Bench) -> None:
    """A token may end early; then all who hold it need another, and one new one is enough."""
    tokens = bench.tokens()
    first = await tokens.token(bench.app)
    second = await tokens.token(bench.app, refused=first)
    assert second != first
    assert await tokens.token(bench.app, refused=first) == second
    assert await tokens.token(bench.app) == second
    assert len(bench.server.asked) == 2


async def test_a_mailbox_that_no_token_opens_does_not_ask_without_end(bench: Bench) -> None:
    """A hundred mails wait where a permission is missing, and each tries: the provider would shut all of us out."""
    tokens = bench.tokens()
    token = await tokens.token(bench.app)
    for _ in range(100):
        token = await tokens.token(bench.app, refused=token)
    assert len(bench.server.asked) == 2
    bench.now_s = 60
    assert await tokens.token(bench.app, refused=token) != token
    assert len(bench.server.asked) == 3


REFUSALS = [
    ((400, b'{"error": "invalid_grant"}'), 59, 60),
    ((401, b'{"error": "invalid_client"}'), 59, 60),
    ((429, b""), 59, 60),
    ((503, b""), 9, 10),
]


@pytest.mark.parametrize(("ill", "stands_s", "over_s"), REFUSALS)
async def test_what_has_just_failed_is_not_asked_again(
    bench: Bench, ill: tuple[int, bytes], stands_s: int, over_s: int
) -> None:
    """Delivery looks every two seconds: a consent that ended at night would be asked for thousands of times."""
    bench.agree()
    bench.server.ill = ill
    tokens, codes = bench.tokens(), set()
    for bench.now_s in (0, 1, stands_s):
        with pytest.raises(TaktvollError) as caught:
            await tokens.token(bench.person)
        codes.add((type(caught.value), caught.value.code))
    assert (len(bench.server.asked), len(codes)) == (1, 1)
    bench.server.ill, bench.now_s = None, over_s
    assert await tokens.token(bench.person)


async def test_who_mends_it_is_served_at_once(bench: Bench) -> None:
    """A consent given anew, or a secret put in its place, must not wait for what the one before it had earned."""
    tokens = bench.tokens()
    bench.agree()
    bench.server.refresh.clear()
    with pytest.raises(Refused):
        await tokens.token(bench.person)
    bench.agree()
    assert await tokens.token(bench.person)
    wrong = replace(bench.app, secret="file:app")
    for secret in (b"alt", SECRET.encode()):
        bench.secrets.replace("file:app", secret)
        if secret == b"alt":
            with pytest.raises(Refused):
                await tokens.token(wrong)
    assert await tokens.token(wrong)


async def test_a_new_refresh_token_takes_the_place_of_the_old_one(bench: Bench) -> None:
    """Where the provider ends the old one, a token that is lost is a mailbox that stands still until a person comes."""
    bench.server.rotates = True
    old = bench.agree()
    first = await bench.tokens().token(bench.person)
    assert bench.kept != old
    assert bench.kept in bench.server.refresh
    assert (bench.folder / "agreed").stat().st_mode & 0o777 == 0o600
    assert await bench.tokens().token(bench.person) != first, "another process goes on with what lies there"
    assert bench.server.asked[0]["scope"] == "mail offline_access"
    assert not [
        path.name
        for path in bench.folder.iterdir()
        if path.name.startswith(".agreed.") and path.suffix != ".lock"
    ]


async def test_a_token_kept_by_an_administrator_is_the_workers(bench: Bench) -> None:
    """Who runs a command as root must not leave a file that the worker cannot read, nor a lock that it cannot take."""
    if os.geteuid() == 0:
        os.chown(bench.folder, 65534, 65534)
    consents = bench.consents()
    await consents.wait(bench.person, await consents.ask(bench.person))
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in bench.folder.iterdir()}
    assert owners == {(bench.folder.stat().st_uid, bench.folder.stat().st_gid)}


async def test_processes_do_not_use_one_refresh_token_twice(bench: Bench) -> None:
    """The worker and the desk refresh on their own; whoever comes second must use what the first one was given."""
    bench.server.rotates = True
    bench.agree()
    processes = [bench.tokens() for _ in range(6)]
    await asyncio.gather(*(process.token(bench.person) for process in processes))
    used = [form["refresh_token"] for form in bench.server.asked]
    assert len(set(used)) == len(used) == 6
    assert bench.server.refresh == {bench.kept}


async def test_a_caller_that_is_cut_off_loses_no_refresh_token(bench: Bench) -> None:
    """A worker is stopped at any moment; the server has then already ended the token that lies in the folder."""
    bench.server.rotates = True
    old = bench.agree()
    bench.server.gate.clear()
    tokens = bench.tokens()
    asking = asyncio.create_task(tokens.token(bench.person))
    await asyncio.to_thread(bench.server.arrived.wait)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    bench.server.gate.set()
    assert await tokens.token(bench.person) == bench.server.given[0]
    assert bench.kept != old
    assert bench.server.refresh == {bench.kept}


async def test_a_full_disk_costs_no_refresh_token(bench: Bench) -> None:
    """People are told at once, nothing more is asked, and the token is put away as soon as there is room."""
    bench.server.rotates = True
    old = bench.agree()
    disk = FullDisk({"TAKTVOLL_SECRET_APP": SECRET}.get, bench.folder)
    tokens = bench.tokens(disk)
    for _ in range(3):
        with pytest.raises(Refused) as caught:
            await tokens.token(bench.person)
        assert caught.value.code == "mailbox.oauth_not_kept"
    assert (len(bench.server.asked), bench.kept) == (1, old)
    disk.full = False
    await tokens.token(bench.person)
    assert next(form["refresh_token"] for form in bench.server.asked) == old
    assert bench.server.refresh == {bench.kept}


async def test_a_new_consent_outranks_what_could_not_be_kept(bench: Bench) -> None:
    """Somebody who agreed anew while the disk was full must not be overruled by the older token."""
    bench.server.rotates = True
    bench.agree()
    disk = FullDisk({"TAKTVOLL_SECRET_APP": SECRET}.get, bench.folder)
    tokens = bench.tokens(disk)
    with pytest.raises(Refused):
        await tokens.token(bench.person)
    disk.full = False
    anew = bench.agree()
    await tokens.token(bench.person)
    assert bench.server.asked[-1]["refresh_token"] == anew


async def test_a_folder_that_cannot_be_written_to_is_noticed_before_anything_is_asked(tmp_path: Path) -> None:
    """A secret mounted for reading only would lose the provider's first new token."""
    with token_server(rotates=True) as server:
        (tmp_path / "file").write_text("no folder")
        bench = Bench(server, tmp_path / "file")
        with pytest.raises(Refused) as caught:
            await bench.tokens().token(bench.person)
    assert (caught.value.code, server.asked) == ("mailbox.oauth_not_kept", [])


def files_open() -> int:
    """How many files this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_folder_that_knows_no_locks_is_noticed_before_anything_is_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network folders lock nothing: two processes would use one token, and the failure had no name of ours."""

    def no_locks(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    bench.agree()
    monkeypatch.setattr(fcntl, "flock", no_locks)
    before = files_open()
    with pytest.raises(Refused, match=r"^mailbox\.oauth_not_kept"):
        await bench.tokens().token(bench.person)
    assert bench.server.asked == []
    assert files_open() <= before, "and leaves no file open"


FAILURES = [
    ((400, b'{"error": "invalid_grant"}'), "mailbox.oauth_consent", Refused),
    ((400, b'{"error": "interaction_required"}'), "mailbox.oauth_consent", Refused),
    ((401, b'{"error": "invalid_client"}'), "mailbox.oauth_client", Refused),
    ((400, b'{"error": "unauthorized_client"}'), "mailbox.oauth_client", Refused),
    ((400, b'{"error": "invalid_scope"}'), "mailbox.oauth_request", Refused),
    ((200, b'{"error": "invalid_scope"}'), "mailbox.oauth_request", Refused),
    ((400, b'{"error": "temporarily_unavailable"}'), "mailbox.oauth_unreachable", Unavailable),
    ((429, b"slow down"), "mailbox.oauth_unreachable", Unavailable),
    ((503, b"<html>"), "mailbox.oauth_unreachable", Unavailable),
    ((400, b"<html>"), "mailbox.oauth_answer", Unavailable),
    ((400, b'{"error": {"code": 7}}'), "mailbox.oauth_answer", Unavailable),
    ((404, b'{"error": "not_found"}'), "mailbox.oauth_answer", Unavailable),
    ((200, b"[]"), "mailbox.oauth_answer", Unavailable),
    ((200, b"{}"), "mailbox.oauth_answer", Unavailable),
    ((200, b'{"access_token": "a\\u0001auth=Bearer b"}'), "mailbox.oauth_answer", Unavailable),
    ((200, b'{"access_token": "a\\r\\nx LOGOUT"}'), "mailbox.oauth_answer", Unavailable),
    ((200, b'{"access_token": "a", "token_type": "mac"}'), "mailbox.oauth_answer", Unavailable),
    ((200, b'{"access_token": "' + b"a" * 70_000 + b'"}'), "mailbox.oauth_answer", Unavailable),
    ((307, b"{}"), "mailbox.oauth_answer", Unavailable),
]  # fmt: skip


@pytest.mark.parametrize(("ill", "code", "kind"), FAILURES)
async def test_what_fails_has_a_name(
    bench: Bench, ill: tuple[int, bytes], code: str, kind: type[TaktvollError]
) -> None:
    """Whoever runs us must know whether to wait, to renew a secret, or to ask for consent again."""
    bench.server.ill = ill
    with token_server() as elsewhere:
        bench.server.headers = {"Location": f"{elsewhere.url}/token"} if ill[0] == 307 else {}
        tokens = bench.tokens()
        with pytest.raises(kind) as caught:
            await tokens.token(bench.app)
        assert elsewhere.asked == [], "a secret goes where it was meant to go, and nowhere else"
    assert caught.value.code == code
    bench.server.ill = None
    bench.now_s = 60
    assert await tokens.token(bench.app) == bench.server.given[0], "nothing of a failure stays for long"


async def test_a_server_that_is_away_or_silent_is_left(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """One provider's outage must not hold up the threads that other mailboxes need."""
    with pytest.raises(Unavailable) as caught:
        await bench.tokens().token(replace(bench.app, token_url="http://127.0.0.1:9/token"))
    assert caught.value.code == "mailbox.oauth_unreachable"
    monkeypatch.setattr(post, "OAUTH_S_MAX", 0.2)
    bench.server.gate.clear()
    with pytest.raises(Unavailable) as caught:
        await bench.tokens().token(bench.app)
    assert caught.value.code == "mailbox.oauth_unreachable"


@pytest.mark.parametrize("words", [b"X-Slow: ", b"HTTP/1.1 103 Early Hints\r\n\r\n"], ids=["header", "hints"])
async def test_a_server_that_never_comes_to_the_point_is_left(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    """A byte now and then is not silence: it held a thread and the token's lock for as long as the server liked."""
    monkeypatch.setattr(post, "OAUTH_S_MAX", 0.3)
    with endless_server(words) as server:
        with pytest.raises(Unavailable) as caught:
            await bench.tokens().token(replace(bench.app, token_url=server.url))
        assert caught.value.code == "mailbox.oauth_unreachable"
        assert server.left.wait(30), "our end of the line is closed while the server still talks"


async def test_an_answer_that_unpacks_to_more_than_the_memory_is_not_unpacked(bench: Bench) -> None:
    """Some hundred bytes, packed twice, are a gigabyte; the worker would be ended, and with it every mailbox."""
    bench.server.headers = {"Content-Encoding": "gzip, gzip"}
    bench.server.ill = (200, gzip.compress(gzip.compress(b" " * (64 << 20))))
    assert len(bench.server.ill[1]) < 1_000
    tracemalloc.start()
    try:
        with pytest.raises(Unavailable) as caught:
            await bench.tokens().token(bench.app)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (caught.value.code, peak_bytes < 16 << 20) == ("mailbox.oauth_answer", True)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "xn--a.example"])
async def test_a_name_that_nobody_can_look_up_is_a_server_out_of_reach(bench: Bench, host: str) -> None:
    """A slip in an address must not end, as a fault of ours, the sending of every other mailbox's mail."""
    with pytest.raises(Unavailable) as caught:
        await bench.tokens().token(replace(bench.app, token_url=f"https://{host}/token"))
    assert caught.value.code == "mailbox.oauth_unreachable"


async def test_secrets_are_not_sent_in_the_clear(bench: Bench) -> None:
    """A setting with http by mistake would hand the client's secret to every machine on the way."""
    with pytest.raises(Refused) as caught:
        await bench.tokens().token(replace(bench.app, token_url="http://token.example/token"))
    assert caught.value.code == "mailbox.oauth_request"


async def test_a_client_proves_itself_as_its_server_wants(bench: Bench) -> None:
    """Some servers take a secret in the header alone, and a public client has none to give."""
    assert await bench.tokens().token(replace(bench.app, proof=Proof.BASIC))
    assert "client_secret" not in bench.server.asked[-1]
    bench.server.confidential = False
    bench.agree()
    assert await bench.tokens().token(replace(bench.person, secret=""))
    bench.server.confidential = True
    with pytest.raises(Refused) as caught:
        await bench.tokens().token(replace(bench.app, secret="env:TAKTVOLL_SECRET_OLD"))
    assert caught.value.code == "mailbox.oauth_client"


async def test_a_consent_that_ended_or_never_was_is_told_apart(bench: Bench) -> None:
    """Both need a person, but only one of them a reason why it worked yesterday."""
    with pytest.raises(Refused) as caught:
        await bench.tokens().token(bench.person)
    assert caught.value.code == "mailbox.oauth_not_connected"
    bench.agree()
    bench.server.refresh.clear()
    with pytest.raises(Refused) as caught:
        await bench.tokens().token(bench.person)
    assert caught.value.code == "mailbox.oauth_consent"


async def test_nothing_secret_is_written_anywhere(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """A token in a log opens the mailbox to everyone who reads logs; also in a traceback, with all its causes."""
    caplog.set_level(logging.DEBUG)
    bench.server.rotates = True
    bench.agree()
    tokens, said = bench.tokens(), [repr(bench.person)]
    await tokens.token(bench.person)
    await tokens.token(replace(bench.app, proof=Proof.BASIC))
    asked = await bench.consents().ask(bench.person)
    invited = bench.consents().invite(bench.person)
    said += [repr(asked), repr(invited).replace(invited.address, ""), repr(vars(tokens))]
    for ill in [failure[0] for failure in FAILURES if len(failure[0][1]) < 1000] + [(599, SECRET.encode())]:
        bench.server.ill = ill
        for setting in (bench.person, bench.app):
            with pytest.raises(TaktvollError) as caught:
                await bench.tokens().token(setting)
            said += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value))]
    shown = caplog.text + "".join(said)
    hidden = {SECRET, bench.kept, asked.device, invited.verifier, invited.state, *bench.server.given}
    assert [word for word in hidden if word in shown] == []
    assert "127.0.0.1" in caplog.text, "the library's own log was looked at"


async def test_a_person_agrees_by_a_code(bench: Bench) -> None:
    """The usual way at Microsoft: a code typed on any device, and the token lies where the worker finds it."""
    bench.server.words = ["authorization_pending", "slow_down", "authorization_pending"]
    consents = bench.consents()
    asked = await consents.ask(bench.person)
    assert (asked.code, asked.address) == ("WDJB-MJHT", f"{bench.server.url}/agree")
    await consents.wait(bench.person, asked)
    assert bench.pauses_s == [2, 2, 7, 7]
    assert bench.server.refresh == {bench.kept}
    assert (bench.folder / "agreed").stat().st_mode & 0o777 == 0o600
    assert await bench.tokens().token(bench.person)


@pytest.mark.parametrize("word", ["access_denied", "expired_token"])
async def test_a_code_that_is_declined_or_too_old_ends_the_wait(bench: Bench, word: str) -> None:
    """Whoever set it up must learn that nothing will come, and what lay there before must stay."""
    before = bench.agree()
    bench.server.words = ["authorization_pending", word]
    consents = bench.consents()
    with pytest.raises(Refused) as caught:
        await consents.wait(bench.person, await consents.ask(bench.person))
    assert (caught.value.code, bench.kept) == ("mailbox.oauth_denied", before)


async def test_waiting_for_a_person_ends_by_itself(bench: Bench) -> None:
    """A server that never says that a code is too old must not be asked for ever; one that is away for a moment may."""
    consents = bench.consents()
    asked = await consents.ask(bench.person)
    bench.server.ill = (503, b"")
    with pytest.raises(Refused) as caught:
        await consents.wait(bench.person, asked)
    assert caught.value.code == "mailbox.oauth_denied"
    assert 900 <= sum(bench.pauses_s) < 970
    assert max(bench.pauses_s) == 60


@pytest.mark.parametrize(
    "lie", [b'{"user_code": "A", "device_code": "d", "verification_uri": "http://evil.example/"}',
            b'{"user_code": "A\\u001b[2J", "device_code": "d", "verification_uri": "https://good.example/"}',
            b'{"device_code": "d", "verification_uri": "https://good.example/"}'],
)  # fmt: skip
async def test_only_what_can_be_shown_is_shown(bench: Bench, lie: bytes) -> None:
    """A terminal obeys control characters, and a person opens the address that they are told."""
    bench.server.ill = (200, lie)
    with pytest.raises(Unavailable) as caught:
        await bench.consents().ask(bench.person)
    assert caught.value.code == "mailbox.oauth_answer"


async def test_a_person_agrees_in_the_browser(bench: Bench) -> None:
    """Google gives no codes for mail: the address that the browser ends at is brought back, wherever the browser is."""
    consents = bench.consents()
    invited = consents.invite(bench.person)
    assert invited.address.startswith(f"{bench.server.url}/authorize?hint=1&response_type=code&")
    await consents.redeem(bench.person, invited, f" {bench.server.agreed_in_browser(invited.address)}\n")
    assert bench.server.refresh == {bench.kept}


async def test_only_the_answer_to_our_own_question_counts(bench: Bench) -> None:
    """A stranger's link with a code of theirs would connect our desk to their mailbox."""
    consents = bench.consents()
    invited, other = consents.invite(bench.person), consents.invite(bench.person)
    theirs = bench.server.agreed_in_browser(other.address)
    for pasted, code in (
        (theirs, "mailbox.oauth_pasted"),
        ("", "mailbox.oauth_pasted"),
        ("http://[", "mailbox.oauth_pasted"),
        (f"http://127.0.0.1/?state={invited.state}&error=access_denied", "mailbox.oauth_denied"),
        (f"http://127.0.0.1/?state={invited.state}&code=guessed", "mailbox.oauth_denied"),
        (theirs.replace(other.state, invited.state), "mailbox.oauth_denied"),
    ):
        with pytest.raises(Refused) as caught:
            await consents.redeem(bench.person, invited, pasted)
        assert caught.value.code == code
    assert not (bench.folder / "agreed").exists()


async def test_a_consent_without_a_refresh_token_is_none(bench: Bench) -> None:
    """It would work for an hour, and stop in the night."""
    bench.server.extra = {"refresh_token": None}
    consents = bench.consents()
    with pytest.raises(Refused) as caught:
        await consents.wait(bench.person, await consents.ask(bench.person))
    assert caught.value.code == "mailbox.oauth_short"
