"""What a question asks for, as terms: each word with its stem, the parts of a compound, or what a typo may mean.

I decide which terms of the vocabulary a word of the question may be found by. The search calls me.
I never look into passages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from taktvoll.adapters.search.vocabulary import Splitter, Vocabulary, rarity
from taktvoll.adapters.search.words import STOP_WORDS, Stemmer, without_written_umlauts, words

UNITS_MAX = 32
CORRECTED_MAX = 4
PART_WEIGHT = 0.8
TYPO_WEIGHT = 0.85
PIECE_WEIGHT = 0.5
PIECE_CHARS_MIN = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """One content word of the question.

    `ways` are the ways to find it, each a set of (term number, weight) whose weights are added up; `rarity` is what
    the word weighs, the highest there is when the corpus does not know it.
    """

    ways: tuple[tuple[tuple[int, float], ...], ...]
    rarity: float


class QueryReader:
    """Reads questions against the vocabulary of one corpus."""

    def __init__(self, vocabulary: Vocabulary, stemmer: Stemmer, passages: int) -> None:
        self._vocabulary, self._stemmer, self._passages = vocabulary, stemmer, passages
        self._splitter = Splitter(vocabulary, stemmer)
        self._read = lru_cache(maxsize=4096)(self._unit)

    def units(self, question: str) -> list[Unit]:
        """Give the content words of a question, each once; of a very long one the rarest.

        Gives:  an empty list when the question has no content words.
        """
        content = dict.fromkeys(w for w in words(question) if w not in STOP_WORDS)
        units: list[Unit] = []
        corrected = 0
        for word in content:
            known = self._known(word)
            may_correct = known or corrected < CORRECTED_MAX
            corrected += not known
            units.append(self._read(word, may_correct))
        if len(units) > UNITS_MAX:
            units = sorted(units, key=lambda u: (not u.ways, -u.rarity))[:UNITS_MAX]
        return units

    def _known(self, word: str) -> bool:
        at = self._vocabulary.number(self._stemmer.stem(word))
        return at is not None and self._vocabulary.documents[at] > 0

    def _unit(self, word: str, may_correct: bool) -> Unit:
        ways: list[tuple[tuple[int, float], ...]] = []
        for reading in dict.fromkeys((word, without_written_umlauts(word))):
            whole = self._in_corpus((self._stemmer.stem(reading),))
            if whole:
                ways.append(((whole[0], 1.0),))
            stems = self._splitter.parts(reading)
            parts = self._in_corpus(dict.fromkeys(stems))
            if parts:
                ways.append(tuple((p, PART_WEIGHT / len(stems)) for p in parts))
        if not ways and may_correct:
            corrected = self._vocabulary.corrected(self._stemmer.stem(without_written_umlauts(word)))
            ways += [((at, TYPO_WEIGHT),) for at in corrected]
        if not ways:
            ways += [((at, PIECE_WEIGHT),) for at in self._pieces(word)]
        return Unit(tuple(ways), self._rarity(ways))

    def _pieces(self, word: str) -> list[int]:
        """Find the longest known beginning and end of a word that is otherwise unknown."""
        found = []
        for pieces in (
            (word[:n] for n in range(len(word) - 1, PIECE_CHARS_MIN - 1, -1)),
            (word[n:] for n in range(1, len(word) - PIECE_CHARS_MIN + 1)),
        ):
            for piece in pieces:
                known = self._in_corpus((self._stemmer.stem(piece),))
                if known:
                    found += known
                    break
        return found

    def _in_corpus(self, stems: Iterable[str]) -> list[int]:
        numbers = (self._vocabulary.number(stem) for stem in stems)
        return [n for n in numbers if n is not None and self._vocabulary.documents[n]]

    def _rarity(self, ways: Sequence[tuple[tuple[int, float], ...]]) -> float:
        if not ways:
            return rarity(0, self._passages)
        documents = self._vocabulary.documents
        return max(rarity(documents[at], self._passages) for way in ways for at, _ in way)


def word_terms(word: str, stemmer: Stemmer, splitter: Splitter) -> tuple[str, ...]:
    """Give the terms a passage is found by for one of its words: its stem and the stems of its parts."""
    if word in STOP_WORDS:
        return ()
    terms = [stemmer.stem(word), *splitter.parts(word)]
    other = without_written_umlauts(word)
    if other != word:
        terms += [stemmer.stem(other), *splitter.parts(other)]
    return tuple(dict.fromkeys(terms))
