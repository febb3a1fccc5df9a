"""The desk's work in PostgreSQL: pages by key, counts that stop early, mentions, tags, skills, the lead's figures.

I decide how views become statements; each begins at one index and reads no more than a page. The desk's pages and flows
call me through the Board port. I never change a conversation: events do.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.board import (
    COUNTED_MAX,
    Asked,
    Counts,
    Cursor,
    Day,
    PersonLoad,
    QueueLoad,
    Row,
    Team,
    View,
)
from taktvoll.domain.conversation.state import call_from
from taktvoll.domain.conversation.terms import HandoverReason, Urgency

_WORK = "c.owner_kind <> 'assistant' and c.channel <> 'command'"
_AWAKE = f"{_WORK} and c.snoozed_until is null"
_ORDER = "c.urgency, c.target_order, c.waiting_order, c.id"

_PAGE = """
with page as ({page})
select p.*, coalesce(t.content, '{{}}') as content, e.kind, p.snapshot -> 'reasons' ->> 0 as reason,
    coalesce(p.snapshot -> 'tags', '[]') as tags, p.snapshot -> 'calls' -> 0 as call,
    exists (select 1 from reply_draft d where d.conversation_id = p.id and d.staff_id = {me}) as drafted
from page p
left join lateral (
    select e.kind, e.text_id from event e
    where e.conversation_id = p.id and e.kind in ('message.received', 'message.released') and e.text_id is not null
        and (e.kind = 'message.received' or p.owner_kind <> 'queue')
    order by e.seq desc limit 1
) e on true
left join personal_text t on t.id = e.text_id
order by p.place
"""
_COLUMNS = (
    "c.id, c.owner_kind, c.owner_id, c.queue, coalesce(c.language, '') as language, c.waiting_since, c.changed_at,"
    " c.urgency, c.target_at, c.snoozed_until, c.snapshot"
)
_TAGS = "select name from tag order by name"
_KEEP_TAG = (
    "insert into tag (workspace_id, name, made_at, made_by) values ($1, $2, $3, $4) on conflict do nothing"
)
_SEEN = "update mention set seen_at = $3 where staff_id = $1 and conversation_id = $2 and seen_at is null returning 1"
_DUE = "select id from conversation c where c.snoozed_until <= $1 order by c.snoozed_until limit $2"
_OWNED = (
    "select id from conversation c where c.owner_kind = 'person' and c.owner_id = $1"
    " and c.channel <> 'command' limit $2"
)
_LOADS = """
select g.*, nullif(g.longest_order, 'infinity') as longest, (select c.owner_kind from conversation c
    where {awake} and c.owner_id = g.owner_id limit 1) as owner_kind
from (
    select c.owner_id, count(*) as open, count(*) filter (where c.waiting_order < 'infinity') as waiting,
        count(*) filter (where c.target_order < $1) as breached, min(c.waiting_order) as longest_order
    from conversation c where {awake} group by 1
) g
"""
"""Who has how much, queues and people alike: all columns stand in the index conversation_owner, no row is read."""
_ASLEEP = (
    "select c.owner_id, count(*) as snoozed from conversation c"  # noqa: S608
    f" where {_WORK} and c.snoozed_until is not null and c.owner_kind = 'person' group by 1"
)
_DAY = """
select count(*) filter (where c.asked_at >= $1) as asked,
    count(*) filter (where c.asked_at >= $1 and c.handed_at is null) as by_ai,
    count(*) filter (where c.closed_at >= $1) as closed,
    count(*) filter (where c.handed_at >= $1) as handed,
    count(*) filter (where c.handed_at >= $1 and c.person_at is null and c.closed_at is null) as unanswered,
    percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from c.ai_at - c.asked_at)::float8)
        filter (where c.asked_at >= $1 and c.ai_at is not null) as ai,
    percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from c.person_at - c.handed_at)::float8)
        filter (where c.handed_at >= $1 and c.person_at is not null) as person
from conversation c where c.changed_at >= $1 and c.channel <> 'command'
"""


class PostgresBoard:
    """Implements Board."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def joined(self, workspace: WorkspaceId) -> AbstractAsyncContextManager[None]:
        """One transaction for all that a page reads, whichever store reads it."""
        return self._pool.joined(workspace)

    async def rows(self, workspace: WorkspaceId, asked: Asked) -> tuple[Row, ...]:
        """One page of a view."""
        statement, arguments = _statement(asked)
        async with self._pool.within(workspace) as connection:
            found = await connection.fetch(statement, *arguments)
        return tuple(_row(r, asked.view) for r in found)

    async def counts(
        self, workspace: WorkspaceId, me: StaffId, mine: Sequence[str], queues: Sequence[str]
    ) -> Counts:
        """Count in one statement; each count stops at its limit."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_COUNTS, str(me), me, list(mine), list(queues))
        views = {view: int(row[view.value]) for view in View}
        return Counts(views, dict(zip(queues, row["by_queue"], strict=True)))

    async def due(self, workspace: WorkspaceId, at: datetime, limit: int) -> tuple[ConversationId, ...]:
        """Conversations whose time has come."""
        async with self._pool.within(workspace) as connection:
            return tuple(ConversationId(r["id"]) for r in await connection.fetch(_DUE, at, limit))

    async def owned(self, workspace: WorkspaceId, staff: StaffId, limit: int) -> tuple[ConversationId, ...]:
        """What someone has."""
        async with self._pool.within(workspace) as connection:
            return tuple(ConversationId(r["id"]) for r in await connection.fetch(_OWNED, str(staff), limit))

    async def seen(
        self, workspace: WorkspaceId, me: StaffId, conversation: ConversationId, at: datetime
    ) -> bool:
        """Note that someone has looked."""
        async with self._pool.within(workspace) as connection:
            return bool(await connection.fetchval(_SEEN, me, conversation, at))

    async def tags(self, workspace: WorkspaceId) -> tuple[str, ...]:
        """The workspace's tags."""
        async with self._pool.within(workspace) as connection:
            return tuple(r["name"] for r in await connection.fetch(_TAGS))

    async def keep_tag(self, workspace: WorkspaceId, tag: str, by: str, at: datetime) -> None:
        """Put a tag on the list."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(_KEEP_TAG, workspace, tag, at, by)

    async def skills(self, workspace: WorkspaceId) -> Mapping[StaffId, tuple[str, ...]]:
        """Who serves which queues."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select staff_id, queue from staff_queue order by staff_id, queue")
        found: defaultdict[StaffId, tuple[str, ...]] = defaultdict(tuple)
        for r in rows:
            found[StaffId(r["staff_id"])] += (r["queue"],)
        return dict(found)

    async def set_skills(self, workspace: WorkspaceId, staff: StaffId, queues: Sequence[str]) -> None:
        """Replace someone's queues."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("delete from staff_queue where staff_id = $1", staff)
            await connection.execute(
                "insert into staff_queue (workspace_id, staff_id, queue)"
                " select $1, $2, q from unnest($3::text[]) q on conflict do nothing",
                workspace, staff, list(queues),
            )  # fmt: skip

    async def team(self, workspace: WorkspaceId, since: datetime, now: datetime) -> Team:
        """The lead's view, in three statements."""
        async with self._pool.within(workspace) as connection:
            loads = await connection.fetch(_LOADS.format(awake=_AWAKE), now)
            asleep = {r["owner_id"]: r["snoozed"] for r in await connection.fetch(_ASLEEP)}
            day = await connection.fetchrow(_DAY, since)
        people = {r["owner_id"]: r for r in loads if r["owner_kind"] == "person"}
        return Team(
            people=tuple(_load(who, people.get(who), asleep.get(who, 0)) for who in {**people, **asleep}),
            queues=tuple(
                QueueLoad(r["owner_id"], r["open"], r["breached"], r["longest"])
                for r in loads
                if r["owner_kind"] == "queue"
            ),
            day=_day(day),
        )


def _count(condition: str, table: str = "conversation c") -> str:
    return f"(select count(*) from (select 1 from {table} where {condition} limit {COUNTED_MAX}) x)"  # noqa: S608


_COUNTS = "select " + ", ".join(  # noqa: S608
    (
        _count(
            f"{_AWAKE} and c.owner_kind = 'queue' and (cardinality($3::text[]) = 0 or c.owner_id = any ($3))"
        )
        + " as waiting",
        _count(f"{_AWAKE} and c.owner_kind = 'person' and c.owner_id = $1") + " as mine",
        _count(f"{_AWAKE} and c.owner_kind = 'person' and c.owner_id <> $1") + " as others",
        _count(_AWAKE) + " as open",
        _count("c.snoozed_until is not null") + " as snoozed",
        _count("m.staff_id = $2 and m.seen_at is null", "mention m") + " as mentioned",
        "array(select "  # noqa: S608
        + _count(f"{_AWAKE} and c.owner_kind = 'queue' and c.owner_id = q.name")
        + " from unnest($4::text[]) with ordinality as q(name, place) order by q.place) as by_queue",
    )
)


def _statement(asked: Asked) -> tuple[str, list[object]]:
    """Build a view's statement from fixed parts; what people chose travels as arguments alone."""
    arguments: list[object] = []

    def given(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    conditions, order = _view(asked, given)
    if asked.queue:
        conditions.append(f"c.queue = {given(asked.queue)}")
    if asked.tag:
        conditions.append(
            "exists (select 1 from conversation_tag g where g.conversation_id = c.id"  # noqa: S608
            f" and g.workspace_id = c.workspace_id and g.name = {given(asked.tag)})"
        )
    table, at, unseen = "conversation c", "c.waiting_since", "false"
    if asked.view is View.MENTIONED:
        table, at, unseen = (
            "mention m join conversation c on c.id = m.conversation_id",
            "m.at",
            "m.seen_at is null",
        )
    if asked.view is View.SNOOZED:
        at = "c.snoozed_until"
    page = (
        f"select {_COLUMNS}, {at} as at, {unseen} as unseen, row_number() over (order by {order}) as place"  # noqa: S608
        f" from {table} where {' and '.join(conditions)} order by {order} limit {given(asked.limit)}"
    )
    return _PAGE.format(page=page, me=given(asked.me)), arguments


def _view(asked: Asked, given: Any) -> tuple[list[str], str]:
    """Which rows a view has, after the cursor, and their order."""
    after = asked.after
    if asked.view is View.MENTIONED:
        conditions = [f"m.staff_id = {given(asked.me)}"]
        if after:
            conditions.append(
                f"(m.at, m.conversation_id) < ({given(after.at)}::timestamptz, {given(after.id)})"
            )
        return conditions, "m.at desc, m.conversation_id desc"
    if asked.view is View.SNOOZED:
        conditions = ["c.snoozed_until is not null"]
        if after:
            conditions.append(
                f"(c.snoozed_until, c.id) > ({given(after.at)}::timestamptz, {given(after.id)})"
            )
        return conditions, "c.snoozed_until, c.id"
    conditions = [_AWAKE, *_owned(asked, given)]
    if after:
        target, at = _or_never(after.target_at), _or_never(after.at)
        conditions.append(
            f"({_ORDER}) > ({given(after.urgency)}::smallint, {given(target)}::text::timestamptz,"
            f" {given(at)}::text::timestamptz, {given(after.id)})"
        )
    return conditions, _ORDER


def _owned(asked: Asked, given: Any) -> list[str]:
    if asked.view is View.OPEN:
        return []
    if asked.view is View.MINE:
        return ["c.owner_kind = 'person'", f"c.owner_id = {given(str(asked.me))}"]
    if asked.view is View.OTHERS:
        return ["c.owner_kind = 'person'", f"c.owner_id <> {given(str(asked.me))}"]
    waiting = ["c.owner_kind = 'queue'"]
    return [*waiting, f"c.owner_id = any ({given(list(asked.queues))}::text[])"] if asked.queues else waiting


def _or_never(at: datetime | None) -> str:
    return rfc3339(at) if at else "infinity"


def _row(row: Any, view: View) -> Row:
    conversation = ConversationId(row["id"])
    at = row["at"] if view in (View.SNOOZED, View.MENTIONED) else row["waiting_since"]
    return Row(
        id=conversation,
        owner_kind=row["owner_kind"],
        owner_id=row["owner_id"],
        queue=row["queue"],
        language=row["language"],
        last_text=row["content"],
        last_author="customer" if row["kind"] == "message.received" else "company",
        waiting_since=row["waiting_since"],
        changed_at=row["changed_at"],
        urgency=(Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL, Urgency.LOW)[row["urgency"]],
        reason=HandoverReason(row["reason"]) if row["reason"] else None,
        tags=tuple(row["tags"]),
        target_at=row["target_at"],
        snoozed_until=row["snoozed_until"],
        unseen=row["unseen"],
        cursor=Cursor(row["urgency"], row["target_at"], at, conversation),
        drafted=row["drafted"],
        call=call_from(row["call"]) if row["call"] else None,
    )


def _load(owner: str, row: Any, snoozed: int) -> PersonLoad:
    """What someone has; whoever has put everything off has no row."""
    open_, waiting, longest = (row["open"], row["waiting"], row["longest"]) if row else (0, 0, None)
    return PersonLoad(StaffId(UUID(owner)), open_, waiting, snoozed, longest)


def _day(row: Any) -> Day:
    def pair(name: str) -> tuple[float | None, float | None]:
        middle, most = row[name] or (None, None)
        return (None if middle is None else float(middle), None if most is None else float(most))

    (ai, ai_p90), (person, person_p90) = pair("ai"), pair("person")
    return Day(
        row["asked"], row["by_ai"], row["closed"], row["handed"], row["unanswered"], ai, ai_p90, person, person_p90
    )  # fmt: skip
