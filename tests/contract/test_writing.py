"""What the ports Writing and Finder promise, held against PostgreSQL: drafts, replies that wait, words found."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.postgres import finding
from taktvoll.adapters.postgres.contacts import PostgresContacts
from taktvoll.adapters.postgres.finding import PostgresFinder
from taktvoll.adapters.postgres.writing import PostgresWriting
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.finding import Hit, Named, Status, sought_from
from taktvoll.domain.conversation.terms import PersonalText
from taktvoll.domain.conversation.writing import Draft, Pending
from taktvoll.domain.delivery.arrived import Arrived, arrived_content
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.mail.terms import Address
from taktvoll.domain.people.terms import Staff
from tests.contract.conftest import NOW, Place, make_place, talk, wrote
from tests.contract.test_board import given, handed, happen, someone
from tests.contract.test_contacts import by_mail

SOON = NOW + timedelta(seconds=5)
LATER = NOW + timedelta(seconds=40)
ENTRY = PassageKey("hilfe", "stand", "de")


@pytest.fixture
def store(place: Place) -> PostgresWriting:
    """Give the store over the place's pool."""
    return PostgresWriting(place.pool)


@pytest.fixture
def finder(place: Place) -> PostgresFinder:
    """Give the search over the place's pool."""
    return PostgresFinder(place.pool)


def draft(place: Place, staff: Staff, one: ConversationId, text: str = "Guten Tag") -> Draft:
    """What someone has begun."""
    return Draft(
        workspace=place.id, staff=staff.id, conversation=one, text=text, client_id="mine", entry=ENTRY
    )


def pending(place: Place, staff: Staff, one: ConversationId, text: str = "Bis dann") -> Pending:
    """A reply that is due soon."""
    return Pending(
        id=uuid7(NOW), workspace=place.id, staff=staff.id, conversation=one, text=text, client_id="sent",
        entry=ENTRY, epoch=1, customer_seq=2, due_at=SOON,
    )  # fmt: skip


async def begun(place: Place, text: str = "Hallo") -> ConversationId:
    """A conversation in which the customer wrote."""
    one = talk()
    await place.record.accept(wrote(place, one, str(one), text))
    return one


async def test_draft_is_kept_for_each_person_until_it_is_empty(place: Place, store: PostgresWriting) -> None:
    """What two people begin must not overwrite one another, and a queue may say "draft" only while there is one."""
    one, jana, emre = await begun(place), await someone(place), await someone(place, "Emre")
    assert await store.keep(draft(place, jana, one), NOW)
    assert await store.keep(draft(place, emre, one, "Hi"), NOW)
    assert not await store.keep(draft(place, jana, one, "Guten Tag, Frau"), NOW)
    kept = await store.draft(place.id, jana.id, one)
    assert kept is not None
    assert (kept.text, kept.client_id, kept.entry, kept.why) == ("Guten Tag, Frau", "mine", ENTRY, "")
    assert await store.keep(draft(place, jana, one, " "), NOW)
    assert not await store.keep(draft(place, jana, one, ""), NOW)
    assert await store.draft(place.id, jana.id, one) is None
    assert await store.draft(place.id, emre.id, one) is not None


async def test_waiting_reply_takes_the_draft_and_gives_it_back(place: Place, store: PostgresWriting) -> None:
    """A text is begun, or waits, or is sent: never two of them, and never none (nothing may be lost)."""
    one, jana = await begun(place), await someone(place)
    await store.keep(draft(place, jana, one), NOW)
    waits = pending(place, jana, one)
    assert await store.hold(waits)
    assert await store.draft(place.id, jana.id, one) is None
    assert await store.pending(place.id, jana.id, one) == waits
    assert not await store.hold(replace(waits, id=uuid7(NOW), text="Noch eine"))
    await store.keep(draft(place, jana, one, "PS"), NOW)
    assert await store.take_back(place.id, jana.id, one, NOW)
    assert not await store.take_back(place.id, jana.id, one, NOW)
    back = await store.draft(place.id, jana.id, one)
    assert back is not None
    assert back.text == "Bis dann\n\nPS"
    assert await store.claim(place.id, LATER, LATER, 10) == ()


async def test_what_could_not_be_sent_says_why(place: Place, store: PostgresWriting) -> None:
    """The agent must learn that the customer wrote meanwhile, with the words still there."""
    one, jana = await begun(place), await someone(place)
    await store.hold(pending(place, jana, one))
    (claimed,) = await store.claim(place.id, LATER, LATER, 10)
    await store.give_back(claimed, "customer.wrote", NOW)
    await store.give_back(claimed, "customer.wrote", NOW)
    back = await store.draft(place.id, jana.id, one)
    assert back is not None
    assert (back.text, back.why, back.client_id) == ("Bis dann", "customer.wrote", "sent")


async def test_what_came_back_stays_until_it_is_seen(place: Place, store: PostgresWriting) -> None:
    """A tab that saves or sends the next text a moment later must not wipe out the one that was never sent."""
    one, jana = await begun(place), await someone(place)
    await store.hold(pending(place, jana, one))
    (claimed,) = await store.claim(place.id, LATER, LATER, 10)
    await store.give_back(claimed, "customer.wrote", NOW)
    await store.keep(draft(place, jana, one, ""), NOW)
    await store.keep(draft(place, jana, one, "PS"), NOW)
    both = await store.draft(place.id, jana.id, one)
    assert both is not None
    assert (both.text, both.why, both.entry) == ("Bis dann\n\nPS", "customer.wrote", None)
    assert both.client_id not in ("sent", "mine")
    await store.hold(replace(pending(place, jana, one, "Etwas anderes"), client_id="other"))
    assert await store.draft(place.id, jana.id, one) == both
    assert await store.take_back(place.id, jana.id, one, NOW)
    all_of_it = await store.draft(place.id, jana.id, one)
    assert all_of_it is not None
    assert all_of_it.text == "Etwas anderes\n\nBis dann\n\nPS"
    await store.give_back(claimed, "customer.wrote", NOW)
    await store.hold(replace(pending(place, jana, one, "So geht es."), client_id="next"))
    (claimed,) = await store.claim(place.id, LATER, LATER, 10)
    await store.give_back(claimed, "owner.changed", NOW)
    await store.keep(draft(place, jana, one, "Seen and changed"), NOW, "next")
    kept = await store.draft(place.id, jana.id, one)
    assert kept is not None
    assert (kept.text, kept.why) == ("Seen and changed", "")


async def test_due_reply_is_claimed_by_one_process(place: Place, store: PostgresWriting) -> None:
    """Ten workers at the same moment, and a killed one: each reply has exactly one sender at a time."""
    jana = await someone(place)
    talks = [await begun(place) for _ in range(5)]
    for one in talks:
        await store.hold(pending(place, jana, one))
    assert await store.claim(place.id, NOW, LATER, 10) == ()
    got = await asyncio.gather(*(store.claim(place.id, SOON, LATER, 2) for _ in range(10)))
    assert sorted(str(p.conversation) for claimed in got for p in claimed) == sorted(map(str, talks))
    assert not await store.take_back(place.id, jana.id, talks[0], SOON)
    again = await store.claim(place.id, LATER + timedelta(seconds=1), LATER + timedelta(minutes=1), 10)
    assert len(again) == 5
    await store.sent(again[0])
    assert await store.pending(place.id, jana.id, again[0].conversation) is None


async def test_one_reply_can_be_claimed_early(place: Place, store: PostgresWriting) -> None:
    """ "Send now" takes this one and no other."""
    jana, one, other = await someone(place), await begun(place), await begun(place)
    waits = pending(place, jana, one)
    await store.hold(waits)
    await store.hold(pending(place, jana, other))
    assert await store.claim(place.id, NOW, LATER, 1, waits.id) == (waits,)
    assert await store.claim(place.id, NOW, LATER, 1, waits.id) == ()


async def find(finder: PostgresFinder, place: Place, words: str, **filters: object) -> list[Hit]:
    """What a search gives."""
    return list(await finder.find(place.id, replace(sought_from(words), **filters)))  # type: ignore[arg-type]


async def test_words_are_found_in_any_form(place: Place, finder: PostgresFinder) -> None:
    """People remember that it was about meters, not how the customer spelled it."""
    one = await begun(place, "Die Zählerstände von René sind doch längst übermittelt!")
    other = await begun(place, "Ich habe noch nie eine Zählerkarte bekommen, bitte Rückruf.")
    assert [h.conversation for h in await find(finder, place, "zählerstand rene")] == [one]
    (hit,) = await find(finder, place, '"nie eine" -umzug')
    assert hit.conversation == other
    assert "".join(hit.pieces).startswith("Ich habe noch nie eine Zählerkarte bekommen")
    assert hit.pieces[1] == "nie"
    assert {h.conversation for h in await find(finder, place, "zähler*")} == {one, other}
    assert await find(finder, place, "zähler") == []
    assert await find(finder, place, "umzug") == []
    for nothing in ("", "und die", "'", "-", "&!:*", "*"):
        with pytest.raises(Refused, match=r"search\.words"):
            await find(finder, place, nothing)
    for odd in ("a & | ! b", "rück:*", "((", "\\'x", "<->", "zähler**"):
        await find(finder, place, f"{odd} rückruf")


async def test_each_conversation_is_found_once_newest_first_page_by_page(
    place: Place, finder: PostgresFinder
) -> None:
    """Twenty hits in one chat would hide the other nineteen customers."""
    talks = []
    for minute in range(5):
        one = talk()
        for n in range(2):
            at = NOW + timedelta(minutes=minute, seconds=n)
            await place.record.accept(wrote(place, one, f"{one}{n}", f"Abschlag Nummer {n}", at=at))
        talks.append(one)
    first = await find(finder, place, "abschlag", limit=3)
    assert [h.conversation for h in first] == talks[:1:-1]
    assert all("Nummer 1" in "".join(h.pieces) for h in first)
    rest = await find(finder, place, "abschlag", limit=3, after=first[-1].after)
    assert [h.conversation for h in rest] == talks[1::-1]
    since = NOW + timedelta(minutes=4)
    assert [h.conversation for h in await find(finder, place, "abschlag", since=since)] == [talks[4]]
    until = NOW + timedelta(seconds=1)
    assert ["".join(h.pieces) for h in await find(finder, place, "abschlag", until=until)] == [
        "Abschlag Nummer 0"
    ]


async def test_search_is_narrowed(place: Place, finder: PostgresFinder) -> None:
    """Who has it, where it stands, and what it is tagged with narrow a word that everybody writes."""
    jana = await someone(place)
    talks = []
    for _ in range(3):
        one = talk()
        accepted = await place.record.accept(wrote(place, one, str(one), "Meine Rechnung stimmt nicht"))
        talks.append((one, accepted.state))
    (queued, state), (hers, of_hers), (ours, _) = talks
    state = await happen(place, queued, state, handed(state), ("tag.added", {"tag": "vip"}))
    of_hers = await happen(place, hers, of_hers, given(of_hers, jana))
    await happen(
        place, hers, of_hers, ("conversation.closed", {"epoch": of_hers.owner_epoch + 1, "staff": "s"})
    )
    for filters, wanted in (
        ({"status": Status.OPEN}, {queued}),
        ({"status": Status.CLOSED}, {hers}),
        ({"status": Status.ASSISTANT}, {ours}),
        ({"tag": "vip"}, {queued}),
        ({"channel": "webchat"}, {queued, hers, ours}),
        ({"channel": "mail"}, set()),
        ({"owner": jana.id}, set()),
    ):
        found = await find(finder, place, "rechnungen", **filters)
        assert {h.conversation for h in found} >= wanted, filters
    assert await finder.channels(place.id) == ("webchat",)


async def test_notes_are_found_and_what_is_erased_is_not(
    place: Place, finder: PostgresFinder, store: PostgresWriting
) -> None:
    """A deleted text that a search still shows was not deleted (DSGVO 17); a draft may quote it and goes too."""
    one, jana = talk(), await someone(place)
    accepted = await place.record.accept(wrote(place, one, str(one), "Mein Geheimnis heißt Rumpelstilz"))
    state = await happen(place, one, accepted.state, handed(accepted.state))
    await happen(place, one, state, ("note.written", {"mentions": []}))
    assert [h.kind for h in await find(finder, place, "intern")] == ["note.written"]
    assert len(await find(finder, place, "rumpelstilz")) == 1
    await store.keep(draft(place, jana, one, "Lieber Herr Rumpelstilz"), NOW)
    await store.hold(pending(place, jana, one))
    await store.keep(draft(place, jana, one, "Rumpelstilz"), NOW)
    async with place.pool.within(place.id) as connection:
        await connection.execute(
            "update personal_text set content = null, salt = null where content like '%Rumpelstilz%'"
        )
        assert await connection.fetchval("select count(*) from search_text where words @@ 'rumpelstilz'") == 0
    assert await find(finder, place, "rumpelstilz") == []
    assert len(await find(finder, place, "intern")) == 1
    assert await store.draft(place.id, jana.id, one) is None
    assert await store.pending(place.id, jana.id, one) is None


async def test_search_stays_within_a_workspace(
    place: Place, finder: PostgresFinder, endpoint: Endpoint
) -> None:
    """The owner's function looks past row-level security, so it must hold the border itself."""
    await begun(place, "Einhornfutter")
    other = await make_place(place.pool)
    assert await finder.find(other.id, sought_from("einhornfutter")) == ()
    assert len(await finder.find(place.id, sought_from("einhornfutter"))) == 1
    app = await asyncpg.connect(endpoint.dsn("app"), server_settings={"search_path": "taktvoll"})
    try:
        with pytest.raises(asyncpg.PostgresError):
            await app.fetch(
                "select * from find_texts('einhornfutter', '{}', '', '', '', '', '', null, null, null, null, 9)"
            )
    finally:
        await app.close()


async def named(finder: PostgresFinder, place: Place, typed: str, **filters: object) -> list[Named]:
    """What a search gives by code and contact."""
    sought = replace(sought_from(typed), **filters)  # type: ignore[arg-type]
    return list(await finder.named(place.id, sought, contacts=True))


async def test_a_conversation_is_found_by_its_code(place: Place, finder: PostgresFinder) -> None:
    """ "Look at FF0B" must lead there, in whatever way it is written; a code finds nothing of another workspace."""
    one = await begun(place, "Mein Zähler steht still")
    code = one.hex[-4:].upper()
    for typed in (code, code.lower(), f"#{code}", f" Gespräch {code} "):
        (hit,) = await named(finder, place, typed)
        assert (hit.conversation, hit.pieces, hit.contact) == (one, ("Mein Zähler steht still",), "")
    assert await named(finder, place, code, status=Status.CLOSED) == []
    assert await named(finder, place, f"x{code}") == []
    other = await make_place(place.pool)
    assert await finder.named(other.id, sought_from(code), contacts=True) == ()


async def test_conversations_are_found_by_name_and_address_of_their_contact(
    place: Place, finder: PostgresFinder
) -> None:
    """Agents know whom they spoke with, not which words fell; whoever was merged is found as the whole."""
    contacts, (first, second, theirs) = PostgresContacts(place.pool), [await begun(place) for _ in range(3)]
    at_home = await contacts.prove(place.id, by_mail("eva@heim.example", "Eva Müßig"), first)
    at_work = await contacts.prove(place.id, by_mail("muessig@firma.example"), second)
    await contacts.prove(place.id, by_mail("max@firma.example", "Max"), theirs)
    assert [(h.conversation, h.contact) for h in await named(finder, place, "müßig")] == [
        (first, "Eva Müßig")
    ]
    assert {h.conversation for h in await named(finder, place, "@FIRMA.")} == {second, theirs}
    await contacts.merge(place.id, at_work.home, at_home.home, "staff:1", NOW)
    found = await named(finder, place, "muessig@firma.example")
    assert {(h.conversation, h.contact) for h in found} == {(first, "Eva Müßig"), (second, "Eva Müßig")}
    assert await named(finder, place, "müßig", channel="mail") == []
    assert await finder.named(place.id, sought_from("müßig"), contacts=False) == ()
    await contacts.erase(place.id, at_home.home, "staff:1", NOW)
    assert await named(finder, place, "müßig") == await named(finder, place, "heim.example") == []


async def test_a_filter_looks_through_all_conversations_of_a_contact(
    place: Place, finder: PostgresFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes every day has many: the one that is still open must not hide behind those that were last."""
    monkeypatch.setattr(finding, "TALKS_MAX", 1)
    contacts, (waits, answered) = PostgresContacts(place.pool), [await begun(place) for _ in range(2)]
    for one in (waits, answered):
        await contacts.prove(place.id, by_mail("eva@heim.example", "Eva Meier"), one)
    state = (await place.record.access(place.id, waits)).state
    await happen(place, waits, state, handed(state))
    for status, one in ((Status.OPEN, waits), (Status.ASSISTANT, answered)):
        assert [h.conversation for h in await named(finder, place, "meier", status=status)] == [one]


async def test_a_mail_is_found_by_who_wrote_it(place: Place, finder: PostgresFinder) -> None:
    """Nothing may prove whose mail it is, so it has no contact: by name and address it is found all the same."""
    one = talk()
    arrived = Arrived("<1@x.example>", Address("Rosa Ruß", "rosa@fern.example"), "Frage")
    mail = wrote(place, one, str(one))
    text = PersonalText(arrived_content("Wann kommt ihr?", arrived))
    await place.record.accept(replace(mail, received=replace(mail.received, text=text)))
    for typed in ("rosa@fern.example", "ruß", '"rosa ruß"'):
        (hit,) = await find(finder, place, typed)
        assert (hit.conversation, "".join(hit.pieces)) == (one, "Rosa Ruß rosa@fern.example: Wann kommt ihr?")
