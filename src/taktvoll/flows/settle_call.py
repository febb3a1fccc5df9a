"""An arranged call is kept, missed, called off, or moved to another time.

I decide who may do that and what the customer reads of it. The chat and the desk call me. I never move anything but an
appointment, and never give the old place back before the new one is taken.
"""

from collections.abc import Sequence

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, Call, CallKind, NewEvent, OwnerKind, State
from taktvoll.domain.governance.terms import Author, Part
from taktvoll.domain.hours.calendar import Opening
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.arrange_call import CUSTOMER, claim_place, free_slot
from taktvoll.flows.change_call import (
    Deed,
    append,
    confirmation,
    named,
    open_call,
    plain,
    text_of_call,
    told_by,
)
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, hours_of
from taktvoll.flows.read_waiting import details_of
from taktvoll.flows.send_reply import by_mail
from taktvoll.flows.take_over import access_for_staff


async def cancel_call(house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> State:
    """The customer calls it off; once is enough."""

    def deed(now: State) -> Sequence[NewEvent]:
        return (_settled(house, open_call(now, seq), "cancelled", CUSTOMER),)

    return await _settle(house, workspace, conversation, seq, deed)


async def settle_call(house: House, staff: Staff, conversation: ConversationId, seq: int, how: str) -> State:
    """A person says how a call ended; who calls it off tells the customer, where they may speak.

    Takes:  how: "done", "missed" or "cancelled".
    Raises: Refused("callback.unknown"), Refused("permission.missing").
    """
    stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if how not in ("done", "missed", "cancelled"):
        raise Refused("callback.unknown")
    hours = await hours_of(house, staff.workspace)
    call = open_call(stored.state, seq)
    said = text_of_call(house, hours, stored.state, f"cancelled_{named(call)}", call.since, call.until, {})
    letter = await _letter(house, staff, conversation, said, stored.state) if how == "cancelled" else ()

    def deed(now: State) -> Sequence[NewEvent]:
        if (
            open_call(now, seq).since != call.since
        ):  # moved meanwhile: the text names a time that is over already
            raise Refused("callback.unknown")
        settled = _settled(house, open_call(now, seq), how, f"staff:{staff.id}")
        author = told_by(now, staff) if how == "cancelled" else None
        if author is None:
            return (settled,)
        after = fold_new(now, settled)
        parts = letter if now.way == MAIL else plain(now, said)
        speaker = staff if author is Author.PERSON else None
        return settled, confirmation(house, after, conversation, said, parts, {}, speaker)

    return await _settle(house, staff.workspace, conversation, seq, deed)


async def move_own_appointment(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int, since: str
) -> State:
    """The customer takes another time that is free.

    Raises: Refused("callback.unknown"), Refused("callback.window").
    """
    return await _move(house, workspace, conversation, seq, since, None)


async def move_appointment(
    house: House, staff: Staff, conversation: ConversationId, seq: int, since: str
) -> State:
    """A person moves the appointment of their customer, who reads it as a message of theirs.

    Raises: Refused("owner.not_you") unless the conversation is theirs; Refused("callback.…") as above.
    """
    stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if stored.state.owner.kind is not OwnerKind.PERSON or stored.state.owner.id != str(staff.id):
        raise Refused("owner.not_you")
    return await _move(house, staff.workspace, conversation, seq, since, staff)


async def _move(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    seq: int,
    since: str,
    staff: Staff | None,
) -> State:
    before = (await house.record.access(workspace, conversation)).state
    call = open_call(before, seq)
    if call.kind is not CallKind.APPOINTMENT:
        raise Refused("callback.unknown")
    hours = await hours_of(house, workspace)
    time = await free_slot(house, workspace, hours, since)
    details = await details_of(house, workspace, conversation, call)
    said = _moved_text(house, hours, before, call, time, details)
    letter = await _letter(house, staff, conversation, said, before)
    await claim_place(house, workspace, conversation, hours, time)

    def deed(now: State) -> Sequence[NewEvent]:
        if staff and (now.owner.kind is not OwnerKind.PERSON or now.owner.id != str(staff.id)):
            raise Refused("owner.not_you")
        if open_call(now, seq).since != call.since:  # somebody else moved it meanwhile: look first
            raise Refused("callback.unknown")
        times: dict[str, object] = {"about": seq, "window": [rfc3339(time.since), rfc3339(time.until)]}
        actor = f"staff:{staff.id}" if staff else CUSTOMER
        moved = NewEvent("appointment.moved", house.now(), actor, times)
        author = told_by(now, staff)
        if author is None:
            return (moved,)
        after = fold_new(now, moved)
        parts = letter if staff and now.way == MAIL else plain(now, said)
        return moved, confirmation(house, after, conversation, said, parts, details, staff, seq)

    try:
        state = await append(house, workspace, conversation, deed)
    except Refused:
        await house.hours.free(workspace, conversation, time.since)
        raise
    await house.hours.free(workspace, conversation, call.since)
    return state


def _moved_text(
    house: House, hours: Hours, state: State, call: Call, time: Opening, details: dict[str, str]
) -> str:
    return text_of_call(house, hours, state, f"moved_{named(call)}", time.since, time.until, details)


async def _letter(
    house: House, staff: Staff | None, conversation: ConversationId, said: str, state: State
) -> tuple[Part, ...]:
    """A person's words framed as a mail, in case they leave by one."""
    return await by_mail(house, staff, conversation, said, state) if staff else ()


def _settled(house: House, call: Call, how: str, actor: str) -> NewEvent:
    return NewEvent(f"{call.kind.value}.{how}", house.now(), actor, {"about": call.seq})


async def _settle(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int, deed: Deed
) -> State:
    """Append it, then give the place back at which the call began when it was settled."""
    begins = list[Call]()

    def noting(now: State) -> Sequence[NewEvent]:
        begins[:] = [open_call(now, seq)]
        return deed(now)

    state = await append(house, workspace, conversation, noting)
    if begins[0].kind is CallKind.APPOINTMENT:
        await house.hours.free(workspace, conversation, begins[0].since)
    return state
