"""The workspace's own glossary: terms of the house, and the words that customers use for them.

I decide which words a question also means. Publishing keeps me in an edition's rules, the turn asks me before it
searches. I never look into a passage and never take a word out of a question.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from taktvoll.base.limits import SYNONYM_CHARS_MAX, SYNONYMS_MAX

STEM_CHARS_MIN = 4
_ENDINGS = ("en", "es", "e", "n", "s")
_WORD = re.compile(r"[^\W_]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LAST_UMLAUT = re.compile(r"(a|o|u)e(?!.*[aou]e)")


class Term(NamedTuple):
    """A term as the company's texts use it, and other words for it."""

    term: str
    synonyms: tuple[str, ...]


class _Meant(NamedTuple):
    """A phrase of the glossary, word by word, and what else it means."""

    words: tuple[frozenset[str], ...]
    also: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """All terms of a workspace, each once, in the order of their names."""

    terms: tuple[Term, ...] = ()

    def expanded(self, question: str) -> str:
        """Add to a question what its words also mean: to a synonym its term, to a term its synonyms.

        Gives:  the question as it is where nothing is to be added; what it says already is not added again.
        """
        if not self.terms:
            return question
        asked = words_of(question)
        found = dict.fromkeys(word for meant in self._said(asked) for word in meant.also)
        added = [word for word in found if not _stands_in(word, asked)]
        return f"{question} ({', '.join(added)})" if added else question

    def _said(self, asked: Sequence[frozenset[str]]) -> Iterator[_Meant]:
        """Find the phrases that a question holds as whole words."""
        for start, forms in enumerate(asked):
            for form in sorted(forms):
                for meant in self._by_first_word.get(form, ()):
                    if _begins_with(asked, start, meant.words):
                        yield meant

    @cached_property
    def _by_first_word(self) -> dict[str, list[_Meant]]:
        index: dict[str, list[_Meant]] = {}
        for phrase, also in self._phrases():
            words = words_of(phrase)
            for form in words[0] if words else ():
                index.setdefault(form, []).append(_Meant(words, also))
        return index

    def _phrases(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for term, synonyms in self.terms:
            yield term, synonyms
            yield from ((synonym, (term,)) for synonym in synonyms)


def words_of(text: str) -> tuple[frozenset[str], ...]:
    """The words of a text, each as the set of forms it may be compared by: two words are alike if one form is shared.

    Case, the way umlauts are written and German endings do not count: "Abschläge" and "ABSCHLAG" are alike.
    """
    folded = unicodedata.normalize("NFC", text).lower().translate(_WRITTEN_OUT)
    return tuple(_forms(word) for word in _WORD.findall(folded))


def merged(terms: Iterable[Term]) -> Glossary:
    """Make a glossary: a term that comes twice is one, a synonym stands once and is not the term itself.

    Takes:  texts cleaned already; too long ones and those beyond the limit of a term are left out.
    """
    known: dict[str, tuple[str, dict[str, str]]] = {}
    for term, synonyms in terms:
        name, others = known.setdefault(term.casefold(), (term, {}))
        for synonym in synonyms:
            usable = 0 < len(synonym) <= SYNONYM_CHARS_MAX and synonym.casefold() != name.casefold()
            if usable and len(others) < SYNONYMS_MAX:
                others.setdefault(synonym.casefold(), synonym)
    return Glossary(tuple(sorted(Term(name, tuple(o.values())) for name, o in known.values() if o)))


def _forms(word: str) -> frozenset[str]:
    """A word without its ending; with an ending it may be the plural of a word without umlaut."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= STEM_CHARS_MIN:
            return frozenset((stem, _LAST_UMLAUT.sub(r"\1", stem)))
    return frozenset((word,))


def _begins_with(asked: Sequence[frozenset[str]], start: int, words: Sequence[frozenset[str]]) -> bool:
    following = asked[start : start + len(words)]
    return len(following) == len(words) and all(a & b for a, b in zip(following, words, strict=True))


def _stands_in(phrase: str, asked: Sequence[frozenset[str]]) -> bool:
    words = words_of(phrase)
    return any(_begins_with(asked, start, words) for start in range(len(asked)))
