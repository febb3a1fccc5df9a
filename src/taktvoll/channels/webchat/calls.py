"""The chat's way to a call: times to choose from, the wish for one, moving it, calling it off, its calendar file.

I decide what a request must look like. inbound.py adds my routes. I never show one customer what another has arranged:
the session names the conversation.
"""

from time import monotonic
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from taktvoll.base.limits import CALLS_BURST, CALLS_PER_MINUTE, PHONE_CHARS_MAX, PROVIDER_ID_CHARS_MAX
from taktvoll.base.pace import Pace
from taktvoll.channels.webchat.session import visit_of
from taktvoll.domain.conversation.terms import State
from taktvoll.flows.arrange_call import wish_call
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import calendar_file
from taktvoll.flows.read_waiting import offers_of, waiting_of
from taktvoll.flows.settle_call import cancel_call, move_own_appointment

Id = Annotated[str, Field(min_length=1, max_length=PROVIDER_ID_CHARS_MAX, pattern=r"^[A-Za-z0-9_.:-]+$")]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]


class CallWished(BaseModel):
    """A wish for a call; id is made by the widget and makes repeats harmless."""

    id: Id
    wish: Literal["callback", "phone", "video"]
    since: Annotated[str, Field(max_length=40)]
    phone: Annotated[str, Field(max_length=PHONE_CHARS_MAX)] = ""


class CallMoved(BaseModel):
    """Which appointment gets another time, and the beginning of it."""

    seq: Seq
    since: Annotated[str, Field(max_length=40)]


class CallCancelled(BaseModel):
    """Which call is called off."""

    seq: Seq


def add_calls(router: APIRouter, house: House) -> None:
    """Add the routes."""
    calls = Calls(house)
    router.get("/chat/calls")(calls.offers)
    router.post("/chat/calls")(calls.wish)
    router.post("/chat/calls/cancel")(calls.cancel)
    router.post("/chat/calls/move")(calls.move)
    router.get("/chat/calls/{seq}/calendar", response_class=Response)(calls.calendar)


class Calls:
    """The requests, in the order a customer makes them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pace = Pace(CALLS_BURST, CALLS_PER_MINUTE)

    async def offers(self, request: Request) -> dict[str, list[dict[str, str]]]:
        """Times to choose from, for a call back and for an appointment."""
        visit = visit_of(self._house.keys, request, self._house.now())
        workspace = visit.account.workspace
        stored = await self._house.record.access(workspace, visit.conversation)
        return await offers_of(self._house, workspace, stored.state)

    async def wish(self, request: Request, wished: CallWished) -> dict[str, object]:
        """Note a wish for a call back, or take an appointment."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(visit.conversation, monotonic())
        state = await wish_call(
            self._house,
            visit.account.workspace,
            visit.conversation,
            wished.wish,
            wished.since,
            wished.phone,
            wished.id,
        )
        return await self._told(request, state)

    async def cancel(self, request: Request, cancelled: CallCancelled) -> dict[str, object]:
        """Call it off."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(visit.conversation, monotonic())
        state = await cancel_call(self._house, visit.account.workspace, visit.conversation, cancelled.seq)
        return await self._told(request, state)

    async def move(self, request: Request, moved: CallMoved) -> dict[str, object]:
        """Take another time for an appointment."""
        visit = visit_of(self._house.keys, request, self._house.now())
        self._pace.take(visit.conversation, monotonic())
        state = await move_own_appointment(
            self._house, visit.account.workspace, visit.conversation, moved.seq, moved.since
        )
        return await self._told(request, state)

    async def calendar(self, request: Request, seq: int) -> Response:
        """An appointment as a file for the customer's own calendar."""
        visit = visit_of(self._house.keys, request, self._house.now())
        body = await calendar_file(self._house, visit.account.workspace, visit.conversation, seq)
        headers = {"Content-Disposition": 'attachment; filename="termin.ics"', "Cache-Control": "no-store"}
        return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

    async def _told(self, request: Request, state: State) -> dict[str, object]:
        visit = visit_of(self._house.keys, request, self._house.now())
        waiting = await waiting_of(self._house, visit.account.workspace, visit.conversation, state)
        return {"waiting": waiting or {}}
