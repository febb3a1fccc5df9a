"""What a person makes of a suggestion is put on record: by the reply they send, or because they say that it is no good.

I decide what a reply made of the open suggestion. send_reply calls me with every reply, the desk with a rejection.
I never count anything: collect_answers does, and reads what I put on record before it compares by itself.
"""

from collections.abc import Mapping
from typing import Any, cast

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.autonomy.comparing import Use, use_of
from taktvoll.domain.conversation.terms import Event, NewEvent, State
from taktvoll.domain.conversation.writing import SETTLED, SUGGESTION_KINDS, Reason, open_suggestion
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff, demand_ours
from taktvoll.flows.collect_answers import text_of_answer
from taktvoll.flows.house import House
from taktvoll.flows.replay_conversation import words_of_turn


async def settled_by(
    house: House, staff: Staff, conversation: ConversationId, reply: str
) -> tuple[NewEvent, ...]:
    """The event that a reply settles the open suggestion with; none where nothing was suggested, or it was erased."""
    decided = await suggestion_in(house, staff.workspace, conversation)
    suggestion = await text_of_answer(house, staff.workspace, decided) if decided else ""
    if decided is None or not suggestion:
        return ()
    return (_settled(house, staff, decided, use_of(suggestion, reply), None),)


async def reject_suggestion(
    house: House, staff: Staff, conversation: ConversationId, seq: int, reason: Reason | None
) -> State:
    """Say that a suggestion is no good, before or without any reply.

    Takes:  seq: the decision that suggested it, as the page showed it.
    Raises: Refused("suggestion.settled") if it is no longer open, Refused("conversation.not_yours"),
            Refused("permission.missing"), Refused("conversation.unknown").
    """
    demand(staff, Permission.CONVERSATION_REPLY)
    await house.record.access(staff.workspace, conversation)
    decided = await suggestion_in(house, staff.workspace, conversation)
    if decided is None or decided.seq != seq:
        raise Refused("suggestion.settled")
    event = _settled(house, staff, decided, Use.REJECTED, reason)

    def deed(state: State) -> tuple[NewEvent, ...]:
        demand_ours(state, staff)
        return (event,)

    return await append_as_staff(house, staff, conversation, deed)


async def suggestion_in(house: House, workspace: WorkspaceId, conversation: ConversationId) -> Event | None:
    """The decision whose suggestion is open in a conversation."""
    return open_suggestion(await house.record.events(workspace, conversation, kinds=SUGGESTION_KINDS))


async def left_open(
    house: House, workspace: WorkspaceId, conversation: ConversationId, decided: Event
) -> tuple[str, ...]:
    """The questions that a suggestion does not answer, in the customer's words.

    Gives:  none where all are answered, where the words were erased, or where an older record does not say.
    """
    p = cast("Mapping[str, Any]", decided.payload)
    places = p["suggestion"].get("open", ())
    if not places:
        return ()
    text = words_of_turn(await house.record.events(workspace, conversation), p["customer_seq"]) or ""
    return tuple(said for start, end in places if (said := " ".join(text[start:end].split())))


def _settled(house: House, staff: Staff, decided: Event, use: Use, reason: Reason | None) -> NewEvent:
    payload: dict[str, object] = {"of": decided.seq, "use": use.value}
    if reason is not None:
        payload["reason"] = reason.value
    return NewEvent(SETTLED, house.now(), f"staff:{staff.id}", payload)
