"""What people teach the search, in PostgreSQL: the glossary, proposed wordings, approved ones.

I decide how they are kept. Flows call me through the LearningStore port.
I never copy a customer's words: a proposal's text is read from the message it stands in, for as long as that exists.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WordingId, WorkspaceId
from taktvoll.base.limits import WORDINGS_PROPOSED_MAX
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.knowledge.synonyms import Glossary, Term
from taktvoll.domain.knowledge.terms import Passage, PassageKey, passage_from
from taktvoll.domain.knowledge.wordings import Proposal, Standing, Why

_PROPOSALS = """
select p.*, t.content, 1 + (select count(*) from wording_proposal s where s.same_as = p.id) as confirmed
from wording_proposal p
join event e on e.conversation_id = p.conversation_id and e.seq = p.seq
join personal_text t on t.id = e.text_id and t.content is not null
where p.same_as is null
"""
_NARROWED = """
    and ($1::text is null or p.standing = $1)
    and ($2::text is null or (p.collection, p.passage_id, p.language) = ($2, $3::text, $4::text))
order by confirmed desc, p.at desc limit $5
"""
_COUNT_OPEN = """
select count(*) from wording_proposal p join event e on e.conversation_id = p.conversation_id and e.seq = p.seq
join personal_text t on t.id = e.text_id and t.content is not null
where p.same_as is null and p.standing = 'open'
"""


class PostgresLearning:
    """Implements LearningStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def glossary(self, workspace: WorkspaceId) -> Glossary:
        """All terms."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch("select term, synonyms from glossary_term")
        return Glossary(tuple(sorted(Term(r[0], tuple(r[1])) for r in rows)))

    async def keep_terms(self, workspace: WorkspaceId, terms: Sequence[Term], by: str, at: datetime) -> None:
        """Put terms in, each in the place of one of that name."""
        async with self._pool.within(workspace) as connection:
            await connection.executemany(
                "insert into glossary_term (workspace_id, term, synonyms, changed_at, by) values ($1, $2, $3, $4, $5)"
                " on conflict (workspace_id, term) do update set synonyms = excluded.synonyms,"
                " changed_at = excluded.changed_at, by = excluded.by",
                [(workspace, t.term, list(t.synonyms), at, by) for t in terms],
            )

    async def remove_term(self, workspace: WorkspaceId, term: str) -> None:
        """Take a term out."""
        async with self._pool.within(workspace) as connection:
            gone = await connection.fetch(
                "delete from glossary_term where lower(term) = lower($1) returning term", term
            )
        if not gone:
            raise Refused("glossary.unknown", term=term[:100])

    async def entry(self, workspace: WorkspaceId, key: PassageKey) -> Passage | None:
        """An entry of the working copy."""
        async with self._pool.within(workspace) as connection:
            body = await connection.fetchval(
                "select p.body from working_passage w join part p"
                " on p.workspace_id = w.workspace_id and p.hash = w.hash"
                " where w.collection = $1 and w.id = $2 and w.language = $3",
                *key,
            )
        return passage_from(orjson.loads(body)) if body else None

    async def wordings(
        self, workspace: WorkspaceId, keys: Sequence[PassageKey]
    ) -> Mapping[PassageKey, tuple[str, ...]]:
        """Approved wordings, oldest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select collection, id, language, array_agg(text order by at, text) from wording"
                " where (collection, id, language) in (select * from unnest($1::text[], $2::text[], $3::text[]))"
                " group by collection, id, language",
                [k.collection for k in keys], [k.id for k in keys], [k.language for k in keys],
            )  # fmt: skip
        return {PassageKey(r[0], r[1], r[2]): tuple(r[3]) for r in rows}

    async def propose(self, workspace: WorkspaceId, proposal: Proposal, same_as: WordingId | None) -> bool:
        """Keep a proposal once, and only so many of one conversation."""
        async with self._pool.within(workspace) as connection:
            kept = await connection.fetchval(
                "insert into wording_proposal"
                " (id, workspace_id, collection, passage_id, language, conversation_id, seq, why, at, same_as)"
                " select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 where"
                " (select count(*) from wording_proposal w where w.conversation_id = $6) < $11"
                " on conflict do nothing returning 1",
                proposal.id, workspace, *proposal.key, proposal.conversation, proposal.seq, proposal.why.value,
                proposal.at, same_as, WORDINGS_PROPOSED_MAX,
            )  # fmt: skip
        return bool(kept)

    async def proposals(
        self, workspace: WorkspaceId, standing: Standing | None, key: PassageKey | None, limit: int
    ) -> tuple[Proposal, ...]:
        """Proposals that still have a text."""
        narrowed = (standing.value if standing else None, *(key or (None, None, None)), limit)
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_PROPOSALS + _NARROWED, *narrowed)
        return tuple(_proposal(r) for r in rows)

    async def count_open(self, workspace: WorkspaceId) -> int:
        """How many wait."""
        async with self._pool.within(workspace) as connection:
            return int(await connection.fetchval(_COUNT_OPEN))

    async def proposal(self, workspace: WorkspaceId, id: WordingId) -> Proposal:
        """One proposal that still has a text."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_PROPOSALS + " and p.id = $1", id)
        if row is None:
            raise Refused("wording.unknown")
        return _proposal(row)

    async def approve(
        self, workspace: WorkspaceId, id: WordingId, text: str, before: Passage, after: Passage, by: str, at: datetime
    ) -> None:  # fmt: skip
        """Decide, keep the wording, and put the entry that has it into the working copy."""
        async with self._pool.within(workspace) as connection:
            await _decide(connection, id, Standing.APPROVED, by, at)
            await connection.execute(
                "insert into wording (workspace_id, collection, id, language, text, at, by)"
                " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
                workspace, *after.key, text, at, by,
            )  # fmt: skip
            await connection.execute(
                "insert into part (workspace_id, hash, kind, body) values ($1, $2, 'passage', $3)"
                " on conflict do nothing",
                workspace, after.hash, after.body(),
            )  # fmt: skip
            put = await connection.fetchval(
                "update working_passage set hash = $5, changed_at = $6"
                " where collection = $1 and id = $2 and language = $3 and hash = $4 returning 1",
                *after.key, before.hash, after.hash, at,
            )  # fmt: skip
            if not put:
                raise Refused("form.stale")
            await connection.execute(
                "insert into library_log (workspace_id, at, by, kind, detail) values ($1, $2, $3, $4, $5)",
                workspace, at, by, "wording.approved", {"key": list(after.key), "proposal": str(id)},
            )  # fmt: skip

    async def reject(self, workspace: WorkspaceId, id: WordingId, by: str, at: datetime) -> None:
        """Decide against it."""
        async with self._pool.within(workspace) as connection:
            await _decide(connection, id, Standing.REJECTED, by, at)


async def _decide(
    connection: Working, id: WordingId, standing: Standing, by: str, at: datetime
) -> None:  # fmt: skip
    done = await connection.fetchval(
        "update wording_proposal set standing = $2, decided_at = $3, decided_by = $4"
        " where id = $1 and standing = 'open' returning 1",
        id, standing.value, at, by,
    )  # fmt: skip
    if not done:
        raise Refused("wording.decided")


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=WordingId(row["id"]),
        key=PassageKey(row["collection"], row["passage_id"], row["language"]),
        conversation=ConversationId(row["conversation_id"]),
        seq=row["seq"],
        why=Why(row["why"]),
        at=row["at"],
        text=text_of_json(row["content"]),
        confirmed=row["confirmed"],
        standing=Standing(row["standing"]),
    )
