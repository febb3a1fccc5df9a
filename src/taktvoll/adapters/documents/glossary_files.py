"""A workspace's glossary out of a table or JSON: one term a row, with the other words for it.

I decide which columns hold what and how the words are parted. The reader of files calls me.
I never judge a term: what a glossary takes is the flow's matter.
"""

import csv
import io
import json
import re
from collections.abc import Iterator

from taktvoll.adapters.documents.terms import Unusable
from taktvoll.domain.knowledge.ports import ReadTerms
from taktvoll.domain.knowledge.synonyms import Term
from taktvoll.domain.knowledge.terms import Problem

_TERM = frozenset({"term", "begriff", "wort", "word"})
_SYNONYMS = frozenset({"synonyms", "synonyme", "synonym", "also", "auch", "other_words", "andere_woerter"})
_DELIMITERS = (";", ",", "\t", "|")
_PARTED = re.compile(r"[;,|\n]")
_TABLES = frozenset({".csv", ".tsv"})
_NO_TERM = "Name the columns (or keys) “term” and “synonyms”."


def read_terms(text: str, ending: str, name: str) -> ReadTerms:
    """Read a whole file of terms.

    Takes:  ending: ".csv" and ".tsv" are tables, anything else is JSON or JSON Lines.
    Raises: Unusable where no column is a term.
    """
    terms: list[tuple[str, Term]] = []
    problems: list[Problem] = []
    for place, row in _table(text) if ending in _TABLES else _json(text):
        term = _term(row) if isinstance(row, dict) else None
        if term is None:
            problems.append(Problem(name, place, "import.no_term", _NO_TERM))
        else:
            terms.append((place, term))
    return ReadTerms(tuple(terms), tuple(problems))


def _table(text: str) -> Iterator[tuple[str, object]]:
    first = text.partition("\n")[0]
    delimiter = max(
        _DELIMITERS, key=lambda d: (_known(next(csv.reader([first], delimiter=d), [])), first.count(d))
    )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        if not any(name.lower() in _TERM for name in header):
            raise Unusable("import.no_term", _NO_TERM)
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                # More cells than the header has hold further synonyms.
                cells: dict[str, object] = dict(zip(header, row, strict=False))
                yield f"row {number}", cells | {"also": "\n".join(row[len(header) :])}
    except csv.Error:
        raise Unusable(
            "import.too_long", "A cell is too long; perhaps a quotation mark is not closed."
        ) from None


def _known(header: list[str]) -> int:
    return sum(name.strip().lower() in _TERM | _SYNONYMS for name in header)


def _json(text: str) -> Iterator[tuple[str, object]]:
    if text.lstrip().startswith("["):
        try:
            yield from ((f"entry {n}", value) for n, value in enumerate(json.loads(text), start=1))
        except (ValueError, RecursionError):
            raise Unusable("import.not_json", "The file is not valid JSON.") from None
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except (ValueError, RecursionError):
                yield f"line {number}", None


def _term(row: dict[str, object]) -> Term | None:
    term, synonyms = "", list[str]()
    for key, value in row.items():
        name = str(key).strip().lower()
        if name in _TERM and isinstance(value, str):
            term = value
        elif name in _SYNONYMS:
            synonyms += _words(value)
    return Term(term, tuple(synonyms)) if term.strip() else None


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [part for part in value if isinstance(part, str) and part.strip()]
    return [part for part in _PARTED.split(value) if part.strip()] if isinstance(value, str) else []
