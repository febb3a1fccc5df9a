"""The service hours in force, with their calendar, for whoever needs to know whether somebody is there.

I decide which years' holidays belong to a calendar and what a customer is told while nobody is there. Turns, the chat,
the desk and the worker's job call me. I never tell customers of hours that nobody has set.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.steps import Away
from taktvoll.domain.hours.calendar import Calendar
from taktvoll.domain.hours.file import read_hours
from taktvoll.domain.hours.ports import Edited
from taktvoll.domain.hours.terms import ServiceHours, years_around
from taktvoll.flows.house import House

CALLED_HERE = ("webchat",)
"""Channels on which a customer finds the button for a call back."""


@dataclass(frozen=True, slots=True)
class Hours:
    """What is set, the calendar it makes, and who set it when."""

    set: ServiceHours
    calendar: Calendar
    edited: Edited


async def hours_of(house: House, workspace: WorkspaceId) -> Hours:
    """The hours in force; until somebody sets them, the defaults, unconfirmed."""
    edited = await house.hours.current(workspace)
    found = _read(edited.file) if edited.number else ServiceHours()
    return Hours(found, calendar_of(house, found, house.now().date()), edited)


def calendar_of(house: House, found: ServiceHours, today: date) -> Calendar:
    """The calendar of settings, with the holidays around today."""
    return found.calendar(house.holidays.days(found.land, found.region, years_around(today)))


async def away_of(house: House, workspace: WorkspaceId, channel: str, now: datetime) -> Away | None:
    """What to tell a customer who is handed over now; None while somebody is there, or where hours were never set."""
    hours = await hours_of(house, workspace)
    if not hours.set.confirmed or hours.calendar.is_open(now):
        return None
    back_at = hours.calendar.next_opening(now)
    callback = hours.set.callback and channel in CALLED_HERE and back_at is not None
    return Away(back_at, hours.set.zone, callback, hours.set.email)


@lru_cache(256)
def _read(file: str) -> ServiceHours:
    """Read a file that was checked before it was kept; one that a newer program wrote stands back for the defaults."""
    found, _ = read_hours(file)
    return found or ServiceHours()
