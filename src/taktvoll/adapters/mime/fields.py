"""Header fields: unfolded, decoded, told apart from the body, with their parameters.

I decide what a header says. The parts, the addresses and the reader call me. I never let a line end or a control
character out of a header: what a header injects ends as a blank.
"""

import binascii
import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from taktvoll.adapters.mime.charsets import decoded
from taktvoll.base.text import clean

HEADER_BYTES_MAX = 256 * 1024
PART_HEADER_BYTES_MAX = 32 * 1024
FIELD_BYTES_MAX = 64 * 1024
FIELDS_MAX = 2_000
PARAMETERS_MAX = 100
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:(.*)$", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_ESCAPED = re.compile(r"\\(.)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


class Fields:
    """The header fields of a part, by name without case."""

    def __init__(self, fields: Sequence[tuple[str, bytes]]) -> None:
        self._fields = fields

    def __len__(self) -> int:
        return len(self._fields)

    def raw(self, name: str) -> list[bytes]:
        """Give every field of that name, unfolded, as bytes."""
        return [value for key, value in self._fields if key == name]

    def names(self) -> set[str]:
        """Give the names there are."""
        return {key for key, _ in self._fields}

    def source(self, name: str) -> str:
        """Give the first field of that name as text, encoded words as they stand; no control character is kept."""
        found = self.raw(name)
        return _CONTROL.sub("", decoded(found[0], "")[0]).strip() if found else ""

    def text(self, name: str) -> str:
        """Give the first field of that name, decoded."""
        return words_decoded(self.source(name))


def parted_fields(raw: bytes, bytes_max: int = HEADER_BYTES_MAX) -> tuple[Fields, bytes, list[str]]:
    """Part the header from the body.

    Takes:  a part with line ends as "\\n"; bytes_max: how much of it may be header.
    Gives:  the fields, the body, and problems: long_headers, broken_header.
    """
    fields: list[tuple[str, list[bytes]]] = []
    problems: list[str] = []
    at = size = 0
    while at < len(raw):
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        line = raw[at:end]
        if not line.strip():
            at = end + 1
            break
        if at > bytes_max or len(fields) >= FIELDS_MAX:
            problems.append("long_headers")
            body = raw.find(b"\n\n", at)
            at = len(raw) if body < 0 else body + 2
            break
        match = _FIELD.match(line[:FIELD_BYTES_MAX])
        if line[:1] in b" \t" and fields:
            if size < FIELD_BYTES_MAX:
                fields[-1][1].append(line.strip())
                size += len(line)
        elif match:
            fields.append((match[1].decode("ascii").lower(), [match[2].strip()]))
            size = len(match[2])
        else:
            problems.append("broken_header")
            if not _header_goes_on(raw, end + 1):
                break
        at = end + 1
    return Fields([(name, b" ".join(lines)) for name, lines in fields]), raw[at:], problems


def _header_goes_on(raw: bytes, at: int) -> bool:
    """Say whether a header field follows a line that is none, so that one broken line does not end the header."""
    end = raw.find(b"\n", at)
    line = raw[at : end if end >= 0 else len(raw)][:200]
    return re.match(rb"^(?:[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]|[ \t]\S)", line) is not None


def words_decoded(text: str) -> str:
    """Decode encoded words (RFC 2047), leniently, onto one line."""
    return one_line(_words(text))


def injects(text: str) -> bool:
    """Say whether a line end hides in the encoded words of a header."""
    return _LINE_ENDS.search(_words(text)) is not None


def one_line(text: str) -> str:
    """Bring text onto one line, without control characters."""
    return _SPACES.sub(" ", clean(_LINE_ENDS.sub(" ", text))).strip()


def _words(text: str) -> str:
    if "=?" not in text:
        return text
    pieces: list[tuple[str | None, bytes]] = []
    at = 0
    joined = _BETWEEN_WORDS.sub(r"\1", text)
    for match in _WORD.finditer(joined):
        if match.start() > at:
            pieces.append((None, joined[at : match.start()].encode("utf-8", "replace")))
        charset = match[1].split("*")[0].lower()
        content = _word_bytes(match[2].lower(), match[3])
        if pieces and pieces[-1][0] == charset:
            # A letter of several bytes may be cut in two by the words' limit of length.
            content = pieces.pop()[1] + content
        pieces.append((charset, content))
        at = match.end()
    pieces.append((None, joined[at:].encode("utf-8", "replace")))
    return "".join(
        content.decode("utf-8") if charset is None else decoded(content, charset)[0]
        for charset, content in pieces
    )


def _word_bytes(kind: str, content: str) -> bytes:
    raw = content.encode("utf-8")
    if kind == "b":
        return base64_decoded(raw)[0]
    return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)


def base64_decoded(raw: bytes) -> tuple[bytes, bool]:
    """Decode base64 that may be broken.

    Gives:  the bytes, and whether something was wrong with it.
    """
    letters = raw.translate(None, _NOT_BASE64)
    odd = len(letters) % 4
    broken = odd == 1 or bool(raw.translate(None, _BASE64 + b"=\r\n\t "))
    letters = letters[:-1] if odd == 1 else letters + b"=" * (-len(letters) % 4)
    return binascii.a2b_base64(letters), broken


def parameters_of(field: str) -> tuple[str, dict[str, str]]:
    """Take a field such as Content-Type apart (RFC 2045, 2231).

    Gives:  the value in lower case, and the parameters by name, decoded.
    """
    head, _, _ = field.partition(";")
    segments: dict[str, list[tuple[int, bool, str]]] = {}
    for match in list(_PARAMETER.finditer(field))[:PARAMETERS_MAX]:
        name, value = match[1].lower(), match[2].strip()
        if value.startswith('"'):
            value = _ESCAPED.sub(r"\1", value.strip('"'))
        base, star, rest = name.partition("*")
        number, extended = rest.rstrip("*"), bool(star) and name.endswith("*")
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        segments.setdefault(base, []).append((index, extended, value))
    return head.strip().lower(), {name: _joined(found) for name, found in segments.items()}


def _joined(segments: list[tuple[int, bool, str]]) -> str:
    """Join the segments of a parameter; one that carries its charset outranks a plain one of the same place."""
    by_place: dict[int, tuple[bool, str]] = {}
    for index, extended, value in segments:
        if index not in by_place or extended > by_place[index][0]:
            by_place[index] = (extended, value)
    ordered = [by_place[index] for index in sorted(by_place)]
    if not any(extended for extended, _ in ordered):
        return words_decoded("".join(value for _, value in ordered))
    charset, raw = "", b""
    for place, (extended, value) in enumerate(ordered):
        if extended and place == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw += unquote_to_bytes(value) if extended else value.encode("utf-8", "replace")
    return one_line(decoded(raw, charset)[0])
