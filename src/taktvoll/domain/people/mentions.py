"""Whom a note mentions by @name.

I decide which colleagues are meant. The flow that writes notes calls me. I never look at what else a note says.
"""

import re
from collections.abc import Sequence

from taktvoll.base.ids import StaffId
from taktvoll.domain.people.terms import Staff

_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"\w[\w.'-]*")


def mentioned(text: str, staff: Sequence[Staff]) -> tuple[StaffId, ...]:
    """Find the colleagues that a text mentions, each once, in the order of the text.

    Takes:  staff: who may be meant. A full name is meant before a shorter one; a first name only where it is one
            person's.
    """
    found = (_meant(text[at.end() :], staff) for at in _AT.finditer(text))
    return tuple(dict.fromkeys(s.id for s in found if s is not None))


def _meant(after: str, staff: Sequence[Staff]) -> Staff | None:
    for one in sorted(staff, key=lambda s: -len(s.name)):
        said, rest = after[: len(one.name)], after[len(one.name) : len(one.name) + 1]
        if one.name and said.casefold() == one.name.casefold() and not rest.isalnum():
            return one
    word = _WORD.match(after)
    first = word.group().rstrip(".'-").casefold() if word else ""
    named = [s for s in staff if first and s.name.casefold().split(maxsplit=1)[:1] == [first]]
    return named[0] if len(named) == 1 else None
