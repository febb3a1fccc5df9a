"""The library in PostgreSQL: working copy, parts by hash, editions, withdrawals.

I decide how what may be said is kept. Flows call me through the LibraryStore port. I never build a search.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.base.errors import Refused
from taktvoll.base.hashing import content_hash
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.autonomy.lights import Lights
from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.knowledge.terms import Passage, PassageKey, passage_from
from taktvoll.domain.library.ports import Head, Issue, Listed, Stocked
from taktvoll.domain.library.terms import Entry, Manifest, Rules, manifest_from, rules_from

_BATCH = 2_000

_STOCK = """
with given as (
    select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
        as t(collection, id, language, hash, body)
), parts as (
    insert into part (workspace_id, hash, kind, body)
    select distinct on (hash) $1::uuid, hash, 'passage', body from given
    on conflict do nothing
), before as (
    select g.collection, g.id, g.language, g.hash, w.hash as old from given g left join working_passage w
        on (w.collection, w.id, w.language) = (g.collection, g.id, g.language)
), written as (
    insert into working_passage (workspace_id, collection, id, language, hash, changed_at)
    select $1::uuid, collection, id, language, hash, $7 from before where old is distinct from hash
    on conflict (workspace_id, collection, id, language)
    do update set hash = excluded.hash, changed_at = excluded.changed_at
)
select count(*) filter (where old is null) as added, count(*) filter (where old <> hash) as changed,
    count(*) filter (where old = hash) as unchanged from before
"""


class PostgresLibrary:
    """Implements LibraryStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def head(self, workspace: WorkspaceId) -> Head:
        """What is in force now."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow("select edition, revision from library_head")
        return Head(row["edition"], row["revision"]) if row else Head(None, 0)

    async def stock(
        self, workspace: WorkspaceId, passages: AsyncIterator[Sequence[Passage]], at: datetime
    ) -> Stocked:
        """Put passages into the working copy, all or none."""
        added = changed = unchanged = 0
        async with self._pool.within(workspace) as connection:
            async for batch in passages:
                last = {p.key: p for p in batch}
                bodies = [(p, p.body()) for p in last.values()]
                row = await connection.fetchrow(
                    _STOCK,
                    workspace,
                    [p.collection for p, _ in bodies],
                    [p.id for p, _ in bodies],
                    [p.language for p, _ in bodies],
                    [content_hash(b) for _, b in bodies],
                    [b for _, b in bodies],
                    at,
                )
                assert row is not None
                added, changed, unchanged = added + row[0], changed + row[1], unchanged + row[2]
        return Stocked(added, changed, unchanged)

    async def working(self, workspace: WorkspaceId) -> tuple[Entry, ...]:
        """The names and hashes of the working copy."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select collection, id, language, hash from working_passage")
        return tuple(Entry(PassageKey(r[0], r[1], r[2]), r[3]) for r in rows)

    async def publish(self, workspace: WorkspaceId, manifest: Manifest, rules: Rules) -> None:
        """Store an edition and put it in force."""
        body = manifest.body()
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    "insert into part (workspace_id, hash, kind, body) values ($1, $2, 'rules', $3)"
                    " on conflict do nothing",
                    workspace, manifest.rules_hash, rules.body(),
                )  # fmt: skip
                await connection.execute(
                    "insert into edition"
                    " (workspace_id, number, made_at, made_by, approved_by, parent, manifest_hash,"
                    " content_hash, manifest, passages, rules_hash)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    workspace, manifest.number, manifest.made_at, manifest.made_by, manifest.approved_by,
                    manifest.parent, content_hash(body), manifest.content(), body, len(manifest.entries),
                    manifest.rules_hash,
                )  # fmt: skip
                await _point(connection, workspace, manifest.number)
                await _log(connection, workspace, manifest.made_at, manifest.made_by, "edition.published",
                           {"number": manifest.number})  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            raise Refused("form.stale") from error

    async def roll_back(self, workspace: WorkspaceId, number: int, by: str, at: datetime) -> None:
        """Put an earlier edition in force again."""
        async with self._pool.within(workspace) as connection:
            if not await connection.fetchval("select 1 from edition where number = $1", number):
                raise Refused("edition.unknown", number=number)
            await _point(connection, workspace, number)
            await _log(connection, workspace, at, by, "edition.rolled_back", {"number": number})

    async def editions(self, workspace: WorkspaceId) -> tuple[Listed, ...]:
        """All editions, newest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select e.number, e.made_at, e.made_by, e.approved_by, e.parent, e.passages, e.manifest_hash,"
                " e.content_hash, e.number = h.edition as current"
                " from edition e join library_head h using (workspace_id) order by e.number desc"
            )
        return tuple(Listed(*r.values()) for r in rows)

    async def manifest(self, workspace: WorkspaceId, number: int) -> tuple[Manifest, Rules]:
        """One edition's manifest and rules."""
        async with self._pool.within(workspace) as connection:
            body = await connection.fetchval("select manifest from edition where number = $1", number)
            if body is None:
                raise Refused("edition.unknown", number=number)
            manifest = manifest_from(orjson.loads(body))
            rules = await connection.fetchval("select body from part where hash = $1", manifest.rules_hash)
        return manifest, rules_from(orjson.loads(rules))

    async def issue(self, workspace: WorkspaceId, number: int) -> Issue:
        """What it takes to open an edition whose caches exist."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select e.content_hash, e.passages, p.body from edition e join part p"
                " on p.workspace_id = e.workspace_id and p.hash = e.rules_hash where e.number = $1",
                number,
            )
        if row is None:
            raise Refused("edition.unknown", number=number)
        return Issue(row[0], row[1], rules_from(orjson.loads(row[2])))

    async def stored(self, workspace: WorkspaceId, hashes: Sequence[str]) -> AsyncIterator[Passage]:
        """Passages by content hash, in batches so that memory stays bounded."""
        for start in range(0, len(hashes), _BATCH):
            batch = hashes[start : start + _BATCH]
            found = await self.passages_by_hash(workspace, batch)
            for wanted in batch:
                if wanted in found:
                    yield found[wanted]

    async def passages_by_hash(self, workspace: WorkspaceId, hashes: Iterable[str]) -> dict[str, Passage]:
        """Passages whose parts still exist."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select hash, body from part where hash = any ($1)", list(hashes))
        return {r[0]: passage_from(orjson.loads(r[1])) for r in rows}

    async def withdraw(
        self, workspace: WorkspaceId, id: str, collection: str | None, language: str | None, by: str, reason: str,
        at: datetime,
    ) -> tuple[PassageKey, ...]:  # fmt: skip
        """Withdraw a passage in whatever edition, also after a roll-back."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select distinct collection, id, language from working_passage where id = $1"
                " and ($2::text is null or collection = $2) and ($3::text is null or language = $3)",
                id, collection, language,
            )  # fmt: skip
            if not rows:
                raise Refused("passage.unknown", id=id)
            keys = tuple(PassageKey(r[0], r[1], r[2]) for r in rows)
            for key in keys:
                await connection.execute(
                    "insert into withdrawal (workspace_id, collection, id, language, at, by, reason)"
                    " values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, collection, id, language)"
                    " do update set at = excluded.at, by = excluded.by, reason = excluded.reason, lifted_at = null",
                    workspace, *key, at, by, reason,
                )  # fmt: skip
                await _log(
                    connection, workspace, at, by, "passage.withdrawn", {"key": list(key), "reason": reason}
                )
            await connection.execute("update library_head set revision = revision + 1")
        return keys

    async def withdrawn(self, workspace: WorkspaceId) -> frozenset[PassageKey]:
        """Every withdrawn name."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select collection, id, language from withdrawal where lifted_at is null"
            )
        return frozenset(PassageKey(r[0], r[1], r[2]) for r in rows)

    async def lights(self, workspace: WorkspaceId) -> Lights:
        """The lights that somebody or something has set."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select topic, light, shadow from topic_light")
            shadow = await connection.fetchval("select shadow from autonomy_setting")
        return Lights(
            {r["topic"]: Light(r["light"]) for r in rows},
            frozenset(r["topic"] for r in rows if r["shadow"]),
            bool(shadow),
        )


async def _point(connection: Working, workspace: WorkspaceId, number: int) -> None:
    await connection.execute(
        "insert into library_head (workspace_id, edition, revision) values ($1, $2, 1) on conflict (workspace_id)"
        " do update set edition = excluded.edition, revision = library_head.revision + 1",
        workspace, number,
    )  # fmt: skip


async def _log(
    connection: Working, workspace: WorkspaceId, at: datetime, by: str, kind: str, detail: Any
) -> None:
    await connection.execute(
        "insert into library_log (workspace_id, at, by, kind, detail) values ($1, $2, $3, $4, $5)",
        workspace, at, by, kind, detail,
    )  # fmt: skip
