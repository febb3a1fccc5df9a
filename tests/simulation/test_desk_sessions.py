"""Sessions at the desk, on a real house: what ends them while pages are open."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, StaffId, uuid7
from taktvoll.domain.conversation.board import Asked, View
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import Owner, OwnerKind
from taktvoll.domain.people.access import Kind
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.stream import LOOK_EVERY, Streams
from taktvoll.flows.change_password import change_password
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.end_sessions import end_without_factor
from taktvoll.flows.manage_staff import change_role, change_role_for, set_active
from taktvoll.flows.sign_in import opened, signed_in
from taktvoll.flows.snooze_conversation import snooze_conversation
from taktvoll.flows.take_over import take_over
from taktvoll.flows.verify_record import verify_record
from tests.contract.test_access import noted
from tests.simulation.test_desk_work import PERSON, say
from tests.simulation.town import Town, settle


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all towns, as one process has."""
    return SentenceEncoder()


@pytest.fixture
async def town(pool: Pool, encoder: SentenceEncoder, tmp_path: Path) -> AsyncIterator[Town]:
    """Give a house with three agents and a lead."""
    town = await settle(pool, tmp_path, encoder, 1)
    yield town
    town.close()


async def come_in(town: Town, staff: Staff) -> str:
    """Open a session; gives its token."""
    return (await opened(town.house, staff, "Firefox, Linux")).token


async def still_in(town: Town, token: str) -> bool:
    """Whether a session still opens anything."""
    try:
        await signed_in(town.house, town.place.id, token)
    except Refused:
        return False
    return True


async def factor_of(town: Town, staff: Staff) -> None:
    """Give someone a second factor."""
    factors = town.house.access.factors
    await factors.begin(town.place.id, staff.id, b"secret", town.clock.now())
    assert await factors.confirm(town.place.id, staff.id, 1, (), noted(staff, Kind.FACTOR_ENROLLED))


async def test_stream_of_one_who_left_ends_however_busy_the_desk_is(town: Town) -> None:
    """Who was let go must not go on hearing who works on what, only because the others are busy (H5)."""
    anna, house = town.staff[0], town.house
    token = await come_in(town, anna)
    visit = Visit(town.place.workspace, anna, token, "", "de", await signed_in(house, town.place.id, token))
    heard = aiter(Streams(house).open(visit, None).body_iterator)
    changed = Changed(town.place.id, ConversationId(uuid7(town.clock.now())), 1)
    assert "ready" in str(await anext(heard))
    house.push.publish(changed)
    assert "event: queue" in str(await anext(heard))
    await house.access.staffing.set_active(town.place.id, anna.id, False, noted(anna, Kind.DEACTIVATED))
    town.clock.at += LOOK_EVERY
    house.push.publish(changed)
    assert "event: ended" in str(await anext(heard))
    with pytest.raises(StopAsyncIteration):
        await anext(heard)


@pytest.mark.parametrize("how", ["leaves", "edits"])
async def test_nobody_waits_for_one_who_is_gone(town: Town, how: str) -> None:
    """A customer whose agent left the company would wait until they ask again, and nobody would be told (B2, C4)."""
    anna, bernd, cem = town.staff
    town.mind.dying = 0.0
    talks = [(await say(town, PERSON))[0] for _ in range(4)]
    waits, asleep, done, others = talks
    for one in talks:
        await take_over(town.house, anna if one != others else cem, one)
    await snooze_conversation(town.house, anna, asleep, town.clock.now() + timedelta(days=1))
    await close_conversation(town.house, anna, done)
    admin = replace(bernd, role=Role.ADMIN)
    if how == "leaves":
        await set_active(town.house, admin, anna.id, False)
    else:
        await change_role(town.house, admin, anna.id, Role.EDITOR)
    states = [(await town.house.record.access(town.place.id, one)).state for one in talks]
    queue = Owner(OwnerKind.QUEUE, "service")
    assert [s.owner for s in states] == [
        queue, queue, Owner(OwnerKind.ASSISTANT), Owner(OwnerKind.PERSON, str(cem.id))
    ]  # fmt: skip
    assert states[1].snoozed_until is None
    assert states[2].closed
    asked = Asked(view=View.WAITING, me=cem.id)
    assert {r.id for r in await town.house.board.rows(town.place.id, asked)} == {waits, asleep}
    assert (await verify_record(town.house, town.place.id, lambda *_: None)).findings == ()


async def test_no_password_comes_beside_the_companys_sign_in(town: Town) -> None:
    """Whoever the company's server lets in no more must not have left a way of their own open (H5)."""
    house, place = town.house, town.place.id
    about = replace(town.staff[0], id=StaffId(uuid7(town.clock.now())))
    dora = await house.access.staffing.invite(
        place, "dora@auental.example", "Dora", Role.AGENT, None, noted(about, Kind.ADDED)
    )
    token = await come_in(town, dora)
    session = await signed_in(house, place, token)
    with pytest.raises(Refused, match=r"password\.wrong"):
        await change_password(house, session, token, "", "ein ganzer langer Satz")
    assert await house.access.staffing.password_of(place, dora.id) == ""


async def test_demanded_factor_is_asked_of_those_who_are_in(town: Town) -> None:
    """A rule, or a role with more rights, must not wait until the last session of today has ended (H5)."""
    anna, bernd, cem = town.staff
    tokens = [await come_in(town, who) for who in (anna, bernd, cem, town.lead)]
    await town.house.directory.set_settings(town.place.id, {"second_factor": ["lead", "admin"]})
    assert await end_without_factor(town.house, town.place.id) == 1
    assert [await still_in(town, token) for token in tokens] == [True, True, True, False]
    await change_role_for(town.house, town.place.id, anna.id, Role.ADMIN, "test")
    await change_role_for(town.house, town.place.id, bernd.id, Role.EDITOR, "test")
    await factor_of(town, cem)
    await change_role_for(town.house, town.place.id, cem.id, Role.LEAD, "test")
    assert [await still_in(town, token) for token in tokens] == [False, True, True, False]
