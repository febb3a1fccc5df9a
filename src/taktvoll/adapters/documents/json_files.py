"""JSON and JSON Lines: entries out of arrays, objects and lines, as far as a damaged file still gives them.

I decide where in a JSON file the entries are. The reader of files calls me. I never keep more than one line of a
JSON Lines file in memory and never let depth, size or damage of a file become an exception.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator

from taktvoll.adapters.documents.columns import entry_from, meaning, told
from taktvoll.adapters.documents.intake import Intake
from taktvoll.adapters.documents.terms import Unusable

LINE_BYTES_MAX = 4 * 1024 * 1024
_NESTING_MAX = 6
_DECODER = json.JSONDecoder(strict=False)
_ENTRIES_BEGIN = re.compile(r'\s*(?:\{\s*"[^"\n]*"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")
_NOT_OBJECT = "This is not an object with a question and an answer. Write {“question”: …, “answer”: …}."
_TOO_DEEP = "The JSON is nested too deeply. Write the entries as a plain list."


def read_json(text: str, intake: Intake) -> None:
    """Read a whole JSON file; one that breaks off is read up to there."""
    if not text.strip():
        return
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise Unusable("import.too_deep", _TOO_DEEP) from None
    except ValueError:
        _read_damaged(text, intake)
        return
    records = list(_records(value))
    if not records:
        raise Unusable(
            "import.no_entries",
            "The file holds no entries. Write a list of objects with question and answer.",
        )
    for number, (record, section) in enumerate(records, start=1):
        _add(record, section, f"entry {number}", intake)


def read_lines(lines: Iterable[bytes], decoded: Callable[[bytes], str], intake: Intake) -> None:
    """Read JSON Lines one by one.

    Takes:  lines: without their ends, at most LINE_BYTES_MAX + 1 bytes each; decoded: how a line becomes text.
    """
    for number, raw in enumerate(lines, start=1):
        place = f"line {number}"
        try:
            if len(raw) > LINE_BYTES_MAX:
                raise Unusable(
                    "import.too_long", f"The line is too long. Keep it below {LINE_BYTES_MAX} bytes."
                )
            text = decoded(raw)
            if text.strip():
                _add(_value(text), "", place, intake)
        except Unusable as reason:
            intake.refuse(place, reason)


def _value(text: str) -> object:
    try:
        return _DECODER.decode(text.strip("\ufeff\0 \t\r\n"))
    except RecursionError:
        raise Unusable("import.too_deep", _TOO_DEEP) from None
    except ValueError:
        raise Unusable("import.not_json", "The line is not valid JSON. Write one object per line.") from None


def _add(record: object, section: str, place: str, intake: Intake) -> None:
    if isinstance(record, dict):
        intake.add(entry_from(record, section), place)
    else:
        intake.refuse(place, Unusable("import.not_object", _NOT_OBJECT))


def _read_damaged(text: str, intake: Intake) -> None:
    """Read the values of a broken array, or of objects in a row, up to the place that breaks."""
    begin = _ENTRIES_BEGIN.match(text)
    at, number = begin.end() if begin else 0, 0
    while True:
        gap = _BETWEEN.match(text, at)
        at = gap.end() if gap else at
        if at == len(text) and number and not begin:
            return
        if begin and text[at : at + 1] == "]":
            detail = "What follows the list of entries is not JSON. Only the list was read; check the rest."
            intake.refuse(_line_at(text, at), Unusable("import.not_json", detail))
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except RecursionError:
            raise Unusable("import.too_deep", _TOO_DEEP) from None
        except ValueError:
            detail = f"The JSON is broken here. The {number} entries before were read; repair the rest."
            intake.refuse(_line_at(text, at), Unusable("import.not_json", detail))
            return
        number += 1
        _add(value, "", f"entry {number}", intake)


def _line_at(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


def _records(value: object, section: str = "", depth: int = 0) -> Iterator[tuple[object, str]]:
    """Find the entries in a value, each with the section it stands in."""
    if isinstance(value, list):
        for item in value:
            nested = isinstance(item, dict) and not _is_entry(item) and depth < _NESTING_MAX
            within = list(_records(item, section, depth + 1)) if nested else []
            yield from within or [(item, section)]
    elif isinstance(value, dict):
        yield from _records_of_object(value, section, depth)


def _records_of_object(value: dict[str, object], section: str, depth: int) -> Iterator[tuple[object, str]]:
    if depth > _NESTING_MAX:
        return
    if _is_entry(value):
        yield value, section
        return
    said = told(value)
    inner = said.get("section") or said.get("title") or section
    for key, item in value.items():
        if isinstance(item, list) and any(isinstance(part, dict) for part in item):
            yield from _records(item, inner, depth + 1)
        elif isinstance(item, dict):
            if _is_entry(item):
                yield ({"id": key, **item} if "id" not in told(item) else item), inner
            else:
                yield from _records_of_object(item, inner, depth + 1)


def _is_entry(value: dict[str, object]) -> bool:
    said = {meaning(key) for key, item in value.items() if not isinstance(item, dict)}
    return bool(said & {"answer", "answer_html", "question"}) and not _holds_only_objects(value)


def _holds_only_objects(value: dict[str, object]) -> bool:
    """Say whether what is named like an answer or question is itself a list of entries."""
    named = [item for key, item in value.items() if meaning(key) in ("answer", "answer_html", "question")]
    return all(isinstance(item, list) and any(isinstance(part, dict) for part in item) for item in named)
