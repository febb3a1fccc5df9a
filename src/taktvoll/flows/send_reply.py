"""A person's reply to a customer, through the same release and outbox as everything else.

I decide nothing about the words. The desk calls me. I never send what was written under another owner's epoch.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, OutboxId, uuid7
from taktvoll.base.limits import TURN_TRIES_MAX
from taktvoll.base.text import clean_message
from taktvoll.domain.conversation.files import Enclosure, refused_by
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, Event, NewEvent, State
from taktvoll.domain.delivery.reply_address import KINDS, answers_go_to
from taktvoll.domain.governance.mail_wording import Frame, person_parts
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.salutation import addressee_of
from taktvoll.domain.governance.terms import (
    Author,
    Draft,
    Hold,
    Part,
    PartKind,
    Provenance,
    WrittenUnder,
)
from taktvoll.domain.governance.wording import released_event
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.propose_wording import propose_sent
from taktvoll.flows.settle_suggestion import settled_by
from taktvoll.flows.take_over import access_for_staff


async def send_reply(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    text: str,
    epoch: int,
    client_id: str,
    entry: PassageKey | None = None,
    *,
    customer_seq: int | None = None,
    files: Sequence[UUID] = (),
) -> Event:
    """Release and commit a reply.

    Takes:  epoch: the owner's epoch the desk showed while the reply was written; client_id: made by the desk's page, so
            that a repeated request sends nothing twice; entry: the approved entry that is sent as it was suggested: the
            customer's question is then proposed as a wording of it; customer_seq: the customer's last message when it
            was written, None where it does not matter; files: those of the writer's that go along.
    Raises: Refused("owner.changed"), Refused("owner.not_you"), Refused("customer.wrote"), Refused("draft.held"),
            Refused("file.gone"), Refused for the text itself and for the files together.
    """
    for _ in range(TURN_TRIES_MAX):
        stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
        sent = await _already_sent(house, staff, conversation, client_id)
        if sent:  # perhaps by us, before the connection broke: open screens must look
            house.push.publish(Changed(staff.workspace, conversation, sent.seq))
            return sent
        if customer_seq is not None and stored.state.last_customer_seq != customer_seq:
            raise Refused("customer.wrote")
        said = clean_message(text)
        along = await _along(house, staff, conversation, files)
        change = await _change(house, staff, stored.state, conversation, said, epoch, client_id, along)
        change = _settling(change, await settled_by(house, staff, conversation, said), customer_seq)
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            seq = decided.events[-1].seq
            after = replace(change.state, last_seq=seq)
            house.push.publish(
                Changed(staff.workspace, conversation, seq, events=decided.events, state=after)
            )
            if entry is not None:
                await propose_sent(house, staff.workspace, conversation, entry, text)
            return decided.events[-1]
        if decided.status not in (DecideStatus.STATE_CHANGED, DecideStatus.CUSTOMER_WROTE):
            break
    raise Refused("owner.changed")


async def check_reply(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    text: str,
    epoch: int,
    client_id: str,
    files: Sequence[UUID] = (),
) -> int | None:
    """Hold a reply to all that it will be held to when it is sent.

    Gives:  the customer's last message, after which it is written; None where it was sent before.
    Raises: as send_reply.
    """
    stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if await _already_sent(house, staff, conversation, client_id):
        return None
    along = await _along(house, staff, conversation, files)
    await _change(house, staff, stored.state, conversation, clean_message(text), epoch, client_id, along)
    return stored.state.last_customer_seq


async def _along(
    house: House, staff: Staff, conversation: ConversationId, files: Sequence[UUID]
) -> tuple[Enclosure, ...]:
    """What is known of the files that go along; one that is not there any more stops the reply."""
    if not files:
        return ()
    unsent = await house.files.unsent(staff.workspace, staff.id, conversation)
    along = tuple(f for f in unsent if f.id in files)
    if len(along) != len(set(files)):
        raise Refused("file.gone")
    return along


async def _change(
    house: House,
    staff: Staff,
    state: State,
    conversation: ConversationId,
    text: str,
    epoch: int,
    client_id: str,
    files: tuple[Enclosure, ...],
) -> Change:
    """Release the reply in the conversation's present state, or refuse it."""
    edition = await house.shelf.at(staff.workspace, await house.library.head(staff.workspace))
    parts: tuple[Part, ...] = (Part(PartKind.TEXT, text, state.language or "de"),)
    if state.way == MAIL:
        parts = await by_mail(house, staff, conversation, text, state)
    draft = replace(_draft(staff, conversation, parts, state, epoch), files=files)
    verdict = release(draft, facts_of(state, (), edition.view.rules.link_hosts))
    if isinstance(verdict, Hold):
        raise _refusal(verdict)
    event = released_event(verdict.draft, house.now(), f"staff:{staff.id}")
    event = replace(event, payload={**event.payload, "id": client_id})
    return Change(
        workspace=staff.workspace,
        conversation=conversation,
        at=event.at,
        events=(event,),
        state=fold_new(state, event),
        outbox=(OutboxRow(OutboxId(uuid7(event.at)), 0, state.way, str(conversation)),),
        expect_epoch=epoch,
    )


def _settling(change: Change, settled: tuple[NewEvent, ...], customer_seq: int | None) -> Change:
    """Put before the reply what it makes of the open suggestion; both are on record or neither is."""
    before = len(settled)
    return replace(
        change,
        events=(*settled, *change.events),
        state=replace(change.state, last_seq=change.state.last_seq + before),
        outbox=tuple(replace(row, event=row.event + before) for row in change.outbox),
        expect_customer_seq=customer_seq,
    )


async def _already_sent(
    house: House, staff: Staff, conversation: ConversationId, client_id: str
) -> Event | None:
    events = await house.record.events(staff.workspace, conversation, kinds=("message.released",))
    return next((e for e in events if client_id and e.payload.get("id") == client_id), None)


async def by_mail(
    house: House, staff: Staff, conversation: ConversationId, text: str, state: State
) -> tuple[Part, ...]:
    """Frame a person's words as a mail: greeting and sign-off around them, where they wrote none themselves."""
    received = await house.record.events(staff.workspace, conversation, kinds=("message.received", *KINDS))
    to = answers_go_to(received)
    place = await house.directory.workspace_by_id(staff.workspace)
    contact = await house.contacts.of(staff.workspace, conversation)
    set_by_staff = contact.address if contact and "address" not in contact.learnt else None
    frame = Frame(
        language=state.language or "de",
        who=addressee_of((to.name if to else "") or (contact.name if contact else "")),
        address=set_by_staff or state.address or (contact.address if contact else None),
        company=str(place.settings.get("company") or ""),
        signer=staff.name,
    )
    return person_parts(frame, text)


def _draft(
    staff: Staff, conversation: ConversationId, parts: tuple[Part, ...], state: State, epoch: int
) -> Draft:
    language = state.language or "de"
    return Draft(
        conversation=str(conversation),
        recipient=str(conversation),
        channel=state.way,
        author=Author.PERSON,
        author_id=str(staff.id),
        author_name=staff.name,
        written_under=WrittenUnder(epoch, state.last_customer_seq, None),
        parts=parts,
        language=language,
        provenance=Provenance(editor=str(staff.id)),
    )


def _refusal(verdict: Hold) -> Refused:
    for code in ("owner.changed", "owner.not_you", "conversation.closed"):
        if code in verdict.reasons:
            return Refused(code)
    for code in ("file.many", "file.total", "file.type"):
        if code in verdict.reasons:
            return refused_by(code)
    if "place.open" in verdict.reasons:
        return Refused("reply.place_open")
    return Refused("draft.held", reasons=", ".join(verdict.reasons))
