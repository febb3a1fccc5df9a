"""How fast arranged calls are found: calls.py [CALLS], 500 by default among twenty times as many conversations.

I put them on record as the program does, on a database of their own, and print one line a question. "one by one" is how
the page of calls asked until 2026-11-26: three questions for each. People call me. I never test.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bench.desk.queue import MAKE, ME, STAFF, WORKSPACE, database, line, timed
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.hours import PostgresHours
from taktvoll.adapters.postgres.record import PostgresRecord
from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId, uuid7
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.ports import Accepting, Change
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import NewEvent, PersonalText

PLACE = WorkspaceId(WORKSPACE)
AMONG = 20
NOW = datetime.now(UTC)


async def main() -> None:
    """Make, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    async with database() as (raw, pool):
        await raw.execute(MAKE.replace("$1", f"'{WORKSPACE}'") + STAFF.format(workspace=WORKSPACE))
        account = AccountId(await raw.fetchval("select id from channel_account"))
        for n in range(count * AMONG):
            await _talk(PostgresRecord(pool), account, n if n < count else None)
        await raw.execute("vacuum analyze")
        await _measure(pool)


async def _talk(record: PostgresRecord, account: AccountId, n: int | None) -> None:
    """A conversation that waits for a person, with a call at its own minute unless n is None; some are near."""
    talk = ConversationId(uuid7(NOW))
    text = PersonalText('{"text":"Bitte rufen Sie mich an."}')
    begun: dict[str, object] = {"channel": "webchat", "account": "web", "language": "de"}
    received, opening, reopening = (
        NewEvent("message.received", NOW, "customer", {}, text=text),
        NewEvent("conversation.started", NOW, "customer", begun),
        NewEvent("conversation.reopened", NOW, "customer", {}),
    )
    accepted = await record.accept(
        Accepting(PLACE, talk, account, "webchat", str(talk), received, opening, reopening)
    )
    events = [
        NewEvent(
            "conversation.handed_over",
            NOW,
            "assistant",
            {"epoch": 1, "from": "assistant", "queue": "service"},
        )
    ]
    if n is not None:
        since = NOW + timedelta(minutes=n)
        times = {"window": [rfc3339(since), rfc3339(since + timedelta(minutes=30))], "medium": "phone"}
        events.append(
            NewEvent("appointment.made", NOW, "customer", times, text=PersonalText('{"phone":"+498213240"}'))
        )
        if n < 10:
            events.append(
                NewEvent("appointment.announced", NOW, "taktvoll", {"about": accepted.state.last_seq + 2})
            )
    state = fold_new(accepted.state, *events)
    await record.decide(Change(workspace=PLACE, conversation=talk, at=NOW, events=events, state=state))


async def _measure(pool: Pool) -> None:
    hours, record = PostgresHours(pool), PostgresRecord(pool)

    async def one_by_one() -> None:
        for found in await hours.calls(PLACE, 500):
            stored = await record.access(PLACE, found.conversation)
            await hours.current(PLACE)
            await record.events(
                PLACE, stored.id, after=found.call.seq - 1, kinds=("callback.wished", "appointment.made")
            )

    line("calls, one by one", await timed(one_by_one, 5), "")
    line("calls", await timed(lambda: hours.calls(PLACE, 500)), "")
    line("near, at each desk", await timed(lambda: hours.near(PLACE, ME, (), 20)), "")
    line(
        "untold, every five seconds",
        await timed(lambda: hours.untold(PLACE, NOW + timedelta(minutes=10), NOW, 200)),
        "",
    )
    day = NOW + timedelta(days=1)
    line("unreminded, each minute", await timed(lambda: hours.unreminded(PLACE, NOW, day, 200)), "")


if __name__ == "__main__":
    asyncio.run(main())
