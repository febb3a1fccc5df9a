"""The tree of a mail: parts within parts, up to fixed limits, whatever is broken.

I decide where a part begins and ends. The reader calls me. I never descend further than ten levels and never take more
than two hundred parts; what lies beyond is named as a problem and left out.
"""

import binascii
import re
from dataclasses import dataclass, field

from taktvoll.adapters.mime.fields import (
    HEADER_BYTES_MAX,
    PART_HEADER_BYTES_MAX,
    Fields,
    base64_decoded,
    parameters_of,
    parted_fields,
)

DEPTH_MAX = 10
PARTS_MAX = 200
_TYPE = re.compile(r"^[\w.+-]{1,60}/[\w.+-]{1,100}$")
_FIRST_DELIMITER = re.compile(rb"^--([^\s-][^\n]{0,100}?)[ \t]*$", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """One part: its fields, type, body as it stands, and the parts within it."""

    fields: Fields
    type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    raw: bytes
    children: list["Part"] = field(default_factory=list)

    def content(self, problems: list[str]) -> bytes:
        """Give the body with its transfer encoding undone."""
        encoding = self.fields.source("content-transfer-encoding").lower().split(";")[0].strip()
        if encoding == "base64":
            content, broken = base64_decoded(self.raw)
            if broken:
                problems.append("broken_base64")
            return content
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.raw)
        if encoding not in ("", "7bit", "8bit", "binary"):
            problems.append("unknown_encoding")
        return self.raw

    @property
    def name(self) -> str:
        """The name of the file that the part says to be, "" for none."""
        return self.disposition_parameters.get("filename") or self.parameters.get("name") or ""


class Parser:
    """Takes one mail apart and notes what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._count = 0

    def part(self, raw: bytes, depth: int = 0, otherwise: str = "text/plain") -> Part:
        """Read a part and those within it."""
        self._count += 1
        fields, body, problems = parted_fields(raw, PART_HEADER_BYTES_MAX if depth else HEADER_BYTES_MAX)
        self.problems += problems
        type_, parameters = parameters_of(fields.source("content-type"))
        if not _TYPE.match(type_):
            if type_:
                self.problems.append("broken_type")
            type_ = (
                "text/plain" if type_ in ("", "text", "plain") and otherwise == "text/plain" else otherwise
            )
        disposition, more = parameters_of(fields.source("content-disposition"))
        made = Part(fields, type_, parameters, disposition, more, body)
        del raw, body  # a part within ten others must not lie in memory ten times
        if type_.startswith("multipart/"):
            self._descend(made, depth)
        return made

    def _descend(self, parent: Part, depth: int) -> None:
        if depth >= DEPTH_MAX:
            self.problems.append("too_deep")
            return
        pieces = self._pieces(parent)
        if not pieces:
            # A multipart without parts is read as the text that it is.
            parent.type = "text/plain"
            return
        otherwise = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
        parent.raw = b""
        pieces.reverse()
        while pieces:
            if self._count >= PARTS_MAX:
                self.problems.append("too_many_parts")
                return
            parent.children.append(self.part(pieces.pop(), depth + 1, otherwise))

    def _pieces(self, parent: Part) -> list[bytes]:
        boundary = parent.parameters.get("boundary", "").encode("utf-8", "replace")
        if not boundary or b"--" + boundary not in parent.raw:
            self.problems.append("no_boundary")
            guessed = _FIRST_DELIMITER.search(parent.raw)
            if guessed is None:
                return []
            boundary = guessed[1]
        delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$\n?", re.MULTILINE)
        pieces: list[bytes] = []
        start: int | None = None
        for match in delimiter.finditer(parent.raw):
            if start is not None:
                pieces.append(parent.raw[start : max(start, match.start() - 1)])
            start = None if match[1] else match.end()
            if match[1] or len(pieces) > PARTS_MAX:
                break
        if start is not None:
            self.problems.append("cut_off")
            pieces.append(parent.raw[start:])
        return pieces
