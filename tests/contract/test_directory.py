"""What the port Directory promises, held against PostgreSQL: workspaces, accounts, staff."""

import asyncio
from datetime import timedelta

import pytest

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.directory import PostgresDirectory
from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, uuid7
from taktvoll.domain.people.terms import Role, Staff
from tests.contract.conftest import NOW, Place

LATER = NOW + timedelta(hours=1)


async def hire(
    place: Place, email: str = "anna@auental.example", name: str = "Anna", password: str = "h1"
) -> Staff:
    """Add a member of staff."""
    return await place.directory.add_staff(place.id, email, name, Role.AGENT, password, NOW)


async def test_a_workspace_is_made_once(pool: Pool, place: Place) -> None:
    """Two commands on a fresh folder must not make two companies of one name."""
    directory = PostgresDirectory(pool)
    name = place.workspace.name
    again = await asyncio.gather(*(directory.make_workspace(name, "en", {"x": 1}, NOW) for _ in range(4)))
    assert {w.id for w in again} == {place.id}
    assert again[0].language == "de"
    assert name in [w.name for w in await directory.workspaces()]
    assert (await directory.workspace_by_id(place.id)).name == name


@pytest.mark.parametrize("name", ["", "A", "auental GmbH", "-x", "ä", "x" * 41, "a_b", "a/b", "x\n"])
async def test_a_name_fits_an_address(pool: Pool, name: str) -> None:
    """Names stand in addresses and on command lines; what needs quoting there is refused with the rule."""
    with pytest.raises(Refused) as caught:
        await PostgresDirectory(pool).make_workspace(name, "de", {}, NOW)
    assert caught.value.code == "workspace.name"


async def test_what_is_not_there_is_refused(pool: Pool, place: Place) -> None:
    """A wrong name gets a word that can be acted on."""
    directory = PostgresDirectory(pool)
    for attempt in (directory.workspace("gibt-es-nicht"), directory.workspace_by_id(WorkspaceId(uuid7(NOW)))):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "workspace.unknown"
    with pytest.raises(Refused) as caught:
        await directory.account(place.id, "webchat", "other")
    assert caught.value.code == "account.unknown"


async def test_settings_are_replaced_for_one_workspace_alone(place: Place, other: Place) -> None:
    """A gas line that turns out wrong is mended at once, and nobody else's is touched."""
    await place.directory.set_settings(place.id, {"gas_line": "0800 1", "company": "Auental"})
    await place.directory.set_settings(place.id, {"gas_line": "0800 2"})
    assert (await place.directory.workspace_by_id(place.id)).settings == {"gas_line": "0800 2"}
    assert (await place.directory.workspace_by_id(other.id)).settings == {}
    with pytest.raises(Refused) as caught:
        await place.directory.set_settings(WorkspaceId(uuid7(NOW)), {})
    assert caught.value.code == "workspace.unknown"


async def test_a_new_workspace_can_chat_and_be_asked(place: Place) -> None:
    """Nobody should have to set up an account before the first question."""
    assert (await place.directory.account(place.id, "webchat", "web")).workspace == place.id
    assert (await place.directory.account(place.id, "command", "ask")).settings == {}


async def test_an_account_is_made_once(place: Place, other: Place) -> None:
    """Workspaces made by older programs get an account when it is first needed; the neighbour's is another."""
    made = await place.directory.make_account(place.id, "command", "evaluate", NOW)
    assert await place.directory.make_account(place.id, "command", "evaluate", LATER) == made
    assert made == await place.directory.account(place.id, "command", "evaluate")
    assert (await other.directory.make_account(other.id, "command", "evaluate", NOW)).id != made.id


async def test_staff_are_found_by_address_in_any_spelling(place: Place, other: Place) -> None:
    """People sign in with capitals and spaces; the neighbour's staff are strangers."""
    anna = await hire(place, " Anna@Auental.example ")
    found = await place.directory.staff_by_email(place.id, "ANNA@auental.EXAMPLE ")
    assert found == (anna, "h1")
    assert await other.directory.staff_by_email(other.id, "anna@auental.example") is None
    assert await place.directory.staff(place.id) == (anna,)


async def test_failures_are_counted_until_a_success(place: Place, other: Place) -> None:
    """Guessing is stopped after five; whoever knows the password starts anew; neighbours do not count along."""
    digest = b"someone"
    for minute in range(3):
        await place.directory.note_sign_in(place.id, digest, False, NOW + timedelta(minutes=minute))
    assert await place.directory.failed_sign_ins(place.id, digest, NOW - timedelta(minutes=1)) == 3
    assert await place.directory.failed_sign_ins(place.id, digest, NOW + timedelta(seconds=1)) == 2
    assert await place.directory.failed_sign_ins(place.id, b"another", NOW - timedelta(minutes=1)) == 0
    assert await other.directory.failed_sign_ins(other.id, digest, NOW - timedelta(minutes=1)) == 0
    await place.directory.note_sign_in(place.id, digest, True, NOW + timedelta(minutes=5))
    assert await place.directory.failed_sign_ins(place.id, digest, NOW - timedelta(minutes=1)) == 0


async def test_failures_to_sign_in_are_forgotten_after_a_day(place: Place) -> None:
    """Strangers try addresses for years: what no lock counts any more must not pile up, nor be kept about anyone."""
    await place.directory.note_sign_in(place.id, b"long ago", False, NOW - timedelta(days=2))
    await place.directory.note_sign_in(place.id, b"just now", False, NOW - timedelta(minutes=1))
    await place.directory.note_sign_in(place.id, b"another", False, NOW)
    years_ago = NOW - timedelta(days=900)
    assert await place.directory.failed_sign_ins(place.id, b"long ago", years_ago) == 0
    assert await place.directory.failed_sign_ins(place.id, b"just now", years_ago) == 1
