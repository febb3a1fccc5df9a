"""Ids and times: ordered, of the right version, and written in one way only."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.ids import public_token, uuid7
from taktvoll.base.time import parse_time, rfc3339

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(at=TIMES)
def test_an_id_is_a_uuid_of_version_seven(at: datetime) -> None:
    """Other programs read our ids; RFC 9562 says which bits are whose."""
    made = uuid7(at)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.bytes[:6] == int(at.timestamp() * 1000).to_bytes(6, "big")


@given(at=TIMES, later_ms=st.integers(1, 10**9))
def test_later_ids_sort_later(at: datetime, later_ms: int) -> None:
    """Tables ordered by id stay compact, and the newest conversation is the last one."""
    assert uuid7(at) < uuid7(at + timedelta(milliseconds=later_ms))


def test_ids_of_one_instant_differ() -> None:
    """A busy server makes thousands of ids in a millisecond."""
    at = datetime(2026, 11, 2, tzinfo=UTC)
    assert len({uuid7(at) for _ in range(10_000)}) == 10_000


def test_public_tokens_are_long_and_fit_a_link() -> None:
    """Whoever guesses a token reads a stranger's conversation."""
    tokens = {public_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(t) >= 43 and t.replace("-", "").replace("_", "").isalnum() for t in tokens)


@given(at=TIMES, hours=st.integers(-12, 14))
def test_equal_times_have_equal_text(at: datetime, hours: int) -> None:
    """Times are hashed as text: the same instant in another zone must give the same bytes, and come back."""
    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert rfc3339(elsewhere) == rfc3339(at)
    assert parse_time(rfc3339(at)) == at


def test_a_time_without_zone_is_refused() -> None:
    """A time that may mean two instants is no time."""
    with pytest.raises(ValueError, match="zone"):
        parse_time("2026-11-02T09:30:00")
