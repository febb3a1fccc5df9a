"""Candidates by words: an inverted index over the terms of heads and texts.

I decide which passages share rare words with a question. Building writes me, the search asks me.
I never judge a candidate finally: contents.py scores all candidates alike.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from taktvoll.adapters.search.query import Unit
from taktvoll.adapters.search.vocabulary import Vocabulary

HEAD_BOOST = 1.5
WRITER_BYTES = 96 * 1024 * 1024


class LexicalWriter:
    """Writes the inverted index of a corpus, passage after passage."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)

    def add(self, row: int, head: Sequence[str], text: Sequence[str]) -> None:
        """Add a passage's terms under its row."""
        self._writer.add_document(tantivy.Document(row=row, head=" ".join(head), text=" ".join(text)))

    def finish(self) -> None:
        """Write everything to disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class Lexical:
    """The inverted index of a built corpus, mapped from disk."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._vocabulary = vocabulary

    def nearest(self, units: Sequence[Unit], limit: int) -> list[int]:
        """Give the rows of the passages that share most with the question, best first."""
        weights: dict[int, float] = {}
        for unit in units:
            for way in unit.ways:
                for at, weight in way:
                    weights[at] = max(weight, weights.get(at, 0.0))
        if not weights:
            return []
        clauses = []
        for at, weight in weights.items():
            term = self._vocabulary.term(at)
            for field, boost in (("head", HEAD_BOOST), ("text", 1.0)):
                query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, boost * weight)))
        hits: Any = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        rows: Any = self._searcher.fast_field_values("row", [address for _, address in hits])
        ordered = sorted(zip(hits, rows, strict=True), key=lambda pair: (-pair[0][0], pair[1]))
        return [row for _, row in ordered]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=False, indexed=False, fast=True)
    for field in ("head", "text"):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
