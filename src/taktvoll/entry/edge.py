"""The web edge: security headers, size limits, and how failures read to a browser or a program.

I decide what every answer carries and what no request may exceed. build_web.py puts me around all doors.
I never let an unexpected error show its insides, and never log what a person wrote.
"""

import asyncio
import logging
import re
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taktvoll.base.errors import Broken, Refused, TaktvollError, Unavailable, way_of
from taktvoll.base.limits import (
    CHAT_FILE_BYTES_MAX,
    CHAT_UPLOAD_BYTES_MAX,
    MAIL_BYTES_MAX,
    MB,
    REPLY_FILES_BYTES_MAX,
    REQUEST_BYTES_MAX,
    UPLOAD_BYTES_MAX,
)

log = logging.getLogger("taktvoll.edge")

GOING_S = 5
"""After how long another process, or this one started anew, is likely to answer."""

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
    (b"cache-control", b"no-store"),  # what may be kept says so itself
)

_MAIL_DOOR = re.compile(r"/api/v1/w/[^/]+/mail/[^/]+")
_CHAT_UPLOAD_DOOR = "/api/v1/chat/files"
_UPLOAD_DOOR = re.compile(r"/w/[^/]+/desk/c/[^/]+/files")

STATUS = {
    "message.empty": 400,
    "message.unreadable": 400,
    "request.malformed": 400,
    "feedback.value": 400,
    "draft.held": 400,
    "wording.text": 400,
    "mail.empty": 400,
    "mail.unknown": 404,
    "mail.erased": 410,
    "mailbox.token": 401,
    "file.none": 400,
    "file.empty": 400,
    "file.large": 413,
    "file.total": 413,
    "file.many": 409,
    "file.type": 415,
    "file.lies": 415,
    "file.refused": 400,
    "file.gone": 409,
    "file.not_added": 409,
    "upload.many": 409,
    "upload.total": 413,
    "upload.full": 409,
    "upload.gone": 409,
    "file.unknown": 404,
    "file.erased": 410,
    "file.differs": 409,
    "session.invalid": 401,
    "sign_in.required": 401,
    "sign_in.failed": 401,
    "sign_in.code": 401,
    "sign_on.failed": 401,
    "sign_on.not_allowed": 403,
    "sign_on.unset": 404,
    "sign_on.unreachable": 503,
    "step_up.old": 403,
    "password.wrong": 403,
    "password.short": 400,
    "password.differ": 400,
    "factor.exists": 409,
    "factor.code": 400,
    "factor.demanded": 409,
    "staff.unknown": 404,
    "staff.link": 404,
    "staff.last_admin": 409,
    "staff.exists": 409,
    "staff.address": 400,
    "staff.name": 400,
    "staff.role": 400,
    "key.unknown": 401,
    "key.scope": 403,
    "key.scopes": 400,
    "key.name": 400,
    "key.days": 400,
    "key.missing": 404,
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
    "page.unknown": 404,
    "wording.unknown": 404,
    "answer.unknown": 404,
    "topic.unknown": 404,
    "autonomy.not_proven": 409,
    "judgement.none": 409,
    "request.method": 405,
    "message.known": 409,
    "callback.window": 409,
    "callback.twice": 409,
    "callback.not_waiting": 409,
    "callback.off": 409,
    "callback.unknown": 404,
    "owner.changed": 409,
    "customer.wrote": 409,
    "owner.not_you": 409,
    "conversation.not_yours": 409,
    "conversation.ended": 409,
    "conversation.busy": 409,
    "target.unknown": 400,
    "snooze.time": 400,
    "tag.text": 400,
    "tag.many": 409,
    "tag.full": 409,
    "conversation.closed": 409,
    "wording.decided": 409,
    "wording.full": 409,
    "internal": 500,
    "hash.not_canonical": 500,
    "database.unreachable": 503,
}
"""What a failure is called in HTTP; codes that are missing here reach no browser."""


def guard(app: FastAPI) -> None:
    """Put the edge around an app: headers, limits, and one way for every failure to read."""
    app.add_exception_handler(TaktvollError, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Edge)


class Edge:
    """ASGI middleware: adds the security headers, refuses what is too large, and lets no failure out unread.

    It catches here and not in a handler, because the framework would pass the error on to the server, whose log would
    then show the error's own words, and those may quote a customer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        refused = _refused(scope)
        if refused:
            await problem(refused, _language_of(scope))(scope, receive, answer.send)
            return
        body = _Body(receive, _limit_of(scope))
        try:
            await self._app(scope, body.receive, answer.send)
        except asyncio.CancelledError:
            # A server that goes ends what takes too long; left unanswered, it would read as a fault of ours (500).
            if answer.begun:
                raise
            await problem(Unavailable("server.going", GOING_S), _language_of(scope))(
                scope, receive, answer.send
            )
        except Exception as error:
            note(error, scope)
            if not answer.begun:
                await problem(Broken("internal"), _language_of(scope))(scope, receive, answer.send)


def _refused(scope: Scope) -> Refused | None:
    """Say why a request goes no further: its body is too large, or no page can have its address."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    limit = _limit_of(scope)
    if not length.isdigit() or int(length) > limit:
        return _too_large(scope)
    if "\0" in scope["path"]:
        return Refused("page.unknown")
    if b"\0" in unquote_to_bytes(scope["query_string"]):  # no text of ours can hold one
        return Refused("request.malformed", detail="query")
    return None


def _too_large(scope: Scope) -> Refused:
    """Name the limit that the caller can keep: of a file, or of a whole request."""
    if _UPLOAD_DOOR.fullmatch(scope["path"]):  # a page without script brings several at once
        return Refused("file.total", limit=REPLY_FILES_BYTES_MAX // MB)
    if scope["path"] == _CHAT_UPLOAD_DOOR:
        return Refused("file.large", limit=CHAT_FILE_BYTES_MAX // MB)
    return Refused("request.too_large", limit=_limit_of(scope))


def _limit_of(scope: Scope) -> int:
    """How large a body may be: whole mails and files are posted to one door each, which reads none before it knows by
    whom. Files that are too large are taken so far that the answer can be a page, with what was written still in it.
    """
    if _UPLOAD_DOOR.fullmatch(scope["path"]):
        return UPLOAD_BYTES_MAX
    if scope["path"] == _CHAT_UPLOAD_DOOR:
        return CHAT_UPLOAD_BYTES_MAX
    return MAIL_BYTES_MAX if _MAIL_DOOR.fullmatch(scope["path"]) else REQUEST_BYTES_MAX


class _Answer:
    """Adds the security headers to what goes out, and knows whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(h for h in HEADERS if h[0] not in present)]
        await self._send(message)


class _Body:
    """Counts a body that came without a length, as it comes in."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._taken = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            raise HTTPException(413)  # the framework hands on only its own failures from here
        return message


def note(error: Exception, scope: Scope) -> None:
    """Log what kind of failure of ours it was and where."""
    kind = error.code if isinstance(error, TaktvollError) else type(error).__name__
    log.error("unexpected %s at %s: %s", kind, getattr(scope.get("route"), "path", "?"), way_of(error))


def problem(error: TaktvollError, language: str) -> JSONResponse:
    """Write a failure as problem details.

    Source: RFC 9457.
    """
    status = status_of(error)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": error.text(language),
    }
    headers = {"Retry-After": str(error.fields["retry_after_s"])} if "retry_after_s" in error.fields else {}
    if error.code == "key.unknown":
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, section 11.6.1
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def status_of(error: TaktvollError) -> int:
    """The HTTP status of a failure."""
    other = 503 if isinstance(error, Unavailable) else 500 if isinstance(error, Broken) else 400
    return STATUS.get(error.code, other)


def language_of(request: Request) -> str:
    """German or English, by what the browser asks for first; German when it does not say."""
    return _language_of(request.scope)


def _language_of(scope: Scope) -> str:
    wanted = dict(scope["headers"]).get(b"accept-language", b"de").decode("latin-1").lower()
    return next((w.strip()[:2] for w in wanted.split(",") if w.strip()[:2] in ("de", "en")), "de")


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TaktvollError)
    if isinstance(error, Broken):
        note(error, request.scope)
    return problem(error, language_of(request))


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    place = ".".join(str(p) for p in error.errors()[0]["loc"][:4]) if error.errors() else "body"
    return problem(Refused("request.malformed", detail=place[:80]), language_of(request))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    language = language_of(request)
    match error.status_code:
        case 404:
            return problem(Refused("page.unknown"), language)
        case 405:
            return problem(Refused("request.method"), language)
        case 413:
            return problem(_too_large(request.scope), language)
        case _:
            return problem(Refused("request.malformed", detail="body"), language)
