"""What the port EditionShelf promises, held against the shelf on disk: the current edition, never a withdrawn text."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from taktvoll.adapters.guidelines import CelGuidelines
from taktvoll.adapters.shelf.passages import PassageFile, write_passages
from taktvoll.adapters.shelf.shelf import DiskShelf
from taktvoll.base.hashing import content_hash
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.terms import Candidate, Features, Passage, PassageKey
from taktvoll.domain.library.terms import Entry, Manifest
from tests.contract.conftest import NOW, Place
from tests.domain.made import RULES, passage

STAND, UMZUG = passage("stand"), passage("umzug", "Melden Sie sich um.", question="Was tun beim Umzug?")


class WordSearch:
    """A search that knows the passages whose text holds the question: small, complete, and a SearchBuilder as well."""

    versions = ("word-search-1",)

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self.passages = list(passages)
        self.built: list[str] = []
        self.kept: list[str] = []

    def open_or_build(
        self, manifest_hash: str, passages: Callable[[], Iterable[Passage]], count: int, progress: Progress
    ) -> "WordSearch":
        """Read all passages once."""
        self.built.append(manifest_hash)
        found = WordSearch(list(passages()))
        assert len(found.passages) == count
        return found

    def forget(self, keep: Sequence[str]) -> None:
        """Note what may stay."""
        self.kept = list(keep)

    async def find(
        self, question: str, language: str, usable: Callable[[PassageKey], bool], now: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        """Find the passages that hold the words."""
        held = (p for p in self.passages if question in p.text and usable(p.key))
        return tuple(Candidate(p.key, p.hash, 1, Features(1, 1, 1, 1, 1)) for p in held)[:limit]

    def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def builder() -> WordSearch:
    """Give the searches' builder."""
    return WordSearch()


@pytest.fixture
def shelf(place: Place, builder: WordSearch, tmp_path: Path) -> Iterator[DiskShelf]:
    """Give the shelf of one process."""
    made = new_shelf(place, builder, tmp_path)
    yield made
    made.close()


def new_shelf(place: Place, builder: WordSearch, folder: Path) -> DiskShelf:
    """A shelf on this folder, as a started process makes it."""
    return DiskShelf(
        folder / "passages", place.library, place.directory, builder, RULES, lambda *_: None, CelGuidelines()
    )


async def publish(place: Place, number: int, *passages: Passage) -> Manifest:
    """Put exactly these passages in force."""

    async def given() -> AsyncIterator[Sequence[Passage]]:
        yield passages

    await place.library.stock(place.id, given(), NOW)
    entries = tuple(sorted(Entry(p.key, p.hash) for p in passages))
    made = Manifest(number, NOW, "anna", "anna", None, content_hash(RULES.body()), entries)
    await place.library.publish(place.id, made, RULES)
    return made


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(p.name for p in folder.iterdir())


async def test_before_the_first_edition_there_is_an_empty_one(place: Place, shelf: DiskShelf) -> None:
    """A fresh installation answers with what it has: nothing, and a person."""
    edition = await shelf.at(place.id, await place.library.head(place.id))
    assert (edition.view.number, edition.view.language, edition.view.workspace) == (
        0,
        "de",
        place.workspace.name,
    )
    assert await edition.search.find("x", "de", edition.usable, NOW, 10) == ()
    assert await edition.passage(STAND.key) is None


async def test_passages_are_found_by_name_and_by_content(place: Place, shelf: DiskShelf) -> None:
    """An answer names both; a name with another content is another text."""
    await publish(place, 1, STAND, UMZUG)
    edition = await shelf.at(place.id, await place.library.head(place.id))
    assert edition.view.number == 1
    assert await edition.passage(UMZUG.key) == UMZUG
    assert await edition.passage(STAND.key, STAND.hash) == STAND
    assert await edition.passage(STAND.key, UMZUG.hash) is None
    assert await edition.passage(STAND.key, "0" * 64) is None
    assert await edition.passage(PassageKey("hilfe", "stand", "en")) is None
    (found,) = await edition.search.find("um.", "de", edition.usable, NOW, 10)
    assert found.key == UMZUG.key


async def test_a_new_revision_is_swapped_in(place: Place, shelf: DiskShelf) -> None:
    """The next turn speaks under the new release; who holds the old one finishes with it."""
    await publish(place, 1, STAND)
    first = await shelf.at(place.id, await place.library.head(place.id))
    changed = passage("stand", "Ganz neu.")
    await publish(place, 2, changed)
    assert await shelf.at(place.id, await place.library.head(place.id)) is not first
    second = await shelf.at(place.id, await place.library.head(place.id))
    assert second.view.number == 2
    assert await second.passage(STAND.key) == changed
    assert await first.passage(STAND.key) == STAND
    await place.library.roll_back(place.id, 1, "anna", NOW)
    third = await shelf.at(place.id, await place.library.head(place.id))
    assert (third.view.number, await third.passage(STAND.key)) == (1, STAND)


async def test_an_older_head_does_not_bring_an_older_edition(place: Place, shelf: DiskShelf) -> None:
    """A slow turn names the head of a moment ago; going back for it would swap to and fro."""
    await publish(place, 1, STAND)
    old = await place.library.head(place.id)
    await publish(place, 2, UMZUG)
    new = await shelf.at(place.id, await place.library.head(place.id))
    assert await shelf.at(place.id, old) is new


async def test_a_withdrawn_text_is_never_given(place: Place, shelf: DiskShelf, builder: WordSearch) -> None:
    """Withdrawn means at once, by name, by content and in the search, without building anything anew."""
    await publish(place, 1, STAND, UMZUG)
    await shelf.at(place.id, await place.library.head(place.id))
    await place.library.withdraw(place.id, "stand", None, None, "anna", "falsch", NOW)
    edition = await shelf.at(place.id, await place.library.head(place.id))
    assert not edition.usable(STAND.key)
    assert await edition.passage(STAND.key) is None
    assert await edition.passage(STAND.key, STAND.hash) is None
    assert await edition.search.find("Portal", "de", edition.usable, NOW, 10) == ()
    assert edition.usable(UMZUG.key)
    assert len(builder.built) == 1
    await publish(place, 2, STAND)
    edition = await shelf.at(place.id, await place.library.head(place.id))
    assert await edition.passage(STAND.key) is None


async def test_turns_that_come_at_once_load_once(place: Place, shelf: DiskShelf, builder: WordSearch) -> None:
    """A hundred customers on a Monday morning must not build a hundred searches."""
    await publish(place, 1, STAND)
    head = await place.library.head(place.id)
    editions = await asyncio.gather(*(shelf.at(place.id, head) for _ in range(20)))
    assert len({id(e) for e in editions}) == 1
    assert len(builder.built) == 1


@pytest.mark.parametrize("damage", ["", "garbage", "cut", "table"])
async def test_a_damaged_file_is_built_anew(
    place: Place, builder: WordSearch, tmp_path: Path, damage: str
) -> None:
    """A disk that was full, a process that was killed: the cache is only a cache."""
    made = await publish(place, 1, STAND, UMZUG)
    first = new_shelf(place, builder, tmp_path)
    await first.prepare(place.id, made)
    first.close()
    file = tmp_path / "passages" / made.content() / "passages.bin"
    whole = file.read_bytes()
    written = {"": b"", "garbage": b"x" * 200, "cut": whole[:-9], "table": whole[:-16] + b"\xff" * 16}[damage]
    file.write_bytes(written)
    second = new_shelf(place, builder, tmp_path)
    edition = await second.at(place.id, await place.library.head(place.id))
    assert await edition.passage(UMZUG.key) == UMZUG
    assert file.read_bytes() == whole
    second.close()


async def test_caches_no_edition_needs_are_deleted(
    place: Place, shelf: DiskShelf, builder: WordSearch, tmp_path: Path
) -> None:
    """Storage limitation, and full disks: what is not kept goes, with its search."""
    first, second = await publish(place, 1, STAND), await publish(place, 2, UMZUG)
    for made in (first, second):
        await shelf.prepare(place.id, made)
    shelf.tidy([second.content()])
    assert [p.name for p in (tmp_path / "passages").iterdir()] == [second.content()]
    assert builder.kept == [second.content()]


async def test_workspaces_hold_their_own_editions(place: Place, other: Place, shelf: DiskShelf) -> None:
    """One process serves many companies; equal contents share a file, withdrawals share nothing."""
    for one in (place, other):
        await publish(one, 1, STAND)
    await other.library.withdraw(other.id, "stand", None, None, "anna", "falsch", NOW)
    ours = await shelf.at(place.id, await place.library.head(place.id))
    theirs = await shelf.at(other.id, await other.library.head(other.id))
    assert (await ours.passage(STAND.key), await theirs.passage(STAND.key)) == (STAND, None)


async def test_a_file_of_passages_gives_back_what_was_written(tmp_path: Path) -> None:
    """Every passage once, by name and by content, in order; half a file is never seen under its name."""
    many = [passage(f"ä/{n}", f"Text {n} 👋") for n in range(300)]

    async def given() -> AsyncIterator[Passage]:
        for p in many:
            yield p

    await write_passages(tmp_path / "p.bin", given())
    file = PassageFile(tmp_path / "p.bin")
    assert list(file) == many
    assert all(file.by_key(p.key) == p == file.by_hash(p.hash) for p in many)
    assert file.by_hash("ä") is None
    file.close()
    assert names(tmp_path) == ["p.bin"]


async def test_a_text_that_rotted_on_disk_is_not_given_as_approved(
    place: Place, shelf: DiskShelf, tmp_path: Path
) -> None:
    """One flipped bit turns 19 euros into 99: what no longer has its hash is no approved text."""
    made = await publish(place, 1, STAND, UMZUG)
    await shelf.prepare(place.id, made)
    file = tmp_path / "passages" / made.content() / "passages.bin"
    file.write_bytes(file.read_bytes().replace(b"Portal", b"Pirtal"))
    edition = await shelf.at(place.id, await place.library.head(place.id))
    assert await edition.passage(STAND.key, STAND.hash) is None
    assert await edition.passage(UMZUG.key, UMZUG.hash) == UMZUG
