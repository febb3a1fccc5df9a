"""What a PDF or a Word document shows, written down as the page that the page reader cuts into passages.

I decide how headings, paragraphs, lists, tables and page borders are written, and what is a question with its answer.
The readers of PDF and DOCX call me in reading order. I never decide where a passage ends: that is page.py's matter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from taktvoll.adapters.documents.columns import meaning
from taktvoll.adapters.documents.html_text import PAGE_MARK
from taktvoll.adapters.documents.terms import unusable

HEADING_LEVEL_MAX = 4
QUESTION_LEVEL = 100
"""The level of a bold or labelled question in the text: beneath every heading."""
MARKUP_CHARS_MAX = 32_000_000
"""As much as some ten thousand full pages."""

_TABLE_CHARS_AIM = 2_500
_QUESTION_CHARS_MAX = 300
_QUESTION = re.compile(r"(?:Frage|F|Question|Q)(?:\s*\d{1,3})?\s*[.:)]\s*(?=\S)")
_ANSWER = re.compile(r"\s*(?:Antwort|A|Answer)\s*[.:)]\s*(?=\S)")
_BLANKS = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")


class Span(NamedTuple):
    """A stretch of text in one weight; "\\n" is a line end that is meant; page: the one that begins with it, or 0."""

    text: str
    bold: bool = False
    page: int = 0


class _Heading(NamedTuple):
    level: int
    text: str


class Sheet:
    """Collects a document in reading order."""

    def __init__(self) -> None:
        self._pieces: list[str | _Heading] = []
        self._chars = 0
        self._lists: list[str] = []
        self._page = 0
        self._asked = False

    def begin_page(self, number: int) -> None:
        """Say that what follows stands on this page."""
        if number != self._page:
            self._put(self._mark(number))

    def heading(self, level: int, text: str) -> None:
        """Write a heading; 1 is the highest level, of which any may be left out."""
        self._end_lists()
        self._put(_Heading(level, text))
        self._asked = level == QUESTION_LEVEL

    def paragraph(self, spans: Iterable[Span]) -> None:
        """Write a paragraph; a bold or labelled question that begins it becomes a heading, what follows its answer."""
        self._end_lists()
        written = tidy(spans)
        asked, answer = _parted(written)
        if asked:
            if written[0].page:
                self.begin_page(written[0].page)
            self.heading(QUESTION_LEVEL, asked)
        if self._asked and answer:
            answer = [answer[0]._replace(text=_ANSWER.sub("", answer[0].text, count=1)), *answer[1:]]
            self._asked = False
        if answer:
            self._put(f"<p>{self._inline(answer)}</p>")

    def item(self, depth: int, number: int | None, spans: Iterable[Span]) -> None:
        """Write a list item of this depth, from 0, and number, None for a bullet; items in a row make one list."""
        tag, depth = "ul" if number is None else "ol", min(depth, 8)
        while len(self._lists) > depth + 1 or (len(self._lists) == depth + 1 and self._lists[-1] != tag):
            self._put(f"</{self._lists.pop()}>")
        while len(self._lists) <= depth:
            self._put(f'<{tag} start="{number}">' if number else f"<{tag}>")
            self._lists.append(tag)
        self._put(f"<li>{self._inline(tidy(spans))}</li>")

    def table(self, rows: Sequence[Sequence[str]], header: bool) -> None:
        """Write a table row by row; a long one says its header again, so that each part can be read alone."""
        self._end_lists()
        if self._questions(rows):
            return
        head = [rows[0]] if header and len(rows) > 1 else []
        for part in _portions(rows, head):
            self._put("<table>" + "".join(map(_row, part)) + "</table>")

    def _questions(self, rows: Sequence[Sequence[str]]) -> bool:
        """Write a table headed "Frage" and "Antwort" as questions with their answers; say whether it is one."""
        meant = [meaning(cell) for cell in rows[0]]
        if meant.count("question") != 1 or meant.count("answer") != 1:
            return False
        asked, answer = meant.index("question"), meant.index("answer")
        for row in rows[1:]:
            if len(row) > max(asked, answer) and row[asked] and row[answer]:
                self.heading(QUESTION_LEVEL, row[asked])
                self.paragraph([Span(row[answer])])
            else:
                self._put(f"<table>{_row(row)}</table>")
        return True

    def markup(self) -> tuple[str, bool]:
        """Give everything as markup, and whether its first heading is the title of all of it."""
        self._end_lists()
        levels = [piece.level for piece in self._pieces if isinstance(piece, _Heading)]
        titled = bool(levels) and levels[0] == min(levels) and levels.count(levels[0]) == 1
        ranks = {level: rank for rank, level in enumerate(sorted(set(levels)), start=1 if titled else 2)}
        written = []
        for piece in self._pieces:
            if isinstance(piece, _Heading):
                tag = f"h{min(ranks[piece.level], HEADING_LEVEL_MAX)}"
                written.append(f"<{tag}>{escape(piece.text)}</{tag}>")
            else:
                written.append(piece)
        return "\n".join(written), titled

    def _put(self, piece: str | _Heading) -> None:
        """Take a piece in.

        Raises: Unusable where a small file says the same again and again: a note, a merged cell, a table's head.
        """
        self._chars += len(piece.text if isinstance(piece, _Heading) else piece)
        if self._chars > MARKUP_CHARS_MAX:
            raise unusable("import.bomb")
        self._pieces.append(piece)

    def _end_lists(self) -> None:
        while self._lists:
            self._put(f"</{self._lists.pop()}>")

    def _mark(self, number: int) -> str:
        self._page = number
        return f'<{PAGE_MARK} n="{number}"></{PAGE_MARK}>'

    def _inline(self, spans: Sequence[Span]) -> str:
        return "".join(
            (self._mark(span.page) if span.page else "") + escape(span.text).replace("\n", "<br>")
            for span in spans
        )


def tidy(spans: Iterable[Span]) -> list[Span]:
    """Join what has the same weight, make white space one space, and leave out what is empty at both ends."""
    joined, texts = list[Span](), list[list[str]]()
    for span in spans:
        last = joined[-1] if joined else None
        if last and not span.page and (last.bold == span.bold or not span.text.strip()):
            texts[-1].append(span.text)
        else:
            joined.append(span)
            texts.append([span.text])
    written = [_AROUND_BREAK.sub("\n", _BLANKS.sub(" ", "".join(parts))) for parts in texts]
    begins = next((n for n, text in enumerate(written) if text.strip()), len(written))
    page = next((s.page for s in reversed(joined[: begins + 1]) if s.page), 0)
    joined = [s._replace(text=t) for s, t in zip(joined[begins:], written[begins:], strict=True)]
    if joined:
        joined[0] = joined[0]._replace(text=joined[0].text.lstrip(), page=page)
        joined[-1] = joined[-1]._replace(text=joined[-1].text.rstrip())
    return joined


def text_of(spans: Iterable[Span]) -> str:
    """Give the text of spans on one line."""
    return " ".join("".join(span.text for span in spans).split())


def _parted(spans: list[Span]) -> tuple[str, list[Span]]:
    """Part a question that begins a paragraph from the answer behind it."""
    bold = next((n for n, span in enumerate(spans) if not span.bold), len(spans))
    asked = text_of(spans[:bold])
    label = _QUESTION.match(asked)
    if asked.endswith("?") and len(asked) <= _QUESTION_CHARS_MAX:
        return asked[label.end() if label else 0 :], tidy(spans[bold:])
    label = _QUESTION.match(spans[0].text) if spans else None
    if label:
        said, found, rest = spans[0].text.partition("?")
        ends = rest.lstrip(" ").startswith("\n") or not rest.strip()
        if found and ends and len(said) <= _QUESTION_CHARS_MAX:
            return " ".join(said[label.end() :].split()) + "?", tidy([Span(rest), *spans[1:]])
    return "", spans


def _portions(rows: Sequence[Sequence[str]], head: list[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    portion: list[Sequence[str]] = []
    chars = 0
    for row in rows:
        if portion and chars > _TABLE_CHARS_AIM:
            yield portion
            portion, chars = list(head), 0
        portion.append(row)
        chars += sum(map(len, row))
    if portion:
        yield portion


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
