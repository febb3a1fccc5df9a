"""The customer says whether an answer helped.

I decide whether the feedback belongs to an answer of this conversation. The chat calls me.
I never treat it as proof: complaints alone are biased.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.flows.house import House
from taktvoll.flows.propose_wording import propose_helped

VALUES = ("helped", "not_helped")


async def give_feedback(
    house: House, workspace: WorkspaceId, conversation: ConversationId, seq: int, value: str
) -> str:
    """Put the feedback on record; the same value again changes nothing, another value replaces the view of it.

    Raises: Refused("feedback.value"), Refused("conversation.unknown") when seq is not a message of the assistant.
    """
    if value not in VALUES:
        raise Refused("feedback.value")
    events = await house.record.events(
        workspace, conversation, after=seq - 1, kinds=("message.released", "feedback.given")
    )
    if not any(e.seq == seq and e.payload.get("author") == "assistant" for e in events):
        raise Refused("conversation.unknown")
    given = [e.payload["value"] for e in events if e.kind == "feedback.given" and e.payload["about"] == seq]
    if given and given[-1] == value:
        return value
    event = NewEvent("feedback.given", house.now(), "customer", {"about": seq, "value": value})
    await house.record.note(workspace, conversation, (event,))
    house.push.publish(Changed(workspace, conversation, seq))
    if value == "helped":
        await propose_helped(house, workspace, conversation, seq)
    return value
