"""The deeds of the desk, each on a real house: who may do what, and what the customer learns of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.board import Asked, View
from taktvoll.domain.conversation.tags import TAGS_MAX
from taktvoll.domain.conversation.terms import Owner, OwnerKind, State
from taktvoll.domain.people.queues import Queue
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.assign_conversation import assign_conversation
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.keep_queues import keep_queue, remove_queue, set_skills
from taktvoll.flows.read_conversation import read_conversation
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.reopen_conversation import reopen_conversation
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.snooze_conversation import snooze_conversation, wake_conversation, wake_conversations
from taktvoll.flows.tag_conversation import add_tag, remove_tag
from taktvoll.flows.take_over import take_over
from taktvoll.flows.transfer_conversation import transfer_conversation
from taktvoll.flows.write_note import write_note
from tests.simulation.town import Town, settle

PERSON = "Ich möchte mit einem Menschen sprechen"
QUEUE = Owner(OwnerKind.QUEUE, "service")


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all towns, as one process has."""
    return SentenceEncoder()


@pytest.fixture
async def town(pool: Pool, encoder: SentenceEncoder, tmp_path: Path) -> AsyncIterator[Town]:
    """Give a house with three agents and a lead, in which nothing dies."""
    town = await settle(pool, tmp_path, encoder, 1)
    town.mind.dying = 0.0
    yield town
    town.close()


async def say(town: Town, text: str, one: ConversationId | None = None) -> tuple[ConversationId, State]:
    """A customer writes."""
    talk = one or ConversationId(uuid7(town.clock.now()))
    incoming = Incoming(
        account=town.place.account, conversation=talk, provider_id=str(uuid7(town.clock.now())), text=text
    )
    return talk, (await receive_message(town.house, incoming)).state


def person(staff: Staff) -> Owner:
    """Someone as owner."""
    return Owner(OwnerKind.PERSON, str(staff.id))


async def refused(deed: Awaitable[object]) -> str:
    """The code that a deed is refused with."""
    with pytest.raises(Refused) as caught:
        await deed
    return caught.value.code


async def shown(town: Town, one: ConversationId) -> tuple[str, object]:
    """All that the customer reads, and who they read has it."""
    view = await read_conversation(town.house, town.place.id, one)
    return json.dumps(view.messages, ensure_ascii=False), view.owner["name"]


async def test_a_note_is_for_colleagues_alone(town: Town) -> None:
    """A candid word about a customer that the customer reads is the end of trust on both sides."""
    anna, bernd, _ = town.staff
    one, before = await say(town, PERSON)
    state = await write_note(town.house, anna, one, "  @Bernd kennst du den Fall?  ")
    assert (state.owner, state.owner_epoch) == (before.owner, before.owner_epoch)
    (note,) = await town.house.record.events(town.place.id, one, kinds=("note.written",))
    assert note.payload == {"mentions": [str(bernd.id)]}
    assert "kennst du den Fall" in (note.content or "")
    assert "kennst du den Fall" not in (await shown(town, one))[0]
    (row,) = await town.house.board.rows(town.place.id, Asked(view=View.MENTIONED, me=bernd.id))
    assert row.id == one
    assert await refused(write_note(town.house, anna, one, "  ")) == "message.empty"


async def test_a_conversation_is_passed_on_with_a_reason(town: Town) -> None:
    """The next person reads why; the customer reads who, and nothing of why; the one before can no longer speak."""
    anna, bernd, cem = town.staff
    one, _ = await say(town, PERSON)
    mine = await take_over(town.house, anna, one)
    move = transfer_conversation
    assert await refused(move(town.house, cem, one, person(cem), "meins")) == "conversation.not_yours"
    state = await move(town.house, anna, one, person(bernd), "Technik, @Cem zur Kenntnis", mine.owner_epoch)
    assert (state.owner, state.owner_epoch) == (person(bernd), mine.owner_epoch + 1)
    said, name = await shown(town, one)
    assert name == "Bernd"
    assert "Bernd kümmert sich jetzt um Ihr Anliegen." in said
    assert "Technik" not in said
    late = send_reply(town.house, anna, one, "Noch von mir", mine.owner_epoch, "x1")
    assert await refused(late) == "owner.changed"
    (row,) = await town.house.board.rows(town.place.id, Asked(view=View.MENTIONED, me=cem.id))
    assert row.id == one
    back = await move(town.house, bernd, one, QUEUE, "Doch nicht")
    assert back.owner == QUEUE
    assert "an Kolleginnen und Kollegen weitergegeben" in (await shown(town, one))[0]
    assert await refused(move(town.house, bernd, one, person(cem), "")) == "message.empty"


async def test_what_the_assistant_hands_over_meanwhile_is_taken_all_the_same(town: Town) -> None:
    """Whoever reaches for a customer means the customer; only from a colleague nothing is taken unseen."""
    anna, bernd, _ = town.staff
    one, before = await say(town, "Hallo")
    await say(town, PERSON, one)
    state = await take_over(town.house, anna, one, before.owner_epoch)
    assert (state.owner, state.owner_epoch > before.owner_epoch + 1) == (person(anna), True)
    assert await refused(take_over(town.house, bernd, one, before.owner_epoch)) == "owner.changed"
    assert await refused(take_over(town.house, bernd, one, state.owner_epoch - 1)) == "owner.changed"
    assert (await take_over(town.house, bernd, one, state.owner_epoch)).owner == person(bernd)


async def test_a_hand_back_ends_what_was_offered(town: Town) -> None:
    """What is on record must say so itself: replayed in ten years it gives the same state (contracts.md)."""
    one, _ = await say(town, PERSON)
    await take_over(town.house, town.staff[0], one)
    state = await hand_back(town.house, town.staff[0], one)
    (back,) = await town.house.record.events(town.place.id, one, kinds=("conversation.handed_back",))
    assert (back.schema, state.choices, state.offered_person) == (2, (), False)


async def test_only_a_lead_assigns(town: Town) -> None:
    """Whoever may take anything from anyone could take it from the one who is in the middle of a sentence."""
    anna, bernd, _ = town.staff
    one, _ = await say(town, PERSON)
    mine = await take_over(town.house, anna, one)
    assert await refused(assign_conversation(town.house, bernd, one, person(bernd))) == "permission.missing"
    stale = assign_conversation(town.house, town.lead, one, person(bernd), mine.owner_epoch - 1)
    assert await refused(stale) == "owner.changed"
    state = await assign_conversation(town.house, town.lead, one, person(bernd), mine.owner_epoch)
    assert state.owner == person(bernd)
    assert (await shown(town, one))[1] == "Bernd"
    again = await assign_conversation(town.house, town.lead, one, person(bernd), state.owner_epoch)
    assert again.owner_epoch == state.owner_epoch


async def test_nothing_is_given_to_whom_there_is_not(town: Town) -> None:
    """A conversation with an owner who never looks is lost."""
    one, _ = await say(town, PERSON)
    editor = await town.house.directory.add_staff(
        town.place.id, "e@auental.example", "Edda", Role.EDITOR, "x", town.clock.now()
    )
    for to in (
        person(editor),
        Owner(OwnerKind.PERSON, "niemand"),
        Owner(OwnerKind.QUEUE, "mond"),
        Owner(OwnerKind.ASSISTANT),
    ):
        assert await refused(assign_conversation(town.house, town.lead, one, to)) == "target.unknown"
    await close_conversation(town.house, town.lead, one)
    closed = assign_conversation(town.house, town.lead, one, person(town.staff[0]))
    assert await refused(closed) == "conversation.ended"


async def test_two_who_move_it_at_once_do_not_both(town: Town) -> None:
    """Of two leads who assign the same moment one must learn that the other was quicker."""
    anna, bernd, _ = town.staff
    one, state = await say(town, PERSON)
    ends = await asyncio.gather(
        *(
            assign_conversation(town.house, town.lead, one, person(s), state.owner_epoch)
            for s in (anna, bernd)
        ),
        return_exceptions=True,
    )
    assert sorted(type(e).__name__ for e in ends) == ["Refused", "State"]
    stored = await town.house.record.access(town.place.id, one)
    assert stored.state.owner_epoch == state.owner_epoch + 1


async def test_what_is_put_off_comes_back_by_itself(town: Town) -> None:
    """A promise to call back on Monday must not hang on somebody's memory."""
    anna, bernd, _ = town.staff
    one, _ = await say(town, PERSON)
    await take_over(town.house, anna, one)
    until = town.clock.now() + timedelta(hours=1)
    assert await refused(snooze_conversation(town.house, bernd, one, until)) == "conversation.not_yours"
    for wrong in (town.clock.now() - timedelta(seconds=1), town.clock.now() + timedelta(days=400)):
        assert await refused(snooze_conversation(town.house, anna, one, wrong)) == "snooze.time"
    state = await snooze_conversation(town.house, anna, one, until)
    assert (state.snoozed_until, state.owner) == (until, person(anna))
    assert await wake_conversations(town.house, town.place.id) == 0
    town.clock.at = until
    assert await wake_conversations(town.house, town.place.id) == 1
    assert await wake_conversations(town.house, town.place.id) == 0
    state = (await town.house.record.access(town.place.id, one)).state
    assert (state.snoozed_until, state.owner) == (None, person(anna))


async def test_what_is_put_off_comes_back_when_the_customer_writes_or_a_person_wants(town: Town) -> None:
    """“Never mind, it works” and “now it burns” both come before the time that was set."""
    anna, bernd, _ = town.staff
    one, _ = await say(town, PERSON)
    await take_over(town.house, anna, one)
    for wakes, because in (
        (lambda: say(town, "Es eilt jetzt", one), "customer"),
        (lambda: wake_conversation(town.house, anna, one), "staff"),
    ):
        await snooze_conversation(town.house, anna, one, town.clock.now() + timedelta(days=3))
        assert await refused(wake_conversation(town.house, bernd, one)) == "conversation.not_yours"
        await wakes()
        events = await town.house.record.events(town.place.id, one, kinds=("conversation.woken",))
        assert events[-1].payload == {"because": because}
        assert (await town.house.record.access(town.place.id, one)).state.snoozed_until is None
    assert (await wake_conversation(town.house, bernd, one)).snoozed_until is None


async def test_whoever_opens_a_conversation_again_has_it(town: Town) -> None:
    """An opened conversation without a person would be answered by the assistant as if nothing had been."""
    anna, bernd, _ = town.staff
    one, _ = await say(town, PERSON)
    closed = await close_conversation(town.house, anna, one)
    assert closed.closed
    state = await reopen_conversation(town.house, bernd, one, closed.owner_epoch)
    assert (state.closed, state.owner) == (False, person(bernd))
    assert (await shown(town, one))[1] == "Bernd"
    assert await reopen_conversation(town.house, anna, one) == state


async def test_tags_are_put_on_and_taken_off(town: Town) -> None:
    """Tags are how a team finds again what belongs together; a new one is there for everyone at once."""
    anna, bernd, _ = town.staff
    one, _ = await say(town, PERSON)
    await add_tag(town.house, anna, one, "Rückruf nötig")
    state = await add_tag(town.house, bernd, one, "#rückruf-nötig")
    assert state.tags == ("rückruf-nötig",)
    assert await town.house.board.tags(town.place.id) == ("rückruf-nötig",)
    for n in range(TAGS_MAX - 1):
        await add_tag(town.house, anna, one, f"t{n}")
    assert await refused(add_tag(town.house, anna, one, "zuviel")) == "tag.many"
    assert "zuviel" not in await town.house.board.tags(town.place.id)
    state = await remove_tag(town.house, anna, one, "rückruf nötig")
    assert "rückruf-nötig" not in state.tags
    assert "rückruf" not in (await shown(town, one))[0]


async def test_a_handover_finds_its_queue(town: Town) -> None:
    """A cancellation that waits among bills is read by the wrong person first, and late (B2)."""
    place, house = town.place.workspace, town.house
    await keep_queue(house, place, Queue("rechte", "Kündigungen", "Cancellations", reasons=("revocation",)))
    place = await house.directory.workspace_by_id(place.id)
    await keep_queue(house, place, Queue("english", "Englisch", "English", languages=("en",)))
    _, state = await say(town, "Hiermit kündige ich meinen Vertrag")
    assert state.owner == Owner(OwnerKind.QUEUE, "rechte")
    _, state = await say(town, PERSON)
    assert state.owner == QUEUE
    _, state = await say(town, "I would like to talk to a real person, please")
    assert (state.owner, state.queue) == (Owner(OwnerKind.QUEUE, "english"), "english")
    place = await house.directory.workspace_by_id(place.id)
    await remove_queue(house, place, "rechte")
    _, state = await say(town, "Hiermit kündige ich meinen Vertrag")
    assert state.owner == QUEUE


async def test_skills_name_people_and_queues_that_exist(town: Town) -> None:
    """A misspelt name would leave a queue to nobody."""
    anna, place = town.staff[0], town.place.workspace
    await set_skills(town.house, place, " ANNA@auental.example ", ("service",))
    assert await town.house.board.skills(place.id) == {anna.id: ("service",)}
    assert await refused(set_skills(town.house, place, "anna@auental.example", ("mond",))) == "queue.unknown"
    assert await refused(set_skills(town.house, place, "nie@auental.example", ())) == "staff.unknown"


async def test_an_auditor_looks_and_touches_nothing(town: Town) -> None:
    """Whoever checks the work of others must not be able to change it."""
    one, _ = await say(town, PERSON)
    auditor = replace(town.staff[0], role=Role.AUDITOR)
    house, until = town.house, town.clock.now() + timedelta(hours=1)
    deeds: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: write_note(house, auditor, one, "x"),
        lambda: transfer_conversation(house, auditor, one, QUEUE, "x"),
        lambda: assign_conversation(house, auditor, one, QUEUE),
        lambda: snooze_conversation(house, auditor, one, until),
        lambda: wake_conversation(house, auditor, one),
        lambda: reopen_conversation(house, auditor, one),
        lambda: add_tag(house, auditor, one, "x"),
        lambda: remove_tag(house, auditor, one, "x"),
    )
    for deed in deeds:
        assert await refused(deed()) == "permission.missing"
    assert [
        e.kind for e in await house.record.events(town.place.id, one, kinds=("note.written", "tag.added"))
    ] == []
