"""Letters as mail: whatever a letter says, another program reads it back, and nothing in it becomes a header."""

import re
from dataclasses import replace
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.adapters.mailwriting import MailWriter, texts_in
from taktvoll.adapters.mailwriting.flowed import flowed
from taktvoll.adapters.mime import MimeReader
from taktvoll.base.errors import Broken
from taktvoll.domain.delivery.letter import Block, Letter, Link, Quoted, plain_of
from taktvoll.domain.delivery.provenance import HEADER, digest_of
from taktvoll.domain.delivery.terms import Enclosed
from taktvoll.domain.governance.terms import PartKind
from taktvoll.domain.mail.terms import Address
from tests.contract.conftest import NOW
from tests.contract.mailserver import parsed

K = PartKind
LETTER = Letter(
    message_id="<tv.0@auental.example>",
    at=NOW,
    sender=Address("Stadtwerke Auental, Kundenservice", "service@auental.example"),
    recipient=Address("Selin Yılmaz", "selin@kunde.example"),
    subject="AW: Zählerstand – wohin damit? Äöü und noch viel mehr, damit der Betreff umbrochen werden muss",
    language="de",
    blocks=(
        Block(K.GREETING, "Guten Tag Selin Yılmaz,", "de"),
        Block(K.NOTICE, "Diese E-Mail hat eine KI zusammengestellt.", "de"),
        Block(K.LEAD, "Wohin <b>damit</b>?", "de"),
        Block(K.TEXT, "Ins Portal: https://auental.example/portal?a=1&b=2.\n\nOder per Karte.", "de"),
        Block(K.TEXT, "Or by card.", "en"),
        Block(K.CLOSING, "Freundliche Grüße\nDie KI-Assistenz", "de"),
    ),
    in_reply_to="<a@kunde.example>",
    references=tuple(f"<{n}.{'x' * 60}@kunde.example>" for n in range(12)),
    automatic=True,
    links=(Link("Zählerstand & mehr", "https://auental.example/stand"), Link("Ohne Seite", "")),
    links_title="Quellen:",
    quoted=Quoted("Am 02.11.2026 schrieb Selin:", "Wohin damit?\n> alt\nFrom hier\n.\nEnde"),
)


def written(letter: Letter, provenance: str = "v=1; k=a; s=b; b=c") -> bytes:
    """Write a letter."""
    return MailWriter().write(letter, lambda _plain, _html: provenance)


def mail_of(letter: Letter) -> EmailMessage:
    """Write a letter and have the standard library read it."""
    return parsed(written(letter))


def text(mail: EmailMessage, kind: str) -> str:
    """One of its two texts."""
    [part] = [p for p in mail.walk() if p.get_content_type() == kind]
    return str(part.get_content())


def test_a_letter_is_read_back_as_it_was_meant() -> None:
    """Names with commas, umlauts in subjects, long chains: all of it goes wrong somewhere."""
    mail = mail_of(LETTER)
    assert mail.defects == []
    assert mail["Subject"] == LETTER.subject
    sender = cast(AddressHeader, mail["From"]).addresses[0]
    assert (sender.display_name, sender.addr_spec) == (LETTER.sender.name, LETTER.sender.address)
    [recipient] = cast(AddressHeader, mail["To"]).addresses
    assert (recipient.display_name, recipient.addr_spec) == (LETTER.recipient.name, LETTER.recipient.address)
    assert mail["Message-ID"] == LETTER.message_id
    assert tuple(str(mail["References"]).split()) == LETTER.references
    assert mail["In-Reply-To"] == LETTER.in_reply_to
    assert cast(Any, mail["Date"]).datetime == NOW
    assert mail["Content-Language"] == "de"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "OOF, AutoReply")
    assert mail.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_companys_footer_stands_apart() -> None:
    """A business letter must name the company, its seat and its managers (§ 35a GmbHG); answers must not quote that."""
    footer = "Stadtwerke Auental GmbH, Marktplatz 1 <script>\nGeschäftsführung: A. Berg"
    letter = replace(LETTER, footer=footer)
    mail = mail_of(letter)
    assert "\r\n-- \r\nStadtwerke Auental GmbH" in text(mail, "text/plain")
    page = text(mail, "text/html")
    assert "<footer><p>Stadtwerke Auental GmbH, Marktplatz 1 &lt;script&gt;<br>" in page
    assert page.index("Die KI-Assistenz") < page.index("<footer>") < page.index("<blockquote type")
    assert "<footer>" not in text(mail_of(LETTER), "text/html")


def test_our_own_reader_understands_it() -> None:
    """A customer's quote of it comes back to us."""
    mail = MimeReader().read(written(LETTER))
    assert mail.message_id == LETTER.message_id
    assert mail.subject == LETTER.subject
    assert mail.headers.auto_submitted == "auto-replied"
    assert mail.headers.ours, "two of our installations must not talk to each other for ever"
    assert "Oder per Karte." in mail.text


def test_every_line_fits() -> None:
    """Servers cut or refuse lines beyond 998 bytes, and people's programs look better below 78."""
    raw = written(LETTER)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    head, _, body = raw.partition(b"\r\n\r\n")
    long = [line for line in head.split(b"\r\n") if len(line) > 78]
    assert all(b" " not in line.removeprefix(b"References: ").strip() for line in long), long
    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    assert not any(line == b"." for line in body.split(b"\r\n"))


def unflowed(content: str) -> str:
    """Read format=flowed as RFC 3676 says; lines of one paragraph become one."""
    out, open_ = list[str](), False
    for line in content.rstrip("\n").split("\n"):
        quote = re.match(r"(?:> ?)*", line)
        assert quote is not None
        mark = quote.group()
        rest = line[len(mark) :]
        rest = rest[1:] if not mark and rest.startswith(" ") else rest
        flows = rest.endswith(" ")
        if open_ and out:
            out[-1] += rest
        else:
            out.append(mark + rest)
        open_ = flows
    return "\n".join(line.rstrip(" ") for line in out)


@given(
    st.lists(
        st.text(st.sampled_from("ab ü.,>-"), max_size=200).map(lambda s: " ".join(s.split(" ")).strip()),
        max_size=6,
    )
)
def test_paragraphs_survive_their_line_breaks(paragraphs: list[str]) -> None:
    """A broken paragraph must read as one on a telephone."""
    original = "\n".join(re.sub(r"^[> ]+|(?<= ) +", "", p) for p in paragraphs).rstrip("\n")
    assert unflowed(flowed(original)) == original
    assert all(len(line) <= 74 or " " not in line.strip() for line in flowed(original).split("\n"))


def test_the_plain_text_says_everything() -> None:
    """Whoever reads without HTML reads the same."""
    content = text(mail_of(LETTER), "text/plain")
    for block in LETTER.blocks:
        for line in block.text.split("\n"):
            assert line in unflowed(content)
    assert digest_of(content) == digest_of(plain_of(LETTER))


class _Seen(HTMLParser):
    """Everything a browser would do with a page: tags, and addresses it would fetch or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.followed: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.fetched += [
            str(given[name]) for name in ("src", "background", "data", "poster") if name in given
        ]
        self.followed += [str(given["href"])] if tag == "a" else []
        assert not any(name.startswith("on") for name in given)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(letter: Letter) -> _Seen:
    """Look at the HTML of a letter."""
    page = _Seen()
    page.feed(text(mail_of(letter), "text/html"))
    return page


def test_the_html_fetches_nothing_and_links_only_ours() -> None:
    """A picture from a server tells that the mail was read; a customer's words must not become a link of ours."""
    trap = "<script>alert(1)</script> <img src=http://boese.example/x> https://boese.example"
    letter = replace(
        LETTER,
        blocks=(*LETTER.blocks, Block(K.LEAD, trap, "de"), Block(K.QUOTE, trap, "de"), Block(K.GREETING, trap, "de")),
        quoted=Quoted(trap, trap),
    )  # fmt: skip
    page = seen(letter)
    assert page.fetched == []
    assert set(page.followed) == {"https://auental.example/portal?a=1&b=2", "https://auental.example/stand"}
    assert {"script", "img"}.isdisjoint(page.tags)
    assert trap in "".join(page.words)


def test_the_html_speaks_its_language_and_leaves_colours_alone() -> None:
    """Screen readers choose their voice by it, and dark screens stay dark."""
    html = text(mail_of(LETTER), "text/html")
    assert '<html lang="de">' in html
    assert '<p lang="en">Or by card.</p>' in html
    assert 'content="light dark"' in html
    assert not re.search(r"(?<!-)\b(?:color|background)\s*[:=]", html)


def test_an_alert_looks_and_reads_as_one() -> None:
    """The number stands first, framed, and is announced."""
    alert = replace(LETTER, blocks=(Block(K.ALERT, "Rufen Sie 112 an.\n\nSofort.", "de"), *LETTER.blocks))
    html = text(mail_of(alert), "text/html")
    assert html.index('role="alert"') < html.index("Guten Tag")
    assert text(mail_of(alert), "text/plain").startswith("Rufen Sie 112 an.")


def test_advertising_says_how_it_ends() -> None:
    """One click, as RFC 8058 has it; an answer carries no such thing."""
    mail = mail_of(replace(LETTER, unsubscribe="https://auental.example/aus"))
    assert mail["List-Unsubscribe"] == "<https://auental.example/aus>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        "https://auental.example/aus"
        in seen(replace(LETTER, unsubscribe="https://auental.example/aus")).followed
    )
    assert mail_of(LETTER)["List-Unsubscribe"] is None
    assert mail_of(replace(LETTER, unsubscribe="mailto:aus@b.example"))["List-Unsubscribe-Post"] is None


def test_files_go_along() -> None:
    """A file keeps its name and its bytes; a name that is a path does not stay one."""
    files = (
        Enclosed("Vertrag Müller.pdf", "application/pdf", bytes(range(256)) * 40),
        Enclosed('../../etc/"x"\r\nBcc: a@b', "text/html; x", b""),
    )
    mail = mail_of(replace(LETTER, enclosed=files))
    assert mail.get_content_type() == "multipart/mixed"
    first, second = mail.iter_attachments()
    assert first.get_filename() == "Vertrag Müller.pdf"
    assert first.get_content() == files[0].content
    assert second.get_content_type() == "application/octet-stream"
    name = str(second.get_filename())
    assert "/" not in name
    assert "\n" not in name
    assert mail["Bcc"] is None


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60),
    subject=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120),
)
def test_any_name_and_subject_stay_within_their_headers(name: str, subject: str) -> None:
    """Whatever a stranger calls themselves, our headers are the ones we wrote."""
    from taktvoll.domain.delivery.letter import one_line

    name, subject = one_line(name), one_line(subject)
    letter = replace(LETTER, recipient=Address(name, "selin@kunde.example"), subject=f"AW: {subject}")
    mail = mail_of(letter)
    assert set(mail.keys()) == set(mail_of(LETTER).keys())
    assert cast(AddressHeader, mail["To"]).addresses[0].addr_spec == "selin@kunde.example"
    assert len(cast(AddressHeader, mail["To"]).addresses) == 1


@pytest.mark.parametrize("field", ["subject", "message_id", "in_reply_to", "reply_to", "language"])
def test_a_line_break_never_reaches_a_header(field: str) -> None:
    """The letter is cleaned before; the writer is the last door all the same."""
    with pytest.raises(Broken):
        written(replace(LETTER, **cast("dict[str, Any]", {field: "a\r\nBcc: opfer@x.example"})))


def test_the_statement_comes_back_from_its_folded_header() -> None:
    """It is long, so it is folded; what is signed must be what is read."""
    value = "v=1; k=abc; s=" + "s" * 43 + " " + "t" * 43 + "; b=" + " ".join(["x" * 60] * 9)
    raw = written(LETTER, value)
    header, plain, html = texts_in(raw, HEADER)
    assert re.sub(r"\s+", "", header) == value.replace(" ", "")
    assert plain
    assert html
    assert texts_in(raw.replace(b"MIME-Version", HEADER.encode() + b": v=1\r\nMIME-Version"), HEADER)[0] == ""
