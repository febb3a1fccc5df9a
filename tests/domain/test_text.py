"""Text as it enters: readable, in one form, within its limit."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import canonical
from taktvoll.base.limits import MESSAGE_CHARS_MAX
from taktvoll.base.text import clean, clean_message


@given(text=st.text(max_size=300))
def test_cleaned_text_can_be_kept_and_hashed(text: str) -> None:
    """Whatever a customer types must end as one form that the record can hold and PostgreSQL can store."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\r" not in cleaned
    assert "\0" not in cleaned
    assert cleaned == cleaned.strip()
    canonical(cleaned)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Gru\u0308n", "Grün"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("  Hallo\t\n ", "Hallo"),
        ("a\tb", "a\tb"),
        ("user\u202egpj.exe", "usergpj.exe"),
        ("\u2066links\u2069 \u202arechts\u202c", "links rechts"),
        ("a\x00b\x1b[31mc\x7f\x85", "ab[31mc"),
        ("a\ud83db\ufffd", "ab"),
        ("👩‍👧 ❤️", "👩‍👧 ❤️"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_only_what_people_can_read_is_kept(written: str, kept: str) -> None:
    """Hidden characters turn an address round, break a terminal or the database; emoji and Persian must survive."""
    assert clean(written) == kept


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u202e", "\x00"])
def test_a_message_without_text_is_refused(text: str) -> None:
    """An empty message would be answered with a guess."""
    with pytest.raises(Refused) as caught:
        clean_message(text)
    assert caught.value.code == "message.empty"


def test_the_limit_counts_what_is_kept() -> None:
    """Exactly the limit is allowed; decomposed umlauts and line ends of Windows do not count double."""
    assert len(clean_message("x" * MESSAGE_CHARS_MAX)) == MESSAGE_CHARS_MAX
    assert len(clean_message("u\u0308" * MESSAGE_CHARS_MAX)) == MESSAGE_CHARS_MAX
    assert clean_message("  " + "x" * MESSAGE_CHARS_MAX + "\r\n") == "x" * MESSAGE_CHARS_MAX
    for text in ("x" * (MESSAGE_CHARS_MAX + 1), " " * (2 * MESSAGE_CHARS_MAX) + "x"):
        with pytest.raises(Refused) as caught:
            clean_message(text)
        assert caught.value.code == "message.too_long"
        assert caught.value.fields["limit"] == MESSAGE_CHARS_MAX


def test_binary_input_is_refused_and_a_stray_character_is_not() -> None:
    """Someone who drops a picture into the chat is told so; someone with a broken keyboard driver is served."""
    assert clean_message("Wo ist\x00 mein\ufffd Paket\x1b?") == "Wo ist mein Paket?"
    with pytest.raises(Refused) as caught:
        clean_message("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x02")
    assert caught.value.code == "message.unreadable"


@given(text=st.text(max_size=200))
def test_a_message_is_cleaned_or_refused_with_a_code(text: str) -> None:
    """Strangers write to this door; nothing may come out but a clean text or a refusal they can read."""
    try:
        given_back = clean_message(text)
    except Refused as refusal:
        given_back = refusal.code
    assert given_back in (clean(text), "message.empty", "message.unreadable")
