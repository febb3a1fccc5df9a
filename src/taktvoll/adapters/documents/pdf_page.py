"""One page of a PDF as pieces of text in reading order: pieces put together from runs, columns read one after another.

I decide what stands on one line and which column comes first. pdf_files calls me with what the child read of a page.
I never look at words: what a piece means is pdf_text's matter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from taktvoll.adapters.documents.sheet import Span

COLUMN_PIECES_MIN = 5
COLUMN_CHARS_MIN = 18
COLUMN_FILLED_MIN = 0.6
COLUMN_SHARE_MIN = 0.18
_DEPTH_MAX = 4
_TRIED_MAX = 6
_BUCKET = 6.0


class Run(NamedTuple):
    """What the child read: text in one style with its box, upright, from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    spaced: bool


@dataclass(slots=True)
class Piece:
    """Text on one line without a wide gap; where it may run to on the right is `edge`."""

    spans: list[Span]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    edge: float = 0.0

    @property
    def text(self) -> str:
        """The whole text of the piece."""
        return "".join(span.text for span in self.spans)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(span.bold for span in self.spans if span.text.strip())


@dataclass(slots=True)
class Table:
    """Rows of cells with the place they take on the page."""

    rows: list[list[str]]
    header: bool
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Sheetful:
    """One page before and after its lines were put in order."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def page_from(read: dict[str, object]) -> Sheetful:
    """Turn what the child read upright and put its runs together to pieces.

    Takes:  read: one line of the child; places count from the bottom left corner, the direction of writing in quarters.
    """
    width, height = _number(read.get("width")), _number(read.get("height"))
    runs, rules = _list(read.get("runs")), _list(read.get("rules"))
    turned = Counter[int]()
    for run in runs:
        turned[int(_number(run[7]))] += len(str(run[0]))
    quarter = max(turned, key=lambda q: (turned[q], -q), default=0)
    quarter = max(quarter, 0)
    upright = [
        Run(str(r[0]), *_upright(r[1:5], quarter, width, height), _number(r[5]), bool(r[6]), bool(r[8]))
        for r in runs
        if r[7] == quarter
    ]
    placed = [_upright(rule, quarter, width, height) for rule in rules]
    if quarter % 2:
        width, height = height, width
    return Sheetful(int(_number(read.get("page"))) + 1, width, height, _pieces(upright), placed)


def regions(things: Sequence[Piece | Table], depth: int = 0) -> Iterator[list[Piece | Table]]:
    """Part a page into regions in reading order: what spans the columns ends them; left comes before right."""
    ordered = sorted(things, key=lambda thing: (thing.top, thing.left))
    gutter = _gutter(ordered) if depth < _DEPTH_MAX else None
    if gutter is None:
        edge = max((thing.right for thing in ordered), default=0.0)
        for thing in ordered:
            if isinstance(thing, Piece):
                thing.edge = edge
        if ordered:
            yield ordered
        return
    across: list[Piece | Table] = []
    left: list[Piece | Table] = []
    right: list[Piece | Table] = []
    for thing in ordered:
        if thing.left < gutter < thing.right:
            if left or right:
                yield from regions(left, depth + 1)
                yield from regions(right, depth + 1)
                left, right = [], []
            across.append(thing)
        else:
            if across:
                yield from regions(across, depth + 1)
                across = []
            (left if thing.right <= gutter else right).append(thing)
    for rest in (across, left, right):
        yield from regions(rest, depth + 1)


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Put pieces that stand side by side into one row each, from top to bottom and left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.left)):
        last = rows[-1][0] if rows else None
        if last and _overlap(last, piece) > 0.5 * min(last.bottom - last.top, piece.bottom - piece.top):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.left)
    return rows


def _gutter(ordered: Sequence[Piece | Table]) -> float | None:
    """Find the white strip between two columns of prose; a table's cells do not fill their columns and are none."""
    pieces = [thing for thing in ordered if isinstance(thing, Piece)]
    if len(pieces) < 2 * COLUMN_PIECES_MIN:
        return None
    begin, end = min(p.left for p in pieces), max(p.right for p in pieces)
    starts = Counter(
        round(piece.left / 3) for piece in pieces if piece.left > begin + (end - begin) * COLUMN_SHARE_MIN
    )
    best: tuple[int, float] | None = None
    for start, count in starts.most_common(_TRIED_MAX):
        if count < COLUMN_PIECES_MIN:
            break
        gutter = min(piece.left for piece in pieces if round(piece.left / 3) == start) - 1.5
        left = [piece for piece in pieces if piece.right <= gutter]
        right = [piece for piece in pieces if piece.left >= gutter]
        beside = [
            p for p in left if min(q.top for q in right) < p.bottom and p.top < max(q.bottom for q in right)
        ]
        if len(beside) >= COLUMN_PIECES_MIN and _is_prose(beside) and _is_prose(right):
            worth = min(len(beside), len(right))
            if best is None or worth > best[0]:
                best = worth, gutter
    return best[1] if best else None


def _is_prose(column: Sequence[Piece]) -> bool:
    wide = max(p.right for p in column) - min(p.left for p in column)
    filled = median(p.right - p.left for p in column)
    return filled >= COLUMN_FILLED_MIN * wide and median(len(p.text) for p in column) >= COLUMN_CHARS_MIN


def _pieces(runs: Sequence[Run]) -> list[Piece]:
    """Put runs together that follow one another on a line without a wide gap."""
    near: defaultdict[int, list[Piece]] = defaultdict(list)
    pieces: list[Piece] = []
    spaced: dict[int, bool] = {}
    for run in sorted(runs, key=lambda run: run.left):
        bucket = int((run.top + run.bottom) / 2 / _BUCKET)
        before = next(
            (p for b in (bucket, bucket - 1, bucket + 1) for p in reversed(near[b][-4:]) if _follows(p, run)),
            None,
        )
        if before is None:
            piece = Piece([Span(run.text, run.bold)], run.left, run.top, run.right, run.bottom, run.size)
            pieces.append(piece)
            near[bucket].append(piece)
        else:
            piece = before
            gap = spaced[id(piece)] or run.left - piece.right > 0.16 * min(piece.size, run.size)
            _append(piece, run, gap)
        spaced[id(piece)] = run.spaced
    return [piece for piece in pieces if piece.text.strip()]


def _append(piece: Piece, run: Run, gap: bool) -> None:
    if gap and not piece.spans[-1].text.endswith(" "):
        piece.spans[-1] = piece.spans[-1]._replace(text=piece.spans[-1].text + " ")
    if piece.spans[-1].bold == run.bold:
        piece.spans[-1] = piece.spans[-1]._replace(text=piece.spans[-1].text + run.text)
    else:
        piece.spans.append(Span(run.text, run.bold))
    if run.size > piece.size and len(run.text) > 1:
        piece.size = run.size
    piece.right = max(piece.right, run.right)
    if run.size >= piece.size * 0.9:
        piece.top, piece.bottom = min(piece.top, run.top), max(piece.bottom, run.bottom)


def _follows(piece: Piece, run: Run) -> bool:
    gap, size = run.left - piece.right, max(piece.size, run.size)
    shared = min(piece.bottom, run.bottom) - max(piece.top, run.top)
    lower = min(piece.bottom - piece.top, run.bottom - run.top)
    return -0.3 * size < gap < 0.9 * size and shared > 0.5 * lower


def _overlap(one: Piece, other: Piece) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _upright(
    box: Sequence[object], quarter: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Turn a box so that text written in this direction stands upright, and count from the top."""
    left, bottom, right, top = (_number(x) for x in box)
    if quarter == 1:
        return bottom, left, top, right
    if quarter == 2:
        return width - right, bottom, width - left, top
    if quarter == 3:
        return height - top, width - right, height - bottom, width - left
    return left, height - top, right, height - bottom


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _list(value: object) -> list[list[object]]:
    return value if isinstance(value, list) else []
