"""Which terms each passage holds, mapped from disk: the exact lexical score of any candidate, however it was found.

I decide how well a passage's words match a question's. Building writes me, the search asks me.
I never choose candidates.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search import mapped
from taktvoll.adapters.search.query import Unit
from taktvoll.adapters.search.vocabulary import Vocabulary, rarity

# BM25F's constants, the usual ones; the head (question, title) counts more than the text.
SATURATION = 1.2
LENGTH_SHARE = 0.5
HEAD_WEIGHT = 2.0
TIMES_MAX = 255


class ContentsWriter:
    """Collects the terms of passages, in order, and writes them for mapping."""

    def __init__(self) -> None:
        self._terms, self._in_head, self._in_text = array("I"), array("B"), array("B")
        self._starts, self._lengths = array("Q", [0]), array("H")

    def add(self, head: Sequence[int], text: Sequence[int], more: Sequence[int] = ()) -> list[int]:
        """Add the next passage's term numbers; gives the distinct ones.

        Takes:  more: terms that count as said in the head without making it longer: those of further wordings.
        """
        times: dict[int, list[int]] = {}
        for field, terms in ((0, head), (0, more), (1, text)):
            for term in terms:
                times.setdefault(term, [0, 0])[field] += 1
        distinct = sorted(times)
        self._terms.extend(distinct)
        self._in_head.extend(min(TIMES_MAX, times[t][0]) for t in distinct)
        self._in_text.extend(min(TIMES_MAX, times[t][1]) for t in distinct)
        self._starts.append(len(self._terms))
        self._lengths.extend((min(65535, len(head)), min(65535, len(text))))
        return distinct

    def write(self, folder: Path) -> None:
        """Write what was collected."""
        np.save(folder / "contents_term.npy", np.frombuffer(self._terms, dtype=np.uint32))
        times = np.column_stack(
            (np.frombuffer(self._in_head, dtype=np.uint8), np.frombuffer(self._in_text, dtype=np.uint8))
        )
        np.save(folder / "contents_times.npy", times)
        np.save(folder / "contents_start.npy", np.frombuffer(self._starts, dtype=np.uint64))
        lengths = np.frombuffer(self._lengths, dtype=np.uint16).reshape(-1, 2)
        np.save(folder / "contents_length.npy", lengths)
        average = lengths.mean(axis=0) if len(lengths) else np.ones(2)
        np.save(folder / "contents_average.npy", np.maximum(average, 1.0).astype(np.float32))


class Contents:
    """The terms of every passage of a built corpus."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self._terms = mapped.array(folder / "contents_term.npy")
        self._times = mapped.array(folder / "contents_times.npy")
        self._starts = mapped.numbers(folder / "contents_start.npy")
        self._lengths = mapped.array(folder / "contents_length.npy")
        self._average = np.load(folder / "contents_average.npy")
        self._vocabulary = vocabulary

    def match(
        self, rows: Sequence[int], units: Sequence[Unit]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Measure how well passages match the question's words.

        Gives:  per row the BM25F score as a share of the highest a passage could reach (0–1), and the share of the
                question's words that are found (0–1); both 0 for a question without content words.
        Source: Robertson and Zaragoza 2009, BM25F.
        """
        found_score = np.zeros(len(rows))
        found_words = np.zeros(len(rows))
        numbers = sorted({at for unit in units for way in unit.ways for at, _ in way})
        if not units or not numbers:
            return found_score, found_words
        weights = self._weights(rows, numbers)
        column = {number: c for c, number in enumerate(numbers)}
        for unit in units:
            score, present = np.zeros(len(rows)), np.zeros(len(rows))
            for way in unit.ways:
                total, share = np.zeros(len(rows)), np.zeros(len(rows))
                for at, weight in way:
                    total += weight * weights[:, column[at]]
                    share += weight * (weights[:, column[at]] > 0)
                np.maximum(score, total, out=score)
                np.maximum(present, share, out=present)
            found_score += score
            found_words += present
        ideal = sum(unit.rarity for unit in units)
        return np.minimum(1.0, found_score / ideal), found_words / len(units)

    def _weights(self, rows: Sequence[int], numbers: Sequence[int]) -> NDArray[np.float64]:
        """Give each row's BM25F weight of each term."""
        sought = np.array(numbers, dtype=np.uint32)
        times = np.zeros((len(rows), len(numbers), 2))
        spans = [(self._starts[row], self._starts[row + 1]) for row in rows]
        terms = np.concatenate([self._terms[start:end] for start, end in spans])
        owner = np.repeat(np.arange(len(rows)), [end - start for start, end in spans])
        columns = sought.searchsorted(terms)
        columns[columns == len(sought)] = 0
        hit = np.flatnonzero(sought[columns] == terms)
        if len(hit):
            counted = np.concatenate([self._times[start:end] for start, end in spans])[hit]
            times[owner[hit], columns[hit]] = counted
        lengths = self._lengths[list(rows)] / self._average
        spread = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths
        weighed = (times / spread[:, None, :]) @ np.array([HEAD_WEIGHT, 1.0])
        documents = self._vocabulary.documents
        passages = len(self._starts) - 1
        rare = np.array([rarity(documents[n], passages) for n in numbers])
        saturated: NDArray[np.float64] = weighed / (SATURATION + weighed) * rare
        return saturated
