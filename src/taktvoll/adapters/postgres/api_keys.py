"""Keys for programs in PostgreSQL.

I decide how keys are kept. Flows call me through the port KeyStore. I never see a key's secret, only its hash.
"""

from datetime import datetime
from typing import Any

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.staff_rows import append
from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.people.access import Noted
from taktvoll.domain.people.keys import ApiKey
from taktvoll.domain.people.permissions import Permission

_COLUMNS = (
    "workspace_id, handle, name, scopes, made_at, made_by, expires_at, last_used_at, revoked_at, secret_hash"
)


class PostgresKeys:
    """Implements KeyStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def make(self, workspace: WorkspaceId, key: ApiKey, secret_hash: bytes, noted: Noted) -> None:
        """Keep a new key."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "insert into api_key (workspace_id, handle, name, secret_hash, scopes, made_at, made_by, expires_at)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                workspace, key.handle, key.name, secret_hash, sorted(key.scopes), key.made_at, key.made_by,
                key.expires_at,
            )  # fmt: skip
            await append(connection, workspace, noted)

    async def keys(self, workspace: WorkspaceId) -> tuple[ApiKey, ...]:
        """All keys, the newest first."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(f"select {_COLUMNS} from api_key order by made_at desc, handle")  # noqa: S608 - our own columns
        return tuple(_key(row) for row in rows)

    async def find(self, workspace: WorkspaceId, handle: str) -> tuple[ApiKey, bytes] | None:
        """A key and what is kept of its secret."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(f"select {_COLUMNS} from api_key where handle = $1", handle)  # noqa: S608 - our own columns
        return (_key(row), row["secret_hash"]) if row else None

    async def used(self, workspace: WorkspaceId, handle: str, at: datetime) -> None:
        """Note that a key was used."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "update api_key set last_used_at = greatest(last_used_at, $2) where handle = $1", handle, at
            )

    async def revoke(self, workspace: WorkspaceId, handle: str, noted: Noted) -> None:
        """End a key for good."""
        async with self._pool.within(workspace) as connection:
            revoked = await connection.fetchval(
                "update api_key set revoked_at = $2 where handle = $1 and revoked_at is null returning 1",
                handle, noted.at,
            )  # fmt: skip
            if revoked:
                await append(connection, workspace, noted)
            elif not await connection.fetchval("select 1 from api_key where handle = $1", handle):
                raise Refused("key.missing")


def _key(row: Any) -> ApiKey:
    """Read a key; a scope that this program no longer knows opens nothing."""
    known = {p.value: p for p in Permission}
    return ApiKey(
        handle=row["handle"],
        workspace=WorkspaceId(row["workspace_id"]),
        name=row["name"],
        scopes=frozenset(known[s] for s in row["scopes"] if s in known),
        made_at=row["made_at"],
        made_by=row["made_by"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
