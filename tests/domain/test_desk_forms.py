"""What the forms of the desk's tools mean: until when, and to whom."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from taktvoll.base.errors import Refused
from taktvoll.domain.conversation.board import View
from taktvoll.domain.conversation.terms import Owner, OwnerKind
from taktvoll.entry.desk.board import gist_of, wanted_from
from taktvoll.entry.desk.work import target_of, until_of

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "now", "until"),
    [
        ({"until": "hour"}, "2026-11-26T09:10", "2026-11-26T10:10"),
        ({"until": "later"}, "2026-11-26T09:10", "2026-11-26T13:10"),
        ({"until": "tomorrow"}, "2026-11-26T09:10", "2026-11-27T08:00"),
        ({"until": "tomorrow"}, "2026-11-26T23:30", "2026-11-28T08:00"),
        ({"until": "monday"}, "2026-11-26T09:10", "2026-11-30T08:00"),
        ({"until": "monday"}, "2026-11-30T09:10", "2026-12-07T08:00"),
        ({"until": "tomorrow"}, "2026-03-28T12:00", "2026-03-29T07:00"),
        ({"until": "hour", "at": "2026-12-01T14:30"}, "2026-11-26T09:10", "2026-12-01T13:30"),
    ],
)
def test_until_when_is_counted_where_the_people_are(fields: dict[str, str], now: str, until: str) -> None:
    """Nine in the morning is nine on the wall of the office, also on the day the clocks change."""
    assert until_of(fields, at(now), BERLIN) == at(until)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "request.malformed"),
        ({"until": "never"}, "request.malformed"),
        ({"until": "at"}, "snooze.time"),
        ({"until": "at", "at": "tomorrow"}, "snooze.time"),
        ({"until": "at", "at": "0001-01-01T00:00"}, "snooze.time"),
    ],
)
def test_a_time_that_is_none_is_refused(fields: dict[str, str], code: str) -> None:
    """A conversation put off until nowhere would never come back."""
    with pytest.raises(Refused) as caught:
        until_of(fields, at("2026-11-26T09:10"), BERLIN)
    assert caught.value.code == code


def test_a_form_names_a_person_or_a_queue() -> None:
    """The assistant is no one to pass a conversation on to: that is giving it back."""
    assert target_of("queue:service") == Owner(OwnerKind.QUEUE, "service")
    assert target_of("person:abc") == Owner(OwnerKind.PERSON, "abc")
    for text in ("", "queue:", "assistant:", "assistant:x", "service"):
        with pytest.raises(Refused):
            target_of(text)


def test_an_address_says_what_it_shows() -> None:
    """An address that is passed on to a colleague must show the colleague the same."""
    wanted = wanted_from({"view": "open", "queue": "recht", "tag": "vip"})
    assert (wanted.view, wanted.queue, wanted.tag) == (View.OPEN, "recht", "vip")
    assert wanted_from(dict(p.split("=") for p in wanted.query().split("&"))) == wanted
    assert wanted_from({}).query() == ""


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        (
            "Sehr geehrte Damen und Herren,\n\nhiermit kündige ich\nmeinen Vertrag.",
            "hiermit kündige ich meinen Vertrag.",
        ),
        ("Guten Tag Frau Dr. Berg,\nwann kommt die Rechnung?", "wann kommt die Rechnung?"),
        ("Hallo, mein Zähler\nist kaputt.", "Hallo, mein Zähler ist kaputt."),
        ("Hallo mein Zähler ist kaputt\nBitte melden", "Hallo mein Zähler ist kaputt Bitte melden"),
        ("Guten Tag,\n\n", "Guten Tag,"),
        ("Liebesbriefe,\nbitte", "Liebesbriefe, bitte"),
        ("", ""),
    ],
)
def test_a_row_begins_with_what_is_wanted(text: str, gist: str) -> None:
    """A queue of mails all read “Sehr geehrte Damen und Herren, ich …”; nothing but a salutation may be left out."""
    assert gist_of(text) == gist
