"""A conversation goes on by mail: the visitor wishes it, or has left and not seen what a person wrote.

I decide when answers leave by another channel, and to whom: only to an address proven in this conversation. The chat
and a job call me. I never change who owns the conversation, and it keeps the channel that it began in.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import LEFT_AFTER_MINUTES, TURN_TRIES_MAX
from taktvoll.domain.contacts.terms import Identity
from taktvoll.domain.conversation.ports import Account, Change, Changed, DecideStatus
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import MAIL, NewEvent, State
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.flows.house import House

BATCH = 50
WISHED, LEFT = "wished", "left"


async def answer_by_mail(house: House, workspace: WorkspaceId, conversation: ConversationId) -> None:
    """Send further answers by mail, as the visitor wishes, until they write in the chat again.

    Raises: Refused("mail.not_confirmed"), Refused("mail.no_way"), Refused("conversation.busy").
    """
    identity = await house.contacts.way(workspace, conversation)
    if identity is None:
        raise Refused("mail.not_confirmed")
    if not await _reroute(house, workspace, conversation, identity, WISHED, None):
        raise Refused("conversation.busy")


async def follow_by_mail(house: House, workspace: WorkspaceId) -> int:
    """Send what people wrote to visitors who left, after some minutes in which no device has shown it.

    Gives:  how many conversations went on by mail.
    """
    before = house.now() - timedelta(minutes=LEFT_AFTER_MINUTES)
    moved = 0
    for conversation, seq, _ in await house.contacts.left(workspace, before, BATCH):
        identity = await house.contacts.way(workspace, conversation)
        if identity is not None:
            try:
                moved += await _reroute(house, workspace, conversation, identity, LEFT, seq)
            except Refused:  # no mailbox sends any more: it waits in the chat, as before
                break
    return moved


async def can_send(house: House, workspace: WorkspaceId) -> bool:
    """Whether conversations of other channels can go on by mail."""
    try:
        await sending_account(house, workspace)
    except Refused:
        return False
    return True


async def sending_account(house: House, workspace: WorkspaceId) -> str:
    """The mailbox by which conversations of other channels go on: the first by name that can send.

    Raises: Refused("mail.no_way").
    """
    accounts: Sequence[Account] = await house.directory.accounts(MAIL)
    ours = sorted((a for a in accounts if a.workspace == workspace), key=lambda a: a.name)
    for account in ours:
        try:
            if not account.settings.get("removed") and outgoing_from(account.settings) is not None:
                return account.name
        except Refused:  # its settings are not right; the desk's page of mailboxes says so
            continue
    raise Refused("mail.no_way")


async def _reroute(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    identity: Identity,
    because: str,
    since_seq: int | None,
) -> bool:
    account = await sending_account(house, workspace)
    for _ in range(TURN_TRIES_MAX * 2):
        state = (await house.record.access(workspace, conversation)).state
        if state.way == MAIL and since_seq is None:
            return True
        change = _change(house, workspace, conversation, state, account, identity, because)
        decided = await house.contacts.reroute(change, MAIL, since_seq)
        if decided.status is DecideStatus.OK:
            seq = decided.events[-1].seq
            after = replace(change.state, last_seq=seq)
            house.push.publish(Changed(workspace, conversation, seq, events=decided.events, state=after))
            return True
        if since_seq is not None:  # shown meanwhile, or something else happened: the next time decides anew
            return False
    return False


def _change(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    state: State,
    account: str,
    identity: Identity,
    because: str,
) -> Change:
    payload: dict[str, object] = {
        "account": account,
        "because": because,
        "channel": MAIL,
        "identity": str(identity.id),
    }
    event = NewEvent("conversation.rerouted", house.now(), "contacts", payload)
    return Change(
        workspace=workspace,
        conversation=conversation,
        at=event.at,
        events=(event,),
        state=fold_new(state, event),
    )
