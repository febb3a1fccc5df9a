"""Mails made to cost: each is small, comes through any server, and once held a process for a minute or for hours.

There is no clock in here: whoever brings the square of a length back will see this file stand still.
"""

import tracemalloc

import pytest

from taktvoll.adapters.mime import MimeReader
from taktvoll.adapters.mime.bodies import TEXT_CHARS_MAX, unflowed
from taktvoll.domain.mail.reading import READ_CHARS_MAX, Reading, reading_of

HEAD = b"From: eva@kundin.example\nSubject: Frage\nMessage-ID: <a@b.example>\n"
FIELD = 60_000


def reading(raw: bytes) -> Reading:
    """Read a mail to the end."""
    return reading_of(MimeReader().read(raw))


@pytest.mark.parametrize(
    "value",
    [
        b'"\\' * (FIELD // 2),
        b"a" * FIELD + b" @x",
        b"a@" * (FIELD // 2),
        b"(" * FIELD + b"@",
        b"<" * FIELD + b"@",
    ],
    ids=["quotes", "no_at", "ats", "comments", "angles"],
)
def test_addresses_without_an_end(value: bytes) -> None:
    """Four headers of these once took a minute and a half, in which nothing else of the process ran."""
    fields = b"".join(name + b": " + value + b"\n" for name in (b"To", b"Cc", b"Reply-To"))
    assert reading(HEAD + fields + b"\nWann kommt der Monteur?").questions == ("Wann kommt der Monteur?",)


def test_headers_folded_ten_thousands_of_times() -> None:
    """Each fold once copied all before it, in each of two hundred parts."""
    part = b"--x\nX-Long: a\n" + b" x\n" * 60_000 + b"\n"
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n' + part * 100 + b"--x--\n"
    assert "no_boundary" not in reading(raw).mail.problems


def test_paragraphs_that_flow_for_ever() -> None:
    """A line that goes on three hundred thousand times once copied itself each time."""
    text = b"a \n" * 300_000
    raw = HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\n\n" + text
    assert reading(raw).mail.text == "a" * 300_000
    assert unflowed("> a \n> b\n> \nc \nd", delete_space=False) == "> a b\n> \nc d"


def test_what_one_part_may_cost_many_parts_may_not() -> None:
    """The limit on text holds for the mail, not for each of two hundred parts."""
    part = b"--x\nContent-Type: text/html\n\n" + b"<div><!--</div>-->" * 20_000 + b"\n"
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n' + part * 140 + b"--x--\n"
    mail = reading(raw).mail
    assert "text_cut" in mail.problems
    assert len(mail.text) <= TEXT_CHARS_MAX


def test_ampersands() -> None:
    """The parser of markup needs the square of their number."""
    raw = HEAD + b"Content-Type: text/html\n\n<p>Wann &amp; wo?</p>" + b"&" * 900_000
    assert reading(raw).mail.text.startswith("Wann & wo?")


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\t"])
def test_lines_of_blanks_beneath_a_letter(blank: str) -> None:
    """One line of three hundred blanks once took four seconds to be told from a telephone number."""
    below = f"x{blank * 296}y\n" * 1_000
    text = f"Wann kommt der Monteur?\n\nMit freundlichen Grüßen\nEva Meier\n\n{below}"
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()
    assert reading(raw).questions[:1] == ("Wann kommt der Monteur?",)


def test_text_without_an_end() -> None:
    """Lines that nearly fit many rules cost milliseconds each; ten thousands of them are read no more."""
    raw = HEAD + b"Content-Type: text/plain\n\n" + (b"/" * 298 + b" :\n") * 1_600
    assert 0 < len(reading(raw).written.new_text) <= READ_CHARS_MAX


def test_parts_within_parts_do_not_multiply() -> None:
    """Nine covers around ten megabytes once took twenty times as much memory, and four such mails the whole machine."""
    inner = b"Content-Type: application/octet-stream\n\n" + (b"A" * 76 + b"\n") * 130_000
    for number in range(9):
        mark = b"--b%d" % number
        cover = b'Content-Type: multipart/mixed; boundary="b%d"\n\n' % number
        inner = cover + mark + b"\n" + inner + b"\n" + mark + b"--\n"
    raw = HEAD + inner
    tracemalloc.start()
    mail = MimeReader().read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [a.size for a in mail.attachments] == [130_000 * 77]
    assert peak < 6 * len(raw)


def test_columns_beneath_a_letter_are_still_contact_details() -> None:
    """Blanks part columns, however many there are."""
    text = "Bis wann?\n\nViele Grüße\nEva Meier\n\nMüllerstr. 4          Tel. 030 123456\n"
    assert reading(
        HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()
    ).written.new_text == ("Bis wann?\n\nViele Grüße\nEva Meier")
