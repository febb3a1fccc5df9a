"""The sentences of a mail that ask for something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.mail.asks import ASKS_MAX, asks_in


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Guten Tag,\nwann kommt die Rechnung?\n\nGruß\nEva", ["wann kommt die Rechnung?"]),
        ("Ich benötige eine Kopie der Rechnung. Vielen Dank.", ["Ich benötige eine Kopie der Rechnung."]),
        ("Bitte senden Sie mir den Vertrag.", ["Bitte senden Sie mir den Vertrag."]),
        ("Ich möchte meinen Vertrag kündigen.", ["Ich möchte meinen Vertrag kündigen."]),
        (
            "Wie lange dauert die Lieferung und was kostet sie?",
            ["Wie lange dauert die Lieferung?", "was kostet sie?"],
        ),
        ("Wo und wann kann ich das abholen?", ["Wo und wann kann ich das abholen?"]),
        ("1. Wie hoch ist der Preis?\n2. Ab wann gilt er?", ["Wie hoch ist der Preis?", "Ab wann gilt er?"]),
        ("Es wurde abgebucht. Warum?", ["Es wurde abgebucht. Warum?"]),
        ("Mein Zähler ist neu. Können Sie mir helfen? Wo melde ich ihn?", ["Wo melde ich ihn?"]),
        ("Der Strom ist weg. Bitte um Rückmeldung.", ["Bitte um Rückmeldung."]),
        ("Please send me the invoice again.", ["Please send me the invoice again."]),
    ],
)
def test_questions_and_requests_are_found(text: str, asked: list[str]) -> None:
    """Each is answered by itself, so each has to be found, without greeting and without pleasantries."""
    assert list(asks_in(text)) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Vielen Dank, das hat geholfen!",
        "Ich möchte mich herzlich bedanken.",
        "Ich würde mich über eine Antwort freuen.",
        "Bitte entschuldigen Sie die späte Antwort. Anbei der Vertrag.",
        "Guten Tag,\n\nanbei die Unterlagen.\n\nMit freundlichen Grüßen\nEva Lang",
        "",
    ],
)
def test_courtesies_ask_nothing(text: str) -> None:
    """An answer to a thank-you is noise."""
    assert asks_in(text) == ()


@given(st.text(max_size=500))
def test_any_text_can_be_asked(text: str) -> None:
    """Whatever arrives, there is an answer within the limit."""
    assert len(asks_in(text)) <= ASKS_MAX
