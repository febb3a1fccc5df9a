"""The desk's pages of contacts: who a conversation is with, search, one contact, merge, undo, split.

I decide what a page shows of a contact and which flow a button calls. router.py takes my routes in.
I never show an unproven address without saying so.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, IdentityId
from taktvoll.base.time import rfc3339
from taktvoll.domain.contacts.terms import Card, Claim, Contact, Identity, Logged, Talk
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.board import code_of
from taktvoll.entry.desk.hidden import FIELD, hidden, shown
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.house import House
from taktvoll.flows.keep_contact import (
    LANGUAGES,
    add_address,
    card_for,
    change_contact,
    find_contacts,
    merge_contacts,
    panel_of,
    split_contact,
    undo_merge,
    vouch_for_address,
    vouch_for_claim,
)

CONTACTS = DESK + "/contacts"
CONTACT = CONTACTS + "/{contact}"
TALKS_BESIDE = 5
DONE = ("change", "address", "vouch", "merge", "undo", "split")
THING = "thing-"
"""Fields of the form that splits are named by what they move."""

Fields = Mapping[str, str]
Handler = Callable[..., Awaitable[Response]]
Deed = Callable[[Visit, ContactId, Fields], Awaitable[str]]
Act = Callable[
    [Request, str, str, Permission, Callable[[Visit, ConversationId, dict[str, str]], Awaitable[object]]],
    Awaitable[Response],
]


@dataclass(frozen=True, slots=True)
class AddressShown:
    """An address as it is shown; `proof` says in words what it rests on."""

    id: str
    written: str
    proven: bool
    proof: str


@dataclass(frozen=True, slots=True)
class TalkShown:
    """A conversation of a contact, as a link."""

    id: str
    code: str
    channel: str
    at: str
    closed: bool


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A contact as pages show it; `name` falls back to an address, `learnt` names fields read from messages,
    `seen_once` those of them that one message alone showed."""

    id: str
    name: str
    own_name: str
    form: str
    language: str
    notes: str
    addresses: tuple[AddressShown, ...]
    talks: tuple[TalkShown, ...]
    learnt: frozenset[str]
    seen_once: frozenset[str]
    erased: bool


@dataclass(frozen=True, slots=True)
class JoinedShown:
    """A contact that was merged into the one shown."""

    id: str
    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a conversation: a contact, a claim that nothing proves, or neither."""

    contact: ContactShown | None = None
    claim: Claim | None = None
    others: tuple[TalkShown, ...] = ()


async def beside(house: House, visit: Visit, conversation: ConversationId) -> Beside | None:
    """Who a conversation is with; None for those who may not know."""
    if not visit.may(Permission.CONTACT_READ):
        return None
    panel = await panel_of(house, visit.staff, conversation)
    if panel.card is None:
        return Beside(claim=panel.claim)
    theirs = _contact(panel.card, visit)
    others = tuple(t for t in theirs.talks if t.id != str(conversation))
    return Beside(theirs, None, others[:TALKS_BESIDE])


def contacts_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act is the router's way to do something to a conversation."""
    pages = ContactPages(house, act)
    return (
        ("GET", CONTACTS, pages.search),
        ("POST", CONTACTS, pages.seek),
        ("GET", CONTACT, pages.one),
        ("POST", CONTACT, pages.seek_other),
        ("POST", CONTACT + "/change", pages.change),
        ("POST", CONTACT + "/address", pages.address),
        ("POST", CONTACT + "/vouch", pages.vouch),
        ("POST", CONTACT + "/merge", pages.merge),
        ("POST", CONTACT + "/undo", pages.undo),
        ("POST", CONTACT + "/split", pages.split),
        ("POST", DESK + "/c/{conversation}/sender", pages.sender),
    )


class ContactPages:
    """Search, one contact, and what is done to it."""

    def __init__(self, house: House, act: Act) -> None:
        self._house = house
        self._act = act

    async def search(self, request: Request, workspace: str) -> Response:
        """Find contacts; without a word the latest."""
        visit = await session.enter(self._house, request, workspace, Permission.CONTACT_READ)
        asked = shown(self._house, visit, request.query_params.get(FIELD, "")).get("q", "")
        found = await find_contacts(self._house, visit.staff, asked)
        rows = [_contact(card, visit) for card in found]
        return page("contacts.html", visit.language, visit=visit, rows=rows, asked=asked, now=self._now())

    async def seek(self, request: Request, workspace: str) -> Response:
        """Lead the form on to the address of what it asks for, which hides the word."""
        visit, word = await self._sought(request, workspace, "q")
        return _on(f"{visit.base}/contacts?{FIELD}={word}")

    async def seek_other(self, request: Request, workspace: str, contact: str) -> Response:
        """Likewise for a contact to merge with."""
        visit, word = await self._sought(request, workspace, "with")
        return _on(f"{visit.base}/contacts/{_id(contact)}?{FIELD}={word}#merge")

    async def _sought(self, request: Request, workspace: str, field: str) -> tuple[Visit, str]:
        """Who asks, and the hidden word."""
        visit = await session.enter(self._house, request, workspace, Permission.CONTACT_READ)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, hidden(self._house, visit, {field: fields.get(field, "")[:200]})

    async def one(self, request: Request, workspace: str, contact: str) -> Response:
        """Show one contact; with a hidden word, those it could be merged with; with one chosen, what is joined."""
        visit = await session.enter(self._house, request, workspace, Permission.CONTACT_READ)
        query = request.query_params
        done = query.get("done", "")
        word = shown(self._house, visit, query.get(FIELD, "")).get("with", "")
        return await self._page(
            visit, _id(contact), done if done in DONE else "", word, query.get("other", "")
        )

    async def change(self, request: Request, workspace: str, contact: str) -> Response:
        """Set name, form of address, language and notes."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            await change_contact(self._house, visit.staff, whose, fields)
            return f"{whose}?done=change"

        return await self._do(request, workspace, contact, Permission.CONTACT_EDIT, act)

    async def address(self, request: Request, workspace: str, contact: str) -> Response:
        """Note an address, unproven."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            await add_address(self._house, visit.staff, whose, fields.get("written", ""))
            return f"{whose}?done=address"

        return await self._do(request, workspace, contact, Permission.CONTACT_EDIT, act)

    async def vouch(self, request: Request, workspace: str, contact: str) -> Response:
        """Confirm an address by one's word."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            await vouch_for_address(
                self._house, visit.staff, whose, IdentityId(_uuid(fields.get("identity", "")))
            )
            return f"{whose}?done=vouch"

        return await self._do(request, workspace, contact, Permission.CONTACT_EDIT, act)

    async def merge(self, request: Request, workspace: str, contact: str) -> Response:
        """Join another contact to this one."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            await merge_contacts(self._house, visit.staff, _id(fields.get("other", "")), whose)
            return f"{whose}?done=merge"

        return await self._do(request, workspace, contact, Permission.CONTACT_MERGE, act)

    async def undo(self, request: Request, workspace: str, contact: str) -> Response:
        """Take a merge back."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            await undo_merge(self._house, visit.staff, _id(fields.get("gone", "")))
            return f"{whose}?done=undo"

        return await self._do(request, workspace, contact, Permission.CONTACT_MERGE, act)

    async def split(self, request: Request, workspace: str, contact: str) -> Response:
        """Move what was chosen to a new contact, and show that."""

        async def act(visit: Visit, whose: ContactId, fields: Fields) -> str:
            things = [_uuid(name.removeprefix(THING)) for name in fields if name.startswith(THING)]
            new = await split_contact(self._house, visit.staff, whose, things)
            return f"{new}?done=split"

        return await self._do(request, workspace, contact, Permission.CONTACT_MERGE, act)

    async def sender(self, request: Request, workspace: str, conversation: str) -> Response:
        """Confirm by one's word that a conversation is from whom it says."""

        async def deed(visit: Visit, talk: ConversationId, _: Fields) -> None:
            await vouch_for_claim(self._house, visit.staff, talk)

        return await self._act(request, workspace, conversation, Permission.CONTACT_MERGE, deed)

    async def _do(
        self, request: Request, workspace: str, contact: str, permission: Permission, deed: Deed
    ) -> Response:
        """Check the form, do what it asks, and show the contact with what became of it."""
        visit = await session.enter(self._house, request, workspace, permission)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        whose = _id(contact)
        try:
            further = await deed(visit, whose, fields)
        except Refused as refusal:
            if refusal.code == "contact.unknown":
                raise
            return await self._page(visit, whose, refusal=refusal, typed=fields)
        return _on(f"{visit.base}/contacts/{further}")

    async def _page(
        self,
        visit: Visit,
        whose: ContactId,
        done: str = "",
        word: str = "",
        other: str = "",
        refusal: Refused | None = None,
        typed: Fields | None = None,
    ) -> Response:
        card, log = await card_for(self._house, visit.staff, whose)
        rows = await find_contacts(self._house, visit.staff, word) if word.strip() else ()
        chosen = await self._chosen(visit, card, other)
        names = {str(s.id): s.name for s in await self._house.directory.staff(visit.workspace.id)}
        said = texts(visit.language)
        return page(
            "contact.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            contact=_contact(card, visit),
            joined=[
                JoinedShown(str(j.contact.id), _name(j.contact, (), said), rfc3339(j.at)) for j in card.joined
            ],
            matches=[_contact(c, visit) for c in rows if c.contact.id != card.contact.id],
            word=word,
            chosen=chosen,
            log=[(rfc3339(line.at), _said(line, names, said)) for line in log],
            done=said[f"contact_done_{done}"] if done else "",
            error=refusal.text(visit.language) if refusal else "",
            typed=typed or {},
            languages=LANGUAGES,
            now=self._now(),
        )

    async def _chosen(self, visit: Visit, card: Card, other: str) -> ContactShown | None:
        """The contact that was chosen to be merged, before it is."""
        if not other:
            return None
        found, _ = await card_for(self._house, visit.staff, _id(other))
        return _contact(found, visit) if found.contact.id != card.contact.id else None

    def _now(self) -> str:
        return rfc3339(self._house.now())


def _contact(card: Card, visit: Visit) -> ContactShown:
    said, contact = texts(visit.language), card.contact
    return ContactShown(
        id=str(contact.id),
        name=_name(contact, card.identities, said),
        own_name=contact.name,
        form=contact.address.value if contact.address else "",
        language=contact.language,
        notes=contact.notes,
        addresses=tuple(_address(i, said) for i in card.identities),
        talks=tuple(_talk(t, said) for t in card.talks),
        learnt=contact.learnt,
        seen_once=contact.seen_once,
        erased=contact.erased,
    )


def _name(contact: Contact, identities: tuple[Identity, ...], said: Mapping[str, str]) -> str:
    if contact.erased:
        return said["contact_erased"]
    return contact.name or next((i.written for i in identities), said["contact_nameless"])


def _address(identity: Identity, said: Mapping[str, str]) -> AddressShown:
    return AddressShown(
        str(identity.id), identity.written, identity.proven, said[f"proof_{identity.proof.value}"]
    )


def _talk(talk: Talk, said: Mapping[str, str]) -> TalkShown:
    channel = said.get(f"channel_{talk.channel}", talk.channel)
    return TalkShown(str(talk.id), code_of(talk.id), channel, rfc3339(talk.changed_at), talk.closed)


def _said(line: Logged, names: Mapping[str, str], said: Mapping[str, str]) -> str:
    """A line of the log in words; what the program did by itself has no name."""
    who = names.get(line.actor.removeprefix("staff:"), "") if line.actor.startswith("staff:") else ""
    text = said[f"log_{line.kind.replace('.', '_')}"]
    proof = line.detail.get("proof")
    if proof:
        text = f"{text}: {said[f'proof_{proof}']}"
    return f"{text} ({who})" if who else text


def _on(address: str) -> Response:
    return RedirectResponse(address, 303, dict(NO_STORE))


def _id(text: str) -> ContactId:
    try:
        return ContactId(UUID(text))
    except ValueError as error:
        raise Refused("contact.unknown") from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("address.unknown") from error
