"""The desk's page "Mein Konto": one's own sessions, password and second factor.

I decide what these pages show and which flow a button calls. router.py takes my routes in.
I never show a secret or a recovery code on a page that can be opened again.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import SessionId
from taktvoll.base.limits import PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, SECOND_STEP_MINUTES_MAX
from taktvoll.base.time import rfc3339
from taktvoll.domain.people.access import Session, Stage, needs_factor
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.door import CODE_CHARS_MAX, same_twice
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.change_password import change_password
from taktvoll.flows.end_sessions import end_own
from taktvoll.flows.house import House
from taktvoll.flows.keep_factor import (
    Confirmed,
    Shown,
    begin_factor,
    confirm_factor,
    remove_factor,
    renew_recovery,
)

ACCOUNT = DESK + "/account"
DONE = {
    "password": "account_password_done",
    "ended": "account_ended",
    "removed": "factor_removed",
}
EITHER = (Stage.OPEN, Stage.ENROL)
Handler = Callable[..., Awaitable[Response]]


def account_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = AccountPages(house)
    return (
        ("GET", ACCOUNT, pages.account),
        ("POST", ACCOUNT + "/password", pages.password),
        ("POST", ACCOUNT + "/sessions/end", pages.end),
        ("GET", ACCOUNT + "/factor", pages.factor),
        ("POST", ACCOUNT + "/factor/begin", pages.begin),
        ("POST", ACCOUNT + "/factor/confirm", pages.confirm),
        ("POST", ACCOUNT + "/factor/renew", pages.renew),
        ("POST", ACCOUNT + "/factor/remove", pages.remove),
    )


class AccountPages:
    """One's own account; whoever must set up a factor first reaches that page alone."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def account(self, request: Request, workspace: str) -> Response:
        """Show who one is here, from where one is signed in, and what protects the account."""
        visit = await self._enter(request, workspace)
        return await self._page(visit, done=DONE.get(request.query_params.get("done", ""), ""))

    async def password(self, request: Request, workspace: str) -> Response:
        """Change the password."""
        visit, fields = await self._form(request, workspace)
        try:
            new, old = same_twice(fields), fields.get("password", "")[:PASSWORD_CHARS_MAX]
            await change_password(self._house, visit.session, visit.token, old, new)
        except Refused as refusal:
            return await self._page(visit, refusal, at="password")
        return _go(f"{visit.base}/account?done=password")

    async def end(self, request: Request, workspace: str) -> Response:
        """End one session, or all others; whoever ends their own is out."""
        visit, fields = await self._form(request, workspace)
        named = fields.get("session", "")
        try:
            only = SessionId(UUID(named)) if named else None
        except ValueError as error:
            raise Refused("request.malformed", detail="session") from error
        await end_own(self._house, visit.session, visit.token, only)
        return _go(f"{visit.base}/account?done=ended")

    async def factor(self, request: Request, workspace: str) -> Response:
        """Show whether there is a factor, and what can be done about it."""
        return await self._factor_page(await self._enter(request, workspace, EITHER))

    async def begin(self, request: Request, workspace: str) -> Response:
        """Show a new secret, this once."""
        visit, fields = await self._form(request, workspace, EITHER)
        try:
            shown = await begin_factor(self._house, visit.workspace, visit.session, _password(fields))
        except Refused as refusal:
            return await self._factor_page(visit, refusal)
        return await self._factor_page(visit, shown=shown)

    async def confirm(self, request: Request, workspace: str) -> Response:
        """Let the factor count, and show the recovery codes, this once."""
        visit, fields = await self._form(request, workspace, EITHER)
        try:
            confirmed = await confirm_factor(self._house, visit.session, visit.token, _code(fields))
        except Refused as refusal:
            return await self._factor_page(visit, refusal, begun=True)
        answer = self._codes_page(visit, confirmed)
        if confirmed.opened is not None:
            session.keep_session(answer, request, workspace, confirmed.opened.token)
        return answer

    async def renew(self, request: Request, workspace: str) -> Response:
        """Show new recovery codes, this once."""
        visit, fields = await self._form(request, workspace)
        try:
            made = await renew_recovery(self._house, visit.session, _password(fields), _code(fields))
        except Refused as refusal:
            return await self._factor_page(visit, refusal)
        return self._codes_page(visit, made)

    async def remove(self, request: Request, workspace: str) -> Response:
        """Give the factor up."""
        visit, fields = await self._form(request, workspace)
        try:
            await remove_factor(self._house, visit.workspace, visit.session, _password(fields), _code(fields))
        except Refused as refusal:
            return await self._factor_page(visit, refusal)
        return _go(f"{visit.base}/account?done=removed")

    async def _enter(
        self, request: Request, workspace: str, stages: tuple[Stage, ...] = (Stage.OPEN,)
    ) -> Visit:
        return await session.enter(self._house, request, workspace, Permission.SESSION_OWN, stages)

    async def _form(
        self, request: Request, workspace: str, stages: tuple[Stage, ...] = (Stage.OPEN,)
    ) -> tuple[Visit, dict[str, str]]:
        visit = await self._enter(request, workspace, stages)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, fields

    async def _page(
        self, visit: Visit, refusal: Refused | None = None, at: str = "", done: str = ""
    ) -> Response:
        house, said, staff = self._house, texts(visit.language), visit.staff
        factor = await house.access.factors.factor(staff.workspace, staff.id)
        return page(
            "account.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            role=said[f"role_{staff.role.value}"],
            factor=factor if factor and factor.confirmed else None,
            has_password=bool(await house.access.staffing.password_of(staff.workspace, staff.id)),
            sessions=rows_of(await house.access.sessions.of(staff.workspace, staff.id, house.now())),
            now=rfc3339(house.now()),
            chars_min=PASSWORD_CHARS_MIN,
            done=said[done] if done else "",
            error=refusal.text(visit.language) if refusal else None,
            at=at,
        )

    async def _factor_page(
        self, visit: Visit, refusal: Refused | None = None, shown: Shown | None = None, *, begun: bool = False
    ) -> Response:
        staff = visit.staff
        factor = await self._house.access.factors.factor(staff.workspace, staff.id)
        has_password = bool(await self._house.access.staffing.password_of(staff.workspace, staff.id))
        return page(
            "factor.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            enrol=visit.session.stage is Stage.ENROL,
            demanded=needs_factor(visit.workspace.settings, staff.role),
            ask_password=has_password and visit.session.stage is not Stage.ENROL,
            minutes=SECOND_STEP_MINUTES_MAX,
            factor=factor if factor and factor.confirmed else None,
            shown=shown,
            begun=begun or shown is not None,
            error=refusal.text(visit.language) if refusal else None,
        )

    def _codes_page(self, visit: Visit, made: Confirmed) -> Response:
        home = session.home_of(visit.workspace.name, visit.staff) if made.opened else f"{visit.base}/account"
        return page("recovery.html", visit.language, visit=visit, codes=made.codes, onward=home)


def rows_of(sessions: tuple[Session, ...]) -> list[dict[str, str]]:
    """Write sessions as pages show them."""
    return [
        {
            "id": str(s.id),
            "device": s.device,
            "created": rfc3339(s.created_at),
            "used": rfc3339(s.last_used_at),
        }
        for s in sessions
    ]


def _password(fields: dict[str, str]) -> str:
    return fields.get("password", "")[:PASSWORD_CHARS_MAX]


def _code(fields: dict[str, str]) -> str:
    return fields.get("code", "")[:CODE_CHARS_MAX]


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
