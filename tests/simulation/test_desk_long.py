"""Long conversations at the desk, on a real house: the end first, more on demand, and whatever somebody looks for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.entry.desk.pages import LINES_BEFORE, LINES_SHOWN, Talk, Wanted, talk_of
from taktvoll.entry.desk.session import Visit
from taktvoll.flows.sign_in import opened, signed_in
from tests.contract.conftest import NOW, talk, wrote
from tests.simulation.test_desk_work import say
from tests.simulation.town import Town, settle

MANY = LINES_SHOWN + 40


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


@pytest.fixture
async def visit(town: Town) -> Visit:
    """Give the first agent's visit."""
    anna = town.staff[0]
    token = (await opened(town.house, anna, "Firefox, Linux")).token
    known = await signed_in(town.house, town.place.id, token)
    return Visit(town.place.workspace, anna, token, "", "de", known)


async def long_talk(town: Town, one: ConversationId | None = None) -> ConversationId:
    """A conversation of many messages; in one of its own they stand from seq 2 on, after its beginning."""
    one = one or talk()
    for n in range(MANY):
        await town.place.record.accept(wrote(town.place, one, f"{one}{n}", f"Nachricht {n}"))
    return one


def seqs(shown: Talk) -> list[int]:
    """Which lines are shown."""
    return [line.seq for line in shown.lines]


async def test_the_end_is_shown_first_and_the_rest_page_by_page(town: Town, visit: Visit) -> None:
    """Two thousand messages at once would make agents wait for what they hardly ever read; none may be out of reach."""
    one = await long_talk(town)
    last = MANY + 1
    shown = await talk_of(town.house, visit, one)
    assert seqs(shown) == list(range(last - LINES_SHOWN + 1, last + 1))
    assert shown.lines[-1].text == f"Nachricht {MANY - 1}"
    more = await talk_of(town.house, visit, one, Wanted(since=shown.older))
    assert (seqs(more), more.older) == (list(range(1, last + 1)), 0)


async def test_what_is_looked_for_is_shown_with_what_went_before(town: Town, visit: Visit) -> None:
    """A search that finds an old message and shows the newest ones has found nothing."""
    one = await long_talk(town)
    shown = await talk_of(town.house, visit, one, Wanted(sought=25))
    assert seqs(shown) == list(range(25 - LINES_BEFORE + 1, MANY + 2))
    assert (shown.sought, shown.older) == (25, 1)
    assert seqs(await talk_of(town.house, visit, one, Wanted(sought=MANY)))[0] == MANY + 2 - LINES_SHOWN
    assert seqs(await talk_of(town.house, visit, one, Wanted(sought=10**6)))[-1] == MANY + 1


async def test_a_page_hears_only_of_what_it_shows(town: Town, visit: Visit) -> None:
    """Feedback about a message that a page does not show must not put that message below the newest ones."""
    one, _ = await say(town, "Wie melde ich den Zählerstand?")
    (answer,) = await town.house.record.events(town.place.id, one, kinds=("message.released",))
    await long_talk(town, one)
    page = await talk_of(town.house, visit, one)
    await town.place.record.accept(wrote(town.place, one, f"{one}new", "Noch etwas"))
    helped = NewEvent("feedback.given", NOW, "customer", {"about": answer.seq, "value": "helped"})
    await town.house.record.note(town.place.id, one, (helped,))
    heard = await talk_of(town.house, visit, one, Wanted(after=page.last_seq, since=page.since))
    assert [line.text for line in heard.lines] == ["Noch etwas"]
    whole = await talk_of(town.house, visit, one, Wanted(after=page.last_seq))
    assert seqs(whole) == [answer.seq, page.last_seq + 1]
