"""A mailbox is connected by commands alone: agreed to by a code or in the browser, tested, told of when that ends."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.acceptance.place import Place
from tests.acceptance.product import environment
from tests.acceptance.test_mail_in import keep
from tests.contract.dovecot import USER, Dovecot, running
from tests.contract.token_server import CLIENT, SECRET, TokenServer, token_server

# A guard against hanging only: a database, a mail server and a dozen commands are started here.
pytestmark = pytest.mark.timeout(400)


@dataclass
class Setting:
    """A company's provider, and a data folder of ours."""

    tokens: TokenServer
    server: Dovecot
    place: Place

    def add(self, name: str, *more: str) -> None:
        """Set up a mailbox there, to which a person must agree."""
        code, out, err = self.place.run(
            "mailbox", "add", name, "--address", f"{name}@auental.example", "--imap-host", "localhost",
            "--imap-port", str(self.server.tls), "--user", USER, "--ca-file", "file:ca", "--oauth",
            f"{self.tokens.url}/token", "--oauth-client", CLIENT, "--oauth-secret", "file:app", "--oauth-refresh",
            f"file:{name}", *more,
        )  # fmt: skip
        assert code == 0, err
        assert f"mailbox test {name}" in out

    def shown(self) -> set[str]:
        """Every secret that there was."""
        return {SECRET, *self.tokens.given, *self.tokens.refresh, "device-1"}


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    """One of each for all tests; each has a mailbox of its own."""
    place = Place(tmp_path_factory.mktemp("oauth"))
    with token_server() as tokens, running(f"{tokens.url}/introspect", "xoauth2") as server:
        keep(place.folder / "secrets", "app", SECRET)
        keep(place.folder / "secrets", "ca", server.certificate.read_text(encoding="ascii"))
        yield Setting(tokens, server, place)
    place.close()


def test_a_mailbox_is_connected_by_a_code_and_says_when_that_ends(setting: Setting) -> None:
    """What a person reads is all there is: what to open, what to type, whether it works, and later what is wrong."""
    setting.add("service", "--oauth-device-url", f"{setting.tokens.url}/device")
    code, _, err = setting.place.run("mailbox", "test", "service")
    assert code == 1
    assert "taktvoll mailbox connect" in err
    assert "neither fetching nor sending was tried" in err
    setting.tokens.words = ["authorization_pending"]
    code, out, err = setting.place.run("mailbox", "connect", "service")
    assert code == 0, err
    assert f"Open {setting.tokens.url}/agree in a browser, on any device, and type WDJB-MJHT" in out
    assert "service: 127.0.0.1: the provider grants access" in out
    assert "signed in, folder INBOX opened" in out
    assert (setting.place.folder / "secrets" / "service").stat().st_mode & 0o777 == 0o600
    assert [word for word in setting.shown() if word in out + err] == []
    setting.tokens.refresh.clear()
    code, _, err = setting.place.run("mailbox", "test", "service", LC_ALL="de_DE.UTF-8", LANGUAGE="de")
    assert code == 1
    assert re.search("zurückgezogen oder ist abgelaufen|withdrawn or has expired", err)


def test_a_mailbox_is_connected_in_the_browser(setting: Setting) -> None:
    """Google gives no codes for mail, and the browser is on another machine than the server: an address is pasted."""
    setting.add("browser", "--oauth-authorize-url", f"{setting.tokens.url}/authorize")
    words = ["--data", str(setting.place.folder), "mailbox", "connect", "browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "taktvoll", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8", env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if line.startswith(setting.tokens.url))
        out, err = process.communicate(setting.tokens.agreed_in_browser(address) + "\n", timeout=100)
    assert process.returncode == 0, err
    assert "signed in, folder INBOX opened" in out
    assert [word for word in setting.shown() if word in out + err] == []


def test_a_mailbox_by_password_has_nobody_to_ask(setting: Setting) -> None:
    """And a provider known by name needs three words; whoever leaves one out is told which."""
    keep(setting.place.folder / "secrets", "post", "geheim")
    setting.add("password")
    run = setting.place.run
    assert run("mailbox", "set", "password", "--oauth", "", "--secret", "file:post")[0] == 0
    code, _, err = run("mailbox", "connect", "password")
    assert (code, "--oauth-refresh file:NAME" in err) == (1, True)
    client = ("--oauth-client", "c", "--oauth-secret", "file:app")
    known = (
        "mailbox",
        "add",
        "office",
        "--address",
        "office@auental.example",
        "--oauth",
        "microsoft",
        *client,
    )
    code, _, err = run(*known)
    assert (code, "oauth.tenant" in err) == (1, True)
    assert run(*known, "--oauth-tenant", "auental.example")[0] == 0
