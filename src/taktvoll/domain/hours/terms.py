"""What a company sets about its service hours, as values: the calendar's source, targets, call-backs, appointments.

I decide the shapes. The file, the flows and the desk's page call me. I never read a file and never compute a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from taktvoll.domain.conversation.terms import Urgency
from taktvoll.domain.hours.calendar import Calendar, Slot, Slots

DEFAULT_ZONE = "Europe/Berlin"

LAENDER: Mapping[str, str] = {
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "HB": "Bremen",
    "HH": "Hamburg",
    "HE": "Hessen",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "SH": "Schleswig-Holstein",
    "TH": "Thüringen",
}
"""The 16 Länder by the code of ISO 3166-2:DE."""

REGIONS: Mapping[str, tuple[str, str]] = {
    "augsburg": ("BY", "Stadt Augsburg: Friedensfest"),
    "catholic": ("", "katholische Gemeinden: Mariä Himmelfahrt (BY), Fronleichnam (SN, TH)"),
}
"""Where a Land's holidays differ within it: the only Land it belongs to ("" where several), and what it adds."""


class Kind(StrEnum):
    """What a clock measures; the assistant's is apart from those of people."""

    ASSISTANT = "assistant"
    FIRST_ANSWER = "first_answer"
    NEXT_ANSWER = "next_answer"
    RESOLUTION = "resolution"


class Time(StrEnum):
    """How a target counts: only while somebody is there, or as the clock runs."""

    OPEN = "open"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Target:
    """Within how many seconds people answer or settle; None is no target. "" stands for every queue, None for any."""

    urgency: Urgency | None = None
    queue: str = ""
    first_answer_s: int | None = None
    next_answer_s: int | None = None
    resolution_s: int | None = None
    time: Time = Time.OPEN

    def within_s(self, kind: Kind) -> int | None:
        """The limit for one of the clocks of people."""
        return {
            Kind.FIRST_ANSWER: self.first_answer_s,
            Kind.NEXT_ANSWER: self.next_answer_s,
            Kind.RESOLUTION: self.resolution_s,
        }.get(kind)


HOUR_S = 3600
DEFAULT_TARGETS = (
    Target(Urgency.CRITICAL, "", 5 * 60, 5 * 60, 4 * HOUR_S, Time.CLOCK),
    Target(Urgency.HIGH, "", HOUR_S, HOUR_S, 10 * HOUR_S),
    Target(None, "", 4 * HOUR_S, 4 * HOUR_S, 30 * HOUR_S),
)
"""Until a company sets its own: five minutes for what is critical, day and night; an hour; four hours of open time."""

_DAYTIME: Slots = (Slot(8 * 60, 18 * 60),)


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """All that is set. `confirmed` says that somebody set it: until then customers are told nothing of hours.

    `land` "" means nationwide holidays only. `assistant_s` is what the assistant's answer may take. What is put off
    stops its clocks by `pause_snoozed`, but the wait for a person's first word only by `pause_unanswered` as well.
    `remind_desk_s` and `remind_customer_s` are how long before a call people, and before an appointment customers, hear
    of it; 0 is never.
    """

    zone: str = DEFAULT_ZONE
    land: str = ""
    region: str = ""
    week: tuple[Slots, Slots, Slots, Slots, Slots, Slots, Slots] = (*(_DAYTIME,) * 5, (), ())
    days: Mapping[date, Slots] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], Slots] = field(default_factory=dict)
    targets: tuple[Target, ...] = DEFAULT_TARGETS
    assistant_s: int = 10
    pause_for_customer: bool = True
    pause_snoozed: bool = True
    pause_unanswered: bool = False
    callback: bool = True
    email: str = ""
    appointment: bool = False
    appointment_minutes: int = 30
    appointment_at_once: int = 1
    video: str = ""
    remind_desk_s: int = 10 * 60
    remind_customer_s: int = 24 * HOUR_S
    confirmed: bool = False

    def calendar(self, holidays: Mapping[date, str]) -> Calendar:
        """The calendar with the holidays of the years that matter."""
        return Calendar(ZoneInfo(self.zone), self.week, self.days, self.yearly, holidays)

    def target_for(self, urgency: Urgency, queue: str) -> Target | None:
        """The most specific target: one that names the queue before one for all, then one that names the urgency."""
        fitting = [t for t in self.targets if t.queue in ("", queue) and t.urgency in (None, urgency)]
        return max(fitting, key=lambda t: (t.queue != "", t.urgency is not None), default=None)


def years_around(day: date) -> Sequence[int]:
    """The years whose holidays a calendar needs: those of open conversations, and as far ahead as anything is due."""
    return range((day - timedelta(days=366)).year, (day + timedelta(days=3 * 366)).year + 1)
