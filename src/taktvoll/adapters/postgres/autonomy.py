"""Earned autonomy in PostgreSQL: lights, answers to judge, labels, the log.

I decide how evidence is kept. Flows call me through the AutonomyStore port.
I never change or delete a label or an entry of the log: the program's role may not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.autonomy.ports import Found, Setting
from taktvoll.domain.autonomy.terms import (
    Case,
    Kind,
    Label,
    Noted,
    Origin,
    Promise,
    Seen,
    TopicLight,
    Verdict,
)
from taktvoll.domain.conversation.terms import Event, Light

_HOLDS = "l.counts and not exists (select 1 from label_undone u where u.label_id = l.id)"
"""What of a label enters a bound: that it may, and that nobody took it back."""
_SEEN = f"""
select c.at, l.verdict from answer_case c left join topic_label l
    on l.conversation_id = c.conversation_id and l.seq = c.seq and {_HOLDS}
where c.topic = $1 and c.at >= $2
union all
select l.at, l.verdict from topic_label l where l.topic = $1 and l.at >= $2 and {_HOLDS} and l.ref is not null
order by 1
"""  # noqa: S608 - a constant of ours
_UNJUDGED = f"""
from answer_case c join topic_light t on t.topic = c.topic and c.at >= t.life_since
where c.origin = 'draw' and not exists (select 1 from topic_label l
    where l.conversation_id = c.conversation_id and l.seq = c.seq and {_HOLDS})
"""  # noqa: S608 - a constant of ours
_REPLIED = f"""
from answer_case c where c.origin = 'copilot' and c.at > $1
and not exists (select 1 from topic_label l
    where l.conversation_id = c.conversation_id and l.seq = c.seq and {_HOLDS})
and (exists (select 1 from event e join personal_text p on p.id = e.text_id and p.content is not null
    where e.conversation_id = c.conversation_id and e.seq > c.seq and e.kind = 'message.released'
    and convert_from(e.body, 'UTF8')::jsonb -> 'payload' ->> 'author' = 'person')
or exists (select 1 from event e where e.conversation_id = c.conversation_id and e.seq > c.seq
    and e.kind = 'suggestion.settled' and convert_from(e.body, 'UTF8')::jsonb -> 'payload' -> 'of' = to_jsonb(c.seq)))
order by c.at, c.conversation_id, c.seq limit $2
"""  # noqa: S608 - a constant of ours
_CASE = "select c.conversation_id, c.seq, c.customer_seq, c.topic, c.origin, c.light, c.edition, c.rate_ppm, c.at "
_DECISIONS = """
select e.conversation_id, e.seq, e.kind, e.at, e.body from event e
join conversation c on c.id = e.conversation_id and c.channel <> 'command' -- the house's own questions prove nothing
where e.kind = 'answer.decided' and e.at > $1 and (e.at, e.conversation_id, e.seq) > ($2, $3, $4)
order by e.at, e.conversation_id, e.seq limit $5
"""
_LABEL = """
insert into topic_label
    (id, workspace_id, topic, origin, verdict, counts, at, by, detail, conversation_id, seq, ref, edition, round)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1 + (select count(*) from topic_label l
    join label_undone u on u.label_id = l.id where l.conversation_id = $10 and l.seq = $11)
"""
_LAST_JUDGEMENT = f"""
select l.* from topic_label l where l.origin = 'draw' and l.by = $1 and l.at > $2 and {_HOLDS}
order by l.id desc limit 1
"""  # noqa: S608 - a constant of ours
_TAKE = """
with taken as (
    insert into answer_case
        (workspace_id, conversation_id, seq, customer_seq, topic, origin, light, edition, rate_ppm, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1
), lit as (
    insert into topic_light (workspace_id, topic, light, life_since, since)
    select $1, $5, 'probation', $10, $10 from taken on conflict do nothing
)
select count(*) from taken
"""
_CHANGE = """
insert into topic_light as t (workspace_id, topic, light, shadow, life, life_since, since)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (workspace_id, topic) do update set light = excluded.light, shadow = excluded.shadow,
    life = excluded.life, life_since = excluded.life_since, since = excluded.since
where (t.light, t.shadow, t.life, t.since) = ($8::text, $9::boolean, $10::int, $11::timestamptz) returning 1
"""
_KEEP = """
insert into autonomy_setting as s (workspace_id, error_ppm, confidence_ppm, draw_ppm, shadow)
values ($1, $2, $3, $4, $5)
on conflict (workspace_id) do update set error_ppm = excluded.error_ppm, confidence_ppm = excluded.confidence_ppm,
    draw_ppm = excluded.draw_ppm, shadow = excluded.shadow
where (s.error_ppm, s.confidence_ppm, s.draw_ppm, s.shadow) = ($6, $7, $8, $9) returning 1
"""
_IN_FORCE = "update library_head set revision = revision + 1"
_FIRST = UUID(int=0)


class PostgresAutonomy:
    """Implements AutonomyStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def setting(self, workspace: WorkspaceId) -> Setting:
        """What holds."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow("select * from autonomy_setting")
        if row is None:
            return Setting()
        promise = Promise(row["error_ppm"], row["confidence_ppm"], row["draw_ppm"])
        return Setting(promise, row["shadow"], row["scanned_to"])

    async def keep_setting(
        self, workspace: WorkspaceId, before: Setting, setting: Setting, noted: Noted
    ) -> None:
        """Replace the setting, unless somebody else just did."""
        async with self._pool.within(workspace) as connection:
            kept = await connection.fetchval(_KEEP, workspace, *_said(setting), *_said(before))
            if not kept:
                raise Refused("form.stale")
            await _write(connection, workspace, noted)
            await connection.execute(_IN_FORCE)

    async def mark_scanned(self, workspace: WorkspaceId, to: datetime) -> None:
        """Remember how far decisions were looked at, and nothing else."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "insert into autonomy_setting (workspace_id, scanned_to) values ($1, $2)"
                " on conflict (workspace_id) do update set scanned_to = excluded.scanned_to",
                workspace, to,
            )  # fmt: skip

    async def topics(self, workspace: WorkspaceId) -> tuple[TopicLight, ...]:
        """Every topic."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select topic, light, shadow, life, life_since, since from topic_light order by topic"
            )
        return tuple(_topic(r) for r in rows)

    async def change(
        self, workspace: WorkspaceId, before: TopicLight | None, after: TopicLight, noted: Noted
    ) -> None:
        """Change a light if it still is as it was, with its log entry, and let every process hear of it."""
        was = before or after
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                _CHANGE,
                workspace, after.topic, after.light.value, after.shadow, after.life, after.life_since, after.since,
                was.light.value, was.shadow, was.life, was.since,
            )  # fmt: skip
            if not done:
                raise Refused("form.stale")
            await _write(connection, workspace, noted)
            await connection.execute(_IN_FORCE)

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Write the log."""
        async with self._pool.within(workspace) as connection:
            await _write(connection, workspace, noted)

    async def log(self, workspace: WorkspaceId, topic: str | None, limit: int) -> tuple[Noted, ...]:
        """The log, newest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select id, topic, kind, at, by, detail from autonomy_log"
                " where $1::text is null or topic = $1 order by id desc limit $2",
                topic, limit,
            )  # fmt: skip
        return tuple(_noted(r) for r in rows)

    async def last_noted(self, workspace: WorkspaceId) -> Mapping[str, Noted]:
        """What the log says last of each topic."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select distinct on (topic) id, topic, kind, at, by, detail from autonomy_log"
                " where topic <> '' and kind <> all ($1) order by topic, id desc",
                [Kind.SHADOW.value, Kind.UNDONE.value],
            )
        return {r["topic"]: _noted(r) for r in rows}

    async def take(self, workspace: WorkspaceId, cases: Sequence[Case]) -> int:
        """Keep answers to be judged."""
        taken = 0
        async with self._pool.within(workspace) as connection:
            for c in cases:
                taken += await connection.fetchval(
                    _TAKE, workspace, c.conversation, c.seq, c.customer_seq, c.topic, c.origin.value,
                    c.light.value, c.edition, c.rate_ppm, c.at,
                )  # fmt: skip
        return taken

    async def case(self, workspace: WorkspaceId, conversation: ConversationId, seq: int) -> Case:
        """One answer to be judged."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                _CASE + "from answer_case c where c.conversation_id = $1 and c.seq = $2", conversation, seq
            )
        if row is None:
            raise Refused("answer.unknown")
        return _case(row)

    async def unjudged(self, workspace: WorkspaceId, limit: int) -> tuple[Case, ...]:
        """Drawn answers without a judgement, oldest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _CASE + _UNJUDGED + "order by c.at, c.conversation_id, c.seq limit $1", limit
            )
        return tuple(_case(r) for r in rows)

    async def count_unjudged(self, workspace: WorkspaceId) -> int:
        """How many wait."""
        async with self._pool.within(workspace) as connection:
            return int(await connection.fetchval("select count(*) " + _UNJUDGED))

    async def replied(self, workspace: WorkspaceId, after: datetime, limit: int) -> tuple[Case, ...]:
        """Suggestions that a person has written after."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_CASE + _REPLIED, after, limit)
        return tuple(_case(r) for r in rows)

    async def label(self, workspace: WorkspaceId, label: Label) -> bool:
        """Append a label once."""
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    _LABEL, label.id, workspace, label.topic, label.origin.value, label.verdict.value, label.counts,
                    label.at, label.by, label.detail, label.conversation, label.seq, label.ref, label.edition,
                )  # fmt: skip
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def last_judgement(self, workspace: WorkspaceId, by: str, after: datetime) -> Label | None:
        """What somebody judged last at the desk."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_LAST_JUDGEMENT, by, after)
        return _label(row) if row else None

    async def undo(self, workspace: WorkspaceId, label: Label, noted: Noted) -> bool:
        """Take a label back once, with its log entry."""
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    "insert into label_undone (label_id, workspace_id, at, by) values ($1, $2, $3, $4)",
                    label.id, workspace, noted.at, noted.by,
                )  # fmt: skip
                await _write(connection, workspace, noted)
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def seen(self, workspace: WorkspaceId, topic: TopicLight) -> tuple[Seen, ...]:
        """The evidence of a topic's present life."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_SEEN, topic.topic, topic.life_since)
        return tuple(Seen(r["at"], Verdict(r["verdict"]) if r["verdict"] else None) for r in rows)

    async def decisions(
        self, workspace: WorkspaceId, after: datetime, last: Found | None, limit: int
    ) -> tuple[Found, ...]:
        """Decisions in the order of their time."""
        behind = (last.event.at, last.conversation, last.event.seq) if last else (after, _FIRST, 0)
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_DECISIONS, after, *behind, limit)
        return tuple(_found(r) for r in rows)

    async def judged(
        self, workspace: WorkspaceId, cases: Sequence[tuple[ConversationId, int]]
    ) -> Mapping[tuple[ConversationId, int], str]:
        """The verdicts there are."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                f"select conversation_id, seq, verdict from topic_label l where {_HOLDS}"  # noqa: S608 - ours
                " and (conversation_id, seq) in (select * from unnest($1::uuid[], $2::int[]))",
                [c for c, _ in cases], [s for _, s in cases],
            )  # fmt: skip
        return {(ConversationId(r[0]), r[1]): r[2] for r in rows}


async def _write(connection: Working, workspace: WorkspaceId, noted: Noted) -> None:
    await connection.execute(
        "insert into autonomy_log (id, workspace_id, topic, kind, at, by, detail)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        noted.id, workspace, noted.topic, noted.kind.value, noted.at, noted.by, dict(noted.detail),
    )  # fmt: skip


def _said(setting: Setting) -> tuple[int, int, int, bool]:
    promise = setting.promise
    return promise.error_ppm, promise.confidence_ppm, promise.draw_ppm, setting.shadow


def _topic(row: Any) -> TopicLight:
    return TopicLight(
        row["topic"], Light(row["light"]), row["shadow"], row["life"], row["life_since"], row["since"]
    )


def _noted(row: Any) -> Noted:
    return Noted(row["id"], row["topic"], Kind(row["kind"]), row["at"], row["by"], row["detail"])


def _case(row: Any) -> Case:
    return Case(
        conversation=ConversationId(row["conversation_id"]),
        seq=row["seq"],
        customer_seq=row["customer_seq"],
        topic=row["topic"],
        origin=Origin(row["origin"]),
        light=Light(row["light"]),
        edition=row["edition"],
        rate_ppm=row["rate_ppm"],
        at=row["at"],
    )


def _label(row: Any) -> Label:
    return Label(
        id=row["id"],
        topic=row["topic"],
        origin=Origin(row["origin"]),
        verdict=Verdict(row["verdict"]),
        counts=row["counts"],
        at=row["at"],
        by=row["by"],
        detail=row["detail"],
        conversation=ConversationId(row["conversation_id"]) if row["conversation_id"] else None,
        seq=row["seq"],
        ref=row["ref"],
        edition=row["edition"],
    )


def _found(row: Any) -> Found:
    body = orjson.loads(row["body"])
    event = Event(
        row["seq"], row["kind"], row["at"], body["actor"], body["payload"], body["edition"], body["schema"]
    )
    return Found(ConversationId(row["conversation_id"]), event)
