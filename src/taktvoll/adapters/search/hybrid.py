"""Search over the passages of one edition: candidates by words and by meaning, measured alike, best first.

I decide which passages the engine gets to see for a question. Flows call me through the ports PassageSearch and
SearchBuilder. I never decide whether a candidate is good enough to answer with.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from taktvoll.adapters.search.building import build
from taktvoll.adapters.search.contents import Contents
from taktvoll.adapters.search.defaults import Fusions, default_fusions
from taktvoll.adapters.search.encoding import Encoded, Encoder
from taktvoll.adapters.search.lexical import Lexical
from taktvoll.adapters.search.premises import Premise, premise
from taktvoll.adapters.search.query import QueryReader, Unit
from taktvoll.adapters.search.questions import Questions
from taktvoll.adapters.search.ranking import Measured, fused, ranked
from taktvoll.adapters.search.store import Store
from taktvoll.adapters.search.table import Table
from taktvoll.adapters.search.vectors import Vectors
from taktvoll.adapters.search.vocabulary import Vocabulary
from taktvoll.adapters.search.wording import Wording
from taktvoll.adapters.search.words import WORDS_VERSION, Stemmer
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.terms import Candidate, Passage, PassageKey

LAYOUT_VERSION = "layout-4"
LEXICAL_CANDIDATES = 20
DENSE_CANDIDATES = 12
WIDEN_BY = 6
COMPARED_MAX = 16
"""Of how many candidates the wording is compared piece by piece; it costs more than all else that is measured."""

_log = logging.getLogger(__name__)


class HybridSearch:
    """A built search, mapped from its folder; cheap to hold, safe to call from several tasks at once."""

    def __init__(self, folder: Path, encoder: Encoder, fusions: Fusions, versions: tuple[str, ...]) -> None:
        self._encoder, self._versions = encoder, versions
        self._fusions = fusions
        self._table = Table(folder)
        self._vocabulary = Vocabulary(folder)
        self._contents = Contents(folder, self._vocabulary)
        self._lexical = Lexical(folder / "lexical", self._vocabulary)
        self._questions = Questions(folder, len(self._table))
        self._answers = Vectors(folder / "answer.usearch")
        self._wording = Wording(folder)
        self._reader = QueryReader(self._vocabulary, Stemmer(), len(self._table))

    @property
    def versions(self) -> tuple[str, ...]:
        """Names and versions of the analyser and models used."""
        return self._versions

    async def find(
        self, question: str, language: str, usable: Callable[[PassageKey], bool], now: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        """Find the passages most likely to settle the question, best first; never raises for odd input."""
        if limit < 1 or not len(self._table) or not question.strip():
            return ()
        encoding = self._encoder.begin(question)
        units = self._reader.units(question)
        worded = self._lexical.nearest(units, LEXICAL_CANDIDATES)
        asked = await encoding
        rows = self._offered(units, worded, asked, language, usable, now)
        measured = self._measured(rows, units, asked, language, premise(question))
        found = ranked(self._fusions, measured, limit)
        candidates = []
        for m, score, features in found:
            key, content = self._table.key(m.row), self._table.hash(m.row)
            candidates.append(Candidate(key=key, hash=content, score=score, features=features))
        return tuple(candidates)

    def _offered(
        self,
        units: Sequence[Unit],
        worded: list[int],
        asked: Encoded,
        language: str,
        usable: Callable[[PassageKey], bool],
        now: datetime,
    ) -> list[int]:
        """Collect candidates a customer may get; look further when much of what was found may not be used."""
        widen = 1
        while True:
            lists = (
                worded if widen == 1 else self._lexical.nearest(units, LEXICAL_CANDIDATES * widen),
                self._questions.nearest(asked.sentence, DENSE_CANDIDATES * widen),
                self._answers.nearest(asked.sentence, DENSE_CANDIDATES * widen),
            )
            rows = list(dict.fromkeys(row for found in lists for row in found))
            offered = self._table.offered(rows, language, usable, now)
            exhausted = len(rows) >= len(self._table) or DENSE_CANDIDATES * widen >= len(self._table)
            if len(offered) * 2 >= min(len(rows), DENSE_CANDIDATES) or exhausted:
                return offered
            widen *= WIDEN_BY

    def _measured(
        self, rows: list[int], units: Sequence[Unit], asked: Encoded, language: str, taken: Premise
    ) -> list[Measured]:
        if not rows:
            return []
        lexical, overlap, denied = self._contents.match(rows, units)
        against = dict(zip(rows, denied.tolist(), strict=True))
        question = self._questions.cosines(rows, asked.sentence)
        answer = self._answers.cosines(rows, asked.sentence)
        columns = np.column_stack((lexical, question, answer, overlap)).tolist()
        found = [
            Measured(row, self._table.entry(row), *values) for row, values in zip(rows, columns, strict=True)
        ]
        if len(found) > COMPARED_MAX:
            found.sort(key=lambda m: -fused(self._fusions.choosing, m))
            found = found[:COMPARED_MAX]
        wording = self._wording.match([m.row for m in found], asked)
        pairs = zip(found, *(values.tolist() for values in wording), strict=True)
        return [
            replace(
                m,
                wording=met,
                weakest=weakest,
                foreign=self._table.foreign(m.row, language),
                denied=against[m.row] if taken.sought else 0.0,
                granted=float(taken.granted),
            )
            for m, met, weakest in pairs
        ]

    def close(self) -> None:
        """Let go of mapped files; the search is not used afterwards."""
        for part in (self._table, self._vocabulary, self._questions, self._answers, self._wording):
            part.close()


class HybridSearchBuilder:
    """Builds searches under a folder and opens them by the manifest's hash; several workspaces share one encoder."""

    def __init__(self, folder: Path, encoder: Encoder, fusions: Fusions | None = None) -> None:
        self._store = Store(folder)
        self._encoder = encoder
        self._fusions = fusions or default_fusions()

    @property
    def versions(self) -> tuple[str, ...]:
        """Names and versions that a search built now would have."""
        return (
            WORDS_VERSION,
            LAYOUT_VERSION,
            self._encoder.version,
            f"tantivy/{version('tantivy')}",
            f"usearch/{version('usearch')}",
        )

    def open_or_build(
        self, manifest_hash: str, passages: Callable[[], Iterable[Passage]], count: int, progress: Progress
    ) -> HybridSearch:
        """Map the cached search of this manifest, or build it and keep it.

        Takes:  passages: called once, only when there is no whole search of today's versions.
        """
        place = self._store.place(manifest_hash)
        if not self._store.sealed(place, self.versions):
            if place.exists():
                _log.warning("A cached search is damaged or of another version and is built anew.")
            earlier = [f for f in self._store.built() if f != place and self._store.sealed(f, self.versions)]
            with self._store.building(manifest_hash, self.versions) as folder:
                build(folder, self._encoder, passages(), count, earlier, progress)
        return HybridSearch(place, self._encoder, self._fusions, self.versions)

    def forget(self, keep: Sequence[str]) -> None:
        """Delete cached searches whose manifest hash is not in keep."""
        self._store.forget(keep)
