"""A small token server on loopback, as a mail provider has one: grants, introspection, device codes; it can be ill.

I decide what it says and how it goes wrong. The tests of signing in by tokens call me, and dovecot asks me.
I never check more than a real server would, and always what a real server must.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

CLIENT, SECRET = "the desk", "a client's secret: with %, + and ä"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"

Said = tuple[int, dict[str, Any]]


@dataclass
class TokenServer:
    """The server; everything may be changed between two requests.

    `user` is whose tokens it gives; `refresh` the refresh tokens that count; `rotates` gives a new one each time and
    ends the old one; `ill` is what is said instead: a status with a body; `words` are said before a device code's
    consent; `gate` holds every answer up until it is set.
    """

    user: str = "service"
    lasts_s: Any = 3600
    rotates: bool = False
    scope: str = ""
    confidential: bool = True
    refresh: set[str] = field(default_factory=set)
    alive: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    ill: tuple[int, bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gate.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def consent(self) -> str:
        """A person agreed: a refresh token that counts."""
        token = f"refresh-{secrets.token_urlsafe(16)}"
        self.refresh.add(token)
        return token

    def agreed_in_browser(self, address: str, **more: str) -> str:
        """Where a browser ends after a person agreed at an address."""
        query = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], **more})}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        length = int(request.headers.get("content-length") or 0)
        form = {k: v[0] for k, v in parse_qs(request.rfile.read(length).decode()).items()}
        if request.path == "/introspect":
            held = form.get("token", "") in self.alive
            _say(
                request, 200, json.dumps({"active": held, "username": self.user if held else ""}).encode(), {}
            )
            return
        self.asked.append(form)
        self.arrived.set()
        self.gate.wait(60)
        if self.ill is not None:
            _say(request, *self.ill, self.headers)
            return
        status, said = self._device() if request.path == "/device" else self._token(request, form)
        _say(request, status, json.dumps(said).encode(), {})

    def _token(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> Said:
        if _client_of(request, form) != (CLIENT, SECRET if self.confidential else ""):
            return 401, {"error": "invalid_client", "error_description": f"{SECRET} is wrong"}
        match form.get("grant_type"):
            case "client_credentials":
                return self._granted({})
            case "refresh_token":
                return self._refreshed(form["refresh_token"])
            case "authorization_code":
                return self._redeemed(form)
            case given if given == DEVICE and form.get("device_code") == "device-1":
                return (
                    (400, {"error": self.words.pop(0)}) if self.words else self._granted(self._new_refresh())
                )
            case _:
                return 400, {"error": "unsupported_grant_type"}

    def _refreshed(self, token: str) -> Said:
        if token not in self.refresh:
            return 400, {"error": "invalid_grant", "error_description": f"{token} was withdrawn"}
        if not self.rotates:
            return self._granted({})
        self.refresh.remove(token)
        return self._granted(self._new_refresh())

    def _redeemed(self, form: dict[str, str]) -> Said:
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return self._granted(self._new_refresh())

    def _device(self) -> Said:
        return 200, {
            "device_code": "device-1", "user_code": "WDJB-MJHT", "verification_uri": f"{self.url}/agree",
            "expires_in": 900, "interval": 2,
        }  # fmt: skip

    def _granted(self, more: dict[str, Any]) -> Said:
        token = f"access-{secrets.token_urlsafe(24)}"
        self.alive.add(token)
        self.given.append(token)
        said = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lasts_s,
            **more,
            **self.extra,
        }
        return 200, {name: value for name, value in said.items() if value is not None}

    def _new_refresh(self) -> dict[str, Any]:
        return {"refresh_token": self.consent()}


@contextmanager
def token_server(**more: Any) -> Iterator[TokenServer]:
    """A server for as long as it is needed."""
    server = TokenServer(**more)
    try:
        yield server
    finally:
        server.close()


@dataclass
class EndlessServer:
    """A server that talks and never answers; `left` is set when the client has hung up."""

    url: str = ""
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def endless_server(words: bytes) -> Iterator[EndlessServer]:
    """One that says the same again and again, a little at a time, after the first line of an answer or before it."""
    found, over = EndlessServer(), threading.Event()
    begun = b"" if words.startswith(b"HTTP/") else b"HTTP/1.1 200 OK\r\n"

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                self.wfile.write(begun)
                while not over.wait(0.02):
                    self.wfile.write(words)
            except OSError:
                found.left.set()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}/token"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield found
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def _client_of(request: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[str, str]:
    given = request.headers.get("authorization", "")
    if not given:
        return form.get("client_id", ""), form.get("client_secret", "")
    client, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
    return unquote_plus(client), unquote_plus(secret)


def _say(request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
