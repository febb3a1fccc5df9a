"""Single values of an entry: dates, links, audiences.

I decide how each is read from what people write in tables. Intake calls me.
I never guess: what I cannot read raises Unusable or counts as absent where absence is safe.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from taktvoll.adapters.documents.terms import Unusable

_ZONE = ZoneInfo("Europe/Berlin")
_GERMAN_DATE = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?:\s*Uhr)?)?", re.IGNORECASE
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EVERYONE = {"", "public", "all", "everyone", "alle", "öffentlich", "oeffentlich"}
_YEARS = range(1900, 9999)
_NEVER = 9999


def valid_from(said: str) -> datetime | None:
    """Read the moment from which an entry holds; a day without a time begins at midnight German time."""
    moment, _ = _moment(said)
    return moment


def valid_until(said: str) -> datetime | None:
    """Read the moment at which an entry stops holding; a day without a time counts fully; year 9999 is never."""
    moment, whole_day = _moment(said)
    if moment and whole_day:
        local = moment.astimezone(_ZONE).date() + timedelta(days=1)
        return datetime.combine(local, time(), _ZONE).astimezone(UTC)
    return moment


def link(said: str) -> str | None:
    """Read a web address or a path; None for anything a browser might run or could not open."""
    if not said or any(c.isspace() for c in said):
        return None
    address = f"https://{said}" if said.lower().startswith("www.") else said
    address = f"https:{address}" if address.startswith("//") else address
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    return (
        address if scheme in ("http", "https") or (not scheme and ":" not in address.split("/")[0]) else None
    )


def audience(said: str) -> str:
    """Read for whom an entry is meant; "public" unless narrowed."""
    return "public" if said.casefold() in _EVERYONE else said


def _moment(said: str) -> tuple[datetime | None, bool]:
    if not said:
        return None, False
    try:
        moment, whole_day = _parse(said)
        if moment.year == _NEVER:
            return None, False
        if moment.year not in _YEARS:
            raise ValueError("year")
        return moment.astimezone(UTC), whole_day
    except (ValueError, OverflowError):
        raise Unusable(
            "import.date",
            "The date cannot be read. Write it as 2026-12-31 or 31.12.2026, with a time if needed.",
        ) from None


def _parse(said: str) -> tuple[datetime, bool]:
    german = _GERMAN_DATE.fullmatch(said)
    if german:
        day = date(int(german[3]), int(german[2]), int(german[1]))
        if german[4] is None:
            return datetime.combine(day, time(), _ZONE), True
        return datetime.combine(day, time(int(german[4]), int(german[5])), _ZONE), False
    moment = datetime.fromisoformat(said)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)
    return aware, _ISO_DATE.fullmatch(said) is not None
