"""The form of address that a customer uses is told, and silence is told as silence."""

# ruff: noqa: E501 - examples and what is printed stand on one line

import pytest

from taktvoll.domain.conversation.address import address_in
from taktvoll.domain.conversation.terms import Address


@pytest.mark.parametrize(
    "text",
    ["Können Sie mir helfen?", "können sie mir helfen", "Bitte prüfen Sie meine Rechnung.", "ich bitte um Ihre Antwort",
     "Sehr geehrte Damen und Herren, mein Zähler ist defekt.", "haben sie am samstag offen", "ich schreibe Ihnen erneut"],
)  # fmt: skip
def test_sie_is_heard(text: str) -> None:
    """Whoever says Sie is answered with Sie."""
    assert address_in(text, "de") is Address.SIE


@pytest.mark.parametrize(
    "text",
    ["kannst du mir helfen", "Habt ihr am Samstag offen?", "ich finde eure App super", "was macht ihr eigentlich", "danke dir",
     "kannste mal gucken", "ihr habt mir geschrieben"],
)  # fmt: skip
def test_du_is_heard(text: str) -> None:
    """Whoever says du is not kept at arm's length."""
    assert address_in(text, "de") is Address.DU


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Wann kommt mein Paket?",
        "Meine Frau sagt, sie habe bezahlt.",
        "zählerstand 4711",
        "die rechnung ist zu hoch",
    ],
)
def test_nobody_addressed_is_no_form(text: str) -> None:
    """She and they are not you."""
    assert address_in(text, "de") is None


def test_english_has_no_form() -> None:
    """Only German parts Sie and du."""
    assert address_in("could you help me, du", "en") is None
