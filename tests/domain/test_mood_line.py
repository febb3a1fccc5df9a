"""The line of moods at the desk says something or is not there."""

from taktvoll.entry.desk.need import points_of


def test_a_level_mood_draws_no_line() -> None:
    """A dash beside the reason would be an element without purpose, and read as one that has broken."""
    assert points_of(()) == points_of((400_000,)) == points_of((0, 0, 0)) == points_of((10_000, 90_000)) == ""


def test_a_mood_that_falls_is_drawn_downwards() -> None:
    """Best is at the top: whoever takes over sees at a glance that it grew worse."""
    assert points_of((1_000_000, 0, -1_000_000)) == "0.0,0.0 30.0,7.0 60.0,14.0"
