"""Files that a visitor adds to what they write in the chat: looked at, kept, removed again, swept if never sent.

I decide that a file is looked at before it is kept. The chat and the worker call me; receive_message asks me for what a
message names. I never bind a file to a message.
"""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.base.limits import CHAT_FILE_BYTES_MAX, CHAT_FILE_UNSENT_HOURS_MAX, MB
from taktvoll.domain.conversation.chat_files import NewUpload, demand_together, type_of
from taktvoll.domain.conversation.files import Enclosure, demand_sendable
from taktvoll.flows.house import House


async def take_upload(
    house: House, workspace: WorkspaceId, conversation: ConversationId, upload: str, name: str, content: bytes
) -> Enclosure:
    """Keep a file until its message comes.

    Takes:  upload: the element's id of it, which makes a repeat harmless.
    Raises: Refused for the file itself, Refused("upload.full").
    """
    if len(content) > CHAT_FILE_BYTES_MAX:
        raise Refused("file.large", limit=CHAT_FILE_BYTES_MAX // MB)
    found = await to_thread(house.inspector.inspect, content, name)
    await to_thread(demand_sendable, found)
    now = house.now()
    about = Enclosure(uuid7(now), found.name, type_of(found), len(content), found.sha256)
    new = NewUpload(
        workspace=workspace, conversation=conversation, upload=upload, about=about, content=content
    )
    return await house.uploads.add(new, now)


async def drop_upload(house: House, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> None:
    """Remove a file that was not sent; one that is not there any more is removed already."""
    await house.uploads.drop(workspace, conversation, file)


async def uploads_named(
    house: House, workspace: WorkspaceId, conversation: ConversationId, files: Sequence[UUID]
) -> tuple[Enclosure, ...]:
    """The files that a message names.

    Raises: Refused("upload.gone"), Refused("upload.many"), Refused("upload.total").
    """
    wanted = tuple(dict.fromkeys(files))
    if not wanted:
        return ()
    found = await house.uploads.named(workspace, conversation, wanted)
    if len(found) != len(wanted):
        raise Refused("upload.gone")
    demand_together(found)
    return found


async def sweep_uploads(house: House, workspace: WorkspaceId) -> int:
    """Remove what was added and not sent within a day; gives how many."""
    before = house.now() - timedelta(hours=CHAT_FILE_UNSENT_HOURS_MAX)
    return await house.uploads.sweep(workspace, before)
