"""A turn that was cut off between its commits is decided from the record, with all that the customer did."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId
from taktvoll.domain.autonomy.lights import Lights
from taktvoll.domain.conversation.ports import Change, Changed, Decided, DecideStatus, Stored
from taktvoll.domain.conversation.terms import Event, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.library.ports import Head
from taktvoll.flows.house import House
from taktvoll.flows.resume_turns import resume_turns
from tests.domain.made import NOW, VIEW, choice, passage, signals

WORKSPACE, TALK = WorkspaceId(UUID(int=1)), ConversationId(UUID(int=2))


@pytest.mark.parametrize(
    ("clicked", "said"),
    [(choice("umzug").key, "umzug"), (PassageKey("hilfe", "geheim", "de"), None), (None, None)],
)
async def test_a_clicked_entry_counts_if_it_was_offered(clicked: PassageKey | None, said: str | None) -> None:
    """Whoever chose an entry gets that entry, also when the process died in between; nobody gets one not offered."""
    changes: list[Change] = []
    assert await resume_turns(_house(_said(clicked), changes), WORKSPACE) == 1
    (decided,) = (e for e in changes[0].events if e.kind == "answer.decided")
    passage_said = cast("list[str] | None", decided.payload["passage"])
    assert (passage_said[1] if passage_said else None) == said


async def test_screens_look_again_when_someone_else_was_quicker() -> None:
    """It may have been ourselves, before the connection broke: then nobody has told the screens of the answer."""
    told: list[Changed] = []
    house = _house(_said(None), [], DecideStatus.ALREADY_DECIDED, told)
    assert await resume_turns(house, WORKSPACE) == 0
    assert [(c.conversation, c.events) for c in told] == [(TALK, ())]


def _said(clicked: PassageKey | None) -> Event:
    return Event(
        7, "message.received", NOW, "customer", {"id": "m7"},
        content=customer_content("Wie melde ich den Umzug?", clicked),
    )  # fmt: skip


def _house(
    received: Event,
    changes: list[Change],
    status: DecideStatus = DecideStatus.OK,
    told: list[Changed] | None = None,
) -> House:
    """A house in which one message waits, nothing is found by searching, and changes are kept."""
    state = State(
        "webchat",
        "web",
        language="de",
        last_customer_seq=7,
        undecided=1,
        last_seq=7,
        choices=(choice("umzug"),),
    )
    entry = passage("umzug", "Melden Sie sich um.")

    async def undecided(*_: object) -> tuple[Stored, ...]:
        return (Stored(TALK, AccountId(UUID(int=3)), state, NOW, NOW, NOW),)

    async def events(*_: object, **__: object) -> tuple[Event, ...]:
        return (received,)

    async def decide(change: Change) -> Decided:
        changes.append(change)
        placed = (Event(8 + n, e.kind, e.at, e.actor, e.payload) for n, e in enumerate(change.events))
        return Decided(status, tuple(placed) if status is DecideStatus.OK else ())

    async def find(*_: object) -> tuple[()]:
        return ()

    async def by_name(key: PassageKey, content_hash: str | None = None) -> Any:
        return entry if key == entry.key else None

    async def at(*_: object) -> Any:
        search = SimpleNamespace(find=find, versions=())
        return SimpleNamespace(
            view=VIEW, search=search, usable=lambda _: True, passage=by_name, lights=Lights()
        )

    async def head(_: object) -> Head:
        return Head(1, 1)

    async def read(*_: object) -> Any:
        return signals()

    fake = SimpleNamespace(
        record=SimpleNamespace(undecided=undecided, events=events, decide=decide),
        library=SimpleNamespace(head=head),
        shelf=SimpleNamespace(at=at),
        understanding=SimpleNamespace(read=read),
        push=SimpleNamespace(publish=(told if told is not None else []).append),
        now=lambda: NOW,
    )
    return cast("House", fake)
