"""Someone at the desk notes something for colleagues.

I decide whom a note mentions. The desk calls me, and transfer_conversation for its reason.
I never send a note anywhere: no door of customers reads its kind.
"""

from datetime import datetime

from taktvoll.base.ids import ConversationId
from taktvoll.base.text import clean_message
from taktvoll.domain.conversation.terms import NewEvent, PersonalText, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.people.mentions import mentioned
from taktvoll.domain.people.permissions import Permission, demand, may
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff
from taktvoll.flows.house import House

NOTE = "note.written"


async def write_note(house: House, staff: Staff, conversation: ConversationId, text: str) -> State:
    """Put a note on record, beside whatever else happens in the conversation.

    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused for the text itself.
    """
    demand(staff, Permission.NOTE_WRITE)
    note = note_of(staff, await colleagues(house, staff), text, house.now())
    return await append_as_staff(house, staff, conversation, lambda _: (note,))


def note_of(
    staff: Staff, among: tuple[Staff, ...], text: str, at: datetime, about: str | None = None
) -> NewEvent:
    """Make the event of a note; its text lies beside the chain.

    Takes:  among: who can be mentioned; about: the deed that the note gives the reason for.
    """
    said = clean_message(text)
    payload: dict[str, object] = {"mentions": [str(one) for one in mentioned(said, among)]}
    if about is not None:
        payload["about"] = about
    return NewEvent(NOTE, at, f"staff:{staff.id}", payload, text=PersonalText(customer_content(said)))


async def colleagues(house: House, staff: Staff) -> tuple[Staff, ...]:
    """Everyone who answers customers and so can be mentioned or be given a conversation."""
    return tuple(
        s for s in await house.directory.staff(staff.workspace) if may(s, Permission.CONVERSATION_REPLY)
    )
