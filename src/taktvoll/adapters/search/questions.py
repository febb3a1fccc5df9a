"""Candidates by the questions they answer: each entry's own, and every further wording of it, the nearest counts.

I decide how near an entry's questions lie to a customer's. Building writes me, the search asks me.
I never tell which of its wordings an entry was found by.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search.vectors import Vectors

NAME = "question"
HASHES = "wording_hash.npy"


def write_wordings(folder: Path, rows: Sequence[int], hashes: Sequence[int]) -> None:
    """Write which passage each further wording belongs to, in rising order, and the hash of its text."""
    np.save(folder / "wording_row.npy", np.array(rows, dtype=np.uint32))
    np.save(folder / HASHES, np.array(hashes, dtype=np.uint64))


class Questions:
    """The questions of a built corpus: one vector a passage, then one a further wording."""

    def __init__(self, folder: Path, passages: int) -> None:
        self._vectors = Vectors(folder / f"{NAME}.usearch")
        self._rows = np.load(folder / "wording_row.npy")
        self._passages = passages

    def nearest(self, vector: NDArray[np.int8], limit: int) -> list[int]:
        """Give the rows of the passages with the nearest questions, nearest first, each once."""
        found = self._vectors.nearest(vector, limit)
        return list(dict.fromkeys(self._passage(at) for at in found))

    def cosines(self, rows: Sequence[int], vector: NDArray[np.int8]) -> NDArray[np.float64]:
        """Measure how near the nearest question of each passage lies (−1…1)."""
        nearest = self._vectors.cosines(rows, vector)
        if not len(self._rows) or not len(rows):
            return nearest
        starts = self._rows.searchsorted(np.array(rows, dtype=np.uint32))
        ends = self._rows.searchsorted(np.array(rows, dtype=np.uint32), side="right")
        owned = np.repeat(np.arange(len(rows)), ends - starts)
        places = [
            self._passages + at for start, end in zip(starts, ends, strict=True) for at in range(start, end)
        ]
        np.maximum.at(nearest, owned, self._vectors.cosines(places, vector))
        return nearest

    def close(self) -> None:
        """Let go of the mapped file."""
        self._vectors.close()

    def _passage(self, at: int) -> int:
        return at if at < self._passages else int(self._rows[at - self._passages])
