"""Sessions are ended: one's own, one by one or all others at once, and by an administrator anybody's.

I decide whose sessions someone may end. The desk calls me. I never end the session that asks, unless it is named.
"""

from taktvoll.base.ids import SessionId, StaffId, uuid7
from taktvoll.domain.people.access import Kind, Noted, Session
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
