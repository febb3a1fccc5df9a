"""A call is arranged between a customer and people: a wish to be called back, or an appointment by telephone or video.

I decide who may arrange what, and when. The chat and the desk call me, settle_call.py asks me for times. I never
promise a time that is closed or taken.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import canonical
from taktvoll.base.ids import ConversationId, WorkspaceId, public_token
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, CallKind, NewEvent, OwnerKind, PersonalText, State
from taktvoll.domain.hours.calendar import Opening
from taktvoll.domain.hours.windows import callback_windows
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.change_call import append, confirmation, plain, text_of_call
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, hours_of
from taktvoll.flows.read_waiting import free_slots
from taktvoll.flows.send_reply import by_mail
from taktvoll.flows.take_over import access_for_staff

CUSTOMER = "customer"
WRITTEN_WITHIN = timedelta(minutes=2)
"""Longer than all tries to write an appointment together take."""

_MADE = {"callback": "callback_noted", "phone": "appointment_phone", "video": "appointment_video"}
"""What is wished → the text that confirms it."""


async def wish_call(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    wish: str,
    since: str,
    phone: str,
    client_id: str,
) -> State:
    """The customer wishes a call back or takes a free appointment, and reads at once that it is noted.

    Takes:  wish: "callback", "phone" or "video"; since: the beginning of an offered time; client_id: makes repeats
            harmless.
    Raises: Refused("callback.…") for what is not offered, a time that is gone, a number that cannot be.
    """
    hours = await hours_of(house, workspace)
    state = (await house.record.access(workspace, conversation)).state
    if any(c.kind is _kind(wish) for c in state.calls) and await _is_repeat(
        house, workspace, conversation, state, client_id
    ):
        return state
    if state.calls:
        raise Refused("callback.twice")
    number = house.phones.normal(phone) if wish != "video" else ""
    time = await _chosen(house, workspace, hours, wish, since)
    kind = _kind(wish)
    if kind is CallKind.APPOINTMENT:
        await claim_place(house, workspace, conversation, hours, time)
    details = {"phone": number} if wish != "video" else {"link": _link(hours)}

    def deed(now: State) -> Sequence[NewEvent]:
        if now.owner.kind is not OwnerKind.QUEUE or now.closed:
            raise Refused("callback.not_waiting")
        if now.calls:
            raise Refused("callback.twice")
        arranged = _arranged(kind, time, wish, CUSTOMER, details, client_id, house.now())
        after = fold_new(now, arranged)
        name = _MADE[wish]
        said = text_of_call(house, hours, after, name, time.since, time.until, details)
        return arranged, confirmation(house, after, conversation, said, plain(after, said), details)

    try:
        return await append(house, workspace, conversation, deed)
    except Refused:
        if kind is CallKind.APPOINTMENT:
            await house.hours.free(workspace, conversation, time.since)
        raise


async def make_appointment(
    house: House, staff: Staff, conversation: ConversationId, medium: str, since: str, phone: str
) -> State:
    """A person arranges an appointment with their customer, who reads it as a message of theirs.

    Raises: Refused("owner.not_you") unless the conversation is theirs; Refused("callback.…") as above.
    """
    stored = await access_for_staff(house, staff, conversation)
    hours = await hours_of(house, staff.workspace)
    if medium not in ("phone", "video") or (medium == "video" and not hours.set.video):
        raise Refused("callback.off")
    number = house.phones.normal(phone) if medium == "phone" else ""
    time = await free_slot(house, staff.workspace, hours, since)
    if stored.state.calls:
        raise Refused("callback.twice")
    details = {"phone": number} if medium == "phone" else {"link": _link(hours)}
    actor = f"staff:{staff.id}"
    said = text_of_call(house, hours, stored.state, _MADE[medium], time.since, time.until, details)
    letter = await by_mail(house, staff, conversation, said, stored.state)
    await claim_place(house, staff.workspace, conversation, hours, time)

    def deed(now: State) -> Sequence[NewEvent]:
        if now.owner.kind is not OwnerKind.PERSON or now.owner.id != str(staff.id):
            raise Refused("owner.not_you")
        if now.calls:
            raise Refused("callback.twice")
        arranged = _arranged(CallKind.APPOINTMENT, time, medium, actor, details, "", house.now())
        after = fold_new(now, arranged)
        parts = letter if now.way == MAIL else plain(now, said)
        return arranged, confirmation(
            house, after, conversation, said, parts, details, staff, after.calls[-1].seq
        )

    try:
        return await append(house, staff.workspace, conversation, deed)
    except Refused:
        await house.hours.free(staff.workspace, conversation, time.since)
        raise


async def free_places(house: House, workspace: WorkspaceId) -> int:
    """Give places back whose appointment never came on record, because the database or we went away in between.

    Whoever claims one writes within moments or never: who cannot know whether it was written must not give it back.
    """
    return await house.hours.free_unheld(workspace, house.now() - WRITTEN_WITHIN)


def _arranged(
    kind: CallKind,
    time: Opening,
    wish: str,
    actor: str,
    details: dict[str, str],
    client_id: str,
    at: datetime,
) -> NewEvent:
    payload: dict[str, object] = {"window": [rfc3339(time.since), rfc3339(time.until)]}
    if kind is CallKind.APPOINTMENT:
        payload["medium"] = wish
    if client_id:
        payload["id"] = client_id
    text = PersonalText(canonical(dict(details)).decode())
    name = "callback.wished" if kind is CallKind.CALLBACK else "appointment.made"
    return NewEvent(name, at, actor, payload, text=text)


async def _chosen(house: House, workspace: WorkspaceId, hours: Hours, wish: str, since: str) -> Opening:
    rules = hours.set
    offered = {
        "callback": rules.callback,
        "phone": rules.appointment,
        "video": rules.appointment and rules.video,
    }
    if not rules.confirmed or not offered.get(wish):
        raise Refused("callback.off")
    if wish == "callback":
        return _among(callback_windows(hours.calendar, house.now()), since)
    return await free_slot(house, workspace, hours, since)


def _among(offered: Sequence[Opening], since: str) -> Opening:
    try:
        at = parse_time(since)
    except ValueError as error:
        raise Refused("callback.window") from error
    found = next((time for time in offered if time.since == at), None)
    if found is None:
        raise Refused("callback.window")
    return found


async def free_slot(house: House, workspace: WorkspaceId, hours: Hours, since: str) -> Opening:
    """The free time of an appointment that begins then; raises Refused("callback.window") where there is none."""
    return _among(await free_slots(house, workspace, hours), since)


async def claim_place(
    house: House, workspace: WorkspaceId, conversation: ConversationId, hours: Hours, time: Opening
) -> None:
    """Take a place at that time, or refuse with "callback.window" because others were quicker."""
    at_once, now = hours.set.appointment_at_once, house.now()
    if not await house.hours.claim(workspace, conversation, time.since, at_once, now):
        raise Refused("callback.window")


async def _is_repeat(
    house: House, workspace: WorkspaceId, conversation: ConversationId, state: State, client_id: str
) -> bool:
    kinds = ("callback.wished", "appointment.made")
    events = await house.record.events(workspace, conversation, kinds=kinds)
    known = {c.seq for c in state.calls}
    return any(e.seq in known and e.payload.get("id") == client_id for e in events)


def _kind(wish: str) -> CallKind:
    return CallKind.CALLBACK if wish == "callback" else CallKind.APPOINTMENT


def _link(hours: Hours) -> str:
    return hours.set.video.replace("{token}", public_token())
