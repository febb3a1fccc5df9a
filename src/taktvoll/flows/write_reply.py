"""A person's reply waits a few seconds in which it can be taken back; then it goes the one way out.

I decide what may wait, and what becomes of a reply that can no longer be sent: it is a draft again, and says why. The
desk calls me. I never send by myself: send_reply does, under the epoch and message that the reply was written under.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.base.limits import REPLY_CLAIM_S
from taktvoll.base.text import clean_message, storable
from taktvoll.domain.conversation.files import refused_by
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.writing import Draft, Pending, undo_s
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.send_reply import check_reply, send_reply
from taktvoll.flows.take_over import access_for_staff

BATCH = 50


async def write_reply(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    text: str,
    epoch: int,
    client_id: str,
    entry: PassageKey | None = None,
    files: Sequence[UUID] = (),
) -> Pending | None:
    """Let a reply wait, checked as it will be when it is sent; a second one sends the first at once.

    Takes:  as send_reply.
    Gives:  the reply that waits; None where it is sent already: the workspace wants no wait, or a request came twice.
    Raises: as send_reply.
    """
    workspace = await house.directory.workspace_by_id(staff.workspace)
    wait_s = undo_s(workspace.settings)
    if not wait_s:
        await send_reply(house, staff, conversation, text, epoch, client_id, entry, files=files)
        await keep_draft(house, staff, conversation, "", client_id, seen=client_id)
        return None
    earlier = await house.writing.pending(staff.workspace, staff.id, conversation)
    if earlier is not None and earlier.client_id == client_id:
        return earlier
    if earlier is not None and (why := await send_pending(house, earlier)):
        # It is a draft again, and what is written now stands in the field: nothing is lost.
        raise refused_by(why)
    seen = await check_reply(house, staff, conversation, text, epoch, client_id, files)
    if seen is None:
        await keep_draft(house, staff, conversation, "", client_id, seen=client_id)
        return None
    now = house.now()
    pending = Pending(
        id=uuid7(now),
        workspace=staff.workspace,
        staff=staff.id,
        conversation=conversation,
        text=clean_message(text),
        client_id=client_id,
        entry=entry,
        epoch=epoch,
        customer_seq=seen,
        due_at=now + timedelta(seconds=wait_s),
        files=tuple(files),
    )
    if not await house.writing.hold(pending):
        return await _other(house, pending)
    _tell(house, pending)
    return pending


async def _other(house: House, pending: Pending) -> Pending | None:
    """Somebody's second request was quicker; the same text is that one, another text asks again."""
    other = await house.writing.pending(pending.workspace, pending.staff, pending.conversation)
    if other is not None and other.client_id != pending.client_id:
        raise Refused("conversation.busy")
    return other


async def take_back(house: House, staff: Staff, conversation: ConversationId) -> None:
    """Take a waiting reply back: it is a draft again, before what was begun meanwhile.

    Raises: Refused("reply.sent") if it is too late, Refused("permission.missing"), Refused("conversation.unknown").
    """
    await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if not await house.writing.take_back(staff.workspace, staff.id, conversation, house.now()):
        raise Refused("reply.sent")
    house.push.publish(Changed(staff.workspace, conversation, 0))


async def send_now(house: House, staff: Staff, conversation: ConversationId) -> None:
    """Send a waiting reply without waiting longer; where none waits, nothing is to be done."""
    await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    pending = await house.writing.pending(staff.workspace, staff.id, conversation)
    if pending is not None:
        await send_pending(house, pending)


async def send_before_leaving(house: House, staff: Staff, conversation: ConversationId) -> None:
    """Send what still waits before its writer gives the conversation away: whoever sends and closes has sent.

    Raises: Refused("conversation.busy") while it is being sent, and whatever kept it from being sent: it is a draft
            again then, and its writer had better stay.
    """
    pending = await house.writing.pending(staff.workspace, staff.id, conversation)
    if pending is None:
        return
    why = await send_pending(house, pending)
    if why:
        raise refused_by(why)


async def keep_draft(
    house: House,
    staff: Staff,
    conversation: ConversationId,
    text: str,
    client_id: str,
    entry: PassageKey | None = None,
    seen: str = "",
) -> None:
    """Keep what someone has begun to write, on every device of theirs; an empty text drops it.

    Takes:  seen: the id of a reply that came back, where the page has shown it: one that nobody has seen is kept too.
    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused for the text itself.
    """
    await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    waiting = await house.writing.pending(staff.workspace, staff.id, conversation)
    if waiting is not None and waiting.client_id == client_id:
        return  # saved while it was being sent: what waits is no draft any more
    draft = Draft(
        workspace=staff.workspace,
        staff=staff.id,
        conversation=conversation,
        text=_begun(text),
        client_id=client_id,
        entry=entry,
    )
    if await house.writing.keep(draft, house.now(), seen):
        house.push.publish(Changed(staff.workspace, conversation, 0))


def _begun(text: str) -> str:
    """An unfinished text is kept as it was typed, spaces at its end too; what no reply could hold is refused."""
    if text.strip():
        clean_message(text)
    return storable(text)


async def send_pending(house: House, pending: Pending) -> str:
    """Send one waiting reply however early, unless another process is at it.

    Gives:  the code of what kept it from being sent, empty where it was sent.
    """
    now = house.now()
    for claimed in await house.writing.claim(pending.workspace, now, _until(house), 1, pending.id):
        return await _send(house, claimed)
    left = await house.writing.pending(pending.workspace, pending.staff, pending.conversation)
    return "conversation.busy" if left is not None and left.id == pending.id else ""


async def send_due_replies(house: House, workspace: WorkspaceId) -> int:
    """Send what is due and nobody sends: what a stopped process left. Gives how many were dealt with."""
    claimed = await house.writing.claim(workspace, house.now(), _until(house), BATCH)
    for pending in claimed:
        await _send(house, pending)
    return len(claimed)


async def _send(house: House, pending: Pending) -> str:
    """Send it, or make it a draft again that says why; a failure from outside leaves it to the next who claims it."""
    why = ""
    staff = await house.directory.staff_by_id(pending.workspace, pending.staff)
    p = pending
    try:
        if staff is None:
            raise Refused("owner.not_you")
        await send_reply(
            house, staff, p.conversation, p.text, p.epoch, p.client_id, p.entry, customer_seq=p.customer_seq,
            files=p.files,
        )  # fmt: skip
    except Refused as refusal:
        why = refusal.code
        await house.writing.give_back(pending, why, house.now())
    else:
        await house.writing.sent(pending)
    _tell(house, pending)
    return why


def _until(house: House) -> datetime:
    return house.now() + timedelta(seconds=REPLY_CLAIM_S)


def _tell(house: House, pending: Pending) -> None:
    house.push.publish(Changed(pending.workspace, pending.conversation, 0))
