"""When people are there: weekly slots, special days and holidays in a zone, and the open time between instants.

I decide whether it is open, when it opens next and when so much open time has passed. Targets, notices, call-backs and
the desk call me. I never read the clock and never know why a day is a holiday.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
LOOK_AHEAD_DAYS = 400
"""Nobody who waits is helped by an opening in more than a year: beyond it counts as never."""

DUE_DAYS_MAX = 3 * 366
_SECOND, _NOTHING = timedelta(seconds=1), timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From minute to minute after midnight of its day; beyond 1,440 it runs into the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Hold to what a slot can be; whoever reads slots from people says so in better words before."""
        if not (0 <= self.start < DAY_MINUTES and self.start < self.end <= self.start + DAY_MINUTES):
            raise ValueError("a slot starts within its day and lasts at most 24 hours")


WHOLE_DAY = Slot(0, DAY_MINUTES)
Slots = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """An uninterrupted stretch of open time, in UTC; `until` is the first instant that is closed again."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people are there.

    `week` is Monday to Sunday. What outranks what: `days` (the company's word about one date), then `yearly` (its word
    about a month and day, as 24 December), then `holidays` (closed), then the week.
    """

    zone: ZoneInfo
    week: tuple[Slots, Slots, Slots, Slots, Slots, Slots, Slots]
    days: Mapping[date, Slots] = field(default_factory=lambda: MappingProxyType({}))
    yearly: Mapping[tuple[int, int], Slots] = field(default_factory=lambda: MappingProxyType({}))
    holidays: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def slots_on(self, day: date) -> Slots:
        """The slots that begin on a day."""
        if day in self.days:
            return self.days[day]
        if (day.month, day.day) in self.yearly:
            return self.yearly[day.month, day.day]
        return () if day in self.holidays else self.week[day.weekday()]

    def openings(self, since: datetime, until: datetime) -> Iterator[Opening]:
        """The stretches of open time between two instants, cut to them, in order; slots that touch are one stretch.

        Takes:  aware times; slots of the day before may run into the first day, so reading begins earlier.
        """
        since, until = since.astimezone(UTC), until.astimezone(UTC)
        first = since.astimezone(self.zone).date() - timedelta(days=2)
        last = until.astimezone(self.zone).date()
        held: Opening | None = None
        for step in range((last - first).days + 1):
            for found in self.stretches_of(first + timedelta(days=step)):
                if held and found.since <= held.until:
                    held = Opening(held.since, max(held.until, found.until))
                    continue
                if held:
                    yield from _cut(held, since, until)
                held = found
        if held:
            yield from _cut(held, since, until)

    def stretches_of(self, day: date) -> tuple[Opening, ...]:
        """The slots that begin on a day as stretches of time, each for itself: offered times are counted from them."""
        found = (self._stretch(day, slot) for slot in sorted(self.slots_on(day)))
        # one may lie in an hour that does not exist
        return tuple(stretch for stretch in found if stretch.since < stretch.until)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at this instant."""
        return any(True for _ in self.openings(at, at + _SECOND) if _.since <= at)

    def next_opening(self, at: datetime) -> datetime | None:
        """The instant itself if it is open, else when it opens next; None if that is not within 400 days."""
        found = next(self.openings(at, at + timedelta(days=LOOK_AHEAD_DAYS)), None)
        return found.since if found else None

    def closes(self, at: datetime) -> datetime | None:
        """When the stretch ends that is open at this instant; None if it is closed or open without an end in sight."""
        end = at + timedelta(days=LOOK_AHEAD_DAYS)
        found = next(self.openings(at, end), None)
        return found.until if found and found.since <= at and found.until < end else None

    def open_seconds(self, since: datetime, until: datetime) -> float:
        """How much open time lies between two instants; none where they are the wrong way round."""
        return sum((o.until - o.since).total_seconds() for o in self.openings(since, until))

    def after_open(self, at: datetime, seconds: float) -> datetime | None:
        """The earliest instant at which so much open time has passed since `at`; None if it takes over three years."""
        left = timedelta(seconds=seconds)
        if left <= _NOTHING:
            return at.astimezone(UTC)
        for opening in self.openings(at, at + timedelta(days=DUE_DAYS_MAX)):
            lasts = opening.until - opening.since
            if lasts >= left:
                return opening.since + left
            left -= lasts
        return None

    def _stretch(self, day: date, slot: Slot) -> Opening:
        return Opening(_begins(self.zone, _wall(day, slot.start)), _ends(self.zone, _wall(day, slot.end)))


def _cut(opening: Opening, since: datetime, until: datetime) -> Iterator[Opening]:
    begins, ends = max(opening.since, since), min(opening.until, until)
    if begins < ends:
        yield Opening(begins, ends)


def _wall(day: date, minutes: int) -> datetime:
    """What the clock on the wall shows so many minutes after a midnight, as if no day were longer than another."""
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


@lru_cache(8192)
def _begins(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first instant at which the clock on the wall has reached this time.

    An hour that comes twice begins with its first coming; one that does not exist begins when the clock jumps over it.
    """
    early, late = _instants(zone, wall)
    return early if early <= late else _jump(zone, late, early)


@lru_cache(8192)
def _ends(zone: ZoneInfo, wall: datetime) -> datetime:
    """The instant from which on the clock on the wall shows this time or later, for good."""
    early, late = _instants(zone, wall)
    return late if early <= late else _jump(zone, late, early)


def _instants(zone: ZoneInfo, wall: datetime) -> tuple[datetime, datetime]:
    """Both readings of a wall time (PEP 495); the second is the earlier one where the time does not exist."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second at which the zone's offset changes between two instants."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)
