"""A text as a row of numbered features: stretches of two to five characters, words, pairs of words.

I decide what the linear models see of a text. The models and their training call me. I never keep a text.
"""

import re
import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

VERSION = "ngrams-1"
BUCKETS = 1 << 16
CHARS_MAX = 4000
WORDS_MAX = 700
NGRAMS = (2, 3, 4, 5)

_MASK = np.uint32(BUCKETS - 1)
_PRIME = np.uint32(2_654_435_761)
_SPREAD = np.uint32(0x85EB_CA6B)
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "`": "'", "´": "'"})
_LONG = re.compile(r"(.)\1{2,}", re.DOTALL)
_NUMBER = re.compile(r"\d+")
# An address is looked for once, from a word's beginning: from every letter anew, "a@a@a@…" would take a second.
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)(?=\S[^\s@]*@\S[^\s.]*\.\S)\S+")
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(r"[^\W_]+|[!?]+|[☀-➿\U0001f300-\U0001faff]")

Features = tuple[NDArray[np.int64], NDArray[np.float32]]


def plain(text: str) -> str:
    """Fold a text so that spellings that mean the same look the same: case, umlauts, long stretches, numbers."""
    known = unicodedata.normalize("NFKC", text[:CHARS_MAX]).casefold().translate(_FOLDED)
    known = _NUMBER.sub("0", _LINK.sub(" link ", known))
    return _SPACES.sub(" ", _LONG.sub(r"\1\1", known)).strip()


def features(text: str) -> Features:
    """Number the features of a text.

    Gives:  distinct numbers 0 … BUCKETS − 1, and how strongly each stands there; each half, characters and words, has
            length 1 unless it is empty. A text without content gives none.
    Source: Weinberger et al. 2009, feature hashing.
    """
    known = plain(text)
    if not known:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    halves = [_weighed(_characters(known)), _weighed(_words(known))]
    numbers, values = np.concatenate([h[0] for h in halves]), np.concatenate([h[1] for h in halves])
    distinct, where = np.unique(numbers, return_inverse=True)
    return distinct, np.bincount(where, values, len(distinct)).astype(np.float32)


def _characters(known: str) -> NDArray[np.int64]:
    codes = np.frombuffer(f" {known} ".encode("utf-32-le", "replace"), dtype="<u4")
    found = []
    rolled = np.zeros(len(codes), np.uint32)
    for length in range(1, NGRAMS[-1] + 1):
        if length > len(codes):
            break
        rolled = rolled[: len(codes) - length + 1] * _PRIME + codes[length - 1 :]
        if length in NGRAMS:
            mixed = (rolled ^ (rolled >> np.uint32(15))) * _SPREAD
            found.append((mixed >> np.uint32(13)) & _MASK)
    return np.concatenate(found).astype(np.int64) if found else np.zeros(0, np.int64)


def _words(known: str) -> NDArray[np.int64]:
    words = _TOKEN.findall(known)[:WORDS_MAX]
    pairs = [f"{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True)]
    gaps = [f"{a} _ {b}" for a, b in zip(words, words[2:], strict=False)]
    return np.array(
        [crc32(w.encode("utf-8", "replace")) & (BUCKETS - 1) for w in (*words, *pairs, *gaps)], np.int64
    )


def _weighed(numbers: NDArray[np.int64]) -> Features:
    distinct, counts = np.unique(numbers, return_counts=True)
    strength = (1.0 + np.log(counts)).astype(np.float32)
    length = float(np.sqrt(np.dot(strength, strength)))
    return distinct, strength / np.float32(length or 1.0)
