"""The connection pool, the workspace of a transaction, and what a lost connection means to a caller.

I decide how we talk to PostgreSQL and turn its failures into ours. The stores beside me call me.
I never let a connection work without a workspace where rows belong to one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import orjson

from taktvoll.adapters.postgres.schema import SCHEMA, pending
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import WorkspaceId

RETRY_PAUSES_S = (0.05, 0.2, 0.5, 1.0)
COMMAND_TIMEOUT_S = 10.0
LOAN_TIMEOUT_S = 5.0
PATIENCE_S = 8.0
"""After this long no further try: a caller who waits longer is better told to come back."""

GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection broke off in the middle of an answer
    asyncpg.InvalidAuthorizationSpecificationError,
)
"""What asyncpg raises when the server is away, starting, stopping, full or out of connections."""

T = TypeVar("T")
Working = Any
"""A connection on loan from the pool; asyncpg publishes no types."""


_JOINED: ContextVar["_Joined | None"] = ContextVar("joined", default=None)
"""The transaction that a task reads in, for whoever asks within a joined block."""


class Pool:
    """A pool of connections that work in our schema, as a role that row-level security binds."""

    def __init__(self, dsn: str, size: int, role: str) -> None:
        """Take the role to work as: connections that signed in as another role step down to it."""
        self.dsn = dsn
        self._size = size
        self._role = role
        self._pool: Any | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> Any:
        """Give the pool, connecting on first use.

        Raises: Unavailable("database.unreachable").
        """
        if self._pool is not None:
            return self._pool
        async with self._opening:
            if self._pool is None:
                try:
                    self._pool = await asyncpg.create_pool(
                        self.dsn,
                        min_size=0,
                        max_size=self._size,
                        timeout=LOAN_TIMEOUT_S,
                        command_timeout=COMMAND_TIMEOUT_S,
                        server_settings={"search_path": SCHEMA, "application_name": "taktvoll"},
                        init=self._prepare,
                        reset=_leave,
                    )
                except GONE as error:
                    raise Unavailable("database.unreachable", 2) from error
        return self._pool

    async def _prepare(self, connection: Working) -> None:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump, decoder=orjson.loads)
        role = '"' + self._role.replace('"', '""') + '"'
        await connection.execute(f"set session role {role}")

    async def row(self, sql: str, *arguments: object) -> asyncpg.Record:
        """Run one statement that always gives one row; repeated like run."""
        found: asyncpg.Record | None = await self.run(lambda c: c.fetchrow(sql, *arguments))
        assert found is not None, "the statement always gives a row"
        return found

    async def close(self) -> None:
        """Close all connections; waits a moment for running statements, then ends them."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), 3)
            except (TimeoutError, *GONE):
                self._pool.terminate()
            self._pool = None

    async def run(self, work: Callable[[Working], Awaitable[T]]) -> T:
        """Do idempotent work on a connection, again after short pauses while the database is away.

        Raises: Unavailable("database.unreachable") when it stays away.
        """
        if (joined := self._joined()) is not None:
            return await work(joined.look)
        since = monotonic()
        for pause_s in (*RETRY_PAUSES_S, None):
            try:
                pool = await self.open()
                async with pool.acquire(timeout=LOAN_TIMEOUT_S) as connection:
                    return await work(connection)
            except (Unavailable, asyncpg.DeadlockDetectedError, *GONE) as error:
                if pause_s is None or monotonic() - since > PATIENCE_S:
                    raise Unavailable("database.unreachable", 2) from error
                await asyncio.sleep(pause_s)
        raise Unavailable("database.unreachable", 2)

    @asynccontextmanager
    async def within(self, workspace: WorkspaceId) -> AsyncIterator[Working]:
        """One transaction within one workspace; not repeated, so for reads and for people's commands."""
        joined = self._joined()
        if joined is not None and joined.workspace == workspace:
            yield joined.look
            return
        pool = await self.open()
        try:
            async with pool.acquire(timeout=LOAN_TIMEOUT_S) as connection:
                await connection.execute(f"begin; set local taktvoll.workspace = '{UUID(str(workspace))}'")
                try:
                    yield connection
                except GONE:  # whatever this connection still holds, nobody waits for it
                    connection.terminate()
                    raise
                except Exception:  # when a task is cancelled, the pool rolls back
                    await connection.execute("rollback")
                    raise
                await connection.execute("commit")
        except (asyncpg.DeadlockDetectedError, *GONE) as error:
            raise Unavailable("database.unreachable", 2) from error

    @asynccontextmanager
    async def joined(self, workspace: WorkspaceId) -> AsyncIterator[None]:
        """Let all that this task asks within the block share one connection and one transaction.

        A page reads in dozens of small steps; begun and ended one by one, they cost more than what they read. Only for
        reading, and only one step after the other. What is asked twice is looked up once.
        """
        async with self.within(workspace) as connection:
            await connection.execute("set transaction read only")
            mine = _Joined(self, workspace, Look(connection), asyncio.current_task())
            before = _JOINED.set(mine)
            try:
                yield
            finally:
                _JOINED.reset(before)

    def _joined(self) -> "_Joined | None":
        """What this task has joined; a task that was begun within the block inherits the name, not the connection."""
        joined = _JOINED.get()
        if joined is None or joined.pool is not self or joined.task is not asyncio.current_task():
            return None
        return joined


@dataclass(frozen=True, slots=True)
class _Joined:
    """Whose transaction it is, and the task that may use it."""

    pool: Pool
    workspace: WorkspaceId
    look: Working
    task: asyncio.Task[object] | None


class Look:
    """A connection that answers a question it has answered already from memory."""

    def __init__(self, connection: Working) -> None:
        self._connection = connection
        self._answers: dict[tuple[object, ...], Any] = {}

    async def fetch(self, sql: str, *arguments: object) -> Any:
        """All rows."""
        return await self._once(self._connection.fetch, sql, arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> Any:
        """The first row."""
        return await self._once(self._connection.fetchrow, sql, arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        """The first row's first value."""
        return await self._once(self._connection.fetchval, sql, arguments)

    async def _once(self, ask: Callable[..., Awaitable[Any]], sql: str, arguments: Sequence[object]) -> Any:
        values = (tuple(a) if isinstance(a, list | set) else a for a in arguments)
        question = (ask.__name__, sql, *values)
        if question not in self._answers:
            self._answers[question] = await ask(sql, *arguments)
        return self._answers[question]


def _dump(value: object) -> str:
    return orjson.dumps(value).decode("utf-8")


async def _leave(_connection: object) -> None:
    """Nothing to reset: every statement of ours ends its own transaction, and settings are local to it."""


async def check_ready(pool: Pool) -> None:
    """Refuse to work as a role that row-level security does not bind, or on a schema that is not ours.

    Raises: Refused("database.role"), Refused("database.schema").
    """

    async def ask(connection: Working) -> tuple[bool, bool]:
        unbound = await connection.fetchval(
            "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        )
        return bool(unbound), await pending(connection)

    unbound, old = await pool.run(ask)
    if unbound:
        raise Refused("database.role")
    if old:
        raise Refused("database.schema")
