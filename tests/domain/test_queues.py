"""Queues: what a handover leads to, and that no queue is forgotten."""

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId, uuid7
from taktvoll.domain.conversation.terms import HandoverReason
from taktvoll.domain.people.queues import (
    DEFAULT,
    QUEUES_MAX,
    SERVICE,
    Queue,
    looked_after,
    queues_of,
    route,
    with_queue,
    without_queue,
    written,
)
from tests.domain.made import NOW

BILLS = Queue("rechnung", "Rechnung", "Bills", topics=("Abschlag", "Rechnung"))
ENGLISH = Queue("english", "Englisch", "English", languages=("en",))
ENGLISH_BILLS = Queue("english-bills", "Rechnung EN", "Bills EN", topics=("Rechnung",), languages=("en",))
CANCEL = Queue("kuendigung", "Kündigung", "Cancellations", reasons=("revocation",))
ALL = (BILLS, ENGLISH, ENGLISH_BILLS, CANCEL, SERVICE)


@pytest.mark.parametrize(
    ("reason", "topic", "language", "queue"),
    [
        (HandoverReason.REQUEST, "Abschlag", "de", "rechnung"),
        (HandoverReason.REQUEST, None, "de", DEFAULT),
        (HandoverReason.REQUEST, "Umzug", "de", DEFAULT),
        (HandoverReason.REQUEST, None, "en-GB", "english"),
        (HandoverReason.NO_ANSWER, "Rechnung", "en", "english-bills"),
        (HandoverReason.REVOCATION, None, "de", "kuendigung"),
        (HandoverReason.REVOCATION, "Rechnung", "de", "rechnung"),
        (None, None, None, DEFAULT),
    ],
)
def test_a_handover_goes_where_most_fits(
    reason: HandoverReason | None, topic: str | None, language: str | None, queue: str
) -> None:
    """Whoever can settle it must get it first; what fits nowhere still waits somewhere."""
    assert route(ALL, reason, topic, language) == queue


def test_a_workspace_without_settings_has_one_queue() -> None:
    """Nobody has to set up anything before the first handover, and damaged settings lose no conversation."""
    assert queues_of({}) == (SERVICE,)
    assert queues_of({"queues": "all"}) == (SERVICE,)
    assert [q.name for q in queues_of({"queues": written((BILLS,))})] == ["rechnung", DEFAULT]


def test_queues_come_back_from_settings() -> None:
    """What was set up is what routes."""
    assert queues_of({"queues": written(ALL)}) == ALL


def test_a_queue_can_be_changed_and_taken_away_but_not_the_last() -> None:
    """Without the default queue a handover would lead nowhere."""
    again = Queue("rechnung", "Geld", "Money")
    assert with_queue(ALL, again)[0] == again
    assert with_queue((SERVICE,), CANCEL) == (SERVICE, CANCEL)
    assert CANCEL not in without_queue(ALL, "kuendigung")
    for name, code in ((DEFAULT, "queue.default"), ("nirgends", "queue.unknown")):
        with pytest.raises(Refused) as caught:
            without_queue(ALL, name)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("queue", "code"),
    [
        (Queue("Zwei Wörter", "a", "b"), "queue.name"),
        (Queue("leer", "", "b"), "queue.text"),
        (Queue("grund", "a", "b", reasons=("laune",)), "queue.reason"),
    ],
)
def test_a_queue_that_cannot_be_is_refused(queue: Queue, code: str) -> None:
    """A misspelt reason would wait for conversations that never come."""
    with pytest.raises(Refused) as caught:
        with_queue((SERVICE,), queue)
    assert caught.value.code == code
    with pytest.raises(Refused):
        with_queue([Queue(f"q{n}", "a", "b") for n in range(QUEUES_MAX)], Queue("noch-eine", "a", "b"))


def test_no_queue_is_nobody_s() -> None:
    """A queue that nobody has among their skills would hide its customers from everyone."""
    jana, emre, new = (StaffId(uuid7(NOW)) for _ in range(3))
    skills = {jana: ("rechnung",), emre: ("english",)}
    assert looked_after(ALL, skills, jana) == ("rechnung", "english-bills", "kuendigung", DEFAULT)
    assert "rechnung" not in looked_after(ALL, skills, emre)
    assert looked_after(ALL, skills, new) == tuple(q.name for q in ALL)
    assert looked_after(ALL, {jana: ("entfernt",)}, jana) == tuple(q.name for q in ALL)
