"""Token buckets: a burst, then a rhythm, for each key of its own."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import Refused
from taktvoll.base.pace import Pace, host_of


def taken(pace: Pace, key: object, now_s: float) -> bool:
    """Knock once and say whether the door opened."""
    try:
        pace.take(key, now_s)
    except Refused as refusal:
        return refusal.code != "request.too_many"
    return True


def test_a_burst_passes_then_the_rhythm_holds() -> None:
    """People write three messages in a row; programs write three hundred."""
    pace = Pace(burst=3, per_minute=30)
    assert [taken(pace, "a", 100.0) for _ in range(5)] == [True, True, True, False, False]
    assert not taken(pace, "a", 101.0)
    assert taken(pace, "a", 102.0)
    assert not taken(pace, "a", 102.0)


def test_what_is_given_back_can_be_taken_again() -> None:
    """Someone who knows the password may come in as often as they like; a token too many must not pile up."""
    pace = Pace(burst=2, per_minute=1)
    for _ in range(9):
        assert taken(pace, "a", 0.0)
        pace.give_back("a")
    pace.give_back("a")
    pace.give_back("b")
    assert [taken(pace, "a", 0.0) for _ in range(3)] == [True, True, False]


def test_keys_do_not_pay_for_one_another() -> None:
    """One loud visitor must not silence the others."""
    pace = Pace(burst=1, per_minute=1)
    assert taken(pace, "a", 0.0)
    assert not taken(pace, "a", 0.0)
    assert taken(pace, "b", 0.0)


def test_whoever_waits_as_told_is_let_in() -> None:
    """A wait that is too short sends polite clients into a loop of refusals."""
    pace = Pace(burst=1, per_minute=7)
    pace.take("a", 0.0)
    with pytest.raises(Refused) as caught:
        pace.take("a", 0.1)
    assert taken(pace, "a", 0.1 + float(caught.value.fields["retry_after_s"]))


def test_memory_stays_bounded() -> None:
    """An attacker with a million addresses must not fill the memory; the oldest bucket makes room."""
    pace = Pace(burst=1, per_minute=1, keys_max=10)
    for key in range(1_000):
        assert taken(pace, key, 0.0)
    assert not taken(pace, 999, 0.0)
    assert taken(pace, 0, 0.0)


def test_what_came_as_a_key_is_not_kept() -> None:
    """A stranger may name an address as long as a request: fifty thousand of them must not fill the memory."""
    pace = Pace(burst=1, per_minute=1)
    tracemalloc.start()
    for host in range(200):
        assert taken(pace, f"{host}{'x' * 50_000}", 0.0)
    assert not taken(pace, f"199{'x' * 50_000}", 0.0)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


@given(
    knocks=st.lists(st.floats(0, 5), min_size=1, max_size=80),
    burst=st.integers(1, 5),
    rate=st.integers(1, 120),
)
def test_never_more_than_burst_and_rhythm_allow(knocks: list[float], burst: int, rate: int) -> None:
    """However someone times their knocks, no more get in than a burst and the rhythm since the first."""
    pace, now_s, let_in = Pace(burst, rate), 0.0, 0
    for pause_s in knocks:
        now_s += pause_s
        let_in += taken(pace, "a", now_s)
    assert let_in <= burst + (now_s - knocks[0]) * rate / 60 + 1e-6


@pytest.mark.parametrize(
    ("client", "host"),
    [
        (None, ""),
        (("192.0.2.7", 1), "192.0.2.7"),
        (("::ffff:192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("testclient", 1), "testclient"),
    ],
)
def test_a_line_has_one_limit_however_many_addresses_it_has(
    client: tuple[str, int] | None, host: str
) -> None:
    """One IPv6 line takes a new address for each request: limits by single addresses would hold nobody back."""
    assert host_of(client) == host
