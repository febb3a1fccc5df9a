"""The list of staff, links for those who are new, people of a sign-in server, and the log, in PostgreSQL.

I decide how the list changes and that every change stands in the log. Flows call me through the port Staffing.
I never see a password or a link's token, only their hashes.
"""

from datetime import datetime
from typing import Any

import asyncpg

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.staff_rows import append, hold_last_admin, staff_of
from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, WorkspaceId
from taktvoll.domain.people.access import Kind, Member, Noted
from taktvoll.domain.people.terms import Role, Staff

_MEMBER = """
select s.id, s.workspace_id, s.email, s.name, s.role, s.active, s.password_hash <> '' as has_password,
    exists (select 1 from staff_factor f where f.staff_id = s.id and f.confirmed) as factor,
    s.password_hash = '' and exists (select 1 from staff_link l where l.staff_id = s.id) as invited
from staff s
"""


class PostgresStaffing:
    """Implements Staffing."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def members(self, workspace: WorkspaceId) -> tuple[Member, ...]:
        """Everyone, those who left last."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_MEMBER + "order by not s.active, lower(s.name), s.id")
        return tuple(_member(row) for row in rows)

    async def member(self, workspace: WorkspaceId, staff: StaffId) -> Member:
        """One of them."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_MEMBER + "where s.id = $1", staff)
        if row is None:
            raise Refused("staff.unknown")
        return _member(row)

    async def password_of(self, workspace: WorkspaceId, staff: StaffId) -> str:
        """The hash of someone's password; empty for one who has none."""
        async with self._pool.within(workspace) as connection:
            found = await connection.fetchval(
                "select password_hash from staff where id = $1 and active", staff
            )
        return found or ""

    async def invite(
        self,
        workspace: WorkspaceId,
        email: str,
        name: str,
        role: Role,
        link: tuple[bytes, datetime] | None,
        noted: Noted,
    ) -> Staff:
        """Add someone without a password; keep a link for them, if any, by its token's hash until its end."""
        assert noted.about is not None, "the log names who was added"
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    "insert into staff (id, workspace_id, email, name, role, password_hash, created_at)"
                    " values ($1, $2, $3, $4, $5, '', $6)",
                    noted.about, workspace, email, name, role.value, noted.at,
                )  # fmt: skip
                if link:
                    await _keep_link(connection, workspace, noted.about, *link)
                await append(connection, workspace, noted)
        except asyncpg.UniqueViolationError as error:
            raise Refused("staff.exists") from error
        return Staff(noted.about, workspace, email, name, role)

    async def renew_link(
        self, workspace: WorkspaceId, staff: StaffId, token_hash: bytes, until: datetime, noted: Noted
    ) -> None:
        """Keep a new link for someone; earlier ones open nothing any more."""
        async with self._pool.within(workspace) as connection:
            if not await connection.fetchval("select 1 from staff where id = $1 and active", staff):
                raise Refused("staff.unknown")
            await _keep_link(connection, workspace, staff, token_hash, until)
            await append(connection, workspace, noted)

    async def invited(self, workspace: WorkspaceId, token_hash: bytes, at: datetime) -> Staff | None:
        """Whom a link is for."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select s.id, s.workspace_id, s.email, s.name, s.role from staff_link l join staff s"
                " on s.id = l.staff_id where l.token_hash = $1 and l.expires_at > $2 and s.active",
                token_hash, at,
            )  # fmt: skip
        return staff_of(row) if row else None

    async def join(
        self, workspace: WorkspaceId, token_hash: bytes, password_hash: str, at: datetime, noted: Noted
    ) -> Staff | None:
        """Use up a link; of two at once only one sets the password."""
        async with self._pool.within(workspace) as connection:
            staff = await connection.fetchval(
                "delete from staff_link where token_hash = $1 and expires_at > $2 returning staff_id",
                token_hash, at,
            )  # fmt: skip
            row = staff and await connection.fetchrow(
                "update staff set password_hash = $2 where id = $1 and active"
                " returning id, workspace_id, email, name, role",
                staff, password_hash,
            )  # fmt: skip
            if row:
                await connection.execute("delete from staff_session where staff_id = $1", staff)
                await append(connection, workspace, noted)
        return staff_of(row) if row else None

    async def set_password(
        self, workspace: WorkspaceId, staff: StaffId, password_hash: str, keep: bytes, noted: Noted
    ) -> None:
        """Change a password; links and all other sessions end."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "update staff set password_hash = $2 where id = $1", staff, password_hash
            )
            await connection.execute("delete from staff_link where staff_id = $1", staff)
            await connection.execute(
                "delete from staff_session where staff_id = $1 and token_hash <> $2", staff, keep
            )
            await append(connection, workspace, noted)

    async def set_role(self, workspace: WorkspaceId, staff: StaffId, role: Role, noted: Noted) -> None:
        """Change a role; the same role changes nothing."""
        async with self._pool.within(workspace) as connection:
            if role is not Role.ADMIN:
                await hold_last_admin(connection, staff)
            had = await connection.fetchval("select role from staff where id = $1 and active", staff)
            if had is None:
                raise Refused("staff.unknown")
            if had != role.value:
                await connection.execute("update staff set role = $2 where id = $1", staff, role.value)
                await append(connection, workspace, noted)

    async def set_active(self, workspace: WorkspaceId, staff: StaffId, active: bool, noted: Noted) -> None:
        """Let someone sign in no more, or again; sessions and links of one who leaves end."""
        async with self._pool.within(workspace) as connection:
            if not active:
                await hold_last_admin(connection, staff)
            changed = await connection.fetchval(
                "update staff set active = $2 where id = $1 and active <> $2 returning 1", staff, active
            )
            if not changed and not await connection.fetchval("select 1 from staff where id = $1", staff):
                raise Refused("staff.unknown")
            if not active:
                await connection.execute("delete from staff_session where staff_id = $1", staff)
                await connection.execute("delete from staff_link where staff_id = $1", staff)
            if changed:
                await append(connection, workspace, noted)

    async def linked(self, workspace: WorkspaceId, issuer: str, subject: str) -> Staff | None:
        """Whom a person of a sign-in server is here."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select s.id, s.workspace_id, s.email, s.name, s.role, s.active from staff_identity i"
                " join staff s on s.id = i.staff_id where i.issuer = $1 and i.subject = $2",
                issuer, subject,
            )  # fmt: skip
        if row and not row["active"]:
            raise Refused("sign_on.not_allowed")
        return staff_of(row) if row else None

    async def link(
        self, workspace: WorkspaceId, staff: StaffId, issuer: str, subject: str, noted: Noted
    ) -> None:
        """Say who a person of a sign-in server is; nobody can be two of its people."""
        try:
            async with self._pool.within(workspace) as connection:
                await connection.execute(
                    "insert into staff_identity (workspace_id, issuer, subject, staff_id) values ($1, $2, $3, $4)",
                    workspace, issuer, subject, staff,
                )  # fmt: skip
                await append(connection, workspace, noted)
        except asyncpg.UniqueViolationError as error:
            raise Refused("sign_on.not_allowed") from error

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Append a line to the log."""
        async with self._pool.within(workspace) as connection:
            await append(connection, workspace, noted)

    async def log(self, workspace: WorkspaceId, limit: int) -> tuple[Noted, ...]:
        """The newest lines of the log, the newest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select id, kind, by, at, about, detail from staff_log order by at desc, id desc limit $1",
                limit,
            )
        return tuple(
            Noted(r["id"], Kind(r["kind"]), r["by"], r["at"], r["about"] and StaffId(r["about"]), r["detail"])
            for r in rows
        )


async def _keep_link(
    connection: Any, workspace: WorkspaceId, staff: StaffId, token_hash: bytes, until: datetime
) -> None:
    await connection.execute("delete from staff_link where staff_id = $1", staff)
    await connection.execute(
        "insert into staff_link (token_hash, workspace_id, staff_id, expires_at) values ($1, $2, $3, $4)",
        token_hash, workspace, staff, until,
    )  # fmt: skip


def _member(row: Any) -> Member:
    return Member(
        staff=staff_of(row),
        active=row["active"],
        has_password=row["has_password"],
        factor=row["factor"],
        invited=row["invited"],
    )
