"""Service hours as a TOML file: read with every problem named at once, and written so that reading gives the same.

I decide how a company writes its hours down. The command line, the desk's page and the store's readers call me.
I never guess: what is not understood is refused with the place where it stands.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    APPOINTMENT_MINUTES_MAX,
    HOURS_DAYS_MAX,
    HOURS_FILE_BYTES_MAX,
    HOURS_SLOTS_MAX,
    TARGET_DAYS_MAX,
    TARGETS_MAX,
    VIDEO_URL_CHARS_MAX,
)
from taktvoll.domain.conversation.terms import Urgency
from taktvoll.domain.hours.calendar import DAY_MINUTES, Slot, Slots
from taktvoll.domain.hours.terms import LAENDER, REGIONS, ServiceHours, Target, Time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
OFF = "off"
_SLOT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\d{1,7})\s*(s|m|h)")
_UNITS_S = {"s": 1, "m": 60, "h": 3600}
_YEARLY = re.compile(r"(\d{2})-(\d{2})")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_QUEUE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TOP = (
    "zone",
    "land",
    "region",
    "week",
    "days",
    "yearly",
    "target",
    "assistant",
    "pause",
    "contact",
    "appointment",
    "reminder",
)

Problems = list[Refused]
T = TypeVar("T")


def read_hours(text: str) -> tuple[ServiceHours | None, tuple[Refused, ...]]:
    """Read a file.

    Gives:  the hours, confirmed, or None with everything that is wrong with the file.
    """
    if len(text.encode()) > HOURS_FILE_BYTES_MAX:
        return None, (Refused("hours.file", detail=f"> {HOURS_FILE_BYTES_MAX} bytes"),)
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (Refused("hours.file", detail=str(error)[:200]),)
    problems: Problems = [Refused("hours.field", place=name[:40]) for name in parsed if name not in _TOP]
    hours = ServiceHours(confirmed=True)
    for part in (_place, _week, _days, _targets, _pauses, _contact, _appointment, _reminder):
        try:
            hours = part(parsed, hours, problems)
        except Refused as refusal:
            problems.append(refusal)
    return (None, tuple(problems)) if problems else (hours, ())


def slots_of(text: object, place: str) -> Slots:
    """Read the slots of one day: "closed", "08:00-12:00, 13:00-18:00", or a list of such.

    Raises: Refused("hours.slot") with the place.
    """
    if isinstance(text, list):
        words = [str(w) for w in text]
    else:
        words = [w for w in re.split(r"[,;]", str(text)) if w.strip()]
    if [w.strip().lower() for w in words] in ([CLOSED], ["geschlossen"], []):
        return ()
    if len(words) > HOURS_SLOTS_MAX:
        raise Refused("hours.slots", place=place, limit=HOURS_SLOTS_MAX)
    return tuple(sorted(_slot(w.strip(), place) for w in words))


def _slot(text: str, place: str) -> Slot:
    found = _SLOT.fullmatch(text)
    if not found:
        raise Refused("hours.slot", place=place, found=text[:40])
    numbers = [int(n) for n in found.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if numbers[1] > 59 or numbers[3] > 59 or start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        raise Refused("hours.slot", place=place, found=text[:40])
    return Slot(start, end if end > start else end + DAY_MINUTES)


def _place(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    zone, land, region = (
        str(parsed.get(k, v)) for k, v in (("zone", hours.zone), ("land", ""), ("region", ""))
    )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(Refused("hours.zone", found=zone[:60]))
    if land and land.upper() not in LAENDER:
        problems.append(Refused("hours.land", found=land[:40], values=", ".join(LAENDER)))
    if region and (region not in REGIONS or REGIONS[region][0] not in ("", land.upper())):
        problems.append(Refused("hours.region", found=region[:40], values=", ".join(REGIONS)))
    return replace(hours, zone=zone, land=land.upper(), region=region)


def _week(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    table = _table(parsed, "week", WEEKDAYS)
    if "week" not in parsed:
        return hours
    week = tuple(_kept(problems, slots_of, table.get(day, CLOSED), f"week.{day}") or () for day in WEEKDAYS)
    return replace(hours, week=cast("tuple[Slots, Slots, Slots, Slots, Slots, Slots, Slots]", week))


def _days(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    days, yearly = _table(parsed, "days", None), _table(parsed, "yearly", None)
    if len(days) + len(yearly) > HOURS_DAYS_MAX:
        raise Refused("hours.days", limit=HOURS_DAYS_MAX)
    special, every = dict[date, Slots](), dict[tuple[int, int], Slots]()
    for name, text in days.items():
        try:
            special[date.fromisoformat(name)] = slots_of(text, f"days.{name[:20]}")
        except ValueError:
            problems.append(Refused("hours.date", found=name[:40]))
        except Refused as refusal:
            problems.append(refusal)
    for name, text in yearly.items():
        try:
            found = _YEARLY.fullmatch(name)
            day = (
                date.fromisoformat(f"2028-{name}") if found else None
            )  # a leap year, so that 29 February may stand
            if day is None:
                raise ValueError(name)
            every[day.month, day.day] = slots_of(text, f"yearly.{name[:20]}")
        except ValueError:
            problems.append(Refused("hours.yearly", found=name[:40]))
        except Refused as refusal:
            problems.append(refusal)
    return replace(hours, days=special, yearly=every)


def _targets(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    rows = parsed.get("target")
    if rows is None:
        return hours
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise Refused("hours.file", detail="[[target]]")
    if len(rows) > TARGETS_MAX:
        raise Refused("hours.targets", limit=TARGETS_MAX)
    made = [_kept(problems, _target, row, f"target {n}") for n, row in enumerate(rows, start=1)]
    found = [t for t in made if t is not None]
    named = [(t.urgency, t.queue) for t in found]
    if len(set(named)) < len(named):
        problems.append(Refused("hours.target_twice"))
    return replace(hours, targets=tuple(found))


def _target(row: Mapping[str, Any], place: str) -> Target:
    known = ("urgency", "queue", "first_answer", "next_answer", "resolution", "time")
    for name in row:
        if name not in known:
            raise Refused("hours.field", place=f"{place}.{str(name)[:40]}")
    urgency, queue = str(row.get("urgency", "")), str(row.get("queue", ""))
    if queue and not _QUEUE.fullmatch(queue):
        raise Refused("hours.value", place=f"{place}.queue", found=queue[:40], values="a–z 0–9 -")
    first, following, resolution = (
        span_of(row[name], f"{place}.{name}") if name in row else None for name in known[2:5]
    )
    return Target(
        Urgency(_one_of(urgency, [u.value for u in Urgency], f"{place}.urgency")) if urgency else None,
        queue,
        first,
        following,
        resolution,
        Time(_one_of(str(row.get("time", Time.OPEN)), [t.value for t in Time], f"{place}.time")),
    )


def span_of(text: object, place: str) -> int:
    """Read how long something may take, in seconds: "15m", "4h".

    Raises: Refused("hours.span") with the place.
    """
    found = _SPAN.fullmatch(str(text).strip())
    seconds = int(found[1]) * _UNITS_S[found[2]] if found else 0
    if not 0 < seconds <= TARGET_DAYS_MAX * 86400:
        raise Refused("hours.span", place=place, found=str(text)[:40], limit=TARGET_DAYS_MAX)
    return seconds


def _pauses(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    pause = _table(parsed, "pause", ("waiting_for_customer", "snoozed", "snoozed_unanswered"))
    assistant = _table(parsed, "assistant", ("answer",))
    seconds = span_of(assistant["answer"], "assistant.answer") if "answer" in assistant else hours.assistant_s
    return replace(
        hours,
        assistant_s=seconds,
        pause_for_customer=_flag(pause, "waiting_for_customer", hours.pause_for_customer, "pause"),
        pause_snoozed=_flag(pause, "snoozed", hours.pause_snoozed, "pause"),
        pause_unanswered=_flag(pause, "snoozed_unanswered", hours.pause_unanswered, "pause"),
    )


def _contact(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    table = _table(parsed, "contact", ("callback", "email"))
    email = str(table.get("email", ""))
    if email and not _EMAIL.fullmatch(email):
        problems.append(Refused("hours.email", found=email[:60]))
    return replace(hours, callback=_flag(table, "callback", hours.callback, "contact"), email=email)


def _appointment(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    table = _table(parsed, "appointment", ("offer", "minutes", "at_once", "video"))
    video = str(table.get("video", ""))
    if video and not (
        video.startswith("https://")
        and "{token}" in video
        and len(video) <= VIDEO_URL_CHARS_MAX
        and video.isprintable()
    ):
        problems.append(Refused("hours.video"))
    numbers = {
        "minutes": (hours.appointment_minutes, 5, APPOINTMENT_MINUTES_MAX),
        "at_once": (hours.appointment_at_once, 1, 100),
    }
    found = dict[str, int]()
    for name, (otherwise, least, most) in numbers.items():
        value = table.get(name, otherwise)
        if type(value) is not int or not least <= value <= most:
            problems.append(
                Refused(
                    "hours.value",
                    place=f"appointment.{name}",
                    found=str(value)[:40],
                    values=f"{least}–{most}",
                )
            )
            value = otherwise
        found[name] = value
    return replace(
        hours,
        appointment=_flag(table, "offer", "appointment" in parsed, "appointment"),
        appointment_minutes=found["minutes"],
        appointment_at_once=found["at_once"],
        video=video,
    )


def _reminder(parsed: Mapping[str, Any], hours: ServiceHours, problems: Problems) -> ServiceHours:
    table = _table(parsed, "reminder", ("desk", "customer"))

    def before(name: str, otherwise: int) -> int:
        if table.get(name) in (OFF, "aus"):
            return 0
        found = _kept(problems, span_of, table[name], f"reminder.{name}") if name in table else None
        return otherwise if found is None else found

    return replace(
        hours,
        remind_desk_s=before("desk", hours.remind_desk_s),
        remind_customer_s=before("customer", hours.remind_customer_s),
    )


def _table(parsed: Mapping[str, Any], name: str, known: Sequence[str] | None) -> Mapping[str, Any]:
    table = parsed.get(name, {})
    if not isinstance(table, dict):
        raise Refused("hours.file", detail=f"[{name}]")
    for field in table:
        if known is not None and field not in known:
            raise Refused("hours.field", place=f"{name}.{str(field)[:40]}")
    return table


def _flag(table: Mapping[str, Any], name: str, otherwise: bool, place: str) -> bool:
    value = table.get(name, otherwise)
    if not isinstance(value, bool):
        raise Refused("hours.value", place=f"{place}.{name}", found=str(value)[:40], values="true, false")
    return value


def _one_of(found: str, values: Sequence[str], place: str) -> str:
    if found not in values:
        raise Refused("hours.value", place=place, found=found[:40], values=", ".join(values))
    return found


def _kept(problems: Problems, read: Callable[[Any, str], T], given: object, place: str) -> T | None:
    """Read one part; what is wrong with it is kept, so that a person hears of everything at once."""
    try:
        return read(given, place)
    except Refused as refusal:
        problems.append(refusal)
        return None
