"""The chat's way to files: what a customer adds to a message, and what came with one, for whose conversation it is.

I decide how a file is brought and asked for. inbound.py adds my routes. I never put a token or a name into an address,
never read a body before I know whose it is, and never hand out a file to be shown: it is saved.
"""

from math import ceil
from time import monotonic
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from taktvoll.base.downloads import MEDIA_TYPE, download_headers, size_of
from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    CHAT_MESSAGES_BURST,
    CHAT_MESSAGES_PER_MINUTE,
    CHAT_UPLOAD_BYTES_MAX,
    CHAT_UPLOAD_MB_PER_HOST_AND_MINUTE,
    CHAT_UPLOAD_MB_PER_HOST_BURST,
    CHAT_UPLOADS_BURST,
    CHAT_UPLOADS_PER_MINUTE,
    MB,
    PROVIDER_ID_CHARS_MAX,
)
from taktvoll.base.pace import Pace, host_of
from taktvoll.channels.webchat.session import visit_of
from taktvoll.flows.attach_file import sent_file
from taktvoll.flows.house import House
from taktvoll.flows.take_upload import drop_upload, take_upload

Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


class FileUnwanted(BaseModel):
    """A file that is not to go along after all."""

    file: UUID


class _Brought(NamedTuple):
    """What a form holds: the element's id of the upload, the file's name and bytes."""

    id: str
    name: str
    content: bytes


def add_files(router: APIRouter, house: House) -> None:
    """Add the routes."""
    files = Files(house)
    router.post("/chat/files", status_code=201)(files.add)
    router.post("/chat/files/remove", status_code=204)(files.remove)
    router.get("/chat/files/{seq}/{place}", response_class=Response)(files.file)


class Files:
    """The files of the visitor's own conversation."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pace = Pace(CHAT_MESSAGES_BURST, CHAT_MESSAGES_PER_MINUTE)
        self._uploads = Pace(CHAT_UPLOADS_BURST, CHAT_UPLOADS_PER_MINUTE)
        self._weight = Pace(CHAT_UPLOAD_MB_PER_HOST_BURST, CHAT_UPLOAD_MB_PER_HOST_AND_MINUTE)

    async def add(self, request: Request) -> dict[str, object]:
        """Keep a file until its message comes: a form with the upload's id and one file."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._uploads.take(visit.conversation, monotonic())
        host = host_of(request.client)
        self._weight.take(host, monotonic(), ceil(_length(request) / MB))
        brought = await _brought(request)
        workspace = visit.account.workspace
        about = await take_upload(self._house, workspace, visit.conversation, *brought)
        shown = size_of(about.size, visit.language)
        return {"id": str(about.id), "name": about.name, "size": about.size, "shown": shown}

    async def remove(self, request: Request, unwanted: FileUnwanted) -> Response:
        """Forget a file that was not sent."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(("remove", visit.conversation), monotonic())
        await drop_upload(self._house, visit.account.workspace, visit.conversation, unwanted.file)
        return Response(status_code=204)

    async def file(self, request: Request, seq: Number, place: Number) -> Response:
        """A file that came with a message; the session names the conversation."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(visit.conversation, monotonic())
        about, content = await sent_file(self._house, visit.account.workspace, visit.conversation, seq, place)
        return Response(content, media_type=MEDIA_TYPE, headers=dict(download_headers(about.name)))


def _length(request: Request) -> int:
    """How much is to come; whoever does not say weighs as much as may come."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isdigit() else CHAT_UPLOAD_BYTES_MAX


async def _brought(request: Request) -> _Brought:
    """Read the form.

    Raises: Refused("request.malformed"), Refused("file.none").
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused("request.malformed", detail="body")
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            named, file = form.get("id"), form.get("file")
            if not isinstance(file, UploadFile):
                raise Refused("file.none")
            if not isinstance(named, str) or not _is_id(named):
                raise Refused("request.malformed", detail="id")
            return _Brought(named, file.filename or "", await file.read())
    except HTTPException as error:
        if error.status_code == 413:
            raise
        raise Refused("request.malformed", detail="body") from error
    except (ValueError, ClientDisconnect) as error:
        raise Refused("request.malformed", detail="body") from error


def _is_id(text: str) -> bool:
    return 0 < len(text) <= PROVIDER_ID_CHARS_MAX and text.isascii() and text.replace("-", "").isalnum()
