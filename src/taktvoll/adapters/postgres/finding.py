"""Searching conversations in PostgreSQL: an index of stemmed words, snippets made from the texts as they are now.

I decide how words become a query. The desk's search page calls me through the Finder port. I never give a text that was
erased: its row in the index went with it.
"""

from typing import Any

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.finding import After, Hit, Named, Sought, pieces_of
from taktvoll.domain.delivery.arrived import arrived_of
from taktvoll.domain.governance.wording import text_of_json

BEGIN, END, LESS = "\x02", "\x03", "\x04"
"""What stands around a marked word, and for "<", which PostgreSQL takes for markup; no readable text contains them."""
NAMED_MAX, CONTACTS_MAX, TALKS_MAX, GIST_CHARS = 20, 10, 20, 240
_ANYTHING = "select numnode(search_query($1, $2)) > 0"
_FIND = """
select f.text_id, f.conversation_id, f.kind, f.at, f.seq, t.content, c.owner_kind, c.owner_id, c.closed, c.channel,
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
_WANTED = """
    case $3 when 'open' then c.owner_kind <> 'assistant' and not c.closed when 'closed' then c.closed
        when 'assistant' then c.owner_kind = 'assistant' and not c.closed else true end
    and ($4 = '' or c.owner_kind = 'person' and c.owner_id = $4)
    and ($5 = '' or exists (select 1 from conversation_tag g where g.conversation_id = c.id and g.name = $5))
    and ($6 = '' or c.channel = $6) and ($7 = '' or c.language ^@ $7)
    and ($8::timestamptz is null or c.changed_at >= $8) and ($9::timestamptz is null or c.changed_at < $9)
"""
"""The filters, before anything is cut off."""

_NAMED = f"""
with people as (select f.id, f.place from find_contacts($2, $12) with ordinality as f(id, place) where $2 <> ''),
found as (
    select k.conversation_id as id, 0 as place, '' as contact from conversation_code k where $1 <> '' and k.code = $1
    union all
    select c.id, p.place, coalesce(nullif(o.name, ''), (select i.written from contact_identity i
        where i.contact_id = p.id order by i.made_at, i.id limit 1), '')
    from people p join contact o on o.id = p.id
    cross join lateral (select c.id from conversation c where c.contact_id in (select contact_tree(p.id))
        and {_WANTED} order by c.changed_at desc limit $11) c
)
select distinct on (f.place > 0, c.changed_at, c.id) s.text_id, c.id as conversation_id, s.kind,
    0 as seq, c.changed_at as at, t.content,
    f.contact, c.owner_kind, c.owner_id, c.closed, c.channel, coalesce(c.language, '') as language,
    coalesce(c.snapshot -> 'tags', '[]') as tags
from found f join conversation c on c.id = f.id and c.channel <> 'command'
left join lateral (select s.text_id, s.kind from search_text s where s.conversation_id = c.id
    order by s.at desc, s.text_id desc limit 1) s on true
left join personal_text t on t.id = s.text_id
where {_WANTED}
order by f.place > 0, c.changed_at desc, c.id limit $10
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
            texts = [_said(r["content"]).replace("<", LESS) for r in rows]
            marked = await connection.fetch(_MARK, words, starts, texts) if rows else []
        return tuple(_hit(r, m["marked"]) for r, m in zip(rows, marked, strict=True))

    async def named(self, workspace: WorkspaceId, sought: Sought, *, contacts: bool) -> tuple[Named, ...]:
        """By code and by contact."""
        name = sought.name if contacts else ""
        if not sought.code and not name:
            return ()
        filters = _filters(sought)[:7]
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _NAMED, sought.code, name, *filters, NAMED_MAX, TALKS_MAX, CONTACTS_MAX
            )
        once = {row["conversation_id"]: row for row in reversed(rows)}
        return tuple(_named(row) for row in rows if once[row["conversation_id"]] is row)

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


def _said(content: str) -> str:
    """A kept text as a hit shows it: who wrote a mail stands before it, as it was searched."""
    mail = arrived_of(content)
    text = text_of_json(content)
    return f"{mail.sender.name} {mail.sender.address}: {text}".strip() if mail else text


def _hit(row: Any, marked: str) -> Hit:
    pieces = pieces_of(marked.replace(LESS, "<"), BEGIN, END)
    return Hit(**_fields(row), pieces=pieces, after=After(row["at"], row["text_id"]))


def _named(row: Any) -> Named:
    said = " ".join(_said(row["content"]).split())[:GIST_CHARS] if row["content"] else ""
    after = After(row["at"], row["conversation_id"])
    return Named(**_fields(row), pieces=(said,), after=after, contact=row["contact"])


def _fields(row: Any) -> dict[str, Any]:
    return {
        "conversation": ConversationId(row["conversation_id"]),
        "kind": row["kind"] or "",
        "seq": row["seq"],
        "at": row["at"],
        "owner_kind": row["owner_kind"],
        "owner_id": row["owner_id"],
        "closed": row["closed"],
        "language": row["language"],
        "channel": row["channel"],
        "tags": tuple(row["tags"]),
    }
