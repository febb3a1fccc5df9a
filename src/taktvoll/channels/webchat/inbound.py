"""The chat's way in: sessions, messages, the button for a person, feedback, receipts, typing.

I decide what a request must look like and turn it into a flow's input. The widget calls me over HTTP.
I never answer before the message is on record.
"""

from collections.abc import Sequence
from time import monotonic
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    CHAT_MESSAGES_BURST,
    CHAT_MESSAGES_PER_MINUTE,
    CHAT_SESSIONS_BURST,
    CHAT_SESSIONS_PER_MINUTE,
    CODE_MINUTES_MAX,
    CODES_PER_HOST_AND_MINUTE,
    CODES_PER_HOST_BURST,
    EMAIL_CHARS_MAX,
    PROVIDER_ID_CHARS_MAX,
    REQUEST_BYTES_MAX,
)
from taktvoll.base.pace import Pace, host_of
from taktvoll.channels.webchat.calls import add_calls
from taktvoll.channels.webchat.files import add_files
from taktvoll.channels.webchat.origins import check_origin
from taktvoll.channels.webchat.outbound import stream_messages
from taktvoll.channels.webchat.session import Visit, open_visit, visit_of
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.governance.notices import VERSION, fixed, spoken
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.flows.confirm_address import ask_for_code, confirm_code
from taktvoll.flows.confirm_delivery import confirm_delivery
from taktvoll.flows.give_feedback import give_feedback
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import messages_of, owner_of, read_conversation
from taktvoll.flows.receive_message import Incoming, Received, receive_message
from taktvoll.flows.reroute_conversation import answer_by_mail, can_send

Id = Annotated[str, Field(min_length=1, max_length=PROVIDER_ID_CHARS_MAX, pattern=r"^[A-Za-z0-9_.:-]+$")]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]


FILES_NAMED_MAX = 50
"""More files than a message can carry are read, so that the answer can say how many it may be."""


class SessionWanted(BaseModel):
    """What the widget says when it is opened."""

    account: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = "web"
    language: Annotated[str, Field(max_length=35)] = "de"


class ChoiceMade(BaseModel):
    """The offered entry that was clicked."""

    collection: Annotated[str, Field(max_length=200)]
    id: Annotated[str, Field(max_length=300)]
    language: Annotated[str, Field(max_length=35)]


class MessageSent(BaseModel):
    """A message; id is made by the widget and makes repeats harmless. Files were uploaded before; they need no text."""

    id: Id
    text: Annotated[str, Field(max_length=REQUEST_BYTES_MAX)]
    choice: ChoiceMade | None = None
    files: Annotated[list[UUID], Field(max_length=FILES_NAMED_MAX)] = []


class PersonWanted(BaseModel):
    """The button for a person."""

    id: Id
    about: Seq | None = None


class FeedbackGiven(BaseModel):
    """Whether an answer helped."""

    id: Id
    seq: Seq
    value: Literal["helped", "not_helped"]


class AddressLeft(BaseModel):
    """A mail address that is to be proven by a code."""

    address: Annotated[str, Field(min_length=3, max_length=EMAIL_CHARS_MAX)]


class CodeTyped(BaseModel):
    """The code as it was typed."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class Shown(BaseModel):
    """What the device has shown."""

    up_to: Seq


def webchat_router(house: House) -> APIRouter:
    """The routes of the chat."""
    chat = Chat(house)
    router = APIRouter(prefix="/api/v1", tags=["chat"])
    router.post("/w/{workspace}/chat/sessions", status_code=201)(chat.begin)
    router.get("/chat/messages")(chat.read)
    router.post("/chat/messages")(chat.send)
    router.post("/chat/person")(chat.ask_for_person)
    router.post("/chat/feedback")(chat.feedback)
    router.post("/chat/receipts", status_code=204)(chat.receipts)
    router.post("/chat/typing", status_code=204)(chat.typing)
    router.post("/chat/address", status_code=202)(chat.address)
    router.post("/chat/code")(chat.code)
    router.post("/chat/by-mail")(chat.by_mail)
    router.get("/chat/stream")(chat.stream)
    add_calls(router, house)
    add_files(router, house)
    return router


class Chat:
    """The chat's requests, in the order a visit makes them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sessions = Pace(CHAT_SESSIONS_BURST, CHAT_SESSIONS_PER_MINUTE)
        self._messages = Pace(CHAT_MESSAGES_BURST, CHAT_MESSAGES_PER_MINUTE)
        self._codes = Pace(CODES_PER_HOST_BURST, CODES_PER_HOST_AND_MINUTE)

    async def begin(self, workspace: str, wanted: SessionWanted, request: Request) -> dict[str, object]:
        """Open a session; nothing is stored yet."""
        self._sessions.take(host_of(request.client), monotonic())
        house = self._house
        place = await house.directory.workspace(workspace)
        account = await house.directory.account(place.id, "webchat", wanted.account)
        language = spoken(wanted.language)
        check_origin(account, request.headers.get("origin"), request.headers.get("host"))
        token, visit = open_visit(house.keys, account, language, house.now())
        greetings = place.settings.get("greetings")
        own = greetings.get(language) if isinstance(greetings, dict) else None
        return {
            "session": token,
            "conversation": str(visit.conversation),
            "language": language,
            "label": fixed("ai_label", language),
            "notice": fixed("ai_notice", language),
            "notice_version": VERSION,
            "company": place.settings.get("company") or place.name,
            "greeting": own or fixed("greeting", language),
            "privacy_url": place.settings.get("privacy_url"),
            "mail": await can_send(house, place.id),
        }

    async def read(self, request: Request, after: Seq = 0) -> Response:
        """The conversation so far; empty before the first message."""
        visit = self._visit(request)
        try:
            view = await read_conversation(self._house, visit.account.workspace, visit.conversation, after)
        except Refused:
            owner = {"kind": "assistant", "name": None}
            return _json({"messages": [], "last_seq": 0, "owner": owner, "closed": False})
        return _json(
            {
                "messages": view.messages,
                "last_seq": view.last_seq,
                "owner": view.owner,
                "closed": view.closed,
            }
        )

    async def send(self, request: Request, sent: MessageSent) -> Response:
        """Take a message; the reply carries what has been said since."""
        visit = self._visit(request)
        self._messages.take(visit.conversation, monotonic())
        choice = (
            PassageKey(sent.choice.collection, sent.choice.id, sent.choice.language) if sent.choice else None
        )
        received = await receive_message(
            self._house, _incoming(visit, sent.id, sent.text, choice=choice, files=sent.files)
        )
        return await self._reply(visit, received, sent.id)

    async def ask_for_person(self, request: Request, wanted: PersonWanted) -> Response:
        """Ask for a person."""
        visit = self._visit(request)
        self._messages.take(visit.conversation, monotonic())
        received = await receive_message(self._house, _incoming(visit, wanted.id, None, about=wanted.about))
        return await self._reply(visit, received, wanted.id)

    async def feedback(self, request: Request, given: FeedbackGiven) -> dict[str, object]:
        """Say whether an answer helped."""
        visit = self._visit(request)
        self._messages.take(("feedback", visit.conversation), monotonic())
        workspace = visit.account.workspace
        return {
            "value": await give_feedback(self._house, workspace, visit.conversation, given.seq, given.value)
        }

    async def receipts(self, request: Request, shown: Shown) -> Response:
        """Confirm what the device has shown."""
        visit = self._visit(request)
        await confirm_delivery(self._house, visit.account.workspace, visit.conversation, shown.up_to)
        return Response(status_code=204)

    async def typing(self, request: Request) -> Response:
        """Tell the desk that the customer is typing."""
        visit = self._visit(request)
        self._messages.take(("typing", visit.conversation), monotonic())
        self._house.push.publish(Changed(visit.account.workspace, visit.conversation, 0, typing="customer"))
        return Response(status_code=204)

    async def address(self, request: Request, left: AddressLeft) -> dict[str, object]:
        """Send a code to an address; the reply is the same whether anybody knows it or not."""
        visit = self._visit(request)
        self._codes.take(host_of(request.client), monotonic())
        await ask_for_code(self._house, visit.account.workspace, visit.conversation, left.address)
        return {"sent": True, "minutes": CODE_MINUTES_MAX}

    async def code(self, request: Request, typed: CodeTyped) -> dict[str, object]:
        """Prove the address by the code."""
        visit = self._visit(request)
        self._messages.take(("code", visit.conversation), monotonic())
        identity = await confirm_code(self._house, visit.account.workspace, visit.conversation, typed.code)
        return {"confirmed": True, "address": identity.written}

    async def by_mail(self, request: Request) -> dict[str, object]:
        """Have further answers sent by mail."""
        visit = self._visit(request)
        self._messages.take(("by-mail", visit.conversation), monotonic())
        await answer_by_mail(self._house, visit.account.workspace, visit.conversation)
        return {"way": "mail"}

    async def stream(self, request: Request, after: Seq = 0) -> Response:
        """Messages as they come, without polling."""
        return stream_messages(self._house, self._visit(request), after)

    async def _reply(self, visit: Visit, received: Received, id: str) -> Response:
        state, events = received.state, received.events
        owner = owner_of(state, events)
        if state.owner.kind is OwnerKind.PERSON and not owner["name"]:
            taken = ("conversation.taken_over",)
            known = await self._house.record.events(visit.account.workspace, visit.conversation, kinds=taken)
            owner = owner_of(state, known)
        return _json(
            {
                "accepted": {"seq": received.seq, "id": id},
                "messages": messages_of(events, state.language or "de"),
                "last_seq": max([received.seq, *(e.seq for e in events)]),
                "owner": owner,
                "closed": state.closed,
            }
        )

    def _visit(self, request: Request) -> Visit:
        return visit_of(self._house.keys, request, self._house.now())


def _incoming(
    visit: Visit,
    id: str,
    text: str | None,
    *,
    choice: PassageKey | None = None,
    files: Sequence[UUID] = (),
    about: int | None = None,
) -> Incoming:
    return Incoming(
        account=visit.account,
        conversation=visit.conversation,
        provider_id=id,
        text=text,
        choice=choice,
        files=tuple(files),
        about_seq=about,
        language=visit.language,
    )


def _json(value: object) -> Response:
    """Write an answer at once: its values are plain already, so nothing needs to look through them first."""
    return Response(orjson.dumps(value), media_type="application/json")
