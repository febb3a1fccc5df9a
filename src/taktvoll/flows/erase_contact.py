"""A contact is erased with everything: addresses, texts, originals and files of all their conversations.

I decide what stands in the way and the order: conversations first, the contact last, so that what was cut off can be
done again. The command line calls me. I never touch the chain, and never erase while people still have a conversation.
"""

from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, WorkspaceId
from taktvoll.base.text import clean
from taktvoll.domain.governance.keeping import Erased, Extent, What
from taktvoll.flows.house import House

BATCH = 200
ROUNDS_MAX = 5
WHY_CHARS_MAX = 200


async def erase_contact(
    house: House, workspace: WorkspaceId, contact: ContactId, by: str, why: str
) -> Extent:
    """Erase a contact and all that belongs to it.

    Takes:  by: who does it; why: on whose demand, without a name.
    Gives:  what there was.
    Raises: Refused("contact.unknown"), Refused("contact.erase_why"), Refused("contact.erase_open") while people have a
            conversation of theirs or owe them a call, Refused("contact.erase_busy") while they write all the time.
    """
    why = clean(why)
    if not why or len(why) > WHY_CHARS_MAX:
        raise Refused("contact.erase_why", limit=WHY_CHARS_MAX)
    extent = await _emptied(house, workspace, contact, by)
    card = await house.contacts.card(workspace, contact) if extent.contacts else None
    root = card.contact.id if card else contact
    count = len(extent.conversations)
    await house.eraser.note(workspace, Erased(house.now(), What.CONTACT, count, by, contact=root, why=why))
    return extent


async def _emptied(house: House, workspace: WorkspaceId, contact: ContactId, by: str) -> Extent:
    """Erase what was said, then the contact, in the moment in which nothing of theirs has come in meanwhile."""
    texts = originals = files = 0
    for _ in range(ROUNDS_MAX):
        extent = await house.eraser.extent(workspace, contact)
        if extent.open:
            raise Refused("contact.erase_open", names=", ".join(str(one) for one in extent.open))
        for conversation in extent.conversations:
            while await house.eraser.texts(workspace, conversation, house.now(), BATCH) == BATCH:
                pass
            await house.eraser.mails(workspace, conversation, house.now())
        texts, originals, files = texts + extent.texts, originals + extent.originals, files + extent.files
        if await house.contacts.erase(workspace, contact, by, house.now(), emptied=True):
            return replace(extent, texts=texts, originals=originals, files=files)
    raise Refused("contact.erase_busy")
