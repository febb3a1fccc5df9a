"""How fast the desk's search is: python -m bench.desk.search [CONVERSATIONS], 100,000 of four texts by default.

I make the texts in SQL on a database of their own, ask as the program asks, and print one line a question. People call
me. I never test: what is slow on a loaded machine is not a failure.
"""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.desk.queue import MAKE, STAFF, WORKSPACE, database, line, timed
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.finding import PostgresFinder
from taktvoll.base.ids import StaffId, WorkspaceId
from taktvoll.domain.conversation.finding import Sought, Status, sought_from

RESULTS = Path(__file__).resolve().parents[1] / "results" / "desk_search.json"
WORDS = (
    "Rechnung Abschlag Zähler Zählerstand Umzug Vertrag Kündigung Tarif Wallbox Strom Gas Wasser Störung Termin "
    "Monteur Rückruf Mahnung Lastschrift Konto Adresse Name Schlüssel Keller Wohnung Haus Nachbar Baustelle Netz Kabel"
).split()
CONVERSATIONS = """
insert into conversation (id, workspace_id, channel, account_id, owner_kind, owner_id, queue, last_seq, language,
    closed, snapshot, created_at, changed_at)
select gen_random_uuid(), '{workspace}', 'webchat', a.id,
    case when n % 10 < 2 then 'person' when n % 10 = 2 then 'queue' else 'assistant' end,
    case when n % 10 < 2 then '00000000-0000-7000-8000-' || lpad((1 + n % 50)::text, 12, '0') when n % 10 = 2
        then 'service' else '' end,
    'service', 4, case when n % 9 = 0 then 'en' else 'de' end, n % 10 > 4, '{{"tags":[]}}', now(),
    now() - n * interval '1 minute'
from generate_series(1, {count}) n cross join channel_account a;
create temporary table said as
select gen_random_uuid() as id, c.id as conversation, s.seq, c.changed_at + s.seq * interval '10 seconds' as at,
    concat('Guten Tag, ', (select string_agg(w, ' und ') from (select (array[{words}])[1 + floor(pow(random(), 2)
        * {many} + (s.seq - s.seq))::int] as w from generate_series(1, 12)) x),
        case when random() < 0.0002 then ' Frettchen' end, ' Kundennummer ', (random() * 1e6)::int) as text
from conversation c cross join generate_series(1, 4) as s(seq);
insert into personal_text (id, workspace_id, conversation_id, content)
select id, '{workspace}', conversation, jsonb_build_object('text', text)::text from said;
insert into event (workspace_id, conversation_id, seq, kind, at, body, text_id, prev_hash, hash)
select '{workspace}', conversation, seq, case seq % 2 when 1 then 'message.received' else 'message.released' end, at,
    '\\x7b7d', id, '\\x00', '\\x00' from said;
insert into conversation_tag (workspace_id, name, conversation_id)
select '{workspace}', 'vip', id from conversation where random() < 0.001;
vacuum analyze;
"""


async def main() -> None:
    """Make, measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    async with database() as (raw, pool):
        await fill(raw, count)
        size = await raw.fetchval("select pg_total_relation_size('search_text')")
        texts = await raw.fetchval("select count(*) from search_text")
        measured = await measure(pool)
    at = datetime.now(UTC).isoformat(timespec="minutes")
    print(f"{texts} texts, index and table {size / 2**20:.0f} MiB")
    kept = {"at": at, "conversations": count, "texts": texts, "bytes": size, "asked": measured}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


async def fill(raw: Any, count: int) -> None:
    """As many conversations as wanted, with texts whose words are as uneven as words are."""
    await raw.execute(MAKE.replace("$1", f"'{WORKSPACE}'"))
    await raw.fetch("select set_config('taktvoll.workspace', $1, false)", str(WORKSPACE))
    await raw.execute(STAFF.format(workspace=WORKSPACE))
    words = ", ".join(f"'{w}'" for w in WORDS)
    made = CONVERSATIONS.format(workspace=WORKSPACE, count=count, words=words, many=len(WORDS))
    for statement in made.split(";\n"):
        if statement.strip():
            await raw.execute(statement)


async def measure(pool: Pool) -> list[dict[str, object]]:
    """Ask each question many times; a later page begins after the first."""
    finder, place = PostgresFinder(pool), WorkspaceId(WORKSPACE)
    found = []
    for name, sought in questions().items():
        page = await finder.find(place, sought)
        took = await timed(lambda s=sought: finder.find(place, s), 20)  # type: ignore[misc]
        found.append(line(f"{name} ({len(page)})", took, ""))
        if len(page) == sought.limit:
            after = replace(sought, after=page[-1].after)
            took = await timed(lambda s=after: finder.find(place, s), 20)  # type: ignore[misc]
            found.append(line(f"{name}, next page", took, ""))
    return found


def questions() -> dict[str, Sought]:
    """What people look for."""
    person = StaffId(UUID("00000000-0000-7000-8000-000000000001"))
    asked = {
        "in half of all": sought_from("Rechnung"),
        "in few": sought_from("Kabel"),
        "in one of thousands": sought_from("Frettchen"),
        "in none": sought_from("Nashorn"),
        "two words": sought_from("Wallbox Keller"),
        "a phrase": sought_from('"Mahnung und Konto"'),
        "one without another": sought_from("Kabel -Rechnung"),
        "a beginning": sought_from("Zähler*"),
    }
    since = datetime.now(UTC) - timedelta(days=30)
    narrowed = {
        "in half of all, with one person": replace(asked["in half of all"], owner=person),
        "in half of all, a rare tag": replace(asked["in half of all"], tag="vip"),
        "in half of all, open, English": replace(asked["in half of all"], status=Status.OPEN, language="en"),
        "in half of all, long ago": replace(asked["in half of all"], until=since),
        "in few, with one person": replace(asked["in few"], owner=person),
    }
    return {name: replace(s, limit=21) for name, s in (asked | narrowed).items()}


if __name__ == "__main__":
    asyncio.run(main())
