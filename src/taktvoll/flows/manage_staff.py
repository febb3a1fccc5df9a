"""People join, change their role, leave and come back.

I decide who may do it to whom and that it stands in the log. The desk and the command line call me.
I never let the last admin go, and never see a link's token twice.
"""

import re
from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, WorkspaceId, public_token, uuid7
from taktvoll.base.limits import EMAIL_CHARS_MAX, INVITE_HOURS_MAX, STAFF_NAME_CHARS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.people.access import Kind, Noted
from taktvoll.domain.people.permissions import MATRIX, Permission, demand
from taktvoll.domain.people.terms import Role, Staff, Workspace
from taktvoll.flows.change_password import held_password
from taktvoll.flows.end_sessions import end_without_factor
from taktvoll.flows.free_conversations import free_conversations
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import Opened, let_in, token_hash

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


async def invite(house: House, by: Staff, email: str, name: str, role: Role) -> str:
    """Add someone who sets their password by a link.

    Gives:  the link's token, to be handed over once.
    Raises: Refused("permission.missing"), and as invite_for.
    """
    demand(by, Permission.STAFF_MANAGE)
    return await invite_for(house, by.workspace, email, name, role, f"staff:{by.id}")


async def invite_for(house: House, workspace: WorkspaceId, email: str, name: str, role: Role, by: str) -> str:
    """Invite on behalf of whoever runs the installation.

    Raises: Refused("staff.address"), Refused("staff.name"), Refused("staff.exists").
    """
    address, called = clean(email).lower(), " ".join(clean(name).split())
    if len(address) > EMAIL_CHARS_MAX or not _EMAIL.fullmatch(address):
        raise Refused("staff.address")
    if not 0 < len(called) <= STAFF_NAME_CHARS_MAX:
        raise Refused("staff.name", limit=STAFF_NAME_CHARS_MAX)
    token, now = public_token(), house.now()
    noted = Noted(uuid7(now), Kind.INVITED, by, now, StaffId(uuid7(now)), {"role": role.value})
    link = (token_hash(token), now + timedelta(hours=INVITE_HOURS_MAX))
    await house.access.staffing.invite(workspace, address, called, role, link, noted)
    return token


async def new_link(house: House, by: Staff, whose: StaffId) -> str:
    """Make a new link by which someone sets their password; earlier ones open nothing any more.

    Raises: Refused("permission.missing"), Refused("staff.unknown").
    """
    demand(by, Permission.STAFF_MANAGE)
    token, now = public_token(), house.now()
    noted = Noted(uuid7(now), Kind.INVITED, f"staff:{by.id}", now, whose)
    until = now + timedelta(hours=INVITE_HOURS_MAX)
    await house.access.staffing.renew_link(by.workspace, whose, token_hash(token), until, noted)
    return token


async def invited(house: House, workspace: WorkspaceId, token: str) -> Staff:
    """Say whom a link is for, and use nothing up.

    Raises: Refused("staff.link").
    """
    staff = await house.access.staffing.invited(workspace, token_hash(token), house.now())
    if staff is None:
        raise Refused("staff.link")
    return staff


async def join(house: House, place: Workspace, token: str, password: str, device: str) -> Opened:
    """Set the password by a link, once, and sign in.

    Raises: Refused("staff.link"), Refused("password.short").
    """
    staff, now = await invited(house, place.id, token), house.now()
    hashed = await house.passwords.hash(held_password(password))
    noted = Noted(uuid7(now), Kind.JOINED, f"staff:{staff.id}", now, staff.id)
    joined = await house.access.staffing.join(place.id, token_hash(token), hashed, now, noted)
    if joined is None:
        raise Refused("staff.link")
    return await let_in(house, place, joined, device)


async def change_role(house: House, by: Staff, whose: StaffId, role: Role) -> None:
    """Give someone another role.

    Raises: Refused("permission.missing"), Refused("staff.unknown"), Refused("staff.last_admin").
    """
    demand(by, Permission.STAFF_MANAGE)
    await change_role_for(house, by.workspace, whose, role, f"staff:{by.id}")


async def change_role_for(house: House, workspace: WorkspaceId, whose: StaffId, role: Role, by: str) -> None:
    """Do so on behalf of whoever runs the installation, or of the company's sign-in server."""
    now = house.now()
    member = await house.access.staffing.member(workspace, whose)
    detail = {"from": member.staff.role.value, "to": role.value}
    noted = Noted(uuid7(now), Kind.ROLE_CHANGED, by, now, whose, detail)
    await house.access.staffing.set_role(workspace, whose, role, noted)
    await end_without_factor(house, workspace, whose)
    if role not in MATRIX[Permission.CONVERSATION_REPLY]:
        await free_conversations(house, workspace, whose, by)


async def set_active(house: House, by: Staff, whose: StaffId, active: bool) -> None:
    """Let someone sign in no more, at once, or again; what they had goes back to its queue.

    Raises: Refused("permission.missing"), Refused("staff.unknown"), Refused("staff.last_admin").
    """
    demand(by, Permission.STAFF_MANAGE)
    now = house.now()
    kind = Kind.REACTIVATED if active else Kind.DEACTIVATED
    noted = Noted(uuid7(now), kind, f"staff:{by.id}", now, whose)
    await house.access.staffing.set_active(by.workspace, whose, active, noted)
    if not active:
        await free_conversations(house, by.workspace, whose, f"staff:{by.id}")
