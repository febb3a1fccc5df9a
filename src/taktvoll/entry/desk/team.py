"""The desk's page for whoever leads: what each person has, what waits where, and how today went.

I decide what the page shows and how figures read. router.py takes my routes in.
I never mix the assistant's clock with people's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from taktvoll.base.ids import StaffId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.board import Day, PersonLoad, QueueLoad
from taktvoll.domain.people.permissions import Permission, may
from taktvoll.domain.people.queues import Queue, queues_of
from taktvoll.domain.people.terms import Staff
from taktvoll.entry.desk import session
from taktvoll.entry.desk.board import queue_named, time_of
from taktvoll.entry.desk.render import lasting, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's load."""

    name: str
    queues: str
    open: int
    waiting: int
    snoozed: int
    longest: str | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What waits in one queue, and who serves it."""

    name: str
    query: str
    waiting: int
    breached: int
    longest: str | None
    served: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of today, with what it is made of."""

    label: str
    value: str
    note: str = ""


def team_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""

    async def team(request: Request, workspace: str) -> Response:
        visit = await session.enter(house, request, workspace, Permission.REPORT_READ)
        return await _page(house, visit)

    # The page asks for itself at an address of its own: what nobody does keeps no session alive.
    return (("GET", DESK + "/team", team), ("GET", DESK + "/team/fragment", team))


async def _page(house: House, visit: Visit) -> Response:
    now = house.now()
    here = now.astimezone(visit.zone)
    begun = here.replace(hour=0, minute=0, second=0, microsecond=0)
    found = await house.board.team(visit.workspace.id, begun, now)
    skills = await house.board.skills(visit.workspace.id)
    queues = queues_of(visit.workspace.settings)
    staff = await house.directory.staff(visit.workspace.id)
    serving = [s for s in staff if may(s, Permission.CONVERSATION_REPLY)]
    return page(
        "team.html",
        visit.language,
        visit=visit,
        people=_people(serving, found.people, skills, queues, visit.language),
        queues=_queues(queues, found.queues, skills, serving, visit.language),
        figures=_figures(found.day, visit.language),
        at=here.strftime("%H:%M:%S"),
        now=rfc3339(now),
    )


def _people(
    staff: list[Staff],
    loads: tuple[PersonLoad, ...],
    skills: Mapping[StaffId, tuple[str, ...]],
    queues: tuple[Queue, ...],
    language: str,
) -> list[PersonRow]:
    """Everyone who answers, and whoever still has something: the longest waiting customer first."""
    said, by = texts(language), {load.staff: load for load in loads}
    known = {s.id: s.name for s in staff} | {
        i: said["someone_gone"] for i in by if i not in {s.id for s in staff}
    }
    rows = []
    for one, name in known.items():
        load = by.get(one) or PersonLoad(one, 0, 0, 0, None)
        mine = ", ".join(queue_named(queues, q, language) for q in skills.get(one, ()))
        rows.append(
            PersonRow(
                name,
                mine or said["all_queues"],
                load.open,
                load.waiting,
                load.snoozed,
                time_of(load.longest_since),
            )
        )
    return sorted(rows, key=lambda r: (r.longest is None, r.longest or "", -r.open, r.name.casefold()))


def _queues(
    queues: tuple[Queue, ...],
    loads: tuple[QueueLoad, ...],
    skills: Mapping[StaffId, tuple[str, ...]],
    staff: list[Staff],
    language: str,
) -> list[QueueRow]:
    """Every queue, and those that are gone but still hold someone who waits."""
    by = {load.queue: load for load in loads}
    rows = []
    for name in dict.fromkeys((*(q.name for q in queues), *by)):
        load = by.get(name) or QueueLoad(name, 0, 0, None)
        served = [s.name for s in staff if name in skills.get(s.id, ())]
        rows.append(
            QueueRow(
                queue_named(queues, name, language),
                f"view=waiting&queue={name}",
                load.waiting,
                load.breached,
                time_of(load.longest_since),
                ", ".join(served) or texts(language)["served_by_all"],
            )
        )
    return rows


def _figures(day: Day, language: str) -> list[Figure]:
    said = texts(language)
    share = f"{day.by_ai * 100 // day.asked}\u00a0%" if day.asked else "–"
    return [
        Figure(said["day_asked"], str(day.asked)),
        Figure(said["day_ai_share"], share, said["day_of"].format(n=day.by_ai, all=day.asked)),
        Figure(said["day_closed"], str(day.closed)),
        Figure(said["day_handed"], str(day.handed)),
        Figure(said["day_unanswered"], str(day.unanswered)),
        _clock(said["clock_ai"], day.ai_s, day.ai_s_p90, language),
        _clock(said["clock_people"], day.person_s, day.person_s_p90, language),
    ]


def _clock(label: str, middle: float | None, most: float | None, language: str) -> Figure:
    """A median with the time within which nine of ten had their answer."""
    said = texts(language)
    if middle is None or most is None:
        return Figure(label, "–", said["clock_none"])
    return Figure(label, _span(middle, said), said["clock_p90"].format(time=_span(most, said)))


def _span(seconds: float, said: Mapping[str, str]) -> str:
    return said["below_second"] if seconds < 1 else lasting(seconds, said)
