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
from taktvoll.adapters.oauth.restraint import AGAIN_S, Restraint
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
    """A token, until when it is handed out, and until when even though a mail server refuses it."""

    value: str = field(repr=False)
    until_s: float
    firm_s: float

    def serves(self, now_s: float, refused: str) -> bool:
        """Whether it is what a caller should have."""
        return now_s < self.until_s and (self.value != refused or now_s < self.firm_s)


class TokenServers:
    """Tokens by their setting; kept in memory alone."""

    def __init__(self, secrets: KeptSecrets, now_s: Callable[[], float] | None = None) -> None:
        """Take where secrets lie."""
        self._secrets = secrets
        self._refreshing = RefreshTokens(secrets)
        self._now_s = now_s or monotonic
        self._restraint = Restraint(self._now_s)
        self._held: dict[OAuth, _Held] = {}
        self._asking: dict[OAuth, asyncio.Task[_Held]] = {}

    async def token(self, oauth: OAuth, refused: str = "") -> str:
        """Give the token at hand, or fetch one: in a thread, so that nothing cuts the exchange off halfway."""
        held = self._held.get(oauth)
        if held is not None and held.serves(self._now_s(), refused):
            return held.value
        instead = held is not None and held.value == refused
        asking = self._asking.get(oauth)
        if asking is None or asking.get_loop() is not asyncio.get_running_loop():
            asking = self._asking[oauth] = asyncio.create_task(
                asyncio.to_thread(self._fetched, oauth, instead)
            )
            asking.add_done_callback(lambda done: self._done(oauth, done))
        return (await asyncio.shield(asking)).value

    def _done(self, oauth: OAuth, done: "asyncio.Task[_Held]") -> None:
        if self._asking.get(oauth) is done:
            del self._asking[oauth]
        if not done.cancelled() and done.exception() is None:
            self._held[oauth] = done.result()

    def _fetched(self, oauth: OAuth, instead: bool) -> _Held:
        secret = self._secrets.read(oauth.secret) if oauth.secret else b""
        if not oauth.refresh:
            with self._restraint.once(oauth, secret):
                fields = _fields(oauth, "client_credentials")
                return self._read(post(oauth, self._secrets, oauth.token_url, fields), instead)
        with self._refreshing.alone(oauth.refresh):
            mine = self._refreshing.read(oauth.refresh)
            with self._restraint.once(oauth, secret, mine.encode()):
                fields = _fields(oauth, "refresh_token") | {"refresh_token": mine}
                answer = post(oauth, self._secrets, oauth.token_url, fields)
                newer = answer.token("refresh_token")
                if not answer.error and newer and newer != mine:
                    self._refreshing.keep(oauth.refresh, newer, mine)
                return self._read(answer, instead)

    def _read(self, answer: Answer, instead: bool) -> _Held:
        if answer.error:
            raise refusal_of(answer)
        token = answer.token("access_token")
        if not token or not answer.bears:
            raise Unavailable("mailbox.oauth_answer", RETRY_S)
        now_s, lasts_s = self._now_s(), answer.seconds("expires_in", LASTS_S, LASTS_S_MAX)
        until_s = now_s + lasts_s - min(EARLY_S, lasts_s / EARLY_PART)
        return _Held(token, until_s, now_s + AGAIN_S if instead else now_s)


def _fields(oauth: OAuth, grant: str) -> dict[str, str]:
    return {"grant_type": grant} | ({"scope": oauth.scope} if oauth.scope else {})
