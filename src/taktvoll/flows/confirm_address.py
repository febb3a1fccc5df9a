"""A visitor of the chat proves a mail address: a code goes there, and they type it back.

I decide the order: count, keep, release, send; then count the try before anything is compared. The chat calls me, the
flow deliver fills the code in. I never say whether an address is known to us, nor whether a code ever left.
"""

import json
from dataclasses import replace

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.hashing import canonical
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId, uuid7
from taktvoll.base.limits import CODE_MINUTES_MAX, TURN_TRIES_MAX
from taktvoll.domain.contacts.addresses import mail_key
from taktvoll.domain.contacts.code_letter import CODE, subject_in, text_in
from taktvoll.domain.contacts.codes import PURPOSE, Asked, code_of, is_right
from taktvoll.domain.contacts.ports import Proven
from taktvoll.domain.contacts.terms import Identity, Proof
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, Event, NewEvent, PersonalText, State
from taktvoll.domain.governance.release import facts_of, release
from taktvoll.domain.governance.terms import Author, Draft, Hold, Part, PartKind, WrittenUnder
from taktvoll.domain.governance.wording import released_event
from taktvoll.domain.mail.terms import Address
from taktvoll.domain.people.ports import Keys
from taktvoll.flows.house import House
from taktvoll.flows.link_contact import recognise
from taktvoll.flows.reroute_conversation import sending_account

ACTOR = "contacts"


async def ask_for_code(
    house: House, workspace: WorkspaceId, conversation: ConversationId, written: str
) -> None:
    """Send a code to an address.

    Gives:  nothing, whether the address is known or not, and also where too many codes went there already.
    Raises: Refused("address.malformed"), Refused("code.too_many") for this conversation, Refused("mail.no_way"),
            Refused("conversation.unknown") before the first message.
    """
    address = mail_key(written)
    account = await sending_account(house, workspace)
    state = (await house.record.access(workspace, conversation)).state
    at = house.now()
    digest = house.keys.digest(PURPOSE, f"{workspace}:{address}")
    asked = await house.codes.ask(workspace, conversation, uuid7(at), address, written.strip(), digest, at)
    if asked.sent:
        await _send(house, workspace, conversation, asked, account, state)


async def confirm_code(
    house: House, workspace: WorkspaceId, conversation: ConversationId, typed: str
) -> Identity:
    """Prove an address by the code that went there; the conversation is then its contact's.

    Raises: Refused("code.wrong") for whatever is not right: no code, another one, too late, too many tries.
    """
    at = house.now()
    asked = await house.codes.tried(workspace, conversation, at)
    expected = expected_code(house.keys, asked) if asked else "-"
    if not is_right(asked, expected, typed, at) or asked is None:
        raise Refused("code.wrong")
    if not await house.codes.used(workspace, asked.id):
        raise Refused("code.wrong")
    proven = Proven(
        channel=MAIL,
        address=asked.address,
        written=asked.written,
        proof=Proof.CODE_CONFIRMED,
        by=ACTOR,
        at=at,
    )
    identity = await house.contacts.prove(workspace, proven, conversation)
    await recognise(house, workspace, conversation)
    house.push.publish(Changed(workspace, conversation, 0))
    return identity


async def forget_codes(house: House, workspace: WorkspaceId) -> None:
    """Drop the addresses of codes whose time is over."""
    await house.codes.forget(workspace, house.now())


def expected_code(keys: Keys, asked: Asked) -> str:
    """Make the code of what was asked for; it stands nowhere."""
    return code_of(keys.digest(PURPOSE, str(asked.id)))


def code_letter(keys: Keys, sent: Event) -> tuple[str, Address, Event]:
    """Fill the code into its mail as it leaves.

    Gives:  the account it leaves by, whom it is for, and the event with the words as they are sent.
    """
    content = json.loads(sent.content or "{}")
    code = code_of(keys.digest(PURPOSE, content["code"]))
    parts = [{**part, "text": part["text"].replace(CODE, code)} for part in content["parts"]]
    filled = canonical({**content, "parts": parts}).decode("utf-8")
    return str(sent.payload["account"]), Address("", content["to"]), replace(sent, content=filled)


async def _send(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    asked: Asked,
    account: str,
    state: State,
) -> None:
    """Release the code's mail and put it into the outbox, whatever else happens in the conversation."""
    for _ in range(TURN_TRIES_MAX * 2):
        event = await _released(house, workspace, conversation, asked, account, state)
        decided = await house.record.decide(
            Change(
                workspace=workspace,
                conversation=conversation,
                at=event.at,
                events=(event,),
                state=fold_new(state, event),
                outbox=(OutboxRow(OutboxId(uuid7(event.at)), 0, MAIL, str(conversation)),),
            )
        )
        if decided.status is DecideStatus.OK:
            house.push.publish(
                Changed(workspace, conversation, decided.events[-1].seq, events=decided.events)
            )
            return
        state = (await house.record.access(workspace, conversation)).state
    raise Unavailable("turn.contended", 2)


async def _released(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    asked: Asked,
    account: str,
    state: State,
) -> NewEvent:
    """Let the mail pass the one check that everything passes."""
    edition = await house.shelf.at(workspace, await house.library.head(workspace))
    rules, language = edition.view.rules, state.language or "de"
    draft = Draft(
        conversation=str(conversation),
        recipient=str(conversation),
        channel=MAIL,
        author=Author.HOUSE,
        written_under=WrittenUnder(state.owner_epoch, state.last_customer_seq, None),
        parts=(Part(PartKind.TEXT, text_in(language, rules.company, CODE_MINUTES_MAX), language),),
        language=language,
    )
    verdict = release(draft, facts_of(state, (), rules.link_hosts))
    if isinstance(verdict, Hold):
        raise Refused("draft.held", reasons=", ".join(verdict.reasons))
    event = released_event(verdict.draft, house.now(), ACTOR)
    said = json.loads(event.text.content) if event.text else {}
    content = {**said, "code": str(asked.id), "subject": subject_in(language), "to": asked.written}
    return replace(
        event,
        kind="code.sent",
        payload={**event.payload, "account": account},
        text=PersonalText(canonical(content).decode("utf-8")),
    )
