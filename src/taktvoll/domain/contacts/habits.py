"""What a customer does again and again: the form of address and the language they write in.

I decide what their messages show of it, and from when on it is kept on the contact. The flow keep_habits calls me with
what their last messages showed, oldest first. I never let one message turn a kept habit over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LOOKED_AT = 3
LEAST = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Habit(Generic[T]):
    """What messages showed; `kept` says that enough of them agree, else it is provisional: the last that showed any."""

    value: T
    kept: bool


def habit_of(shown: Sequence[T | None]) -> Habit[T] | None:
    """Give what the last messages show.

    Takes:  what each message showed, None where it showed nothing.
    Gives:  the value of the last that showed any; kept if the last three that did agree, and there are two at least.
            None where none showed any. What is kept already gives way to a kept one alone: that the store holds.

    >>> habit_of(["du", None, "du"]), habit_of([None]), habit_of(["du", "sie"])
    (Habit(value='du', kept=True), None, Habit(value='sie', kept=False))
    """
    told = [one for one in shown if one is not None][-LOOKED_AT:]
    if not told:
        return None
    return Habit(told[-1], len(told) >= LEAST and len(set(told)) == 1)
