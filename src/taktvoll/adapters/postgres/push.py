"""Tells open screens that a conversation changed: in memory within the process, by batched NOTIFY between processes.

I decide how news travels. Flows publish through the Push port, doors listen. I never carry a text, only ids and a seq.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from taktvoll.adapters.postgres.connect import GONE, Pool
from taktvoll.base.errors import Unavailable
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.domain.conversation.ports import Changed, Doing, Present

CHANNEL = "taktvoll_changed"
BATCH_PAUSE_S = 0.004
MESSAGE_BYTES_MAX = 7_500
NAME_CHARS_MAX = 200
LIFE_SIGN_S = 15.0
QUEUE_MAX = 256

Inbox = asyncio.Queue[Changed | None]
Topic = tuple[WorkspaceId, ConversationId | None]


class PostgresPush:
    """Implements Push. start() joins the processes; without it news stays within this one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._me = secrets.token_hex(8)
        self._inboxes: dict[Topic, set[Inbox]] = defaultdict(set)
        self._outgoing: dict[tuple[ConversationId, str | StaffId | None], Changed] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def publish(self, changed: Changed) -> None:
        """Tell this process's listeners now and the other processes within milliseconds."""
        self._deliver(changed)
        if self._tasks:
            who = changed.present.staff if changed.present else changed.typing
            self._outgoing[(changed.conversation, who)] = changed
            self._wake.set()

    @asynccontextmanager
    async def listen(
        self, workspace: WorkspaceId, conversation: ConversationId | None
    ) -> AsyncIterator[AsyncIterator[Changed | None]]:
        """Hear of changes; a listener that falls far behind misses single news but never the newest."""
        inbox: Inbox = asyncio.Queue(QUEUE_MAX)
        topic = (workspace, conversation)
        self._inboxes[topic].add(inbox)
        try:
            yield _news(inbox)
        finally:
            self._inboxes[topic].discard(inbox)
            if not self._inboxes[topic]:
                del self._inboxes[topic]

    async def start(self) -> None:
        """Join the other processes: send our news, hear theirs; reconnects by itself."""
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._hear())]

    async def close(self) -> None:
        """Stop sending and hearing."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def _deliver(self, changed: Changed) -> None:
        one: Topic = (changed.workspace, changed.conversation)
        for topic in ((changed.workspace, None),) if changed.present else (one, (changed.workspace, None)):
            for inbox in self._inboxes.get(topic, ()):
                if inbox.full():
                    inbox.get_nowait()
                inbox.put_nowait(changed)

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(BATCH_PAUSE_S)
            self._wake.clear()
            waiting, self._outgoing = list(self._outgoing.values()), {}
            for message in self._messages(waiting):
                with suppress(Unavailable):
                    await self._pool.row("select pg_notify($1, $2)", CHANNEL, message)

    def _messages(self, waiting: list[Changed]) -> Iterator[str]:
        """Who is present travels under a name of its own, which programs of before do not read."""
        for rows in _batches((c for c in waiting if not c.present), _news_row):
            yield f'{{"from":"{self._me}","changed":[{",".join(rows)}]}}'
        for rows in _batches((c for c in waiting if c.present), _present_row):
            yield f'{{"from":"{self._me}","changed":[],"present":[{",".join(rows)}]}}'

    async def _hear(self) -> None:
        missed = False
        while True:
            try:
                connection = await asyncpg.connect(self._pool.dsn, timeout=5)
            except GONE:
                await asyncio.sleep(0.5)
                continue
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _c, lost=lost: lost.set())
            try:
                await connection.add_listener(CHANNEL, self._heard)
                if (
                    missed
                ):  # nobody knows what was told meanwhile: screens connect again and say what they have
                    self._end_all()
                missed = True
                await lost.wait()
            except GONE:
                await asyncio.sleep(0.5)
            finally:
                connection.terminate()

    def _end_all(self) -> None:
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                if inbox.full():
                    inbox.get_nowait()
                inbox.put_nowait(None)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        news = orjson.loads(payload)
        if news["from"] == self._me:
            return
        for workspace, conversation, seq, typing in news["changed"]:
            self._deliver(
                Changed(WorkspaceId(UUID(workspace)), ConversationId(UUID(conversation)), seq, typing)
            )
        for workspace, conversation, staff, name, doing in news.get("present", ()):
            present = Present(StaffId(UUID(staff)), name, Doing(doing))
            self._deliver(
                Changed(WorkspaceId(UUID(workspace)), ConversationId(UUID(conversation)), 0, present=present)
            )


def _news_row(c: Changed) -> bytes:
    typing = c.typing[:NAME_CHARS_MAX] if c.typing else None
    return orjson.dumps([str(c.workspace), str(c.conversation), c.seq, typing])


def _present_row(c: Changed) -> bytes:
    assert c.present is not None, "only who is present is written so"
    who = c.present
    name = who.name[:NAME_CHARS_MAX]
    return orjson.dumps([str(c.workspace), str(c.conversation), str(who.staff), name, who.doing.value])


def _batches(waiting: Iterable[Changed], written: Callable[[Changed], bytes]) -> Iterator[list[str]]:
    """Write news into as few messages as PostgreSQL's limit of 8,000 bytes allows."""
    rows: list[str] = []
    size = 0
    for c in waiting:
        row = written(c)
        if rows and size + len(row) > MESSAGE_BYTES_MAX:
            yield rows
            rows, size = [], 0
        rows.append(row.decode())
        size += len(row) + 1
    if rows:
        yield rows


async def _news(inbox: Inbox) -> AsyncIterator[Changed | None]:
    while True:
        try:
            changed = await asyncio.wait_for(inbox.get(), LIFE_SIGN_S)
        except TimeoutError:
            yield None
            continue
        if changed is None:
            return
        yield changed
