"""A call is arranged between a customer and people: a wish to be called back, or an appointment by telephone or video.

I decide who may arrange, settle and call off what, and when. The chat and the desk call me. I never keep a number or a
link outside the personal text of its event, and never promise a time that is closed or taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import canonical
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId, public_token, uuid7
from taktvoll.base.limits import TURN_TRIES_MAX
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.terms import (
    MAIL,
    Call,
    CallKind,
    Event,
    Medium,
    NewEvent,
    OwnerKind,
    PersonalText,
    State,
)
from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.terms import Author, Draft, Hold, Part, PartKind, Provenance, WrittenUnder
from taktvoll.domain.governance.wording import released_event
from taktvoll.domain.hours.calendar import Opening
from taktvoll.domain.hours.ports import Appointment
from taktvoll.domain.hours.telling import window
from taktvoll.domain.hours.windows import callback_windows
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, hours_of
from taktvoll.flows.read_waiting import details_of, free_slots
from taktvoll.flows.send_reply import by_mail
from taktvoll.flows.take_over import access_for_staff

CUSTOMER = "customer"
WRITTEN_WITHIN = timedelta(minutes=2)
"""Longer than all tries to write an appointment together take."""

Deed = Callable[[State], Sequence[NewEvent]]


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
        await _claim(house, workspace, conversation, hours, time)
    details = {"phone": number} if wish != "video" else {"link": _link(hours)}

    def deed(now: State) -> Sequence[NewEvent]:
        if now.owner.kind is not OwnerKind.QUEUE or now.closed:
            raise Refused("callback.not_waiting")
        if now.calls:
            raise Refused("callback.twice")
        arranged = _arranged(kind, time, wish, CUSTOMER, details, client_id, house.now())
        placed = fold(now, _placed(now, arranged))
        said = _text(house, hours, placed, wish, time, details)
        parts = (Part(PartKind.TEXT, said, spoken(placed.language or "de")),)
        return arranged, _confirmation(house, placed, conversation, said, parts, details)

    try:
        return await _append(house, workspace, conversation, deed)
    except Refused:
        if kind is CallKind.APPOINTMENT:
            await house.hours.free(workspace, conversation)
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
    slots = await free_slots(house, staff.workspace, hours)
    time = _among(slots, since)
    if stored.state.calls:
        raise Refused("callback.twice")
    details = {"phone": number} if medium == "phone" else {"link": _link(hours)}
    actor = f"staff:{staff.id}"
    said = _text(house, hours, stored.state, medium, time, details)
    letter = await by_mail(house, staff, conversation, said, stored.state)
    await _claim(house, staff.workspace, conversation, hours, time)

    def deed(now: State) -> Sequence[NewEvent]:
        if now.owner.kind is not OwnerKind.PERSON or now.owner.id != str(staff.id):
            raise Refused("owner.not_you")
        if now.calls:
            raise Refused("callback.twice")
        arranged = _arranged(CallKind.APPOINTMENT, time, medium, actor, details, "", house.now())
        placed = fold(now, _placed(now, arranged))
        parts = letter if now.way == MAIL else (Part(PartKind.TEXT, said, spoken(now.language or "de")),)
        return arranged, _confirmation(house, placed, conversation, said, parts, details, staff)

    try:
        return await _append(house, staff.workspace, conversation, deed)
    except Refused:
        await house.hours.free(staff.workspace, conversation)
        raise


async def cancel_call(house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> State:
    """The customer calls it off; once is enough."""
    return await _settle(house, workspace, conversation, seq, "cancelled", CUSTOMER)


async def settle_call(house: House, staff: Staff, conversation: ConversationId, seq: int, how: str) -> State:
    """A person says how a call ended.

    Takes:  how: "done", "missed" or "cancelled".
    Raises: Refused("callback.unknown"), Refused("permission.missing").
    """
    await access_for_staff(house, staff, conversation)
    if how not in ("done", "missed", "cancelled"):
        raise Refused("callback.unknown")
    return await _settle(house, staff.workspace, conversation, seq, how, f"staff:{staff.id}")


async def free_places(house: House, workspace: WorkspaceId) -> int:
    """Give places back whose appointment never came on record, because the database or we went away in between.

    Whoever claims one writes within moments or never: who cannot know whether it was written must not give it back.
    """
    return await house.hours.free_unheld(workspace, house.now() - WRITTEN_WITHIN)


async def calendar_file(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int
) -> bytes:
    """An open appointment as a calendar file in the customer's language.

    Raises: Refused("callback.unknown").
    """
    state = (await house.record.access(workspace, conversation)).state
    call = _open(state, seq)
    details = await details_of(house, workspace, conversation, call)
    place = await house.directory.workspace_by_id(workspace)
    hours = await hours_of(house, workspace)
    language = spoken(state.language or "de")
    company = str(place.settings.get("company") or place.name)
    name = "appointment_video" if call.medium is Medium.VIDEO else "appointment_phone"
    when = window(call.since, call.until, call.since, hours.set.zone, language)
    return house.calendar_files.write(
        Appointment(
            uid=f"{conversation}-{seq}@taktvoll",
            since=call.since,
            until=call.until,
            made_at=house.now(),
            summary=fixed("appointment_title", language).format(company=company),
            description=fixed(name, language).format(when=when, **_spelled(details)),
            place=str(details.get("link", "")),
            zone=hours.set.zone,
        )
    )


async def _settle(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int, how: str, actor: str
) -> State:
    def deed(now: State) -> Sequence[NewEvent]:
        call = _open(now, seq)
        return (NewEvent(f"{call.kind.value}.{how}", house.now(), actor, {"about": seq}),)

    state = await _append(house, workspace, conversation, deed)
    if not any(c.kind is CallKind.APPOINTMENT for c in state.calls):
        await house.hours.free(workspace, conversation)
    return state


async def _append(house: House, workspace: WorkspaceId, conversation: ConversationId, deed: Deed) -> State:
    """Append what the deed makes of the newest state; thought over anew when something came in between."""
    for _ in range(TURN_TRIES_MAX):
        before = (await house.record.access(workspace, conversation)).state
        events = deed(before)
        after = before
        for event in events:
            after = fold(after, _placed(after, event))
        rows = tuple(
            OutboxRow(OutboxId(uuid7(e.at)), n, _way(after, e), str(conversation))
            for n, e in enumerate(events)
            if e.kind == "message.released"
        )
        change = Change(
            workspace=workspace,
            conversation=conversation,
            at=house.now(),
            events=events,
            state=after,
            outbox=rows,
            expect_epoch=before.owner_epoch,
            expect_customer_seq=before.last_customer_seq,
        )
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            last = decided.events[-1].seq
            told = replace(after, last_seq=last)
            house.push.publish(Changed(workspace, conversation, last, events=decided.events, state=told))
            return told
    raise Refused("owner.changed")


def _text(house: House, hours: Hours, state: State, wish: str, time: Opening, details: dict[str, str]) -> str:
    """What the customer reads about it."""
    language = spoken(state.language or "de")
    when = window(time.since, time.until, house.now(), hours.set.zone, language)
    name = {"callback": "callback_noted", "phone": "appointment_phone", "video": "appointment_video"}[wish]
    return fixed(name, language).format(when=when, **_spelled(details))


def _confirmation(
    house: House,
    state: State,
    conversation: ConversationId,
    text: str,
    parts: tuple[Part, ...],
    details: dict[str, str],
    staff: Staff | None = None,
) -> NewEvent:
    """What the customer reads about it, released like every other message: by the person, or by the assistant.

    Takes:  parts: the text, framed where it leaves by mail. A customer who wishes something is in the chat and reads it
            there; a person's word goes where their customer is.
    """
    draft = Draft(
        conversation=str(conversation),
        recipient=str(conversation),
        channel=state.way if staff else state.channel,
        author=Author.PERSON if staff else Author.ASSISTANT,
        author_id=str(staff.id) if staff else "",
        author_name=staff.name if staff else "",
        written_under=WrittenUnder(state.owner_epoch, state.last_customer_seq, None),
        parts=parts,
        language=spoken(state.language or "de"),
        provenance=Provenance(editor=str(staff.id) if staff else None),
    )
    host = (urlsplit(details.get("link", "")).hostname or "").lower()
    verdict = release(draft, facts_of(state, (text,), (host,) if host else ()))
    if isinstance(verdict, Hold):
        raise Refused("draft.held", reasons=", ".join(verdict.reasons))
    return released_event(verdict.draft, house.now(), f"staff:{staff.id}" if staff else "assistant")


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
    return _among(await free_slots(house, workspace, hours), since)


def _among(offered: Sequence[Opening], since: str) -> Opening:
    try:
        at = parse_time(since)
    except ValueError as error:
        raise Refused("callback.window") from error
    found = next((time for time in offered if time.since == at), None)
    if found is None:
        raise Refused("callback.window")
    return found


async def _claim(
    house: House, workspace: WorkspaceId, conversation: ConversationId, hours: Hours, time: Opening
) -> None:
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


def _way(state: State, event: NewEvent) -> str:
    """By which channel a message leaves: a person's goes where the customer is now."""
    return state.channel if event.payload["author"] == Author.ASSISTANT else state.way


def _open(state: State, seq: int) -> Call:
    found = next((c for c in state.calls if c.seq == seq), None)
    if found is None:
        raise Refused("callback.unknown")
    return found


def _kind(wish: str) -> CallKind:
    return CallKind.CALLBACK if wish == "callback" else CallKind.APPOINTMENT


def _link(hours: Hours) -> str:
    return hours.set.video.replace("{token}", public_token())


def _spelled(details: dict[str, str]) -> dict[str, str]:
    return {"phone": details.get("phone", ""), "link": details.get("link", "")}


def _placed(state: State, event: NewEvent) -> Event:
    return Event(state.last_seq + 1, event.kind, event.at, event.actor, event.payload, event.edition)
