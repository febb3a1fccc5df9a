"""A mail asks to be answered elsewhere: a person lets answers go there, or takes that back.

I decide which wish may be confirmed: the one that the page showed, of a mail that is not forged, to an address that is
not ours. The desk calls me. I never confirm anything by myself.
"""

from dataclasses import dataclass, replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.terms import MAIL, NewEvent, OwnerKind, PersonalText, State
from taktvoll.domain.delivery.reply_address import (
    CONFIRMED,
    KINDS,
    OURS,
    WITHDRAWN,
    Confirmed,
    Wish,
    confirmed_content,
    confirmed_in,
    wish_of,
)
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff
from taktvoll.flows.hand_in_mail import mailbox_at
from taktvoll.flows.house import House

GONE = "reply_address.gone"


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where answers of a mail conversation go instead of to the sender, and where its newest mail asks them to go."""

    confirmed: Confirmed | None = None
    wish: Wish | None = None


async def reply_address_of(
    house: House, workspace: WorkspaceId, conversation: ConversationId, state: State
) -> ReplyAddress:
    """Look up what is confirmed, and what is asked for and not confirmed."""
    if state.channel != MAIL:
        return ReplyAddress()
    mails = await house.mails.mails(workspace, conversation)
    wish, confirmed = wish_of(mails), None
    if state.redirected:
        confirmed = confirmed_in(await house.record.events(workspace, conversation, kinds=KINDS))
    written = [m for m in mails if not m.automatic and m.facts]
    newest = written[-1].facts if written else None
    if confirmed is not None and (newest is None or newest.sender.key != confirmed.sender.key):
        confirmed = None  # the newest mail is another's, and is answered as it says itself
    if wish is not None and confirmed is not None and wish.to.key == confirmed.to.key:
        wish = None
    if wish is not None and not wish.problem and await mailbox_at(house, wish.to.address) is not None:
        wish = replace(wish, problem=OURS)
    return ReplyAddress(confirmed, wish)


async def confirm_reply_address(
    house: House, staff: Staff, conversation: ConversationId, mail_seq: int
) -> State:
    """Let answers to the sender of a mail go to where that mail asks for.

    Takes:  mail_seq: the message whose wish the page showed, so that nothing else is confirmed.
    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused("conversation.not_yours"),
            Refused("conversation.ended"), Refused("reply_address.gone" | "reply_address.forged" |
            "reply_address.ours" | "address.malformed").
    """
    demand(staff, Permission.CONVERSATION_REPLY)
    before = (await house.record.access(staff.workspace, conversation)).state
    wish = (await reply_address_of(house, staff.workspace, conversation, before)).wish
    if wish is None or wish.mail.seq != mail_seq:
        raise Refused(GONE)
    if wish.problem:
        raise Refused(wish.problem)
    checked = wish.mail.facts is not None and bool(wish.mail.facts.checked_by)
    payload: dict[str, object] = {"checked": checked, "mail": mail_seq}
    text = PersonalText(confirmed_content(wish.sender, wish.to))
    event = NewEvent(CONFIRMED, house.now(), f"staff:{staff.id}", payload, text=text)

    def deed(state: State) -> tuple[NewEvent, ...]:
        _demand_free(state, staff)
        # A customer's newer mail may ask for another address than the one that was seen.
        if (state.last_customer_seq, state.redirected) != (before.last_customer_seq, before.redirected):
            raise Refused(GONE)
        return (event,)

    return await append_as_staff(house, staff, conversation, deed)


async def withdraw_reply_address(house: House, staff: Staff, conversation: ConversationId) -> State:
    """Let answers go to the sender again; doing it twice changes nothing.

    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused("conversation.not_yours"),
            Refused("conversation.ended").
    """
    demand(staff, Permission.CONVERSATION_REPLY)
    actor = f"staff:{staff.id}"

    def deed(state: State) -> tuple[NewEvent, ...]:
        _demand_free(state, staff)
        if not state.redirected:
            return ()
        return (NewEvent(WITHDRAWN, house.now(), actor, {"about": state.redirected}),)

    return await append_as_staff(house, staff, conversation, deed)


def _demand_free(state: State, staff: Staff) -> None:
    """Refuse where another person has it: they write in the belief that it goes where their page says."""
    if state.closed:
        raise Refused("conversation.ended")
    if state.owner.kind is OwnerKind.PERSON and state.owner.id != str(staff.id):
        raise Refused("conversation.not_yours")
