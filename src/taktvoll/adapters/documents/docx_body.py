"""The text of a Word file, paragraph by paragraph, onto a sheet.

I decide what is shown of runs, fields, changes, boxes and notes. docx_files calls me with the parsed parts.
I never show deleted, moved-away or hidden text, field codes, comments, heads and feet.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from taktvoll.adapters.documents.docx_styles import (
    Numbering,
    Style,
    Styles,
    list_of,
    outline_level,
    switched,
    value,
)
from taktvoll.adapters.documents.sheet import Sheet, Span, text_of, tidy
from taktvoll.domain.knowledge.ports import Progress

FAKE_HEADING_LEVEL = 50
FAKE_HEADING_CHARS_MAX = 100
COLUMNS_MAX = 63
"""As many as Word allows."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_LINK_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_LEFT_OUT = frozenset(
    "del moveFrom pPr rPr instrText delText delInstrText rt annotationRef fldData sdtPr sectPr tcPr tblPr".split()
)
_BLOCKS = frozenset(["p", "tbl", "sdt", "ins", "moveTo", "customXml", "sdtContent"])
_LETTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_REPORT_EVERY = 2_000


class Body:
    """Walks through the text once, in the order it is read."""

    def __init__(
        self,
        sheet: Sheet,
        styles: Styles,
        numbering: Numbering,
        links: Mapping[str, str],
        notes: Element | None,
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._numbering = numbering
        self._links = links
        self._notes = {n.get("id", ""): n for n in notes.iter("footnote")} if notes is not None else {}
        self._page = 0
        self._boxes: list[Element] = []
        self._noted: list[tuple[int, Element]] = []
        self._notes_count = 0
        self._headed = False

    def write(self, document: Element, progress: Progress) -> None:
        """Write the whole text."""
        body = document.find("body")
        if body is None:
            return
        self._page = int(next(body.iter("lastRenderedPageBreak"), None) is not None)
        self._headed = any(self._heading_level(p, self._style(p)) is not None for p in body.iter("p"))
        for done, child in enumerate(body):
            self._block(child)
            if done % _REPORT_EVERY == 0:
                progress("paragraphs", done, len(body))

    def _block(self, element: Element) -> None:
        if element.tag == "p":
            self._paragraph(element)
        elif element.tag == "tbl":
            self._table(element)
        elif element.tag == "sdt" and _is_contents(element):
            return
        elif element.tag in _BLOCKS:
            for child in element:
                self._block(child)
        elif element.tag == f"{_MC}AlternateContent":
            for child in _chosen(element):
                self._block(child)

    def _paragraph(self, element: Element) -> None:
        style = self._style(element)
        self._show_page()
        spans = [span for child in element for span in self._inline(child, style.bold)]
        level, listed = self._heading_level(element, style), self._list(element, style)
        if style.contents or not text_of(spans):
            pass
        elif level is not None:
            self._sheet.heading(level, text_of(spans))
        elif not self._headed and not listed and _is_fake_heading(spans):
            self._sheet.heading(FAKE_HEADING_LEVEL, text_of(spans))
        elif listed:
            self._sheet.item(listed[1], self._numbering.next(*listed), spans)
        else:
            self._sheet.paragraph(spans)
        self._beside()

    def _beside(self) -> None:
        """Write the boxes and notes that belong to what was just written."""
        boxes, self._boxes = self._boxes, []
        noted, self._noted = self._noted, []
        for box in boxes:
            for child in box:
                self._block(child)
        for number, note in noted:
            text = text_of(
                span for child in note.iter("p") for part in child for span in self._inline(part, False)
            )
            self._sheet.paragraph([Span(f"[{number}] {text}")])
        if noted:
            self._noted = []

    def _show_page(self) -> None:
        if self._page:
            self._sheet.begin_page(self._page)

    def _style(self, paragraph: Element) -> Style:
        properties = paragraph.find("pPr")
        return self._styles.style(value(properties, "pStyle") if properties is not None else "")

    def _heading_level(self, paragraph: Element, style: Style) -> int | None:
        if style.contents:
            return None
        told = outline_level(paragraph.find("pPr"))
        return style.level if told is None else told

    def _list(self, paragraph: Element, style: Style) -> tuple[str, int] | None:
        listed = list_of(paragraph.find("pPr")) or style.list
        return None if listed is None or listed[0] == "0" else listed

    # --- within a paragraph ---

    def _inline(self, element: Element, bold: bool) -> Iterator[Span]:
        tag = element.tag
        if tag in _LEFT_OUT:
            return
        if tag == "r":
            yield from self._run(element, bold)
        elif tag == "hyperlink":
            yield from self._link(element, bold)
        elif tag == f"{_MC}AlternateContent":
            for child in _chosen(element):
                yield from self._inline(child, bold)
        elif tag == "txbxContent":
            self._boxes.append(element)
        elif tag == "footnoteReference":
            yield from self._note(element)
        elif tag == "lastRenderedPageBreak":
            self._page += 1
            yield Span("", bold, self._page)
        elif tag in ("t", _MATH_TEXT):
            yield Span((element.text or "").replace("\n", " "), bold)
        elif tag in _LETTERS:
            yield Span(_LETTERS[tag] if element.get("type", "textWrapping") == "textWrapping" else " ", bold)
        else:
            for child in element:
                yield from self._inline(child, bold)

    def _run(self, run: Element, bold: bool) -> Iterator[Span]:
        letters = run.find("rPr")
        if switched(letters, "vanish"):
            return
        own = switched(letters, "b")
        if own is None and letters is not None and value(letters, "rStyle"):
            own = self._styles.style(value(letters, "rStyle")).bold or None
        for child in run:
            yield from self._inline(child, bold if own is None else own)

    def _link(self, element: Element, bold: bool) -> Iterator[Span]:
        spans = [span for child in element for span in self._inline(child, bold)]
        yield from spans
        address = next((self._links[i] for n in _LINK_ID if (i := element.get(n, "")) in self._links), "")
        shown, plain = text_of(spans), address.removeprefix("mailto:").removeprefix("tel:")
        opens = address.lower().startswith(("http://", "https://", "mailto:", "tel:"))
        if shown and opens and plain.rstrip("/") not in (shown, shown.rstrip("/")):
            yield Span(f" ({plain})", bold)

    def _note(self, element: Element) -> Iterator[Span]:
        note = self._notes.get(element.get("id", ""))
        if note is not None:
            self._notes_count += 1
            self._noted.append((self._notes_count, note))
            yield Span(f" [{self._notes_count}]")

    # --- tables ---

    def _table(self, table: Element) -> None:
        self._show_page()
        rows = [(row, list(_within(row, "tc"))) for row in _within(table, "tr")]
        if max((len(cells) for _, cells in rows), default=0) < 2:
            for _, cells in rows:
                for child in (child for cell in cells for child in cell):
                    self._block(child)
            return
        written: list[list[str]] = []
        bold = False
        for number, (_, cells) in enumerate(rows):
            texts, all_bold = self._cells(cells, written[-1] if written else [])
            bold = all_bold if number == 0 else bold
            if any(texts):
                written.append(texts)
        if written:
            self._sheet.table(written, bold or _has_header(table, rows[0][0]))
        self._beside()
        self._show_page()

    def _cells(self, cells: list[Element], above: list[str]) -> tuple[list[str], bool]:
        """Give a row's texts, and whether all are bold; every cell begins on the page on which the row begins."""
        begins = ends = self._page
        texts: list[str] = []
        bold: list[bool] = []
        for cell in cells:
            self._page = begins
            spans = [span for p in _paragraphs(cell) for span in (*self._of_paragraph(p), Span(" "))]
            ends = max(ends, self._page)
            merged = cell.find("tcPr/vMerge")
            goes_on = merged is not None and merged.get("val", "continue") == "continue"
            text = text_of(spans)
            texts.append(above[len(texts)] if goes_on and not text and len(texts) < len(above) else text)
            bold.extend(span.bold for span in tidy(spans) if span.text.strip())
            across = cell.find("tcPr/gridSpan")
            stated = across.get("val", "1") if across is not None else "1"
            wide = int(stated) if stated.isdecimal() and len(stated) <= 2 else 1
            texts.extend([""] * min(wide - 1, COLUMNS_MAX - len(texts)))
        self._page = ends
        return texts, bool(bold) and all(bold)

    def _of_paragraph(self, paragraph: Element) -> list[Span]:
        style = self._style(paragraph)
        return [span for child in paragraph for span in self._inline(child, style.bold)]


def _within(element: Element, tag: str) -> Iterator[Element]:
    """Give the rows of a table or the cells of a row, also where a control or a change encloses them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml"):
            yield from _within(child, tag)


def _paragraphs(element: Element) -> Iterator[Element]:
    """Give the paragraphs of a cell, those of tables in it too; what is inside a paragraph belongs to that one."""
    ahead = list(reversed(element))
    while ahead:
        one = ahead.pop()
        if one.tag == "p":
            yield one
        else:
            ahead.extend(reversed(_chosen(one) if one.tag == f"{_MC}AlternateContent" else one))


def _chosen(element: Element) -> list[Element]:
    """Give one of several forms of the same thing, the first; reading all would say it twice."""
    first = next((child for child in element if child.tag in (f"{_MC}Choice", f"{_MC}Fallback")), None)
    return list(first) if first is not None else []


def _is_contents(element: Element) -> bool:
    gallery = element.find("sdtPr/docPartObj/docPartGallery")
    return gallery is not None and "contents" in gallery.get("val", "").lower()


def _has_header(table: Element, first: Element) -> bool:
    if switched(first.find("trPr"), "tblHeader"):
        return True
    look = table.find("tblPr/tblLook")
    return look is not None and look.get("firstRow") == "1"


def _is_fake_heading(spans: list[Span]) -> bool:
    """Say whether a paragraph is a heading only by its looks: short, bold, no sentence."""
    text = text_of(spans)
    bold = all(span.bold for span in spans if span.text.strip())
    return bold and len(text) <= FAKE_HEADING_CHARS_MAX and not text.endswith((".", "?", "!", ":", ",", ";"))
