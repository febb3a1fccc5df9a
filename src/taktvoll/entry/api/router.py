"""The API's routes: who I am by my key, and reading a conversation page by page.

I decide what a program reads and how a page continues. build_web.py mounts me once for all workspaces.
I never show what the customer of the conversation would not see.
"""

import base64
import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import API_PAGE_MAX
from taktvoll.base.time import rfc3339
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.api.gate import Caller, Gate
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import read_conversation

PLACE = "/api/v1/w/{workspace}"
CURSOR_CHARS_MAX = 40
PAGE = 50


class Me(BaseModel):
    """The key that asks; times are RFC 3339."""

    workspace: str
    handle: str
    name: str
    scopes: list[str]
    expires_at: str | None


class Owner(BaseModel):
    """Who owns a conversation: assistant, queue or person, with the person's name."""

    kind: str
    name: str | None


class Conversation(BaseModel):
    """A conversation and one page of its messages, oldest first; next leads on where there is more."""

    id: str
    owner: Owner
    closed: bool
    messages: list[dict[str, Any]]
    next: Annotated[str | None, Field(description="the cursor of the next page; null on the last")]


def api_router(house: House) -> APIRouter:
    """Make the API's routes."""
    gate, api = Gate(house), Api(house)
    router = APIRouter(tags=["API"])

    @router.get(PLACE + "/me", response_model=Me)
    async def me(caller: Annotated[Caller, Depends(gate.demands(None))]) -> Me:
        """Say which key this is and what it may do."""
        return api.me(caller)

    @router.get(PLACE + "/conversations/{conversation}", response_model=Conversation)
    async def conversation(
        conversation: str,
        caller: Annotated[Caller, Depends(gate.demands(Permission.CONVERSATION_READ))],
        limit: Annotated[int, Query(ge=1, le=API_PAGE_MAX)] = PAGE,
        cursor: Annotated[str, Query(max_length=CURSOR_CHARS_MAX)] = "",
    ) -> Conversation:
        """Read a conversation, as its customer sees it, page by page."""
        return await api.conversation(caller, conversation, limit, cursor)

    return router


class Api:
    """What a program can read."""

    def __init__(self, house: House) -> None:
        self._house = house

    def me(self, caller: Caller) -> Me:
        """Say which key this is."""
        key = caller.key
        return Me(
            workspace=caller.workspace.name,
            handle=key.handle,
            name=key.name,
            scopes=sorted(scope.value for scope in key.scopes),
            expires_at=rfc3339(key.expires_at) if key.expires_at else None,
        )

    async def conversation(self, caller: Caller, named: str, limit: int, cursor: str) -> Conversation:
        """Read one page; feedback stands with its message on the page where the message stands.

        Raises: Refused("conversation.unknown"), Refused("request.malformed") for a cursor of someone's own making.
        """
        try:
            wanted = ConversationId(UUID(named))
        except ValueError as error:
            raise Refused("conversation.unknown") from error
        view = await read_conversation(self._house, caller.workspace.id, wanted, _after(cursor))
        shown = list(view.messages[:limit])
        more = len(view.messages) > limit
        return Conversation(
            id=str(wanted),
            owner=Owner(kind=str(view.owner["kind"]), name=_name(view.owner["name"])),
            closed=view.closed,
            messages=shown,
            next=_cursor(int(str(shown[-1]["seq"]))) if more else None,
        )


def _name(name: object) -> str | None:
    return str(name) if name else None


def _cursor(seq: int) -> str:
    """Write where a page ended; opaque, so that how it is counted may change."""
    return base64.urlsafe_b64encode(f"s{seq}".encode()).rstrip(b"=").decode()


def _after(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError as error:
        raise Refused("request.malformed", detail="cursor") from error
    if not re.fullmatch(r"s[0-9]{1,9}", text):
        raise Refused("request.malformed", detail="cursor")
    return int(text[1:])
