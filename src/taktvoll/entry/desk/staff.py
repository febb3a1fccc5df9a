"""The desk's pages of staff: who works here, their roles and sessions, and the log of who changed what.

I decide what administrators and auditors see of people and which flow a button calls. router.py takes my routes in.
I never show a link twice, and never when someone was last at work.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import SessionId, StaffId
from taktvoll.base.limits import INVITE_HOURS_MAX
from taktvoll.base.time import rfc3339
from taktvoll.domain.people.access import Member, Noted
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Role
from taktvoll.entry.desk import session
from taktvoll.entry.desk.account import rows_of
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.end_sessions import end_of_another
from taktvoll.flows.house import House
from taktvoll.flows.keep_factor import reset_factor
from taktvoll.flows.manage_staff import change_role, invite, new_link, set_active

STAFF = DESK + "/staff"
PERSON = STAFF + "/{person}"
LOG_SHOWN_MAX = 100
DONE = ("role", "left", "back", "factor", "sessions")
Handler = Callable[..., Awaitable[Response]]
Fields = dict[str, str]
Act = Callable[[Visit, StaffId, Fields], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log in words."""

    at: str
    text: str
    by: str


def staff_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = StaffPages(house)
    return (
        ("GET", STAFF, pages.everyone),
        ("POST", STAFF + "/invite", pages.invite),
        ("GET", PERSON, pages.person),
        ("POST", PERSON + "/role", pages.role),
        ("POST", PERSON + "/active", pages.active),
        ("POST", PERSON + "/link", pages.link),
        ("POST", PERSON + "/factor", pages.factor),
        ("POST", PERSON + "/sessions", pages.sessions),
    )


class StaffPages:
    """The list of staff, and what an administrator does to it."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def everyone(self, request: Request, workspace: str) -> Response:
        """Show everyone, and the log."""
        visit = await session.enter(self._house, request, workspace, Permission.STAFF_READ)
        return await self._page(visit)

    async def invite(self, request: Request, workspace: str) -> Response:
        """Add someone, and show the link by which they set their password, this once."""
        visit, fields = await self._form(request, workspace)
        email, name = fields.get("email", ""), fields.get("name", "")
        try:
            token = await invite(self._house, visit.staff, email, name, _role(fields.get("role", "")))
        except Refused as refusal:
            return await self._page(visit, refusal, fields)
        return self._link_page(request, visit, name, token)

    async def person(self, request: Request, workspace: str, person: str) -> Response:
        """Show one person."""
        visit = await session.enter(self._house, request, workspace, Permission.STAFF_READ)
        done = request.query_params.get("done", "")
        return await self._person_page(visit, _id(person), done=done if done in DONE else "")

    async def role(self, request: Request, workspace: str, person: str) -> Response:
        """Give someone another role."""

        async def act(visit: Visit, whose: StaffId, fields: Fields) -> str:
            await change_role(self._house, visit.staff, whose, _role(fields.get("role", "")))
            return "role"

        return await self._act(request, workspace, person, act)

    async def active(self, request: Request, workspace: str, person: str) -> Response:
        """Let someone sign in no more, or again."""

        async def act(visit: Visit, whose: StaffId, fields: Fields) -> str:
            active = fields.get("active") == "yes"
            await set_active(self._house, visit.staff, whose, active)
            return "back" if active else "left"

        return await self._act(request, workspace, person, act)

    async def factor(self, request: Request, workspace: str, person: str) -> Response:
        """Take away a lost second factor."""

        async def act(visit: Visit, whose: StaffId, _: Fields) -> str:
            member = await self._house.access.staffing.member(visit.workspace.id, whose)
            await reset_factor(self._house, visit.staff, member.staff)
            return "factor"

        return await self._act(request, workspace, person, act)

    async def sessions(self, request: Request, workspace: str, person: str) -> Response:
        """End one session of someone, or all."""

        async def act(visit: Visit, whose: StaffId, fields: Fields) -> str:
            only = fields.get("session", "")
            named = SessionId(_uuid(only)) if only else None
            await end_of_another(self._house, visit.staff, whose, named)
            return "sessions"

        return await self._act(request, workspace, person, act)

    async def link(self, request: Request, workspace: str, person: str) -> Response:
        """Show a new link for someone, this once."""
        visit, _ = await self._form(request, workspace)
        whose = _id(person)
        try:
            token = await new_link(self._house, visit.staff, whose)
        except Refused as refusal:
            return await self._person_page(visit, whose, refusal)
        member = await self._house.access.staffing.member(visit.workspace.id, whose)
        return self._link_page(request, visit, member.staff.name, token)

    async def _act(self, request: Request, workspace: str, person: str, act: Act) -> Response:
        visit, fields = await self._form(request, workspace)
        whose = _id(person)
        try:
            done = await act(visit, whose, fields)
        except Refused as refusal:
            if refusal.code == "staff.unknown":
                raise
            return await self._person_page(visit, whose, refusal)
        return _go(f"{visit.base}/staff/{whose}?done={done}")

    async def _form(self, request: Request, workspace: str) -> tuple[Visit, Fields]:
        visit = await session.enter(self._house, request, workspace, Permission.STAFF_MANAGE)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, fields

    async def _page(
        self, visit: Visit, refusal: Refused | None = None, fields: Mapping[str, str] | None = None
    ) -> Response:
        staffing, said = self._house.access.staffing, texts(visit.language)
        members = await staffing.members(visit.workspace.id)
        names = {m.staff.id: m.staff.name for m in members}
        log = await staffing.log(visit.workspace.id, LOG_SHOWN_MAX)
        return page(
            "staff.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            members=members,
            roles=_roles(said),
            standing={m.staff.id: said[_standing(m)] for m in members},
            log=[_line(noted, names, said) for noted in log],
            now=rfc3339(self._house.now()),
            fields={"email": "", "name": "", "role": Role.AGENT.value} | dict(fields or {}),
            error=refusal.text(visit.language) if refusal else None,
        )

    async def _person_page(
        self, visit: Visit, whose: StaffId, refusal: Refused | None = None, done: str = ""
    ) -> Response:
        house, said = self._house, texts(visit.language)
        member = await house.access.staffing.member(visit.workspace.id, whose)
        return page(
            "person.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            member=member,
            standing=said[_standing(member)],
            roles=_roles(said),
            sessions=rows_of(await house.access.sessions.of(visit.workspace.id, whose, house.now())),
            now=rfc3339(house.now()),
            done=said[f"person_done_{done}"] if done else "",
            error=refusal.text(visit.language) if refusal else None,
        )

    def _link_page(self, request: Request, visit: Visit, name: str, token: str) -> Response:
        """Show a link under the address by which this administrator's own browser reached us."""
        address = f"{request.url.scheme}://{request.url.netloc}{visit.base}/join/{token}"
        return page(
            "link.html", visit.language, visit=visit, name=name, address=address, hours=INVITE_HOURS_MAX
        )


def _line(noted: Noted, names: Mapping[StaffId, str], said: Mapping[str, str]) -> LogLine:
    """Say a line in words; names are looked up now, so that the log itself holds none."""
    detail = noted.detail
    text = said[f"staff_log_{noted.kind.value}"].format(
        name=names.get(noted.about, said["someone"]) if noted.about else said["someone"],
        role=said.get(f"role_{detail.get('role')}", ""),
        before=said.get(f"role_{detail.get('from')}", ""),
        after=said.get(f"role_{detail.get('to')}", ""),
        key=detail.get("key", ""),
        minutes=detail.get("minutes", ""),
        left=detail.get("left", ""),
    )
    by = noted.by.removeprefix("staff:")
    who = next((name for staff, name in names.items() if str(staff) == by), "")
    return LogLine(rfc3339(noted.at), text, who or said.get(f"by_{noted.by}", noted.by))


def _standing(member: Member) -> str:
    if not member.active:
        return "standing_left"
    return "standing_invited" if member.invited else "standing_active"


def _roles(said: Mapping[str, str]) -> dict[str, str]:
    return {role.value: said[f"role_{role.value}"] for role in Role}


def _role(text: str) -> Role:
    if text not in list(Role):
        raise Refused("staff.role")
    return Role(text)


def _id(text: str) -> StaffId:
    try:
        return StaffId(UUID(text))
    except ValueError as error:
        raise Refused("staff.unknown") from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("request.malformed", detail="session") from error


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
