"""The coming days as service hours would have them, so that whoever sets them sees what they mean.

I decide what a day reads like. The command line and the desk's page call me. I never keep anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from taktvoll.domain.hours.calendar import Calendar
from taktvoll.domain.hours.telling import day_name
from taktvoll.domain.hours.terms import ServiceHours
from taktvoll.domain.hours.writing import slots_text

PREVIEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its name and date, and when people are there on it, or why not."""

    name: str
    text: str
    closed: bool


def preview(hours: ServiceHours, calendar: Calendar, now: datetime, language: str) -> tuple[Day, ...]:
    """Fourteen days, today first.

    Takes:  language: "de" or "en".
    """
    today = now.astimezone(calendar.zone).date()
    found = list[Day]()
    for step in range(PREVIEW_DAYS):
        day = today + timedelta(days=step)
        slots, holiday = calendar.slots_on(day), calendar.holidays.get(day, "")
        text = slots_text(slots) if slots else ("geschlossen" if language == "de" else "closed")
        found.append(Day(day_name(day, language), f"{text} – {holiday}" if holiday else text, not slots))
    return tuple(found)
