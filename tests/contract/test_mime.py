"""Bytes become a mail, whatever is broken in them; what must hold for whole mails: tests/mails/expected.jsonl."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.adapters.mime import MimeReader
from taktvoll.adapters.mime.addresses import addresses_of
from taktvoll.adapters.mime.bodies import TEXT_CHARS_MAX
from taktvoll.adapters.mime.charsets import decoded
from taktvoll.adapters.mime.fields import parameters_of, words_decoded
from taktvoll.adapters.mime.files import safe_name, sniff
from taktvoll.adapters.mime.html_text import text_of
from taktvoll.adapters.mime.parts import PARTS_MAX
from taktvoll.adapters.mime.safe_html import safe_view
from taktvoll.base.errors import Refused
from taktvoll.domain.mail.reading import reading_of
from taktvoll.domain.mail.terms import Address, Check, Sealed

MAILS = Path(__file__).parent.parent / "mails"
EXPECTED = [json.loads(line) for line in (MAILS / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
READER = MimeReader()
HEAD = b"From: eva@example.org\nSubject: Zaehler\nDate: Tue, 14 May 2024 08:00:00 +0200\n"


def test_the_corpus_is_complete() -> None:
    """A mail without an expectation tests nothing."""
    assert {one["file"] for one in EXPECTED} == {path.name for path in MAILS.glob("*.eml")}
    assert len(EXPECTED) >= 80


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: one["file"].removesuffix(".eml"))
def test_every_mail_of_the_corpus_is_read_right(expected: dict[str, Any]) -> None:
    """Each stands for a habit of a mail program, an encoding, a kind of machine or an attack."""
    reading = reading_of(READER.read((MAILS / expected["file"]).read_bytes()))
    kind = reading.verdict.kind
    assert reading.written.new_text == expected["new_text"]
    assert len(reading.questions) == expected["questions"], reading.questions
    assert (reading.verdict.automatic, kind.value if kind else None) == (
        expected["automatic"],
        expected["automatic_kind"],
    )
    assert [one.name for one in reading.mail.attachments] == expected["attachments"]
    assert set(expected["problems"]) <= set(reading.mail.problems)


def _read_or_refused(raw: bytes) -> bool:
    """Read a mail to the end; whether it was read, or refused as no mail."""
    try:
        return reading_of(READER.read(raw)).written.new_text is not None
    except Refused as refused:
        return refused.code in ("mail.empty", "mail.not_mail")


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """A mailbox takes what comes; one mail that raises something else would stop all behind it."""
    for head in (
        b"",
        HEAD,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
        HEAD + b"Content-Type: text/html\n\n",
    ):
        assert _read_or_refused(head + raw)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4), st.sampled_from(EXPECTED))
def test_damaged_mails_are_read_or_refused(at: int, instead: bytes, expected: dict[str, Any]) -> None:
    """Damage in the middle of real structure reaches deeper than noise does."""
    raw = (MAILS / expected["file"]).read_bytes()
    place = at % len(raw)
    assert _read_or_refused(raw[:place] + instead + raw[place + len(instead) :])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "mail.empty"),
        (b"\r\n \r\n", "mail.empty"),
        (b"%PDF-1.4 \x00\x01", "mail.not_mail"),
        (b"<html><body>Hallo</body></html>", "mail.not_mail"),
        (b"Wie lange habe ich Garantie?\nZwei Jahre.\n", "mail.not_mail"),
        (HEAD + b"\n" + b"x" * 2_000, "mail.too_large"),
    ],
)
def test_what_is_no_mail_is_refused(raw: bytes, code: str) -> None:
    """Whoever hands in the wrong file is told so instead of getting an empty mail."""
    with pytest.raises(Refused) as refused:
        MimeReader(bytes_max=1_500).read(raw)
    assert refused.value.code == code


def test_headers_are_read() -> None:
    """Threads, loop guards and trust stand on them."""
    mail = READER.read(
        b"Return-Path: <>\nAuthentication-Results: mx.example; spf=pass; dkim=fail; dmarc=none\n"
        b"Authentication-Results: boese.example; dmarc=pass\nFrom: =?iso-8859-1?Q?M=FCller=2C_Eva?= <Eva@Example.org>\n"
        b'To: "Service, der" <a@example.com>, b@example.com\nCc: Lang, Tom <tom@example.com>\nReply-To: c@example.com\n'
        b"Message-ID: <m1@example.org>\nIn-Reply-To: <m0@example.com>\nReferences: <r1@x> <r2@x>\n"
        b"Date: Tue, 14 May 2024 08:00:00 +0200\nAuto-Submitted: Auto-Replied; owner=x\nPrecedence: Bulk\n"
        b"X-Auto-Response-Suppress: OOF\nX-Taktvoll-Provenance: abc\nSubject: x\n\nText\n"
    )
    assert mail.sender == Address("Müller, Eva", "Eva@Example.org")
    assert [str(one) for one in mail.to] == ["Service, der <a@example.com>", "b@example.com"]
    assert (mail.cc, mail.recipients) == ((Address("Lang, Tom", "tom@example.com"),), 3)
    assert (mail.message_id, mail.in_reply_to, mail.references) == (
        "<m1@example.org>",
        ("<m0@example.com>",),
        ("<r1@x>", "<r2@x>"),
    )
    assert mail.date == datetime(2024, 5, 14, 6, 0, tzinfo=UTC)
    assert (mail.origin.spf, mail.origin.dkim, mail.origin.dmarc) == (Check.PASS, Check.FAIL, Check.NONE)
    headers = mail.headers
    assert (headers.auto_submitted, headers.precedence, headers.suppress) == ("auto-replied", "bulk", "oof")
    assert (headers.null_sender, headers.ours) == (True, "abc")


def test_a_report_names_recipient_and_original() -> None:
    """Only so does a bounce find the conversation whose answer did not arrive."""
    mail = READER.read(next(MAILS.glob("*_bericht_fehler.eml")).read_bytes())
    assert mail.report is not None
    assert mail.report.original_message_id == "<unsere-1@stadtwerke.example>"
    [delivered] = mail.report.deliveries
    assert (delivered.recipient, delivered.action, delivered.status) == ("eva@example.net", "failed", "5.1.1")
    assert delivered.diagnostic == "550 5.1.1 User unknown"


def test_many_recipients_are_counted_and_few_are_kept() -> None:
    """A mail to ten thousand must not fill the memory."""
    field = ", ".join(f"k{number}@example.org" for number in range(3_000))
    mail = READER.read(b"From: a@example.org\nTo: " + field.encode() + b"\n\nx")
    assert (mail.recipients, len(mail.to), "many_recipients" in mail.problems) == (3_000, 100, True)


def test_limits_hold_and_are_named() -> None:
    """What is left out is said, never silently."""
    many = READER.read(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (PARTS_MAX + 50)
    )
    assert "too_many_parts" in many.problems
    long = READER.read(HEAD + b"\n" + b"wort " * (TEXT_CHARS_MAX // 4))
    assert ("text_cut" in long.problems, len(long.text)) == (True, TEXT_CHARS_MAX)
    headers = READER.read(HEAD + b"X-Lang: wort\n" * 30_000 + b"\nText")
    assert ("long_headers" in headers.problems, headers.text) == (True, "Text")


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<img src="https://spur.example/p.gif">',
        '<img srcset="https://spur.example/p.gif 1x">',
        '<table background="http://spur.example/b.png"><tr><td>x</td></tr></table>',
        '<p style="background:url(//spur.example/b.png)">x</p>',
        '<link rel="stylesheet" href="https://spur.example/s.css">',
        '<iframe src="https://spur.example"></iframe>',
        '<form action="https://spur.example"><input name="pin"></form>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<p onclick="alert(1)">x</p>',
        '<svg onload="alert(1)"></svg>',
        '<meta http-equiv="refresh" content="0;url=https://spur.example">',
        '<base href="https://spur.example/">',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<video src="https://spur.example/v"></video>',
    ],
)
def test_the_view_runs_and_fetches_nothing(markup: str) -> None:
    """A picture that loads tells the sender when an agent read the mail; a script acts in the agent's name."""
    view, _ = safe_view(f"<p>Text</p>{markup}")
    assert "Text" in view
    assert not any(
        word in view
        for word in ("spur.example", "script", "alert", "onclick", "onload", "data:", "<form", "<input")
    )


def test_pictures_of_the_mail_itself_stay_and_others_are_counted() -> None:
    """A photo of the meter belongs to the question."""
    view, blocked = safe_view(
        '<img src="cid:a@b" alt="Zähler"><img src="http://x.example/1"><img src="https://x.example/2">'
    )
    assert ('src="cid:a@b"' in view, blocked) == (True, 2)


def test_deeply_nested_markup_is_read_in_time() -> None:
    """The parser's time grows with the square of the depth; a mail must not stop the house."""
    assert text_of("<div>" * 100_000 + "Hallo") == "Hallo"
    assert "Hallo" in safe_view("<b><i>" * 50_000 + "Hallo")[0]


@pytest.mark.parametrize(
    ("raw", "declared", "text", "problem"),
    [
        ("für".encode(), "utf-8", "für", ""),
        ("für".encode("cp1252"), "utf-8", "für", "wrong_charset"),
        ("für".encode(), "iso-8859-1", "für", "wrong_charset"),
        ("20 €".encode("cp1252"), "iso-8859-1", "20 €", ""),
        ("für".encode("cp1252"), "x-gibt-es-nicht", "für", "unknown_charset"),
        ("für".encode("utf-16"), "utf-16", "für", ""),
        ("fÃ¼r".encode(), "utf-8", "für", "wrong_charset"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет", ""),
        (b"abc", "unicode_escape", "abc", "unknown_charset"),
        (b"abc", "rot13", "abc", "unknown_charset"),
        (b"\x81\x8d", "utf-8", "", "wrong_charset"),
    ],
)
def test_text_is_told_whatever_the_label_says(raw: bytes, declared: str, text: str, problem: str) -> None:
    """Broken umlauts make a word that no search finds."""
    assert decoded(raw, declared) == (text, problem)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe?= aus =?iso-8859-1?q?K=F6ln?=", "Grüße aus Köln"),
        ("=?utf-8?Q?Hallo Welt?=", "Hallo Welt"),
        ("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a=0D=0ABcc=3A_b?=", "a Bcc: b"),
        ("=?utf-8?B?kaputt", "=?utf-8?B?kaputt"),
        ("=?gibtesnicht?Q?Gr=FC=DFe?=", "Grüße"),
    ],
)
def test_encoded_words_are_decoded_onto_one_line(header: str, text: str) -> None:
    """A line end out of an encoded word would become a header of its own where the subject is used again."""
    assert words_decoded(header) == text


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('attachment; filename="Z\u00e4hler.pdf"', "Zähler.pdf"),
        ("attachment; filename*=utf-8''Z%C3%A4hler.pdf", "Zähler.pdf"),
        ("attachment; filename=alt.pdf; filename*=utf-8''Z%C3%A4hler.pdf", "Zähler.pdf"),
        ("attachment; filename*0*=iso-8859-1''Z%E4; filename*1=hler.pdf", "Zähler.pdf"),
        ('attachment; filename="=?utf-8?Q?Z=C3=A4hler=2Epdf?="', "Zähler.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
    ],
)
def test_names_of_files_are_read_in_every_form(field: str, name: str) -> None:
    """Each mail program writes them its own way."""
    assert parameters_of(field)[1]["filename"] == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Eigene\\Rechnung.pdf", "Rechnung.pdf"),
        ("a\r\nb\x00.pdf", "a b.pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("...", ""),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_of_files_are_made_safe(name: str, safe: str) -> None:
    """A name is kept on a disk some day, and shown to a person who trusts its ending."""
    assert safe_name(name) == safe


def test_types_are_sniffed() -> None:
    """A program under the name of an invoice is told by its first bytes."""
    assert sniff(b"%PDF-1.7") == "application/pdf"
    assert sniff(b"MZ\x90") == "application/x-msdownload"
    assert sniff(b"Hallo") == ""


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Eva Lang <eva@example.org>", ["Eva Lang <eva@example.org>"]),
        ("eva@example.org (Eva Lang)", ["Eva Lang <eva@example.org>"]),
        ("<eva@example.org>", ["eva@example.org"]),
        ("undisclosed-recipients:;", []),
        ("Alle: a@example.org, b@example.org;", ["a@example.org", "b@example.org"]),
        ('"Lang, \\"Eva\\"" <eva@example.org>', ['Lang, "Eva <eva@example.org>']),
        ("Eva", ["Eva"]),
        ("", []),
    ],
)
def test_addresses_are_read_as_people_write_them(field: str, found: list[str]) -> None:
    """Who wrote decides who gets the answer."""
    assert [str(one) for one in addresses_of(field, 10)[0]] == found


def test_signed_and_encrypted_mails_are_known_as_such() -> None:
    """Someone must be told that there is something to decrypt, and a signature is no file to open."""
    read = {path.stem[4:]: READER.read(path.read_bytes()) for path in MAILS.glob("*.eml")}
    assert read["smime_signiert"].signed is Sealed.SMIME
    assert read["smime_verschluesselt"].encrypted is Sealed.SMIME
    assert read["pgp_verschluesselt"].encrypted is Sealed.PGP
    assert read["pgp_im_text"].signed is Sealed.PGP
    assert [one.encrypted for one in read["zip_verschluesselt"].attachments] == [True]


def test_attachments_keep_their_bytes_and_digest() -> None:
    """What is shown and stored is what came."""
    content = bytes(range(256)) * 4
    raw = HEAD + b"Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n\n"
    [attachment] = READER.read(raw + base64.encodebytes(content)).attachments
    assert (attachment.content, attachment.size, len(attachment.sha256)) == (content, 1024, 64)
