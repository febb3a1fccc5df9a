"""What several stores of people share: a row of staff, a line of the log, and that one admin always stays.

I decide how a member of staff is read and when a workspace would lose its last admin. The stores beside me call me.
I never open a transaction: I work within the caller's.
"""

from typing import Any

from taktvoll.adapters.postgres.connect import Working
from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, WorkspaceId
from taktvoll.domain.people.access import Noted
from taktvoll.domain.people.terms import Role, Staff


def staff_of(row: Any) -> Staff:
    """Read a row with id, workspace_id, email, name and role."""
    return Staff(
        StaffId(row["id"]), WorkspaceId(row["workspace_id"]), row["email"], row["name"], Role(row["role"])
    )


async def append(connection: Working, workspace: WorkspaceId, noted: Noted) -> None:
    """Append a line to the log, in the transaction of what it tells of."""
    await connection.execute(
        "insert into staff_log (id, workspace_id, kind, by, at, about, detail) values ($1, $2, $3, $4, $5, $6, $7)",
        noted.id, workspace, noted.kind.value, noted.by, noted.at, noted.about, dict(noted.detail),
    )  # fmt: skip


async def hold_last_admin(connection: Working, staff: StaffId) -> None:
    """Refuse what would take the last admin away; of two at once, the second sees what the first did.

    Only admins who can sign in count: one who has not used their link yet cannot help anyone.
    Raises: Refused("staff.last_admin").
    """
    rows = await connection.fetch(
        "select id from staff where role = 'admin' and active and (password_hash <> '' or exists"
        " (select 1 from staff_identity i where i.staff_id = staff.id)) order by id for update"
    )
    if [row["id"] for row in rows] == [staff]:
        raise Refused("staff.last_admin")
