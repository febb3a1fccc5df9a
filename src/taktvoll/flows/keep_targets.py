"""Targets are judged anew where something happened, and what was missed goes on record, once.

I decide the order: first judge, then look what is overdue, so that an answer in time is never called late. The worker
calls me every two seconds. I never hold up a turn, and never change a conversation's state.
"""

from datetime import datetime, timedelta

from taktvoll.base.ids import WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.hours.clocks import CLOCK_KINDS, fold_clocks
from taktvoll.domain.hours.ports import Stale
from taktvoll.domain.hours.targets import judge_all, next_due
from taktvoll.domain.hours.terms import Kind
from taktvoll.flows.house import House
from taktvoll.flows.read_hours import Hours, hours_of

BATCH = 500
BY_ITSELF = "taktvoll"
MISSED = "target.missed"


async def keep_targets(house: House, workspace: WorkspaceId) -> int:
    """Judge what is stale, then put on record what is overdue.

    Gives:  how many targets were missed now.
    """
    hours = await hours_of(house, workspace)
    for stale in await house.hours.stale(workspace, BATCH):
        await _judge(house, workspace, hours, stale)
    now = house.now()
    return await _miss_people(house, workspace, now) + await _miss_assistant(house, workspace, hours, now)


async def _judge(house: House, workspace: WorkspaceId, hours: Hours, stale: Stale) -> None:
    events = await house.record.events(workspace, stale.conversation, kinds=CLOCK_KINDS)
    clocks = fold_clocks(e for e in events if e.seq <= stale.last_seq)
    now = max(house.now(), *(e.at for e in events)) if events else house.now()
    judged = judge_all(clocks, hours.set, hours.calendar, now)
    if await house.hours.keep(workspace, stale, judged, next_due(judged), now):
        house.push.publish(Changed(workspace, stale.conversation, stale.last_seq))


async def _miss_people(house: House, workspace: WorkspaceId, now: datetime) -> int:
    count = 0
    for missed in await house.hours.overdue(workspace, now, BATCH):
        event = _event(missed.kind, missed.due_at, missed.seq, missed.queue, now)
        seq = await house.hours.miss(workspace, missed, event)
        if seq is not None:
            house.push.publish(Changed(workspace, missed.conversation, seq))
            count += 1
    return count


async def _miss_assistant(house: House, workspace: WorkspaceId, hours: Hours, now: datetime) -> int:
    """The assistant's clock runs for seconds: only those that still wait are looked at, and they are few."""
    limit, count = timedelta(seconds=hours.set.assistant_s), 0
    for stored in await house.record.undecided(workspace, now - limit, BATCH):
        kinds = (*CLOCK_KINDS, MISSED)
        events = await house.record.events(workspace, stored.id, kinds=kinds)
        clock = fold_clocks(events).running(Kind.ASSISTANT)
        told = any(e.kind == MISSED and clock and e.payload["since"] == clock.seq for e in events)
        if clock is None or told or clock.since + limit > now:
            continue
        event = _event(Kind.ASSISTANT, clock.since + limit, clock.seq, "", now)
        seq = await house.hours.miss_assistant(workspace, stored.id, clock.seq, event)
        if seq is not None:
            house.push.publish(Changed(workspace, stored.id, seq))
            count += 1
    return count


def _event(kind: Kind, due_at: datetime, since: int, queue: str, at: datetime) -> NewEvent:
    payload: dict[str, object] = {
        "due_at": rfc3339(due_at),
        "queue": queue,
        "since": since,
        "target": kind.value,
    }
    return NewEvent(MISSED, at, BY_ITSELF, payload)
