"""How fast contacts are found: python -m bench.desk.contacts [CONTACTS], 200,000 by default.

I make the contacts in SQL on a database of their own, ask as the program asks, and print one line a question. People
call me. I never test: what is slow on a loaded machine is not a failure.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.desk.queue import MAKE, STAFF, WORKSPACE, database, line, timed
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.contacts import PostgresContacts
from taktvoll.adapters.postgres.finding import PostgresFinder
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.finding import sought_from

RESULTS = Path(__file__).resolve().parents[1] / "results" / "desk_contacts.json"
FIRST = "Anna Bernd Ute David Eva Franz Greta Hans Ida Jonas Ina Leo Ria Nils Olga Paul Rosa Stefan Tim Udo".split()
LAST = "Müller Schmidt Schuster Fischer Weber Meyer Wagner Becker Schulz Hofmann Koch Bauer Richter Klein Wolf".split()
CONTACTS = """
insert into contact (id, workspace_id, name, made_at, changed_at)
select gen_random_uuid(), '{workspace}', concat((array[{first}])[1 + n % 20], ' ', (array[{last}])[1 + n / 20 % 15],
    case when n % 3 = 0 then lower(to_hex(n * 7919)) end), now(), now() - n * interval '1 minute'
from generate_series(1, {count}) n;
insert into contact_identity (id, workspace_id, contact_id, channel, address, written, proof, proven_at, made_at)
select gen_random_uuid(), '{workspace}', id, 'mail', a, a, 'mail_authenticated', now(), now()
from (select id, concat(left(id::text, 18), '.', lower(split_part(name, ' ', 1)), '@', (array['gmx', 'web', 'firma'])
    [1 + ascii(right(id::text, 1)) % 3], '.example') as a from contact) made;
insert into conversation (id, workspace_id, channel, account_id, owner_kind, owner_id, queue, last_seq, closed,
    snapshot, created_at, changed_at, contact_id)
select gen_random_uuid(), '{workspace}', 'webchat', a.id, 'queue', 'service', 'service', 2, false, '{{"tags":[]}}',
    now(), c.changed_at, c.id from contact c cross join channel_account a;
vacuum analyze;
"""


async def main() -> None:
    """Make, measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    async with database() as (raw, pool):
        await raw.fetch("select set_config('taktvoll.workspace', $1, false)", str(WORKSPACE))
        first, last = (", ".join(f"'{n}'" for n in names) for names in (FIRST, LAST))
        made = MAKE.replace("$1", f"'{WORKSPACE}'") + STAFF.format(workspace=WORKSPACE)
        made += CONTACTS.format(workspace=WORKSPACE, count=count, first=first, last=last)
        for statement in made.split(";\n"):
            if statement.strip():
                await raw.execute(statement)
        size = await raw.fetchval("select pg_total_relation_size('contact_search')")
        rare = await raw.fetchval("select address from contact_identity limit 1")
        code = await raw.fetchval("select code from conversation_code limit 1")
        asked = await measure(pool, rare, code)
    print(f"{count} contacts, index and table {size / 2**20:.0f} MiB")
    at = datetime.now(UTC).isoformat(timespec="minutes")
    kept = {"at": at, "contacts": count, "bytes": size, "asked": asked}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


async def measure(pool: Pool, rare: str, code: str) -> list[dict[str, object]]:
    """Ask for what one has, few, many and nobody; and for conversations by contact and by code."""
    contacts, finder, place = PostgresContacts(pool), PostgresFinder(pool), WorkspaceId(WORKSPACE)
    lines = []
    for name, text in {
        "one's address": rare, "a part of it": rare[:7], "a name of 700": "Eva Wagner", "a name of 13,000": "Wagner",
        "in every address": "example", "two letters": "ev", "two that nobody has": "ßß", "nobody": "Rumpelstilz",
        "the latest": "",
    }.items():  # fmt: skip
        took = await timed(lambda t=text: contacts.search(place, t, 20), 20)  # type: ignore[misc]
        lines.append(line(f"contacts: {name}", took, ""))
    for name, text in {
        "one's address": rare,
        "a name of 13,000": "Wagner",
        "a code": code,
        "nobody": "Rechnung",
    }.items():
        took = await timed(lambda t=text: finder.named(place, sought_from(t), contacts=True), 20)  # type: ignore[misc]
        lines.append(line(f"conversations: {name}", took, ""))
    return lines


if __name__ == "__main__":
    asyncio.run(main())
