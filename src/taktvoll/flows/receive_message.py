"""A customer's message arrives: it is put on record, then decided at once if the assistant owns the conversation; in a
conversation of people it is only listened to for an emergency.

I decide nothing about the message; I keep the order: accept, commit, then answer. Channels and commands call me.
I never acknowledge a message before it is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import PROVIDER_ID_CHARS_MAX
from taktvoll.base.text import clean_message
from taktvoll.domain.conversation.files import Enclosure, recorded
from taktvoll.domain.conversation.ports import Accepted, Accepting, Account, Changed
from taktvoll.domain.conversation.terms import Event, NewEvent, OwnerKind, PersonalText, State
from taktvoll.domain.delivery.arrived import Arrived, arrived_content
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.library.ports import Head
from taktvoll.flows.answer_turn import Turn, answer_turn
from taktvoll.flows.house import House
from taktvoll.flows.take_upload import uploads_named

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a channel understood of a customer's message.

    `provider_id` is the channel's own id of it; `text` None means the button for a person was pressed;
    `choice` is the offered entry that was clicked; `files` are what was uploaded to go along; `language` is what the
    channel knows, if anything; `mail` is what an answer by mail needs.
    """

    account: Account
    conversation: ConversationId
    provider_id: str
    text: str | None
    choice: PassageKey | None = None
    files: tuple[UUID, ...] = ()
    about_seq: int | None = None
    language: str | None = None
    mail: Arrived | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Where the message is on record, and what has been said since."""

    seq: int
    duplicate: bool
    events: tuple[Event, ...]
    state: State


async def receive_message(house: House, incoming: Incoming) -> Received:
    """Accept a message and answer it.

    Raises: Refused for texts or files beyond the limits, and for files that are gone; Unavailable while nothing can be
            stored; once the message is on record it is answered now or, if this process fails, by the job that resumes
            turns.
    """
    workspace = incoming.account.workspace
    files = await uploads_named(house, workspace, incoming.conversation, incoming.files)
    accepting = _accepting(house, incoming, files)
    accepted = await house.record.accept(accepting)
    if accepted.duplicate:
        later = await house.record.events(workspace, incoming.conversation, after=accepted.seq)
        return Received(accepted.seq, True, later, accepted.state)
    news = (accepting.received.placed(accepted.seq),)
    house.push.publish(
        Changed(workspace, incoming.conversation, accepted.seq, events=news, state=accepted.state)
    )
    if accepted.state.owner.kind is not OwnerKind.ASSISTANT and incoming.text is None:
        return Received(accepted.seq, False, (), accepted.state)
    return await _answer(house, incoming, accepted)


async def _answer(house: House, incoming: Incoming, accepted: Accepted) -> Received:
    turn = Turn(
        workspace=incoming.account.workspace,
        conversation=incoming.conversation,
        customer_seq=accepted.seq,
        text=incoming.text or "",
        asked_person=incoming.text is None,
        chosen=incoming.choice,
        files=len(incoming.files),
    )
    head = Head(accepted.edition, accepted.revision)
    try:
        state, events = await answer_turn(house, turn, accepted.state, head)
    except Unavailable:  # on record already: the job that resumes turns will answer
        return Received(accepted.seq, False, (), accepted.state)
    return Received(accepted.seq, False, events, state)


def _accepting(house: House, incoming: Incoming, files: Sequence[Enclosure]) -> Accepting:
    if not 0 < len(incoming.provider_id) <= PROVIDER_ID_CHARS_MAX:
        raise Refused("request.malformed", detail="id")
    at, account = house.now(), incoming.account
    opening = {"account": account.name, "channel": account.channel, "language": incoming.language}
    return Accepting(
        workspace=account.workspace,
        conversation=incoming.conversation,
        account=account.id,
        channel=account.channel,
        provider_id=incoming.provider_id,
        received=_received(incoming, files, at),
        opening=NewEvent("conversation.started", at, CUSTOMER, opening),
        reopening=NewEvent("conversation.reopened", at, CUSTOMER, {}),
        waking=NewEvent("conversation.woken", at, CUSTOMER, {"because": "customer"}),
    )


def _received(incoming: Incoming, files: Sequence[Enclosure], at: datetime) -> NewEvent:
    about = incoming.about_seq
    if incoming.text is None:
        return NewEvent("person.requested", at, CUSTOMER, {"about": about, "id": incoming.provider_id})
    said = clean_message(incoming.text) if incoming.text.strip() or not files else ""
    mail = incoming.mail
    content = arrived_content(said, mail) if mail else customer_content(said, incoming.choice, files)
    payload: dict[str, object] = {"id": incoming.provider_id}
    if files:
        payload["files"] = recorded(files)
    return NewEvent("message.received", at, CUSTOMER, payload, text=PersonalText(content))
