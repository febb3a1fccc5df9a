"""Sessions are ended: one's own, one by one or all others at once, by an administrator anybody's, and by a new rule.

I decide whose sessions someone may end. The desk calls me, and whoever changes roles or rules. I never end the session
that asks, unless it is named.
"""

from taktvoll.base.ids import SessionId, StaffId, WorkspaceId, uuid7
from taktvoll.domain.people.access import Kind, Noted, Session, needs_factor
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import token_hash


async def end_own(house: House, session: Session, token: str, only: SessionId | None) -> int:
    """End one of one's own sessions, or all others."""
    staff = session.staff
    demand(staff, Permission.SESSION_OWN)
    keep = None if only else token_hash(token)
    return await house.access.sessions.end_of(staff.workspace, staff.id, None, only, keep)


async def end_of_another(house: House, by: Staff, whose: StaffId, only: SessionId | None = None) -> int:
    """End somebody's sessions as an administrator; this stands in the log.

    Raises: Refused("permission.missing").
    """
    demand(by, Permission.STAFF_MANAGE)
    now = house.now()
    noted = Noted(uuid7(now), Kind.SESSIONS_ENDED, f"staff:{by.id}", now, whose)
    return await house.access.sessions.end_of(by.workspace, whose, noted, only)


async def end_without_factor(house: House, workspace: WorkspaceId, whose: StaffId | None = None) -> int:
    """End the sessions of those of whom a second factor is demanded now and who have none: they set one up at the door.

    Takes:  whose: the one whose role has changed; None where the rule itself has.
    """
    place = await house.directory.workspace_by_id(workspace)
    ended = 0
    for member in await house.access.staffing.members(workspace):
        concerned = whose is None or member.staff.id == whose
        if concerned and not member.factor and needs_factor(place.settings, member.staff.role):
            ended += await house.access.sessions.end_of(workspace, member.staff.id, None)
    return ended
