"""Several questions in one message are told apart, and messages that lean on the one before are known."""

# ruff: noqa: E501 - examples and what is printed stand on one line

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.questions import follows_up, questions_in


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Hallo! Wann kommt die Ware? Und was kostet der Versand?", ["Wann kommt die Ware?", "Und was kostet der Versand?"]),
        ("Ich bin umgezogen. Wie ändere ich meine Adresse? Muss ich den Zähler selbst ablesen? Danke!",
         ["Wie ändere ich meine Adresse?", "Muss ich den Zähler selbst ablesen?"]),
        ("wie hoch ist die grundgebühr\nkann ich monatlich zahlen", ["wie hoch ist die grundgebühr", "kann ich monatlich zahlen"]),
        ("Wie melde ich mich um? Kostet das was? Und geht das auch telefonisch?", []),
        ("Wie melde ich den Stand? Wie oft kommt die Rechnung?", ["Wie melde ich den Stand?", "Wie oft kommt die Rechnung?"]),
        ("How do I pay? Can I get an invoice?", ["How do I pay?", "Can I get an invoice?"]),
    ],
)  # fmt: skip
def test_several_questions_are_found(text: str, questions: list[str]) -> None:
    """Each is answered."""
    assert [text[a:b] for a, b in questions_in(text)] == questions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Wann kommt die Ware?",
        "Hallo, wie geht's weiter mit meinem Antrag? Können Sie mir da helfen?",
        "Mein Paket ist weg. Ist das normal? Was soll ich jetzt machen?",
        "Ich habe gestern bestellt. Heute kam eine Mail. Wann kommt das Paket?",
        "Ich warte seit Tagen. Das ist nicht schön.",
        "Geht das? Oder nicht?",
        "Danke, das war alles!",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    """A story around a question, or a question that leans on it, is no second one."""
    assert questions_in(text) == ()


@pytest.mark.parametrize(
    "text",
    ["und auf dem iPhone?", "und wenn ich das vergesse", "geht das auch am Wochenende", "wie lange dauert das",
     "was kostet das dann?", "auch im Ausland?", "und für Rentner", "warum?", "and on Android?", "what about weekends?",
     "oder per Post?", "is it free?"],
)  # fmt: skip
def test_a_message_that_leans_on_the_one_before_is_known(text: str) -> None:
    """It is answered in the light of what was spoken of."""
    assert follows_up(text)


@pytest.mark.parametrize(
    "text",
    ["", "Hallo", "Wie kündige ich meinen Vertrag?", "Wann kommt mein Paket?", "Was kostet der Versand nach Österreich?",
     "zählerstand melden", "Ich möchte meine Adresse ändern, wie geht das?", "How do I cancel my order?", "123"],
)  # fmt: skip
def test_a_message_that_stands_alone_is_not_bent(text: str) -> None:
    """Otherwise an old topic would answer a new question."""
    assert not follows_up(text)


@given(st.text(max_size=400))
def test_places_lie_within_the_text_and_in_order(text: str) -> None:
    """Whoever cuts by them must not fail."""
    places = questions_in(text)
    assert len(places) != 1
    assert all(0 <= a < b <= len(text) for a, b in places)
    assert list(places) == sorted(places)
    follows_up(text)
