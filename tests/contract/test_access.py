"""What the ports of signing in promise, held against PostgreSQL and the codes of authenticator apps."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from taktvoll.adapters.one_time import AuthenticatorCodes
from taktvoll.base.errors import Refused
from taktvoll.base.ids import SessionId, StaffId, uuid7
from taktvoll.domain.people.access import IDLE_MAX, Kind, Noted, Stage
from taktvoll.domain.people.keys import ApiKey
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.house import Access
from tests.contract.conftest import NOW, Place, access_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def access(place: Place) -> Access:
    """The implementations under test, as flows know them."""
    return access_of(place.pool)


async def hire(place: Place, name: str = "Anna", role: Role = Role.AGENT, password: str = "h1") -> Staff:
    """Add a member of staff."""
    return await place.directory.add_staff(place.id, f"{name.lower()}@x.example", name, role, password, NOW)


def noted(staff: Staff | None, kind: Kind = Kind.SESSIONS_ENDED, at: datetime = NOW) -> Noted:
    """A line of the log."""
    return Noted(uuid7(at), kind, "test", at, staff.id if staff else None, {"n": 1})


def key(place: Place, handle: str = "tv_abcdefghij") -> ApiKey:
    """A key for reading conversations."""
    return ApiKey(handle, place.id, "CRM", frozenset({Permission.CONVERSATION_READ}), NOW, "test")


async def kinds(access: Access, place: Place) -> list[str]:
    """What the log says, by name: what happened in the same instant has no order."""
    return sorted(n.kind.value for n in await access.staffing.log(place.id, 50))


async def test_a_session_lasts_until_its_end(place: Place, other: Place, access: Access) -> None:
    """A forgotten browser in an open office closes by itself, to the second; a token opens one workspace only."""
    anna, token = await hire(place), b"t2" + place.id.bytes
    await access.sessions.open(place.id, anna.id, token, NOW, LATER, device="Firefox, Linux")
    found = await access.sessions.find(place.id, token, LATER - timedelta(microseconds=1))
    assert found is not None
    assert (found.staff, found.stage, found.device) == (anna, Stage.OPEN, "Firefox, Linux")
    assert await access.sessions.find(place.id, token, LATER) is None
    assert await access.sessions.find(other.id, token, NOW) is None
    assert await access.sessions.find(place.id, b"wrong", NOW) is None
    await access.sessions.end(place.id, token)
    assert await access.sessions.find(place.id, token, NOW) is None


async def test_an_idle_session_ends_and_a_used_one_goes_on(place: Place, access: Access) -> None:
    """Whoever went home without signing out is out after two hours; pages that refresh themselves are no use."""
    anna, far = await hire(place), NOW + timedelta(days=1)
    idle, used, watched = (n + place.id.bytes for n in (b"idle", b"used", b"watched"))
    for token in (idle, used, watched):
        await access.sessions.open(place.id, anna.id, token, NOW, far)
    half = NOW + IDLE_MAX / 2
    assert await access.sessions.find(place.id, used, half) is not None
    assert await access.sessions.find(place.id, watched, half, use=False) is not None
    end = NOW + IDLE_MAX
    assert await access.sessions.find(place.id, idle, end - timedelta(microseconds=1), use=False) is not None
    assert await access.sessions.find(place.id, idle, end) is None
    assert await access.sessions.find(place.id, watched, end) is None
    assert await access.sessions.find(place.id, used, end) is not None


async def test_sessions_are_listed_and_ended(place: Place, access: Access) -> None:
    """A lost phone is signed out from the desk; a colleague's sessions are not mine to end by a guessed id."""
    anna, bernd = await hire(place), await hire(place, "Bernd")
    tokens = [bytes([n]) + place.id.bytes for n in range(3)]
    for n, token in enumerate(tokens):
        await access.sessions.open(place.id, anna.id, token, NOW + timedelta(minutes=n), LATER)
    await access.sessions.open(place.id, anna.id, b"half" + place.id.bytes, NOW, LATER, Stage.CODE)
    await access.sessions.open(place.id, bernd.id, b"b" + place.id.bytes, NOW, LATER)
    listed = await access.sessions.of(place.id, anna.id, NOW + timedelta(minutes=3))
    assert [s.created_at for s in listed] == [NOW + timedelta(minutes=n) for n in (2, 1, 0)]
    assert await access.sessions.end_of(place.id, bernd.id, noted(bernd), only=listed[0].id) == 0
    assert await access.sessions.end_of(place.id, anna.id, noted(anna), only=listed[1].id) == 1
    assert await access.sessions.find(place.id, tokens[1], NOW) is None
    assert await access.sessions.end_of(place.id, anna.id, None, keep=tokens[2]) == 2
    assert [s.id for s in await access.sessions.of(place.id, anna.id, NOW)] == [listed[0].id]
    assert await access.sessions.end_of(place.id, anna.id, noted(anna), only=SessionId(uuid7(NOW))) == 0
    assert len(await access.sessions.of(place.id, bernd.id, NOW)) == 1
    assert (await kinds(access, place)).count("sessions.ended") == 1


async def test_ended_and_idle_sessions_are_cleared_away(place: Place, access: Access) -> None:
    """Storage limitation: nothing overdue stays; a new session sweeps the old ones."""
    anna = await hire(place)
    for n in range(3):
        await access.sessions.open(place.id, anna.id, place.id.bytes + bytes([n]), NOW, LATER)
    await access.sessions.open(place.id, anna.id, place.id.bytes + b"idle", NOW, NOW + timedelta(days=9))
    then = NOW + timedelta(days=1)
    await access.sessions.open(place.id, anna.id, place.id.bytes + b"new", then, then + timedelta(hours=1))
    async with place.pool.within(place.id) as connection:
        assert await connection.fetchval("select count(*) from staff_session") == 1


async def test_who_leaves_or_gets_a_new_password_is_out_at_once(place: Place, access: Access) -> None:
    """Whoever sets a new password wants everyone else out; whoever is let go must not finish their shift."""
    anna, token = await hire(place), b"t1" + place.id.bytes
    await access.sessions.open(place.id, anna.id, token, NOW, LATER)
    assert (await hire(place, password="h2")).id == anna.id
    assert await access.sessions.find(place.id, token, NOW) is None
    await access.sessions.open(place.id, anna.id, token, NOW, LATER)
    await place.directory.remove_staff(place.id, "anna@x.example", NOW)
    assert await access.sessions.find(place.id, token, NOW) is None
    assert await place.directory.staff_by_id(place.id, anna.id) is None
    assert await kinds(access, place) == ["staff.added", "staff.added", "staff.deactivated"]


async def test_own_new_password_keeps_this_session_alone(place: Place, access: Access) -> None:
    """People change a password because someone else may know it: that someone must be out, they must not."""
    anna = await hire(place)
    mine, foreign = b"mine" + place.id.bytes, b"foreign" + place.id.bytes
    for token in (mine, foreign):
        await access.sessions.open(place.id, anna.id, token, NOW, LATER)
    await access.staffing.renew_link(
        place.id, anna.id, b"link" + place.id.bytes, LATER, noted(anna, Kind.INVITED)
    )
    await access.staffing.set_password(place.id, anna.id, "h9", mine, noted(anna, Kind.PASSWORD_CHANGED))
    assert await access.sessions.find(place.id, mine, NOW) is not None
    assert await access.sessions.find(place.id, foreign, NOW) is None
    assert await access.staffing.password_of(place.id, anna.id) == "h9"
    assert await access.staffing.invited(place.id, b"link" + place.id.bytes, NOW) is None


async def test_a_factor_counts_once_confirmed_and_a_step_counts_once(place: Place, access: Access) -> None:
    """A code read over a shoulder must not open a second session within its thirty seconds (RFC 6238, 5.2)."""
    anna = await hire(place)
    assert await access.factors.factor(place.id, anna.id) is None
    await access.factors.begin(place.id, anna.id, b"first", NOW)
    await access.factors.begin(place.id, anna.id, b"second", NOW)
    assert not await access.factors.take_step(place.id, anna.id, 99)
    assert await access.factors.confirm(
        place.id, anna.id, 100, [b"r1", b"r2"], noted(anna, Kind.FACTOR_ENROLLED)
    )
    assert not await access.factors.confirm(place.id, anna.id, 101, [], noted(anna, Kind.FACTOR_ENROLLED))
    with pytest.raises(Refused) as caught:
        await access.factors.begin(place.id, anna.id, b"third", NOW)
    assert caught.value.code == "factor.exists"
    factor = await access.factors.factor(place.id, anna.id)
    assert factor is not None
    assert (factor.secret, factor.confirmed, factor.last_step, factor.recovery_left) == (
        b"second",
        True,
        100,
        2,
    )
    assert not await access.factors.take_step(place.id, anna.id, 100)
    tries = [access.factors.take_step(place.id, anna.id, 101) for _ in range(5)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, False, True]
    assert not await access.factors.take_step(place.id, anna.id, 99)


async def test_a_recovery_code_counts_once_for_its_owner(place: Place, access: Access) -> None:
    """Ten codes on paper are ten ways in: each must close behind whoever used it."""
    anna, bernd = await hire(place), await hire(place, "Bernd")
    used = noted(anna, Kind.RECOVERY_USED)
    await access.factors.begin(place.id, anna.id, b"s", NOW)
    await access.factors.confirm(place.id, anna.id, 1, [b"r1", b"r2"], noted(anna, Kind.FACTOR_ENROLLED))
    assert not await access.factors.take_recovery(place.id, bernd.id, b"r1", used)
    tries = [
        access.factors.take_recovery(place.id, anna.id, b"r1", noted(anna, Kind.RECOVERY_USED))
        for _ in range(4)
    ]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, True]
    await access.factors.renew_recovery(place.id, anna.id, [b"r3"], noted(anna, Kind.RECOVERY_RENEWED))
    assert not await access.factors.take_recovery(place.id, anna.id, b"r2", used)
    assert await access.factors.remove(place.id, anna.id, noted(anna, Kind.FACTOR_RESET))
    assert not await access.factors.remove(place.id, anna.id, noted(anna, Kind.FACTOR_RESET))
    assert not await access.factors.take_recovery(place.id, anna.id, b"r3", used)
    wanted = [
        "factor.enrolled",
        "factor.reset",
        "recovery.renewed",
        "recovery.used",
        "staff.added",
        "staff.added",
    ]
    assert await kinds(access, place) == wanted


async def test_a_link_sets_one_password_once(place: Place, access: Access) -> None:
    """A link in a forwarded mail must not open an account a second time, nor after its end."""
    invited = noted(Staff(StaffId(uuid7(NOW)), place.id, "", "", Role.AGENT), Kind.INVITED)
    link = b"l1" + place.id.bytes
    mia = await access.staffing.invite(place.id, "mia@x.example", "Mia", Role.LEAD, (link, LATER), invited)
    assert (await access.staffing.member(place.id, mia.id)).invited
    assert await access.staffing.password_of(place.id, mia.id) == ""
    assert await access.staffing.invited(place.id, link, NOW) == mia
    assert await access.staffing.invited(place.id, link, LATER) is None
    assert await access.staffing.join(place.id, link, "h", LATER, noted(mia, Kind.JOINED)) is None
    tries = [access.staffing.join(place.id, link, f"h{n}", NOW, noted(mia, Kind.JOINED)) for n in range(3)]
    assert [j for j in await asyncio.gather(*tries) if j is not None] == [mia]
    member = await access.staffing.member(place.id, mia.id)
    assert (member.invited, member.has_password, member.active) == (False, True, True)
    assert await kinds(access, place) == ["staff.invited", "staff.joined"]


async def test_a_new_link_makes_the_old_one_worthless(place: Place, access: Access) -> None:
    """Whoever sent a link to the wrong address makes a new one, and the wrong one must be dead."""
    anna = await hire(place)
    one, two = b"l1" + place.id.bytes, b"l2" + place.id.bytes
    await access.staffing.renew_link(place.id, anna.id, one, LATER, noted(anna, Kind.INVITED))
    await access.staffing.renew_link(place.id, anna.id, two, LATER, noted(anna, Kind.INVITED))
    assert await access.staffing.invited(place.id, one, NOW) is None
    await access.staffing.set_active(place.id, anna.id, False, noted(anna, Kind.DEACTIVATED))
    assert await access.staffing.invited(place.id, two, NOW) is None
    with pytest.raises(Refused):
        await access.staffing.renew_link(place.id, anna.id, one, LATER, noted(anna, Kind.INVITED))


async def test_an_address_is_invited_once(place: Place, other: Place, access: Access) -> None:
    """Whoever left must not come back through an invitation by mistake; the neighbour's people are not ours."""
    anna = await hire(place)
    await access.staffing.set_active(place.id, anna.id, False, noted(anna, Kind.DEACTIVATED))
    again = noted(Staff(StaffId(uuid7(NOW)), place.id, "", "", Role.AGENT), Kind.INVITED)
    with pytest.raises(Refused) as caught:
        await access.staffing.invite(place.id, anna.email, "Anna", Role.ADMIN, None, again)
    assert caught.value.code == "staff.exists"
    neighbour = await access.staffing.invite(other.id, anna.email, "Anna", Role.AGENT, None, again)
    assert neighbour.workspace == other.id
    with pytest.raises(Refused) as caught:
        await access.staffing.member(other.id, anna.id)
    assert caught.value.code == "staff.unknown"


async def test_one_admin_always_stays(place: Place, access: Access) -> None:
    """A workspace without an admin can be mended by nobody who works there."""
    anna, bernd = await hire(place, role=Role.ADMIN), await hire(place, "Bernd")
    waiting = noted(Staff(StaffId(uuid7(NOW)), place.id, "", "", Role.AGENT), Kind.INVITED)
    await access.staffing.invite(place.id, "mia@x.example", "Mia", Role.ADMIN, None, waiting)
    changed = noted(anna, Kind.ROLE_CHANGED)
    for attempt in (
        access.staffing.set_role(place.id, anna.id, Role.AGENT, changed),
        access.staffing.set_active(place.id, anna.id, False, noted(anna, Kind.DEACTIVATED)),
        place.directory.remove_staff(place.id, anna.email, NOW),
        hire(place, role=Role.AUDITOR),
    ):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "staff.last_admin"
    await access.staffing.set_role(place.id, anna.id, Role.ADMIN, changed)
    await access.staffing.set_role(place.id, bernd.id, Role.ADMIN, noted(bernd, Kind.ROLE_CHANGED))
    await access.staffing.set_role(place.id, anna.id, Role.AGENT, changed)
    assert (await access.staffing.member(place.id, anna.id)).staff.role is Role.AGENT
    assert (await kinds(access, place)).count("staff.role_changed") == 2


async def test_two_admins_cannot_remove_each_other_at_once(place: Place, access: Access) -> None:
    """Each sees another admin, and both would be gone: the second must see what the first did."""
    for n in range(8):
        one = await hire(place, f"one{n}", Role.ADMIN)
        two = await hire(place, f"two{n}", Role.ADMIN)
        for old in await access.staffing.members(place.id):
            if old.active and old.staff.role is Role.ADMIN and old.staff.id not in (one.id, two.id):
                await access.staffing.set_role(place.id, old.staff.id, Role.AGENT, noted(old.staff))
        done = await asyncio.gather(
            access.staffing.set_active(place.id, one.id, False, noted(one, Kind.DEACTIVATED)),
            access.staffing.set_role(place.id, two.id, Role.EDITOR, noted(two, Kind.ROLE_CHANGED)),
            return_exceptions=True,
        )
        assert [r.code for r in done if isinstance(r, Refused)] == ["staff.last_admin"]


async def test_a_person_of_a_sign_in_server_is_one_member_of_staff(place: Place, access: Access) -> None:
    """Two people of a server in one account, or one in two, would mix what the record says about who wrote."""
    anna, bernd = await hire(place), await hire(place, "Bernd")
    linked = noted(anna, Kind.SIGN_ON_LINKED)
    await access.staffing.link(place.id, anna.id, "https://login.example", "u-1", linked)
    assert await access.staffing.linked(place.id, "https://login.example", "u-1") == anna
    assert await access.staffing.linked(place.id, "https://other.example", "u-1") is None
    for staff, subject in ((bernd, "u-1"), (anna, "u-2")):
        with pytest.raises(Refused) as caught:
            await access.staffing.link(place.id, staff.id, "https://login.example", subject, noted(staff))
        assert caught.value.code == "sign_on.not_allowed"
    await access.staffing.set_active(place.id, anna.id, False, noted(anna, Kind.DEACTIVATED))
    with pytest.raises(Refused):
        await access.staffing.linked(place.id, "https://login.example", "u-1")


async def test_the_log_can_only_grow(place: Place, access: Access) -> None:
    """Whoever covers their tracks would start with the log: the program itself cannot change it."""
    anna = await hire(place)
    await access.staffing.note(place.id, noted(anna, Kind.SIGN_IN_LOCKED, LATER))
    first = (await access.staffing.log(place.id, 1))[0]
    assert (first.kind, first.about, first.detail) == (Kind.SIGN_IN_LOCKED, anna.id, {"n": 1})
    for sql in ("update staff_log set by = 'nobody'", "delete from staff_log"):
        with pytest.raises(Exception, match="permission denied"):
            async with place.pool.within(place.id) as connection:
                await connection.execute(sql)


async def test_keys_are_kept_found_and_revoked(place: Place, other: Place, access: Access) -> None:
    """A key opens one workspace, and from the moment it is revoked nothing, for good."""
    made = key(place)
    await access.keys.make(place.id, made, b"hash", noted(None, Kind.KEY_MADE))
    assert await access.keys.find(place.id, made.handle) == (made, b"hash")
    assert await access.keys.find(other.id, made.handle) is None
    await access.keys.used(place.id, made.handle, LATER)
    await access.keys.used(place.id, made.handle, NOW)
    assert [k.last_used_at for k in await access.keys.keys(place.id)] == [LATER]
    for _ in range(2):
        await access.keys.revoke(place.id, made.handle, noted(None, Kind.KEY_REVOKED, LATER))
    found = await access.keys.find(place.id, made.handle)
    assert found is not None
    assert not found[0].opens(LATER)
    with pytest.raises(Refused) as caught:
        await access.keys.revoke(place.id, "tv_nothere", noted(None, Kind.KEY_REVOKED))
    assert caught.value.code == "key.missing"
    assert await kinds(access, place) == ["key.made", "key.revoked"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_every_app(second: int, code: str) -> None:
    """The secret and its codes are the standard's own examples: whatever app people have, it fits (RFC 6238, B)."""
    codes, secret = AuthenticatorCodes(), b"12345678901234567890"
    at = datetime.fromtimestamp(second, UTC)
    assert codes.step_of(secret, code, at) == second // 30
    assert codes.step_of(secret, f"{code[:3]} {code[3:]}", at + timedelta(seconds=30)) == second // 30
    assert codes.step_of(secret, code, at - timedelta(seconds=30)) == second // 30
    assert codes.step_of(secret, code, at + timedelta(seconds=61)) is None
    assert codes.step_of(secret, code, at - timedelta(seconds=61)) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12345\n6x"])
def test_what_is_no_code_fits_nothing(code: str) -> None:
    """Whatever is typed into the field, it is compared as six digits or not at all."""
    codes = AuthenticatorCodes()
    assert codes.step_of(codes.secret(), code, NOW) is None


def test_the_picture_is_drawn_here(place: Place) -> None:
    """A secret sent to another host to be drawn would be no secret; colons would break the app's label."""
    codes = AuthenticatorCodes()
    secret = codes.secret()
    picture = codes.picture(secret, "Stadt: Werke", "anna@x.example")
    assert picture.startswith("data:image/svg+xml")
    assert codes.spelled(secret) not in picture
    assert len(secret) == 20
    assert codes.spelled(b"12345678901234567890") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
