"""The calls that are near, as they stand at the top of the desk's live pages.

I decide in what words a call is announced. router.py asks me for each of these pages. I never show a call that another
person looks after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from taktvoll.base.time import parse_time
from taktvoll.entry.desk.board import Board
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.targets import CallShown, calls_shown
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House
from taktvoll.flows.read_calls import near_calls


@dataclass(frozen=True, slots=True)
class Near:
    """A call that is near: in how long it begins, and whom it is with, in words."""

    call: CallShown
    soon: str
    text: str


async def near_of(house: House, visit: Visit, board: Board) -> tuple[Near, ...]:
    """The calls that are near and concern whoever looks."""
    found = await near_calls(house, visit.staff, board.looked_after)
    said, now = texts(visit.language), house.now()
    shown = await calls_shown(house, visit, found)
    return tuple(
        Near(
            call,
            soon(parse_time(call.since) - now, said),
            said[f"near_{one.call.medium.value}"].format(name=call.with_whom),
        )
        for one, call in zip(found, shown, strict=True)
    )


def soon(ahead: timedelta, said: Mapping[str, str]) -> str:
    """In how many minutes something begins; the page's script goes on counting down in the same words."""
    minutes = ceil(ahead.total_seconds() / 60)
    if minutes < 1:
        return said["near_now"]
    return said["near_minute" if minutes == 1 else "near_minutes"].format(n=minutes)
