"""Whose conversation it is: an authenticated mail proves its sender, and the conversation becomes theirs.

I decide what counts as proof of a mail: that a server we trust found DMARC to hold, which means that the visible
address is the one that was authenticated. receive_mail and a job call me. I never link by a name or an unproven
address.
"""

from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.contacts.addresses import mail_key
from taktvoll.domain.contacts.habits import habit_of
from taktvoll.domain.contacts.ports import Proven
from taktvoll.domain.contacts.terms import Claim, Proof
from taktvoll.domain.conversation.events import signals_from
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, Event, NewEvent
from taktvoll.domain.mail.intake import KeptMail
from taktvoll.domain.mail.terms import Check
from taktvoll.flows.house import House

ACTOR = "contacts"
BATCH = 100
MENDED_WITHIN = timedelta(days=3)
"""More than any worker stays away: what changed longer ago is not looked at again."""
TALKS_LOOKED_AT = 3


async def link_by_mail(house: House, workspace: WorkspaceId, conversation: ConversationId) -> bool:
    """Link a mail conversation to the contact of its authenticated sender, made when missing.

    Gives:  whether anything was proven. Doing it twice changes nothing.
    """
    mails = await house.mails.mails(workspace, conversation)
    genuine = next((m for m in mails if authenticated(m)), None)
    if genuine is None or genuine.facts is None:
        return False
    sender = genuine.facts.sender
    try:
        address = mail_key(sender.address)
    except Refused:  # an address that no mailbox can have joins nothing
        return False
    proven = Proven(
        channel=MAIL,
        address=address,
        written=sender.address,
        name=sender.name,
        proof=Proof.MAIL_AUTHENTICATED,
        by=ACTOR,
        at=house.now(),
    )
    await house.contacts.prove(workspace, proven, conversation)
    await recognise(house, workspace, conversation)
    return True


def authenticated(mail: KeptMail) -> bool:
    """Whether a mail proves who sent it; SPF or DKIM alone may hold for another domain than the visible one."""
    facts = mail.facts
    # A form proves that it sent the mail, not who filled it in.
    if facts is None or facts.form or mail.automatic or not mail.whole:
        return False
    return bool(facts.checked_by) and facts.origin.dmarc is Check.PASS


async def claim_of(house: House, workspace: WorkspaceId, conversation: ConversationId) -> Claim | None:
    """Whom an unlinked mail conversation says it is from, with whoever has proven that address; shown, never joined."""
    mails = [m for m in await house.mails.mails(workspace, conversation) if m.facts and not m.automatic]
    if not mails or mails[0].facts is None or not mails[0].facts.writer.address:
        return None
    sender = mails[0].facts.writer
    try:
        holder = await house.contacts.proven(workspace, MAIL, mail_key(sender.address))
    except Refused:
        holder = None
    return Claim(MAIL, sender.address, sender.name, holder.home if holder else None)


async def recognise(house: House, workspace: WorkspaceId, conversation: ConversationId) -> None:
    """Tell the conversation how its contact is addressed, so that the first answer already fits.

    Where somebody else changes the conversation at the same time it stays untold: it is a courtesy, no duty.
    """
    contact = await house.contacts.of(workspace, conversation)
    state = (await house.record.access(workspace, conversation)).state
    if contact is None or not (contact.address or contact.language):
        return
    form = contact.address.value if contact.address else None
    payload: dict[str, object] = {"address": form, "language": contact.language or None}
    event = NewEvent("contact.recognised", house.now(), ACTOR, payload)
    after = fold_new(state, event)
    if (after.address, after.language) == (state.address, state.language):
        return
    change = Change(workspace=workspace, conversation=conversation, at=event.at, events=(event,), state=after)
    decided = await house.record.decide(change)
    if decided.status is DecideStatus.OK:
        house.push.publish(Changed(workspace, conversation, decided.events[-1].seq, events=decided.events))


async def link_contacts(house: House, workspace: WorkspaceId) -> int:
    """Mend links that were cut off between a mail's commit and its link; gives how many."""
    linked = 0
    for conversation in await house.contacts.unlinked(workspace, house.now() - MENDED_WITHIN, BATCH):
        linked += await link_by_mail(house, workspace, conversation)
    return linked


async def keep_habits(house: House, workspace: WorkspaceId) -> int:
    """Note form of address and language of those who wrote: provisional after one message, kept where several agree.

    Gives:  how many contacts were read. What staff set stays, and so does what is kept until all of the last agree.
    """
    waiting = await house.contacts.unread(workspace, house.now() - MENDED_WITHIN, BATCH)
    for contact, up_to in waiting:
        card = await house.contacts.card(workspace, contact)
        read: list[Event] = []
        for talk in card.talks[:TALKS_LOOKED_AT]:
            read += await house.record.events(workspace, talk.id, kinds=("signals.read",))
        heard = [signals_from(event.payload) for event in sorted(read, key=lambda e: e.at)]
        form = habit_of([signals.address.value if signals.address else None for signals in heard])
        language = habit_of([None if signals.mixed_language else signals.language for signals in heard])
        found = {name: habit for name, habit in (("address", form), ("language", language)) if habit}
        if found:
            fields = {name: habit.value for name, habit in found.items()}
            once = {name for name, habit in found.items() if not habit.kept}
            await house.contacts.change(
                workspace, card.contact.id, fields, ACTOR, house.now(), learnt=True, once=once
            )
        await house.contacts.looked_at(workspace, contact, up_to)
    return len(waiting)
