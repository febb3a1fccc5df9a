"""Arranged calls for those who look: all open ones, those that are near, one as a calendar file.

I decide what belongs to a call that is shown. The desk, the chat and the mails about a call ask me. I never change one.
"""

import json
from collections.abc import Sequence
from typing import Any

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import CALLS_NEAR_MAX, CALLS_SHOWN_MAX
from taktvoll.domain.conversation.terms import Call, Medium, State
from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.hours.ports import Appointment, OpenCall
from taktvoll.domain.hours.telling import dated
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.change_call import open_call, spelled
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import details_of


async def open_calls(house: House, staff: Staff) -> tuple[OpenCall, ...]:
    """All open calls of the workspace, those first whose time passed; raises Refused("permission.missing")."""
    demand(staff, Permission.CONVERSATION_READ)
    return await house.hours.calls(staff.workspace, CALLS_SHOWN_MAX)


async def near_calls(house: House, staff: Staff, queues: Sequence[str]) -> tuple[OpenCall, ...]:
    """Calls that are near and concern this member of staff: their own, and those of no person in these queues.

    Takes:  queues: those that they look after, none for all.
    """
    return await house.hours.near(staff.workspace, staff.id, queues, CALLS_NEAR_MAX)


def details_in(found: OpenCall) -> dict[str, Any]:
    """Number and link of a call; nothing where they were erased."""
    details: dict[str, Any] = json.loads(found.content) if found.content else {}
    return details


async def calendar_file(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int
) -> bytes:
    """An open appointment as a calendar file in the customer's language.

    Raises: Refused("callback.unknown").
    """
    state = (await house.record.access(workspace, conversation)).state
    call = open_call(state, seq)
    details = await details_of(house, workspace, conversation, call)
    place = await house.directory.workspace_by_id(workspace)
    company = str(place.settings.get("company") or place.name)
    zone = (await hours_of(house, workspace)).set.zone
    return house.calendar_files.write(_entry(house, conversation, state, call, details, company, zone))


def _entry(
    house: House,
    conversation: ConversationId,
    state: State,
    call: Call,
    details: dict[str, Any],
    company: str,
    zone: str,
) -> Appointment:
    language = spoken(state.language or "de")
    name = "appointment_video" if call.medium is Medium.VIDEO else "appointment_phone"
    when = dated(call.since, call.until, zone, language)
    return Appointment(
        uid=f"{conversation}-{call.seq}@taktvoll",
        since=call.since,
        until=call.until,
        made_at=house.now(),
        summary=fixed("appointment_title", language).format(company=company),
        description=fixed(name, language).format(when=when, **spelled(details)),
        place=str(details.get("link", "")),
        zone=zone,
        moves=call.moves,
    )
