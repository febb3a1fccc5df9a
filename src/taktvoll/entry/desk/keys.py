"""The desk's page of keys for programs: made, listed, revoked.

I decide what the page shows of a key and which flow a button calls. router.py takes my routes in.
I never show a key twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.limits import KEY_DAYS_MAX, KEY_NAME_CHARS_MAX
from taktvoll.base.time import rfc3339
from taktvoll.domain.people.keys import SCOPES, ApiKey
from taktvoll.domain.people.permissions import Permission, may
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.house import House
from taktvoll.flows.keep_keys import make_key, revoke_key

KEYS = DESK + "/keys"
Handler = Callable[..., Awaitable[Response]]


def key_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = KeyPages(house)
    return (
        ("GET", KEYS, pages.keys),
        ("POST", KEYS + "/make", pages.make),
        ("POST", KEYS + "/revoke", pages.revoke),
    )


class KeyPages:
    """Keys, and what an administrator does to them."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def keys(self, request: Request, workspace: str) -> Response:
        """Show all keys."""
        visit = await session.enter(self._house, request, workspace, Permission.KEY_READ)
        done = "apikey_revoked" if request.query_params.get("done") == "revoked" else ""
        return await self._page(visit, done=done)

    async def make(self, request: Request, workspace: str) -> Response:
        """Make a key and show it, this once."""
        visit, fields = await self._form(request, workspace)
        scopes = await _ticked(request)
        try:
            days = _days(fields.get("days", ""))
            made = await make_key(self._house, visit.staff, fields.get("name", ""), scopes, days)
        except Refused as refusal:
            return await self._page(visit, refusal, fields, scopes)
        return page("key.html", visit.language, visit=visit, key=made.key, text=made.text)

    async def revoke(self, request: Request, workspace: str) -> Response:
        """End a key for good."""
        visit, fields = await self._form(request, workspace)
        try:
            await revoke_key(self._house, visit.staff, fields.get("handle", "")[:40])
        except Refused as refusal:
            return await self._page(visit, refusal)
        return _go(f"{visit.base}/keys?done=revoked")

    async def _form(self, request: Request, workspace: str) -> tuple[Visit, dict[str, str]]:
        visit = await session.enter(self._house, request, workspace, Permission.KEY_MANAGE)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, fields

    async def _page(
        self,
        visit: Visit,
        refusal: Refused | None = None,
        fields: dict[str, str] | None = None,
        ticked: frozenset[str] = frozenset(),
        done: str = "",
    ) -> Response:
        house, said = self._house, texts(visit.language)
        keys = await house.access.keys.keys(visit.workspace.id)
        names = {
            f"staff:{m.staff.id}": m.staff.name
            for m in await house.access.staffing.members(visit.workspace.id)
        }
        return page(
            "keys.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            rows=[self._row(visit, key, names, said) for key in keys],
            scopes=[
                (s.value, said[f"scope_{s.value}"]) for s in Permission if s in SCOPES and may(visit.staff, s)
            ],
            ticked=ticked,
            fields={"name": "", "days": ""} | (fields or {}),
            now=rfc3339(house.now()),
            name_chars_max=KEY_NAME_CHARS_MAX,
            days_max=KEY_DAYS_MAX,
            done=said[done] if done else "",
            error=refusal.text(visit.language) if refusal else None,
        )

    def _row(
        self, visit: Visit, key: ApiKey, names: Mapping[str, str], said: Mapping[str, str]
    ) -> dict[str, object]:
        opens = key.opens(self._house.now())
        standing = "apikey_open" if opens else "apikey_revoked_state" if key.revoked_at else "apikey_ended"
        return {
            "handle": key.handle,
            "name": key.name,
            "scopes": sorted(scope.value for scope in key.scopes),
            "by": names.get(key.made_by) or said.get(f"by_{key.made_by}", said["someone"]),
            "made": rfc3339(key.made_at),
            "used": rfc3339(key.last_used_at) if key.last_used_at else "",
            "ends": key.expires_at.astimezone(visit.zone).strftime("%d.%m.%Y") if key.expires_at else "",
            "opens": opens,
            "standing": said[standing],
        }


async def _ticked(request: Request) -> frozenset[str]:
    """Read the ticked boxes; all of one name, so that the flat form knows only the last."""
    body = await request.body()
    return frozenset(parse_qs(body.decode("utf-8", "replace"), max_num_fields=100).get("scope", []))


def _days(text: str) -> int | None:
    """Read a number of days; empty is without end."""
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused("key.days", limit=KEY_DAYS_MAX)
    return int(text)


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
