"""OpenIdServer, the port SignOnServer: code with PKCE, state and nonce, ID token checked by the server's keys.

I decide what is asked of a server and when its word counts. The flow sign_in_elsewhere calls me.
I never speak http to another machine, follow a redirect, or read more than a bounded answer.
Source: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3; RFC 7636; RFC 9700 (best current practice).
"""

import base64
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from taktvoll.adapters.sign_on.claims import vouched_by
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.limits import SIGN_ON_BYTES_MAX, SIGN_ON_S_MAX
from taktvoll.domain.delivery.ports import Secrets
from taktvoll.domain.people.sign_on import Begun, SignOn, Vouched

log = logging.getLogger("taktvoll.sign_on")

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a key pair alone: a shared secret or none proves nothing."""

FRESH_S = 600.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class OpenIdServer:
    """Sign-in servers by their issuer; what they publish about themselves is kept for ten minutes."""

    def __init__(self, secrets: Secrets, now_s: Callable[[], float] | None = None) -> None:
        """Take where secrets are looked up."""
        self._secrets = secrets
        self._now_s = now_s or monotonic
        self._published: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._keys: dict[str, tuple[float, KeySet]] = {}

    async def begin(self, setting: SignOn, back: str) -> Begun:
        """Make the address that the browser goes to."""
        about = await self._about(setting)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": setting.client_id,
                "redirect_uri": back,
                "scope": SCOPE,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge.decode(),
                "code_challenge_method": "S256",
            }
        )
        address = _endpoint(about, "authorization_endpoint")
        return Begun(f"{address}{'&' if '?' in address else '?'}{query}", state, nonce, verifier)

    async def finish(self, setting: SignOn, back: str, code: str, begun: Begun) -> Vouched:
        """Exchange the code and check signature, issuer, audience, times and nonce of what comes back."""
        about = await self._about(setting)
        answer = await self._exchange(setting, about, back, code, begun.verifier)
        raw = answer.get("id_token")
        if not isinstance(raw, str):
            raise Refused("sign_on.failed")
        try:
            claims = await self._decoded(setting, about, raw)
            return vouched_by(setting, claims, begun.nonce)
        except (JoseError, ValueError) as error:
            raise Refused("sign_on.failed") from error

    async def _exchange(
        self, setting: SignOn, about: Mapping[str, Any], back: str, code: str, verifier: str
    ) -> Mapping[str, Any]:
        """Hand in the code; the client proves itself in a way that the server takes, by header if it may."""
        secret = self._secret(setting)
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in ways:
            proof = f"{quote(setting.client_id, safe='')}:{quote(secret, safe='')}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(proof).decode()}"
        else:
            fields |= {"client_id": setting.client_id, "client_secret": secret}
        status, body = await _fetched("POST", _endpoint(about, "token_endpoint"), headers, fields)
        if status in (400, 401):  # the code was used, is too old or not for us; or our secret is wrong
            raise Refused("sign_on.failed")
        if status != 200:
            raise Unavailable("sign_on.unreachable", 30)
        return _object(body)

    def _secret(self, setting: SignOn) -> str:
        """Find the client's secret; where it is said to lie is told to whoever runs us, and to no visitor."""
        try:
            return self._secrets.read(setting.secret).decode("utf-8").strip()
        except (Refused, UnicodeDecodeError) as refusal:
            log.error(
                "the client's secret of a sign-in server is missing, or others can read it: "
                "taktvoll access show says where it belongs"
            )
            raise Unavailable("sign_on.unreachable", 300) from refusal

    async def _decoded(self, setting: SignOn, about: Mapping[str, Any], raw: str) -> dict[str, Any]:
        """Check the signature; a server that has just changed its keys is asked for them once more."""
        try:
            token = jwt.decode(raw, await self._keys_of(setting, about), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            token = jwt.decode(raw, await self._keys_of(setting, about, anew=True), algorithms=ALGORITHMS)
        return token.claims

    async def _about(self, setting: SignOn) -> Mapping[str, Any]:
        """What the server publishes about itself; it must call itself by the issuer's name."""
        kept = self._published.get(setting.issuer)
        if kept and self._now_s() - kept[0] < FRESH_S:
            return kept[1]
        place = setting.issuer.rstrip("/") + "/.well-known/openid-configuration"
        about = _object(await _got(place))
        if about.get("issuer") != setting.issuer:
            raise Unavailable("sign_on.unreachable", 30)
        self._published[setting.issuer] = (self._now_s(), about)
        return about

    async def _keys_of(self, setting: SignOn, about: Mapping[str, Any], *, anew: bool = False) -> KeySet:
        kept = self._keys.get(setting.issuer)
        if kept and not anew and self._now_s() - kept[0] < FRESH_S:
            return kept[1]
        body = _object(await _got(_endpoint(about, "jwks_uri")))
        try:
            keys = KeySet.import_key_set({"keys": body.get("keys", [])})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unavailable("sign_on.unreachable", 30) from error
        self._keys[setting.issuer] = (self._now_s(), keys)
        return keys


async def _got(address: str) -> bytes:
    status, body = await _fetched("GET", address, {"Accept": "application/json"}, None)
    if status != 200:
        raise Unavailable("sign_on.unreachable", 30)
    return body


async def _fetched(
    method: str, address: str, headers: Mapping[str, str], fields: Mapping[str, str] | None
) -> tuple[int, bytes]:
    """Ask a server, with an end to our patience and to the answer's size; proxies of the surroundings are not asked."""
    _hold_to_https(address)
    body = b""
    try:
        async with (
            httpx.AsyncClient(timeout=SIGN_ON_S_MAX, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, headers=dict(headers), data=fields) as answer,
        ):
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > SIGN_ON_BYTES_MAX:
                    raise Unavailable("sign_on.unreachable", 30)
            return answer.status_code, body
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable("sign_on.unreachable", 30) from error


def _endpoint(about: Mapping[str, Any], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str):
        raise Unavailable("sign_on.unreachable", 30)
    _hold_to_https(address)
    return address


def _hold_to_https(address: str) -> None:
    """Codes and secrets travel in the clear to nobody; this machine may speak http to itself."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Unavailable("sign_on.unreachable", 30)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unavailable("sign_on.unreachable", 30) from error
    if not isinstance(found, dict):
        raise Unavailable("sign_on.unreachable", 30)
    return found
