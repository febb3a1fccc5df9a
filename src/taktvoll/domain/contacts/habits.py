"""What a customer does again and again: the form of address and the language they write in.

I decide from when on a habit is kept on the contact. The flow keep_habits calls me with what their last messages
showed, oldest first. I never let one message turn a habit over.
"""

from collections.abc import Sequence
from typing import TypeVar

LOOKED_AT = 3
LEAST = 2

T = TypeVar("T")


def habit_of(shown: Sequence[T | None]) -> T | None:
    """Give what the last messages agree on.

    Takes:  what each message showed, None where it showed nothing.
    Gives:  the value of the last three that showed any, if these agree and there are two at least; else None.

    >>> habit_of(["du", None, "du"]), habit_of(["du"]), habit_of(["du", "sie"])
    ('du', None, None)
    """
    told = [one for one in shown if one is not None][-LOOKED_AT:]
    return told[-1] if len(told) >= LEAST and len(set(told)) == 1 else None
