"""The glossary: whole words in any form and both directions, nothing added that was not meant."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.hashing import canonical
from taktvoll.base.limits import SYNONYM_CHARS_MAX, SYNONYMS_MAX
from taktvoll.domain.knowledge.synonyms import Glossary, Term, merged
from tests.domain.made import RULES

GLOSSARY = merged(
    (
        Term("Abschlag", ("Rate", "monatliche Zahlung")),
        Term("Marktlokation", ("Malo",)),
        Term("Doppeltarif", ("HT/NT",)),
        Term("Zähler", ("Uhr",)),
    )
)


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Wie ändere ich die Rate?", "Abschlag"),
        ("sind die RATEN zu hoch", "Abschlag"),
        ("Ich will die monatlichen Zahlungen senken.", "Abschlag"),
        ("was ist die MaLo-ID", "Marktlokation"),
        ("ht nt umstellen", "Doppeltarif"),
        ("Abschlaege ändern", "Rate, monatliche Zahlung"),
        ("ABSCHLÄGE ändern", "Rate, monatliche Zahlung"),
    ],
)
def test_a_word_brings_what_it_also_means(question: str, added: str) -> None:
    """Customers inflect and write umlauts as they can; the house's own word must come to mind anyway."""
    assert GLOSSARY.expanded(question) == f"{question} ({added})"


@pytest.mark.parametrize(
    "question",
    [
        "", "Guten Tag", "Ich brauche Ihren Rat", "Malojapass", "Zahlung monatliche", "Wo kann ich zahlen?",
        "Ist meine Rate der Abschlag und die monatliche Zahlung?", "🙂", "Rückerstattung",
    ],
)  # fmt: skip
def test_nothing_else_is_added(question: str) -> None:
    """Parts of words, words in another order and what is said already must not bend the question."""
    assert GLOSSARY.expanded(question) == question


def test_an_empty_glossary_changes_nothing() -> None:
    """Most companies start without one."""
    assert Glossary().expanded("Wie ändere ich die Rate?") == "Wie ändere ich die Rate?"


def test_terms_that_come_twice_are_one() -> None:
    """Two files name the same term; its words are put together, each once, never the term itself."""
    made = merged(
        (Term("Abschlag", ("Rate", "ABSCHLAG")), Term("abschlag", ("rate", "Teilbetrag")), Term("leer", ()))
    )
    assert made == Glossary((Term("Abschlag", ("Rate", "Teilbetrag")),))


def test_a_term_has_bounds() -> None:
    """A list pasted into one cell must not slow every question down."""
    many = merged(
        (Term("a", tuple(f"wort{n}" for n in range(100))), Term("b", ("x" * (SYNONYM_CHARS_MAX + 1),)))
    )
    assert [len(t.synonyms) for t in many.terms] == [SYNONYMS_MAX]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(
    terms=st.lists(st.builds(Term, WORDS, st.lists(WORDS, max_size=3).map(tuple)), max_size=4),
    question=st.text(max_size=60),
)
def test_any_question_keeps_its_words(terms: list[Term], question: str) -> None:
    """Whatever stands in the glossary: the customer's words stay, and asking twice adds nothing more."""
    glossary = merged(terms)
    once = glossary.expanded(question)
    assert once.startswith(question)
    assert Glossary(glossary.terms).expanded(question) == once


def test_rules_without_a_glossary_keep_their_bytes() -> None:
    """Editions from before there was a glossary must hash as they did, or the record could not be replayed."""
    body = RULES.body()
    assert b"glossary" not in body
    with_terms = replace(RULES, glossary=GLOSSARY)
    assert with_terms.body() != body
    assert canonical([["Abschlag", ["Rate", "monatliche Zahlung"]]])[1:-1] in with_terms.body()
