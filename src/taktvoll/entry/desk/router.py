"""The desk's addresses, top to bottom, and what each does.

I decide which flow an address calls and what page follows. build_web.py mounts me once for all workspaces.
I never decide who may do what beyond letting staff in: the flows do.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.base.limits import (
    CLIENT_ID_CHARS_MAX,
    EMAIL_CHARS_MAX,
    PASSWORD_CHARS_MAX,
    SIGN_IN_BURST,
    SIGN_IN_PER_MINUTE,
    SIGN_IN_PER_MINUTE_AND_HOST,
)
from taktvoll.base.pace import Pace
from taktvoll.base.text import clean
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.people.terms import MAY_EDIT, MAY_SERVE, Staff, Workspace
from taktvoll.entry.desk import session
from taktvoll.entry.desk.autonomy import autonomy_routes
from taktvoll.entry.desk.failures import DeskRoute
from taktvoll.entry.desk.mail import alarms_of, mail_routes
from taktvoll.entry.desk.pages import queue_of, talk_of
from taktvoll.entry.desk.render import NO_STORE, asset, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.stream import Streams
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.desk.wordings import wordings_routes
from taktvoll.entry.edge import language_of, status_of
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.house import House
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.sign_in import sign_in, sign_out
from taktvoll.flows.take_over import access_for_staff, take_over

TALK = DESK + "/c/{conversation}"
SEQ_MAX = 2**31 - 1

Fields = dict[str, str]
Act = Callable[[Visit, ConversationId, Fields], Awaitable[object]]


def desk_router(house: House) -> APIRouter:
    """Make the desk's routes."""
    door, desk = Door(house), Desk(house)
    router = APIRouter(route_class=DeskRoute, include_in_schema=False)
    for method, path, handle in (*autonomy_routes(house), *wordings_routes(house), *mail_routes(house)):
        router.add_api_route(path, handle, methods=[method], response_model=None)
    for method, path, handler in (
        ("GET", DESK + "/sign-in", door.show),
        ("POST", DESK + "/sign-in", door.sign_in),
        ("POST", DESK + "/sign-out", door.sign_out),
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
        ("POST", TALK + "/reply", desk.reply),
        ("POST", TALK + "/typing", desk.typing),
        ("GET", "/w-static/desk/{name}", desk.asset),
        ("GET", DESK + "/{rest:path}", desk.nothing),
    ):
        router.add_api_route(path, handler, methods=[method], response_model=None)
    return router


class Door:
    """Signing in and out."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._by_host = Pace(SIGN_IN_PER_MINUTE_AND_HOST, SIGN_IN_PER_MINUTE_AND_HOST)
        self._by_email = Pace(SIGN_IN_BURST, SIGN_IN_PER_MINUTE)

    async def show(self, request: Request, workspace: str) -> Response:
        """Show the form; whoever is signed in goes straight to the queue."""
        place = await session.workspace_of(self._house, workspace)
        try:
            visit = await session.enter(self._house, request, workspace, MAY_SERVE | MAY_EDIT)
        except Refused as refusal:
            missing = refusal if refusal.code == "permission.missing" else None
            return self._form(request, place, to=request.query_params.get("to", ""), refusal=missing)
        return _go(session.home_of(workspace, visit.staff))

    async def sign_in(self, request: Request, workspace: str) -> Response:
        """Check address and password; a refusal shows the form again with the address kept."""
        place = await session.workspace_of(self._house, workspace)
        fields = await session.form_of(request)
        email, to = clean(fields.get("email", ""))[:EMAIL_CHARS_MAX], fields.get("to", "")
        try:
            session.check_sign_in_form(self._house, request, workspace, fields)
            self._pace(request, place, email)
            password = fields.get("password", "")[:PASSWORD_CHARS_MAX]
            opened = await sign_in(self._house, place.id, email, password)
        except Refused as refusal:
            return self._form(request, place, email, to, refusal)
        answer = _go(_after_sign_in(workspace, to, opened.staff))
        session.keep_session(answer, request, workspace, opened.token)
        return answer

    async def sign_out(self, request: Request, workspace: str) -> Response:
        """End the session; also for those who may sign in but not serve."""
        place = await session.workspace_of(self._house, workspace)
        token = request.cookies.get(session.cookie_name(request, workspace), "")
        session.check_form(self._house, request, token, await session.form_of(request))
        await sign_out(self._house, place.id, token)
        answer = _go(session.base_of(workspace) + "/sign-in")
        session.drop_session(answer, request, workspace)
        return answer

    def _pace(self, request: Request, place: Workspace, email: str) -> None:
        host = request.client.host if request.client else ""
        try:
            self._by_host.take(host, monotonic())
            self._by_email.take((place.id, host, email.lower()), monotonic())
        except Refused as refusal:
            raise Refused("sign_in.locked", **refusal.fields) from refusal

    def _form(
        self,
        request: Request,
        place: Workspace,
        email: str = "",
        to: str = "",
        refusal: Refused | None = None,
    ) -> Response:
        language = language_of(request)
        cookie, csrf = session.pre_session(self._house, request, place.name)
        status = status_of(refusal) if refusal else 200
        error = self._said(refusal, place, language) if refusal else None
        base = session.base_of(place.name)
        shown = page(
            "sign_in.html",
            language,
            status,
            company=session.company_of(place),
            base=base,
            csrf=csrf,
            email=email,
            to=to,
            error=error,
        )
        if refusal and "retry_after_s" in refusal.fields:
            shown.headers["Retry-After"] = str(refusal.fields["retry_after_s"])
        session.keep_pre_session(shown, request, place.name, cookie)
        return shown

    def _said(self, refusal: Refused, place: Workspace, language: str) -> str:
        text = refusal.text(language)
        if "retry_after_s" not in refusal.fields:
            return text
        until = self._house.now() + timedelta(seconds=int(refusal.fields["retry_after_s"]) + 59)
        again = texts(language)["again_at"].format(
            time=until.astimezone(session.zone_of(place)).strftime("%H:%M")
        )
        return f"{text} {again}"


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
        visit = await session.enter(self._house, request, workspace)
        queue = await queue_of(self._house, visit)
        alarms = await alarms_of(self._house, visit)
        return page("queue.html", visit.language, visit=visit, queue=queue, alarms=alarms)

    async def queue_fragment(self, request: Request, workspace: str) -> Response:
        """Give the queue's part of a page."""
        visit = await session.enter(self._house, request, workspace)
        queue = await queue_of(self._house, visit)
        current = request.query_params.get("current", "")
        return page("_queue.html", visit.language, visit=visit, queue=queue, current=current)

    async def queue_stream(self, request: Request, workspace: str) -> Response:
        """Tell the queue's page of changes."""
        return self._streams.open(await session.enter(self._house, request, workspace), None)

    async def talk(self, request: Request, workspace: str, conversation: str) -> Response:
        """Show one conversation, with the queue beside it."""
        visit = await session.enter(self._house, request, workspace)
        return await self._talk_page(visit, session.conversation_id(conversation))

    async def talk_fragment(self, request: Request, workspace: str, conversation: str) -> Response:
        """Give what is new in a conversation after a seq."""
        visit = await session.enter(self._house, request, workspace)
        after = _number(request.query_params.get("after", "0"), "after")
        talk = await talk_of(self._house, visit, session.conversation_id(conversation), min(after, SEQ_MAX))
        return page("_talk.html", visit.language, visit=visit, talk=talk)

    async def talk_stream(self, request: Request, workspace: str, conversation: str) -> Response:
        """Tell a conversation's page of changes to it and to the queue."""
        visit = await session.enter(self._house, request, workspace)
        stored = await access_for_staff(self._house, visit.staff, session.conversation_id(conversation))
        return self._streams.open(visit, stored.id)

    async def take_over(self, request: Request, workspace: str, conversation: str) -> Response:
        """Make the conversation mine, if it still stands as the page showed it."""

        async def act(visit: Visit, talk: ConversationId, fields: Fields) -> None:
            await take_over(self._house, visit.staff, talk, _number(fields.get("epoch", ""), "epoch"))

        return await self._act(request, workspace, conversation, act)

    async def hand_back(self, request: Request, workspace: str, conversation: str) -> Response:
        """Give the conversation back to the assistant."""
        return await self._act(
            request, workspace, conversation, lambda visit, talk, _: hand_back(self._house, visit.staff, talk)
        )

    async def close(self, request: Request, workspace: str, conversation: str) -> Response:
        """Close the conversation."""
        return await self._act(
            request,
            workspace,
            conversation,
            lambda visit, talk, _: close_conversation(self._house, visit.staff, talk),
        )

    async def reply(self, request: Request, workspace: str, conversation: str) -> Response:
        """Send a reply under the epoch the page showed, once for each id the page made."""

        async def act(visit: Visit, talk: ConversationId, fields: Fields) -> None:
            epoch = _number(fields.get("epoch", ""), "epoch")
            client_id = fields.get("id", "")
            if not 0 < len(client_id) <= CLIENT_ID_CHARS_MAX or not client_id.replace("-", "").isalnum():
                raise Refused("request.malformed", detail="id")
            entry = _entry(fields.get("entry", ""))
            await send_reply(self._house, visit.staff, talk, fields.get("text", ""), epoch, client_id, entry)

        return await self._act(request, workspace, conversation, act)

    async def typing(self, request: Request, workspace: str, conversation: str) -> Response:
        """Let the customer see that their person is writing."""

        async def act(visit: Visit, talk: ConversationId, _: Fields) -> None:
            stored = await access_for_staff(self._house, visit.staff, talk)
            owner = stored.state.owner
            if owner.kind is OwnerKind.PERSON and owner.id == str(visit.staff.id):
                self._house.push.publish(Changed(visit.workspace.id, talk, 0, typing=visit.staff.name))

        return await self._act(request, workspace, conversation, act)

    async def asset(self, request: Request, name: str) -> Response:
        """Serve the desk's style and script."""
        return asset(name, request.query_params.get("v", ""))

    async def nothing(self, request: Request, workspace: str, rest: str) -> Response:
        """Answer addresses that do not exist like conversations that do not exist."""
        await session.enter(self._house, request, workspace)
        raise Refused("conversation.unknown")

    async def _act(self, request: Request, workspace: str, conversation: str, act: Act) -> Response:
        """Check the form, do what it asks, and go on: for the script with JSON, for a plain form with the page."""
        visit = await session.enter(self._house, request, workspace)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        talk = session.conversation_id(conversation)
        try:
            await act(visit, talk, fields)
        except Refused as refusal:
            if session.wants_json(request) or refusal.code == "conversation.unknown":
                raise
            return await self._talk_page(visit, talk, refusal, fields.get("text", ""))
        if session.wants_json(request):
            return JSONResponse({"done": True}, headers=dict(NO_STORE))
        return _go(f"{visit.base}/c/{talk}")

    async def _talk_page(
        self, visit: Visit, conversation: ConversationId, refusal: Refused | None = None, text: str = ""
    ) -> Response:
        talk = await talk_of(self._house, visit, conversation)
        queue = await queue_of(self._house, visit)
        return page(
            "talk.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            talk=talk,
            queue=queue,
            current=str(conversation),
            error=refusal.text(visit.language) if refusal else None,
            text=text,
            form_id=str(uuid7(self._house.now())),
        )


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))


def _after_sign_in(name: str, to: str, staff: Staff) -> str:
    try:
        return f"{session.base_of(name)}/c/{session.conversation_id(to)}"
    except Refused:
        return session.home_of(name, staff)


def _entry(text: str) -> PassageKey | None:
    """Read which entry a reply was taken from: a JSON list of collection, id and language; None where none is."""
    try:
        parts = json.loads(text) if text else None
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(p, str) for p in parts):
        return None
    return PassageKey(*parts)


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused("request.malformed", detail=field)
    return int(text)
