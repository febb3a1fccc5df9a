"""Service hours in PostgreSQL: files, judged targets, waits, open calls, places of appointments.

I decide how they are kept and asked for, each question beginning at one index. Flows call me through the HoursStore
port. I never judge: what is due is computed by the domain and only kept here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.state import call_from
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.hours.clocks import PEOPLE
from taktvoll.domain.hours.ports import Edited, Missed, OpenCall, Stale
from taktvoll.domain.hours.targets import Judged
from taktvoll.domain.hours.terms import Kind

LATE_AFTER = timedelta(minutes=10)
"""A wait that had ended this long before it was first looked at is not reported as missed now."""

_CURRENT = "select number, at, by, file from service_hours order by number desc limit 1"
_PUT = (
    "insert into service_hours (workspace_id, number, at, by, file) select $1, coalesce(max(number), 0) + 1, $2, $3, $4"
    " from service_hours returning number"
)
_ANEW = (
    "update conversation set target_seq = -1 where target_seq <> -1 and channel <> 'command'"
    " and (owner_kind <> 'assistant' or target_seq <> 0)"
)
_STALE = (
    "select id, last_seq from conversation where target_seq < last_seq and channel <> 'command'"
    " and (owner_kind <> 'assistant' or target_seq <> 0) order by changed_at limit $1"
)
_KEEP_CLOCK = """
insert into target_clock
    (workspace_id, conversation_id, kind, seq, queue, since, due_at, until, answered, spent_s, missed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
    case when $8::timestamptz < $11::timestamptz then $7::timestamptz end)
on conflict (conversation_id, kind, seq) do update set
    queue = excluded.queue, due_at = excluded.due_at, until = excluded.until, answered = excluded.answered,
    spent_s = excluded.spent_s
where target_clock.until is null
"""
_KEEP_FIRST = """
with before as (select id, target_at, target_kind from conversation where id = $1)
update conversation c set target_at = $3, target_kind = $4,
    target_seq = case when c.owner_kind = 'assistant' and $5 then 0 else $2 end
from before b where c.id = b.id
returning (b.target_at, b.target_kind) is distinct from (c.target_at, c.target_kind)
"""
_OVERDUE = """
select conversation_id, kind, seq, queue, due_at from target_clock
where due_at <= $1 and missed_at is null and due_at is not null and (until is null or until > due_at)
order by due_at limit $2
"""
_MISS = "select * from miss_target($1, $2, $3, $4, $5, $6)"
_LATE = "select * from miss_assistant($1, $2, $3, $4, $5)"
_WAITS = (
    "select spent_s from target_clock where queue = $1 and kind = 'first_answer' and answered"
    " order by until desc limit $2"
)
_PLACE = "({0}.urgency, coalesce({0}.target_at, 'infinity'), {0}.waiting_since, {0}.id)"
"""The desk's order of work (0011): who is told to be next is next there."""

_AHEAD = f"""
select count(*) from (
    select 1 from conversation me join conversation c on c.owner_kind = 'queue' and c.owner_id = me.owner_id
        and c.channel <> 'command' and c.snoozed_until is null and c.id <> me.id and c.waiting_since is not null
        and {_PLACE.format("c")} < {_PLACE.format("me")}
    where me.id = $1 and me.owner_kind = 'queue' limit $2
) x
"""  # noqa: S608
_FIELD = "(c.snapshot #>> '{{calls,0,{}}}')"
_KIND, _SINCE, _UNTIL, _REMINDED, _TIMED = (_FIELD.format(n) for n in (1, 2, 3, 6, 7))
_TOLD = f"coalesce({_FIELD.format(5)}, '')"
"""Parts of a conversation's one call, at the places at which state.py writes them; times compare as text (0021)."""
_OPEN = "jsonb_array_length(c.snapshot -> 'calls') > 0"
_BARE = f"select c.id, c.snapshot -> 'calls' -> 0 as call from conversation c where {_OPEN}"  # noqa: S608
_WHOLE = f"""
select c.id, c.snapshot -> 'calls' -> 0 as call, t.content, coalesce(k.name, '') as name
from conversation c
left join event e on e.conversation_id = c.id and e.seq = {_FIELD.format(0)}::int
left join personal_text t on t.id = e.text_id
left join contact k on c.contact_id is not null and k.id = contact_root(c.contact_id)
where {_OPEN}
"""  # noqa: S608
_CALLS = f"{_WHOLE} order by {_TOLD} <> 'passed', {_SINCE}, c.id limit $1"
_NEAR = (
    f"{_WHOLE} and {_TOLD} = 'near' and case c.owner_kind when 'person' then c.owner_id = $1"
    " else cardinality($2::text[]) = 0 or c.queue = '' or c.queue = any ($2) end"
    f" order by {_SINCE}, c.id limit $3"
)
_UNTOLD = (
    f"{_BARE} and {_TOLD} in ('', 'near') and {_SINCE} <= $1 and ({_TOLD} = '' or {_UNTIL} <= $2)"
    f" order by {_SINCE} limit $3"
)
_UNREMINDED = (
    f"{_BARE} and {_TOLD} in ('', 'near') and {_SINCE} > $1 and {_SINCE} <= $2 and {_KIND} = 'appointment'"
    f" and coalesce({_REMINDED}, 'false') = 'false' and c.contact_id is not null"
    f" and coalesce({_TIMED}, '-infinity')::timestamptz"
    f" <= {_SINCE}::timestamptz - ($2::text::timestamptz - $1::text::timestamptz) order by {_SINCE} limit $3"
)

_FREE_UNHELD = """
delete from appointment_place p where p.claimed_at < $1 and not exists (
    select 1 from conversation c, jsonb_array_elements(c.snapshot -> 'calls') held
    where c.id = p.conversation_id and held ->> 1 = 'appointment' and (held ->> 2)::timestamptz = p.at
) returning 1
"""


class PostgresHours:
    """Implements HoursStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def current(self, workspace: WorkspaceId) -> Edited:
        """The file in force."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_CURRENT)
        return Edited(row["number"], row["file"], row["at"], row["by"]) if row else Edited(0, "", None, "")

    async def put(self, workspace: WorkspaceId, file: str, by: str, at: datetime) -> int:
        """Put a file in force; two who do so at once do not both win."""
        try:
            async with self._pool.within(workspace) as connection:
                number = await connection.fetchval(_PUT, workspace, at, by, file)
                await connection.execute(_ANEW)
        except asyncpg.UniqueViolationError as error:
            raise Refused("form.stale") from error
        return int(number)

    async def stale(self, workspace: WorkspaceId, limit: int) -> tuple[Stale, ...]:
        """Conversations to judge anew."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_STALE, limit)
        return tuple(Stale(ConversationId(r["id"]), r["last_seq"]) for r in rows)

    async def keep(
        self,
        workspace: WorkspaceId,
        stale: Stale,
        judged: Sequence[Judged],
        first: Judged | None,
        at: datetime,
    ) -> bool:
        """Keep clocks of people, and what is due first; a clock that had stopped stays as it was kept then."""
        rows = [
            (
                workspace, stale.conversation, j.clock.kind.value, j.clock.seq, j.clock.queue, j.clock.since, j.due_at,
                j.clock.until, j.clock.answered, j.spent_s, at - LATE_AFTER,
            )
            for j in judged
            if j.clock.kind in PEOPLE
        ]  # fmt: skip
        settled = all(j.clock.until for j in judged if j.clock.kind in PEOPLE)
        due, kind = (first.due_at, first.clock.kind.value) if first else (None, "")
        async with self._pool.within(workspace) as connection:
            # The conversation first, as miss_target locks it: the other way round, the two could wait for each other.
            changed = await connection.fetchval(
                _KEEP_FIRST, stale.conversation, stale.last_seq, due, kind, settled
            )
            await connection.executemany(_KEEP_CLOCK, rows)
        return bool(changed)

    async def overdue(self, workspace: WorkspaceId, now: datetime, limit: int) -> tuple[Missed, ...]:
        """Targets that have passed."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_OVERDUE, now, limit)
        return tuple(
            Missed(ConversationId(r["conversation_id"]), Kind(r["kind"]), r["seq"], r["queue"], r["due_at"])
            for r in rows
        )

    async def miss(self, workspace: WorkspaceId, missed: Missed, event: NewEvent) -> int | None:
        """Put a missed target on record in one statement; repeated safely, because it happens once."""
        row = await self._pool.row(
            _MISS, workspace, missed.conversation, missed.kind.value, missed.seq, event.at, event.body(None)
        )
        return _seq(row)

    async def miss_assistant(
        self, workspace: WorkspaceId, conversation: ConversationId, since: int, event: NewEvent
    ) -> int | None:
        """Ask the record and write to it under the conversation's lock."""
        return _seq(await self._pool.row(_LATE, workspace, conversation, since, event.at, event.body(None)))

    async def waits_s(self, workspace: WorkspaceId, queue: str, limit: int) -> tuple[float, ...]:
        """The last waits of a queue."""
        async with self._pool.within(workspace) as connection:
            return tuple(r["spent_s"] for r in await connection.fetch(_WAITS, queue, limit))

    async def ahead(self, workspace: WorkspaceId, conversation: ConversationId, limit: int) -> int:
        """Count those before it, no further than the limit."""
        async with self._pool.within(workspace) as connection:
            return int(await connection.fetchval(_AHEAD, conversation, limit))

    async def calls(self, workspace: WorkspaceId, limit: int) -> tuple[OpenCall, ...]:
        """Open calls out of the snapshots, in one statement."""
        async with self._pool.within(workspace) as connection:
            return tuple(_whole(r) for r in await connection.fetch(_CALLS, limit))

    async def near(
        self, workspace: WorkspaceId, me: StaffId, queues: Sequence[str], limit: int
    ) -> tuple[OpenCall, ...]:
        """Calls that are near, for one member of staff."""
        async with self._pool.within(workspace) as connection:
            return tuple(_whole(r) for r in await connection.fetch(_NEAR, str(me), list(queues), limit))

    async def untold(
        self, workspace: WorkspaceId, near: datetime, now: datetime, limit: int
    ) -> tuple[OpenCall, ...]:
        """Calls of which the desk has to be told something."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNTOLD, rfc3339(near), rfc3339(now), limit)
        return tuple(_bare(r) for r in rows)

    async def unreminded(
        self, workspace: WorkspaceId, now: datetime, before: datetime, limit: int
    ) -> tuple[OpenCall, ...]:
        """Appointments of which a customer may have to be reminded."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNREMINDED, rfc3339(now), rfc3339(before), limit)
        return tuple(_bare(r) for r in rows)

    async def taken(self, workspace: WorkspaceId, since: datetime) -> Mapping[datetime, int]:
        """Places taken, by instant."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select at, count(*) as n from appointment_place where at >= $1 group by at", since
            )
        return {r["at"]: r["n"] for r in rows}

    async def claim(
        self, workspace: WorkspaceId, conversation: ConversationId, at: datetime, at_once: int, now: datetime
    ) -> bool:
        """Take the first free place; who loses the race for it tries the next."""
        for place in range(at_once):
            async with self._pool.within(workspace) as connection:
                done = await connection.fetchval(
                    "insert into appointment_place (workspace_id, at, place, conversation_id, claimed_at)"
                    " values ($1, $2, $3, $4, $5) on conflict do nothing returning 1",
                    workspace, at, place, conversation, now,
                )  # fmt: skip
            if done:
                return True
        return False

    async def free(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> None:
        """Give a place back: one, should the conversation have asked twice for the same instant."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "delete from appointment_place where (at, place) in (select at, place from appointment_place"
                " where conversation_id = $1 and at = $2 order by place desc limit 1)",
                conversation, at,
            )  # fmt: skip

    async def free_unheld(self, workspace: WorkspaceId, before: datetime) -> int:
        """Give back what was claimed and never came on record."""
        async with self._pool.within(workspace) as connection:
            return len(await connection.fetch(_FREE_UNHELD, before))


def _seq(row: Any) -> int | None:
    seq: int | None = row["seq"]
    return seq


def _bare(row: Any) -> OpenCall:
    return OpenCall(ConversationId(row["id"]), call_from(row["call"]))


def _whole(row: Any) -> OpenCall:
    return OpenCall(ConversationId(row["id"]), call_from(row["call"]), row["content"], row["name"])
