"""The desk's addresses, top to bottom, and what each does.

I decide which flow an address calls and what page follows. build_web.py mounts me once for all workspaces.
I never decide who may do what beyond letting staff in: the flows do.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.account import account_routes
from taktvoll.entry.desk.autonomy import autonomy_routes
from taktvoll.entry.desk.board import board_of, wanted_from
from taktvoll.entry.desk.calls import call_routes
from taktvoll.entry.desk.composer import around_of, composer_of
from taktvoll.entry.desk.contacts import beside, contacts_routes
from taktvoll.entry.desk.door import door_routes
from taktvoll.entry.desk.failures import DeskRoute
from taktvoll.entry.desk.files import PICTURE, SENT, SentFiles, file_routes
from taktvoll.entry.desk.finding import finding_routes
from taktvoll.entry.desk.hours import hours_routes
from taktvoll.entry.desk.keys import key_routes
from taktvoll.entry.desk.mail import alarms_of, mail_routes
from taktvoll.entry.desk.near import near_of
from taktvoll.entry.desk.pages import Wanted, talk_of
from taktvoll.entry.desk.render import NO_STORE, asset, page
from taktvoll.entry.desk.reply_address import reply_address_routes
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.staff import staff_routes
from taktvoll.entry.desk.stream import Streams
from taktvoll.entry.desk.team import team_routes
from taktvoll.entry.desk.wordings import wordings_routes
from taktvoll.entry.desk.work import tools_of, work_routes
from taktvoll.entry.desk.writing import writing_routes
from taktvoll.entry.edge import status_of
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff, take_over

TALK = DESK + "/c/{conversation}"
SEQ_MAX = 2**31 - 1

_NOTHING: Mapping[str, str] = MappingProxyType({})

Fields = dict[str, str]
Act = Callable[[Visit, ConversationId, Fields], Awaitable[object]]


def desk_router(house: House) -> APIRouter:
    """Make the desk's routes."""
    desk = Desk(house)
    router = APIRouter(route_class=DeskRoute, include_in_schema=False)
    for method, path, handle in (
        *door_routes(house),
        *account_routes(house),
        *staff_routes(house),
        *key_routes(house),
        *autonomy_routes(house),
        *wordings_routes(house),
        *team_routes(house),
        *work_routes(house, desk.act),
        *contacts_routes(house, desk.act),
        *mail_routes(house),
        *call_routes(house, desk.act),
        *hours_routes(house),
        *writing_routes(house, desk.act),
        *file_routes(house, desk.act),
        *reply_address_routes(house, desk.act),
    ):
        router.add_api_route(path, handle, methods=[method], response_model=None)
    for method, path, find in finding_routes(house):
        router.add_api_route(path, find, methods=[method], response_model=None)
    for method, path, handler in (
        ("GET", DESK, desk.begin),
        ("GET", DESK + "/", desk.queue),
        ("GET", DESK + "/fragment", desk.queue_fragment),
        ("GET", DESK + "/stream", desk.queue_stream),
        ("GET", TALK, desk.talk),
        ("GET", TALK + "/fragment", desk.talk_fragment),
        ("GET", TALK + "/stream", desk.talk_stream),
        ("POST", TALK + "/take-over", desk.take_over),
        ("POST", TALK + "/hand-back", desk.hand_back),
        ("POST", TALK + "/close", desk.close),
        ("POST", TALK + "/typing", desk.typing),
        ("GET", SENT, SentFiles(house).file),
        ("GET", PICTURE, SentFiles(house).picture),
        ("GET", "/w-static/desk/{name}", desk.asset),
        ("GET", DESK + "/{rest:path}", desk.nothing),
    ):
        router.add_api_route(path, handler, methods=[method], response_model=None)
    return router


class Desk:
    """The queue, the conversations, and what a person does to them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._streams = Streams(house)

    async def begin(self, workspace: str) -> Response:
        """Lead on to the queue, whose address ends with a slash."""
        return _go(session.base_of(workspace) + "/")

    async def queue(self, request: Request, workspace: str) -> Response:
        """Show who waits."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        wanted = wanted_from(request.query_params)
        async with self._house.board.joined(visit.workspace.id):
            queue = await board_of(self._house, visit, wanted)
            near = await near_of(self._house, visit, queue)
            alarms = await alarms_of(self._house, visit)
        return page("queue.html", visit.language, visit=visit, queue=queue, near=near, alarms=alarms)

    async def queue_fragment(self, request: Request, workspace: str) -> Response:
        """Give the queue's part of a page."""
        began = monotonic()
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        wanted = wanted_from(request.query_params)
        async with self._house.board.joined(visit.workspace.id):
            queue = await board_of(self._house, visit, wanted)
            near = await near_of(self._house, visit, queue)
        current = request.query_params.get("current", "")
        shown = page("_news.html", visit.language, visit=visit, queue=queue, near=near, current=current)
        self._streams.note(monotonic() - began)
        return shown

    async def queue_stream(self, request: Request, workspace: str) -> Response:
        """Tell the queue's page of changes."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        return self._streams.open(visit, None)

    async def talk(self, request: Request, workspace: str, conversation: str) -> Response:
        """Show one conversation, with the queue beside it; whoever is mentioned in it has seen so."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        talk, now = session.conversation_id(conversation), self._house.now()
        await self._house.board.seen(visit.workspace.id, visit.staff.id, talk, now)
        return await self._talk_page(visit, talk, wanted=replace(_lines_of(request), after=0))

    async def talk_fragment(self, request: Request, workspace: str, conversation: str) -> Response:
        """Give what is new in a conversation after a seq."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        wanted, lines = session.conversation_id(conversation), _lines_of(request)
        async with self._house.board.joined(visit.workspace.id):
            talk = await talk_of(self._house, visit, wanted, lines)
            composer = await composer_of(self._house, visit, talk.id)
        return page("_talk.html", visit.language, visit=visit, talk=talk, composer=composer)

    async def talk_stream(self, request: Request, workspace: str, conversation: str) -> Response:
        """Tell a conversation's page of changes to it and to the queue."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        stored = await access_for_staff(self._house, visit.staff, session.conversation_id(conversation))
        return self._streams.open(visit, stored.id)

    async def take_over(self, request: Request, workspace: str, conversation: str) -> Response:
        """Make the conversation mine, if it still stands as the page showed it."""

        async def act(visit: Visit, talk: ConversationId, fields: Fields) -> None:
            await take_over(self._house, visit.staff, talk, _number(fields.get("epoch", ""), "epoch"))

        return await self.act(request, workspace, conversation, Permission.CONVERSATION_TAKE, act)

    async def hand_back(self, request: Request, workspace: str, conversation: str) -> Response:
        """Give the conversation back to the assistant."""
        return await self.act(
            request,
            workspace,
            conversation,
            Permission.CONVERSATION_TRANSFER,
            lambda visit, talk, _: hand_back(self._house, visit.staff, talk),
        )

    async def close(self, request: Request, workspace: str, conversation: str) -> Response:
        """Close the conversation."""
        return await self.act(
            request,
            workspace,
            conversation,
            Permission.CONVERSATION_CLOSE,
            lambda visit, talk, _: close_conversation(self._house, visit.staff, talk),
        )

    async def typing(self, request: Request, workspace: str, conversation: str) -> Response:
        """Let the customer see that their person is writing."""

        async def act(visit: Visit, talk: ConversationId, _: Fields) -> None:
            stored = await access_for_staff(self._house, visit.staff, talk)
            owner = stored.state.owner
            if owner.kind is OwnerKind.PERSON and owner.id == str(visit.staff.id):
                self._house.push.publish(Changed(visit.workspace.id, talk, 0, typing=visit.staff.name))

        return await self.act(request, workspace, conversation, Permission.CONVERSATION_REPLY, act)

    async def asset(self, request: Request, name: str) -> Response:
        """Serve the desk's style and script."""
        return asset(name, request.query_params.get("v", ""))

    async def nothing(self, request: Request, workspace: str, rest: str) -> Response:
        """Answer addresses that do not exist like conversations that do not exist."""
        await session.enter(self._house, request, workspace, Permission.SESSION_OWN)
        raise Refused("conversation.unknown")

    async def act(
        self, request: Request, workspace: str, conversation: str, permission: Permission, deed: Act
    ) -> Response:
        """Check the form, do what it asks, and go on: for the script with JSON, for a plain form with the page."""
        visit = await session.enter(self._house, request, workspace, permission)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        talk = session.conversation_id(conversation)
        try:
            await deed(visit, talk, fields)
        except Refused as refusal:
            if session.wants_json(request) or refusal.code == "conversation.unknown":
                raise
            return await self._talk_page(visit, talk, refusal, fields)
        if session.wants_json(request):
            return JSONResponse({"done": True}, headers=dict(NO_STORE))
        return _go(f"{visit.base}/c/{talk}")

    async def _talk_page(
        self,
        visit: Visit,
        conversation: ConversationId,
        refusal: Refused | None = None,
        typed: Mapping[str, str] = _NOTHING,
        wanted: Wanted | None = None,
    ) -> Response:
        """Show a conversation; what was typed and refused stays in the field it was typed into."""
        async with self._house.board.joined(visit.workspace.id):
            talk = await talk_of(self._house, visit, conversation, wanted)
            queue = await board_of(self._house, visit)
            near = await near_of(self._house, visit, queue)
            composer = await composer_of(self._house, visit, conversation)
            tools = await tools_of(self._house, visit)
            contact = await beside(self._house, visit, conversation)
            text = typed.get("text", "") or composer.begun.text
            around = await around_of(self._house, visit, conversation, text)
        return page(
            "talk.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            talk=talk,
            queue=queue,
            near=near,
            current=str(conversation),
            error=refusal.text(visit.language) if refusal else None,
            text=text,
            around=around,
            typed=typed,
            tools=tools,
            beside=contact,
            composer=composer,
            form_id=composer.begun.client_id or str(uuid7(self._house.now())),
        )


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))


def _lines_of(request: Request) -> Wanted:
    """Which lines an address asks for."""
    query = request.query_params
    after, since, sought = (min(_number(query.get(n, "0"), n), SEQ_MAX) for n in ("after", "since", "at"))
    return Wanted(after, since, sought)


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused("request.malformed", detail=field)
    return int(text)
