"""The desk's page of calls, and what people do about one: settle it, arrange or move an appointment, take its file.

I decide which flow an address calls. router.py takes my routes in and does the checking of forms.
I never show a call of a conversation that somebody may not read.
"""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.terms import CallKind
from taktvoll.domain.hours.telling import window
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.targets import calls_shown
from taktvoll.flows.arrange_call import make_appointment
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import calendar_file, open_calls
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import free_slots
from taktvoll.flows.settle_call import move_appointment, settle_call
from taktvoll.flows.take_over import access_for_staff

TALK = DESK + "/c/{conversation}"

Deed = Callable[[Visit, ConversationId, dict[str, str]], Awaitable[object]]
Act = Callable[[Request, str, str, Permission, Deed], Awaitable[Response]]
Handler = Callable[..., Awaitable[Response]]


def call_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act checks a form and answers."""

    async def appoint(visit: Visit, talk: ConversationId, fields: dict[str, str]) -> None:
        medium, since = fields.get("how", ""), fields.get("since", "")
        state = (await access_for_staff(house, visit.staff, talk)).state
        stands = next((c.seq for c in state.calls if c.kind is CallKind.APPOINTMENT), None)
        if stands is not None:
            await move_appointment(house, visit.staff, talk, stands, since)
        else:
            await make_appointment(house, visit.staff, talk, medium, since, fields.get("phone", ""))

    async def settle(visit: Visit, talk: ConversationId, fields: dict[str, str]) -> None:
        await settle_call(house, visit.staff, talk, _number(fields.get("seq", "")), fields.get("how", ""))

    async def appointing(request: Request, workspace: str, conversation: str) -> Response:
        return await act(request, workspace, conversation, Permission.CONVERSATION_REPLY, appoint)

    async def settling(request: Request, workspace: str, conversation: str) -> Response:
        return await act(request, workspace, conversation, Permission.CONVERSATION_REPLY, settle)

    async def calendar(request: Request, workspace: str, conversation: str, seq: str) -> Response:
        visit = await session.enter(house, request, workspace, Permission.CONVERSATION_READ)
        talk = session.conversation_id(conversation)
        await access_for_staff(house, visit.staff, talk)
        body = await calendar_file(house, visit.workspace.id, talk, _number(seq))
        headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="termin.ics"'}
        return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

    async def calls(request: Request, workspace: str) -> Response:
        visit = await session.enter(house, request, workspace, Permission.CONVERSATION_READ)
        shown = await calls_shown(house, visit, await open_calls(house, visit.staff))
        return page("calls.html", visit.language, visit=visit, calls=shown)

    return (
        ("GET", DESK + "/calls", calls),
        ("POST", TALK + "/appointment", appointing),
        ("POST", TALK + "/settle", settling),
        ("GET", TALK + "/calendar/{seq}", calendar),
    )


async def slots_offered(house: House, visit: Visit) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Free times for an appointment as value and words, and whether by video; none where none are offered."""
    hours = await hours_of(house, visit.workspace.id)
    if not hours.set.appointment:
        return (), False
    now = house.now()
    slots = await free_slots(house, visit.workspace.id, hours)
    return tuple(
        (rfc3339(s.since), window(s.since, s.until, now, hours.set.zone, visit.language)) for s in slots
    ), bool(hours.set.video)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("callback.unknown")
    return int(text)
