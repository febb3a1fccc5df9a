"""Rates at the desk read no better than they are."""

import pytest

from taktvoll.entry.desk.autonomy import percent


@pytest.mark.parametrize(
    ("ppm", "up", "german", "english"),
    [
        (30_000, True, "3\u00a0%", "3%"),
        (30_001, True, "3,1\u00a0%", "3.1%"),
        (950_000, False, "95\u00a0%", "95%"),
        (999_500, False, "99,9\u00a0%", "99.9%"),
    ],
)
def test_rates_are_rounded_to_the_careful_side(ppm: int, up: bool, german: str, english: str) -> None:
    """An error bound above 3 % must not read as 3 %, nor a confidence below 100 % as certainty."""
    assert (percent(ppm, "de", up=up), percent(ppm, "en", up=up)) == (german, english)
