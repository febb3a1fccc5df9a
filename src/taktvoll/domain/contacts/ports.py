"""What contacts need from outside: a store of people and addresses, and one of codes that were asked for.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from taktvoll.base.ids import ContactId, ConversationId, IdentityId, WorkspaceId
from taktvoll.domain.contacts.codes import Asked
from taktvoll.domain.contacts.terms import Card, Contact, Identity, Logged, Proof
from taktvoll.domain.conversation.ports import Change, Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An address that has just been proven, and how; `name` is used only for a contact that is made for it."""

    channel: str
    address: str
    written: str
    proof: Proof
    by: str
    at: datetime
    name: str = ""


class Contacts(Protocol):
    """People and their addresses; every method works within one workspace, and gives contacts that speak for
    themselves: one that was merged is answered for by the one it was merged into.
    """

    async def of(self, workspace: WorkspaceId, conversation: ConversationId) -> Contact | None:
        """Whose conversation it is, as far as it is proven."""
        ...

    async def card(self, workspace: WorkspaceId, contact: ContactId) -> Card:
        """Everything of a contact; raises Refused("contact.unknown")."""
        ...

    async def identity(self, workspace: WorkspaceId, identity: IdentityId) -> Identity:
        """One identity; raises Refused("address.unknown")."""
        ...

    async def way(self, workspace: WorkspaceId, conversation: ConversationId) -> Identity | None:
        """The identity that the customer proved in this conversation, to be reached by."""
        ...

    async def proven(self, workspace: WorkspaceId, channel: str, address: str) -> Identity | None:
        """Find who has proven an address."""
        ...

    async def prove(
        self, workspace: WorkspaceId, proven: Proven, conversation: ConversationId | None
    ) -> Identity:
        """Keep that an address is proven, make its contact where there is none, and link the conversation.

        A conversation that has a contact already keeps it, and a new address becomes that contact's. Nothing is merged.
        Raises: Refused("conversation.unknown").
        """
        ...

    async def add(
        self,
        workspace: WorkspaceId,
        contact: ContactId,
        channel: str,
        address: str,
        written: str,
        by: str,
        at: datetime,
    ) -> IdentityId:
        """Note an address of a contact, unproven; one that is noted already stays."""
        ...

    async def confirm(
        self, workspace: WorkspaceId, contact: ContactId, identity: IdentityId, by: str, at: datetime
    ) -> None:
        """A person vouches for an address; raises Refused("address.taken"), Refused("address.unknown")."""
        ...

    async def change(
        self,
        workspace: WorkspaceId,
        contact: ContactId,
        fields: Mapping[str, str],
        by: str,
        at: datetime,
        *,
        learnt: bool = False,
        once: Collection[str] = (),
    ) -> None:
        """Set fields; what was learnt never replaces what staff set. Raises Refused("contact.unknown").

        Takes:  once: those learnt fields that one message alone showed: they replace nothing but their like.
        """
        ...

    async def merge(
        self, workspace: WorkspaceId, gone: ContactId, into: ContactId, by: str, at: datetime
    ) -> ContactId:
        """Join two contacts; gives the one that was merged, which undoes it. Raises Refused("contact.same")."""
        ...

    async def undo(self, workspace: WorkspaceId, gone: ContactId, by: str, at: datetime) -> None:
        """Take a merge back; raises Refused("contact.not_merged")."""
        ...

    async def split(
        self, workspace: WorkspaceId, contact: ContactId, things: Sequence[UUID], by: str, at: datetime
    ) -> ContactId:
        """Move identities and conversations to a new contact; raises as domain/contacts/joining.split."""
        ...

    async def search(self, workspace: WorkspaceId, text: str, limit: int) -> tuple[Card, ...]:
        """Find contacts by a part of their name or an address, the latest changed first; all for an empty text."""
        ...

    async def log(self, workspace: WorkspaceId, contact: ContactId, limit: int) -> tuple[Logged, ...]:
        """What happened to a contact and to those merged into it, newest first."""
        ...

    async def erase(
        self, workspace: WorkspaceId, contact: ContactId, by: str, at: datetime, *, emptied: bool = False
    ) -> bool:
        """Erase name, notes and addresses, also of what was merged; conversations stay, without their contact.

        Takes:  emptied: only where no text is left in any of these conversations, also none that comes in just now.
        Gives:  whether it was done.
        """
        ...

    async def unlinked(
        self, workspace: WorkspaceId, since: datetime, limit: int
    ) -> tuple[ConversationId, ...]:
        """Mail conversations changed since then with an authenticated mail and no contact: their link was cut off."""
        ...

    async def unread(
        self, workspace: WorkspaceId, since: datetime, limit: int
    ) -> tuple[tuple[ContactId, datetime], ...]:
        """Contacts who wrote since then and after their habits were looked at last, and when they wrote."""
        ...

    async def looked_at(self, workspace: WorkspaceId, contact: ContactId, up_to: datetime) -> None:
        """Note that habits were looked at, for everything until then."""
        ...

    async def left(
        self, workspace: WorkspaceId, before: datetime, limit: int
    ) -> tuple[tuple[ConversationId, int, IdentityId], ...]:
        """Chats whose visitor has not seen a person's message since then: the first such message, and by which
        proven mail identity they can be reached.
        """
        ...

    async def reroute(self, change: Change, channel: str, since_seq: int | None) -> Decided:
        """Append the change; messages from since_seq on that no device has shown leave by the channel: one commit."""
        ...


class Codes(Protocol):
    """One-time codes that were asked for, by conversation."""

    async def ask(
        self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        id: UUID,
        address: str,
        written: str,
        address_digest: bytes,
        at: datetime,
    ) -> Asked:
        """Keep that a code was asked for; earlier ones of the conversation are void.

        Gives:  `sent` False where too many went to the address.
        Raises: Refused("code.too_many") where the conversation asked too often.
        """
        ...

    async def tried(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> Asked | None:
        """Count one try on the open code and give it; None where there is none, or its tries are used up."""
        ...

    async def used(self, workspace: WorkspaceId, id: UUID) -> bool:
        """Close a code for good; False where somebody was quicker."""
        ...

    async def forget(self, workspace: WorkspaceId, before: datetime) -> None:
        """Drop the addresses of codes that are no longer valid, and the rows that no limit counts any more."""
        ...
