"""Mail addresses out of a header, as people and programs write them.

I decide where one address ends and the next begins. The reader calls me. I never keep more than the limit.
"""

import re

from taktvoll.adapters.mime.fields import one_line, words_decoded
from taktvoll.domain.mail.terms import Address

NAME_CHARS_MAX = 200
ADDRESS_CHARS_MAX = 320
# Looked ahead a little way only: a header of quotation marks must not cost the square of its length.
_PIECE = re.compile(r'"(?:[^"\\]|\\.){0,200}"|<[^<>]*>|\([^()]*\)|[,;]|[^",;<(]+|.', re.DOTALL)
_ANGLE = re.compile(r"<([^<>]*)>\s*$")
_BARE = re.compile(r"(?<![^\s<>()\",;:])[^\s<>()\",;:]+@[^\s<>()\",;:]+")
_COMMENT = re.compile(r"\(([^()]*)\)")
_GROUP = re.compile(r"^\s*[^\"<>@:]{0,200}:(?!\S*@\S*:)")
_ESCAPED = re.compile(r"\\(.)")


def addresses_of(field: str, limit: int) -> tuple[tuple[Address, ...], int]:
    """Read a list of addresses.

    Takes:  the field as text, encoded words as they stand: a comma in one does not part addresses.
    Gives:  the first `limit` addresses, and how many there are.
    """
    found: list[Address] = []
    count = 0
    pending = ""
    for piece in _parted(field):
        piece = f"{pending}, {piece}" if pending else piece
        pending = ""
        if "@" not in piece and "<" not in piece:
            # "Meier, Eva <eva@example.org>" without quotation marks: the comma is part of the name.
            pending = piece if len(piece) < NAME_CHARS_MAX else ""
            continue
        count += 1
        if len(found) < limit:
            found.append(_address(piece))
    if pending and not count:
        return (Address(_name(pending), ""),), 1
    return tuple(found), count


def _parted(field: str) -> list[str]:
    pieces, current = [], ""
    for match in _PIECE.finditer(_GROUP.sub("", field) if ":" in field else field):
        token = match.group()
        if token in (",", ";"):
            pieces.append(current)
            current = ""
        else:
            current += token
    pieces.append(current)
    return [piece.strip() for piece in pieces if piece.strip()]


def _address(piece: str) -> Address:
    angle = _ANGLE.search(piece)
    if angle:
        name, address = piece[: angle.start()], angle[1]
    else:
        bare = _BARE.search(piece)
        address = bare.group() if bare else ""
        name = piece[: bare.start()] + piece[bare.end() :] if bare else piece
        comment = _COMMENT.search(name)
        name = comment[1] if comment else name
    shown = one_line(words_decoded(address)).replace(" ", "")[:ADDRESS_CHARS_MAX]
    name = _name(name)
    return Address("" if name == shown else name, shown)


def _name(text: str) -> str:
    bare = text.strip()
    if bare.startswith('"') and bare.endswith('"') and len(bare) > 1:
        bare = _ESCAPED.sub(r"\1", bare[1:-1])
    return one_line(words_decoded(bare)).strip(" \"'<>")[:NAME_CHARS_MAX]
