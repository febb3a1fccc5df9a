"""Vectors of texts that an earlier search already holds, so that a re-import encodes only what is new.

I decide which texts need encoding. The builder calls me.
I never outlive the searches I read from: a forgotten passage's vector goes with its search.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search.embedder import DIMENSIONS, Embedder
from taktvoll.adapters.search.vectors import Vectors
from taktvoll.adapters.search.vocabulary import term_hash

BATCH = 64
THREADS = 2

FIELDS = ("question", "answer")


def text_hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Name texts by 64 bits each."""
    return np.fromiter((term_hash(t) for t in texts), dtype=np.uint64, count=len(texts))


def encoded(
    embedder: Embedder, texts: dict[int, str], earlier: Sequence[Path], progress: Callable[[int, int], None]
) -> tuple[NDArray[np.uint64], NDArray[np.int8]]:
    """Give the hashes of texts in rising order and a vector for each.

    Takes:  texts by their hash; earlier: sealed folders of searches with the same encoder; progress(done, total).
    """
    hashes = np.array(sorted(texts), dtype=np.uint64)
    vectors = np.zeros((len(hashes), DIMENSIONS), dtype=np.int8)
    missing = np.ones(len(hashes), dtype=bool)
    for folder in earlier:
        if missing.any():
            _copy(folder, hashes, vectors, missing)
    places = sorted(np.flatnonzero(missing).tolist(), key=lambda at: len(texts[int(hashes[at])]))
    batches = [places[i : i + BATCH] for i in range(0, len(places), BATCH)]

    def encode(batch: list[int]) -> int:
        vectors[batch] = embedder.encode_corpus([texts[int(hashes[at])] for at in batch])
        return len(batch)

    done = len(hashes) - len(places)
    progress(done, len(hashes))
    with ThreadPoolExecutor(THREADS, "embedding") as pool:
        for count in pool.map(encode, batches):
            done += count
            progress(done, len(hashes))
    return hashes, vectors


def _copy(
    folder: Path, hashes: NDArray[np.uint64], vectors: NDArray[np.int8], missing: NDArray[np.bool_]
) -> None:
    known: NDArray[np.uint64] = np.load(folder / "text_hash.npy")
    for column, field in enumerate(FIELDS):
        order = np.argsort(known[:, column], kind="stable")
        places = np.searchsorted(known[order, column], hashes[missing])
        places[places == len(order)] = 0
        hit = known[order[places], column] == hashes[missing] if len(order) else np.zeros(0, dtype=bool)
        if not hit.any():
            continue
        taken = np.flatnonzero(missing)[hit]
        opened = Vectors(folder / f"{field}.usearch")
        vectors[taken] = opened.rows(order[places[hit]].tolist())
        opened.close()
        missing[taken] = False
