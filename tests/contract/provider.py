"""A small sign-in server on loopback, as a company has one: it speaks OpenID Connect and can be made to lie.

I decide what a server says and how it goes wrong. The tests of signing in through a company call me.
I never check more than a real server would, and always what a real server must.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "desk", "a secret: with %, + and ä"


@dataclass
class Provider:
    """The server; `claims` and `lies` may be changed between two sign-ins."""

    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1"})
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    about: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self)

            def do_POST(self) -> None:
                provider.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def issuer(self) -> str:
        """What the server calls itself."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        parts = urlsplit(request.path)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        length = int(request.headers.get("content-length") or 0)
        form = {k: v[0] for k, v in parse_qs(request.rfile.read(length).decode()).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                _say(request, 200, self._about())
            case "/authorize":
                self._authorize(request, query)
            case "/token":
                self._token(request, form)
            case "/keys":
                _say(request, 200, {"keys": [self.key.as_dict(private=False)]})
            case _:
                _say(request, 404, {})

    def code_for(self, query: dict[str, str]) -> str:
        """Give the code that a browser would bring back, without a browser."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return code

    def _about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.about

    def _authorize(self, request: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        """Send the browser straight back: everyone is signed in here already, or is refused."""
        self.asked.append(query)
        given = {"error": "access_denied"} if self.lies.get("denies") else {"code": self.code_for(query)}
        back = urlencode({**given, "state": query["state"]})
        request.send_response(302)
        request.send_header("Location", f"{query['redirect_uri']}?{back}")
        request.end_headers()

    def _token(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        """Exchange a code once, for the client it was made for, who knows its secret and the verifier."""
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        genuine = (
            asked is not None
            and asked["code_challenge_method"] == "S256"
            and challenge.decode().rstrip("=") == asked["code_challenge"]
            and form.get("redirect_uri") == asked["redirect_uri"]
            and self._client_of(request, form) == (CLIENT, SECRET)
        )
        if asked is None or not genuine:
            _say(request, 400, {"error": "invalid_grant"})
            return
        _say(request, self.lies.get("status", 200), {"access_token": "x", "id_token": self._id_token(asked)})

    def _client_of(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[str, str]:
        given = request.headers.get("authorization", "")
        if not given:
            return form.get("client_id", ""), form.get("client_secret", "")
        client, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        return unquote(client), unquote(secret)

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = claims | self.claims | self.lies.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.lies.get("unsigned"):
            head, body = (_text(json.dumps(part).encode()) for part in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        key = self.lies.get("key", self.key)
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def _say(request: BaseHTTPRequestHandler, status: int, body: object) -> None:
    text = json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(text)))
    request.end_headers()
    request.wfile.write(text)


def _text(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()
