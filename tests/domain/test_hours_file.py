"""Claims about the file of service hours: it reads back as written, and says of every mistake what to do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import TEXTS
from taktvoll.domain.conversation.terms import Urgency
from taktvoll.domain.hours.calendar import DAY_MINUTES, Slot
from taktvoll.domain.hours.file import read_hours
from taktvoll.domain.hours.terms import LAENDER, ServiceHours, Target, Time
from taktvoll.domain.hours.writing import write_hours


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    """Any slot that a file can say: 24 hours from noon to noon it cannot."""
    start = draw(st.integers(0, DAY_MINUTES - 1))
    return Slot(start, start + draw(st.integers(1, DAY_MINUTES if start == 0 else DAY_MINUTES - 1)))


days = st.lists(slots(), max_size=3).map(lambda found: tuple(sorted(found)))
spans = st.none() | st.integers(1, 90 * 24 * 3600)
targets = st.builds(
    Target,
    st.none() | st.sampled_from(Urgency),
    st.sampled_from(["", "service", "billing-2"]),
    spans,
    spans,
    spans,
    st.sampled_from(Time),
)
hours = st.builds(
    ServiceHours,
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata"]),
    land=st.sampled_from(["", *LAENDER]),
    region=st.sampled_from(["", "catholic"]),
    week=st.tuples(*[days] * 7),
    days=st.dictionaries(st.dates(date(2020, 1, 1), date(2040, 1, 1)), days, max_size=4),
    yearly=st.dictionaries(st.sampled_from([(12, 24), (2, 29), (1, 6)]), days),
    targets=st.lists(targets, max_size=4, unique_by=lambda t: (t.urgency, t.queue)).map(tuple),
    assistant_s=st.integers(1, 9999),
    pause_for_customer=st.booleans(),
    pause_snoozed=st.booleans(),
    pause_unanswered=st.booleans(),
    callback=st.booleans(),
    email=st.sampled_from(["", "service@example.com"]),
    appointment=st.booleans(),
    appointment_minutes=st.integers(5, 240),
    appointment_at_once=st.integers(1, 100),
    video=st.sampled_from(["", "https://meet.example.com/{token}"]),
    remind_desk_s=st.sampled_from([0, 60, 600, 3601]),
    remind_customer_s=st.sampled_from([0, 3600, 86400]),
    confirmed=st.just(True),
)


@given(hours)
def test_what_is_written_reads_back_the_same(found: ServiceHours) -> None:
    """The desk's form writes what the store keeps: a setting lost on the way would be lost in silence."""
    assert read_hours(write_hours(found)) == (found, ())


def test_an_empty_file_is_the_default_confirmed() -> None:
    """Whoever sets nothing but the file keeps the defaults, and has now said that they are theirs."""
    assert read_hours("") == (ServiceHours(confirmed=True), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("zone = ", "hours.file"),
        ("colour = 1", "hours.field"),
        ("[week]\nmonday = '8-9'", "hours.field"),
        ("[week]\nmon = '8-18'", "hours.slot"),
        ("[week]\nmon = '08:00-08:00'", "hours.slot"),
        ("[week]\nmon = '08:61-09:00'", "hours.slot"),
        ("[week]\nmon = '24:00-25:00'", "hours.slot"),
        ("[week]\nmon = " + str(["08:00-09:00"] * 7), "hours.slots"),
        ("[days]\n'24.12.2026' = 'closed'", "hours.date"),
        ("[yearly]\n'13-01' = 'closed'", "hours.yearly"),
        ("[yearly]\n'02-30' = 'closed'", "hours.yearly"),
        ("zone = 'Europe/Augsburg'", "hours.zone"),
        ("zone = '../etc/passwd'", "hours.zone"),
        ("land = 'Bavaria'", "hours.land"),
        ("land = 'BE'\nregion = 'augsburg'", "hours.region"),
        ("[[target]]\nfirst_answer = 'soon'", "hours.span"),
        ("[[target]]\nfirst_answer = '0m'", "hours.span"),
        ("[[target]]\nurgency = 'red'", "hours.value"),
        ("[[target]]\n[[target]]", "hours.target_twice"),
        ("[contact]\ncallback = 'yes'", "hours.value"),
        ("[contact]\nemail = 'us'", "hours.email"),
        ("[appointment]\nminutes = 0", "hours.value"),
        ("[appointment]\nvideo = 'http://meet.example.com/{token}'", "hours.video"),
        ("[appointment]\nvideo = 'https://meet.example.com/'", "hours.video"),
        ("[reminder]\ndesk = 'soon'", "hours.span"),
        ("[reminder]\nmail = '1h'", "hours.field"),
    ],
)
def test_each_mistake_is_named(text: str, code: str) -> None:
    """Hours that are read wrongly are told to customers wrongly: what is not understood is refused."""
    found, problems = read_hours(text)
    assert found is None
    assert [p.code for p in problems] == [code]
    assert all("?" not in problems[0].text(language) for language in ("de", "en"))
    assert code in TEXTS


def test_all_mistakes_are_said_at_once() -> None:
    """Nobody should have to upload a file five times to learn five things."""
    text = "zone = 'x'\nland = 'y'\n[week]\nmon = 'z'\ntue = 'q'\n[contact]\nemail = 'w'\n"
    assert [p.code for p in read_hours(text)[1]] == [
        "hours.zone", "hours.land", "hours.slot", "hours.slot", "hours.email",
    ]  # fmt: skip


def test_the_most_specific_target_holds() -> None:
    """A queue's own promise outranks the general one, and urgency decides among those."""
    text = (
        "[[target]]\nfirst_answer = '8h'\n[[target]]\nurgency = 'high'\nfirst_answer = '1h'\n"
        "[[target]]\nqueue = 'billing'\nfirst_answer = '24h'\n"
    )
    found, _ = read_hours(text)
    assert found is not None
    asked = [(Urgency.NORMAL, "service"), (Urgency.HIGH, "service"), (Urgency.HIGH, "billing")]
    assert [found.target_for(*a).first_answer_s for a in asked] == [8 * 3600, 3600, 24 * 3600]  # type: ignore[union-attr]
