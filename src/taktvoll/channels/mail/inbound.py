"""The mail channel's door over HTTP: one mail a request, as its raw bytes, with the token of its mailbox.

I decide what a request must look like. Programs of the company post to me. I never read a body before the token is
right, and never answer before the mail is on record.
"""

import asyncio
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    MAIL_BYTES_MAX,
    MAIL_INTAKE_BURST,
    MAIL_INTAKE_PER_MINUTE,
    MAIL_INTAKES_AT_ONCE,
)
from taktvoll.base.pace import Pace, host_of
from taktvoll.domain.mail.intake import Original
from taktvoll.flows.hand_in_mail import mailbox_opened_by
from taktvoll.flows.house import House
from taktvoll.flows.receive_mail import receive_mail

Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$")]


def mail_router(house: House) -> APIRouter:
    """The route of the door."""
    door = MailDoor(house)
    router = APIRouter(prefix="/api/v1", tags=["mail"])
    router.post(
        "/w/{workspace}/mail/{mailbox}", status_code=201, responses={200: {"description": "known already"}}
    )(door.take)
    return router


class MailDoor:
    """Takes mails in."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pace = Pace(MAIL_INTAKE_BURST, MAIL_INTAKE_PER_MINUTE)
        self._guesses = Pace(10, 30)
        self._at_once = asyncio.Semaphore(MAIL_INTAKES_AT_ONCE)

    async def take(self, workspace: Name, mailbox: Name, request: Request) -> JSONResponse:
        """Put a mail on record: 201 when it is new, 200 when it was known; a body of message/rfc822."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else ""
        try:
            found = await mailbox_opened_by(self._house, workspace, mailbox, given)
        except Refused:
            self._guesses.take(host_of(request.client), monotonic())
            raise
        self._pace.take(found.account.id, monotonic())
        async with self._at_once:
            raw = await _body(request)
            posted = await receive_mail(self._house, found, Original(raw, len(raw)), handed_in=True)
        body = {"conversation": str(posted.conversation), "seq": posted.seq, "duplicate": posted.duplicate}
        return JSONResponse(body, 200 if posted.duplicate else 201)


async def _body(request: Request) -> bytes:
    """Read the body up to the limit."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAIL_BYTES_MAX:
            raise Refused("request.too_large", limit=MAIL_BYTES_MAX)
        parts.append(part)
    if not size:
        raise Refused("mail.empty")
    return b"".join(parts)
