"""Merging, undoing and splitting contacts, on a small book of pointers.

I decide which contact a thing belongs to and what a merge may be. The store calls me within its transaction, with the
part of the book that is concerned. I never move what a contact owns when it is merged: so undoing restores exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from taktvoll.base.errors import Broken, Refused
from taktvoll.base.ids import ContactId


@dataclass(frozen=True, slots=True)
class Book:
    """Which contact was merged into which, and which contact each identity and conversation lies in."""

    into: Mapping[ContactId, ContactId | None]
    homes: Mapping[UUID, ContactId]

    def root(self, contact: ContactId) -> ContactId:
        """The contact that speaks for this one.

        Raises: Refused("contact.unknown"), Broken("contact.loop").
        """
        seen: set[ContactId] = set()
        while True:
            if contact not in self.into:
                raise Refused("contact.unknown")
            if contact in seen:
                raise Broken("contact.loop")
            seen.add(contact)
            further = self.into[contact]
            if further is None:
                return contact
            contact = further

    def tree(self, contact: ContactId) -> frozenset[ContactId]:
        """Every contact for which the same one speaks."""
        root = self.root(contact)
        return frozenset(one for one in self.into if self.root(one) == root)

    def owned(self, contact: ContactId) -> frozenset[UUID]:
        """Everything that belongs to a contact, with what was merged."""
        tree = self.tree(contact)
        return frozenset(thing for thing, home in self.homes.items() if home in tree)


def merged(book: Book, gone: ContactId, into: ContactId) -> tuple[Book, ContactId, ContactId]:
    """Join two contacts: whoever speaks for `gone` is from now on spoken for by whoever speaks for `into`.

    Gives:  the book after it, which contact got a pointer, and to which. Both ends are roots of different trees, so no
            loop can come of it.
    Raises: Refused("contact.same"), Refused("contact.unknown").
    """
    child, parent = book.root(gone), book.root(into)
    if child == parent:
        raise Refused("contact.same")
    return replace(book, into={**book.into, child: parent}), child, parent


def undone(book: Book, gone: ContactId) -> Book:
    """Take a merge back: the contact stands for itself again, with what it owned and what was merged into it before.

    Raises: Refused("contact.not_merged"), Refused("contact.unknown").
    """
    if gone not in book.into:
        raise Refused("contact.unknown")
    if book.into[gone] is None:
        raise Refused("contact.not_merged")
    return replace(book, into={**book.into, gone: None})


def split(book: Book, contact: ContactId, things: Iterable[UUID], new: ContactId) -> Book:
    """Move chosen identities and conversations of a contact to a new one.

    Raises: Refused("contact.nothing_chosen"), Refused("address.unknown") for what is not this contact's.
    """
    chosen = frozenset(things)
    if not chosen:
        raise Refused("contact.nothing_chosen")
    if not chosen <= book.owned(contact):
        raise Refused("address.unknown")
    return Book({**book.into, new: None}, {**book.homes, **dict.fromkeys(chosen, new)})
