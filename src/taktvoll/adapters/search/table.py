"""What a search must know of each passage besides its words: name, hash, languages of one entry, when it is valid.

I decide which version of an entry a customer may get. Building writes me, the search asks me.
I never hold a passage's text.
"""

import json
import mmap
from array import array
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.domain.knowledge.terms import Passage, PassageKey

_ALWAYS_FROM = -(2**62)
_ALWAYS_UNTIL = 2**62


class TableWriter:
    """Collects passages, in order, and writes what the search must know of them."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._entries: dict[tuple[str, str], int] = {}
        self._entry, self._from, self._until = array("I"), array("q"), array("q")

    def add(self, passage: Passage) -> int:
        """Add the next passage; gives its row."""
        line = json.dumps([*passage.key, passage.hash], ensure_ascii=False)
        self._lines.append(line.encode())
        entry = self._entries.setdefault((passage.collection, passage.id), len(self._entries))
        self._entry.append(entry)
        self._from.append(_microseconds(passage.valid_from) if passage.valid_from else _ALWAYS_FROM)
        self._until.append(_microseconds(passage.valid_until) if passage.valid_until else _ALWAYS_UNTIL)
        return len(self._lines) - 1

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
        np.save(folder / "table_start.npy", np.cumsum([0, *map(len, self._lines)]).astype(np.uint64))
        (folder / "table.bin").write_bytes(b"".join(self._lines) or b"\n")


class Table:
    """The passages of a built corpus, mapped from disk."""

    def __init__(self, folder: Path) -> None:
        self._entry: NDArray[np.uint32] = np.load(folder / "table_entry.npy", mmap_mode="r")
        self._siblings: NDArray[np.uint32] = np.load(folder / "table_siblings.npy", mmap_mode="r")
        self._siblings_start: NDArray[np.uint32] = np.load(folder / "table_siblings_start.npy", mmap_mode="r")
        self._from: NDArray[np.int64] = np.load(folder / "table_from.npy", mmap_mode="r")
        self._until: NDArray[np.int64] = np.load(folder / "table_until.npy", mmap_mode="r")
        self._starts: NDArray[np.uint64] = np.load(folder / "table_start.npy", mmap_mode="r")
        self._file = (folder / "table.bin").open("rb")
        self._text = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._entry)

    def named(self, row: int) -> tuple[PassageKey, str]:
        """Give a passage's name and content hash."""
        start, end = int(self._starts[row]), int(self._starts[row + 1])
        collection, passage_id, language, content = json.loads(self._text[start:end])
        return PassageKey(collection, passage_id, language), content

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
            entry = int(self._entry[row])
            if entry in seen:
                continue
            seen.add(entry)
            start, end = int(self._siblings_start[entry]), int(self._siblings_start[entry + 1])
            good = [r for r in map(int, self._siblings[start:end]) if self._usable(r, usable, at)]
            offered.update(dict.fromkeys(self._preferred(good, language)))
        return list(offered)

    def entry(self, row: int) -> int:
        """Give the number of the entry a passage is a version of."""
        return int(self._entry[row])

    def _usable(self, row: int, usable: Callable[[PassageKey], bool], at: int) -> bool:
        if not int(self._from[row]) <= at < int(self._until[row]):
            return False
        return usable(self.named(row)[0])

    def _preferred(self, rows: list[int], language: str) -> list[int]:
        """Keep the versions in the customer's language, exact before merely of the same base, else all."""
        if len(rows) < 2:
            return rows
        languages = [self.named(row)[0].language.casefold() for row in rows]
        asked = language.casefold()
        exact = [r for r, spoken in zip(rows, languages, strict=True) if spoken == asked]
        base = [r for r, spoken in zip(rows, languages, strict=True) if _base(spoken) == _base(asked)]
        return exact or base or rows

    def close(self) -> None:
        """Let go of the mapped text."""
        self._text.close()
        self._file.close()


def _base(language: str) -> str:
    return language.split("-", 1)[0]


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
