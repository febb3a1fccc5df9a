"""A text as weighted pieces of words: what two texts share in letters, where sentence vectors see only the sense.

I decide which pieces count and into which of 2,048 places each falls. Learning and reading call me.
I never keep a piece: the places alone are stored, so that a model holds nobody's words.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PLACES = 2_048
CHARS_READ_MAX = 1_000
SHORTEST, LONGEST = 3, 5

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_MIX = 2_654_435_761


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts as sparse rows: row i has its places and values from starts[i] to starts[i + 1]."""

    starts: Whole
    places: Whole
    values: Floats

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.starts) - 1

    def dense(self, first: int, last: int) -> Floats:
        """Some rows written out."""
        table = np.zeros((last - first, PLACES), dtype=np.float32)
        begin, end = self.starts[first], self.starts[last]
        counts = np.diff(self.starts[first : last + 1])
        table[np.repeat(np.arange(last - first), counts), self.places[begin:end]] = self.values[begin:end]
        return table


def pieces(text: str) -> list[str]:
    """The words of a text, neighbouring pairs of them, and all stretches of three to five letters within a word."""
    folded = unicodedata.normalize("NFKC", text[:CHARS_READ_MAX]).casefold().translate(_FOLDED)
    words = _WORD.findall(_DIGITS.sub("0", folded))
    found = [f"={w}" for w in words]
    found += [f"={a} {b}" for a, b in pairwise(words)]
    for word in words:
        padded = f" {word} "
        for length in range(SHORTEST, min(LONGEST, len(padded)) + 1):
            found += [padded[i : i + length] for i in range(len(padded) - length + 1)]
    return found


def counted(texts: Sequence[str]) -> Rows:
    """Count the pieces of each text in their places; two pieces in one place add up or cancel out by their sign.

    Source: Weinberger et al. 2009, feature hashing.
    """
    starts, places, values = [0], list[int](), list[float]()
    for text in texts:
        row: dict[int, int] = {}
        for piece in pieces(text):
            mixed = zlib.crc32(piece.encode("utf-8", "replace")) * _MIX & 0xFFFFFFFF
            place = (mixed >> 1) % PLACES
            row[place] = row.get(place, 0) + (1 if mixed & 1 else -1)
        places.extend(row)
        values.extend(row.values())
        starts.append(len(places))
    return Rows(
        np.asarray(starts, dtype=np.int32),
        np.asarray(places, dtype=np.int32),
        np.asarray(values, dtype=np.float32),
    )


def rarity(rows: Rows) -> Floats:
    """How much each place tells: what few texts have tells more."""
    used = np.bincount(rows.places[rows.values != 0], minlength=PLACES)
    return (np.log((1 + len(rows)) / (1 + used)) + 1).astype(np.float32)


def weighed(rows: Rows, telling: Floats) -> Rows:
    """Weigh counted pieces and bring each row to length one."""
    sizes = np.abs(rows.values)
    values = np.sign(rows.values) * (1 + np.log(np.maximum(sizes, 1))) * (sizes > 0) * telling[rows.places]
    counts = np.diff(rows.starts)
    row_of = np.repeat(np.arange(len(rows)), counts)
    lengths = np.sqrt(np.bincount(row_of, weights=values**2, minlength=len(rows)))
    scaled = values / np.maximum(lengths, 1e-9)[row_of]
    return Rows(rows.starts, rows.places, scaled.astype(np.float32))
