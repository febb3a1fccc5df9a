"""Sessions and second factors of staff in PostgreSQL.

I decide how they are kept. Flows call me through the ports Sessions and Factors.
I never see a token, a code or a secret in the clear.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.adapters.postgres.staff_rows import append, staff_of
from taktvoll.base.errors import Refused
from taktvoll.base.ids import SessionId, StaffId, WorkspaceId
from taktvoll.domain.people.access import IDLE_MAX, Factor, Noted, Session, Stage

USE_NOTED_EVERY = timedelta(minutes=1)
"""How fine the time of last use is: a write a minute and session, not one a request."""

_SESSION = (
    "select t.id as session, t.stage, t.device, t.created_at, t.last_used_at, t.expires_at,"
    " s.id, s.workspace_id, s.email, s.name, s.role from staff_session t join staff s on s.id = t.staff_id"
)


class PostgresSessions:
    """Implements Sessions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def open(
        self,
        workspace: WorkspaceId,
        staff: StaffId,
        token_hash: bytes,
        at: datetime,
        until: datetime,
        stage: Stage = Stage.OPEN,
        device: str = "",
    ) -> None:
        """Keep a session by the hash of its token; ended ones are cleared away."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "delete from staff_session where expires_at < $1 or last_used_at < $2", at, at - IDLE_MAX
            )
            await connection.execute(
                "insert into staff_session"
                " (token_hash, workspace_id, staff_id, created_at, last_used_at, expires_at, stage, device)"
                " values ($1, $2, $3, $4, $4, $5, $6, $7)",
                token_hash, workspace, staff, at, until, stage.value, device,
            )  # fmt: skip

    async def find(
        self, workspace: WorkspaceId, token_hash: bytes, at: datetime, *, use: bool = True
    ) -> Session | None:
        """A session that has not ended; its use is noted once a minute."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                _SESSION + " where t.token_hash = $1 and t.expires_at > $2 and t.last_used_at > $3 and s.active",
                token_hash, at, at - IDLE_MAX,
            )  # fmt: skip
            if row and use and row["last_used_at"] <= at - USE_NOTED_EVERY:
                await connection.execute(
                    "update staff_session set last_used_at = $2 where token_hash = $1", token_hash, at
                )
        return _session(row) if row else None

    async def of(self, workspace: WorkspaceId, staff: StaffId, at: datetime) -> tuple[Session, ...]:
        """Someone's open sessions, the last used first; a sign-in that waits for its code is none yet."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _SESSION + " where t.staff_id = $1 and t.expires_at > $2 and t.last_used_at > $3"
                " and t.stage = 'open' order by t.last_used_at desc, t.id",
                staff, at, at - IDLE_MAX,
            )  # fmt: skip
        return tuple(_session(row) for row in rows)

    async def end(self, workspace: WorkspaceId, token_hash: bytes) -> None:
        """End a session by its token."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("delete from staff_session where token_hash = $1", token_hash)

    async def end_of(
        self,
        workspace: WorkspaceId,
        staff: StaffId,
        noted: Noted | None,
        only: SessionId | None = None,
        keep: bytes | None = None,
    ) -> int:
        """End someone's sessions: one, or all but the one with a token's hash."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "delete from staff_session where staff_id = $1 and ($2::uuid is null or id = $2)"
                " and ($3::bytea is null or token_hash <> $3) returning 1",
                staff, only, keep,
            )  # fmt: skip
            if rows and noted is not None:
                await append(connection, workspace, noted)
        return len(rows)


class PostgresFactors:
    """Implements Factors."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def factor(self, workspace: WorkspaceId, staff: StaffId) -> Factor | None:
        """Someone's factor, also an unconfirmed one."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select secret, confirmed, last_step, (select count(*) from staff_recovery r where"
                " r.staff_id = $1 and not r.used) as recovery from staff_factor where staff_id = $1",
                staff,
            )
        return Factor(row["secret"], row["confirmed"], row["last_step"], row["recovery"]) if row else None

    async def begin(self, workspace: WorkspaceId, staff: StaffId, secret: bytes, at: datetime) -> None:
        """Keep a secret that is not confirmed yet; a confirmed one stays."""
        async with self._pool.within(workspace) as connection:
            kept = await connection.fetchval(
                "insert into staff_factor (staff_id, workspace_id, secret, made_at) values ($1, $2, $3, $4)"
                " on conflict (staff_id) do update set secret = excluded.secret, made_at = excluded.made_at"
                " where not staff_factor.confirmed returning 1",
                staff, workspace, secret, at,
            )  # fmt: skip
        if not kept:
            raise Refused("factor.exists")

    async def confirm(
        self, workspace: WorkspaceId, staff: StaffId, step: int, recovery: Sequence[bytes], noted: Noted
    ) -> bool:
        """Let the unconfirmed factor count; the code that confirmed it is used up."""
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                "update staff_factor set confirmed = true, last_step = $2 where staff_id = $1 and not confirmed"
                " returning 1",
                staff, step,
            )  # fmt: skip
            if done:
                await _keep_recovery(connection, workspace, staff, recovery)
                await append(connection, workspace, noted)
        return bool(done)

    async def take_step(self, workspace: WorkspaceId, staff: StaffId, step: int) -> bool:
        """Use up a time step and all before it, in one statement, so that of two at once only one gets in."""
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                "update staff_factor set last_step = $2 where staff_id = $1 and confirmed and last_step < $2"
                " returning 1",
                staff, step,
            )  # fmt: skip
        return bool(done)

    async def take_recovery(
        self, workspace: WorkspaceId, staff: StaffId, digest: bytes, noted: Noted
    ) -> bool:
        """Use up a recovery code, once."""
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                "update staff_recovery set used = true where staff_id = $1 and digest = $2 and not used returning 1",
                staff, digest,
            )  # fmt: skip
            if done:
                await append(connection, workspace, noted)
        return bool(done)

    async def renew_recovery(
        self, workspace: WorkspaceId, staff: StaffId, recovery: Sequence[bytes], noted: Noted
    ) -> None:
        """Put new recovery codes in place of all old ones."""
        async with self._pool.within(workspace) as connection:
            await _keep_recovery(connection, workspace, staff, recovery)
            await append(connection, workspace, noted)

    async def remove(self, workspace: WorkspaceId, staff: StaffId, noted: Noted) -> bool:
        """Remove factor and recovery codes."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("delete from staff_recovery where staff_id = $1", staff)
            done = await connection.fetchval(
                "delete from staff_factor where staff_id = $1 returning confirmed", staff
            )
            if done:
                await append(connection, workspace, noted)
        return bool(done)


async def _keep_recovery(
    connection: Working, workspace: WorkspaceId, staff: StaffId, recovery: Sequence[bytes]
) -> None:
    await connection.execute("delete from staff_recovery where staff_id = $1", staff)
    await connection.executemany(
        "insert into staff_recovery (workspace_id, staff_id, digest) values ($1, $2, $3)",
        [(workspace, staff, digest) for digest in recovery],
    )


def _session(row: Any) -> Session:
    return Session(
        id=SessionId(row["session"]),
        staff=staff_of(row),
        stage=Stage(row["stage"]),
        device=row["device"],
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        expires_at=row["expires_at"],
    )
