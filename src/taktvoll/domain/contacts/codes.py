"""One-time codes that prove a mail address: how long they live, how they are made, when one is right.

I decide form and limits of a code. The flow confirm_address calls me. I never keep one: a code is made anew from a
secret of this installation each time it is needed, so that the database holds nothing that could be tried out.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from taktvoll.base.limits import CODE_MINUTES_MAX

PURPOSE = "contact code"
LASTS = timedelta(minutes=CODE_MINUTES_MAX)
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A code that was asked for and is still open; `written` is the address it went to.

    `sent` is False where too many codes went to that address: nobody is told, no mail leaves, and no code is right.
    """

    id: UUID
    written: str
    address: str
    sent: bool
    until: datetime


def code_of(digest: bytes) -> str:
    """Make six digits of a keyed digest of the code's id.

    Takes:  32 bytes; 2^256 is so much larger than 10^6 that every code is equally likely.
    """
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def is_right(asked: Asked | None, expected: str, typed: str, now: datetime) -> bool:
    """Whether what was typed proves the address; blanks do not count, as people read codes in groups."""
    given = "".join(typed.split())
    same = hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("ascii"))
    return same and asked is not None and asked.sent and now < asked.until
