"""The chat's way to a file: what a person sent along, for the customer whose conversation it is.

I decide how a file is asked for. inbound.py adds my route. I never put a token into an address, and never hand out a
file to be shown: it is saved.
"""

from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from taktvoll.base.downloads import MEDIA_TYPE, download_headers
from taktvoll.base.limits import CHAT_MESSAGES_BURST, CHAT_MESSAGES_PER_MINUTE
from taktvoll.base.pace import Pace
from taktvoll.channels.webchat.session import visit_of
from taktvoll.flows.attach_file import sent_file
from taktvoll.flows.house import House

Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


def add_files(router: APIRouter, house: House) -> None:
    """Add the route."""
    router.get("/chat/files/{seq}/{place}", response_class=Response)(Files(house).file)


class Files:
    """The files of the visitor's own conversation."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pace = Pace(CHAT_MESSAGES_BURST, CHAT_MESSAGES_PER_MINUTE)

    async def file(self, request: Request, seq: Number, place: Number) -> Response:
        """A file that came with a message; the session names the conversation."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(visit.conversation, monotonic())
        about, content = await sent_file(self._house, visit.account.workspace, visit.conversation, seq, place)
        return Response(content, media_type=MEDIA_TYPE, headers=dict(download_headers(about.name)))
