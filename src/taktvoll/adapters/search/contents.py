"""Which terms each passage holds, mapped from disk: the exact lexical score of any candidate, however it was found.

I decide how well a passage's words match a question's. Building writes me, the search asks me.
I never choose candidates.
"""

from array import array
from collections.abc import Mapping, Sequence
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
        self._terms, self._times = array("I"), array("B")
        self._starts, self._lengths = array("Q", [0]), array("H")

    def add(
        self, head: Sequence[int], text: Sequence[int], more: Sequence[int] = (), denied: Sequence[int] = ()
    ) -> list[int]:
        """Add the next passage's term numbers; gives the distinct ones.

        Takes:  more: terms that count as said in the head without making it longer: those of further wordings;
                denied: those of the text's sentences that deny or limit something, once more.
        """
        times: dict[int, list[int]] = {}
        for field, terms in ((0, head), (0, more), (1, text), (2, denied)):
            for term in terms:
                times.setdefault(term, [0, 0, 0])[field] += 1
        distinct = sorted(times)
        self._terms.extend(distinct)
        self._times.extend(min(TIMES_MAX, n) for t in distinct for n in times[t])
        self._starts.append(len(self._terms))
        self._lengths.extend((min(65535, len(head)), min(65535, len(text))))
        return distinct

    def write(self, folder: Path) -> None:
        """Write what was collected."""
        np.save(folder / "contents_term.npy", np.frombuffer(self._terms, dtype=np.uint32))
        times = np.frombuffer(self._times, dtype=np.uint8).reshape(-1, 3)
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
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Measure how well passages match the question's words.

        Gives:  per row the BM25F score as a share of the highest a passage could reach (0–1), the share of the
                question's words that are found (0–1), and of those found in the text, the rare counting more, the
                share whose sentences deny or limit something (0–1); all 0 for a question without content words.
        Source: Robertson and Zaragoza 2009, BM25F.
        """
        found_score, found_words = np.zeros(len(rows)), np.zeros(len(rows))
        numbers = sorted({at for unit in units for way in unit.ways for at, _ in way})
        if not units or not numbers:
            return found_score, found_words, np.zeros(len(rows))
        times = self._counted(rows, numbers)
        weights = self._weights(rows, numbers, times[:, :, :2])
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
        denied = _denied(times, units, column)
        return np.minimum(1.0, found_score / ideal), found_words / len(units), denied

    def _counted(self, rows: Sequence[int], numbers: Sequence[int]) -> NDArray[np.float64]:
        """Count each term in each row: in the head, in the text, in sentences of the text that deny."""
        sought = np.array(numbers, dtype=np.uint32)
        times = np.zeros((len(rows), len(numbers), 3))
        spans = [(self._starts[row], self._starts[row + 1]) for row in rows]
        terms = np.concatenate([self._terms[start:end] for start, end in spans])
        owner = np.repeat(np.arange(len(rows)), [end - start for start, end in spans])
        columns = sought.searchsorted(terms)
        columns[columns == len(sought)] = 0
        hit = np.flatnonzero(sought[columns] == terms)
        if len(hit):
            counted = np.concatenate([self._times[start:end] for start, end in spans])[hit]
            times[owner[hit], columns[hit]] = counted
        return times

    def _weights(
        self, rows: Sequence[int], numbers: Sequence[int], times: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give each row's BM25F weight of each term."""
        lengths = self._lengths[list(rows)] / self._average
        spread = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths
        weighed = (times / spread[:, None, :]) @ np.array([HEAD_WEIGHT, 1.0])
        documents = self._vocabulary.documents
        passages = len(self._starts) - 1
        rare = np.array([rarity(documents[n], passages) for n in numbers])
        saturated: NDArray[np.float64] = weighed / (SATURATION + weighed) * rare
        return saturated


def _denied(
    times: NDArray[np.float64], units: Sequence[Unit], column: Mapping[int, int]
) -> NDArray[np.float64]:
    """Give each row's share of words, by rarity, whose sentences deny; words that the text lacks do not count."""
    owned = np.zeros((len(column), len(units)))
    for number, unit in enumerate(units):
        owned[[column[at] for way in unit.ways for at, _ in way], number] = 1
    in_text, in_denials = times[:, :, 1] @ owned, times[:, :, 2] @ owned
    rare = np.array([unit.rarity for unit in units])
    found = (in_text > 0) @ rare
    share: NDArray[np.float64] = (in_denials / np.maximum(in_text, 1)) @ rare / np.maximum(found, 1e-9)
    return share
