"""Times in words, as people say them: "ab Montag, 8 Uhr", "on Monday at 8:00".

I decide how a time reads in German and English, near and far. Fixed texts, the chat and the desk call me.
I never choose a time, and never say one in another zone than I am given.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_NEAR = {"de": ("heute", "morgen"), "en": ("today", "tomorrow")}


def from_when(at: datetime, now: datetime, zone: str, language: str) -> str:
    """From when on: "ab morgen, 8 Uhr", "on Monday at 8:00".

    Takes:  language: "de" or "en"; now: what today and tomorrow are counted from.
    """
    day, near = _day(at, now, zone, language)
    clock = _clock(at.astimezone(ZoneInfo(zone)), language)
    if language == "de":
        return f"ab {day}, {clock}"
    return f"{'' if near else 'on '}{day} at {clock}"


def window(since: datetime, until: datetime, now: datetime, zone: str, language: str) -> str:
    """A stretch of one day: "Montag, 30. November, 8 bis 10 Uhr", "Monday, 30 November, 8:00 to 10:00"."""
    day, _ = _day(since, now, zone, language)
    begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (since, until))
    return _stretch(day, begins, ends, language)


def dated(since: datetime, until: datetime, zone: str, language: str) -> str:
    """A stretch of one day by its date, for what is read on another day than it was written."""
    begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (since, until))
    return _stretch(day_name(begins.date(), language), begins, ends, language)


def _stretch(day: str, begins: datetime, ends: datetime, language: str) -> str:
    first, last = _clock(begins, language), _clock(ends, language)
    if language == "de":
        return f"{day}, {first.removesuffix(' Uhr')} bis {last}"
    return f"{day}, {first} to {last}"


def _day(at: datetime, now: datetime, zone: str, language: str) -> tuple[str, bool]:
    """Name the day, with its date where the weekday alone could mean another; and whether it is today or tomorrow."""
    there = ZoneInfo(zone)
    day = at.astimezone(there).date()
    away = (day - now.astimezone(there).date()).days
    if 0 <= away < 2:
        return _NEAR[language][away], True
    return (_DAYS[language][day.weekday()] if 2 <= away < 7 else day_name(day, language)), False


def day_name(day: date, language: str) -> str:
    """A day with its date: "Montag, 30. November", "Monday, 30 November"."""
    name, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    return f"{name}, {day.day}. {month}" if language == "de" else f"{name}, {day.day} {month}"


def _clock(at: datetime, language: str) -> str:
    if language == "de":
        return f"{at.hour} Uhr" if not at.minute else f"{at.hour}:{at.minute:02} Uhr"
    return f"{at.hour}:{at.minute:02}"
