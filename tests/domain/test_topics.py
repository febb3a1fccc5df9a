"""What of a file of examples counts: every odd line is named, none stops the rest, one text has one topic."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import TEXTS, Refused
from taktvoll.base.limits import MESSAGE_CHARS_MAX, TOPIC_NAME_CHARS_MAX
from taktvoll.domain.knowledge.topics import (
    Doubt,
    Example,
    gather,
    read_line,
    read_question,
    same,
    topic_name,
)


def line(**fields: object) -> bytes:
    """One line of a file."""
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def test_examples_come_in_their_order_and_other_keys_are_ignored() -> None:
    """Files come out of other tools and carry more than we need."""
    found = gather(
        [
            line(text="Wo ist mein Paket?", topic="Lieferung", id=7),
            b"\n",
            line(topic="Geld", text="Was kostet es?"),
        ]
    )
    assert found.examples == (Example("Wo ist mein Paket?", "Lieferung"), Example("Was kostet es?", "Geld"))
    assert (found.unusable, found.contradictions, found.repeated) == ((), (), 0)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"not json", "topics.not_json"),
        (b'["a", "list"]', "topics.not_json"),
        (b'"text"', "topics.not_json"),
        (b"[" * 100_000, "topics.not_json"),
        ('{"text": "Grüße", "topic": "x"}'.encode("latin-1"), "topics.not_utf8"),
        (line(topic="x"), "topics.no_text"),
        (line(text="", topic="x"), "topics.no_text"),
        (line(text=" \u200b\x00\x07 ".replace("\u200b", ""), topic="x"), "topics.no_text"),
        (line(text=["a"], topic="x"), "topics.no_text"),
        (line(text="a"), "topics.no_topic"),
        (line(text="a", topic=None), "topics.no_topic"),
        (line(text="a", topic="  "), "topics.no_topic"),
        (line(text="a", topic=True), "topics.no_topic"),
        (line(text="a", topic={"name": "x"}), "topics.no_topic"),
        (line(text="a", topic="\x00\x07"), "topics.line_name"),
        (line(text="a", topic="x" * (TOPIC_NAME_CHARS_MAX + 1)), "topics.line_name"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(raw: bytes, code: str) -> None:
    """Whoever mends the file needs the line and the reason; the other lines count."""
    found = gather([line(text="gut", topic="x"), raw, line(text="auch gut", topic="y")])
    (doubt,) = found.unusable
    assert (doubt.line, doubt.code) == (2, code)
    assert [e.topic for e in found.examples] == ["x", "y"]
    for text in TEXTS[code]:
        assert "2" in text.format(line=doubt.line, **doubt.fields), "no field may stay open"


def test_names_of_any_script_are_names() -> None:
    """Topics are called as the company calls them."""
    for name in ("Lieferung", "配送", "доставка", "التوصيل", "🚚", "a/b, c", "42"):
        assert read_line(1, line(text="x", topic=name)) == Example("x", name)
    assert read_line(1, line(text="x", topic=42)) == Example("x", "42")
    assert topic_name("  Zähler \n stand ") == "Zähler stand"
    assert topic_name("Za\u0308hler") == "Zähler"


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    """Some editors write one."""
    assert gather([b"\xef\xbb\xbf" + line(text="a", topic="b")]).examples == (Example("a", "b"),)


def test_a_repeated_text_counts_once() -> None:
    """Neither case nor white space makes another text; the first spelling is kept."""
    found = gather([line(text=t, topic="x") for t in ("Wo ist es?", "wo  ist es?", "WO IST ES?", "Wann?")])
    assert [e.text for e in found.examples] == ["Wo ist es?", "Wann?"]
    assert (found.repeated, found.contradictions) == (2, ())


def test_of_contradictions_most_count_and_each_is_named() -> None:
    """One text with two topics would teach neither; people must see which line to mend."""
    topics = ["Geld", "Lieferung", "Lieferung", "Geld", "Lieferung"]
    found = gather([line(text="Wo bleibt es?", topic=t) for t in topics])
    assert found.examples == (Example("Wo bleibt es?", "Lieferung"),)
    assert [(d.line, d.fields) for d in found.contradictions] == [
        (1, {"topic": "Geld", "kept": "Lieferung"}),
        (4, {"topic": "Geld", "kept": "Lieferung"}),
    ]
    assert found.repeated == 2
    tie = gather([line(text="Wo bleibt es?", topic=t) for t in ("Geld", "Lieferung")])
    assert tie.examples == (Example("Wo bleibt es?", "Geld"),)


def test_long_texts_are_read_to_where_a_message_ends() -> None:
    """An e-mail is an example, too; more than a message may hold is never compared."""
    found = read_line(1, line(text="a" * 50_000, topic="x"))
    assert isinstance(found, Example)
    assert len(found.text) == MESSAGE_CHARS_MAX


def test_questions_have_their_id_or_their_line() -> None:
    """Results are joined to the questions by it, also where a line is broken."""
    assert read_question(3, line(id="a", text="Hallo")) == ("a", "Hallo")
    assert read_question(3, line(id=0, text="Hallo")) == ("0", "Hallo")
    assert read_question(3, line(text="Hallo")) == ("3", "Hallo")
    assert read_question(3, line(id="a", text="")) == ("a", Doubt(3, "topics.no_text"))
    assert read_question(3, b"\xff\xfe") == ("3", Doubt(3, "topics.not_utf8"))


def test_an_endless_or_empty_name_is_refused() -> None:
    """The same holds for names that people type."""
    for name in ("", " \n", "x" * 201, "\x00"):
        with pytest.raises(Refused) as caught:
            topic_name(name)
        assert caught.value.code == "topics.name"


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40), st.builds(line, text=st.text(max_size=8), topic=st.text(max_size=8))
        )
    )
)
def test_no_line_is_lost_and_none_stops_the_rest(lines: list[bytes]) -> None:
    """Whatever a file holds: each line is an example, a repetition, a contradiction, unusable or empty."""
    found = gather(lines)
    empty = sum(not raw.strip(b" \t\r\n\x0b\x0c") for raw in lines)
    told = len(found.examples) + found.repeated + len(found.contradictions) + len(found.unusable)
    assert told + empty == len(lines)
    assert len({same(e.text) for e in found.examples}) == len(found.examples)
    assert all(e.text and e.topic for e in found.examples)
