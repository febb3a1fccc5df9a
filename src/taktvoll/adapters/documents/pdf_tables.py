"""Tables on a page: those drawn with lines, and those whose cells only stand in line.

I decide what is a table and which text belongs to which cell. pdf_text calls me for drawn tables before a page is
parted into columns, for the others after. I never invent a cell and never lose a text: what is no table stays as it is.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from taktvoll.adapters.documents.pdf_page import Piece, Sheetful, Table, rows_of

RULES_MAX = 600
COLUMNS_MAX = 20
_NEAR = 3.0
_THIN = 2.5
_DIGIT = re.compile(r"\d")

Box = tuple[float, float, float, float]


def drawn_tables(page: Sheetful) -> list[Piece | Table]:
    """Take the tables that lines enclose out of a page's pieces; give both."""
    tables: list[Table] = []
    rest = page.pieces
    for rules in _joined(page.rules):
        upright = [r for r in rules if r[2] - r[0] <= _THIN]
        flat = [r for r in rules if r[3] - r[1] <= _THIN]
        xs = _steps(
            [(r[0] + r[2]) / 2 for r in upright] + [x for r in flat for x in (r[0], r[2])] * bool(upright)
        )
        ys = _steps(
            [(r[1] + r[3]) / 2 for r in flat] + [y for r in upright for y in (r[1], r[3])] * bool(flat)
        )
        if not 3 <= len(xs) <= COLUMNS_MAX + 1 or len(ys) < 3:
            continue
        inside = [
            p
            for p in rest
            if xs[0] - _NEAR < _middle(p)[0] < xs[-1] + _NEAR and ys[0] < _middle(p)[1] < ys[-1]
        ]
        table = _filled(inside, xs, ys)
        if table:
            tables.append(table)
            taken = {id(piece) for piece in inside}
            rest = [piece for piece in rest if id(piece) not in taken]
    return [*rest, *tables]


def table_at(rows: Sequence[list[Piece]], start: int) -> tuple[Table, int] | None:
    """Find a table without lines that begins with this row; give it and the number of rows it takes."""
    if len(rows[start]) < 2:
        return None
    columns = _columns(rows[start : start + 1])
    end = last = start + 1
    for number in range(start + 1, len(rows)):
        if not _goes_on(rows, number, columns):
            break
        wider = _columns(rows[start : number + 1])
        if len(wider) < max(2, len(columns) - (len(columns) > 2)):
            break
        columns, end = wider, number + 1
        if len(rows[number]) >= 2:
            last = end
    block = _with_rest(rows, last, end, columns)
    full = sum(len(row) >= 2 for row in rows[start:block])
    bold = all(piece.bold for piece in rows[start]) and not all(
        piece.bold for piece in rows[min(start + 1, block - 1)]
    )
    if full < (2 if len(columns) > 2 or bold else 3) or len(columns) > COLUMNS_MAX:
        return None
    cells = [_cells(row, columns) for row in rows[start:block]]
    pieces = [piece for row in rows[start:block] for piece in row]
    return _table(_unwrapped(cells), pieces, bold), block - start


def _goes_on(rows: Sequence[list[Piece]], number: int, columns: list[tuple[float, float]]) -> bool:
    row, above = rows[number], rows[number - 1]
    size = max(piece.size for piece in row)
    gap = min(p.top for p in row) - max(p.bottom for p in above)
    if gap > 2.2 * size or max(piece.size for piece in above) > 1.25 * size:
        return False
    if len(row) >= 2:
        return True
    only = row[0]
    inside = [
        n for n, (left, right) in enumerate(columns) if left - size < only.left and only.right < right + size
    ]
    return bool(inside) and gap < 0.9 * size


def _with_rest(rows: Sequence[list[Piece]], last: int, end: int, columns: list[tuple[float, float]]) -> int:
    """Keep the lines below the last full row that go on a cell of it, other than one of the first column."""
    while last < end and rows[last][0].left > columns[0][1]:
        last += 1
    return last


def _columns(rows: Sequence[list[Piece]]) -> list[tuple[float, float]]:
    """Lay all rows over one another; what white strips part are the columns."""
    spans: list[list[float]] = []
    for piece in sorted((p for row in rows for p in row), key=lambda p: p.left):
        if spans and piece.left < spans[-1][1] + 0.4 * piece.size:
            spans[-1][1] = max(spans[-1][1], piece.right)
        else:
            spans.append([piece.left, piece.right])
    return [(left, right) for left, right in spans]


def _cells(row: list[Piece], columns: list[tuple[float, float]]) -> list[str]:
    cells: list[list[str]] = [[] for _ in columns]
    for piece in row:
        middle = (piece.left + piece.right) / 2
        place = min(range(len(columns)), key=lambda n: abs(middle - sum(columns[n]) / 2))
        place = next((n for n, (left, right) in enumerate(columns) if left <= middle <= right), place)
        cells[place].append(piece.text.strip())
    return [" ".join(cell) for cell in cells]


def _unwrapped(rows: list[list[str]]) -> list[list[str]]:
    """Put what goes on a cell on the next line back into its row: a line without a first cell and with few others."""
    whole: list[list[str]] = []
    for row in rows:
        filled = [cell for cell in row if cell]
        if whole and not row[0] and len(filled) < max(2, len(row) - 1):
            whole[-1] = [_put(above, cell) for above, cell in zip(whole[-1], row, strict=True)]
        else:
            whole.append(row)
    return whole


def _filled(inside: list[Piece], xs: list[float], ys: list[float]) -> Table | None:
    grid = [["" for _ in pairwise(xs)] for _ in pairwise(ys)]
    bold = [piece.bold for piece in inside if piece.text.strip() and _middle(piece)[1] < ys[1]]
    for line in rows_of(inside):
        for piece in line:
            x, y = _middle(piece)
            across = max(0, sum(edge <= max(min(x, xs[-1] - 1), xs[0]) for edge in xs) - 1)
            starts = max(0, sum(edge <= piece.left + _NEAR for edge in xs) - 1)
            down = max(0, sum(edge <= y for edge in ys) - 1)
            column = min(
                starts if piece.right > xs[min(across + 1, len(xs) - 1)] + _NEAR else across, len(xs) - 2
            )
            grid[down][column] = _put(grid[down][column], piece.text.strip())
    used = [n for n in range(len(xs) - 1) if any(row[n] for row in grid)]
    rows = [[row[n] for n in used] for row in grid if any(row)]
    if len(used) < 2 or len(rows) < 2:
        return None
    table = _table(rows, inside, bool(bold) and all(bold))
    table.left, table.right, table.top, table.bottom = xs[0], xs[-1], ys[0], ys[-1]
    return table


def _table(rows: list[list[str]], pieces: Sequence[Piece], bold: bool) -> Table:
    plain = not any(_DIGIT.search(cell) for cell in rows[0]) and any(
        _DIGIT.search(c) for row in rows[1:] for c in row
    )
    return Table(
        rows=rows,
        header=bold or plain,
        left=min(p.left for p in pieces),
        top=min(p.top for p in pieces),
        right=max(p.right for p in pieces),
        bottom=max(p.bottom for p in pieces),
    )


def _put(above: str, below: str) -> str:
    """Join two lines of a cell, without the hyphen that parted a word."""
    if above.endswith(("-", "\u00ad")) and below[:1].islower():
        return above[:-1] + below
    return " ".join(filter(None, (above.replace("\u00ad", "-"), below)))


def _joined(rules: Sequence[Box]) -> list[list[Box]]:
    """Group rules that touch."""
    if not 4 <= len(rules) <= RULES_MAX:
        return []
    group = list(range(len(rules)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = n = group[group[n]]
        return n

    ordered = sorted(rules)
    for n, one in enumerate(ordered):
        for m in range(n + 1, len(ordered)):
            other = ordered[m]
            if other[0] > one[2] + _NEAR:
                break
            if other[1] <= one[3] + _NEAR and one[1] <= other[3] + _NEAR:
                group[root(m)] = root(n)
    groups: dict[int, list[Box]] = {}
    for n, rule in enumerate(ordered):
        groups.setdefault(root(n), []).append(rule)
    return list(groups.values())


def _steps(values: Sequence[float]) -> list[float]:
    """Put values that lie close together into one each, in ascending order."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
