"""Where a letter's salutation ends, and what only begins like one."""

import pytest

from taktvoll.domain.mail.salutations import greets, is_salutation, opened_by


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Guten Tag Frau Dr. Berg,\nwann?", "\nwann?"),
        ("Sehr geehrte Damen und Herren, wann?", "wann?"),
        ("Liebes Team! Wann?", "Wann?"),
        ("Dear Mr. Smith, when?", "when?"),
        ("Hallo wann kommt die Rechnung?", "Hallo wann kommt die Rechnung?"),
        ("Lieber am Montag. Geht das?", "Lieber am Montag. Geht das?"),
        ("Liebesbriefe, bitte", "Liebesbriefe, bitte"),
        ("Hallo " + "x" * 61 + ", da", "Hallo " + "x" * 61 + ", da"),
        ("", ""),
    ],
)
def test_a_salutation_ends_at_its_comma(text: str, rest: str) -> None:
    """Cut too little, every question begins with “Sehr geehrte”; cut too much, and the question is gone."""
    assert text[opened_by(text) :] == rest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hallo Frau Berg\nerledigt.", True),
        ("Guten Tag, erledigt.", True),
        ("Moin", True),
        ("Lieber am Montag. Geht das?", False),
        ("Hallo wann kommt die Rechnung?", False),
        ("Grüßen Sie Ihre Kollegin.", False),
        ("Am Montag, hallo.", False),
    ],
)
def test_only_a_letter_that_greets_counts_as_greeting(text: str, said: bool) -> None:
    """Whoever greets by themselves is not greeted for; whoever does not must be."""
    assert greets(text) is said


def test_a_line_that_may_be_a_salutation_asks_nothing() -> None:
    """“Hallo, liebes Team,” is form; “Hallo, geht das?” and “Hallo 112” say something."""
    assert is_salutation("Hallo, liebes Team,")
    assert not is_salutation("Hallo, geht das?")
    assert not is_salutation("Hallo 112")
