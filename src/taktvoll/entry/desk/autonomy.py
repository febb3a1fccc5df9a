"""The desk's pages about earned autonomy: where each topic stands, and the drawn answers that wait to be judged.

I decide which flow an address calls and what the pages show. router.py takes my routes in.
I never decide who may approve: the flow does; I only leave a button away that would be refused.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.time import rfc3339
from taktvoll.domain.autonomy.draw import answered_with
from taktvoll.domain.autonomy.ports import Setting
from taktvoll.domain.autonomy.terms import Case, Noted, Verdict
from taktvoll.domain.governance.wording import source_of, text_of_json
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.edge import status_of
from taktvoll.flows.approve_promotion import approve_as_staff
from taktvoll.flows.house import House
from taktvoll.flows.judge_answer import judge_answer
from taktvoll.flows.review_topics import BY_ITSELF, Reviewed, look_at_topics
from taktvoll.flows.undo_judgement import undo_judgement, undoable

LOG_SHOWN_MAX = 40
Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic as the table shows it."""

    topic: str
    light: str
    light_name: str
    notes: tuple[str, ...]
    labels: int
    wrong: int
    bound: str
    missing: str
    proposed: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what happened."""

    at: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn answer as the review shows it; `only_to_itself`: the customer never got it."""

    conversation: str
    seq: int
    topic: str
    question: str
    answer: str
    language: str
    title: str
    url: str
    only_to_itself: bool


def autonomy_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = Pages(house)
    return (
        ("GET", DESK + "/autonomy", pages.topics),
        ("POST", DESK + "/autonomy/approve", pages.approve),
        ("GET", DESK + "/review", pages.review),
        ("POST", DESK + "/review/judge", pages.judge),
        ("POST", DESK + "/review/undo", pages.undo),
    )


class Pages:
    """Autonomy and review."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def topics(self, request: Request, workspace: str) -> Response:
        """Show where each topic stands."""
        return await self._topics_page(
            await session.enter(self._house, request, workspace, Permission.AUTONOMY_READ)
        )

    async def approve(self, request: Request, workspace: str) -> Response:
        """Put a proposed topic on autopilot; a proposal that no longer holds is said, not done."""
        visit, fields = await self._form(request, workspace, Permission.AUTONOMY_APPROVE)
        try:
            await approve_as_staff(self._house, visit.staff, fields.get("topic", ""))
        except Refused as refusal:
            if refusal.code == "permission.missing":
                raise
            return await self._topics_page(visit, refusal)
        return _go(f"{visit.base}/autonomy")

    async def review(self, request: Request, workspace: str) -> Response:
        """Show the drawn answer that waits longest."""
        visit = await session.enter(self._house, request, workspace, Permission.ANSWER_READ)
        said = texts(visit.language)
        count = await self._house.autonomy.count_unjudged(visit.workspace.id)
        cases = await self._house.autonomy.unjudged(visit.workspace.id, 1)
        drawn = await drawn_of(self._house, visit, cases[0]) if cases else None
        waiting = said["review_one"] if count == 1 else said["review_waiting"].format(n=count)
        notices = {"late": "judged_meanwhile", "undone": "taken_back"}
        notice = next((said[text] for name, text in notices.items() if name in request.query_params), "")
        last = await undoable(self._house, visit.staff)
        return page(
            "review.html",
            visit.language,
            visit=visit,
            drawn=drawn,
            waiting=waiting,
            notice=notice,
            last=said["last_judged"].format(verdict=_verdict(last.verdict, said)) if last else "",
        )

    async def judge(self, request: Request, workspace: str) -> Response:
        """Put a judgement on record and show the next answer."""
        visit, fields = await self._form(request, workspace, Permission.ANSWER_JUDGE)
        seq, verdict = fields.get("seq", ""), fields.get("verdict", "")
        if not (seq.isascii() and seq.isdigit() and len(seq) < 10) or verdict not in list(Verdict):
            raise Refused("request.malformed", detail="seq, verdict")
        conversation = session.conversation_id(fields.get("conversation", ""))
        new = await judge_answer(self._house, visit.staff, conversation, int(seq), Verdict(verdict))
        return _go(f"{visit.base}/review{'' if new else '?late'}")

    async def undo(self, request: Request, workspace: str) -> Response:
        """Take one's last judgement back; where that is no longer possible the page shows so by its missing button."""
        visit, _ = await self._form(request, workspace, Permission.ANSWER_JUDGE)
        try:
            await undo_judgement(self._house, visit.staff)
        except Refused as refusal:
            if refusal.code != "judgement.none":
                raise
            return _go(f"{visit.base}/review")
        return _go(f"{visit.base}/review?undone")

    async def _form(
        self, request: Request, workspace: str, permission: Permission
    ) -> tuple[Visit, dict[str, str]]:
        visit = await session.enter(self._house, request, workspace, permission)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, fields

    async def _topics_page(self, visit: Visit, refusal: Refused | None = None) -> Response:
        workspace, said = visit.workspace.id, texts(visit.language)
        setting = await self._house.autonomy.setting(workspace)
        log = await self._house.autonomy.log(workspace, None, LOG_SHOWN_MAX)
        names = {f"staff:{s.id}": s.name for s in await self._house.directory.staff(workspace)}
        return page(
            "autonomy.html",
            visit.language,
            status_of(refusal) if refusal else 200,
            visit=visit,
            promise=_promise(setting, visit.language),
            shadow=setting.shadow,
            rows=[_row(r, visit) for r in await look_at_topics(self._house, workspace)],
            log=[_line(n, names, said, visit.language) for n in log],
            may_approve=visit.may("autonomy.approve"),
            error=refusal.text(visit.language) if refusal else None,
            now=rfc3339(self._house.now()),
        )


def _row(reviewed: Reviewed, visit: Visit) -> TopicRow:
    topic, standing, said = reviewed.topic, reviewed.standing, texts(visit.language)
    notes = [said["in_shadow"]] if topic.shadow else []
    notes += [said["life"].format(n=topic.life)] if topic.life > 1 else []
    notes += [said["warned"]] if standing.warned else []
    waiting = [said["waiting_labels"].format(n=standing.unjudged)] if standing.unjudged else []
    waiting += [said["overdue_labels"].format(n=standing.overdue)] if standing.overdue else []
    proposed = ""
    if reviewed.proposal is not None:
        day = reviewed.proposal.at.astimezone(visit.zone).strftime("%d.%m.%Y")
        proposed = said["proposed_since"].format(date=day)
    return TopicRow(
        topic=topic.topic,
        light=topic.light.value,
        light_name=said[f"light_{topic.light.value}"],
        notes=tuple(notes),
        labels=standing.labels,
        wrong=standing.wrong,
        bound=percent(standing.bound * PPM, visit.language),
        missing=said["missing_right"].format(n=standing.missing)
        if standing.missing
        else said["missing_none"],
        proposed=proposed,
        waiting=tuple(waiting),
    )


def _promise(setting: Setting, language: str) -> str:
    promise = setting.promise
    return texts(language)["promise"].format(
        error=percent(promise.error_ppm, language),
        confidence=percent(promise.confidence_ppm, language, up=False),
        draw=percent(promise.draw_ppm, language),
    )


def _line(noted: Noted, names: Mapping[str, str], said: Mapping[str, str], language: str) -> LogLine:
    detail = cast("Mapping[str, Any]", noted.detail)

    def part(name: str) -> str:
        return percent(detail[name], language, up=name != "confidence_ppm") if name in detail else ""

    text = said[f"log_{noted.kind.value}"].format(
        topic=noted.topic or said["everything"],
        labels=detail.get("labels", ""),
        wrong=detail.get("wrong", ""),
        bound=part("bound_ppm"),
        tolerated=part("tolerated_ppm"),
        confidence=part("confidence_ppm"),
        draw=part("draw_ppm"),
        to=said.get(f"light_{detail.get('to')}", ""),
        verdict=_verdict(detail["verdict"], said) if "verdict" in detail else "",
        reason=said.get(f"reason_{detail.get('reason')}", ""),
        on=said["on" if detail.get("on") else "off"],
    )
    by = said["by_itself"] if noted.by == BY_ITSELF else names.get(noted.by, noted.by)
    return LogLine(rfc3339(noted.at), text, said["someone"] if by.startswith("staff:") else by)


def _verdict(verdict: str, said: Mapping[str, str]) -> str:
    return said["right" if verdict == Verdict.RIGHT else "is_wrong"].lower()


async def drawn_of(house: House, visit: Visit, case: Case) -> Drawn:
    """Gather what was asked and answered."""
    said = texts(visit.language)
    events = await house.record.events(
        visit.workspace.id, case.conversation, kinds=("message.received", "answer.decided")
    )
    question = next((text_of_json(e.content) for e in events if e.seq == case.customer_seq), "")
    decided = next(e for e in events if e.seq == case.seq)
    named = answered_with(decided)
    found = await house.library.passages_by_hash(visit.workspace.id, named)
    passages = [found[h] for h in named if h in found]
    first = passages[0] if passages else None
    source = source_of(first, visit.workspace.name) if first else None
    return Drawn(
        conversation=str(case.conversation),
        seq=case.seq,
        topic=case.topic,
        question=question or said["erased_text"],
        answer="\n\n".join(p.text for p in passages) or said["erased_text"],
        language=first.language if first else visit.language,
        title=source.title if source else "",
        url=source.url if source else "",
        only_to_itself="suggestion" in decided.payload,
    )


def percent(ppm: float, language: str, *, up: bool = True) -> str:
    """Write a rate with one decimal as the language writes it, rounded so that none looks better than it is.

    Takes:  up: for errors; a confidence is rounded down, or 99.95 % would be a certainty.
    """
    tenths = -(-round(ppm) // 1_000) if up else int(ppm) // 1_000
    text = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return f"{text.replace('.', ',')}\u00a0%" if language == "de" else f"{text}%"


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, dict(NO_STORE))
