"""ConsentServers, the port Consents: by a code typed on any device, or in the browser; what comes is kept as a file.

I decide what a server is asked and when a consent counts. The flow connect_mailbox calls me.
I never show more than the address and the code meant for the person, and never keep a consent without a refresh token.
Source: RFC 8628 (device codes); RFC 8252 and RFC 7636 (browser, proof by a verifier); RFC 9700.
"""

import asyncio
import base64
import hashlib
import hmac
import re
import secrets as chance
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from urllib.parse import parse_qs, urlencode, urlsplit

from taktvoll.adapters.oauth.keep import RefreshTokens
from taktvoll.adapters.oauth.post import RETRY_S, Answer, post, refusal_of
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.domain.delivery.ports import KeptSecrets
from taktvoll.domain.mail.oauth import OAuth, is_private
from taktvoll.domain.mail.oauth_ports import Asked, Invited

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
BACK = "http://127.0.0.1:47110/"
"""Where the browser ends; nobody listens there: the person copies the address, whichever machine the browser is on."""

PAUSE_S, PAUSE_S_MAX, SLOWER_S = 5, 60, 5
EXPIRES_S, EXPIRES_S_MAX = 600, 3_600
_SHOWN = re.compile(r"[!-~]{1,300}")
_CODE = re.compile(r"[ -~]{1,60}")


class ConsentServers:
    """Asks providers for people's consents."""

    def __init__(
        self,
        secrets: KeptSecrets,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        """Take where secrets lie, and how to wait."""
        self._secrets = secrets
        self._kept = RefreshTokens(secrets)
        self._pause = pause
        self._now_s = now_s

    async def ask(self, oauth: OAuth) -> Asked:
        """Ask for an address and a code."""
        fields = {"scope": oauth.scope} if oauth.scope else {}
        answer = await asyncio.to_thread(post, oauth, self._secrets, oauth.device_url, fields)
        if answer.error:
            raise refusal_of(answer)
        address = answer.text("verification_uri", _SHOWN) or answer.text("verification_url", _SHOWN)
        asked = Asked(
            address=address,
            code=answer.text("user_code", _CODE),
            expires_s=answer.seconds("expires_in", EXPIRES_S, EXPIRES_S_MAX),
            pause_s=answer.seconds("interval", PAUSE_S, PAUSE_S_MAX),
            device=answer.token("device_code"),
        )
        if not (asked.code and asked.device and is_private(address)):
            raise Unavailable("mailbox.oauth_answer", RETRY_S)
        return asked

    async def wait(self, oauth: OAuth, asked: Asked) -> None:
        """Look every few seconds, slower where the server wants it, until it ends one way or the other."""
        pause_s, until = max(1, asked.pause_s), self._now_s() + asked.expires_s
        while self._now_s() < until:
            await self._pause(pause_s)
            try:
                ended = await asyncio.to_thread(
                    self._exchanged, oauth, {"grant_type": DEVICE, "device_code": asked.device}
                )
            except Unavailable:  # a server out of reach for a moment must not cost the person their consent
                ended = "slow_down"
            if not ended:
                return
            if ended == "slow_down":
                pause_s = min(PAUSE_S_MAX, pause_s + SLOWER_S)
        raise Refused("mailbox.oauth_denied")

    def invite(self, oauth: OAuth) -> Invited:
        """Ask for a lasting consent, and for the person's word even where they gave it before."""
        state, verifier = chance.token_urlsafe(32), chance.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        fields = {
            "response_type": "code", "client_id": oauth.client, "redirect_uri": BACK, "scope": oauth.scope,
            "state": state, "code_challenge": challenge.decode(), "code_challenge_method": "S256",
            "access_type": "offline", "prompt": "consent",
        }  # fmt: skip
        join = "&" if urlsplit(oauth.authorize_url).query else "?"
        return Invited(f"{oauth.authorize_url}{join}{urlencode(fields)}", state, verifier)

    async def redeem(self, oauth: OAuth, invited: Invited, came_back: str) -> None:
        """Hold the address to what was asked, and exchange its code."""
        try:
            given = {name: found[0] for name, found in parse_qs(urlsplit(came_back.strip()).query).items()}
        except ValueError:
            given = {}
        if not hmac.compare_digest(given.get("state", "").encode(), invited.state.encode()):
            raise Refused("mailbox.oauth_pasted")
        if given.get("error"):
            raise Refused("mailbox.oauth_denied")
        fields = {
            "grant_type": "authorization_code", "code": given.get("code", ""), "redirect_uri": BACK,
            "code_verifier": invited.verifier,
        }  # fmt: skip
        if await asyncio.to_thread(self._exchanged, oauth, fields):
            raise Refused("mailbox.oauth_denied")

    def _exchanged(self, oauth: OAuth, fields: Mapping[str, str]) -> str:
        """Exchange what a person's consent brought for a refresh token, and put that away.

        Gives:  "" when it lies there, or the server's word for waiting on.
        """
        with self._kept.alone(oauth.refresh):
            answer = post(oauth, self._secrets, oauth.token_url, fields)
            if answer.error:
                return _ended(answer)
            token = answer.token("refresh_token")
            if not token:
                raise Refused("mailbox.oauth_short")
            self._kept.keep(oauth.refresh, token, "")
        return ""


def _ended(answer: Answer) -> str:
    if answer.error in ("authorization_pending", "slow_down"):
        return answer.error
    if answer.error in ("access_denied", "authorization_declined", "expired_token", "invalid_grant"):
        raise Refused("mailbox.oauth_denied")
    raise refusal_of(answer)
