"""The web edge: security headers, size and rate limits, and how failures read to a browser or a program.

I decide what every answer carries and what no request may exceed. build.py puts me around all doors.
I never let an unexpected error show its insides, and never log what a person wrote.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from taktvoll.base.errors import Broken, Refused, TaktvollError, Unavailable
from taktvoll.base.limits import REQUEST_BYTES_MAX

log = logging.getLogger("taktvoll.edge")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

STATUS = {
    "session.invalid": 401,
    "sign_in.required": 401,
    "sign_in.failed": 401,
    "sign_in.locked": 429,
    "request.too_many": 429,
    "request.too_large": 413,
    "message.too_long": 413,
    "request.origin": 403,
    "permission.missing": 403,
    "form.stale": 403,
    "workspace.unknown": 404,
    "account.unknown": 404,
    "conversation.unknown": 404,
    "passage.unknown": 404,
    "owner.changed": 409,
    "owner.not_you": 409,
    "conversation.closed": 409,
}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def guard(app: FastAPI) -> None:
    """Put the edge around an app: headers, limits, and one way for every failure to read."""
    app.add_exception_handler(TaktvollError, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    app.add_middleware(Edge)


class Edge:
    """ASGI middleware: adds the security headers and refuses bodies beyond the limit, streamed ones too."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > REQUEST_BYTES_MAX:
            refusal = problem(Refused("request.too_large", limit=REQUEST_BYTES_MAX), _language_of(scope))
            await refusal(scope, receive, _with_headers(send))
            return
        await self._app(scope, _limited(receive), _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(h for h in HEADERS if h[0] not in present)]
        await send(message)

    return sending


def _limited(receive: Receive) -> Receive:
    """Count a body without a length as it comes in."""
    taken = 0

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > REQUEST_BYTES_MAX:
            raise Refused("request.too_large", limit=REQUEST_BYTES_MAX)
        return message

    return receiving


def problem(error: TaktvollError, language: str) -> JSONResponse:
    """Write a failure as problem details.

    Source: RFC 9457.
    """
    status = STATUS.get(error.code, 400)
    if isinstance(error, Unavailable):
        status = 503
    elif isinstance(error, Broken):
        status = 500
    body = {
        "type": "about:blank",
        "title": error.code,
        "status": status,
        "code": error.code,
        "detail": error.text(language),
    }
    headers = {"Retry-After": str(error.fields["retry_after_s"])} if "retry_after_s" in error.fields else {}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def language_of(request: Request) -> str:
    """German or English, by what the browser asks for first; German when it does not say."""
    return _language_of(request.scope)


def _language_of(scope: Scope) -> str:
    wanted = dict(scope["headers"]).get(b"accept-language", b"de").decode("latin-1").lower()
    return next((w.strip()[:2] for w in wanted.split(",") if w.strip()[:2] in ("de", "en")), "de")


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TaktvollError)
    if isinstance(error, Broken):
        log.error("broken: %s", error.code)
    return problem(error, language_of(request))


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    place = ".".join(str(p) for p in error.errors()[0]["loc"][:4]) if error.errors() else "body"
    return problem(Refused("request.malformed", detail=place[:80]), language_of(request))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    body = {
        "type": "about:blank",
        "title": str(error.detail),
        "status": error.status_code,
        "code": "http",
        "detail": str(error.detail),
    }
    return JSONResponse(body, error.status_code, media_type="application/problem+json")


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error(
        "unexpected %s at %s",
        type(error).__name__,
        request.scope.get("route") and request.scope["route"].path,
    )
    return problem(Broken("internal"), language_of(request))
