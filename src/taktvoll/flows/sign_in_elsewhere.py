"""Staff sign in at the company's own sign-in server and come back with its word for who they are.

I decide whom a person of that server is here, and whether they may join. The desk calls me.
I never match an address that the server has not proven, and never bring back someone who left.
"""

from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, uuid7
from taktvoll.domain.people.access import Kind, Noted
from taktvoll.domain.people.sign_on import (
    SECOND_FACTORS,
    Begun,
    SignOn,
    Vouched,
    may_join,
    role_from,
    sign_on_of,
)
from taktvoll.domain.people.terms import Role, Staff, Workspace
from taktvoll.flows.house import House
from taktvoll.flows.manage_staff import change_role_for
from taktvoll.flows.sign_in import Opened, let_in

BY = "sign-in server"


async def begin_elsewhere(house: House, place: Workspace, back: str) -> Begun:
    """Make the address that the browser goes to.

    Takes:  back: the path that the server sends the browser back to.
    Raises: Refused("sign_on.unset"), Unavailable("sign_on.unreachable").
    """
    setting = setting_of(place)
    return await house.access.server.begin(setting, setting.address + back)


async def finish_elsewhere(
    house: House, place: Workspace, back: str, code: str, begun: Begun, device: str
) -> Opened:
    """Take the server's word and open a session, in the role that the server gives where it gives one.

    Raises: Refused("sign_on.failed"), Refused("sign_on.not_allowed"), Unavailable("sign_on.unreachable").
    """
    setting = setting_of(place)
    vouched = await house.access.server.finish(setting, setting.address + back, code, begun)
    role = role_from(setting, vouched)
    staff = await _known(house, place, setting, vouched) or await _joined(
        house, place, setting, vouched, role
    )
    if role is not None and role is not staff.role:
        staff = await _in_role(house, staff, role)
    strong = not SECOND_FACTORS.isdisjoint(vouched.methods)
    return await let_in(house, place, staff, device, strong=strong)


def setting_of(place: Workspace) -> SignOn:
    """Give the workspace's setting; raises Refused("sign_on.unset")."""
    setting = sign_on_of(place.settings)
    if setting is None:
        raise Refused("sign_on.unset")
    return setting


async def _known(house: House, place: Workspace, setting: SignOn, vouched: Vouched) -> Staff | None:
    """Find someone by the server's own name for them, the first time by their proven address."""
    staff = await house.access.staffing.linked(place.id, vouched.issuer, vouched.subject)
    if staff is not None:
        return staff
    may_join(setting, vouched)
    found = await house.directory.staff_by_email(place.id, vouched.email)
    if found is None:
        return None
    await _link(house, place, found[0].id, vouched)
    return found[0]


async def _joined(
    house: House, place: Workspace, setting: SignOn, vouched: Vouched, role: Role | None
) -> Staff:
    """Add someone new, where the setting says so; one who left is not brought back by this."""
    given = role or setting.create
    if setting.create is None or given is None:
        raise Refused("sign_on.not_allowed")
    now = house.now()
    noted = Noted(uuid7(now), Kind.ADDED, BY, now, StaffId(uuid7(now)), {"role": given.value})
    try:
        staff = await house.access.staffing.invite(
            place.id, vouched.email, vouched.name or vouched.email, given, None, noted
        )
    except Refused as refusal:
        raise Refused("sign_on.not_allowed") from refusal
    await _link(house, place, staff.id, vouched)
    return staff


async def _in_role(house: House, staff: Staff, role: Role) -> Staff:
    """Give the role that the server says; the last admin stays one, for somebody must be able to mend the rest."""
    try:
        await change_role_for(house, staff.workspace, staff.id, role, BY)
    except Refused as refusal:
        if refusal.code != "staff.last_admin":
            raise
        return staff
    return replace(staff, role=role)


async def _link(house: House, place: Workspace, staff: StaffId, vouched: Vouched) -> None:
    now = house.now()
    noted = Noted(uuid7(now), Kind.SIGN_ON_LINKED, BY, now, staff)
    await house.access.staffing.link(place.id, staff, vouched.issuer, vouched.subject, noted)
