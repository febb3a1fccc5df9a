"""One request to a token server, and what its answer is called.

I decide how a client proves itself, how much of an answer is read and which failure a server's word means. tokens.py
and consents.py call me, in threads. I never put into a failure what was sent or what came back: it may hold secrets.
Source: RFC 6749, sections 2.3.1, 5.1 and 5.2; RFC 8628, section 3.5.
"""

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import httpx
import orjson

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.limits import OAUTH_BYTES_MAX, OAUTH_S_MAX
from taktvoll.domain.delivery.ports import Secrets
from taktvoll.domain.mail.oauth import OAuth, Proof, is_private

RETRY_S, AWAY_S = 60, 10
"""How long to wait after an answer that asks for patience or makes no sense, and after none."""

_TOKEN = re.compile(r"[!-~]{1,16384}")
_CONSENT = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_CLIENT = frozenset({"invalid_client", "unauthorized_client"})
_LATER = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `error` is its word for what is wrong, "" where nothing is."""

    error: str
    _said: Mapping[str, Any] = field(repr=False)

    def token(self, name: str) -> str:
        """Read a token; one that could break out of a sign-in's line is none."""
        value = self._said.get(name)
        return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""

    def text(self, name: str, form: re.Pattern[str]) -> str:
        """Read a text of a form; "" for any other."""
        value = self._said.get(name)
        return value if isinstance(value, str) and form.fullmatch(value) else ""

    def seconds(self, name: str, otherwise: int, most: int) -> int:
        """Read a time; some servers write numbers as text."""
        value = self._said.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:9])
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            return otherwise
        return int(min(value, most))

    @property
    def bears(self) -> bool:
        """Whether the token is of the kind that mail servers take."""
        return str(self._said.get("token_type", "bearer")).lower() == "bearer"


def post(oauth: OAuth, secrets: Secrets, url: str, fields: Mapping[str, str]) -> Answer:
    """Ask, as the client that the setting names.

    Raises: Refused("secret.…"), Unavailable("mailbox.oauth_unreachable"), Unavailable("mailbox.oauth_answer").
    """
    if not is_private(url):
        raise Refused("mailbox.oauth_request")
    secret = secrets.read(oauth.secret).decode("utf-8", "replace").strip() if oauth.secret else ""
    headers, given = {"Accept": "application/json", "Accept-Encoding": "identity"}, dict(fields)
    if secret and oauth.proof is Proof.BASIC:
        proof = f"{quote_plus(oauth.client)}:{quote_plus(secret)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(proof).decode()}"
    else:
        given |= {"client_id": oauth.client} | ({"client_secret": secret} if secret else {})
    status, body = _sent(url, headers, given)
    if status == 429 or status >= 500:
        raise Unavailable("mailbox.oauth_unreachable", RETRY_S if status == 429 else AWAY_S)
    said = _object(body)
    error = said.get("error")
    if status == 200 and not error:  # some servers say in a 200 that something is wrong
        return Answer("", said)
    if status not in (200, 400, 401, 403) or not isinstance(error, str):
        raise Unavailable("mailbox.oauth_answer", RETRY_S)
    return Answer(error, said)


def refusal_of(answer: Answer) -> Refused | Unavailable:
    """Name what a server's word means for whoever runs us."""
    if answer.error in _CONSENT:
        return Refused("mailbox.oauth_consent")
    if answer.error in _CLIENT:
        return Refused("mailbox.oauth_client")
    if answer.error in _LATER:
        return Unavailable("mailbox.oauth_unreachable", RETRY_S)
    return Refused("mailbox.oauth_request")


def _sent(url: str, headers: Mapping[str, str], fields: Mapping[str, str]) -> tuple[int, bytes]:
    """Send; whatever comes of it has a name of ours."""
    try:
        return asyncio.run(_answered(url, headers, fields))
    # Names that no look-up takes end in the library's confusion about letters.
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        # Without its cause: the library's failures carry the request, and that carries our secret.
        raise Unavailable("mailbox.oauth_unreachable", AWAY_S) from None


async def _answered(url: str, headers: Mapping[str, str], fields: Mapping[str, str]) -> tuple[int, bytes]:
    """Read an answer, with an end to our patience and to its size; proxies of the surroundings are not asked.

    In a loop of its own, because only there one clock runs for all of it: the library's own begins anew with each byte.
    What was packed, though we asked for it plain, is not unpacked: a few bytes can hold more than the memory.
    """
    body = b""
    async with (
        asyncio.timeout(OAUTH_S_MAX),
        httpx.AsyncClient(timeout=OAUTH_S_MAX, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, headers=dict(headers), data=dict(fields)) as answer,
    ):
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > OAUTH_BYTES_MAX:
                raise Unavailable("mailbox.oauth_answer", RETRY_S)
        return answer.status_code, body


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unavailable("mailbox.oauth_answer", RETRY_S) from None
    if not isinstance(found, dict):
        raise Unavailable("mailbox.oauth_answer", RETRY_S)
    return found
