"""Tags are put on a conversation and taken off it.

I decide which tags a conversation may carry; a new one joins the workspace's list. The desk calls me.
I never judge what a tag means.
"""

from collections.abc import Sequence

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.tags import TAGS_KEPT_MAX, TAGS_MAX, tag_of
from taktvoll.domain.conversation.terms import NewEvent, State
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.append_as_staff import append_as_staff
from taktvoll.flows.house import House


async def add_tag(house: House, staff: Staff, conversation: ConversationId, text: str) -> State:
    """Put a tag on; one that is there already changes nothing.

    Raises: Refused("permission.missing"), Refused("tag.text"), Refused("tag.many"), Refused("tag.full").
    """
    demand(staff, Permission.TAG_EDIT)
    tag, at, actor = tag_of(text), house.now(), f"staff:{staff.id}"
    known = await house.board.tags(staff.workspace)
    if tag not in known and len(known) >= TAGS_KEPT_MAX:
        raise Refused("tag.full", limit=TAGS_KEPT_MAX)

    def deed(state: State) -> Sequence[NewEvent]:
        if tag in state.tags:
            return ()
        if len(state.tags) >= TAGS_MAX:
            raise Refused("tag.many", limit=TAGS_MAX)
        return (NewEvent("tag.added", at, actor, {"tag": tag}),)

    state = await append_as_staff(house, staff, conversation, deed)
    if tag not in known:
        await house.board.keep_tag(staff.workspace, tag, actor, at)
    return state


async def remove_tag(house: House, staff: Staff, conversation: ConversationId, text: str) -> State:
    """Take a tag off; one that is not there changes nothing.

    Raises: Refused("permission.missing"), Refused("tag.text").
    """
    demand(staff, Permission.TAG_EDIT)
    tag, at, actor = tag_of(text), house.now(), f"staff:{staff.id}"

    def deed(state: State) -> Sequence[NewEvent]:
        return (NewEvent("tag.removed", at, actor, {"tag": tag}),) if tag in state.tags else ()

    return await append_as_staff(house, staff, conversation, deed)
