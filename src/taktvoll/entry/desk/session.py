"""Who is at the desk: the session's cookie, the workspace, the language, and that a form is really ours.

I decide who may pass a door of the desk. The routes call me before anything else.
I never keep a token and never look at a conversation.
"""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, quote
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, public_token
from taktvoll.base.limits import DESK_SESSION_HOURS_MAX, SECOND_STEP_MINUTES_MAX
from taktvoll.domain.people.access import Session, Stage
from taktvoll.domain.people.permissions import Permission, demand, may
from taktvoll.domain.people.terms import Staff, Workspace
from taktvoll.entry.edge import language_of
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import signed_in, token_hash

DESK = "/w/{workspace}/desk"
"""Where every address of a workspace's desk begins."""

PRE_SESSION_S = 3_600
DEFAULT_ZONE = "Europe/Berlin"
BY_ITSELF = ("/fragment", "/stream")
"""What a page asks for without anyone there: it does not keep an idle session alive."""
UPLOADS_MAX = 50
"""More files than a reply can carry are read, so that the answer can say which of them were too many."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Upload(NamedTuple):
    """A file as a form brings it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in member of staff in their workspace; csrf belongs into every form of theirs."""

    workspace: Workspace
    staff: Staff
    token: str
    csrf: str
    language: str
    session: Session

    @property
    def base(self) -> str:
        """Where this workspace's desk begins."""
        return base_of(self.workspace.name)

    @property
    def company(self) -> str:
        """Whose desk it is."""
        return company_of(self.workspace)

    def may(self, permission: str) -> bool:
        """Whether they may do something, by the permission's word; templates ask."""
        return may(self.staff, Permission(permission))

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return zone_of(self.workspace)


async def enter(
    house: House,
    request: Request,
    name: str,
    permission: Permission,
    stages: tuple[Stage, ...] = (Stage.OPEN,),
) -> Visit:
    """Let a signed-in member of staff in.

    Takes:  permission: what this door is for; stages: how far the sign-in must have come.
    Raises: Refused("workspace.unknown"), Refused("sign_in.required"), Refused("permission.missing").
    """
    workspace = await workspace_of(house, name)
    token = request.cookies.get(cookie_name(request, name), "")
    by_itself = request.url.path.endswith(BY_ITSELF)
    session = await signed_in(house, workspace.id, token, use=not by_itself)
    if session.stage not in stages:
        raise Refused("sign_in.required")
    demand(session.staff, permission)
    return Visit(workspace, session.staff, token, csrf_of(house, token), language_of(request), session)


async def workspace_of(house: House, name: str) -> Workspace:
    """Find the workspace of an address; names that cannot exist are not looked up."""
    if not _NAME.fullmatch(name):
        raise Refused("workspace.unknown", name=name[:40])
    return await house.directory.workspace(name)


def company_of(workspace: Workspace) -> str:
    """The company's name, or the workspace's where it has none."""
    return str(workspace.settings.get("company") or workspace.name)


def zone_of(workspace: Workspace) -> ZoneInfo:
    """The zone in which times are shown to people of this workspace."""
    try:
        return ZoneInfo(str(workspace.settings.get("time_zone", DEFAULT_ZONE)))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def base_of(name: str) -> str:
    """Where a workspace's desk begins."""
    return f"/w/{quote(name, safe='')}/desk"


def home_of(name: str, staff: Staff) -> str:
    """Where someone begins: at the queue, at the wordings where they may only edit, else at their account."""
    if may(staff, Permission.CONVERSATION_READ):
        return f"{base_of(name)}/"
    return f"{base_of(name)}/{'wordings' if may(staff, Permission.WORDING_READ) else 'account'}"


def sign_in_address(name: str, conversation: str) -> str:
    """Where to sign in, and to come back to a conversation from there."""
    try:
        return f"{base_of(name)}/sign-in?to={UUID(conversation)}"
    except ValueError:
        return f"{base_of(name)}/sign-in"


def conversation_id(text: str) -> ConversationId:
    """Read a conversation's id from an address."""
    try:
        return ConversationId(UUID(text))
    except ValueError as error:
        raise Refused("conversation.unknown") from error


async def form_of(request: Request) -> dict[str, str]:
    """Read the fields of a form or of a flat JSON object; what a form uploads is kept for uploads_of.

    Raises: Refused("request.malformed").
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _uploaded(request)
    try:
        body = await request.body()
        if wants_json(request):
            fields = json.loads(body or b"{}")
            if not isinstance(fields, dict):
                raise Refused("request.malformed", detail="body")
            return {str(k): str(v) for k, v in fields.items()}
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=50))
    except (ValueError, RecursionError, ClientDisconnect) as error:  # whoever has gone hears no answer
        raise Refused("request.malformed", detail="body") from error


async def _uploaded(request: Request) -> dict[str, str]:
    """Read a form with files; their bytes stand in the request until it is answered."""
    uploads: list[Upload] = []
    fields: dict[str, str] = {}
    try:
        async with request.form(max_files=UPLOADS_MAX, max_fields=50) as form:
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    fields[name] = value
                elif value.filename:  # a browser sends an empty part where nothing was chosen
                    uploads.append(Upload(_written(value.filename), await value.read()))
    except HTTPException as error:
        if error.status_code == 413:
            raise
        raise Refused("request.malformed", detail="body") from error
    except (ValueError, ClientDisconnect) as error:
        raise Refused("request.malformed", detail="body") from error
    request.state.uploads = tuple(uploads)
    return fields


def _written(name: str) -> str:
    """A file's name as it was before the browser put it into a header. Source: HTML standard, multipart/form-data."""
    return name.replace("%0D", " ").replace("%0A", " ").replace("%22", '"')


def uploads_of(request: Request) -> tuple[Upload, ...]:
    """The files of a form that form_of has read."""
    found: tuple[Upload, ...] = getattr(request.state, "uploads", ())
    return found


def wants_json(request: Request) -> bool:
    """Whether the page's script asks, and not a plain form or a person who opens an address."""
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/json") or "x-csrf" in request.headers or "x-desk" in request.headers


def csrf_of(house: House, token: str) -> str:
    """Make the token that every form of this session carries."""
    return house.keys.seal("csrf", token_hash(token))


def check_form(
    house: House, request: Request, token: str, fields: Mapping[str, str], purpose: str = "csrf"
) -> None:
    """Hold a POST to our own pages: sent from this site, with the token of this session.

    Takes:  token: the cookie the form's token must belong to.
    Raises: Refused("form.stale").
    """
    given = request.headers.get("x-csrf") or fields.get("csrf", "")
    payload = house.keys.unseal(purpose, given)
    genuine = payload is not None and hmac.compare_digest(payload, token_hash(token))
    if not token or not genuine or not _same_site(request):
        raise Refused("form.stale")


def pre_session(house: House, request: Request, name: str) -> tuple[str, str]:
    """Give the cookie that ties the sign-in form to this browser, and the token the form carries."""
    cookie = request.cookies.get(_pre_name(request, name)) or public_token()
    return cookie, house.keys.seal("csrf-sign-in", token_hash(cookie))


def check_sign_in_form(house: House, request: Request, name: str, fields: Mapping[str, str]) -> None:
    """Hold the sign-in form to this browser; raises Refused("form.stale")."""
    check_form(house, request, request.cookies.get(_pre_name(request, name), ""), fields, "csrf-sign-in")


def keep_pre_session(response: Response, request: Request, name: str, cookie: str) -> None:
    """Hand out the sign-in form's cookie."""
    _set(response, request, name, _pre_name(request, name), cookie, PRE_SESSION_S)


def keep_session(response: Response, request: Request, name: str, token: str) -> None:
    """Hand out the session's cookie; scripts cannot read it and other sites cannot send it with a form."""
    _set(response, request, name, cookie_name(request, name), token, DESK_SESSION_HOURS_MAX * 3_600)


def drop_session(response: Response, request: Request, name: str) -> None:
    """Take the session's cookie back."""
    _set(response, request, name, cookie_name(request, name), "", 0)


def cookie_name(request: Request, name: str) -> str:
    """Name the session's cookie; __Secure- where the browser holds us to https (__Host- would forbid our path)."""
    return f"{'__Secure-' if request.url.scheme == 'https' else ''}taktvoll_desk_{name}"


def alike(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def keep_secret(
    response: Response, request: Request, house: House, name: str, purpose: str, value: bytes
) -> None:
    """Hand out something that only we can read, to come back with the browser within minutes."""
    hidden = base64.urlsafe_b64encode(house.keys.encrypt(purpose, name, value)).decode("ascii")
    _set(
        response,
        request,
        name,
        f"{cookie_name(request, name)}_{purpose}",
        hidden,
        SECOND_STEP_MINUTES_MAX * 60,
    )


def secret_of(request: Request, house: House, name: str, purpose: str) -> bytes | None:
    """Read back what keep_secret handed out; None for anything else."""
    hidden = request.cookies.get(f"{cookie_name(request, name)}_{purpose}", "")
    try:
        return house.keys.decrypt(purpose, name, base64.urlsafe_b64decode(hidden.encode("ascii")))
    except ValueError:
        return None


def drop_secret(response: Response, request: Request, name: str, purpose: str) -> None:
    """Take back what keep_secret handed out."""
    _set(response, request, name, f"{cookie_name(request, name)}_{purpose}", "", 0)


def _pre_name(request: Request, name: str) -> str:
    return f"{cookie_name(request, name)}_form"


def _set(response: Response, request: Request, name: str, cookie: str, value: str, age_s: int) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=age_s,
        path=base_of(name),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _same_site(request: Request) -> bool:
    """Trust the browser's own word where it gives one; a proxy may speak http to us, so only hosts are compared."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
