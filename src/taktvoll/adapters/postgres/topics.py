"""Topics in PostgreSQL: names, examples, learnt models by hash, and the messages that nobody could answer.

I decide how topics are kept. Flows call me through the TopicStore port. I never copy a customer's message: an example
that is one points to where it lies, so that erasing it there erases it here.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.knowledge.topics import (
    Example,
    LearntModel,
    Proposal,
    Sample,
    Topic,
    TopicState,
    Unanswered,
    WorkingModel,
)

_TOPICS = """
select t.name, t.state, count(e.id) filter (where e.content is not null or p.content is not null) as examples,
    t.words, t.made_at, t.made_by
from topic t left join topic_example e on (e.workspace_id, e.topic) = (t.workspace_id, t.name)
    left join personal_text p on p.id = e.text_id
group by t.workspace_id, t.name order by t.name
"""
_SAMPLES = """
select e.id, e.topic, e.content, p.content as message from topic_example e
    join topic t on (t.workspace_id, t.name) = (e.workspace_id, e.topic)
    left join personal_text p on p.id = e.text_id
where ($1::text is null or t.state = $1) and ($2::text is null or t.name = $2)
    and (e.content is not null or p.content is not null) order by e.id
"""
_KEEP_MODEL = """
insert into topic_model (workspace_id, hash, learnt_at, learnt_by, stale) values ($1, $2, $3, $4, false)
on conflict (workspace_id) do update
    set hash = excluded.hash, learnt_at = excluded.learnt_at, learnt_by = excluded.learnt_by, stale = false
"""
_ADD_TOPICS = """
insert into topic (workspace_id, name, state, words, made_at, made_by)
select $1, name, $3, words::jsonb, $4, $5 from unnest($2::text[], $6::text[]) as t (name, words)
on conflict (workspace_id, name) do update
    set state = case when topic.state = 'learnt' then 'learnt' else excluded.state end
"""
_ADD_EXAMPLES = """
insert into topic_example (id, workspace_id, topic, content, text_id)
select id, $1, topic, content, text_id
from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) as t (id, topic, content, text_id)
"""
_UNANSWERED = """
with decided as (
    select e.conversation_id, e.at, (convert_from(e.body, 'UTF8')::jsonb) -> 'payload' as said from event e
        join conversation c on c.id = e.conversation_id and c.channel <> 'command' -- the house's own questions
    where e.kind = 'answer.decided' order by e.at desc limit 50000
)
select e.text_id, p.content from decided d
    join event e on e.conversation_id = d.conversation_id and e.seq = (d.said ->> 'customer_seq')::int
    join personal_text p on p.id = e.text_id
where (d.said ->> 'decision' in ('decline', 'clarify') or d.said ->> 'handover' = 'no_answer')
    and e.kind = 'message.received' and p.content is not null and d.said ->> 'stage' <> 'courtesy'
order by d.at desc limit $1
"""


_FORGET_EXAMPLES = """
delete from topic_example e using topic t
where (t.workspace_id, t.name) = (e.workspace_id, e.topic) and t.state = 'learnt' and not e.id = any ($1)
"""
_FORGET_TOPICS = """
delete from topic t where case t.state when 'learnt' then not exists (select 1 from topic_example e
    where (e.workspace_id, e.topic) = (t.workspace_id, t.name)) else t.name = any ($1) end
"""


class PostgresTopics:
    """Implements TopicStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def topics(self, workspace: WorkspaceId) -> tuple[Topic, ...]:
        """Every topic, by name."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_TOPICS)
        return tuple(Topic(r[0], TopicState(r[1]), r[2], tuple(r[3]), r[4], r[5]) for r in rows)

    async def samples(
        self, workspace: WorkspaceId, state: TopicState | None = None, topic: str | None = None
    ) -> tuple[Sample, ...]:
        """Examples whose text still exists."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_SAMPLES, state.value if state else None, topic)
        read = (Sample(r["id"], r["topic"], r["content"] or _text(r["message"])) for r in rows)
        return tuple(s for s in read if s.text)

    async def keep(
        self,
        workspace: WorkspaceId,
        examples: Sequence[Example] | None,
        model: LearntModel,
        by: str,
        at: datetime,
        beside: Sequence[UUID] = (),
    ) -> None:
        """Put a model and its examples into the working copy, all or nothing."""
        async with self._pool.within(workspace) as connection:
            await _alone(connection, workspace)
            if examples is not None:
                names = sorted({e.topic for e in examples})
                await connection.execute(_FORGET_EXAMPLES, list(beside))
                await connection.execute(_FORGET_TOPICS, names)
                words = ["[]"] * len(names)
                await connection.execute(_ADD_TOPICS, workspace, names, TopicState.LEARNT, at, by, words)
                ids = [uuid7(at) for _ in examples]
                topics, texts = [e.topic for e in examples], [e.text for e in examples]
                await connection.execute(_ADD_EXAMPLES, workspace, ids, topics, texts, [None] * len(ids))
            await _keep_model(connection, workspace, model, by, at)
            await _log(connection, workspace, at, by, "topics.learnt", {"model": model.hash})

    async def propose(
        self, workspace: WorkspaceId, proposals: Sequence[Proposal], by: str, at: datetime
    ) -> None:
        """Put proposals in place of the earlier ones; a name in use gets a number."""
        async with self._pool.within(workspace) as connection:
            await _alone(connection, workspace)
            await connection.execute("delete from topic where state = 'proposed'")
            taken = {r[0] for r in await connection.fetch("select name from topic")}
            names = list[str]()
            for proposal in proposals:
                names.append(_free(proposal.name, taken))
                taken.add(names[-1])
            words = [json.dumps(p.words, ensure_ascii=False) for p in proposals]
            await connection.execute(_ADD_TOPICS, workspace, names, TopicState.PROPOSED, at, by, words)
            rows = [(name, s) for name, p in zip(names, proposals, strict=True) for s in p.texts]
            await connection.execute(
                _ADD_EXAMPLES, workspace, [uuid7(at) for _ in rows], [name for name, _ in rows],
                [None if s.text_id else s.text for _, s in rows], [s.text_id for _, s in rows],
            )  # fmt: skip

    async def rename(
        self, workspace: WorkspaceId, old: str, new: str, model: LearntModel | None, by: str, at: datetime
    ) -> None:
        """Give a topic another name, in its model too."""
        try:
            async with self._pool.within(workspace) as connection:
                await _known(connection, [old])
                await connection.execute("update topic set name = $2 where name = $1", old, new)
                if model:
                    stale = await connection.fetchval("select stale from topic_model")
                    await _keep_model(connection, workspace, model, by, at)
                    await connection.execute("update topic_model set stale = $1", bool(stale))
                await _log(connection, workspace, at, by, "topic.renamed", {"name": old, "to": new})
        except asyncpg.UniqueViolationError as error:
            raise Refused("topics.exists", name=new) from error

    async def merge(
        self, workspace: WorkspaceId, names: Sequence[str], into: str, by: str, at: datetime
    ) -> None:
        """Make one topic of several; it is in use if one of them was."""
        async with self._pool.within(workspace) as connection:
            states = await _known(connection, names)
            target = await connection.fetchval("select state from topic where name = $1", into)
            learnt = TopicState.LEARNT in {*states, target}
            state = TopicState.LEARNT if learnt else TopicState.PROPOSED
            await connection.execute(_ADD_TOPICS, workspace, [into], state, at, by, ["[]"])
            await connection.execute("update topic set state = $2 where name = $1", into, state)
            await connection.execute(
                "update topic_example set topic = $2 where topic = any ($1)", list(names), into
            )
            gone = [n for n in names if n != into]
            await connection.execute("delete from topic where name = any ($1)", gone)
            await connection.execute("update topic_model set stale = true where $1", learnt)
            await _log(connection, workspace, at, by, "topics.merged", {"names": list(names), "into": into})

    async def split(
        self, workspace: WorkspaceId, name: str, parts: Mapping[str, Sequence[UUID]], by: str, at: datetime
    ) -> None:
        """Make several topics of one; the old one goes unless a part bears its name."""
        async with self._pool.within(workspace) as connection:
            (state,) = await _known(connection, [name])
            new = sorted(parts)
            found = await connection.fetchval(
                "select min(name) from topic where name = any ($1) and name <> $2", new, name
            )
            if found is not None:
                raise Refused("topics.exists", name=found)
            await connection.execute(_ADD_TOPICS, workspace, new, state, at, by, ["[]"] * len(new))
            for part, ids in parts.items():
                await connection.execute(
                    "update topic_example set topic = $2 where topic = $1 and id = any ($3)",
                    name,
                    part,
                    list(ids),
                )
            if name not in parts:
                await connection.execute("delete from topic where name = $1", name)
            await connection.execute("update topic_model set stale = true where $1", state == "learnt")
            await _log(connection, workspace, at, by, "topic.split", {"name": name, "into": new})

    async def adopt(self, workspace: WorkspaceId, names: Sequence[str]) -> None:
        """Take proposals into use."""
        async with self._pool.within(workspace) as connection:
            await _known(connection, names)
            await connection.execute("update topic set state = 'learnt' where name = any ($1)", list(names))
            await connection.execute("update topic_model set stale = true where $1", bool(names))

    async def drop(self, workspace: WorkspaceId, names: Sequence[str]) -> None:
        """Delete topics."""
        async with self._pool.within(workspace) as connection:
            states = await _known(connection, names)
            await connection.execute("delete from topic where name = any ($1)", list(names))
            await connection.execute("update topic_model set stale = true where $1", "learnt" in states)

    async def working(self, workspace: WorkspaceId) -> WorkingModel | None:
        """The model learnt last."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow("select hash, learnt_at, learnt_by, stale from topic_model")
        return WorkingModel(*row.values()) if row else None

    async def model(self, workspace: WorkspaceId, hash: str) -> bytes | None:
        """A learnt model by its hash."""
        async with self._pool.within(workspace) as connection:
            found: bytes | None = await connection.fetchval(
                "select body from part where hash = $1 and kind = 'topics'", hash
            )
        return found

    async def unanswered(self, workspace: WorkspaceId, limit: int) -> tuple[Unanswered, ...]:
        """Customers' latest messages that found no answer."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNANSWERED, limit)
        read = (Unanswered(r["text_id"], _text(r["content"])) for r in rows)
        return tuple(u for u in read if u.text)


async def _alone(connection: Working, workspace: WorkspaceId) -> None:
    """Wait until nobody else in this workspace changes all topics at once."""
    key = int.from_bytes(workspace.bytes[-8:], "big", signed=True)
    await connection.execute("select pg_advisory_xact_lock($1)", key)


async def _keep_model(
    connection: Working, workspace: WorkspaceId, model: LearntModel, by: str, at: datetime
) -> None:
    await connection.execute(
        "insert into part (workspace_id, hash, kind, body) values ($1, $2, 'topics', $3) on conflict do nothing",
        workspace, model.hash, model.body,
    )  # fmt: skip
    await connection.execute(_KEEP_MODEL, workspace, model.hash, at, by)


async def _known(connection: Working, names: Sequence[str]) -> list[str]:
    """The states of these topics; raises Refused("topics.unknown") where one does not exist."""
    found = {
        r[0]: r[1]
        for r in await connection.fetch("select name, state from topic where name = any ($1)", list(names))
    }
    for name in names:
        if name not in found:
            raise Refused("topics.unknown", name=name)
    return list(found.values())


async def _log(
    connection: Working, workspace: WorkspaceId, at: datetime, by: str, kind: str, detail: object
) -> None:
    await connection.execute(
        "insert into library_log (workspace_id, at, by, kind, detail) values ($1, $2, $3, $4, $5)",
        workspace, at, by, kind, detail,
    )  # fmt: skip


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _text(content: str | None) -> str:
    """The words in a message's stored content, which is JSON with `text`."""
    try:
        fields = json.loads(content or "{}")
    except ValueError:
        return ""
    text = fields.get("text") if isinstance(fields, dict) else None
    return text if isinstance(text, str) else ""
