"""The desk's page of wordings: questions of customers that an editor approves, edits or rejects.

I decide what the page shows of a proposal and which flow a button calls. router.py takes my routes in.
I never show a customer's words unmasked, nor the conversation they come from.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WordingId
from taktvoll.base.limits import WORDING_CHARS_MAX
from taktvoll.domain.knowledge.wordings import Proposal, Standing, Why, masked
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.approve_wording import approve_wording, reject_wording
from taktvoll.flows.house import House

WORDINGS = DESK + "/wordings"
SHOWN_MAX = 50
Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as the page shows it; `text` is masked, or what the editor wrote before a refusal."""

    id: str
    entry: str
    language: str
    has: tuple[str, ...]
    text: str
    why: str
    error: str = ""


def wordings_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = WordingPages(house)
    return (
        ("GET", WORDINGS, pages.proposals),
        ("POST", WORDINGS + "/approve", pages.approve),
        ("POST", WORDINGS + "/reject", pages.reject),
    )


class WordingPages:
    """Proposals, and what an editor does to them."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def proposals(self, request: Request, workspace: str) -> Response:
        """Show what waits, confirmed most often first."""
        visit = await session.enter(self._house, request, workspace, Permission.WORDING_READ)
        said = {"approved": "wording_done", "rejected": "wording_rejected"}
        return await self._page(visit, said.get(request.query_params.get("done", ""), ""))

    async def approve(self, request: Request, workspace: str) -> Response:
        """Make a proposal a wording of its entry, in the words of the form."""
        visit, fields, named = await self._form(request, workspace)
        try:
            await approve_wording(self._house, visit.workspace.id, named, _by(visit), fields.get("text", ""))
        except Refused as refusal:
            return await self._refused(visit, refusal, named, fields.get("text", ""))
        return _go(f"{visit.base}/wordings?done=approved")

    async def reject(self, request: Request, workspace: str) -> Response:
        """Let a proposal go."""
        visit, fields, named = await self._form(request, workspace)
        try:
            await reject_wording(self._house, visit.workspace.id, named, _by(visit))
        except Refused as refusal:
            return await self._refused(visit, refusal, named, fields.get("text", ""))
        return _go(f"{visit.base}/wordings?done=rejected")

    async def _form(self, request: Request, workspace: str) -> tuple[Visit, dict[str, str], WordingId]:
        visit = await session.enter(self._house, request, workspace, Permission.WORDING_DECIDE)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        try:
            return visit, fields, WordingId(UUID(fields.get("id", "")))
        except ValueError as error:
            raise Refused("wording.unknown") from error

    async def _refused(self, visit: Visit, refusal: Refused, named: WordingId, text: str) -> Response:
        """Show the page with the reason beside the proposal, and the editor's words kept."""
        return await self._page(visit, "", refusal, named, text)

    async def _page(
        self,
        visit: Visit,
        done: str,
        refusal: Refused | None = None,
        named: WordingId | None = None,
        text: str = "",
    ) -> Response:
        workspace, said = visit.workspace.id, texts(visit.language)
        waiting = await self._house.learning.count_open(workspace)
        found = await self._house.learning.proposals(workspace, Standing.OPEN, None, SHOWN_MAX)
        rows = [await self._row(visit, p) for p in found]
        error = refusal.text(visit.language) if refusal else ""
        beside = any(row.id == str(named) for row in rows)
        shown = [
            ProposalRow(r.id, r.entry, r.language, r.has, text, r.why, error) if r.id == str(named) else r
            for r in rows
        ]
        count = said["wordings_one"] if waiting == 1 else said["wordings_waiting"].format(n=waiting)
        return page(
            "wordings.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            rows=shown,
            count=count,
            more=said["wordings_shown"].format(n=len(rows)) if waiting > len(rows) else "",
            done=said[done] if done else "",
            error="" if beside else error,
            wording_chars_max=WORDING_CHARS_MAX,
        )

    async def _row(self, visit: Visit, proposal: Proposal) -> ProposalRow:
        entry = await self._house.learning.entry(visit.workspace.id, proposal.key)
        return ProposalRow(
            id=str(proposal.id),
            entry=(entry.question or entry.title) if entry else proposal.key.id,
            language=proposal.key.language,
            has=entry.wordings if entry else (),
            text=masked(proposal.text)[:WORDING_CHARS_MAX],
            why=_why(visit, proposal),
        )


def _why(visit: Visit, proposal: Proposal) -> str:
    said = texts(visit.language)
    names = {Why.CHOSEN: "wording_chosen", Why.HELPED: "wording_helped", Why.SENT: "wording_sent"}
    why = said[names[proposal.why]]
    return why if proposal.confirmed == 1 else f"{why}, {said['wording_times'].format(n=proposal.confirmed)}"


def _by(visit: Visit) -> str:
    return f"staff:{visit.staff.id}"


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
