"""Workspaces, channel accounts, staff and who tried to sign in, in PostgreSQL.

I decide how people and places are kept. Flows and doors call me through the Directory port.
I never see a password, only its hash.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.staff_rows import append, hold_last_admin, staff_of
from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, StaffId, WorkspaceId, uuid7
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.people.access import Kind, Noted
from taktvoll.domain.people.terms import Role, Staff, Workspace

FAILURES_KEPT = timedelta(days=1)
_STAFF = "select id, workspace_id, email, name, role from staff"


class PostgresDirectory:
    """Implements Directory."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def workspace(self, name: str) -> Workspace:
        """Find a workspace by name."""
        row = await self._pool.run(
            lambda c: c.fetchrow("select id, name, language, settings from workspace where name = $1", name)
        )
        if row is None:
            raise Refused("workspace.unknown", name=name[:40])
        return _workspace(row)

    async def workspace_by_id(self, workspace: WorkspaceId) -> Workspace:
        """Find a workspace by id."""
        row = await self._pool.run(
            lambda c: c.fetchrow(
                "select id, name, language, settings from workspace where id = $1", workspace
            )
        )
        if row is None:
            raise Refused("workspace.unknown", name="")
        return _workspace(row)

    async def workspaces(self) -> tuple[Workspace, ...]:
        """All workspaces of this installation."""
        rows = await self._pool.run(
            lambda c: c.fetch("select id, name, language, settings from workspace order by created_at")
        )
        return tuple(_workspace(r) for r in rows)

    async def make_workspace(
        self, name: str, language: str, settings: Mapping[str, object], at: datetime
    ) -> Workspace:
        """Make a workspace with its accounts, or give the existing one."""
        workspace = WorkspaceId(uuid7(at))
        try:
            async with self._pool.within(workspace) as connection:
                made = await connection.fetchval(
                    "insert into workspace (id, name, language, settings, created_at) values ($1, $2, $3, $4, $5)"
                    " on conflict (name) do nothing returning id",
                    workspace, name, language, dict(settings), at,
                )  # fmt: skip
                if made:
                    await connection.execute("insert into library_head (workspace_id) values ($1)", workspace)
                    await connection.execute(
                        "insert into channel_account (id, workspace_id, channel, name, settings)"
                        " values ($1, $3, 'webchat', 'web', '{}'::jsonb), ($2, $3, 'command', 'ask', '{}'::jsonb)",
                        uuid7(at), uuid7(at), workspace,
                    )  # fmt: skip
        except asyncpg.CheckViolationError as error:
            raise Refused("workspace.name") from error
        return await self.workspace(name)

    async def account(self, workspace: WorkspaceId, channel: str, name: str) -> Account:
        """Find a channel account."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select id, settings from channel_account where channel = $1 and name = $2", channel, name
            )
        if row is None:
            raise Refused("account.unknown")
        return Account(AccountId(row["id"]), workspace, channel, name, row["settings"])

    async def make_account(self, workspace: WorkspaceId, channel: str, name: str, at: datetime) -> Account:
        """Make a channel account, or give the existing one."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "insert into channel_account (id, workspace_id, channel, name) values ($1, $2, $3, $4)"
                " on conflict (workspace_id, channel, name) do nothing",
                uuid7(at), workspace, channel, name,
            )  # fmt: skip
        return await self.account(workspace, channel, name)

    async def accounts(self, channel: str) -> tuple[Account, ...]:
        """All accounts of a channel; workspace by workspace, because row-level security holds for us too."""
        found: list[Account] = []
        for place in await self.workspaces():
            async with self._pool.within(place.id) as connection:
                rows = await connection.fetch(
                    "select id, name, settings from channel_account where channel = $1", channel
                )
            found += [Account(AccountId(r[0]), place.id, channel, r[1], r[2]) for r in rows]
        return tuple(found)

    async def set_settings(self, workspace: WorkspaceId, settings: Mapping[str, object]) -> None:
        """Replace a workspace's settings."""
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                "update workspace set settings = $2 where id = $1 returning 1", workspace, dict(settings)
            )
        if not done:
            raise Refused("workspace.unknown", name=str(workspace))

    async def set_account(
        self, workspace: WorkspaceId, channel: str, name: str, settings: Mapping[str, object]
    ) -> None:
        """Replace an account's settings."""
        async with self._pool.within(workspace) as connection:
            done = await connection.fetchval(
                "update channel_account set settings = $3 where channel = $1 and name = $2 returning 1",
                channel, name, dict(settings),
            )  # fmt: skip
        if not done:
            raise Refused("account.unknown")

    async def add_staff(
        self,
        workspace: WorkspaceId,
        email: str,
        name: str,
        role: Role,
        password_hash: str,
        at: datetime,
        by: str = "program",
    ) -> Staff:
        """Add a member of staff, or renew the one with this address; their open sessions end."""
        address = email.strip().lower()
        async with self._pool.within(workspace) as connection:
            known = await connection.fetchval("select id from staff where email = $1", address)
            if known and role is not Role.ADMIN:
                await hold_last_admin(connection, StaffId(known))
            staff = await connection.fetchval(
                "insert into staff (id, workspace_id, email, name, role, password_hash, created_at)"
                " values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, email) do update set"
                " name = excluded.name, role = excluded.role, password_hash = excluded.password_hash, active = true"
                " returning id",
                uuid7(at), workspace, address, name, role.value, password_hash, at,
            )  # fmt: skip
            await connection.execute("delete from staff_session where staff_id = $1", staff)
            await connection.execute("delete from staff_link where staff_id = $1", staff)
            noted = Noted(uuid7(at), Kind.ADDED, by, at, StaffId(staff), {"role": role.value})
            await append(connection, workspace, noted)
        return Staff(StaffId(staff), workspace, address, name, role)

    async def remove_staff(
        self, workspace: WorkspaceId, email: str, at: datetime, by: str = "program"
    ) -> None:
        """Let someone sign in no more; what they wrote keeps their name."""
        address = email.strip().lower()
        async with self._pool.within(workspace) as connection:
            staff = await connection.fetchval("select id from staff where email = $1 and active", address)
            if staff is None:
                raise Refused("staff.unknown")
            await hold_last_admin(connection, StaffId(staff))
            await connection.execute("update staff set active = false where id = $1", staff)
            await connection.execute("delete from staff_session where staff_id = $1", staff)
            await connection.execute("delete from staff_link where staff_id = $1", staff)
            noted = Noted(uuid7(at), Kind.DEACTIVATED, by, at, StaffId(staff))
            await append(connection, workspace, noted)

    async def staff_by_email(self, workspace: WorkspaceId, email: str) -> tuple[Staff, str] | None:
        """Find an active member of staff and the password's hash."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select id, workspace_id, email, name, role, password_hash from staff where email = $1 and active",
                email.strip().lower(),
            )
        return (staff_of(row), row["password_hash"]) if row else None

    async def staff(self, workspace: WorkspaceId) -> tuple[Staff, ...]:
        """All active staff."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_STAFF + " where active order by created_at")
        return tuple(staff_of(r) for r in rows)

    async def staff_by_id(self, workspace: WorkspaceId, staff: StaffId) -> Staff | None:
        """Find an active member of staff."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_STAFF + " where id = $1 and active", staff)
        return staff_of(row) if row else None

    async def note_sign_in(self, workspace: WorkspaceId, email_digest: bytes, ok: bool, at: datetime) -> None:
        """Keep an attempt to sign in; a success clears the failures before it, and a day's end those of everyone."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("delete from sign_in_attempt where at < $1", at - FAILURES_KEPT)
            if ok:
                await connection.execute("delete from sign_in_attempt where email_digest = $1", email_digest)
            else:
                await connection.execute(
                    "insert into sign_in_attempt (workspace_id, at, email_digest, ok) values ($1, $2, $3, $4)",
                    workspace, at, email_digest, ok,
                )  # fmt: skip

    async def failed_sign_ins(self, workspace: WorkspaceId, email_digest: bytes, since: datetime) -> int:
        """How often signing in failed since then."""
        async with self._pool.within(workspace) as connection:
            count = await connection.fetchval(
                "select count(*) from sign_in_attempt where email_digest = $1 and at > $2 and not ok",
                email_digest, since,
            )  # fmt: skip
        return int(count)


def _workspace(row: Any) -> Workspace:
    return Workspace(WorkspaceId(row["id"]), row["name"], row["language"], row["settings"])
