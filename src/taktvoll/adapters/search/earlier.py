"""Vectors of texts that an earlier search already holds, so that a re-import encodes only what is new.

I decide which texts need encoding. The builder calls me.
I never outlive the searches I read from: a forgotten passage's vectors go with its search.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search.encoding import Encoded, Encoder
from taktvoll.adapters.search.questions import HASHES, NAME
from taktvoll.adapters.search.vectors import Vectors
from taktvoll.adapters.search.vocabulary import term_hash
from taktvoll.adapters.search.wording import Wording, WordingWriter

BATCH = 32
THREADS = 2


def text_hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Name texts by 64 bits each."""
    return np.fromiter((term_hash(t) for t in texts), dtype=np.uint64, count=len(texts))


@dataclass(frozen=True, slots=True)
class Field:
    """One of the texts that each passage is found by: its index, and whether its pieces are kept."""

    name: str
    pieces: bool


FIELDS = (Field(NAME, pieces=False), Field("answer", pieces=True))


def _known(folder: Path, column: int) -> NDArray[np.uint64]:
    """The hashes of a field's texts in the order of its index; questions are followed by further wordings."""
    known: NDArray[np.uint64] = np.load(folder / "text_hash.npy")[:, column]
    if FIELDS[column].name != NAME:
        return known
    return np.concatenate((known, np.load(folder / HASHES)))


class FieldVectors:
    """The vectors of one field's texts, each text once, whatever passages share it."""

    def __init__(self, field: Field, texts: dict[int, str], dimensions: int) -> None:
        self.field, self._texts = field, texts
        self.hashes = np.array(sorted(texts), dtype=np.uint64)
        self.vectors = np.zeros((len(self.hashes), dimensions), dtype=np.int8)
        self.places = np.zeros((len(self.hashes), 2), dtype=np.int64)
        self._missing = np.ones(len(self.hashes), dtype=bool)

    def copy(self, folder: Path, column: int, into: WordingWriter) -> None:
        """Take over what an earlier search holds."""
        known = _known(folder, column)
        order = np.argsort(known, kind="stable")
        wanted = self.hashes[self._missing]
        if not len(order) or not len(wanted):
            return
        places = np.searchsorted(known[order], wanted)
        places[places == len(order)] = 0
        hit = known[order[places]] == wanted
        taken, rows = np.flatnonzero(self._missing)[hit], order[places[hit]].tolist()
        opened = Vectors(folder / f"{self.field.name}.usearch")
        self.vectors[taken] = opened.rows(rows)
        opened.close()
        if self.field.pieces and rows:
            wording = Wording(folder)
            self.places[taken] = [into.add(wording.pieces(row)) for row in rows]
            wording.close()
        self._missing[taken] = False

    def encode(
        self, encoder: Encoder, windows: int, into: WordingWriter, progress: Callable[[int, int], None]
    ) -> None:
        """Encode the rest; progress(done, total)."""
        rest = np.flatnonzero(self._missing).tolist()
        ordered = sorted(rest, key=lambda at: len(self._texts[int(self.hashes[at])]))
        batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]

        def encoded(batch: list[int]) -> tuple[list[int], Sequence[Encoded]]:
            texts = [self._texts[int(self.hashes[at])] for at in batch]
            if self.field.pieces:
                return batch, encoder.passages(texts, windows)
            return batch, encoder.questions(texts)

        done, total = len(self.hashes) - len(rest), len(self.hashes)
        progress(done, total)
        with ThreadPoolExecutor(THREADS, "encoding") as pool:
            for batch, found in pool.map(encoded, batches):
                for at, one in zip(batch, found, strict=True):
                    self.vectors[at] = one.sentence
                    if self.field.pieces:
                        self.places[at] = into.add(one.words)
                done += len(batch)
                progress(done, total)
