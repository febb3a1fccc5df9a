"""A contact, its identities, and what each rests on, as values.

I decide the shapes and the names of what may happen to a contact. Flows, the store and the desk call me.
I never join anyone by a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from taktvoll.base.ids import ContactId, ConversationId, IdentityId
from taktvoll.domain.conversation.terms import Address

PHONE = "phone"
"""The channel under which telephone numbers are kept."""


class Proof(StrEnum):
    """What an identity rests on; everything but `unproven` joins conversations."""

    MAIL_AUTHENTICATED = "mail_authenticated"
    CODE_CONFIRMED = "code_confirmed"
    STAFF_CONFIRMED = "staff_confirmed"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An address of someone: `address` as it is compared, `written` as they wrote it; `home` is the contact it lies in.

    After a merge `home` may be a contact that was joined to the one shown; undoing the merge takes it back.
    """

    id: IdentityId
    home: ContactId
    channel: str
    address: str
    written: str
    proof: Proof
    proven_at: datetime | None = None
    proven_by: str = ""

    @property
    def proven(self) -> bool:
        """Whether it may join conversations and show what is personal."""
        return self.proof is not Proof.UNPROVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person as we know them. `learnt` names the fields that were read from their messages and not set by staff.

    `seen_once` names those of them that are provisional: a single message showed them.
    """

    id: ContactId
    name: str = ""
    address: Address | None = None
    language: str = ""
    notes: str = ""
    made_at: datetime
    learnt: frozenset[str] = frozenset()
    seen_once: frozenset[str] = frozenset()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of a contact, as it is listed."""

    id: ConversationId
    home: ContactId
    channel: str
    changed_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A contact that was merged into the one shown, and when."""

    contact: Contact
    into: ContactId
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything of a contact, with what was merged into it."""

    contact: Contact
    identities: tuple[Identity, ...] = ()
    talks: tuple[Talk, ...] = ()
    joined: tuple[Joined, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom a conversation says it is from, where nothing proves it.

    `holder` is the contact for which that address is proven, None where there is none; it is a hint and joins nothing.
    """

    channel: str
    written: str
    name: str
    holder: ContactId | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of a contact's log; `detail` holds ids and codes, never a word of a person."""

    at: datetime
    contact: ContactId
    kind: str
    actor: str
    detail: Mapping[str, object]


LOG: Mapping[str, str] = MappingProxyType(
    {
        "contact.made": "A contact was made for a proven address, or by hand.",
        "contact.changed": "Fields of a contact were set; which ones, not to what.",
        "contact.merged": "A contact was joined to another one.",
        "contact.merge_undone": "A contact that was joined stands for itself again, with all that was its own.",
        "contact.split": "Chosen addresses and conversations were moved to a new contact.",
        "contact.erased": "Name, notes and addresses of a contact were erased.",
        "identity.added": "An address was noted, unproven.",
        "identity.proven": "An address was proven, and how.",
        "conversation.linked": "A conversation was found to be this contact's, by which identity.",
    }
)
"""What may happen to a contact, and what each means; the log knows no other kinds."""
