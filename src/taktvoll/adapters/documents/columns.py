"""Columns into entries: which German and English names mean question, answer, id and so on.

I decide what each key of a table, a JSON object or a front matter stands for. The readers of the file types call me.
I never check values: unknown keys are ignored, doubtful values are intake's matter.
"""

import re
from collections.abc import Mapping

from taktvoll.adapters.documents.html_text import plain
from taktvoll.adapters.documents.terms import Entry

NAMES: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "frage", "q", "faq_question", "fragetext", "question_text", "questions", "fragen"),
    "title": ("title", "titel", "heading", "headline", "ueberschrift", "subject", "betreff", "page_title", "name"),
    "answer": (
        "answer", "antwort", "answer_text", "antworttext", "antwort_text", "answer_plain", "a", "text", "inhalt",
        "content", "body", "loesung", "solution",
    ),
    "answer_html": ("answer_html", "antwort_html", "text_html", "content_html", "body_html", "html"),
    "id": ("id", "key", "anchor", "anker", "slug", "schluessel", "entry_id", "faq_id", "answer_id"),
    "language": ("language", "lang", "sprache", "locale"),
    "url": ("url", "link", "href", "permalink", "canonical", "source_url"),
    "section": ("section", "category", "kategorie", "rubrik", "abschnitt", "bereich", "thema", "topic", "categories"),
    "valid_from": ("valid_from", "gueltig_ab", "gueltig_von", "valid_since"),
    "valid_until": ("valid_until", "valid_to", "gueltig_bis", "expires", "expires_at", "ablaufdatum"),
    "audience": ("audience", "zielgruppe"),
    "wordings": (
        "wordings", "formulierungen", "alternative_questions", "alternative_fragen", "alternativfragen",
        "further_questions", "weitere_fragen", "question_variants", "varianten", "paraphrases",
    ),
}  # fmt: skip
"""Per meaning the names that carry it, the most telling first."""

_MEANING = {name: (rank, meaning) for meaning, names in NAMES.items() for rank, name in enumerate(names)}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAP = re.compile(r"[\s.\-_/]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORDINGS_PART = re.compile(r"\n|\||;")
_LIST_JOINTS = {"answer": "\n\n", "answer_html": "\n", "section": " > ", "wordings": "\n"}


def meaning(key: str) -> str | None:
    """Say what a column of this name holds; None for a name without meaning here."""
    known = _MEANING.get(_folded(key))
    return known[1] if known else None


def entry_from(fields: Mapping[str, object], section: str = "") -> Entry:
    """Read one record's fields as an entry, in plain text.

    Takes:  section: what to assume where the record names none.
    """
    said = told(fields)
    answer = said.get("answer", "") or said.get("answer_html", "")
    return Entry(
        text=plain(answer),
        id=said.get("id", ""),
        question=plain(said.get("question", "")),
        title=plain(said.get("title", "")),
        section=plain(said.get("section", "")) or section,
        language=said.get("language", ""),
        url=said.get("url", ""),
        audience=said.get("audience", ""),
        valid_from=said.get("valid_from", ""),
        valid_until=said.get("valid_until", ""),
        wordings=wordings_of(fields, said),
    )


def wordings_of(fields: Mapping[str, object], said: Mapping[str, str]) -> tuple[str, ...]:
    """Read further wordings, all but the first of a list of questions among them.

    A text is parted at line ends, “|” and “;”.
    """
    asked = [value for key, value in fields.items() if meaning(key) == "question" and isinstance(value, list)]
    more = [
        part for value in asked for part in value if isinstance(part, str) and part != said.get("question")
    ]
    parts = (*_WORDINGS_PART.split(said.get("wordings", "")), *more)
    return tuple(plain(part) for part in parts if part.strip())


def told(fields: Mapping[str, object]) -> dict[str, str]:
    """Sort a record's fields by meaning; of several names for one meaning the most telling with a value wins."""
    best: dict[str, tuple[int, str]] = {}
    for key, value in fields.items():
        rank_and_meaning = _MEANING.get(_folded(key))
        if rank_and_meaning is None:
            continue
        rank, what = rank_and_meaning
        text = _text(value, what)
        if text.strip() and (what not in best or rank < best[what][0]):
            best[what] = (rank, text)
    return {what: text for what, (_, text) in best.items()}


def _folded(key: str) -> str:
    words = _CAMEL.sub("_", key.strip().strip("\ufeff\"'*")).lower().translate(_GERMAN)
    return _GAP.sub("_", words).strip("_:")


def _text(value: object, what: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list) and what in ("question", *_LIST_JOINTS):
        parts = [part for part in value if isinstance(part, str) and part.strip()]
        return (parts[0] if parts else "") if what == "question" else _LIST_JOINTS[what].join(parts)
    return ""
