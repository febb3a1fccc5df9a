"""What a customer did before anyone decided belongs to one turn: messages that follow each other, and the button."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.replay_conversation import replay_conversation
from tests.contract.conftest import NOW, talk, wrote
from tests.simulation.town import Town, settle


@pytest.fixture
async def town(pool: Pool, tmp_path: Path) -> AsyncIterator[Town]:
    """A town with one topic in which nobody dies."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    town.mind.dying = 0.0
    yield town
    town.close()


async def left_undecided(town: Town, conversation: ConversationId, text: str | None) -> None:
    """A message, or the button where there is no text, lies there, and whoever would have decided it died."""
    accepting = wrote(town.place, conversation, "first", text or "")
    if text is None:
        accepting = replace(
            accepting, received=NewEvent("person.requested", NOW, "customer", {"about": None, "id": "first"})
        )
    await town.house.record.accept(accepting)


async def decided(town: Town, conversation: ConversationId, text: str | None) -> dict[str, Any]:
    """What is decided about the next message or the button; the record replays to the same."""
    incoming = Incoming(
        account=town.place.account, conversation=conversation, provider_id="second", text=text
    )
    received = await receive_message(town.house, incoming)
    assert (await replay_conversation(town.house, town.place.id, conversation)).differences == []
    return dict(next(e for e in received.events if e.kind == "answer.decided").payload)


async def test_the_button_is_not_lost_to_the_message_after_it(town: Town) -> None:
    """Whoever presses the button and writes on at once has asked for a person all the same (DSGVO Art. 22)."""
    conversation = talk()
    await left_undecided(town, conversation, None)
    found = await decided(town, conversation, "Was muss ich zu Zählerstand wissen?")
    assert (found["decision"], found["because"], found["handover"]) == ("handover", "button", "request")


async def test_an_emergency_is_not_lost_to_the_button_after_it(town: Town) -> None:
    """Whoever writes of gas and then presses the button needs the number, not only a person who comes by (B6)."""
    conversation = talk()
    await left_undecided(town, conversation, "Hilfe, bei uns riecht es stark nach Gas!")
    found = await decided(town, conversation, None)
    assert (found["decision"], found["handover"]) == ("handover", "emergency_gas")
