"""Calls that are near are announced at the desk, those whose time passed are marked, and customers get a reminder.

I decide when which of these happens: each is one event, so it happens once, whoever dies meanwhile. The worker's jobs
call me. I never remind of an appointment that was called off or moved, and never of one that was made after the
reminder would have left.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import canonical
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.contacts.terms import Contact, Identity
from taktvoll.domain.conversation.terms import MAIL, Call, NewEvent, PersonalText, State, Told
from taktvoll.domain.delivery.arrived import last_arrived
from taktvoll.domain.governance.mail_wording import Frame, house_parts
from taktvoll.domain.governance.notices import fixed_by_mail, spoken
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.salutation import addressee_of
from taktvoll.domain.governance.terms import Author, Draft, Hold, WrittenUnder
from taktvoll.domain.governance.wording import released_event
from taktvoll.domain.hours.telling import dated
from taktvoll.flows.change_call import Deed, append, call_of, hosts_in, named, spelled
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import details_of
from taktvoll.flows.reroute_conversation import sending_account

BATCH = 200
BY_ITSELF = "taktvoll"


async def announce_calls(house: House, workspace: WorkspaceId) -> int:
    """Tell the desk of calls that are near, and of those whose time passed and nobody said how they went.

    Gives:  of how many it was told.
    """
    lead = timedelta(seconds=(await hours_of(house, workspace)).set.remind_desk_s)
    now, told = house.now(), 0
    for found in await house.hours.untold(workspace, now + lead, now, BATCH):
        seq, conversation = found.call.seq, found.conversation

        def deed(state: State, seq: int = seq) -> Sequence[NewEvent]:
            call = call_of(state, seq)
            what = _to_tell(call, now, lead) if call else ""
            return (
                (NewEvent(f"{call.kind.value}.{what}", now, BY_ITSELF, {"about": seq}),)
                if call and what
                else ()
            )

        told += await _appended(house, workspace, conversation, deed)
    return told


async def remind_customers(house: House, workspace: WorkspaceId) -> int:
    """Put the reminders that are due into the outbox.

    Gives:  how many.
    """
    hours = await hours_of(house, workspace)
    lead, now, count = timedelta(seconds=hours.set.remind_customer_s), house.now(), 0
    if not lead:
        return 0
    for found in await house.hours.unreminded(workspace, now, now + lead, BATCH):
        if not _is_due(found.call, now, lead):
            continue
        letter = await _letter(house, workspace, found.conversation, found.call, hours.set.zone)
        if letter is None:
            continue

        def deed(state: State, of: Call = found.call, letter: _Letter = letter) -> Sequence[NewEvent]:
            call = call_of(state, of.seq)
            if call is None or call.since != of.since or not _is_due(call, now, lead):
                return ()
            return (_released(letter, state, call, now),)

        count += await _appended(house, workspace, found.conversation, deed)
    return count


def still_stands(state: State, reminder: Mapping[str, object], now: datetime) -> bool:
    """Whether a reminder may still leave: its appointment stands, at the time that it names, and is to come."""
    call = call_of(state, int(str(reminder["about"])))
    return call is not None and rfc3339(call.since) == reminder["since"] and now < call.since


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a reminder needs beside the conversation's state."""

    conversation: ConversationId
    account: str
    to: str
    name: str
    contact: Contact | None
    company: str
    zone: str
    details: Mapping[str, Any]
    link_hosts: tuple[str, ...]


def _to_tell(call: Call, now: datetime, lead: timedelta) -> str:
    if call.until <= now:
        return "" if call.told is Told.PASSED else "passed"
    return "announced" if lead and call.told is Told.NOTHING and call.since - lead <= now else ""


def _is_due(call: Call, now: datetime, lead: timedelta) -> bool:
    """Whoever chose a time within the lead has just read it: no reminder."""
    due = call.since - lead
    return not call.reminded and due <= now < call.since and (call.timed_at or due) <= due


async def _appended(house: House, workspace: WorkspaceId, conversation: ConversationId, deed: Deed) -> bool:
    """Whether it went on record; where others change the conversation all the time, the next round tries again."""
    done = False

    def noting(state: State) -> Sequence[NewEvent]:
        nonlocal done
        events = deed(state)
        done = bool(events)
        return events

    try:
        await append(house, workspace, conversation, noting)
    except Refused:
        return False
    return done


async def _letter(
    house: House, workspace: WorkspaceId, conversation: ConversationId, call: Call, zone: str
) -> _Letter | None:
    """Gather what the mail needs; None where no address is proven, or no mailbox can send."""
    contact = await house.contacts.of(workspace, conversation)
    identity = await house.contacts.way(workspace, conversation) or await _proven(house, workspace, contact)
    if identity is None:
        return None
    state = (await house.record.access(workspace, conversation)).state
    try:
        account = state.account if state.channel == MAIL else await sending_account(house, workspace)
    except Refused:  # the desk's page of mailboxes says so
        return None
    received = await house.record.events(workspace, conversation, kinds=("message.received",))
    arrived = last_arrived(received)
    place = await house.directory.workspace_by_id(workspace)
    edition = await house.shelf.at(workspace, await house.library.head(workspace))
    return _Letter(
        conversation=conversation,
        account=account,
        to=identity.written,
        name=(contact.name if contact else "") or (arrived.answer_to.name if arrived else ""),
        contact=contact,
        company=str(place.settings.get("company") or ""),
        zone=zone,
        details=await details_of(house, workspace, conversation, call),
        link_hosts=edition.view.rules.link_hosts,
    )


async def _proven(house: House, workspace: WorkspaceId, contact: Contact | None) -> Identity | None:
    """The address that the contact proved last, in whichever conversation."""
    if contact is None:
        return None
    card = await house.contacts.card(workspace, contact.id)
    known = [i for i in card.identities if i.channel == MAIL and i.proven]
    return max(known, key=lambda i: str(i.proven_at), default=None)


def _released(letter: _Letter, state: State, call: Call, now: datetime) -> NewEvent:
    """Let the mail pass the one check that everything passes."""
    contact, language = letter.contact, spoken(state.language or "de")
    set_by_staff = contact.address if contact and "address" not in contact.learnt else None
    frame = Frame(
        language=language,
        who=addressee_of(letter.name),
        address=set_by_staff or state.address or (contact.address if contact else None),
        company=letter.company,
    )
    when = dated(call.since, call.until, letter.zone, language)
    text = frame.say(f"reminder_{named(call)}").format(when=when, **spelled(dict(letter.details)))
    draft = Draft(
        conversation=str(letter.conversation),
        recipient=str(letter.conversation),
        channel=MAIL,
        author=Author.HOUSE,
        written_under=WrittenUnder(state.owner_epoch, state.last_customer_seq, None),
        parts=house_parts(frame, text),
        language=language,
        familiar=frame.familiar,
    )
    hosts = (*letter.link_hosts, *hosts_in(dict(letter.details)))
    verdict = release(draft, facts_of(state, (), hosts))
    if isinstance(verdict, Hold):
        raise Refused("draft.held", reasons=", ".join(verdict.reasons))
    event = released_event(verdict.draft, now, BY_ITSELF)
    said = json.loads(event.text.content) if event.text else {}
    subject = fixed_by_mail("reminder_subject", language, familiar=frame.familiar)
    content = {**said, "subject": subject, "to": letter.to, "to_name": letter.name}
    return replace(
        event,
        kind="appointment.reminded",
        payload={**event.payload, "about": call.seq, "account": letter.account, "since": rfc3339(call.since)},
        text=PersonalText(canonical(content).decode("utf-8")),
    )
