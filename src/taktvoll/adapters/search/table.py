"""What a search must know of each passage besides its words: name, hash, languages of one entry, when it is valid.

I decide which version of an entry a customer may get. Building writes me, the search asks me.
I never hold a passage's text.
"""

from array import array
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from taktvoll.adapters.search import mapped
from taktvoll.domain.knowledge.terms import Passage, PassageKey

_BETWEEN = "\0"
_HASH_BYTES = 32
_ALWAYS_FROM = -(2**62)
_ALWAYS_UNTIL = 2**62


class TableWriter:
    """Collects passages, in order, and writes what the search must know of them."""

    def __init__(self) -> None:
        self._names: list[bytes] = []
        self._hashes = bytearray()
        self._entries: dict[tuple[str, str], int] = {}
        self._entry, self._from, self._until = array("I"), array("q"), array("q")

    def add(self, passage: Passage) -> int:
        """Add the next passage; gives its row."""
        self._names.append(_BETWEEN.join(passage.key).encode())
        self._hashes += bytes.fromhex(passage.hash)
        entry = self._entries.setdefault((passage.collection, passage.id), len(self._entries))
        self._entry.append(entry)
        self._from.append(_microseconds(passage.valid_from) if passage.valid_from else _ALWAYS_FROM)
        self._until.append(_microseconds(passage.valid_until) if passage.valid_until else _ALWAYS_UNTIL)
        return len(self._names) - 1

    def write(self, folder: Path) -> None:
        """Write what was collected."""
        entries = np.frombuffer(self._entry, dtype=np.uint32)
        order = np.argsort(entries, kind="stable").astype(np.uint32)
        starts = np.searchsorted(entries[order], np.arange(len(self._entries) + 1))
        np.save(folder / "table_entry.npy", entries)
        np.save(folder / "table_siblings.npy", order)
        np.save(folder / "table_siblings_start.npy", starts.astype(np.uint32))
        np.save(folder / "table_from.npy", np.frombuffer(self._from, dtype=np.int64))
        np.save(folder / "table_until.npy", np.frombuffer(self._until, dtype=np.int64))
        np.save(
            folder / "table_hash.npy", np.frombuffer(self._hashes, dtype=np.uint8).reshape(-1, _HASH_BYTES)
        )
        mapped.write_texts(folder / "table_names.bin", folder / "table_start.npy", self._names)


class Table:
    """The passages of a built corpus, mapped from disk."""

    def __init__(self, folder: Path) -> None:
        self._entry = mapped.numbers(folder / "table_entry.npy")
        self._siblings = mapped.numbers(folder / "table_siblings.npy")
        self._siblings_start = mapped.numbers(folder / "table_siblings_start.npy")
        self._from = mapped.numbers(folder / "table_from.npy")
        self._until = mapped.numbers(folder / "table_until.npy")
        self._hashes = mapped.array(folder / "table_hash.npy")
        self._names = mapped.Texts(folder / "table_names.bin", folder / "table_start.npy")

    def __len__(self) -> int:
        return len(self._entry)

    def key(self, row: int) -> PassageKey:
        """Give a passage's name."""
        collection, rest = self._names[row].split(_BETWEEN, 1)
        return PassageKey(collection, *rest.rsplit(_BETWEEN, 1))

    def hash(self, row: int) -> str:
        """Give a passage's content hash."""
        content: bytes = self._hashes[row].tobytes()
        return content.hex()

    def offered(
        self, rows: list[int], language: str, usable: Callable[[PassageKey], bool], now: datetime
    ) -> list[int]:
        """Replace each passage by the version of its entry that this customer may get.

        Gives:  rows that are usable and valid now, in the order given, each once; of an entry that exists in the
                customer's language only that version, of any other all versions (the best is chosen later).
        """
        at = _microseconds(now)
        offered: dict[int, None] = {}
        seen: set[int] = set()
        for row in rows:
            entry = self._entry[row]
            if entry in seen:
                continue
            seen.add(entry)
            start, end = self._siblings_start[entry], self._siblings_start[entry + 1]
            good = [r for r in self._siblings[start:end] if self._usable(r, usable, at)]
            offered.update(dict.fromkeys(self._preferred(good, language)))
        return list(offered)

    def entry(self, row: int) -> int:
        """Give the number of the entry a passage is a version of."""
        number: int = self._entry[row]
        return number

    def foreign(self, row: int, language: str) -> bool:
        """Say whether a passage is in another language than the customer's."""
        return _base(self.key(row).language.casefold()) != _base(language.casefold())

    def _usable(self, row: int, usable: Callable[[PassageKey], bool], at: int) -> bool:
        return self._from[row] <= at < self._until[row] and usable(self.key(row))

    def _preferred(self, rows: list[int], language: str) -> list[int]:
        """Keep the versions in the customer's language, exact before merely of the same base, else all."""
        if len(rows) < 2:
            return rows
        languages = [self.key(row).language.casefold() for row in rows]
        asked = language.casefold()
        exact = [r for r, spoken in zip(rows, languages, strict=True) if spoken == asked]
        base = [r for r, spoken in zip(rows, languages, strict=True) if _base(spoken) == _base(asked)]
        return exact or base or rows

    def close(self) -> None:
        """Let go of the mapped names."""
        self._names.close()


def _base(language: str) -> str:
    return language.split("-", 1)[0]


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
