"""A condition's words, each with its place, so that a complaint can point at it.

I decide where a word begins and ends. expression.py calls me. I never judge whether words belong together.
"""

import re
from dataclasses import dataclass
from typing import Literal

from taktvoll.base.errors import Refused

Sort = Literal["number", "text", "name", "sign", "end"]

_WORD = re.compile(
    r"""\s*(?: (?P<number>\d+(?:\.\d+)?)(?![\w.]) | (?P<text>"[^"\\\n]*"|'[^'\\\n]*') | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.-]) )""",
    re.VERBOSE,
)
_INSTEAD = {
    "and": "&&", "und": "&&", "&": "&&", "or": "||", "oder": "||", "|": "||", "not": "!", "nicht": "!", "=": "==",
    "<>": "!=", "ist": "==", "is": "==", "True": "true", "False": "false", "ja": "true", "nein": "false",
}  # fmt: skip
"""What people write who know other languages, and what stands here for it."""

_NEXT = re.compile(r"\w+|<>|&|\||=|\S")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its sort, its text as written, its place counted from 1."""

    sort: Sort
    text: str
    position: int


def tokens_of(name: str, when: str) -> list[Token]:
    """Cut a condition into words, with an end after the last.

    Takes:  name: the guideline's, for the complaint.
    Raises: Refused("guideline.write"), Refused("guideline.syntax").
    """
    found, place = list[Token](), 0
    while when[place:].strip():
        match = _WORD.match(when, place)
        sort = match.lastgroup if match else None
        if match is None or sort is None:
            raise _misfit(name, when, place)
        text = match.group(sort)
        position = match.start(sort) + 1
        if text in _INSTEAD or (text in "<>" and when[match.end() : match.end() + 1] == ">"):
            raise _misfit(name, when, position - 1)
        found.append(Token(_SORTS[sort], text, position))
        place = match.end()
    return [*found, Token("end", "", len(when) + 1)]


_SORTS: dict[str, Sort] = {"number": "number", "text": "text", "name": "name", "sign": "sign"}


def _misfit(name: str, when: str, place: int) -> Refused:
    match = _NEXT.search(when, place)
    text, position = (match.group(), match.start() + 1) if match else ("", place + 1)
    if text in _INSTEAD:
        return Refused("guideline.write", name=name, position=position, found=text, instead=_INSTEAD[text])
    return Refused("guideline.syntax", name=name, position=position, found=text[:40])
