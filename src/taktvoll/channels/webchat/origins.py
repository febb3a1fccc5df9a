"""Which websites may embed the chat: the origins that a widget account lists, and our own.

I decide whether a page of another origin may talk to the chat's API. The web process puts me around its doors, inbound
asks me for each new session. I never trust a cookie: sessions are bearer tokens.
"""

from collections.abc import Callable
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taktvoll.base.errors import Refused
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.people.ports import Directory

FRESH_S = 10.0
PATHS = ("/api/v1/chat/", "/api/v1/w/")
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, accept-language"),
    (b"access-control-max-age", b"600"),
)


def check_origin(account: Account, origin: str | None, host: str | None) -> None:
    """Refuse a session for a page that the account does not list.

    Takes:  origin and host: the request's headers; browsers send Origin with every POST, programs send none.
    Raises: Refused("request.origin").
    """
    if origin is None or (host and origin.partition("://")[2] == host):
        return
    if origin.lower() not in origins_of(account.settings):
        raise Refused("request.origin")


def origins_of(settings: object) -> frozenset[str]:
    """The origins that an account's settings list."""
    listed = settings.get("origins") if isinstance(settings, dict) else None
    return frozenset(str(o).lower() for o in listed) if isinstance(listed, list) else frozenset()


class Origins:
    """ASGI middleware: lets listed origins read the chat's answers.

    Source: Fetch standard, CORS protocol.
    """

    def __init__(self, app: ASGIApp, directory: Callable[[], Directory | None]) -> None:
        """Take the directory by a function, because the house opens after the application is made."""
        self._app = app
        self._directory = directory
        self._known: frozenset[str] = frozenset()
        self._read_at = -FRESH_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        origin = dict(scope["headers"]).get(b"origin") if scope["type"] == "http" else None
        if (
            origin is None
            or not scope["path"].startswith(PATHS)
            or not await self._listed(origin.decode("latin-1"))
        ):
            await self._app(scope, receive, send)
            return
        allowed = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*allowed, *PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                exposed = (b"access-control-expose-headers", b"retry-after")
                message["headers"] = [*message["headers"], *allowed, exposed]
            await send(message)

        await self._app(scope, receive, sending)

    async def _listed(self, origin: str) -> bool:
        """Whether any account lists the origin; read again after some seconds, so that a new one works soon."""
        directory = self._directory()
        if directory is not None and monotonic() - self._read_at > FRESH_S:
            self._read_at = monotonic()
            accounts = await directory.accounts("webchat")
            self._known = frozenset(o for a in accounts for o in origins_of(a.settings))
        return origin.lower() in self._known
