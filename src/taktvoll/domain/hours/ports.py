"""What service hours need from outside: their store, holidays, telephone numbers, calendar files.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.terms import Call, NewEvent
from taktvoll.domain.hours.targets import Judged
from taktvoll.domain.hours.terms import Kind


@dataclass(frozen=True, slots=True)
class Edited:
    """A file of service hours as somebody set it; number 0 and no file before anybody did."""

    number: int
    file: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A conversation whose targets were judged before its last event."""

    conversation: ConversationId
    last_seq: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that passed without what was due."""

    conversation: ConversationId
    kind: Kind
    seq: int
    queue: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An open call-back or appointment, with its conversation.

    `content` is the personal text with number and link, None where it was erased; `name` is the contact's, "" where
    nobody is known.
    """

    conversation: ConversationId
    call: Call
    content: str | None = None
    name: str = ""


class HoursStore(Protocol):
    """Service hours, judged targets, waits and slots; every method works within one workspace."""

    async def current(self, workspace: WorkspaceId) -> Edited:
        """The file in force."""
        ...

    async def put(self, workspace: WorkspaceId, file: str, by: str, at: datetime) -> int:
        """Put a file in force and let every open target be judged anew; gives its number."""
        ...

    async def stale(self, workspace: WorkspaceId, limit: int) -> tuple[Stale, ...]:
        """Conversations of people whose targets must be judged anew, and those that people have left."""
        ...

    async def keep(
        self,
        workspace: WorkspaceId,
        stale: Stale,
        judged: Sequence[Judged],
        first: Judged | None,
        at: datetime,
    ) -> bool:
        """Keep what was judged; gives whether what is due first has changed."""
        ...

    async def overdue(self, workspace: WorkspaceId, now: datetime, limit: int) -> tuple[Missed, ...]:
        """Targets that have passed and are not on record as missed."""
        ...

    async def miss(self, workspace: WorkspaceId, missed: Missed, event: NewEvent) -> int | None:
        """Put a missed target on record, once; None if it was, or if the conversation must be judged anew first."""
        ...

    async def miss_assistant(
        self, workspace: WorkspaceId, conversation: ConversationId, since: int, event: NewEvent
    ) -> int | None:
        """Put on record that the assistant was late for the message at `since`, once; None if it was."""
        ...

    async def waits_s(self, workspace: WorkspaceId, queue: str, limit: int) -> tuple[float, ...]:
        """How long customers of a queue waited for a person's first word, the latest first."""
        ...

    async def ahead(self, workspace: WorkspaceId, conversation: ConversationId, limit: int) -> int:
        """How many conversations of its queue come before this one, up to the limit."""
        ...

    async def calls(self, workspace: WorkspaceId, limit: int) -> tuple[OpenCall, ...]:
        """Open calls with number, link and name: those whose time passed before the others, each the earliest first."""
        ...

    async def near(
        self, workspace: WorkspaceId, me: StaffId, queues: Sequence[str], limit: int
    ) -> tuple[OpenCall, ...]:
        """Calls that the desk was told are near, with number, link and name: mine, and those that are no person's.

        Takes:  queues: those whose conversations I see, none for all.
        """
        ...

    async def untold(
        self, workspace: WorkspaceId, near: datetime, now: datetime, limit: int
    ) -> tuple[OpenCall, ...]:
        """Calls that begin by `near` and were not announced, and those that have ended and do not say so yet."""
        ...

    async def unreminded(
        self, workspace: WorkspaceId, now: datetime, before: datetime, limit: int
    ) -> tuple[OpenCall, ...]:
        """Appointments of known contacts that begin after now and by `before`, and of which no reminder left.

        Those that got their time less than this stretch ahead are left out: nobody has to be reminded of them.
        """
        ...

    async def taken(self, workspace: WorkspaceId, since: datetime) -> Mapping[datetime, int]:
        """How many appointments begin at each instant from then on."""
        ...

    async def claim(
        self, workspace: WorkspaceId, conversation: ConversationId, at: datetime, at_once: int, now: datetime
    ) -> bool:
        """Take one of so many places at an instant; False if all are taken."""
        ...

    async def free(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> None:
        """Give a conversation's place at an instant back."""
        ...

    async def free_unheld(self, workspace: WorkspaceId, before: datetime) -> int:
        """Give back places that were claimed before then and for which the record holds no appointment."""
        ...


class Holidays(Protocol):
    """Public holidays of Germany and its Länder."""

    def days(self, land: str, region: str, years: Sequence[int]) -> Mapping[date, str]:
        """Date → German name; land "" gives the nationwide ones."""
        ...


class PhoneNumbers(Protocol):
    """Telephone numbers as people write them."""

    def normal(self, text: str) -> str:
        """Give the number in E.164, read as in Germany where it names no country.

        Raises: Refused("callback.phone") for what no telephone answers to.
        """
        ...


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a calendar file says; all texts are in the customer's language."""

    uid: str
    since: datetime
    until: datetime
    made_at: datetime
    summary: str
    description: str
    place: str
    zone: str
    moves: int = 0


class CalendarFiles(Protocol):
    """Writes calendar files."""

    def write(self, appointment: Appointment) -> bytes:
        """An iCalendar file (RFC 5545) with one event."""
        ...
