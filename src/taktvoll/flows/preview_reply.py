"""What is put around a person's mail: shown before it is sent, so that nobody greets twice or misses a sign-off.

I decide nothing; I frame the words as send_reply will and take them out again. The desk's reply field calls me.
I never release or keep anything.
"""

from dataclasses import dataclass

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import MAIL, State
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.governance.terms import PartKind
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.send_reply import by_mail
from taktvoll.flows.take_over import access_for_staff


@dataclass(frozen=True, slots=True)
class Around:
    """What comes before and after a person's words in a mail; "" where they have written it themselves."""

    greeting: str
    closing: str
    footer: str
    language: str


async def around_reply(house: House, staff: Staff, conversation: ConversationId, text: str) -> Around | None:
    """Say what a reply by mail will have around it.

    Takes:  text: what is written so far.
    Gives:  None where answers go by another way.
    Raises: Refused("permission.missing"), Refused("conversation.unknown").
    """
    stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    if stored.state.way != MAIL:
        return None
    parts = await by_mail(house, staff, conversation, text, stored.state)
    said = {part.kind: part.text for part in parts}
    return Around(
        greeting=said.get(PartKind.GREETING, ""),
        closing=said.get(PartKind.CLOSING, ""),
        footer=await _footer(house, staff, stored.state),
        language=stored.state.language or "de",
    )


async def _footer(house: House, staff: Staff, state: State) -> str:
    """What the company says of itself beneath every mail of this mailbox; nothing where it cannot send."""
    try:
        name = state.route.account if state.route else state.account
        mailbox = outgoing_from((await house.directory.account(staff.workspace, MAIL, name)).settings)
    except Refused:
        return ""
    return mailbox.footer if mailbox else ""
