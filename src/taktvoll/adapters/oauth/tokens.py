"""TokenServers, the port AccessTokens: a token is fetched once for all who need it, and again shortly before it ends.

I decide how long a token counts and when another is fetched. The adapters for mail servers and the command line call
me. I never let a cancelled caller cut off an exchange: the server may have replaced our refresh token by then.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from taktvoll.adapters.oauth.keep import RefreshTokens
from taktvoll.adapters.oauth.post import RETRY_S, Answer, post, refusal_of
from taktvoll.base.errors import Unavailable
from taktvoll.domain.delivery.ports import KeptSecrets
from taktvoll.domain.mail.oauth import OAuth

LASTS_S = 300
"""How long a token counts whose server does not say."""

LASTS_S_MAX = 24 * 3_600
EARLY_S = 120
EARLY_PART = 10
"""So long before its end, and for short-lived tokens a tenth of their life, a token is not handed out any more."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A token, and until when it is handed out."""

    value: str = field(repr=False)
    until_s: float


class TokenServers:
    """Tokens by their setting; kept in memory alone."""

    def __init__(self, secrets: KeptSecrets, now_s: Callable[[], float] | None = None) -> None:
        """Take where secrets lie."""
        self._secrets = secrets
        self._refreshing = RefreshTokens(secrets)
        self._now_s = now_s or monotonic
        self._held: dict[OAuth, _Held] = {}
        self._asking: dict[OAuth, asyncio.Task[_Held]] = {}

    async def token(self, oauth: OAuth, refused: str = "") -> str:
        """Give the token at hand, or fetch one: in a thread, so that nothing cuts the exchange off halfway."""
        held = self._held.get(oauth)
        if held is not None and held.value != refused and self._now_s() < held.until_s:
            return held.value
        asking = self._asking.get(oauth)
        if asking is None or asking.get_loop() is not asyncio.get_running_loop():
            asking = self._asking[oauth] = asyncio.create_task(asyncio.to_thread(self._fetched, oauth))
            asking.add_done_callback(lambda done: self._done(oauth, done))
        return (await asyncio.shield(asking)).value

    def _done(self, oauth: OAuth, done: "asyncio.Task[_Held]") -> None:
        if self._asking.get(oauth) is done:
            del self._asking[oauth]
        if not done.cancelled() and done.exception() is None:
            self._held[oauth] = done.result()

    def _fetched(self, oauth: OAuth) -> _Held:
        if not oauth.refresh:
            return self._read(
                post(oauth, self._secrets, oauth.token_url, _fields(oauth, "client_credentials"))
            )
        with self._refreshing.alone(oauth.refresh):
            mine = self._refreshing.read(oauth.refresh)
            fields = _fields(oauth, "refresh_token") | {"refresh_token": mine}
            answer = post(oauth, self._secrets, oauth.token_url, fields)
            newer = answer.token("refresh_token")
            if not answer.error and newer and newer != mine:
                self._refreshing.keep(oauth.refresh, newer, mine)
            return self._read(answer)

    def _read(self, answer: Answer) -> _Held:
        if answer.error:
            raise refusal_of(answer)
        token = answer.token("access_token")
        if not token or not answer.bears:
            raise Unavailable("mailbox.oauth_answer", RETRY_S)
        lasts_s = answer.seconds("expires_in", LASTS_S, LASTS_S_MAX)
        return _Held(token, self._now_s() + lasts_s - min(EARLY_S, lasts_s / EARLY_PART))


def _fields(oauth: OAuth, grant: str) -> dict[str, str]:
    return {"grant_type": grant} | ({"scope": oauth.scope} if oauth.scope else {})
