"""The desk's front door: signing in by password, by the company's server or by a link, the second step, signing out.

I decide what each of these pages shows and how fast someone may knock. router.py takes my routes in.
I never lead a browser anywhere but to our own pages and the sign-in server of the setting.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.base.limits import (
    EMAIL_CHARS_MAX,
    PASSWORD_CHARS_MAX,
    PASSWORD_CHARS_MIN,
    SIGN_IN_BURST,
    SIGN_IN_PER_MINUTE,
    SIGN_IN_PER_MINUTE_AND_HOST,
)
from taktvoll.base.pace import Pace, host_of
from taktvoll.base.text import clean
from taktvoll.domain.people.access import Stage, device_of
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.sign_on import Begun, sign_on_of
from taktvoll.domain.people.terms import Staff, Workspace
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import language_of, status_of
from taktvoll.flows.give_code import give_code
from taktvoll.flows.house import House
from taktvoll.flows.manage_staff import invited, join
from taktvoll.flows.sign_in import Opened, sign_in, sign_out, signed_in
from taktvoll.flows.sign_in_elsewhere import begin_elsewhere, finish_elsewhere

SIGN_IN = DESK + "/sign-in"
LINK = DESK + "/join/{token}"
ON_THE_WAY = "way"
"""The cookie that holds what must come back from the sign-in server."""

CODE_CHARS_MAX = 100
TOKEN_CHARS_MAX = 100
Handler = Callable[..., Awaitable[Response]]


def door_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    door = Door(house)
    return (
        ("GET", SIGN_IN, door.show),
        ("POST", SIGN_IN, door.sign_in),
        ("GET", SIGN_IN + "/code", door.show_code),
        ("POST", SIGN_IN + "/code", door.give_code),
        ("GET", SIGN_IN + "/company", door.leave),
        ("GET", SIGN_IN + "/return", door.come_back),
        ("GET", LINK, door.show_link),
        ("POST", LINK, door.join),
        ("POST", DESK + "/sign-out", door.sign_out),
    )


class Door:
    """Signing in and out."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._by_host = Pace(SIGN_IN_PER_MINUTE_AND_HOST, SIGN_IN_PER_MINUTE_AND_HOST)
        self._by_whom = Pace(SIGN_IN_BURST, SIGN_IN_PER_MINUTE)

    async def show(self, request: Request, workspace: str) -> Response:
        """Show the form; whoever is signed in, wholly or by half, goes straight on."""
        place = await session.workspace_of(self._house, workspace)
        token = request.cookies.get(session.cookie_name(request, workspace), "")
        to = request.query_params.get("to", "")
        try:
            found = await signed_in(self._house, place.id, token)
        except Refused:
            return self._form(request, place, to=to)
        return _go(_onward(workspace, to, found.stage, found.staff))

    async def sign_in(self, request: Request, workspace: str) -> Response:
        """Check address and password; a refusal shows the form again with the address kept."""
        place = await session.workspace_of(self._house, workspace)
        fields = await session.form_of(request)
        email, to = clean(fields.get("email", ""))[:EMAIL_CHARS_MAX], fields.get("to", "")
        try:
            session.check_sign_in_form(self._house, request, workspace, fields)
            self._pace(request, whom := (place.id, _host(request), email.lower()))
            password = fields.get("password", "")[:PASSWORD_CHARS_MAX]
            opened = await sign_in(self._house, place, email, password, _device(request))
            self._by_whom.give_back(whom)
            self._by_host.give_back(_host(request))  # a whole office behind one address comes in at eight
        except Refused as refusal:
            return self._form(request, place, email, to, refusal)
        return _let_in(request, workspace, to, opened)

    async def show_code(self, request: Request, workspace: str) -> Response:
        """Ask for the code of the second factor."""
        visit = await self._halfway(request, workspace)
        return self._code_page(visit, request.query_params.get("to", ""))

    async def give_code(self, request: Request, workspace: str) -> Response:
        """Check the code; of wrong ones, few are taken, from wherever they come."""
        visit = await self._halfway(request, workspace)
        fields = await session.form_of(request)
        to = fields.get("to", "")
        session.check_form(self._house, request, visit.token, fields)
        try:
            self._pace(request, (visit.workspace.id, "code", visit.staff.id))
            code = fields.get("code", "")[:CODE_CHARS_MAX]
            opened = await give_code(self._house, visit.session, visit.token, code)
        except Refused as refusal:
            return self._code_page(visit, to, refusal)
        return _let_in(request, workspace, to, opened)

    async def leave(self, request: Request, workspace: str) -> Response:
        """Send the browser to the company's sign-in server, with what must come back kept beside it."""
        place = await session.workspace_of(self._house, workspace)
        to = request.query_params.get("to", "")
        try:
            self._pace(request, None)
            begun = await begin_elsewhere(self._house, place, _back(workspace))
        except (Refused, Unavailable) as error:
            return self._form(request, place, to=to, refusal=error)
        answer = _go(begun.address)
        kept = orjson.dumps([begun.state, begun.nonce, begun.verifier, to[:64]])
        session.keep_secret(answer, request, self._house, workspace, ON_THE_WAY, kept)
        return answer

    async def come_back(self, request: Request, workspace: str) -> Response:
        """Take what the company's sign-in server sent, if this browser was sent there by us, once."""
        place = await session.workspace_of(self._house, workspace)
        kept = session.secret_of(request, self._house, workspace, ON_THE_WAY)
        to = ""
        try:
            self._pace(request, None)
            begun, to = _on_the_way(kept, request.query_params.get("state", ""))
            code = request.query_params.get("code", "")
            if not code:  # the server says no, or the person did
                raise Refused("sign_on.failed")
            opened = await finish_elsewhere(
                self._house, place, _back(workspace), code, begun, _device(request)
            )
        except (Refused, Unavailable) as error:
            answer: Response = self._form(request, place, to=to, refusal=error)
        else:
            answer = _let_in(request, workspace, to, opened)
        session.drop_secret(answer, request, workspace, ON_THE_WAY)
        return answer

    async def show_link(self, request: Request, workspace: str, token: str) -> Response:
        """Show whom a link is for, and ask for a password; a link is not used up by looking."""
        place = await session.workspace_of(self._house, workspace)
        self._pace(request, None)
        staff = await invited(self._house, place.id, token[:TOKEN_CHARS_MAX])
        return self._link_page(request, place, staff, token)

    async def join(self, request: Request, workspace: str, token: str) -> Response:
        """Set the password by a link and sign in."""
        place = await session.workspace_of(self._house, workspace)
        self._pace(request, None)
        fields = await session.form_of(request)
        session.check_sign_in_form(self._house, request, workspace, fields)
        token = token[:TOKEN_CHARS_MAX]
        staff = await invited(self._house, place.id, token)
        try:
            password = same_twice(fields)
            opened = await join(self._house, place, token, password, _device(request))
        except Refused as refusal:
            return self._link_page(request, place, staff, token, refusal)
        return _let_in(request, workspace, "", opened)

    async def sign_out(self, request: Request, workspace: str) -> Response:
        """End the session; also one that still waits for its code."""
        place = await session.workspace_of(self._house, workspace)
        token = request.cookies.get(session.cookie_name(request, workspace), "")
        session.check_form(self._house, request, token, await session.form_of(request))
        await sign_out(self._house, place.id, token)
        answer = _go(session.base_of(workspace) + "/sign-in")
        session.drop_session(answer, request, workspace)
        return answer

    async def _halfway(self, request: Request, workspace: str) -> session.Visit:
        return await session.enter(self._house, request, workspace, Permission.SESSION_OWN, (Stage.CODE,))

    def _pace(self, request: Request, whom: object) -> None:
        try:
            self._by_host.take(_host(request), monotonic())
            if whom is not None:
                self._by_whom.take(whom, monotonic())
        except Refused as refusal:
            raise Refused("sign_in.locked", **refusal.fields) from refusal

    def _form(
        self,
        request: Request,
        place: Workspace,
        email: str = "",
        to: str = "",
        refusal: TaktvollError | None = None,
    ) -> HTMLResponse:
        language = language_of(request)
        cookie, csrf = session.pre_session(self._house, request, place.name)
        setting = sign_on_of(place.settings)
        shown = page(
            "sign_in.html",
            language,
            status_of(refusal) if refusal else 200,
            company=session.company_of(place),
            base=session.base_of(place.name),
            csrf=csrf,
            email=email,
            to=to,
            elsewhere=(setting.label or texts(language)["sign_on_label"]) if setting else "",
            error=self._said(refusal, place, language) if refusal else None,
        )
        _may_try_again(shown, refusal)
        session.keep_pre_session(shown, request, place.name, cookie)
        return shown

    def _code_page(self, visit: session.Visit, to: str, refusal: Refused | None = None) -> Response:
        shown = page(
            "code.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            to=to,
            error=self._said(refusal, visit.workspace, visit.language) if refusal else None,
        )
        _may_try_again(shown, refusal)
        return shown

    def _link_page(
        self, request: Request, place: Workspace, staff: Staff, token: str, refusal: Refused | None = None
    ) -> Response:
        language = language_of(request)
        cookie, csrf = session.pre_session(self._house, request, place.name)
        shown = page(
            "join.html",
            language,
            status_of(refusal) if refusal else 200,
            company=session.company_of(place),
            base=session.base_of(place.name),
            csrf=csrf,
            token=token,
            staff=staff,
            chars_min=PASSWORD_CHARS_MIN,
            error=refusal.text(language) if refusal else None,
        )
        session.keep_pre_session(shown, request, place.name, cookie)
        return shown

    def _said(self, refusal: TaktvollError, place: Workspace, language: str) -> str:
        text = refusal.text(language)
        if refusal.code != "sign_in.locked":
            return text
        until = self._house.now() + timedelta(seconds=int(refusal.fields["retry_after_s"]) + 59)
        again = texts(language)["again_at"].format(
            time=until.astimezone(session.zone_of(place)).strftime("%H:%M")
        )
        return f"{text} {again}"


def same_twice(fields: dict[str, str]) -> str:
    """Read a new password that was typed twice; raises Refused("password.differ")."""
    password = fields.get("new", "")
    if password != fields.get("again", ""):
        raise Refused("password.differ")
    return password


def _on_the_way(kept: bytes | None, state: str) -> tuple[Begun, str]:
    """Read what was kept when the browser left; it must bring the same state back.

    Raises: Refused("sign_on.failed").
    """
    known, nonce, verifier, to = orjson.loads(kept) if kept else ("", "", "", "")
    if not known or not session.alike(known, state):
        raise Refused("sign_on.failed")
    return Begun("", known, nonce, verifier), to


def _let_in(request: Request, name: str, to: str, opened: Opened) -> RedirectResponse:
    answer = _go(_onward(name, to, opened.stage, opened.staff))
    session.keep_session(answer, request, name, opened.token)
    return answer


def _onward(name: str, to: str, stage: Stage, staff: Staff) -> str:
    """Where someone goes from here: to the conversation they wanted, if it is one; else to where they begin."""
    try:
        wanted = str(session.conversation_id(to))
    except Refused:
        wanted = ""
    base = session.base_of(name)
    if stage is Stage.CODE:
        return f"{base}/sign-in/code{'?to=' + wanted if wanted else ''}"
    if stage is Stage.ENROL:
        return f"{base}/account/factor"
    return f"{base}/c/{wanted}" if wanted else session.home_of(name, staff)


def _back(name: str) -> str:
    return session.base_of(name) + "/sign-in/return"


def _host(request: Request) -> str:
    return host_of(request.client)


def _device(request: Request) -> str:
    return device_of(request.headers.get("user-agent", ""))


def _may_try_again(shown: Response, refusal: TaktvollError | None) -> None:
    if refusal is not None and "retry_after_s" in refusal.fields:
        shown.headers["Retry-After"] = str(refusal.fields["retry_after_s"])


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
