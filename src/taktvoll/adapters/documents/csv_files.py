"""Tables as CSV or TSV: the first row names the columns.

I decide which delimiter a table uses and what its rows say. The reader of files calls me.
I never read a row whose cells do not fit the header: half an answer is worse than none.
"""

import csv
import io
from collections.abc import Iterator

from taktvoll.adapters.documents.columns import entry_from, meaning
from taktvoll.adapters.documents.intake import Intake
from taktvoll.adapters.documents.terms import Unusable

_DELIMITERS = (";", ",", "\t", "|")
_HEAD_CHARS = 20_000


def read_csv(text: str, intake: Intake) -> None:
    """Read one table.

    Raises: Unusable where no column is an answer.
    """
    stated, text = _stated_delimiter(text)
    delimiter = stated or _likely_delimiter(text)
    rows = _rows(text, delimiter, intake)
    _, header = next(rows, (0, []))
    if not header:
        return
    if not {"answer", "answer_html"} & {meaning(name) for name in header}:
        raise Unusable(
            "import.no_answer",
            "No column holds answers. Name the columns in the first row, one of them “answer” or “antwort”.",
        )
    for number, row in rows:
        place = f"row {number}"
        if any(cell.strip() for cell in row[len(header) :]):
            detail = "The row has more cells than the header. Put texts that contain the delimiter in quotes."
            intake.refuse(place, Unusable("import.cells", detail))
        elif any(cell.strip() for cell in row):
            intake.add(
                entry_from(dict(zip(reversed(header), reversed(_filled(row, header)), strict=True))), place
            )


def _stated_delimiter(text: str) -> tuple[str | None, str]:
    """Heed the line "sep=;" that Excel writes."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        return first[4], rest
    return None, text


def _likely_delimiter(text: str) -> str:
    """Choose the delimiter under which the first row names the most columns we know, then the most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(text[:_HEAD_CHARS], newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return len({meaning(name) for name in header} - {None}), len(header)

    return max(_DELIMITERS, key=worth)


def _rows(text: str, delimiter: str, intake: Intake) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            detail = "The cell is too long; perhaps a quotation mark is not closed. Check the row and the one before."
            intake.refuse(f"row {number}", Unusable("import.too_long", detail))
            continue
        if number > 1 or any(cell.strip() for cell in row):
            yield number, row


def _filled(row: list[str], header: list[str]) -> list[str]:
    return (row + [""] * len(header))[: len(header)]
