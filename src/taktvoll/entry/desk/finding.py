"""The desk's search over conversations: words, filters, and hits with what they say around the words.

I decide how an address is read and how a hit reads. router.py takes my route in. I never change anything.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.finding import After, Hit, Named, Sought, Status, sought_from
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.board import Choice, code_of
from taktvoll.entry.desk.hidden import FIELD, hidden, shown
from taktvoll.entry.desk.pages import names_of
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.house import House

HITS_MAX = 20
Handler = Callable[[Request, str], Awaitable[Response]]

FIELDS = ("q", "status", "person", "tag", "channel", "language", "from", "to")
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class HitShown:
    """One conversation that was found; `at` is RFC 3339, `place` where in it, as an address goes on."""

    id: str
    place: str
    code: str
    kind: str
    at: str
    pieces: tuple[Piece, ...]
    state: str
    channel: str
    language: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The search page: what was asked, what there is to narrow by, a page of hits; `more` is the next one's query."""

    asked: Mapping[str, str]
    hits: tuple[HitShown, ...]
    more: str
    first: str
    searched: bool
    statuses: tuple[Choice, ...]
    people: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    now: str


def finding_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of the one address: a form is sent to it, and what it found is an address of its own."""
    page_of = SearchPage(house)
    return (("GET", f"{DESK}/search", page_of.show), ("POST", f"{DESK}/search", page_of.seek))


class SearchPage:
    """The page, asked by an address alone, so that a search can be kept and passed on; the address hides the words."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def seek(self, request: Request, workspace: str) -> Response:
        """Lead the form on to the address of what it asks for."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        asked = {name: fields.get(name, "")[:200].strip() for name in FIELDS}
        address = f"{visit.base}/search?{FIELD}={hidden(self._house, visit, asked)}"
        return RedirectResponse(address, 303, dict(NO_STORE))

    async def show(self, request: Request, workspace: str) -> Response:
        """Show the form, and what it finds."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        query = request.query_params
        sought = query.get(FIELD, "")
        given = shown(self._house, visit, sought)
        asked = {name: given.get(name, "") for name in FIELDS}
        refusal: Refused | None = None
        hits: tuple[Hit, ...] = ()
        named: tuple[Named, ...] = ()
        if asked["q"]:
            try:
                wanted = sought_of(asked, query.get("after", ""), visit.zone)
                named = await self._named(visit, wanted)
                hits = await self._house.finder.find(visit.workspace.id, wanted)
            except Refused as refused:
                refusal = None if named else refused  # a code, or a name, need be no word
        place = (sought, query.get("after", ""))
        found = await self._found(visit, asked, (named, hits), place, refused=refusal is not None)
        return page(
            "search.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            found=found,
            error=refusal.text(visit.language) if refusal else "",
        )

    async def _named(self, visit: Visit, wanted: Sought) -> tuple[Named, ...]:
        """What is called so stands before what says so, on the first page."""
        if wanted.after is not None:
            return ()
        contacts = visit.may(Permission.CONTACT_READ)
        return await self._house.finder.named(visit.workspace.id, wanted, contacts=contacts)

    async def _found(
        self,
        visit: Visit,
        asked: Mapping[str, str],
        hits: tuple[tuple[Named, ...], tuple[Hit, ...]],
        place: tuple[str, str],
        *,
        refused: bool,
    ) -> Found:
        """Gather the page; place is the hidden search and where the page before ended."""
        house, said = self._house, texts(visit.language)
        names = await names_of(house, visit)
        staff = sorted(await house.directory.staff(visit.workspace.id), key=lambda s: s.name.casefold())
        (called, told), (sought, after) = hits, place
        found, kept = told[:HITS_MAX], {FIELD: sought}
        more = urlencode({**kept, "after": _written(found[-1].after)}) if len(told) > HITS_MAX else ""
        once = {h.conversation for h in called}
        shown: tuple[Hit, ...] = (*called, *(h for h in found if h.conversation not in once))
        return Found(
            asked=asked,
            hits=tuple(_shown(h, names, said) for h in shown),
            more=more,
            first=urlencode(kept) if after else "",
            searched=bool(asked["q"]) and not refused,
            statuses=tuple(Choice(s, said[f"found_{s}"], s == asked["status"]) for s in Status),
            people=tuple(Choice(str(s.id), s.name, str(s.id) == asked["person"]) for s in staff),
            tags=_choices(await house.board.tags(visit.workspace.id), asked["tag"]),
            channels=tuple(
                Choice(c, said.get(f"channel_{c}", c), c == asked["channel"])
                for c in await house.finder.channels(visit.workspace.id)
            ),
            languages=tuple(Choice(c, said[f"language_{c}"], c == asked["language"]) for c in LANGUAGES),
            now=rfc3339(house.now()),
        )


def sought_of(asked: Mapping[str, str], after: str, zone: ZoneInfo) -> Sought:
    """Read the form; days are whole ones of the workspace's zone.

    Raises: Refused("request.malformed").
    """
    if asked["status"] and asked["status"] not in set(Status):
        raise Refused("request.malformed", detail="status")
    until = _day(asked["to"], zone, 1)
    return replace(
        sought_from(asked["q"]),
        status=Status(asked["status"]) if asked["status"] else None,
        owner=StaffId(_uuid(asked["person"], "person")) if asked["person"] else None,
        tag=asked["tag"],
        channel=asked["channel"],
        language=asked["language"] if asked["language"] in LANGUAGES else "",
        since=_day(asked["from"], zone, 0),
        until=until,
        after=_after(after) if after else None,
        limit=HITS_MAX + 1,
    )


def _choices(names: tuple[str, ...], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, name, name == chosen) for name in names)


def _shown(hit: Hit, names: Mapping[str, str], said: Mapping[str, str]) -> HitShown:
    state = said["closed"] if hit.closed else said["with_assistant"]
    if not hit.closed and hit.owner_kind == OwnerKind.QUEUE.value:
        state = said["with_queue"]
    elif not hit.closed and hit.owner_kind == OwnerKind.PERSON.value:
        state = said["with_other"].format(name=names.get(hit.owner_id, said["someone"]))
    return HitShown(
        id=str(hit.conversation),
        place=f"?at={hit.seq}#line-{hit.seq}" if hit.seq else "",
        code=code_of(hit.conversation),
        kind=_kind(hit, said),
        at=rfc3339(hit.at),
        pieces=tuple(Piece(text, bool(n % 2)) for n, text in enumerate(hit.pieces) if text),
        state=state,
        channel=said.get(f"channel_{hit.channel}", hit.channel),
        language=hit.language,
        tags=hit.tags,
    )


def _kind(hit: Hit, said: Mapping[str, str]) -> str:
    """Whose words they are; what was found by its name or code says so instead."""
    if isinstance(hit, Named):
        return hit.contact or said["found_code"].format(code=code_of(hit.conversation))
    names = {"note.written": "note", "message.received": "customer"}
    return said[names.get(hit.kind, "found_us")]


def _day(text: str, zone: ZoneInfo, later: int) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("request.malformed", detail="day") from error


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("request.malformed", detail=field) from error


def _written(after: After) -> str:
    return f"{rfc3339(after.at)}~{after.text}"


def _after(text: str) -> After:
    at, _, last = text.partition("~")
    try:
        return After(parse_time(at), UUID(last))
    except ValueError as error:
        raise Refused("request.malformed", detail="after") from error
