"""Facts come from approved text: what a draft states and its evidence does not is held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.governance.rules.facts import check, facts_in
from taktvoll.domain.governance.terms import Author, Hold, Part, PartKind
from tests.domain.made import draft, facts

HELD = Hold(("fact.not_in_evidence",))
EVIDENCE = (
    "Der Grundpreis beträgt 12,90 € im Monat, die Kilowattstunde kostet 31,5 Cent. Bis 1.200 kWh gilt der Tarif 2026.\n"
    "Sie erreichen uns unter 0800 123 45 67 oder hilfe@auental.example, Mo–Fr 8:00 bis 18:30 Uhr, "
    "und auf https://auental.example/preise.\nWiderruf bis zum 14.11.2026."
)


@pytest.mark.parametrize(
    "said",
    [
        "Der Grundpreis beträgt 12,90 €.",
        "31,5 Cent je Kilowattstunde.",
        "Bis 1.200 kWh.",
        "Rufen Sie an: 0800 123 45 67.",
        "Rufen Sie an: 0800/123-4567",
        "Schreiben Sie an Hilfe@Auental.example!",
        "Siehe https://auental.example/preise.",
        "Der Widerruf ist bis zum 14.11.2026 möglich.",
        "Ab 8:00 bis 18:30 Uhr",
        "Dazu sage ich nichts mit Zahlen.",
        "12,90 €",
        "",
    ],
)
def test_facts_of_the_evidence_pass(said: str) -> None:
    """Approved figures may be said, also with other spacing of a phone number and capitals in an address."""
    assert check(draft(said), facts(EVIDENCE)) is None


@pytest.mark.parametrize(
    "said",
    [
        "Der Grundpreis beträgt 9,90 €.",
        "Der Grundpreis beträgt 12 €.",
        "Der Grundpreis beträgt 12.90 €.",
        "Der Grundpreis beträgt 112,90 €.",
        "Der Grundpreis beträgt 12,900 €.",
        "Bis 1200,5 kWh.",
        "Bis 12.00 kWh.",
        "Rufen Sie an: 0800 123 45 68.",
        "Rufen Sie an: +49 800 1234567.",
        "Schreiben Sie an info@auental.example.",
        "Schreiben Sie an hilfe@auental.example.evil.example.",
        "Siehe https://auental.example/preise2.",
        "Siehe www.auental.example.",
        "Der Widerruf ist bis zum 15.11.2026 möglich.",
        "Der Widerruf ist bis zum 14.12.2026 möglich.",
        "Ab 8:30 Uhr",
        "In ２４ Stunden",
        "Sie bekommen 100% zurück",
        "Nach § 5 der Satzung",
    ],
)
def test_an_invented_fact_is_held(said: str) -> None:
    """A German court holds the operator liable for what the machine invents; one wrong digit is enough."""
    assert check(draft(said), facts(EVIDENCE)) == HELD


def test_without_evidence_no_figure_passes() -> None:
    """An answer from nowhere may not contain a fact."""
    assert check(draft("Es kostet 5 Euro."), facts()) == HELD
    assert check(draft("Gern geschehen."), facts()) is None


def test_a_person_states_facts_on_their_own_word() -> None:
    """Agents know the customer's case; the rule binds the machine."""
    assert check(draft("Ihr Guthaben: 17,40 €", author=Author.PERSON), facts()) is None


def test_notices_and_hints_are_ours() -> None:
    """Fixed texts around the answer are not judged by the answer's evidence."""
    parts = (
        Part(PartKind.NOTICE, "Stand 2026", "de"),
        Part(PartKind.HINT, "1", "de"),
        Part(PartKind.TEXT, "Gern.", "de"),
    )
    assert check(draft(parts=parts), facts()) is None


@given(texts=st.lists(st.text(max_size=120), min_size=1, max_size=3))
def test_verbatim_text_always_passes(texts: list[str]) -> None:
    """Approved text said word for word can contain nothing that its evidence does not; it must never be held."""
    assert check(draft(*texts), facts(*texts)) is None


@given(
    text=st.text(st.sampled_from("0123456789.,:/- €Aa@"), max_size=30),
    digit=st.integers(0, 9),
    place=st.integers(0, 29),
)
def test_a_changed_digit_is_noticed(text: str, digit: int, place: int) -> None:
    """Wherever one digit becomes another, a fact has changed."""
    place %= max(1, len(text))
    changed = text[:place] + str(digit) + text[place + 1 :]
    if (
        text[place : place + 1].isdigit()
        and changed != text
        and text.count(text[place]) == 1
        and str(digit) not in text
    ):
        assert check(draft(changed), facts(text)) == HELD


def test_numbers_are_read_in_their_own_form() -> None:
    """Thousands and decimals are not interchangeable; widths of digits are."""
    assert facts_in("1.234,56") == {"1.234,56"}
    assert facts_in("1 234") == facts_in("1\u00a0234") == facts_in("1\u202f234") == {"1234"}
    assert facts_in("１２") == {"12"}
    assert facts_in("Ende 12.") == {"12"}


def test_a_mailbox_is_looked_for_no_further_back_than_it_may_be_long() -> None:
    """Without that bound one long word costs the square of its length, while everyone waits."""
    assert facts_in("x" * 20_000) == frozenset()
    assert facts_in("x" * 20_000 + "@auental.example") == {"x" * 64 + "@auental.example"}
