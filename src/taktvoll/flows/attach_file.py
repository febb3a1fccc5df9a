"""Files of a reply: added to what someone writes, removed again; and files of any message, handed out once sent.

I decide that a file is looked at before it is kept, and that what is handed out is what the record names. The desk, the
chat and the delivery call me. I never send anything.
"""

import hashlib
from asyncio import to_thread
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.base.limits import MB, REPLY_FILE_BYTES_MAX
from taktvoll.domain.conversation.chat_files import ChatFiles
from taktvoll.domain.conversation.files import (
    Enclosure,
    NewFile,
    ReplyFiles,
    demand_sendable,
    enclosed_with,
    refused_by,
    why_not_together,
)
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff

RELEASED, RECEIVED = "message.released", "message.received"


async def attach_file(
    house: House, staff: Staff, conversation: ConversationId, name: str, content: bytes
) -> Enclosure:
    """Add a file to what someone writes in a conversation.

    Raises: Refused("permission.missing"), Refused("conversation.unknown"), Refused for the file itself.
    """
    await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if len(content) > REPLY_FILE_BYTES_MAX:
        raise Refused("file.large", limit=REPLY_FILE_BYTES_MAX // MB)
    found = await to_thread(house.inspector.inspect, content, name)
    demand_sendable(found)
    now = house.now()
    about = Enclosure(uuid7(now), found.name, found.type, len(content), found.sha256)
    begun = await begun_files(house, staff, conversation)
    why = why_not_together((*begun, about))
    if why:
        raise refused_by(why)
    await house.files.add(
        NewFile(
            workspace=staff.workspace,
            staff=staff.id,
            conversation=conversation,
            about=about,
            content=content,
        ),
        now,
    )
    house.push.publish(Changed(staff.workspace, conversation, 0))
    return about


async def detach_file(house: House, staff: Staff, conversation: ConversationId, file: UUID) -> None:
    """Remove a file from what someone writes; one that is not there any more is removed already.

    Raises: Refused("permission.missing"), Refused("conversation.unknown").
    """
    await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    await house.files.drop(staff.workspace, staff.id, conversation, file)
    house.push.publish(Changed(staff.workspace, conversation, 0))


async def begun_files(house: House, staff: Staff, conversation: ConversationId) -> tuple[Enclosure, ...]:
    """What someone has added to what they write now, without what waits with a reply."""
    unsent = await house.files.unsent(staff.workspace, staff.id, conversation)
    if not unsent:
        return ()
    waiting = await house.writing.pending(staff.workspace, staff.id, conversation)
    return tuple(f for f in unsent if waiting is None or f.id not in waiting.files)


async def sent_file(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int, place: int
) -> tuple[Enclosure, bytes]:
    """A file of a message, ours or the customer's, by its place in it.

    Raises: Refused("file.unknown"), Refused("file.erased"), Refused("file.differs").
    """
    events = await house.record.events(workspace, conversation, after=seq - 1, kinds=(RELEASED, RECEIVED))
    message = next((e for e in events if e.seq == seq), None)
    if message is None:
        raise Refused("file.unknown")
    if message.content is None:
        raise Refused("file.erased")
    files = enclosed_with(message)
    if not 0 <= place < len(files):
        raise Refused("file.unknown")
    store = house.files if message.kind == RELEASED else house.uploads
    return files[place], await _genuine(store, workspace, conversation, files[place])


async def files_of(
    house: House, workspace: WorkspaceId, conversation: ConversationId, released: Event
) -> tuple[tuple[Enclosure, bytes], ...]:
    """All files of a released message, in their order.

    Raises: Refused("file.erased"), Refused("file.differs").
    """
    files = enclosed_with(released)
    return tuple([(f, await _genuine(house.files, workspace, conversation, f)) for f in files])


async def _genuine(
    store: ReplyFiles | ChatFiles, workspace: WorkspaceId, conversation: ConversationId, file: Enclosure
) -> bytes:
    """The bytes, if they are those that the record names."""
    content = await store.content(workspace, conversation, file.id)
    if content is None:
        raise Refused("file.erased")
    if await to_thread(_digest, content) != file.sha256:
        raise Refused("file.differs")
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
