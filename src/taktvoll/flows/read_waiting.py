"""What a customer is told while waiting for a person: whether somebody is there, how many come first, what is arranged.

I decide what is known well enough to be said. The chat calls me for each conversation that waits. I never tell of hours
that nobody has set, nor of a wait that too few have had.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.events import away_from
from taktvoll.domain.conversation.terms import Call, CallKind, Medium, OwnerKind, State
from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.governance.terms import Author
from taktvoll.domain.hours.calendar import Opening
from taktvoll.domain.hours.targets import WAITS_ASKED, usual_wait_s
from taktvoll.domain.hours.telling import from_when, window
from taktvoll.domain.hours.windows import (
    PLACES_TOLD_MAX,
    appointment_slots,
    callback_windows,
    place_text,
    usual_text,
)
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, hours_of


@dataclass(frozen=True, slots=True)
class Offered:
    """A time that can be chosen, as the customer reads it."""

    since: str
    text: str


async def waiting_of(
    house: House, workspace: WorkspaceId, conversation: ConversationId, state: State
) -> dict[str, object] | None:
    """What the chat shows above the text field; None where there is nothing to say."""
    waits = state.owner.kind is OwnerKind.QUEUE and not state.closed
    if not waits and not state.calls:
        return None
    hours, language = await hours_of(house, workspace), spoken(state.language or "de")
    said = await _said(house, workspace, conversation, state, hours, language) if waits else ""
    return {
        "text": said,
        "offers": _offers(hours) if waits and not state.calls else [],
        "call": await _call(house, workspace, conversation, state.calls[0], hours, language)
        if state.calls
        else None,
    }


async def offers_of(house: House, workspace: WorkspaceId, state: State) -> dict[str, list[dict[str, str]]]:
    """The times that can be chosen: windows for a call back, free slots for an appointment."""
    hours, now = await hours_of(house, workspace), house.now()
    language, kinds = spoken(state.language or "de"), _offers(hours)
    callbacks = callback_windows(hours.calendar, now) if "callback" in kinds else ()
    slots = await free_slots(house, workspace, hours) if "phone" in kinds else ()

    def shown(times: tuple[Opening, ...]) -> list[dict[str, str]]:
        return [
            {"since": rfc3339(t.since), "text": window(t.since, t.until, now, hours.set.zone, language)}
            for t in times
        ]

    return {"callback": shown(callbacks), "appointment": shown(slots)}


async def free_slots(house: House, workspace: WorkspaceId, hours: Hours) -> tuple[Opening, ...]:
    """Free times for an appointment."""
    now, rules = house.now(), hours.set
    taken = await house.hours.taken(workspace, now)
    return appointment_slots(hours.calendar, now, rules.appointment_minutes, taken, rules.appointment_at_once)


def call_text(call: Call, hours: Hours, language: str, house: House) -> str:
    """An open call in a sentence."""
    name = "call_callback" if call.kind is CallKind.CALLBACK else f"call_{call.medium.value}"
    when = window(call.since, call.until, house.now(), hours.set.zone, language)
    return fixed(name, language).format(when=when)


async def details_of(
    house: House, workspace: WorkspaceId, conversation: ConversationId, call: Call
) -> dict[str, Any]:
    """Number and link of a call, out of its personal text; nothing where it was erased."""
    events = await house.record.events(workspace, conversation, after=call.seq - 1, kinds=CALL_KINDS)
    content = next((e.content for e in events if e.seq == call.seq), None)
    found: dict[str, Any] = json.loads(content) if content else {}
    return found


HANDED = "conversation.handed_over"
CALL_KINDS = ("callback.wished", "appointment.made")


async def _said(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    state: State,
    hours: Hours,
    language: str,
) -> str:
    if not hours.set.confirmed:
        return ""
    now = house.now()
    if not hours.calendar.is_open(now):
        back = hours.calendar.next_opening(now)
        if await _told(house, workspace, conversation, back):
            return ""
        if back is None:
            return fixed("people_away", language)
        return fixed("people_back", language).format(when=from_when(back, now, hours.set.zone, language))
    ahead = await house.hours.ahead(workspace, conversation, PLACES_TOLD_MAX + 1)
    usual = usual_wait_s(await house.hours.waits_s(workspace, state.owner.id, WAITS_ASKED))
    return " ".join(filter(None, (place_text(ahead, language), usual_text(usual, language))))


async def _told(
    house: House, workspace: WorkspaceId, conversation: ConversationId, back: datetime | None
) -> bool:
    """Whether the handover's message stands in the chat and says the same already."""
    handed = await house.record.last_seqs(workspace, conversation, (HANDED,), 1)
    if not handed:
        return False
    events = await house.record.events(
        workspace, conversation, after=handed[0] - 1, kinds=(HANDED, "message.released")
    )
    away = away_from(events[0].payload)
    return (
        away is not None
        and away.back_at == back
        and any(e.payload.get("author") == Author.ASSISTANT for e in events[1:])
    )


def _offers(hours: Hours) -> list[str]:
    """What may be arranged, if anybody ever is there."""
    rules = hours.set
    if not rules.confirmed:
        return []
    offers = ["callback"] if rules.callback else []
    if rules.appointment:
        offers += ["phone", "video"] if rules.video else ["phone"]
    return offers


async def _call(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    call: Call,
    hours: Hours,
    language: str,
) -> dict[str, object]:
    details = await details_of(house, workspace, conversation, call)
    return {
        "seq": call.seq,
        "kind": call.kind.value,
        "text": call_text(call, hours, language, house),
        "link": details.get("link") if call.medium is Medium.VIDEO else None,
    }
