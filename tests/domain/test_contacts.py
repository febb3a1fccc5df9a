"""Contacts: which spellings are one address, what a merge may be, when a habit is one, when a code is right."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId
from taktvoll.domain.contacts.addresses import key_of, mail_key, phone_key
from taktvoll.domain.contacts.codes import Asked, code_of, is_right
from taktvoll.domain.contacts.habits import Habit, habit_of
from taktvoll.domain.contacts.joining import Book, merged, split, undone
from taktvoll.domain.contacts.terms import Identity, Proof
from taktvoll.domain.conversation.events import KINDS
from taktvoll.domain.conversation.state import fold_all, snapshot, state_from
from taktvoll.domain.conversation.terms import Address, Event, State

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" Eva.Meier@Kundin.EXAMPLE ", "eva.meier@kundin.example"),
        ("eva+strom@kundin.example", "eva+strom@kundin.example"),
        ("eva@müller.example", "eva@müller.example"),
        ("eva@xn--mller-kva.example", "eva@müller.example"),
        ("eva@XN--MLLER-KVA.example", "eva@müller.example"),
        ("eva@mu\u0308ller.example", "eva@müller.example"),
        ("eva@xn--99999999.example", "eva@xn--99999999.example"),
    ],
)
def test_spellings_of_one_mailbox_are_one_key(written: str, key: str) -> None:
    """A customer who writes their address in capitals, or by another mail program, is the same customer."""
    assert mail_key(written) == key


def test_what_servers_tell_apart_stays_apart() -> None:
    """Whoever joins two mailboxes shows one person's letters to another; ß and ss are two domains since IDNA 2008."""
    alike = ["eva.meier@a.example", "evameier@a.example", "eva.meier+x@a.example", "eva.meier@straße.example",
             "eva.meier@strasse.example", "eva.meier@а.example"]  # fmt: skip
    assert len({mail_key(one) for one in alike}) == len(alike)


@pytest.mark.parametrize(
    "written", ["", "eva", "eva@", "@a.example", "eva@localhost", "a b@a.example", "eva@a..example", "eva@-a.example",
                "e" * 65 + "@a.example", "eva@a.example\nBcc: alle@b.example", "eva@[127.0.0.1]", "a@b@c.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    """A header in an address would send mail to others; half an address would be a key that many share."""
    with pytest.raises(Refused, match=r"address\.malformed"):
        mail_key(written)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0821 / 12 34-56", "+49821123456"),
        ("+49 (0)821 123456", "+49821123456"),
        ("0049 821 123456", "+49821123456"),
        ("+43 1 5880411", "+4315880411"),
    ],
)
def test_spellings_of_one_telephone_are_one_key(written: str, key: str) -> None:
    """People write numbers as they like; one line is one key (E.164)."""
    assert phone_key(written) == key


@pytest.mark.parametrize(
    ("channel", "written"), [("phone", "12"), ("phone", "110 oder 112"), ("phone", "+0821123456"),
                             ("phone", "0" * 20), ("fax", "0821 123456")],
)  # fmt: skip
def test_what_is_no_number_is_refused(channel: str, written: str) -> None:
    """A wrong number reaches a stranger."""
    with pytest.raises(Refused, match=r"address\.malformed"):
        key_of(channel, written)


def test_only_what_is_proven_counts_as_proven() -> None:
    """The contract: an unproven identity joins nothing; a new kind of proof must be thought about here."""
    fields = {
        "id": UUID(int=1),
        "home": UUID(int=2),
        "channel": "mail",
        "address": "a@b.example",
        "written": "",
    }
    assert {p for p in Proof if Identity(proof=p, **fields).proven} == set(Proof) - {Proof.UNPROVEN}  # type: ignore[arg-type]


PEOPLE = [ContactId(UUID(int=n)) for n in range(1, 7)]
THINGS = [UUID(int=n) for n in range(100, 112)]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("merge", "undo", "split")),
        st.integers(0, 11),
        st.integers(0, 11),
        st.sets(st.sampled_from(THINGS), max_size=4),
    ),
    max_size=25,
)


def played(deeds: list[tuple[str, int, int, set[UUID]]]) -> list[Book]:
    """Play deeds on a book of six people with two things each; what is refused changes nothing."""
    book = Book(dict.fromkeys(PEOPLE), {thing: PEOPLE[n // 2] for n, thing in enumerate(THINGS)})
    books = [book]
    for deed, one, other, things in deeds:
        known = sorted(book.into)
        first, second = known[one % len(known)], known[other % len(known)]
        try:
            if deed == "merge":
                book = merged(book, first, second)[0]
            elif deed == "undo":
                book = undone(book, first)
            else:
                book = split(book, first, things, ContactId(UUID(int=1000 + len(book.into))))
        except Refused:
            continue
        books.append(book)
    return books


@given(DEEDS)
def test_every_thing_is_exactly_one_contacts(deeds: list[tuple[str, int, int, set[UUID]]]) -> None:
    """Whatever is merged, undone and split: nothing is lost, nothing is two people's, and no circle comes of it."""
    for book in played(deeds):
        roots = {book.root(contact) for contact in book.into}
        owned = [thing for root in roots for thing in book.owned(root)]
        assert sorted(owned) == THINGS


@given(DEEDS, st.integers(0, 5), st.integers(0, 5))
def test_a_merge_undone_restores_exactly(
    deeds: list[tuple[str, int, int, set[UUID]]], one: int, other: int
) -> None:
    """Who merged the wrong people gets them back as they were, also those that had been merged before."""
    book = played(deeds)[-1]
    if book.root(PEOPLE[one]) == book.root(PEOPLE[other]):
        with pytest.raises(Refused, match=r"contact\.same"):
            merged(book, PEOPLE[one], PEOPLE[other])
    else:
        after, child, _ = merged(book, PEOPLE[one], PEOPLE[other])
        assert undone(after, child) == book


def test_a_split_takes_only_what_is_theirs() -> None:
    """A forged form must not take a stranger's conversation along."""
    book = played([])[0]
    for things, code in (((), "contact.nothing_chosen"), ((THINGS[4],), "address.unknown")):
        with pytest.raises(Refused, match=code):
            split(book, PEOPLE[0], things, ContactId(UUID(int=9)))


@pytest.mark.parametrize(
    ("shown", "habit"),
    [
        ([], None),
        ([None], None),
        (["du"], Habit("du", False)),
        (["du", None], Habit("du", False)),
        (["du", None, "du"], Habit("du", True)),
        (["du", "du", "sie"], Habit("sie", False)),
        (["sie", "du", "du"], Habit("du", False)),
        (["sie", "du", "du", "du"], Habit("du", True)),
    ],
)
def test_a_habit_is_what_the_last_messages_agree_on(
    shown: list[str | None], habit: Habit[str] | None
) -> None:
    """One message is enough to go by, not to keep; one slip turns nothing over, and a real change is followed."""
    assert habit_of(shown) == habit


def asked(**fields: object) -> Asked:
    """A code that was asked for."""
    given = {"id": UUID(int=1), "written": "a@b.example", "address": "a@b.example", "sent": True,
             "until": NOW + timedelta(minutes=10)}  # fmt: skip
    return Asked(**given | fields)  # type: ignore[arg-type]


def test_only_the_code_itself_in_its_time_is_right() -> None:
    """A late, foreign, unsent or empty code proves nothing; people may type it in groups."""
    code = code_of(bytes(31) + b"\x2a")
    assert code == "000042"
    assert is_right(asked(), code, " 000 042 ", NOW)
    wrong = [(None, code, code), (asked(), code, "000043"), (asked(), code, ""), (asked(sent=False), code, code),
             (asked(until=NOW), code, code), (asked(), code, "００００４２")]  # fmt: skip
    assert not any(is_right(one, expected, typed, NOW) for one, expected, typed in wrong)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_has_six_digits(digest: bytes) -> None:
    """A code with fewer digits is easier to guess."""
    assert len(code_of(digest)) == 6
    assert code_of(digest).isdigit()


def told(*events: tuple[str, Mapping[str, object]]) -> State:
    """A chat in which this happened."""
    begun: tuple[str, Mapping[str, object]] = (
        "conversation.started",
        {"account": "web", "channel": "webchat", "language": None},
    )
    placed = [
        Event(n, kind, NOW, "x", payload) for n, (kind, payload) in enumerate((begun, *events), start=1)
    ]
    assert {e.kind for e in placed} <= set(KINDS)
    return fold_all(State(), placed)


AWAY = (
    "conversation.rerouted",
    {"account": "service", "channel": "mail", "identity": "i", "because": "left"},
)
CHAT = ("message.received", {"id": "1"})
MAIL = ("message.received", {"id": "mail:2", "via": "mail"})


@pytest.mark.parametrize(
    ("events", "way"),
    [((CHAT,), "webchat"), ((CHAT, AWAY), "mail"), ((CHAT, AWAY, CHAT), "webchat"), ((CHAT, AWAY, CHAT, MAIL), "mail"),
     ((CHAT, AWAY, MAIL, CHAT), "webchat")],
)  # fmt: skip
def test_answers_go_where_the_customer_wrote_last(
    events: tuple[tuple[str, Mapping[str, object]], ...], way: str
) -> None:
    """Whoever left is reached by mail, whoever came back reads it in the chat; the home channel never changes."""
    state = told(*events)
    assert (state.channel, state.way) == ("webchat", way)
    assert state_from(snapshot(state)) == state


def test_what_is_known_of_the_person_fills_in_what_the_conversation_has_not_shown() -> None:
    """The first answer greets a regular as they like it, and never against what this conversation showed."""
    known = ("contact.recognised", {"address": "du", "language": "en"})
    state = told(known)
    assert (state.address, state.language) == (Address.DU, "en")
    assert (
        told(
            known, ("conversation.started", {"account": "w", "channel": "webchat", "language": "de"})
        ).language
        == "de"
    )
