"""How fast the desk's pages are on many conversations: queue.py [CONVERSATIONS], 100,000 open ones by default.

I make the conversations in SQL on a database of their own, ask as the program asks, and print one line a question with
the index that PostgreSQL took. People call me. I never test: what is slow on a loaded machine is not a failure.
"""

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from taktvoll.adapters.embedded import EmbeddedPostgres
from taktvoll.adapters.postgres import board as statements
from taktvoll.adapters.postgres.board import PostgresBoard
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.hours import PostgresHours
from taktvoll.adapters.postgres.migrate import migrate
from taktvoll.adapters.postgres.record import PostgresRecord
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.board import Asked, View
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.hours.clocks import CLOCK_KINDS, fold_clocks
from taktvoll.domain.hours.ports import Stale
from taktvoll.domain.hours.targets import judge_all, next_due
from taktvoll.domain.hours.terms import ServiceHours

APP_ROLE = "taktvoll_app"
WORKSPACE = UUID("00000000-0000-7000-8000-0000000000aa")
ME = StaffId(UUID("00000000-0000-7000-8000-000000000001"))
QUEUES = ("service", "technik", "rechnung", "recht", "english")
TIMES = 100
SET = ServiceHours()
CALENDAR = SET.calendar({})
RESULTS = Path(__file__).resolve().parents[1] / "results" / "desk.json"

MAKE = """
insert into workspace (id, name, language, created_at) values ($1, 'bench', 'de', now());
"""
STAFF = """
insert into staff (id, workspace_id, email, name, role, password_hash, created_at)
select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{workspace}', n || '@b.example', 'Name ' || n,
    'agent', 'x', now() from generate_series(1, 50) n;
insert into channel_account (id, workspace_id, channel, name)
values (gen_random_uuid(), '{workspace}', 'webchat', 'web');
"""
CONVERSATIONS = """
insert into conversation (id, workspace_id, channel, account_id, owner_kind, owner_id, queue, urgency, last_seq,
    language, closed, waiting_since, snoozed_until, target_at, asked_at, ai_at, handed_at, person_at, closed_at,
    snapshot, created_at, changed_at)
select gen_random_uuid(), '{workspace}', 'webchat', a.id, k.kind,
    case k.kind when 'queue' then k.queue when 'person' then
        '00000000-0000-7000-8000-' || lpad((1 + n / 10 % 50)::text, 12, '0') else '' end,
    k.queue, case when n % 500 = 0 then 0 when n % 20 = 0 then 1 else 2 end, 2, 'de', k.kind = 'assistant',
    case when n % 3 <> 0 or k.kind = 'queue' then now() - n * interval '3 seconds' end,
    case when n % 25 = 0 and k.kind <> 'assistant' then now() + n * interval '1 second' end,
    case when n % 4 = 0 then now() + (n % 1000 - 300) * interval '1 minute' end,
    now() - interval '1 hour', now() - interval '59 minutes',
    case when k.kind <> 'assistant' then now() - interval '50 minutes' end,
    case when n % 3 = 0 then now() - interval '20 minutes' end, case when k.kind = 'assistant' then now() end,
    jsonb_build_object('urgency', 'normal', 'reasons', jsonb_build_array('request'), 'tags', jsonb_build_array('vip'),
        'filler', repeat('x', 600)),
    now() - interval '1 hour', now() - n * interval '0.1 second'
from generate_series(1, {count}) n cross join channel_account a
cross join lateral (select case when n > {open} then 'assistant' when n % 10 < 7 then 'queue' else 'person' end as kind,
    (array['service', 'technik', 'rechnung', 'recht', 'english'])[1 + (n % 17) % 5] as queue) k;
insert into personal_text (id, workspace_id, conversation_id, content)
select gen_random_uuid(), workspace_id, id, '{{"text":"Wann kommt endlich jemand zu meinem Zähler?"}}'
from conversation;
insert into event (workspace_id, conversation_id, seq, kind, at, body, text_id, prev_hash, hash)
select t.workspace_id, t.conversation_id, 1, 'message.received', now(), '\\x7b7d', t.id, '\\x00', '\\x00'
from personal_text t;
insert into conversation_tag (workspace_id, name, conversation_id)
select workspace_id, tag, id from (select workspace_id, id, row_number() over () as n from conversation) c
cross join lateral (values ('oft', n % 2), ('selten', n % 5000)) as v(tag, rest) where rest = 0;
insert into mention (workspace_id, staff_id, conversation_id, seq, at)
select workspace_id, '00000000-0000-7000-8000-000000000001', id, 1, now() - row_number() over () * interval '1 minute'
from conversation limit 2000;
vacuum analyze;
"""


async def main() -> None:
    """Make, measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    async with database() as (raw, pool):
        await fill(raw, count)
        measured = [*await measure(pool, raw), *await measure_targets(pool, raw)]
    at = datetime.now(UTC).isoformat(timespec="minutes")
    RESULTS.write_text(
        json.dumps({"at": at, "open": count, "all": 2 * count, "asked": measured}, indent=2) + "\n",
        encoding="utf-8",
    )


@asynccontextmanager
async def database() -> AsyncIterator[tuple[Any, Pool]]:
    """A database of our own in a throwaway folder: as the superuser who fills it, and as the program asks it."""
    folder = Path(tempfile.mkdtemp(prefix="taktvoll-bench-"))
    embedded = EmbeddedPostgres(folder, linger_s=0)
    endpoint = embedded.ensure()
    try:
        await migrate(endpoint.dsn("owner"), APP_ROLE)
        superuser = endpoint.dsn("owner").replace("user=taktvoll_owner", "user=postgres")
        raw = await asyncpg.connect(superuser, server_settings={"search_path": "taktvoll"})
        pool = Pool(endpoint.dsn("app"), 4, APP_ROLE)
        yield raw, pool
        await pool.close()
        await raw.close()
    finally:
        embedded.release()
        shutil.rmtree(folder, ignore_errors=True)


async def fill(raw: Any, count: int) -> None:
    """As many open conversations as wanted, and as many that the assistant has closed."""
    await raw.execute(MAKE.replace("$1", f"'{WORKSPACE}'"))
    await raw.fetch("select set_config('taktvoll.workspace', $1, false)", str(WORKSPACE))
    await raw.execute(STAFF.format(workspace=WORKSPACE))
    for statement in CONVERSATIONS.format(workspace=WORKSPACE, count=2 * count, open=count).split(";\n"):
        if statement.strip():
            await raw.execute(statement)


async def measure(pool: Pool, raw: Any) -> list[dict[str, object]]:
    """Ask each question many times; deep pages begin in the middle."""
    board, place = PostgresBoard(pool), WorkspaceId(WORKSPACE)
    begun = datetime.now(UTC) - timedelta(hours=12)
    found = []
    for name, asked in questions().items():
        plan = await explain(pool, asked)
        took = await timed(lambda a=asked: board.rows(place, a))  # type: ignore[misc]
        found.append(line(name, took, plan))
    found.append(line("counts", await timed(lambda: board.counts(place, ME, QUEUES[:2], QUEUES)), ""))
    found.append(line("team", await timed(lambda: board.team(place, begun, datetime.now(UTC)), 20), ""))
    return found


async def measure_targets(pool: Pool, raw: Any) -> list[dict[str, object]]:
    """What the worker asks every two seconds, and a waiting customer every fifteen; first a batch that is judged."""
    hours, place, now = PostgresHours(pool), WorkspaceId(WORKSPACE), datetime.now(UTC)
    await raw.execute("update conversation set target_seq = last_seq where owner_kind <> 'assistant'")
    await raw.execute("update conversation set target_seq = -1 where id in (select id from conversation"
                      " where owner_kind = 'queue' limit 500)")  # fmt: skip
    await raw.execute("vacuum analyze conversation")
    begun = time.perf_counter()
    stale = await hours.stale(place, 500)
    for one in stale:
        await judge(pool, hours, one, now)
    took = [(time.perf_counter() - begun) * 1000 / len(stale)] * 2
    waiting = ConversationId(
        await raw.fetchval(
            "select id from conversation where owner_kind = 'queue' order by waiting_since offset 9999 limit 1"
        )
    )
    return [
        line("targets: judge one", took, f"{len(stale)} in a row"),
        line("targets: what is stale", await timed(lambda: hours.stale(place, 500)), ""),
        line("targets: what is overdue", await timed(lambda: hours.overdue(place, now, 500)), ""),
        line("chat: place in line", await timed(lambda: hours.ahead(place, waiting, 21)), ""),
        line("chat: last waits", await timed(lambda: hours.waits_s(place, "service", 20)), ""),
        line("calls", await timed(lambda: hours.calls(place, 100)), ""),
    ]


async def judge(pool: Pool, hours: PostgresHours, stale: Stale, now: datetime) -> None:
    """Judge one conversation as the worker does, with a handover an hour ago in it."""
    await PostgresRecord(pool).events(WorkspaceId(WORKSPACE), stale.conversation, kinds=CLOCK_KINDS[1:])
    handed = Event(2, "conversation.handed_over", now - timedelta(hours=1), "assistant", {"queue": "service"})
    judged = judge_all(fold_clocks([handed]), SET, CALENDAR, now)
    await hours.keep(WorkspaceId(WORKSPACE), stale, judged, next_due(judged), now)


def questions() -> dict[str, Asked]:
    """What people ask for."""
    plain = Asked(view=View.OPEN, me=ME, limit=101)
    middle = statements.Cursor(2, None, datetime.now(UTC) - timedelta(hours=40), ConversationId(WORKSPACE))
    views = {view.value: replace(plain, view=view) for view in View}
    return views | {
        "waiting, my two queues": replace(plain, view=View.WAITING, queues=QUEUES[:2]),
        "open, one queue": replace(plain, queue="recht"),
        "waiting, one queue": replace(plain, view=View.WAITING, queue="recht"),
        "open, a tag on half of them": replace(plain, tag="oft"),
        "open, a tag on one in 5,000": replace(plain, tag="selten"),
        "open, a page in the middle": replace(plain, after=middle),
        "waiting, a page in the middle": replace(plain, view=View.WAITING, after=middle),
    }


async def timed(ask: Callable[[], Awaitable[object]], times: int = TIMES) -> list[float]:
    """Milliseconds of each time, after three that warm up."""
    took = []
    for n in range(times + 3):
        begun = time.perf_counter()
        await ask()
        if n >= 3:
            took.append((time.perf_counter() - begun) * 1000)
    return took


async def explain(pool: Pool, asked: Asked) -> str:
    """Which index the page of a question begins at, and how many rows were read for it."""
    statement, arguments = statements._statement(asked)  # the very one that is measured
    async with pool.within(WorkspaceId(WORKSPACE)) as connection:
        rows = await connection.fetch("explain (analyze, costs off, timing off) " + statement, *arguments)
    text = "\n".join(r[0] for r in rows)
    used = [
        word for word in text.replace(" on ", " ").split() if word.startswith(("conversation_", "mention_"))
    ]
    return ", ".join(dict.fromkeys(used)) + (", sorted" if "Sort Key" in text and "top-N" in text else "")


def line(name: str, took: list[float], plan: str) -> dict[str, object]:
    """One line of the report."""
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(f"{name:<32} p50 {p50:7.2f} ms   p95 {p95:7.2f} ms   {plan}", flush=True)
    return {"asked": name, "p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "index": plan}


if __name__ == "__main__":
    asyncio.run(main())
