"""Contacts on the real store: one address one person, merges that undo exactly, and many who act at once."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.contact_codes import PostgresCodes
from taktvoll.adapters.postgres.contacts import PostgresContacts
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, uuid7
from taktvoll.domain.contacts.ports import Proven
from taktvoll.domain.contacts.terms import Card, Identity, Proof
from tests.contract.conftest import NOW, Place, make_place, talk, wrote

CODE = Proof.CODE_CONFIRMED


@pytest.fixture
def contacts(pool: Pool) -> PostgresContacts:
    """The store under test."""
    return PostgresContacts(pool)


def by_mail(address: str, name: str = "", proof: Proof = Proof.MAIL_AUTHENTICATED) -> Proven:
    """A mail address, proven just now."""
    return Proven(
        channel="mail", address=address, written=address, name=name, proof=proof, by="contacts", at=NOW
    )


async def conversation(place: Place) -> ConversationId:
    """A conversation with one message."""
    made = talk()
    await place.record.accept(wrote(place, made, str(made)))
    return made


async def person(
    contacts: PostgresContacts, place: Place, address: str, name: str = ""
) -> tuple[Identity, ConversationId]:
    """Someone with a proven address and one conversation."""
    theirs = await conversation(place)
    return await contacts.prove(place.id, by_mail(address, name), theirs), theirs


async def kept(contacts: PostgresContacts, place: Place, contact: ContactId) -> Card:
    """What is kept of a contact."""
    return await contacts.card(place.id, contact)


async def test_one_address_is_one_person(contacts: PostgresContacts, place: Place) -> None:
    """Two conversations from one proven address belong together; the same name alone joins nothing."""
    eva, first = await person(contacts, place, "eva@a.example", "Eva Meier")
    again, second = await person(contacts, place, "eva@a.example", "E. Meier")
    other, third = await person(contacts, place, "eva@b.example", "Eva Meier")
    assert eva == again
    assert other.home != eva.home
    card = await kept(contacts, place, eva.home)
    assert ({t.id for t in card.talks}, card.contact.name) == ({first, second}, "Eva Meier")
    owner = await contacts.of(place.id, third)
    assert owner is not None
    assert owner.id == other.home


async def test_many_at_once_make_one_contact(contacts: PostgresContacts, place: Place) -> None:
    """Three mails of a new customer arrive in one second by three workers; that is one customer."""
    talks = [await conversation(place) for _ in range(6)]
    proofs = await asyncio.gather(*(contacts.prove(place.id, by_mail("neu@a.example"), t) for t in talks))
    assert len({p.home for p in proofs}) == 1
    assert len((await kept(contacts, place, proofs[0].home)).talks) == 6


async def test_a_second_address_is_added_and_never_taken_away(
    contacts: PostgresContacts, place: Place
) -> None:
    """A chat of a known person that proves a new address gives them that address; a stranger's stays the stranger's."""
    eva, hers = await person(contacts, place, "eva@a.example")
    max_, _ = await person(contacts, place, "max@a.example")
    new = await contacts.prove(place.id, by_mail("eva@neu.example", proof=CODE), hers)
    foreign = await contacts.prove(place.id, by_mail("max@a.example", proof=CODE), hers)
    assert (new.home, foreign.home) == (eva.home, max_.home)
    owner, way = await contacts.of(place.id, hers), await contacts.way(place.id, hers)
    assert owner is not None
    assert owner.id == eva.home
    assert way is not None
    assert way.id == max_.id


async def test_unproven_addresses_find_nobody_until_someone_vouches(
    contacts: PostgresContacts, place: Place
) -> None:
    """Whatever an agent notes joins nothing; a person's word proves it once, and for one contact alone."""
    eva, _ = await person(contacts, place, "eva@a.example")
    max_, _ = await person(contacts, place, "max@a.example")
    noted = await contacts.add(place.id, eva.home, "phone", "+49821123456", "0821 123456", "staff:1", NOW)
    assert noted == await contacts.add(
        place.id, eva.home, "phone", "+49821123456", "0821/123456", "staff:1", NOW
    )
    twin = await contacts.add(place.id, max_.home, "phone", "+49821123456", "0821 123456", "staff:1", NOW)
    assert await contacts.proven(place.id, "phone", "+49821123456") is None
    await contacts.confirm(place.id, eva.home, noted, "staff:1", NOW)
    found = await contacts.proven(place.id, "phone", "+49821123456")
    assert found is not None
    assert (found.home, found.proof) == (eva.home, Proof.STAFF_CONFIRMED)
    with pytest.raises(Refused, match=r"address\.taken"):
        await contacts.confirm(place.id, max_.home, twin, "staff:1", NOW)
    with pytest.raises(Refused, match=r"address\.unknown"):
        await contacts.confirm(place.id, max_.home, noted, "staff:1", NOW)


async def test_a_merge_shows_both_histories_and_undoes_exactly(
    contacts: PostgresContacts, place: Place
) -> None:
    """Merging keeps both; undone, each has its addresses and conversations, also those that came in between."""
    eva, first = await person(contacts, place, "eva@a.example", "Eva")
    work, second = await person(contacts, place, "eva@firma.example", "E. Meier")
    gone = await contacts.merge(place.id, work.home, eva.home, "staff:1", NOW)
    _, third = await person(contacts, place, "eva@firma.example")
    whole = await kept(contacts, place, work.home)
    assert whole.contact.id == eva.home
    assert {t.id for t in whole.talks} == {first, second, third}
    assert [j.contact.id for j in whole.joined] == [gone]
    with pytest.raises(Refused, match=r"contact\.same"):
        await contacts.merge(place.id, eva.home, work.home, "staff:1", NOW)
    await contacts.undo(place.id, gone, "staff:1", NOW)
    assert {t.id for t in (await kept(contacts, place, eva.home)).talks} == {first}
    assert {t.id for t in (await kept(contacts, place, work.home)).talks} == {second, third}
    with pytest.raises(Refused, match=r"contact\.not_merged"):
        await contacts.undo(place.id, gone, "staff:1", NOW)


async def test_merges_at_once_make_no_circle(contacts: PostgresContacts, place: Place) -> None:
    """Two agents merge the same people in opposite directions, a third merges them on: one tree, nobody lost."""
    people = [(await person(contacts, place, f"p{n}@a.example"))[0].home for n in range(5)]
    pairs = [(a, b) for a in people for b in people if a != b]
    ended = await asyncio.gather(
        *(contacts.merge(place.id, a, b, "staff:1", NOW) for a, b in pairs), return_exceptions=True
    )
    assert sum(isinstance(e, UUID) for e in ended) == 4
    assert all(isinstance(e, UUID) or (isinstance(e, Refused) and e.code == "contact.same") for e in ended)
    cards = [await kept(contacts, place, p) for p in people]
    assert len({c.contact.id for c in cards}) == 1
    assert len(cards[0].talks) == 5


async def test_a_split_moves_what_was_chosen(contacts: PostgresContacts, place: Place) -> None:
    """A family that shared a mailbox becomes two people again: the chosen goes, the rest stays, none is lost."""
    eva, first = await person(contacts, place, "familie@a.example")
    _, second = await person(contacts, place, "familie@a.example")
    other, foreign = await person(contacts, place, "max@a.example")
    with pytest.raises(Refused, match=r"address\.unknown"):
        await contacts.split(place.id, eva.home, [foreign], "staff:1", NOW)
    new = await contacts.split(place.id, eva.home, [second], "staff:1", NOW)
    assert [t.id for t in (await kept(contacts, place, new)).talks] == [second]
    assert [t.id for t in (await kept(contacts, place, eva.home)).talks] == [first]
    assert [t.id for t in (await kept(contacts, place, other.home)).talks] == [foreign]


async def test_what_staff_set_is_not_unlearnt(contacts: PostgresContacts, place: Place) -> None:
    """An agent was told to say Sie; a slangy message must not undo that."""
    eva, _ = await person(contacts, place, "eva@a.example")
    await contacts.change(
        place.id, eva.home, {"address": "du", "language": "en"}, "contacts", NOW, learnt=True
    )
    await contacts.change(place.id, eva.home, {"address": "sie"}, "staff:1", NOW)
    await contacts.change(
        place.id, eva.home, {"address": "du", "language": "de"}, "contacts", NOW, learnt=True
    )
    contact = (await kept(contacts, place, eva.home)).contact
    assert (contact.address, contact.language, contact.learnt) == ("sie", "de", frozenset({"language"}))


async def test_search_finds_by_any_part_with_and_without_its_index(
    contacts: PostgresContacts, place: Place
) -> None:
    """A short part is read for, a longer one looked up: neither may find more or less, nor those of another company."""
    eva, _ = await person(contacts, place, "eva@a.example", "Eva  René Meier")
    for text in ("va", "eva rene", "RENÉ", " meier ", "e m", "@a.ex", "a.example"):
        for limit in (1, 10):  # a full page is found among the latest, a longer one by looking further
            assert [c.contact.id for c in await contacts.search(place.id, text, limit)] == [eva.home], text
    for text in ("evi", "eva meier", "q", "mei%"):
        assert await contacts.search(place.id, text, 10) == (), text
    other = await make_place(place.pool)
    for text in ("", "va", "meier"):
        assert await contacts.search(other.id, text, 10) == (), text
    await contacts.change(place.id, eva.home, {"name": "Eva Kunz"}, "staff:1", NOW)
    assert await contacts.search(place.id, "meier", 10) == ()
    split = await contacts.split(place.id, eva.home, [eva.id], "staff:1", NOW)
    assert [c.contact.id for c in await contacts.search(place.id, "a.example", 10)] == [split]
    assert [c.contact.id for c in await contacts.search(place.id, "kunz", 10)] == [eva.home]
    await contacts.erase(place.id, eva.home, "staff:1", NOW)
    assert await contacts.search(place.id, "kunz", 10) == ()


async def test_search_finds_by_name_and_address_and_takes_signs_as_they_are(
    contacts: PostgresContacts, place: Place
) -> None:
    """Agents type a part of what they hear; a percent sign is no wildcard, and who was merged is found as the whole."""
    eva, _ = await person(contacts, place, "eva@a.example", "Eva Meier")
    work, _ = await person(contacts, place, "meier@firma.example", "E. M. 100%")
    await person(contacts, place, "max@a.example", "Max")
    for text, found in (
        ("EVA", {eva.home}),
        ("firma", {work.home}),
        ("100%", {work.home}),
        ("%", {work.home}),
        ("_", set()),
    ):
        assert {c.contact.id for c in await contacts.search(place.id, text, 10)} == found, text
    await contacts.merge(place.id, work.home, eva.home, "staff:1", NOW)
    assert [c.contact.id for c in await contacts.search(place.id, "firma", 10)] == [eva.home]
    assert len(await contacts.search(place.id, "", 10)) == 2


async def test_erasing_leaves_no_word_of_a_person(contacts: PostgresContacts, place: Place) -> None:
    """Name, notes and addresses go, also of what was merged; the log stays and never held any (DSGVO Art. 17)."""
    eva, first = await person(contacts, place, "eva@geheim.example", "Eva Geheim")
    work, _ = await person(contacts, place, "geheim@firma.example", "Geheim")
    await contacts.change(place.id, eva.home, {"notes": "geheim"}, "staff:1", NOW)
    await contacts.merge(place.id, work.home, eva.home, "staff:1", NOW)
    await contacts.erase(place.id, eva.home, "staff:1", NOW)
    assert "eheim" not in str(await kept(contacts, place, eva.home)) + str(
        await contacts.log(place.id, eva.home, 50)
    )
    assert await contacts.of(place.id, first) is None
    assert await contacts.search(place.id, "geheim", 10) == ()


async def test_the_log_cannot_be_changed(contacts: PostgresContacts, place: Place, pool: Pool) -> None:
    """Who merged whom must be provable, so the program itself may only append."""
    eva, _ = await person(contacts, place, "eva@a.example")
    assert [line.kind for line in await contacts.log(place.id, eva.home, 9)][::-1] == [
        "contact.made", "identity.proven", "conversation.linked",
    ]  # fmt: skip
    for statement in ("update contact_log set actor = 'x'", "delete from contact_log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with pool.within(place.id) as connection:
                await connection.execute(statement)


async def test_codes_are_few_however_many_ask_at_once(place: Place, pool: Pool) -> None:
    """Requests in parallel are three codes a conversation; for an address they end in silence, not in words."""
    codes, here = PostgresCodes(pool), await conversation(place)

    async def ask(where: ConversationId) -> bool | str:
        try:
            return (
                await codes.ask(place.id, where, uuid7(NOW), "a@b.example", "a@b.example", b"d", NOW)
            ).sent
        except Refused as refused:
            return refused.code

    asked = await asyncio.gather(*(ask(here) for _ in range(8)))
    assert sorted(map(str, asked)) == ["True"] * 3 + ["code.too_many"] * 5
    assert await ask(await conversation(place)) is False


async def test_five_tries_are_all_however_many_try_at_once(place: Place, pool: Pool) -> None:
    """Guessing in parallel must not win tries; a used code opens nothing twice."""
    codes, here = PostgresCodes(pool), await conversation(place)
    asked = await codes.ask(place.id, here, uuid7(NOW), "a@b.example", "a@b.example", b"e", NOW)
    tried = await asyncio.gather(*(codes.tried(place.id, here, NOW) for _ in range(12)))
    assert sum(t is not None for t in tried) == 5
    assert [await codes.used(place.id, asked.id) for _ in range(2)] == [True, False]
