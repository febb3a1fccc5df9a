"""Service hours written down again: as the TOML file that reading gives back, and slots as people read them.

I decide how settings look in a file. The command line and the desk's form call me. I never leave a setting out.
"""

import json
from collections.abc import Iterable

from taktvoll.domain.hours.calendar import DAY_MINUTES, Slot, Slots
from taktvoll.domain.hours.file import CLOSED, OFF, WEEKDAYS
from taktvoll.domain.hours.terms import ServiceHours, Target


def write_hours(hours: ServiceHours) -> str:
    """Write a file that read_hours understands as the same hours, confirmed."""
    lines = [
        *(
            [] if hours.targets else ["target = []"]
        ),  # before the first table, or TOML would put it inside one
        '# When people are there. Slots as "08:00-12:00, 13:00-18:00"; one may run over midnight; "closed" closes.',
        f"zone = {_quoted(hours.zone)}",
        "# Holidays of a Land by its code, as BY; left empty: nationwide holidays only.",
        f"land = {_quoted(hours.land)}",
        '# Within a Land: "augsburg" or "catholic".',
        f"region = {_quoted(hours.region)}",
        "\n[week]",
        *(f"{day} = {_quoted(slots_text(slots))}" for day, slots in zip(WEEKDAYS, hours.week, strict=True)),
        "\n# One date; outranks holidays.\n[days]",
        *(f"{_quoted(d.isoformat())} = {_quoted(slots_text(s))}" for d, s in sorted(hours.days.items())),
        "\n# A month and day of every year, as 12-24; outranks holidays.\n[yearly]",
        *(f'"{m:02}-{d:02}" = {_quoted(slots_text(s))}' for (m, d), s in sorted(hours.yearly.items())),
        *(line for target in hours.targets for line in _target(target)),
        f"\n[assistant]\nanswer = {_quoted(span_text(hours.assistant_s))}",
        "\n# When the clocks of people stand still.\n[pause]",
        f"waiting_for_customer = {_flag(hours.pause_for_customer)}",
        f"snoozed = {_flag(hours.pause_snoozed)}",
        "# Whether putting off stops the wait for a person's first word, too.",
        f"snoozed_unanswered = {_flag(hours.pause_unanswered)}",
        "\n# What customers are offered while nobody is there.\n[contact]",
        f"callback = {_flag(hours.callback)}",
        f"email = {_quoted(hours.email)}",
        "\n# Appointments for a call, or a video call at an address of your own with {token}.\n[appointment]",
        f"offer = {_flag(hours.appointment)}",
        f"minutes = {hours.appointment_minutes}",
        f"at_once = {hours.appointment_at_once}",
        f"video = {_quoted(hours.video)}",
        '\n# How long before a call the desk, and before an appointment the customer, is reminded; "off" for never.\n'
        "[reminder]",
        f"desk = {_quoted(before_text(hours.remind_desk_s))}",
        f"customer = {_quoted(before_text(hours.remind_customer_s))}",
    ]
    return "\n".join(lines) + "\n"


def slots_text(slots: Slots) -> str:
    """Slots as people write them: "08:00-12:00, 22:00-06:00"."""
    return ", ".join(_slot(s) for s in sorted(slots)) or CLOSED


def span_text(seconds: int) -> str:
    """How long something may take, as the file says it."""
    for unit, unit_s in (("h", 3600), ("m", 60)):
        if seconds % unit_s == 0:
            return f"{seconds // unit_s}{unit}"
    return f"{seconds}s"


def before_text(seconds: int) -> str:
    """How long before something, as the file says it; "off" for never."""
    return span_text(seconds) if seconds else OFF


def _slot(slot: Slot) -> str:
    end = slot.end if slot.end <= DAY_MINUTES else slot.end - DAY_MINUTES
    return f"{_clock(slot.start)}-{_clock(end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _target(target: Target) -> Iterable[str]:
    yield "\n[[target]]"
    if target.urgency:
        yield f"urgency = {_quoted(target.urgency.value)}"
    if target.queue:
        yield f"queue = {_quoted(target.queue)}"
    spans = (
        ("first_answer", target.first_answer_s),
        ("next_answer", target.next_answer_s),
        ("resolution", target.resolution_s),
    )
    for name, seconds in spans:
        if seconds is not None:
            yield f"{name} = {_quoted(span_text(seconds))}"
    yield f"time = {_quoted(target.time.value)}"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _quoted(text: str) -> str:
    """A TOML string; its escapes are those of JSON, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
