"""Searching conversations in PostgreSQL: an index of stemmed words, snippets made from the texts as they are now.

I decide how words become a query. The desk's search page calls me through the Finder port. I never give a text that was
erased: its row in the index went with it.
"""

from typing import Any

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.finding import After, Hit, Sought, pieces_of
from taktvoll.domain.governance.wording import text_of_json

BEGIN, END, LESS = "\x02", "\x03", "\x04"
"""What stands around a marked word, and for "<", which PostgreSQL takes for markup; no readable text contains them."""
_ANYTHING = "select numnode(search_query($1, $2)) > 0"
_FIND = """
select f.text_id, f.conversation_id, f.kind, f.at, t.content, c.owner_kind, c.owner_id, c.closed, c.channel,
    coalesce(c.language, '') as language, coalesce(c.snapshot -> 'tags', '[]') as tags
from find_texts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) f
join personal_text t on t.id = f.text_id and t.content is not null join conversation c on c.id = f.conversation_id
order by f.at desc, f.text_id desc
"""
_MARK = f"""
select ts_headline('pg_catalog.german', said, search_query($1, $2),
    'StartSel={BEGIN}, StopSel={END}, MaxWords=40, MinWords=20, ShortWord=0') as marked
from unnest($3::text[]) with ordinality as s(said, place) order by place
"""  # noqa: S608 - constants of ours
_CHANNELS = "select distinct channel from channel_account where channel <> 'command' order by 1"


class PostgresFinder:
    """Implements Finder."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, workspace: WorkspaceId, sought: Sought) -> tuple[Hit, ...]:
        """One page of hits with their snippets."""
        words, starts = sought.words, list(sought.starts)
        async with self._pool.within(workspace) as connection:
            if not await connection.fetchval(_ANYTHING, words, starts):
                raise Refused("search.words")
            rows = await connection.fetch(_FIND, words, starts, *_filters(sought))
            texts = [text_of_json(r["content"]).replace("<", LESS) for r in rows]
            marked = await connection.fetch(_MARK, words, starts, texts) if rows else []
        return tuple(_hit(r, m["marked"]) for r, m in zip(rows, marked, strict=True))

    async def channels(self, workspace: WorkspaceId) -> tuple[str, ...]:
        """The channels of the workspace's accounts."""
        async with self._pool.within(workspace) as connection:
            return tuple(r["channel"] for r in await connection.fetch(_CHANNELS))


def _filters(sought: Sought) -> tuple[object, ...]:
    s = sought
    return (
        s.status.value if s.status else "",
        str(s.owner) if s.owner else "",
        s.tag,
        s.channel,
        s.language,
        s.since,
        s.until,
        s.after.at if s.after else None,
        s.after.text if s.after else None,
        s.limit,
    )


def _hit(row: Any, marked: str) -> Hit:
    return Hit(
        conversation=ConversationId(row["conversation_id"]),
        kind=row["kind"],
        at=row["at"],
        pieces=pieces_of(marked.replace(LESS, "<"), BEGIN, END),
        owner_kind=row["owner_kind"],
        owner_id=row["owner_id"],
        closed=row["closed"],
        language=row["language"],
        channel=row["channel"],
        tags=tuple(row["tags"]),
        after=After(row["at"], row["text_id"]),
    )
