"""The desk's queue as values: views with their counts, pages of rows, filters by queue and tag.

I decide which view an address asks for and how a row reads. router.py and pages.py call me.
I never write HTML and never change anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.board import COUNTED_MAX, Asked, Counts, Cursor, Row, View
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.delivery.arrived import arrived_of
from taktvoll.domain.governance.wording import asked_in
from taktvoll.domain.mail.salutations import opened_by
from taktvoll.domain.people.queues import Queue, looked_after, queues_of
from taktvoll.entry.desk.need import reason_named
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.change_call import named
from taktvoll.flows.house import House

ROWS_MAX = 100
OVERVIEW_ROWS_MAX = 40
"""Of each part of the first page: it is drawn anew with every change, at every desk; the rest is one step away."""
LAST_WORDS_MAX = 200
OVERVIEW = (View.WAITING, View.MINE, View.OTHERS)
"""What the first page shows, part by part."""
TABS = (View.WAITING, View.MINE, View.OPEN, View.SNOOZED, View.MENTIONED)
_OF_OTHERS = (View.OTHERS, View.OPEN, View.SNOOZED, View.MENTIONED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for; no view is the overview."""

    view: View | None = None
    queue: str = ""
    tag: str = ""
    after: Cursor | None = None

    def query(self, **changed: str) -> str:
        """This as the query of an address, from the page's beginning unless a cursor is given."""
        fields = {
            "view": self.view.value if self.view else "",
            "queue": self.queue,
            "tag": self.tag,
        } | changed
        return urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class RowShown:
    """One conversation in the queue; times are RFC 3339, owner is a person's or the assistant's name.

    `about` is who wrote a mail, and its subject; "" where the last message is none of a customer's by mail.
    """

    id: str
    code: str
    last: str
    about: str
    ours: bool
    language: str
    waiting_since: str | None
    owner: str
    urgency: str
    reason: str
    queue: str
    tags: tuple[str, ...]
    target_at: str | None
    breached: bool
    snoozed_until: str | None
    unseen: bool
    drafted: bool
    call: str
    call_at: str | None
    call_late: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows under a heading; `more` is the query of what follows them."""

    name: str
    rows: tuple[RowShown, ...]
    count: str
    shows_owner: bool
    more: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to another view."""

    name: str
    query: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The queue as a page shows it; now lets the page tick by the server's clock.

    `looked_after` are the queues whose conversations whoever looks sees first, none for all.
    """

    parts: tuple[Part, ...]
    tabs: tuple[Tab, ...]
    queues: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    query: str
    tallies: Mapping[str, str]
    first: str
    now: str
    looked_after: tuple[str, ...] = ()


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """Read an address's query.

    Raises: Refused("request.malformed").
    """
    view = query.get("view", "")
    if view and view not in set(View):
        raise Refused("request.malformed", detail="view")
    after = query.get("after", "")
    return Wanted(
        view=View(view) if view else None,
        queue=query.get("queue", "")[:60],
        tag=query.get("tag", "")[:60],
        after=_cursor(after) if after and view else None,
    )


async def board_of(house: House, visit: Visit, wanted: Wanted | None = None) -> Board:
    """Gather what an address asks for, with the counts of every view."""
    wanted = wanted or Wanted()
    queues = queues_of(visit.workspace.settings)
    skills = await house.board.skills(visit.workspace.id)
    mine = looked_after(queues, skills, visit.staff.id)
    mine = () if len(mine) == len(queues) else mine
    counts = await house.board.counts(visit.workspace.id, visit.staff.id, mine, tuple(q.name for q in queues))
    names = {str(s.id): s.name for s in await house.directory.staff(visit.workspace.id)}
    views, most = ((wanted.view,), ROWS_MAX) if wanted.view else (OVERVIEW, OVERVIEW_ROWS_MAX)
    parts = [await _part(house, visit, replace(wanted, view=v), mine, counts, names, most) for v in views]
    tags = await house.board.tags(visit.workspace.id)
    return Board(
        parts=tuple(parts),
        tabs=_tabs(wanted, counts),
        queues=_queue_choices(queues, counts, wanted, visit.language),
        tags=_tag_choices(tags, wanted),
        query=wanted.query(**({"after": _written(wanted.after)} if wanted.after else {})),
        tallies={view.value: _count(n) for view, n in counts.views.items()},
        first=wanted.query() if wanted.after else "",
        now=rfc3339(house.now()),
        looked_after=mine,
    )


async def _part(
    house: House,
    visit: Visit,
    wanted: Wanted,
    mine: tuple[str, ...],
    counts: Counts,
    names: Mapping[str, str],
    most: int,
) -> Part:
    view = wanted.view or View.OPEN
    asked = Asked(
        view=view,
        me=visit.staff.id,
        queues=() if wanted.queue else mine,
        queue=wanted.queue,
        tag=wanted.tag,
        after=wanted.after,
        limit=most + 1,
    )
    rows = await house.board.rows(visit.workspace.id, asked)
    shown, now, queues = rows[:most], house.now(), queues_of(visit.workspace.settings)
    narrowed = bool(wanted.queue or wanted.tag or wanted.after)
    count = f"{len(shown)}{'+' if len(rows) > most else ''}" if narrowed else _count(counts.views[view])
    return Part(
        name=view.value,
        rows=tuple(_row(r, visit.language, queues, names, now) for r in shown),
        count=count,
        shows_owner=view in _OF_OTHERS,
        more=wanted.query(after=_written(shown[-1].cursor)) if len(rows) > most else "",
    )


def _tabs(wanted: Wanted, counts: Counts) -> tuple[Tab, ...]:
    first = Tab("overview", replace(wanted, view=None).query(), "", wanted.view is None)
    others = (
        Tab(v.value, replace(wanted, view=v).query(), _count(counts.views[v]), wanted.view is v) for v in TABS
    )
    return (first, *others)


def _queue_choices(
    queues: tuple[Queue, ...], counts: Counts, wanted: Wanted, language: str
) -> tuple[Choice, ...]:
    """The queues with how many wait in each; none to choose from where there is only one."""
    if len(queues) < 2:
        return ()
    return tuple(
        Choice(q.name, f"{q.named(language)} ({_count(counts.queues[q.name])})", q.name == wanted.queue)
        for q in queues
    )


def _tag_choices(tags: tuple[str, ...], wanted: Wanted) -> tuple[Choice, ...]:
    return tuple(Choice(t, t, t == wanted.tag) for t in tags)


def _row(
    row: Row, language: str, queues: tuple[Queue, ...], names: Mapping[str, str], now: datetime
) -> RowShown:
    said = texts(language)
    owner = names.get(row.owner_id, said["someone"])
    if row.owner_kind != OwnerKind.PERSON.value:
        owner = said["assistant"] if row.owner_kind == OwnerKind.ASSISTANT.value else said["free"]
    return RowShown(
        id=str(row.id),
        code=code_of(row.id),
        last=gist_of(_words(row.last_text)),
        about=_about(row.last_text),
        ours=row.last_author != "customer",
        language=row.language,
        waiting_since=time_of(row.waiting_since),
        owner=owner,
        urgency=row.urgency.value,
        reason=reason_named(row.reason, language),
        queue=queue_named(queues, row.queue, language) if len(queues) > 1 else "",
        tags=row.tags,
        target_at=time_of(row.target_at),
        breached=row.target_at is not None and row.target_at < now,
        snoozed_until=time_of(row.snoozed_until),
        unseen=row.unseen,
        drafted=row.drafted,
        call=said[f"call_{named(row.call)}"] if row.call else "",
        call_at=time_of(row.call.since) if row.call else None,
        call_late=row.call is not None and row.call.until < now,
    )


def queue_named(queues: tuple[Queue, ...], name: str, language: str) -> str:
    """A queue's name for people; one that is gone goes by its name in the record."""
    return next((q.named(language) for q in queues if q.name == name), name)


def gist_of(text: str) -> str:
    """The beginning of a message in one line, without a salutation that has a line of its own: a row has room for two.

    What everybody writes first would fill them, and a queue of mails would read alike.
    """
    rest = text[opened_by(text) :]
    alone = rest.startswith("\n") and rest.strip()
    return " ".join((rest if alone else text).split())[:LAST_WORDS_MAX]


def _about(content: str) -> str:
    """Whose mail it is and what it says it is about, as a mail program lists it."""
    mail = arrived_of(content)
    if mail is None:
        return ""
    named = (mail.sender.name or mail.sender.address, mail.subject)
    return " · ".join(" ".join(one.split()) for one in named if one.strip())[:LAST_WORDS_MAX]


def _words(content: str) -> str:
    fields = json.loads(content or "{}")
    return asked_in(content) if "text" in fields or "parts" in fields else ""


def _count(number: int) -> str:
    return f"{number}+" if number >= COUNTED_MAX else str(number)


def _written(cursor: Cursor) -> str:
    return "~".join(
        (str(cursor.urgency), time_of(cursor.target_at) or "", time_of(cursor.at) or "", str(cursor.id))
    )


def _cursor(text: str) -> Cursor:
    try:
        urgency, target, at, conversation = text.split("~")
        return Cursor(
            int(urgency) if urgency in ("0", "1", "2", "3") else 2,
            parse_time(target) if target else None,
            parse_time(at) if at else None,
            ConversationId(UUID(conversation)),
        )
    except ValueError as error:
        raise Refused("request.malformed", detail="after") from error


def code_of(conversation: ConversationId) -> str:
    """The end of an id, for two people to name a conversation to each other."""
    return conversation.hex[-4:].upper()


def time_of(at: datetime | None) -> str | None:
    """A time as pages carry it."""
    return rfc3339(at) if at else None
