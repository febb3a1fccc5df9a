"""What staff do to contacts: find, change, note and vouch for addresses, merge, undo, split.

I decide who may do it and what a field may hold. The desk calls me. I never take a text for proof: vouching is a deed
of its own, under a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, IdentityId
from taktvoll.base.limits import CONTACT_NAME_CHARS_MAX, CONTACT_NOTES_CHARS_MAX, CONTACTS_SHOWN_MAX
from taktvoll.base.text import clean
from taktvoll.domain.contacts.addresses import key_of
from taktvoll.domain.contacts.ports import Proven
from taktvoll.domain.contacts.terms import PHONE, Card, Claim, Logged, Proof
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import MAIL, Address
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.link_contact import claim_of, recognise
from taktvoll.flows.take_over import access_for_staff

LOG_SHOWN = 50
LANGUAGES = ("", "de", "en")
SEARCH_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Panel:
    """Who a conversation is with: a proven contact, or what it only says, or nothing."""

    card: Card | None
    claim: Claim | None


async def panel_of(house: House, staff: Staff, conversation: ConversationId) -> Panel:
    """Who a conversation is with; raises Refused("permission.missing"), Refused("conversation.unknown")."""
    demand(staff, Permission.CONTACT_READ)
    await access_for_staff(house, staff, conversation)
    contact = await house.contacts.of(staff.workspace, conversation)
    if contact is None:
        return Panel(None, await claim_of(house, staff.workspace, conversation))
    return Panel(await house.contacts.card(staff.workspace, contact.id), None)


async def card_for(house: House, staff: Staff, contact: ContactId) -> tuple[Card, tuple[Logged, ...]]:
    """A contact and its log; raises Refused("permission.missing"), Refused("contact.unknown")."""
    demand(staff, Permission.CONTACT_READ)
    card = await house.contacts.card(staff.workspace, contact)
    return card, await house.contacts.log(staff.workspace, card.contact.id, LOG_SHOWN)


async def find_contacts(house: House, staff: Staff, text: str) -> tuple[Card, ...]:
    """Search by a part of name or address; raises Refused("permission.missing")."""
    demand(staff, Permission.CONTACT_READ)
    return await house.contacts.search(staff.workspace, clean(text)[:SEARCH_CHARS_MAX], CONTACTS_SHOWN_MAX)


async def change_contact(house: House, staff: Staff, contact: ContactId, fields: Mapping[str, str]) -> None:
    """Set name, form of address, language, notes; what is not given stays.

    Raises: Refused("permission.missing"), Refused("contact.unknown"), Refused("contact.field").
    """
    demand(staff, Permission.CONTACT_EDIT)
    checked = {name: _checked(name, fields[name]) for name in _LIMITS if name in fields}
    await house.contacts.change(staff.workspace, contact, checked, _by(staff), house.now())


_LIMITS = {"name": CONTACT_NAME_CHARS_MAX, "address": 3, "language": 2, "notes": CONTACT_NOTES_CHARS_MAX}


def _checked(name: str, value: str) -> str:
    text = clean(value).strip()
    if name == "name":
        text = " ".join(text.split())
    allowed = {"address": ("", *(a.value for a in Address)), "language": LANGUAGES}.get(name)
    if allowed is not None and text not in allowed:
        raise Refused("contact.field", name=name, detail=", ".join(a or "–" for a in allowed))
    if len(text) > _LIMITS[name]:
        raise Refused("contact.field", name=name, detail=f"1–{_LIMITS[name]}")
    return text


async def add_address(house: House, staff: Staff, contact: ContactId, written: str) -> None:
    """Note a mail address or a telephone number, unproven: it joins nothing until it is proven.

    Raises: Refused("permission.missing"), Refused("address.malformed"), Refused("contact.unknown").
    """
    demand(staff, Permission.CONTACT_EDIT)
    written = clean(written).strip()
    channel = MAIL if "@" in written else PHONE
    address = key_of(channel, written)
    await house.contacts.add(staff.workspace, contact, channel, address, written, _by(staff), house.now())


async def vouch_for_address(house: House, staff: Staff, contact: ContactId, identity: IdentityId) -> None:
    """Confirm an address by a person's word.

    Raises: Refused("permission.missing"), Refused("address.taken"), Refused("address.unknown").
    """
    demand(staff, Permission.CONTACT_EDIT)
    await house.contacts.confirm(staff.workspace, contact, identity, _by(staff), house.now())


async def vouch_for_claim(house: House, staff: Staff, conversation: ConversationId) -> None:
    """Confirm by a person's word that a mail is from whom it says: its conversation becomes that contact's.

    Raises: Refused("permission.missing"), Refused("address.unknown") where there is nothing to confirm.
    """
    demand(staff, Permission.CONTACT_MERGE)
    await access_for_staff(house, staff, conversation)
    claim = await claim_of(house, staff.workspace, conversation)
    if claim is None:
        raise Refused("address.unknown")
    proven = Proven(
        channel=claim.channel,
        address=key_of(claim.channel, claim.written),
        written=claim.written,
        name=claim.name,
        proof=Proof.STAFF_CONFIRMED,
        by=_by(staff),
        at=house.now(),
    )
    await house.contacts.prove(staff.workspace, proven, conversation)
    await recognise(house, staff.workspace, conversation)
    house.push.publish(Changed(staff.workspace, conversation, 0))


async def merge_contacts(house: House, staff: Staff, gone: ContactId, into: ContactId) -> ContactId:
    """Join two contacts of one person; gives the one that was joined, by which it is undone.

    Raises: Refused("permission.missing"), Refused("contact.same"), Refused("contact.unknown").
    """
    demand(staff, Permission.CONTACT_MERGE)
    return await house.contacts.merge(staff.workspace, gone, into, _by(staff), house.now())


async def undo_merge(house: House, staff: Staff, gone: ContactId) -> None:
    """Take a merge back; raises Refused("permission.missing"), Refused("contact.not_merged")."""
    demand(staff, Permission.CONTACT_MERGE)
    await house.contacts.undo(staff.workspace, gone, _by(staff), house.now())


async def split_contact(house: House, staff: Staff, contact: ContactId, things: Sequence[UUID]) -> ContactId:
    """Move chosen addresses and conversations to a new contact.

    Raises: Refused("permission.missing"), Refused("contact.nothing_chosen"), Refused("address.unknown").
    """
    demand(staff, Permission.CONTACT_MERGE)
    return await house.contacts.split(staff.workspace, contact, things, _by(staff), house.now())


def _by(staff: Staff) -> str:
    return f"staff:{staff.id}"
