"""Candidates by meaning: a mapped index of one vector per passage, exact when small, a graph when large.

I decide which passages lie near a question's vector. Building writes me, the search asks me.
I never encode a text.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

EXACT_UP_TO = 8_000
CONNECTIVITY = 16
EXPANSION_ADD = 64
EXPANSION_SEARCH = 64


def write_vectors(path: Path, rows: NDArray[np.int8]) -> None:
    """Write an index of one vector per passage; equal vectors give an equal index (one thread)."""
    index = Index(
        ndim=rows.shape[1], metric="cos", dtype="i8", connectivity=CONNECTIVITY, expansion_add=EXPANSION_ADD
    )
    if len(rows):
        index.add(np.arange(len(rows), dtype=np.uint64), rows, threads=1)
    index.save(str(path))


class Vectors:
    """The vectors of a built corpus, mapped from disk."""

    def __init__(self, path: Path) -> None:
        # The library's types call expansion_search read-only, its search never empty and its get anything.
        self._index = cast(Any, Index.restore(str(path), view=True))
        self._index.expansion_search = EXPANSION_SEARCH

    def __len__(self) -> int:
        return len(self._index)

    def nearest(self, vector: NDArray[np.int8], limit: int) -> list[int]:
        """Give the rows of the nearest passages, nearest first."""
        count = len(self._index)
        if not count:
            return []
        matches = self._index.search(vector, min(limit, count), exact=count <= EXACT_UP_TO, threads=1)
        order = np.lexsort((matches.keys, matches.distances))
        return [int(key) for key in matches.keys[order]]

    def rows(self, rows: Sequence[int]) -> NDArray[np.int8]:
        """Give the vectors of passages."""
        if not rows:
            return np.empty((0, int(self._index.ndim)), dtype=np.int8)
        return np.vstack(self._index.get(np.array(rows, dtype=np.uint64)))

    def cosines(self, rows: Sequence[int], vector: NDArray[np.int8]) -> NDArray[np.float64]:
        """Measure how near passages lie to a vector (−1…1); a passage without text lies at 0."""
        found = self.rows(rows).astype(np.float32)
        asked = vector.astype(np.float32)
        lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(asked)
        products = np.einsum("ij,j->i", found, asked)
        cosines: NDArray[np.float64] = np.where(lengths > 0, products / np.maximum(lengths, 1e-9), 0.0)
        return cosines

    def close(self) -> None:
        """Let go of the mapped file."""
        self._index.reset()
