"""Words: approved text verbatim, sources that lead somewhere, and a kept form that gives everything back."""

import json
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.steps import Speech
from taktvoll.domain.conversation.terms import Choice, Decision, State
from taktvoll.domain.governance.notices import FIXED, fixed
from taktvoll.domain.governance.notices_mail import BY_MAIL
from taktvoll.domain.governance.terms import Author, Draft, Part, PartKind, Provenance, ShownChoice
from taktvoll.domain.governance.wording import (
    Words,
    compose,
    customer_content,
    message_content,
    released_event,
    source_of,
    text_of,
    text_of_json,
)
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from tests.domain.made import NOW, draft, passage

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
STAND = passage("stand", question="Wie melde ich den Stand?", url="https://auental.example/stand")
UMZUG = passage("umzug", "Melden Sie sich um.")
STATE = State(channel="webchat", owner_epoch=3, last_customer_seq=8)


FILLED = {"emergency_gas", "emergency_gas_line", "receipt"}
"""Texts with a place for a number or a time."""


def composed(speech: Speech, greeting: str = "") -> tuple[Draft, tuple[str, ...]]:
    """Put a speech into words from two entries."""
    known = {p.hash: p for p in (STAND, UMZUG)}
    words = Words(greeting=greeting, gas_line="0800 0000 4799")
    return compose(speech, STATE, known, conversation="c-1", workspace="auental", edition=7, words=words)


def offered(entry: Passage) -> Choice:
    """An entry by name and content."""
    return Choice(entry.key, entry.hash)


def test_an_answer_is_the_passage_word_for_word() -> None:
    """Approved means approved in this wording; the evidence is exactly what is said."""
    said, evidence = composed(Speech(Decision.ANSWER, "de", passage=offered(STAND)))
    assert [p.text for p in said.parts] == [STAND.text] == list(evidence)
    assert [(s.key, s.hash, s.title, s.url) for s in said.sources] == [
        (STAND.key, STAND.hash, "Stand", "https://auental.example/stand")
    ]
    assert said.provenance == Provenance(edition=7)
    assert not any(p.generated for p in said.parts)
    assert (said.written_under.owner_epoch, said.written_under.last_customer_seq) == (3, 8)
    assert (said.conversation, said.recipient, said.channel) == ("c-1", "c-1", "webchat")


def test_choices_are_shown_by_their_questions() -> None:
    """People choose between questions; an entry that is gone meanwhile is not offered."""
    gone = Choice(PassageKey("hilfe", "weg", "de"), "f" * 64)
    speech = Speech(Decision.CLARIFY, "de", fixed="clarify", choices=(offered(STAND), gone, offered(UMZUG)))
    said, _ = composed(speech)
    assert said.choices == (
        ShownChoice(STAND.key, "Wie melde ich den Stand?"),
        ShownChoice(UMZUG.key, "Umzug"),
    )
    assert said.text == fixed("clarify", "de")


def test_the_company_greets_in_its_own_words() -> None:
    """Its own greeting replaces ours, and nothing else does."""
    greeting = Speech(Decision.CLARIFY, "de", fixed="greeting")
    assert composed(greeting, "Moin bei Auental!")[0].text == "Moin bei Auental!"
    assert composed(greeting)[0].text == fixed("greeting", "de")
    assert composed(Speech(Decision.ANSWER, "de", fixed="thanks"), "Moin!")[0].text == fixed("thanks", "de")


@pytest.mark.parametrize("name", [n for n in sorted(FIXED) if n not in FILLED and n not in BY_MAIL])
def test_fixed_texts_are_said_as_they_stand(name: str) -> None:
    """Notices are versioned words; composing must not touch them, and they are their own evidence."""
    said, evidence = composed(Speech(Decision.DECLINE, "en", fixed=name))
    assert said.text == fixed(name, "en") == evidence[0]


@given(parts=st.tuples(TEXTS, TEXTS, TEXTS))
def test_any_name_gives_an_address_that_leads_back(parts: tuple[str, str, str]) -> None:
    """Ids come from customers' files: slashes, umlauts and question marks must not lead to another page."""
    key = PassageKey(*parts)
    entry = replace(UMZUG, collection=key.collection, id=key.id, language=key.language)
    url = source_of(entry, "a/b ä?").url
    assert url.isascii()
    split = urlsplit(url)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("", "", "", "")
    assert [unquote(p) for p in split.path.split("/")] == ["", "w", "a/b ä?", "source", *key]


@pytest.mark.parametrize(
    ("title", "question", "shown"), [("T", "Q", "T"), ("", "Q", "Q"), ("", None, "umzug"), ("", "", "umzug")]
)
def test_a_source_always_has_a_name(title: str, question: str | None, shown: str) -> None:
    """A link without a text cannot be seen, clicked or heard."""
    assert source_of(replace(UMZUG, title=title, question=question), "w").title == shown


@pytest.mark.parametrize(
    ("page", "language", "shown"),
    [
        (None, "de", "Umzug"),
        ("", "de", "Handbuch > Vertrag > Umzug"),
        ("12", "de", "Handbuch > Vertrag > Umzug, S. 12"),
        ("12", "de-AT", "Handbuch > Vertrag > Umzug, S. 12"),
        ("12–13", "de", "Handbuch > Vertrag > Umzug, S. 12–13"),
        ("12", "en", "Handbuch > Vertrag > Umzug, p. 12"),
        ("12–13", "en", "Handbuch > Vertrag > Umzug, pp. 12–13"),
    ],
)
def test_a_document_is_cited_with_its_headings_and_page(page: str | None, language: str, shown: str) -> None:
    """Whoever opens a handbook of 300 pages must find the place; what is no document is cited as before."""
    entry = replace(UMZUG, title="Umzug", section="Handbuch > Vertrag", page=page)
    assert source_of(entry, "w", language).title == shown


@given(texts=st.lists(TEXTS, min_size=1, max_size=3), label=TEXTS, name=TEXTS)
def test_a_released_message_comes_back_whole(texts: list[str], label: str, name: str) -> None:
    """Desk, chat, audit and replay all read the kept form; it must hold everything that was shown."""
    notice = Part(PartKind.NOTICE, "Hinweis", "de")
    shown = draft(
        parts=(notice, *(Part(PartKind.TEXT, t, "de") for t in texts)),
        choices=(ShownChoice(UMZUG.key, label),),
        sources=(source_of(STAND, "auental"),),
        author_name=name,
        notice="1",
        decision=Decision.ANSWER,
    )
    event = released_event(shown, NOW, "assistant")
    assert event.text is not None
    kept = json.loads(event.text.content)
    assert [p["text"] for p in kept["parts"]] == ["Hinweis", *texts]
    assert kept["choices"] == [{"key": list(UMZUG.key), "label": label}]
    assert kept["sources"][0]["url"] == STAND.url
    assert kept["name"] == name
    assert text_of(kept) == text_of_json(event.text.content) == "\n\n".join(texts)
    assert message_content(shown) == event.text.content


def test_the_event_of_a_message_holds_no_words() -> None:
    """Its payload stays for ever; whatever was said can be erased beside it."""
    secret = "Frau Sorglos, Ihr Kennwort"
    shown = draft(secret, author_name=secret, choices=(ShownChoice(UMZUG.key, secret),))
    event = released_event(replace(shown, author=Author.PERSON, author_id="s-1"), NOW, "staff:s-1")
    assert secret not in json.dumps(dict(event.payload), ensure_ascii=False)
    assert event.payload["author"] == "person"
    assert event.payload["editor"] == "s-1"
    assert event.payload["written_under"] == [3, 8]
    assert event.edition == 7


@given(text=TEXTS)
def test_a_customer_s_text_comes_back(text: str) -> None:
    """What the customer wrote is what the agent reads, to the letter."""
    assert text_of_json(customer_content(text)) == text


def test_an_erased_text_reads_as_nothing() -> None:
    """After erasure the place stays and the words are gone."""
    assert text_of_json(None) == ""
