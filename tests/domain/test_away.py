"""Claims about a handover at a time when nobody is there: what is said, and what is put on record."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from taktvoll.domain.conversation.events import away_from
from taktvoll.domain.conversation.steps import Away, Heard, Queued, Say
from taktvoll.domain.governance.notices import fixed
from taktvoll.domain.governance.speaking import speak
from taktvoll.domain.governance.terms import Hold
from tests.domain.made import NOW, VIEW, signals
from tests.domain.test_engine import HEARD, go


@pytest.mark.parametrize(
    ("language", "back", "said"),
    [
        ("de", NOW + timedelta(days=1), "Wir sind ab morgen, 10:30 Uhr wieder da."),
        ("en", NOW + timedelta(days=1), "We are back tomorrow at 10:30."),
        ("de", None, "Gerade ist niemand im Service da."),
    ],
)
def test_a_handover_out_of_hours_says_when_people_are_back(
    language: str, back: datetime | None, said: str
) -> None:
    """It is on record with the handover, so a replay says the same words whatever the calendar says then (B1, H2)."""
    away = Away(back, "Europe/Berlin", callback=True, email="wir@auental.example")
    asked = Heard(2, signals(language=language), asked_person=True)
    state, events, step = go(HEARD, asked, Queued("service", away=away))
    handed = next(e for e in events if e.kind == "conversation.handed_over")
    assert away_from(handed.payload) == away
    assert isinstance(step, Say)
    assert step.speech.away == away
    verdict = speak(step.speech, replace(state, customer_at=NOW), VIEW, {}, "c-1")
    assert not isinstance(verdict, Hold)
    assert said in verdict.draft.text
    assert "wir@auental.example" in verdict.draft.text


def test_german_is_written_as_german_is() -> None:
    """“Wir sind ab heute, 8 Uhr wieder da” lacks a comma, and no German clock shows CET; older records keep both."""
    assert "{when}, wieder da." in fixed("people_back", "de")
    assert "{when} wieder da." in fixed("people_back", "de", "5")
    assert "({local})" in fixed("receipt", "de")
    assert "({zone})" in fixed("receipt", "en")


def test_a_handover_within_hours_is_recorded_as_ever() -> None:
    """Records from before there were hours must replay byte for byte."""
    _, events, step = go(HEARD, Heard(2, signals(), asked_person=True), Queued("service"))
    handed = next(e for e in events if e.kind == "conversation.handed_over")
    assert set(handed.payload) == {"epoch", "from", "queue"}
    assert away_from(handed.payload) is None
    assert isinstance(step, Say)
    assert step.speech.away is None
