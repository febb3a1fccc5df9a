"""A PDF's text with its places, read in a process of its own: what a hostile file breaks is only this process.

I decide which marks on a page count as text and rules. pdf_files starts me by path, gives the file on standard input
and reads one line of JSON per page. I never run a script of the file, open an attachment or write to a file.
"""

import json
import math
import resource
import sys
from collections.abc import Iterator
from ctypes import addressof, byref, c_float, c_int, create_string_buffer, sizeof
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MEMORY_BYTES_MAX = 2 * 1024**3
CPU_S_MAX = 600
PAGE_CHARS_MAX = 60_000
PAGE_OBJECTS_MAX = 30_000
BOOKMARKS_MAX = 5_000
_BREAKS, _SPACE, _SOFT_HYPHENS = (10, 13), (32, 0xA0), (2, 0xAD, 0xFFFE)
_RULE_MAX, _RULE_LONG_MIN = 2.0, 8.0
_BOLD_WORDS = ("bold", "black", "heavy", "semibold", "demi", "fett")
_ENCRYPTED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def main() -> int:
    """Read pages from the number given on and write each as a line; the first line tells of the document."""
    first, pages_max = int(sys.argv[1]), int(sys.argv[2])
    _hold_resources()
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
        pages = len(document)
    except pdfium.PdfiumError as error:
        _write({"failed": "encrypted" if getattr(error, "err_code", 0) in _ENCRYPTED else "damaged"})
        return 1
    _write(
        {"pages": pages, "title": _title(document), "bookmarks": [] if first else list(_bookmarks(document))}
    )
    for number in range(first, min(pages, pages_max)):
        _write(_page(document, number))
    return 0


def _hold_resources() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        (resource.RLIMIT_CPU, CPU_S_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (soft, hard))


def _write(value: object) -> None:
    sys.stdout.buffer.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


def _title(document: Any) -> str:
    try:
        return _sound(document.get_metadata_value("Title"))[:300]
    except (pdfium.PdfiumError, ValueError):
        return ""


def _bookmarks(document: Any) -> Iterator[tuple[int, int, str]]:
    """Give the outline as (depth, page, title)."""
    try:
        for count, bookmark in enumerate(document.get_toc(max_depth=6)):
            if count >= BOOKMARKS_MAX:
                return
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                yield bookmark.level, page, _sound(bookmark.get_title())[:300]
    except (pdfium.PdfiumError, ValueError):
        return


def _page(document: Any, number: int) -> dict[str, object]:
    """Read one page: runs of text in one style, straight rules, and what share of it pictures cover."""
    try:
        page = document[number]
        left, bottom, right, top = page.get_cropbox()
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return {"page": number, "failed": "damaged"}
    chars = text.count_chars()
    rules, pictures = _drawn(page, (left, bottom), max(1.0, (right - left) * (top - bottom)))
    runs = _Runs(text.raw, (left, bottom))
    for index in range(min(chars, PAGE_CHARS_MAX)):
        runs.take(index)
    runs.end()
    read = {
        "page": number, "width": right - left, "height": top - bottom, "runs": runs.done, "rules": rules,
        "pictures": pictures, "unmapped": runs.unmapped, "beyond": chars > PAGE_CHARS_MAX,
    }  # fmt: skip
    text.close()
    page.close()
    return read


class _Runs:
    """Gathers characters into runs: one style, one line, no wide gap."""

    def __init__(self, text: Any, corner: tuple[float, float]) -> None:
        self._corner = corner
        self.done: list[list[object]] = []
        self.unmapped = 0
        self._text = text
        self._object = 0
        self._style: tuple[float, bool, int] = (0.0, False, 0)
        self._chars: list[int] = []
        self._box = self._last = [0.0, 0.0, 0.0, 0.0]
        self._rect = raw.FS_RECTF()
        self._spaced = False

    def take(self, index: int) -> None:
        code = raw.FPDFText_GetUnicode(self._text, index)
        if code in _BREAKS:
            self.end()
        elif code in _SPACE:
            self._spaced = True
        elif code == 0 or (code != 2 and raw.FPDFText_HasUnicodeMapError(self._text, index) == 1):
            self.unmapped += 1
        elif raw.FPDFText_GetLooseCharBox(self._text, index, byref(self._rect)):
            self._add(index, code)

    def _add(self, index: int, code: int) -> None:
        rect = self._rect
        x, y = self._corner
        box = [rect.left - x, rect.bottom - y, rect.right - x, rect.top - y]
        style = self._style_at(index)
        if self._chars and (style != self._style or not self._follows(box, style)):
            self.end(self._spaced)
        if not self._chars:
            self._box, self._style = box, style
        elif self._spaced:
            self._chars.append(32)
        self._spaced = False
        self._chars.append(0xAD if code in _SOFT_HYPHENS else code)
        mine, self._last = self._box, box
        self._box = [min(mine[0], box[0]), min(mine[1], box[1]), max(mine[2], box[2]), max(mine[3], box[3])]

    def _follows(self, box: list[float], style: tuple[float, bool, int]) -> bool:
        """Say whether a character stands right behind the run, in the direction it is written."""
        size, _, quarter = style
        axis, last = quarter % 2, self._last
        if quarter in (0, 1):
            ahead, back = box[axis] - last[axis + 2], last[axis] - box[axis]
        else:
            ahead, back = last[axis] - box[axis + 2], box[axis + 2] - last[axis + 2]
        across = abs((box[1 - axis] + box[3 - axis]) - (last[1 - axis] + last[3 - axis])) / 2
        return ahead < size * 0.9 and back < size * 0.2 and across < size * 0.4

    def _style_at(self, index: int) -> tuple[float, bool, int]:
        pointer = raw.FPDFText_GetTextObject(self._text, index)
        here = addressof(pointer.contents) if pointer else 0
        if here != self._object or not here:
            self._object, self._now = here, self._look(index, pointer)
        return self._now

    def _look(self, index: int, pointer: Any) -> tuple[float, bool, int]:
        matrix = raw.FS_MATRIX()
        size = raw.FPDFText_GetFontSize(self._text, index)
        quarter = 0
        if raw.FPDFText_GetMatrix(self._text, index, byref(matrix)):
            size *= math.hypot(matrix.c, matrix.d)
            quarter = _quarter(matrix.a, matrix.b)
        bold = raw.FPDFText_GetFontWeight(self._text, index) >= 600
        if not bold and pointer:
            stroked = raw.FPDFTextObj_GetTextRenderMode(pointer) == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
            bold = stroked or _named_bold(self._text, index)
        return round(size, 1), bold, quarter

    def end(self, spaced: bool = False) -> None:
        """Close the run; spaced: a space follows it on the line."""
        if self._chars:
            size, bold, quarter = self._style
            text = _sound("".join(map(chr, self._chars)))
            self.done.append([text, *(round(x, 1) for x in self._box), size, int(bold), quarter, int(spaced)])
        self._chars, self._spaced = [], False


def _quarter(a: float, b: float) -> int:
    """Tell in which direction text runs: 0 right, 1 up, 2 left, 3 down; -1 slanted."""
    angle = math.degrees(math.atan2(b, a)) % 360
    nearest = round(angle / 90)
    return nearest % 4 if abs(angle - nearest * 90) < 5 else -1


def _named_bold(text: Any, index: int) -> bool:
    name, flags = create_string_buffer(200), c_int()
    raw.FPDFText_GetFontInfo(text, index, name, sizeof(name), byref(flags))
    said = name.value.decode("utf-8", "replace").lower()
    return bool(flags.value & (1 << 18)) or any(word in said for word in _BOLD_WORDS)


def _drawn(page: Any, corner: tuple[float, float], area: float) -> tuple[list[list[float]], float]:
    """Give the straight rules of a page as boxes, and the share of it that pictures cover."""
    rules: list[list[float]] = []
    covered = 0.0
    edges = [c_float() for _ in range(4)]
    for number in range(min(raw.FPDFPage_CountObjects(page.raw), PAGE_OBJECTS_MAX)):
        thing = raw.FPDFPage_GetObject(page.raw, number)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        if not raw.FPDFPageObj_GetBounds(thing, *(byref(edge) for edge in edges)):
            continue
        left, bottom, right, top = (edge.value - corner[n % 2] for n, edge in enumerate(edges))
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules.extend(_rules(left, bottom, right, top, raw.FPDFPath_CountSegments(thing)))
        else:
            covered += max(0.0, right - left) * max(0.0, top - bottom) / area
    return rules, round(min(covered, 1.0), 3)


def _rules(left: float, bottom: float, right: float, top: float, segments: int) -> Iterator[list[float]]:
    wide, high = right - left, top - bottom
    if min(wide, high) <= _RULE_MAX:
        if max(wide, high) >= _RULE_LONG_MIN:
            yield [round(x, 1) for x in (left, bottom, right, top)]
    elif segments <= 6 and wide >= _RULE_LONG_MIN and high >= _RULE_LONG_MIN:
        for edge in ((left, top, right, top), (left, bottom, right, bottom), (left, bottom, left, top),
                     (right, bottom, right, top)):  # fmt: skip
            yield [round(x, 1) for x in edge]


def _sound(text: str) -> str:
    """Put surrogate pairs together; half of one becomes a replacement character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


if __name__ == "__main__":
    raise SystemExit(main())
