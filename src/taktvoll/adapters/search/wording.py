"""The pieces of every passage as vectors, read from disk: how well each piece of a question is met in a passage.

I decide how the wordings of a question and a passage are compared. Building writes me, the search asks me.
I never map my file: what is read once by chance is not to stay in this process's memory.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search.encoding import Encoded

PIECES_MAX = 400
# A piece matters that has its even share of the weight; a little less, or rounding would leave none.
EVEN_SHARE = 0.999


class WordingWriter:
    """Writes pieces in whatever order texts are encoded; who they belong to is told at the end."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._path, self._dimensions, self._count = folder, dimensions, 0
        self._file = (folder / "pieces.bin").open("wb")

    def add(self, pieces: NDArray[np.int8]) -> tuple[int, int]:
        """Write one text's pieces; gives where they begin and how many there are."""
        kept = pieces[:PIECES_MAX]
        self._file.write(np.ascontiguousarray(kept, dtype=np.int8).tobytes())
        place = self._count, len(kept)
        self._count += len(kept)
        return place

    def finish(self, places: NDArray[np.int64]) -> None:
        """Write where each passage's pieces lie, one row (beginning, count) a passage."""
        self._file.close()
        np.save(self._path / "pieces_place.npy", places.reshape(-1, 2))
        np.save(self._path / "pieces_dimensions.npy", np.array([self._dimensions]))


class Wording:
    """The pieces of a built corpus."""

    def __init__(self, folder: Path) -> None:
        self._places = np.load(folder / "pieces_place.npy", mmap_mode="r").view(np.ndarray)
        self._dimensions = int(np.load(folder / "pieces_dimensions.npy")[0])
        self._file = os.open(folder / "pieces.bin", os.O_RDONLY)

    def pieces(self, row: int) -> NDArray[np.int8]:
        """Give a passage's pieces."""
        begin, count = map(int, self._places[row])
        read = os.pread(self._file, count * self._dimensions, begin * self._dimensions)
        return np.frombuffer(read, dtype=np.int8).reshape(-1, self._dimensions)

    def match(self, rows: Sequence[int], asked: Encoded) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Measure how well passages meet a question's pieces, wherever in the passage each is met.

        Gives:  per row the weighted mean over the question's pieces of their best cosine in the passage, and the
                weakest of those that matter (−1…1); a passage without text lies at 0.
        Source: Khattab and Zaharia 2020, ColBERT's late interaction, with a learned weight for each piece.
        """
        met, weakest = np.zeros(len(rows)), np.zeros(len(rows))
        found = [self.pieces(row) for row in rows]
        counts = np.array([len(f) for f in found])
        if not counts.sum():
            return met, weakest
        present = np.flatnonzero(counts)
        sought = _directions(asked.words)
        cosines = _directions(np.concatenate(found)) @ sought.T
        starts = np.concatenate(([0], np.cumsum(counts[present])[:-1]))
        best = np.maximum.reduceat(cosines, starts, axis=0)
        weights = asked.weights
        met[present] = best @ weights
        matter = weights * len(weights) >= EVEN_SHARE
        weakest[present] = best[:, matter].min(axis=1)
        return met, weakest

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _directions(rows: NDArray[np.int8]) -> NDArray[np.float32]:
    wide = rows.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    scaled: NDArray[np.float32] = wide / np.maximum(lengths, 1e-9)[:, None]
    return scaled
