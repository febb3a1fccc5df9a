"""Further wordings: what is known, what is nearly the same, what an editor gets to see of a customer's words."""

import json
from dataclasses import replace

import pytest

from taktvoll.base.limits import WORDINGS_MAX
from taktvoll.domain.knowledge.terms import passage_from
from taktvoll.domain.knowledge.wordings import (
    alike,
    known_to,
    masked,
    with_wordings,
    without_contacts,
    worth_proposing,
)
from tests.domain.made import passage

STAND = passage("stand", question="Wie teile ich meinen Zählerstand mit?", wordings=("Wohin mit dem Stand?",))


def test_passages_without_wordings_keep_their_bytes() -> None:
    """Every stored passage is known by the hash of its bytes; a new field must not rename them all."""
    assert passage().hash == "f774b5e81b7bded4344dcab6db5a1a2bce91d0cdb4c677cfc486dab8e5f1a736"
    assert b"wordings" not in passage().body()


def test_wordings_come_back_from_the_body() -> None:
    """An edition is read from its bytes; a wording lost there would be lost to the search."""
    assert passage_from(json.loads(STAND.body())) == STAND
    assert STAND.hash != replace(STAND, wordings=()).hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wie ändere ich meinen Abschlag?", "wie änder ich mein abschlag"),
        ("Wie ändere ich meinen Abschlag?", "Meinen Abschlag ändere ich wie?!"),
        ("Zaehlerstand melden", "Zählerstände melden"),
    ],
)
def test_nearly_the_same_is_the_same(one: str, other: str) -> None:
    """An editor who reads the same question for the tenth time stops reading."""
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kann ich kündigen?", "Kann ich nicht kündigen?"),
        ("Umzug melden", "Zählerstand melden"),
        ("", ""),
        ("?", "?"),
    ],
)
def test_other_questions_stay_apart(one: str, other: str) -> None:
    """What is merged wrongly is never seen by anybody."""
    assert not alike(one, other)


@pytest.mark.parametrize(
    "text",
    ["wie teile ich meinen zaehlerstand mit", "Stand", "wohin mit dem Stand", "WOHIN MIT DEM STAND???"],
)
def test_what_an_entry_says_is_known(text: str) -> None:
    """An entry's own question is no further wording of it."""
    assert known_to(STAND, text)


def test_an_entry_takes_so_many_wordings_and_each_once() -> None:
    """Twenty ways to ask are plenty; more would only drown the others in the index."""
    ways = [f"Frage {chr(97 + n)}{chr(98 + n)}x nach dem {chr(99 + n)}yz" for n in range(WORDINGS_MAX + 5)]
    full = with_wordings(STAND, [*ways, *ways])
    assert len(full.wordings) == WORDINGS_MAX
    assert full.wordings[:2] == ("Wohin mit dem Stand?", ways[0])
    assert with_wordings(STAND, ["Wohin mit dem Stand", "stand"]) == STAND


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Hallo, mein Name ist Hans Müller, Kundennummer 4711-08152, wie ändere ich meinen Abschlag? "
            "Mit freundlichen Grüßen\nHans Müller",
            "mein Name ist …, Kundennummer …, wie ändere ich meinen Abschlag?",
        ),
        ("IBAN DE89 3704 0044 0532 0130 00 geht nicht, a.b@c.example", "IBAN … geht nicht, …"),
        ("Zähler 1EMH0012345678 zeigt nichts", "Zähler … zeigt nichts"),
        ("Frau Meier sagte, ich soll 0171 2345678 anrufen", "Frau … sagte, ich soll … anrufen"),
        ("bin am 12.03.2024 umgezogen", "bin am … umgezogen"),
        ("Was gilt 2026 für den Tarif 3?", "Was gilt 2026 für den Tarif 3?"),
        ("ich bin umgezogen", "ich bin umgezogen"),
        ("My name is Jane Doe, how do I move?", "My name is …, how do I move?"),
    ],
)
def test_what_names_a_person_is_masked(said: str, shown: str) -> None:
    """A customer's words become the company's; their name, account and numbers must not."""
    assert masked(said) == shown


def test_an_editor_s_own_words_lose_only_contacts() -> None:
    """An error code may belong to a question; an account or a mail address never does."""
    text = "Was heißt Fehler 39508 bei a.b@c.example oder 0171 2345678?"
    assert without_contacts(text) == "Was heißt Fehler 39508 bei … oder …?"


@pytest.mark.parametrize(
    ("text", "worth"), [("Ja", False), ("2", False), ("wo abschlag", True), ("wort " * 200, False)]
)
def test_only_what_stands_for_itself_is_worth_proposing(text: str, worth: bool) -> None:
    """A bare yes or a whole story says nothing that the next customer would write."""
    assert worth_proposing(text) is worth
