"""One-time codes that were asked for, in PostgreSQL.

I decide how limits hold when many ask at once. The flow confirm_address calls me through the Codes port.
I never see a code: only its id, and the address until it is proven or too late.
"""

from datetime import datetime, timedelta
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import (
    CODE_TRIES_MAX,
    CODES_PER_ADDRESS_AND_DAY,
    CODES_PER_ADDRESS_AND_HOUR,
    CODES_PER_CONVERSATION_AND_HOUR,
)
from taktvoll.domain.contacts.codes import LASTS, Asked

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_COUNT = """
select count(*) filter (where conversation_id = $1 and at > $3) as here,
    count(*) filter (where address_digest = $2 and sent and at > $3) as hour,
    count(*) filter (where address_digest = $2 and sent) as day
from contact_code
where workspace_id = $5 and at > $4 and (conversation_id = $1 or address_digest = $2)
"""


class PostgresCodes:
    """Implements Codes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ask(
        self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        id: UUID,
        address: str,
        written: str,
        address_digest: bytes,
        at: datetime,
    ) -> Asked:
        """Count and keep under one lock, so that a thousand at once are no more than three."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 13))", str(workspace))
            row = await connection.fetchrow(
                _COUNT, conversation, address_digest, at - _HOUR, at - _DAY, workspace
            )
            if row["here"] >= CODES_PER_CONVERSATION_AND_HOUR:
                raise Refused("code.too_many")
            sent = row["hour"] < CODES_PER_ADDRESS_AND_HOUR and row["day"] < CODES_PER_ADDRESS_AND_DAY
            await connection.execute(
                "update contact_code set open = false, address = null, written = null"
                " where conversation_id = $1 and open",
                conversation,
            )
            await connection.execute(
                "insert into contact_code"
                " (id, workspace_id, conversation_id, address_digest, address, written, sent, at)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                id, workspace, conversation, address_digest, address, written, sent, at,
            )  # fmt: skip
        return Asked(id=id, written=written, address=address, sent=sent, until=at + LASTS)

    async def tried(self, workspace: WorkspaceId, conversation: ConversationId, at: datetime) -> Asked | None:
        """Count the try before anything is compared: who breaks off has used it."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "update contact_code set tries = tries + 1 where conversation_id = $1 and open and tries < $2"
                " and at > $3 returning *",
                conversation, CODE_TRIES_MAX, at - LASTS,
            )  # fmt: skip
        if row is None:
            return None
        return Asked(
            id=row["id"],
            written=row["written"],
            address=row["address"],
            sent=row["sent"],
            until=row["at"] + LASTS,
        )

    async def used(self, workspace: WorkspaceId, id: UUID) -> bool:
        """Close a code and drop its address."""
        async with self._pool.within(workspace) as connection:
            done = await connection.execute(
                "update contact_code set open = false, address = null, written = null where id = $1 and open",
                id,
            )
        return bool(done == "UPDATE 1")

    async def forget(self, workspace: WorkspaceId, before: datetime) -> None:
        """Drop addresses after the code's life, rows after a day."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "update contact_code set open = false, address = null, written = null where open and at < $1",
                before - LASTS,
            )
            await connection.execute("delete from contact_code where at < $1", before - _DAY)
