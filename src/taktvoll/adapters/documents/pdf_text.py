"""The lines of a PDF as headings, paragraphs, lists and tables: what its looks mean.

I decide by size, weight, place and outline what each line is, and join what a line or page end parted. pdf_files calls
me with all pages in order. I leave nothing out but running heads and feet, page numbers and the list of contents.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from taktvoll.adapters.documents.pdf_page import Piece, Sheetful, Table, regions, rows_of
from taktvoll.adapters.documents.pdf_tables import drawn_tables, table_at
from taktvoll.adapters.documents.sheet import Sheet, Span, text_of

Outline = Mapping[int, Mapping[str, int]]
"""Per page (from 1) the folded titles of the outline with their depth from 1."""

HEADING_CHARS_MAX = 160
HEADING_LINES_MAX = 3
LARGER_MIN = 1.12
MARGIN_SHARE = 0.09
MARGIN_MIN = 30.0
REPEATED_MIN = 3
REPEATED_SHARE = 0.3
_LEVELS_BY_LOOKS = 10
_MARK = re.compile(r"[•◦▪▫‣●○■□–—∙⁃·*➢➤►▶✓✔\uf0b7\uf0a7\uf0d8\uf076\uf02d-]|o(?= )")
_ITEM = re.compile(rf"(?:{_MARK.pattern})\s+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(?=\D)")
_LABEL = re.compile(rf"(?:{_MARK.pattern}|\(?\d{{1,3}}[.)]|\(?[a-z]\)|§+\s*\d+\w?|\d+(?:\.\d+)+\.?)")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]*\s*$|…{2,}\s*\d*\s*$")
_PAGE_NUMBER = re.compile(
    r"(?:(?:seite|page|s\.|p\.|blatt)\s*)?[-–—|·\s]*\d{1,4}(?:\s*(?:/|von|of|\|)\s*\d{1,4})?[-–—|·\s]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_HYPHENS = ("-", "\u00ad", "\u2010")
_ELLIPSIS_WORDS = ("und", "oder", "bzw", "sowie", "and", "or", "bis")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…", "”", "“", ")")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, not yet told what they are."""

    spans: list[Span]
    pages: list[int]
    last: Piece
    size: float
    bold: bool
    lines: int = 1
    first: Piece | None = None
    mark: str = ""
    edge: float = 0.0


@dataclass(slots=True)
class _Looks:
    """What is usual in a document: the size of its body, the distance of its lines, and which looks make headings."""

    body: float
    leading: float
    levels: dict[tuple[float, bool], int] = field(default_factory=dict)


def write(pages: Sequence[Sheetful], outline: Outline, sheet: Sheet) -> None:
    """Write all pages onto the sheet."""
    _drop_margins(pages)
    blocks = list(_continued(_paragraphs(pages, _leading(pages))))
    looks = _looks(blocks, outline)
    for page, block in blocks:
        if isinstance(block, Table):
            sheet.begin_page(page)
            sheet.table(block.rows, block.header)
        else:
            _write_paragraph(block, looks, outline, sheet)


def folded(title: str) -> str:
    """Write a heading so that outline and text compare equal."""
    return "".join(_WORD.findall(title.casefold()))


def _write_paragraph(block: Paragraph, looks: _Looks, outline: Outline, sheet: Sheet) -> None:
    text = text_of(block.spans)
    level = _level(block, looks, outline)
    numbered = _NUMBERED.match(text)
    if level is not None:
        sheet.begin_page(block.pages[0])
        sheet.heading(level, text)
    elif _ITEM.match(text):
        sheet.begin_page(block.pages[0])
        sheet.item(0, None, _without(block.spans, _ITEM))
    elif numbered and not (block.bold and text.endswith("?")):
        sheet.begin_page(block.pages[0])
        sheet.item(0, int(numbered[1]), _without(block.spans, _NUMBERED))
    else:
        sheet.begin_page(block.pages[0])
        sheet.paragraph(block.spans)


def _without(spans: list[Span], mark: re.Pattern[str]) -> list[Span]:
    """Take the mark of a list item away, which may stand in a span of its own."""
    text = "".join(span.text for span in spans)
    found = mark.match(text.lstrip())
    cut = len(text) - len(text.lstrip()) + (found.end() if found else 0)
    kept: list[Span] = []
    for span in spans:
        taken = min(cut, len(span.text))
        cut -= taken
        if taken < len(span.text) or span.page:
            kept.append(span._replace(text=span.text[taken:]))
    return kept


# --- what every page repeats ---


def _drop_margins(pages: Sequence[Sheetful]) -> None:
    """Take running heads, running feet and page numbers off all pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_place(piece, page) for piece in page.pieces if _in_margin(piece, page)})
    needed = max(2 if len(pages) < 2 * REPEATED_MIN else REPEATED_MIN, int(REPEATED_SHARE * len(pages)))
    for page in pages:
        page.pieces = [
            piece
            for piece in page.pieces
            if not _in_margin(piece, page)
            or (seen[_place(piece, page)] < needed and not _PAGE_NUMBER.fullmatch(piece.text.strip()))
        ]


def _in_margin(piece: Piece, page: Sheetful) -> bool:
    margin, middle = max(MARGIN_MIN, MARGIN_SHARE * page.height), (piece.top + piece.bottom) / 2
    return middle < margin or middle > page.height - margin


def _place(piece: Piece, page: Sheetful) -> tuple[str, int]:
    return _DIGITS.sub("#", piece.text.strip()), int(piece.top > page.height / 2)


# --- lines into paragraphs ---


def _leading(pages: Sequence[Sheetful]) -> float:
    """Measure the usual distance of two lines, in sizes of their text."""
    found: list[float] = []
    for page in pages[:50]:
        ordered = sorted(page.pieces, key=lambda piece: (round(piece.left), piece.top))
        for one, next_ in pairwise(ordered):
            step = (next_.bottom - one.bottom) / max(one.size, 1.0)
            if round(one.left) == round(next_.left) and one.size == next_.size and 0.8 < step < 2.2:
                found.append(step)
    return median(found) if found else 1.2


def _paragraphs(pages: Sequence[Sheetful], leading: float) -> Iterator[tuple[int, Paragraph | Table]]:
    for page in pages:
        for region in regions(drawn_tables(page)):
            yield from ((page.number, block) for block in _of_region(region, page.number, leading))


def _of_region(region: Sequence[Piece | Table], number: int, leading: float) -> Iterator[Paragraph | Table]:
    pieces: list[Piece] = []
    for thing in region:
        if isinstance(thing, Table):
            yield from _of_rows(rows_of(pieces), number, leading)
            pieces = []
            yield thing
        else:
            pieces.append(thing)
    yield from _of_rows(rows_of(pieces), number, leading)


def _of_rows(rows: list[list[Piece]], number: int, leading: float) -> Iterator[Paragraph | Table]:
    current: Paragraph | None = None
    rows = [_labelled(row) for row in rows]
    at = 0
    while at < len(rows):
        found = table_at(rows, at)
        if found:
            if current:
                yield current
            current = None
            yield found[0]
            at += found[1]
            continue
        line = _line(rows[at])
        at += 1
        if _LEADERS.search(line.text):
            continue
        if current and _belongs(current, line, leading):
            _add(current, line, 0)
        else:
            if current:
                yield current
            current = _begin(line, number)
    if current:
        yield current


def _labelled(row: list[Piece]) -> list[Piece]:
    """Put a bullet or number back in front of the text that a tab parted from it."""
    if (
        len(row) < 2
        or not _LABEL.fullmatch(row[0].text.strip())
        or row[1].left - row[0].right > 5 * row[1].size
    ):
        return row
    return [_joined(row[0], row[1]), *row[2:]]


def _line(row: list[Piece]) -> Piece:
    line = row[0]
    for piece in row[1:]:
        line = _joined(line, piece)
    return line


def _joined(one: Piece, other: Piece) -> Piece:
    spans = [*one.spans[:-1], one.spans[-1]._replace(text=one.spans[-1].text + " "), *other.spans]
    size = max(one, other, key=lambda piece: len(piece.text)).size
    return Piece(
        spans, one.left, min(one.top, other.top), other.right, max(one.bottom, other.bottom), size, other.edge
    )


def _begin(line: Piece, number: int) -> Paragraph:
    found = _ITEM.match(line.text) or _NUMBERED.match(line.text)
    return Paragraph(
        list(line.spans),
        [number],
        line,
        line.size,
        line.bold,
        first=line,
        mark=found[0] if found else "",
        edge=line.edge,
    )


def _belongs(paragraph: Paragraph, line: Piece, leading: float) -> bool:
    """Say whether a line goes on the paragraph above it."""
    last = paragraph.last
    step = (line.bottom - last.bottom) / max(line.size, 1.0)
    if abs(line.size - paragraph.size) > 0.06 * paragraph.size or not 0 < step < leading * 1.28 + 0.05:
        return False
    if _ITEM.match(line.text) or (
        _NUMBERED.match(line.text) and (paragraph.mark or not _hangs(paragraph, line))
    ):
        return False
    if paragraph.bold != line.bold and not _is_run_in(paragraph, line):
        return False
    if paragraph.mark and paragraph.first and line.left < paragraph.first.left - 2:
        return False
    indented = line.left > last.left + 0.8 * line.size and not paragraph.mark
    return not (indented and paragraph.lines > 1 and last.text.rstrip().endswith(_SENTENCE_ENDS))


def _hangs(paragraph: Paragraph, line: Piece) -> bool:
    """Say whether a number that begins a line only happens to stand there, as in "am\\n3. Mai"."""
    return not paragraph.last.text.rstrip().endswith(_SENTENCE_ENDS) and not _has_room(paragraph.last, line)


def _is_run_in(paragraph: Paragraph, line: Piece) -> bool:
    """Say whether a bold beginning ends within the line above, so that the paragraph goes on in plain."""
    return not line.bold and not paragraph.last.bold


def _add(paragraph: Paragraph, line: Piece, page: int) -> None:
    """Go on a paragraph with a line, without the hyphen that parted a word."""
    last, spans = paragraph.spans[-1], list(line.spans)
    before, first = last.text.rstrip(), spans[0].text.lstrip()
    word = _WORD.match(first)
    if before.endswith(_HYPHENS) and len(before) > 1 and first:
        soft = first[0].islower() and not (word and word[0] in _ELLIPSIS_WORDS)
        hyphen = "" if soft and before[-2].isalpha() else "-"
        before, joint = before[:-1] + hyphen, "" if soft or not (word and word[0] in _ELLIPSIS_WORDS) else " "
    else:
        joint = "\n" if not page and _has_room(paragraph.last, line) else " "
    paragraph.spans[-1] = last._replace(text=before + joint)
    spans[0] = spans[0]._replace(text=first, page=page)
    paragraph.spans.extend(spans)
    paragraph.bold = paragraph.bold and line.bold
    paragraph.last, paragraph.lines = line, paragraph.lines + 1
    if page:
        paragraph.pages.append(page)


def _has_room(above: Piece, line: Piece) -> bool:
    """Say whether the line's first word would have fitted above: then the line end is meant."""
    first = line.text.split(maxsplit=1)[0] if line.text.strip() else ""
    per_char = (line.right - line.left) / max(1, len(line.text))
    return above.right + (len(first) + 2) * per_char * 1.15 < above.edge - 0.5 * line.size


def _continued(
    blocks: Iterator[tuple[int, Paragraph | Table]],
) -> Iterator[tuple[int, Paragraph | Table]]:
    """Join paragraphs that a column or page end parted."""
    held: tuple[int, Paragraph] | None = None
    for page, block in blocks:
        if held and isinstance(block, Paragraph) and _goes_on(held[1], block):
            paragraph = held[1]
            spans = block.spans
            joined = Piece(
                spans,
                block.last.left,
                block.last.top,
                block.last.right,
                block.last.bottom,
                block.size,
                block.last.edge,
            )
            _add(paragraph, joined, page if page != paragraph.pages[-1] else 0)
            paragraph.lines += block.lines - 1
            continue
        if held:
            yield held
        held = None
        if isinstance(block, Paragraph):
            held = page, block
        else:
            yield page, block
    if held:
        yield held


def _goes_on(paragraph: Paragraph, block: Paragraph) -> bool:
    ends, begins = text_of(paragraph.spans[-1:]), text_of(block.spans[:1])
    alike = abs(paragraph.size - block.size) < 0.06 * paragraph.size and paragraph.bold == block.bold
    apart = (
        block.first is not None
        and block.first.top > paragraph.last.top
        and block.pages == paragraph.pages[-1:]
    )
    if not alike or block.mark or apart or not begins:
        return False
    return begins[0].islower() and not ends.endswith((".", "!", "?", ":", ";"))


# --- looks ---


def _looks(blocks: Sequence[tuple[int, Paragraph | Table]], outline: Outline) -> _Looks:
    """Find the body's size and rank the looks of headings; where the outline names headings, their depth ranks them."""
    chars: Counter[float] = Counter()
    paragraphs = [block for _, block in blocks if isinstance(block, Paragraph)]
    for paragraph in paragraphs:
        if not paragraph.bold:
            chars[_rounded(paragraph.size)] += len(text_of(paragraph.spans))
    if not chars:
        chars.update({_rounded(paragraph.size): 1 for paragraph in paragraphs})
    looks = _Looks(max(chars, key=lambda size: (chars[size], -size), default=10.0), 1.2)
    depths: dict[tuple[float, bool], Counter[int]] = {}
    for paragraph in paragraphs:
        if not _may_head(paragraph, looks.body):
            continue
        depth = _outlined(paragraph, outline)
        kept = depths.setdefault(_look(paragraph), Counter())
        if depth:
            kept[depth] += 1
    ranked = sorted(depths, key=lambda look: (-look[0], not look[1]))
    for rank, look in enumerate(ranked, start=1):
        told = depths[look].most_common(1)
        looks.levels[look] = told[0][0] if told else _LEVELS_BY_LOOKS + rank if outline else rank
    return looks


def _level(paragraph: Paragraph, looks: _Looks, outline: Outline) -> int | None:
    """Give a heading's level; None for what is none."""
    told = _outlined(paragraph, outline)
    if told and paragraph.lines <= HEADING_LINES_MAX:
        return told
    if not _may_head(paragraph, looks.body):
        return None
    if paragraph.bold and text_of(paragraph.spans).endswith("?") and _rounded(paragraph.size) <= looks.body:
        return None
    return looks.levels.get(_look(paragraph))


def _may_head(paragraph: Paragraph, body: float) -> bool:
    text = text_of(paragraph.spans)
    if paragraph.lines > HEADING_LINES_MAX or len(text) > HEADING_CHARS_MAX or not _WORD.search(text):
        return False
    if text.endswith((".", ",", ";", ":")) and not re.search(r"\b\w{1,4}\.$", text):
        return False
    larger = paragraph.size >= body * LARGER_MIN
    if _ITEM.match(text) or not any(c.isalpha() for c in text):
        return False
    return larger or (paragraph.bold and paragraph.size >= body * 0.95)


def _outlined(paragraph: Paragraph, outline: Outline) -> int:
    return outline.get(paragraph.pages[0], {}).get(folded(text_of(paragraph.spans)), 0)


def _look(paragraph: Paragraph) -> tuple[float, bool]:
    return _rounded(paragraph.size), paragraph.bold


def _rounded(size: float) -> float:
    return round(size * 2) / 2
