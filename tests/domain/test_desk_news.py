"""Which changes are news to everyone who has the queue open."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import Event, Owner, OwnerKind, State
from taktvoll.entry.desk.stream import PAUSE_MS_MAX, moves_queue, pause_ms

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ALONE = State(owner=Owner(OwnerKind.ASSISTANT))
WAITING = State(owner=Owner(OwnerKind.QUEUE, "service"))


def changed(state: State | None, *kinds: str) -> Changed:
    """A change by events of these kinds, as the process that made it tells it."""
    events = tuple(Event(n, kind, AT, "assistant", {}) for n, kind in enumerate(kinds, start=1))
    return Changed(
        WorkspaceId(UUID(int=1)), ConversationId(UUID(int=2)), len(kinds), events=events, state=state
    )


def test_what_the_assistant_answers_alone_wakes_no_desk() -> None:
    """Most turns never touch the queue; if each made every open page fetch it anew, people would wait for pages."""
    assert not moves_queue(changed(ALONE, "conversation.started", "message.received"))
    assert not moves_queue(
        changed(ALONE, "signals.read", "evidence.found", "answer.decided", "message.released")
    )


@pytest.mark.parametrize(
    "kind", ["conversation.handed_back", "conversation.closed", "note.written", "tag.added"]
)
def test_what_people_did_is_news_also_where_the_assistant_has_it_now(kind: str) -> None:
    """A conversation that was given back leaves the queue, and a note may mention someone."""
    assert moves_queue(changed(ALONE, kind))


def test_whatever_happens_where_people_are_asked_is_news() -> None:
    """The last words and the waiting time stand in the queue."""
    assert moves_queue(changed(WAITING, "message.received"))
    assert moves_queue(changed(WAITING, "answer.decided", "conversation.handed_over"))


def test_what_another_process_did_is_news() -> None:
    """Only ids travel between processes: better a look in vain than a customer whom nobody sees."""
    known = changed(ALONE, "message.received")
    assert moves_queue(replace(known, events=(), state=None))


def test_pages_wait_longer_the_more_are_open_and_the_longer_a_fetch_takes() -> None:
    """Someone alone must not wait for nobody; a full house that fetches all at once makes people wait for pages."""
    assert pause_ms(1, 0.5) == 0
    assert pause_ms(2, 0.01) == 40
    assert pause_ms(21, 0.01) == 800
    assert pause_ms(21, 0.05) == 4_000
    assert pause_ms(500, 0.05) == PAUSE_MS_MAX
