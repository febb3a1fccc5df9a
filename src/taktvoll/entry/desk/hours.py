"""The desk's page of service hours: a plain form, what is wrong with it, and the coming days as it would have them.

I decide how the form becomes the file that is kept. router.py takes my routes in. I never keep a form with a mistake,
and never drop what the form does not show.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.terms import Urgency
from taktvoll.domain.hours.calendar import Slots
from taktvoll.domain.hours.file import OFF, WEEKDAYS, read_hours
from taktvoll.domain.hours.terms import LAENDER, REGIONS, ServiceHours, Target, Time
from taktvoll.domain.hours.writing import before_text, slots_text, span_text, write_hours
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, calendar_of, hours_of
from taktvoll.flows.read_preview import preview
from taktvoll.flows.set_hours import set_hours

HOURS = DESK + "/hours"
URGENCIES: Sequence[tuple[str, Urgency | None]] = (
    ("critical", Urgency.CRITICAL),
    ("high", Urgency.HIGH),
    ("any", None),
)
SPANS = ("first_answer", "next_answer", "resolution")
Handler = Callable[..., Awaitable[Response]]
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})?")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One line of the table of targets: its name, and the three limits as fields of the form."""

    key: str
    name: str


def hours_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = HoursPages(house)
    return (
        ("GET", HOURS, pages.show),
        ("POST", HOURS, pages.save),
        ("POST", HOURS + "/preview", pages.look),
    )


class HoursPages:
    """The form, its preview, and keeping it."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request, workspace: str) -> Response:
        """Show the hours in force."""
        visit = await session.enter(self._house, request, workspace, Permission.CALENDAR_READ)
        hours = await hours_of(self._house, visit.workspace.id)
        saved = "hours_saved" if "saved" in request.query_params else ""
        return await self._page(visit, hours, fields_of(hours.set, visit.language), hours.set, done=saved)

    async def save(self, request: Request, workspace: str) -> Response:
        """Keep the form, or say what is wrong with it."""
        visit, hours, fields = await self._form(request, workspace)
        found, problems = self._read(hours, fields)
        if found is not None:
            by = f"staff:{visit.staff.id}"
            problems = await set_hours(self._house, visit.workspace.id, write_hours(found), by)
        if problems:
            return await self._page(visit, hours, fields, None, problems)
        return RedirectResponse(f"{visit.base}/hours?saved", 303, dict(NO_STORE))

    async def look(self, request: Request, workspace: str) -> Response:
        """Show the coming days as the form would have them; nothing is kept."""
        visit, hours, fields = await self._form(request, workspace)
        found, problems = self._read(hours, fields)
        return await self._page(visit, hours, fields, found, problems)

    async def _form(self, request: Request, workspace: str) -> tuple[Visit, Hours, dict[str, str]]:
        visit = await session.enter(self._house, request, workspace, Permission.CALENDAR_EDIT)
        fields = await session.form_of(request)
        session.check_form(self._house, request, visit.token, fields)
        return visit, await hours_of(self._house, visit.workspace.id), fields

    def _read(
        self, hours: Hours, fields: Mapping[str, str]
    ) -> tuple[ServiceHours | None, tuple[Refused, ...]]:
        """Read the form as the file it stands for; targets of single queues come from the file in force."""
        found, problems = read_hours(_file(fields))
        if found is None:
            return None, problems
        own = tuple(t for t in hours.set.targets if _hidden(t))
        return replace(found, assistant_s=hours.set.assistant_s, targets=(*found.targets, *own)), ()

    async def _page(
        self,
        visit: Visit,
        hours: Hours,
        fields: Mapping[str, str],
        shown: ServiceHours | None,
        problems: tuple[Refused, ...] = (),
        done: str = "",
    ) -> Response:
        said, now = texts(visit.language), self._house.now()
        days = (
            preview(shown, calendar_of(self._house, shown, now.date()), now, visit.language) if shown else ()
        )
        at = hours.edited.at
        return page(
            "hours.html",
            visit.language,
            400 if problems else 200,
            visit=visit,
            fields=fields,
            problems=[_named(p, said).text(visit.language) for p in problems],
            days=days,
            done=said[done] if done else "",
            unset=not hours.set.confirmed,
            edited=hours.edited,
            edited_at=rfc3339(at) if at else "",
            now=rfc3339(now),
            by=await self._by(hours.edited.by, visit),
            weekdays=[(d, said[f"hours_{d}"]) for d in WEEKDAYS],
            laender=LAENDER,
            regions=list(REGIONS),
            rows=[TargetRow(key, said.get(f"urgency_{key}", said["hours_any"])) for key, _ in URGENCIES],
            spans=[(span, said[f"target_{span}"]) for span in SPANS],
            more=sum(_hidden(t) for t in hours.set.targets),
            may_edit=visit.may(Permission.CALENDAR_EDIT),
        )

    async def _by(self, by: str, visit: Visit) -> str:
        said = texts(visit.language)
        names = {f"staff:{s.id}": s.name for s in await self._house.directory.staff(visit.workspace.id)}
        return names.get(by) or said.get(f"by_{by}", said["someone"])


def fields_of(hours: ServiceHours, language: str) -> dict[str, str]:
    """Hours as the fields of the form, days and days off as the reader's language writes them."""
    closed, german = texts(language)["hours_closed"], language == "de"

    def said(slots: Slots) -> str:
        return slots_text(slots) if slots else closed

    fields = {
        "zone": hours.zone,
        "land": hours.land,
        "region": hours.region,
        "days": "\n".join(
            f"{d:{'%d.%m.%Y' if german else '%Y-%m-%d'}}: {said(s)}" for d, s in sorted(hours.days.items())
        ),
        "yearly": "\n".join(
            f"{d:02}.{m:02}.: {said(s)}" if german else f"{m:02}-{d:02}: {said(s)}"
            for (m, d), s in sorted(hours.yearly.items())
        ),
        "email": hours.email,
        "minutes": str(hours.appointment_minutes),
        "at_once": str(hours.appointment_at_once),
        "video": hours.video,
        "remind_desk": _before(hours.remind_desk_s, language),
        "remind_customer": _before(hours.remind_customer_s, language),
    }
    for day, slots in zip(WEEKDAYS, hours.week, strict=True):
        fields[day] = said(slots)
    checked = {
        "pause_for_customer": hours.pause_for_customer,
        "pause_snoozed": hours.pause_snoozed,
        "pause_unanswered": hours.pause_unanswered,
        "callback": hours.callback,
        "appointment": hours.appointment,
    }
    fields |= {name: "on" for name, is_on in checked.items() if is_on}
    for key, urgency in URGENCIES:
        target = next((t for t in hours.targets if t.urgency is urgency and not t.queue), Target())
        limits = (target.first_answer_s, target.next_answer_s, target.resolution_s)
        fields |= {f"{key}_{s}": span_text(n) if n else "" for s, n in zip(SPANS, limits, strict=True)}
    return fields


def _file(fields: Mapping[str, str]) -> str:
    """The form as a file, with whatever was typed inside quotes: reading it says what is wrong."""

    def quoted(name: str) -> str:
        return json.dumps(fields.get(name, "").strip(), ensure_ascii=False)

    def flag(name: str) -> str:
        return "true" if name in fields else "false"

    lines = [f"{name} = {quoted(name)}" for name in ("zone", "land", "region")]
    lines += ["[week]", *(f"{day} = {quoted(day)}" for day in WEEKDAYS)]
    for table in ("days", "yearly"):
        lines += [f"[{table}]", *_lines(fields.get(table, ""))]
    for key, urgency in URGENCIES:
        lines += _target(key, urgency, fields)
    lines += [
        "[pause]", f"waiting_for_customer = {flag('pause_for_customer')}", f"snoozed = {flag('pause_snoozed')}",
        f"snoozed_unanswered = {flag('pause_unanswered')}",
        "[contact]", f"callback = {flag('callback')}", f"email = {quoted('email')}",
        "[appointment]", f"offer = {flag('appointment')}", f"minutes = {_number(fields, 'minutes')}",
        f"at_once = {_number(fields, 'at_once')}", f"video = {quoted('video')}",
        "[reminder]", f"desk = {quoted('remind_desk')}", f"customer = {quoted('remind_customer')}",
    ]  # fmt: skip
    empty = [] if any("[[target]]" in line for line in lines) else ["target = []"]
    return "\n".join([*empty, *lines])


def _before(seconds: int, language: str) -> str:
    text = before_text(seconds)
    return "aus" if text == OFF and language == "de" else text


def _lines(text: str) -> list[str]:
    """Lines "day: slots" as entries of a table; a day named twice keeps the last word. German dates are understood."""
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    found = {_day(day.strip()): slots.strip() for day, _, slots in pairs}
    quoted = (
        (json.dumps(k, ensure_ascii=False), json.dumps(v, ensure_ascii=False)) for k, v in found.items()
    )
    return [f"{day} = {slots}" for day, slots in quoted]


def _day(typed: str) -> str:
    """A day as files write it; what is no German date is left as typed, and reading it says what is wrong."""
    german = _GERMAN_DAY.fullmatch(typed)
    if german is None:
        return typed
    day, month, year = german.groups()
    return f"{year}-{month:0>2}-{day:0>2}" if year else f"{month:0>2}-{day:0>2}"


def _target(key: str, urgency: Urgency | None, fields: Mapping[str, str]) -> list[str]:
    typed = [(span, fields.get(f"{key}_{span}", "").strip()) for span in SPANS]
    if not any(text for _, text in typed):
        return []
    time = Time.CLOCK if urgency is Urgency.CRITICAL else Time.OPEN
    return [
        "[[target]]",
        *([f'urgency = "{urgency.value}"'] if urgency else []),
        *(f"{span} = {json.dumps(text, ensure_ascii=False)}" for span, text in typed if text),
        f'time = "{time.value}"',
    ]


def _number(fields: Mapping[str, str], name: str) -> str:
    text = fields.get(name, "").strip()
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else json.dumps(text)


def _hidden(target: Target) -> bool:
    """Whether the form does not show a target."""
    return bool(target.queue) or target.urgency not in [urgency for _, urgency in URGENCIES]


def _named(problem: Refused, said: Mapping[str, str]) -> Refused:
    """Name the field as the form does, where the file would have named its place."""
    place = str(problem.fields.get("place", ""))
    head, _, field = place.partition(".")
    if head == "week" and f"hours_{field}" in said:
        place = said[f"hours_{field}"]
    elif head == "reminder" and f"hours_remind_{field}" in said:
        place = said[f"hours_remind_{field}"]
    elif f"target_{field}" in said:
        place = f"{said['hours_targets']}, {said[f'target_{field}']}"
    elif f"hours_{field}" in said:
        place = said[f"hours_{field}"]
    return Refused(problem.code, **{**problem.fields, "place": place})
