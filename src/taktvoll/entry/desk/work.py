"""What people do to a conversation without speaking to its customer: notes, passing on, putting off, tags, reopening.

I decide which flow an address calls and what its form means. router.py takes my routes in and does the checking.
I never decide who may do what: the flows do.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import Owner, OwnerKind
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.queues import queues_of
from taktvoll.entry.desk.calls import slots_offered
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.flows.assign_conversation import assign_conversation
from taktvoll.flows.house import House
from taktvoll.flows.reopen_conversation import reopen_conversation
from taktvoll.flows.snooze_conversation import SNOOZE_DAYS_MAX, snooze_conversation, wake_conversation
from taktvoll.flows.tag_conversation import add_tag, remove_tag
from taktvoll.flows.transfer_conversation import transfer_conversation
from taktvoll.flows.write_note import colleagues, write_note

TALK = DESK + "/c/{conversation}"
MORNING = time(9)
SNOOZES = ("hour", "later", "tomorrow", "monday", "at")
"""Ways to say until when; "at" takes a time of its own."""

Fields = Mapping[str, str]
Deed = Callable[[Visit, ConversationId, dict[str, str]], Awaitable[object]]
Act = Callable[[Request, str, str, Permission, Deed], Awaitable[Response]]
Handler = Callable[[Request, str, str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a conversation can be given to; value is how the form names it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What the tools beside a conversation offer; `colleagues` are the names that a note can mention."""

    queues: tuple[Target, ...]
    people: tuple[Target, ...]
    tags: tuple[str, ...]
    colleagues: tuple[str, ...]
    snoozes: tuple[str, ...] = SNOOZES
    slots: tuple[tuple[str, str], ...] = ()
    video: bool = False


async def tools_of(house: House, visit: Visit) -> Tools:
    """Gather whom and what there is to choose from."""
    people = sorted(await colleagues(house, visit.staff), key=lambda s: s.name.casefold())
    queues = queues_of(visit.workspace.settings)
    slots, video = await slots_offered(house, visit)
    return Tools(
        queues=tuple(Target(f"queue:{q.name}", q.named(visit.language)) for q in queues),
        people=tuple(Target(f"person:{s.id}", s.name) for s in people),
        tags=await house.board.tags(visit.workspace.id),
        colleagues=tuple(s.name for s in people if s.id != visit.staff.id),
        slots=slots,
        video=video,
    )


def work_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act checks the form and answers."""
    deeds = Deeds(house)
    doors: tuple[tuple[str, Permission, Deed], ...] = (
        ("note", Permission.NOTE_WRITE, deeds.note),
        ("transfer", Permission.CONVERSATION_TRANSFER, deeds.transfer),
        ("assign", Permission.CONVERSATION_ASSIGN, deeds.assign),
        ("snooze", Permission.CONVERSATION_SNOOZE, deeds.snooze),
        ("wake", Permission.CONVERSATION_SNOOZE, deeds.wake),
        ("reopen", Permission.CONVERSATION_TAKE, deeds.reopen),
        ("tag", Permission.TAG_EDIT, deeds.tag),
        ("untag", Permission.TAG_EDIT, deeds.untag),
    )
    return tuple(("POST", f"{TALK}/{verb}", door(act, permission, deed)) for verb, permission, deed in doors)


def door(act: Act, permission: Permission, deed: Deed) -> Handler:
    """Make a handler of a deed."""

    async def handle(request: Request, workspace: str, conversation: str) -> Response:
        return await act(request, workspace, conversation, permission, deed)

    return handle


class Deeds:
    """Each form as the flow that it means."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def note(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Note something for colleagues."""
        await write_note(self._house, visit.staff, talk, fields.get("note", ""))

    async def transfer(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Give it on, with a reason."""
        to, reason = target_of(fields.get("to", "")), fields.get("reason", "")
        await transfer_conversation(self._house, visit.staff, talk, to, reason, epoch_of(fields))

    async def assign(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Give it to someone."""
        await assign_conversation(
            self._house, visit.staff, talk, target_of(fields.get("to", "")), epoch_of(fields)
        )

    async def snooze(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Put it off."""
        until = until_of(fields, self._house.now(), visit.zone)
        await snooze_conversation(self._house, visit.staff, talk, until)

    async def wake(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Bring it back."""
        await wake_conversation(self._house, visit.staff, talk)

    async def reopen(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Open it again and take it."""
        await reopen_conversation(self._house, visit.staff, talk, epoch_of(fields))

    async def tag(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Put a tag on."""
        await add_tag(self._house, visit.staff, talk, fields.get("tag", ""))

    async def untag(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Take a tag off."""
        await remove_tag(self._house, visit.staff, talk, fields.get("tag", ""))


def target_of(text: str) -> Owner:
    """Read whom a conversation is given to: "queue:NAME" or "person:ID".

    Raises: Refused("target.unknown").
    """
    kind, _, name = text.partition(":")
    if kind not in (OwnerKind.QUEUE, OwnerKind.PERSON) or not name:
        raise Refused("target.unknown")
    return Owner(OwnerKind(kind), name)


def until_of(fields: Fields, now: datetime, zone: ZoneInfo) -> datetime:
    """Read until when a conversation is put off: a time of its own, or a way to say one; days begin at nine.

    Takes:  zone: the workspace's.
    Raises: Refused("snooze.time") for a time that is none, Refused("request.malformed").
    """
    if fields.get("at"):
        return _local(fields["at"], zone)
    here = now.astimezone(zone)
    match fields.get("until", ""):
        case "hour":
            return now + timedelta(hours=1)
        case "later":
            return now + timedelta(hours=4)
        case "tomorrow":
            return _morning(here, 1)
        case "monday":
            return _morning(here, 7 - here.weekday())
        case "at":
            raise Refused("snooze.time", days=SNOOZE_DAYS_MAX)
    raise Refused("request.malformed", detail="until")


def _morning(here: datetime, days: int) -> datetime:
    day = here.date() + timedelta(days=days)
    return datetime.combine(day, MORNING, here.tzinfo).astimezone(UTC)


def _local(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("snooze.time", days=SNOOZE_DAYS_MAX) from error


def epoch_of(fields: Fields) -> int:
    """Read the owner's epoch that the page showed; raises Refused("request.malformed")."""
    text = fields.get("epoch", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused("request.malformed", detail="epoch")
    return int(text)
