"""What the port LibraryStore promises, held against PostgreSQL: editions never change, withdrawals outrank them all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import content_hash
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.library.ports import Head, Stocked
from taktvoll.domain.library.terms import Manifest
from tests.contract.conftest import NOW, Place
from tests.domain.made import RULES, passage

STAND, UMZUG = passage("stand"), passage("umzug", "Melden Sie sich um.")


async def stock(place: Place, *batches: Sequence[Passage]) -> Stocked:
    """Put batches of passages into the working copy."""

    async def given() -> AsyncIterator[Sequence[Passage]]:
        for batch in batches:
            yield batch

    return await place.library.stock(place.id, given(), NOW)


async def publish(place: Place, number: int, parent: int | None = None) -> Manifest:
    """Put the working copy in force."""
    entries = tuple(sorted(await place.library.working(place.id)))
    made = Manifest(number, NOW, "anna", "bernd", parent, content_hash(RULES.body()), entries)
    await place.library.publish(place.id, made, RULES)
    return made


async def test_equal_passages_change_nothing(place: Place) -> None:
    """Imports run every night; only what is new may be called new."""
    assert await stock(place, [STAND], [UMZUG]) == Stocked(2, 0, 0)
    assert await stock(place, [STAND, UMZUG]) == Stocked(0, 0, 2)
    changed = passage("umzug", "Melden Sie sich rechtzeitig um.")
    assert await stock(place, [STAND, changed]) == Stocked(0, 1, 1)
    assert {e.key.id: e.hash for e in await place.library.working(place.id)} == {
        "stand": STAND.hash,
        "umzug": changed.hash,
    }


async def test_the_last_of_two_equal_names_counts(place: Place) -> None:
    """A file that names an entry twice must not stop the import."""
    assert await stock(place, [STAND, passage("stand", "Neu.")]) == Stocked(1, 0, 0)
    (entry,) = await place.library.working(place.id)
    assert entry.hash == passage("stand", "Neu.").hash


async def test_an_import_that_breaks_off_changes_nothing(place: Place) -> None:
    """Half a knowledge base answers worse than yesterday's."""

    async def given() -> AsyncIterator[Sequence[Passage]]:
        yield [STAND]
        raise ValueError("the disk is gone")

    with pytest.raises(ValueError, match="the disk is gone"):
        await place.library.stock(place.id, given(), NOW)
    assert await place.library.working(place.id) == ()


async def test_a_published_edition_is_in_force_and_comes_back(place: Place) -> None:
    """What was released can be read years later, byte for byte."""
    assert await place.library.head(place.id) == Head(None, 0)
    await stock(place, [STAND, UMZUG])
    made = await publish(place, 1)
    assert await place.library.head(place.id) == Head(1, 1)
    manifest, rules = await place.library.manifest(place.id, 1)
    assert (manifest, rules) == (made, RULES)
    assert manifest.body() == made.body()
    (listed,) = await place.library.editions(place.id)
    assert (listed.number, listed.passages, listed.current, listed.parent) == (1, 2, True, None)
    assert (listed.manifest_hash, listed.content_hash) == (content_hash(made.body()), made.content())


async def test_a_number_is_given_once(place: Place) -> None:
    """Two editors press the button at once: one of them publishes, the other is told."""
    await stock(place, [STAND])
    ended = await asyncio.gather(*(publish(place, 1) for _ in range(4)), return_exceptions=True)
    refused = [e for e in ended if isinstance(e, Refused)]
    assert [e.code for e in refused] == ["form.stale"] * 3
    assert await place.library.head(place.id) == Head(1, 1)


async def test_an_edition_stays_as_it_was(place: Place) -> None:
    """Later imports change the working copy, never a release."""
    await stock(place, [STAND])
    await publish(place, 1)
    await stock(place, [passage("stand", "Ganz anders.")])
    manifest, _ = await place.library.manifest(place.id, 1)
    assert [e.hash for e in manifest.entries] == [STAND.hash]
    assert (await place.library.passages_by_hash(place.id, [STAND.hash]))[STAND.hash] == STAND


async def test_rolling_back_puts_an_earlier_edition_in_force(place: Place) -> None:
    """A mistake is undone in one step; the revision rises, so that every process notices."""
    await stock(place, [STAND])
    await publish(place, 1)
    await stock(place, [UMZUG])
    await publish(place, 2, 1)
    await place.library.roll_back(place.id, 1, "anna", NOW)
    assert await place.library.head(place.id) == Head(1, 3)
    assert [(e.number, e.current) for e in await place.library.editions(place.id)] == [(2, False), (1, True)]


async def test_an_unknown_edition_is_refused(place: Place) -> None:
    """A slip of the pen must not leave the assistant without knowledge."""
    for attempt in (place.library.roll_back(place.id, 9, "anna", NOW), place.library.manifest(place.id, 9)):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "edition.unknown"
        assert caught.value.fields["number"] == 9
    assert await place.library.head(place.id) == Head(None, 0)


async def test_a_withdrawal_survives_everything(place: Place) -> None:
    """Outranks every edition: a roll-back or the nightly import must not bring a wrong text back."""
    await stock(place, [STAND, UMZUG])
    await publish(place, 1)
    assert await place.library.withdraw(place.id, "stand", None, None, "anna", "falsch", NOW) == (STAND.key,)
    assert await place.library.head(place.id) == Head(1, 2)
    await stock(place, [STAND, passage("umzug", "Neu.")])
    await publish(place, 2, 1)
    await place.library.roll_back(place.id, 1, "anna", NOW)
    assert await place.library.withdrawn(place.id) == {STAND.key}
    assert await place.library.head(place.id) == Head(1, 4)


async def test_a_withdrawal_can_be_narrowed(place: Place) -> None:
    """The German text is wrong, the English one is not; the same id may live in two collections."""
    english = passage("stand", language="en")
    elsewhere = passage("stand", collection="alt")
    await stock(place, [STAND, english, elsewhere])
    assert await place.library.withdraw(place.id, "stand", "hilfe", "de", "a", "x", NOW) == (STAND.key,)
    assert set(await place.library.withdraw(place.id, "stand", None, "en", "a", "x", NOW)) == {english.key}
    assert set(await place.library.withdraw(place.id, "stand", None, None, "a", "x", NOW + timedelta(1))) == {
        STAND.key, english.key, elsewhere.key,
    }  # fmt: skip


async def test_an_unknown_passage_is_not_withdrawn(place: Place, other: Place) -> None:
    """Whoever mistypes an id must not believe that the text is gone; a neighbour's text is not theirs."""
    await stock(other, [STAND])
    with pytest.raises(Refused) as caught:
        await place.library.withdraw(place.id, "stand", None, None, "anna", "falsch", NOW)
    assert caught.value.code == "passage.unknown"
    assert await place.library.head(place.id) == Head(None, 0)


async def test_parts_are_streamed_in_order_and_erased_ones_left_out(place: Place, raw: Any) -> None:
    """Caches are built from this stream; a deleted text leaves only its hash."""
    many = [passage(f"e{n:04}", f"Text {n}") for n in range(2_100)]
    await stock(place, many)
    await raw.execute("delete from part where workspace_id = $1 and hash = $2", place.id, many[7].hash)
    hashes = [p.hash for p in reversed(many)]
    found = [p.key async for p in place.library.stored(place.id, hashes)]
    assert found == [p.key for p in reversed(many) if p is not many[7]]
    assert await place.library.passages_by_hash(place.id, ["0" * 64]) == {}


async def test_workspaces_keep_their_own_libraries(place: Place, other: Place) -> None:
    """Equal texts, equal numbers, nothing shared."""
    for one in (place, other):
        await stock(one, [STAND])
        await publish(one, 1)
    await other.library.withdraw(other.id, "stand", None, None, "anna", "falsch", NOW)
    assert await place.library.withdrawn(place.id) == frozenset()
    assert await place.library.head(place.id) == Head(1, 1)


async def test_each_step_is_logged_with_its_doer(place: Place, raw: Any) -> None:
    """Who released, rolled back or withdrew what, and when, must be answerable."""
    await stock(place, [STAND])
    await publish(place, 1)
    await place.library.roll_back(place.id, 1, "bernd", NOW)
    await place.library.withdraw(place.id, "stand", None, None, "cem", "falscher Preis", NOW)
    rows = await raw.fetch("select kind, by, detail::text from library_log where workspace_id = $1", place.id)
    assert [(r[0], r[1]) for r in rows] == [
        ("edition.published", "anna"), ("edition.rolled_back", "bernd"), ("passage.withdrawn", "cem"),
    ]  # fmt: skip
    assert "falscher Preis" in rows[2][2]
    assert PassageKey("hilfe", "stand", "de") == STAND.key
