"""Time as text: RFC 3339 in and out, always aware UTC.

I decide how a time is written. Every room calls me. I never read the clock: time is given to us as a value.
"""

from datetime import UTC, datetime


def rfc3339(at: datetime) -> str:
    """Write an aware time as UTC with microseconds and a Z, so that equal times have equal text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time; a time without zone is refused by ValueError."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("time without zone")
    return value.astimezone(UTC)
