"""What an agent reads about a message that did not arrive: plain words for every reason, in both languages."""

import pytest

from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.delivery.terms import Why
from taktvoll.entry.desk.texts_delivery import WHY, delivery_line
from tests.domain.made import NOW


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("kind", ["delivery.failed", "delivery.delayed"])
def test_every_reason_has_words(why: Why, kind: str) -> None:
    """A reason without words would be an error page at the worst moment."""
    payload: dict[str, object] = {"because": why.value, "code": 550, "status": "5.1.1"}
    event = Event(9, kind, NOW, "delivery", payload)
    german, english = delivery_line(event, "de"), delivery_line(event, "en")
    assert german != english
    assert "{" not in german + english
    assert ("5.1.1" in german) == ("{code}" in WHY[why][0])


def test_doubt_is_said() -> None:
    """An agent who writes again because of a delay must know that the first may have arrived."""
    payload: dict[str, object] = {"because": "lost", "code": 0, "status": "", "unsure": True}
    assert "Vielleicht" in delivery_line(Event(9, "delivery.delayed", NOW, "delivery", payload), "de")
