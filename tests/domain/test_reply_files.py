"""Which files may leave with a person's reply, and how the record names them."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from taktvoll.adapters.mime import MimeInspector
from taktvoll.base.downloads import download_headers
from taktvoll.base.errors import TEXTS, Refused
from taktvoll.base.ids import uuid7
from taktvoll.base.limits import REPLY_FILE_BYTES_MAX, REPLY_FILES_BYTES_MAX, REPLY_FILES_MAX
from taktvoll.domain.conversation.files import (
    Enclosure,
    demand_sendable,
    enclosed_with,
    refused_by,
    why_not_together,
)
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.governance.release import release
from taktvoll.domain.governance.terms import Author, Hold
from taktvoll.domain.governance.wording import message_content, released_event
from taktvoll.entry.edge import STATUS
from tests.domain.made import NOW, draft, facts

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def refused(name: str, content: bytes) -> str:
    """Why a file may not go along; "" where it may."""
    try:
        demand_sendable(MimeInspector().inspect(content, name))
    except Refused as refusal:
        return refusal.code
    return ""


def enclosure(size: int = 10, name: str = "a.pdf") -> Enclosure:
    """A file as it is kept."""
    return Enclosure(uuid7(NOW), name, "application/pdf", size, "0" * 64)


def archive() -> bytes:
    """A Word file is an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Bestätigung Müller.pdf", PDF),
        ("Zähler.png", PNG),
        ("Foto.JPG", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("Vertrag.docx", archive()),
        ("Alles.zip", archive()),
        ("Notiz.txt", b"Sehr geehrte Frau <html>,"),
        ("Tarife.csv", b"a;b\n1;2\n"),
        ("Termin.ics", b"BEGIN:VCALENDAR\r\n"),
        ("Weiterleitung.eml", b"From: a@b.example\r\n\r\n<html>"),
        ("Rechnung.xml", b'<?xml version="1.0"?><rsm:CrossIndustryInvoice/>'),
        ("ohne Endung", b"Hallo"),
    ],
)
def test_what_people_send_goes_along(name: str, content: bytes) -> None:
    """An agent who cannot send a confirmation writes it in another program, where nothing is on record."""
    assert refused(name, content) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rechnung.exe", b"MZ" + bytes(60)),
        ("rechnung.pdf.EXE", b"harmlos"),
        ("rechnung.exe. ", b"harmlos"),
        ("foto.png", b"MZ" + bytes(60)),
        ("brief.pdf", b"#!/bin/sh\nrm -rf ~"),
        ("programm", b"\x7fELF" + bytes(60)),
        ("seite.html", b"Hallo"),
        ("seite.txt", b"  <!-- --><!DOCTYPE html><script>alert(1)</script>"),
        ("bild.png", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("bild.svg", b"<?xml version='1.0'?><svg onload='x()'/>"),
        ("zeichnung.xml", b"<?xml version='1.0'?>\n<!-- a -->\n<SVG onload='x()'/>"),
        ("makro.docm", archive()),
        ("tabelle.xlsb", archive()),
        ("makro.xla", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60)),
        ("abfrage.iqy", b"WEB\n1\nhttps://fremd.example/"),
        ("tabelle.slk", b"ID;P"),
        ("verbindung.rdp", b"full address:s:fremd.example"),
        ("start.command", b"open -a Calculator"),
        ("start.jnlp", b"<jnlp/>"),
        ("ordner.library-ms", b"x"),
        ("verweis.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(20)),
        ("verweis.txt", b"L\0\0\0\x01\x14\x02\0" + bytes(20)),
        ("skript.js", b"alert(1)"),
        ("gpj.\u202eexe", b"harmlos"),
        ("..\\..\\start.bat", b"echo"),
    ],
)
def test_what_would_run_stays_here(name: str, content: bytes) -> None:
    """The company's name on a mail makes people open what is in it."""
    assert refused(name, content) == "file.type"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PNG), ("a.png", PDF), ("a.pdf", b"kein PDF"), ("a.jpg", PNG), ("a.DOC", archive())],
)
def test_a_lying_type_is_refused(name: str, content: bytes) -> None:
    """What opens as something else than it is called is an accident or an attack; the customer cannot tell."""
    assert refused(name, content) == "file.lies"


def test_empty_and_large_files_are_refused_with_their_figure() -> None:
    """The agent must know what to do before the mail server says no, an hour later."""
    assert refused("a.txt", b"") == "file.empty"
    assert refused("a.bin", b"a" * REPLY_FILE_BYTES_MAX) == ""
    assert refused("a.bin", b"a" * (REPLY_FILE_BYTES_MAX + 1)) == "file.large"
    with pytest.raises(Refused, match="10 MB"):
        demand_sendable(MimeInspector().inspect(b"a" * (REPLY_FILE_BYTES_MAX + 1), "a.bin"))


def test_many_files_are_limited_together() -> None:
    """Ten small files fit; what no mailbox takes is told at once, in both languages with the figure."""
    assert why_not_together([enclosure()] * REPLY_FILES_MAX) == ""
    assert why_not_together([enclosure()] * (REPLY_FILES_MAX + 1)) == "file.many"
    half = enclosure(REPLY_FILES_BYTES_MAX // 2)
    assert why_not_together([half, half]) == ""
    assert why_not_together([half, half, enclosure(1)]) == "file.total"
    for code, figure in (("file.many", "10"), ("file.total", "20 MB")):
        assert figure in refused_by(code).text("de")
        assert figure in refused_by(code).text("en")


def test_hostile_markup_is_told_apart_at_once() -> None:
    """A file made of comment signs must not keep the house busy: trying all ways to part it would never end."""
    for hostile in (b"<!---->" * 600, b"<!--" * 1000, b"<?xml " * 700, b"<!doctype " * 400, b" " * 4096):
        assert refused("a.txt", hostile) == ""


def test_names_are_made_safe() -> None:
    """A name is one file on every system, and its ending survives."""
    look = MimeInspector().inspect
    assert look(PDF, "../../etc/passwd\r\nBcc: a@b.pdf").name.endswith(".pdf")
    assert "/" not in look(PDF, "a/b/../c.pdf").name
    assert look(PDF, "CON.pdf").name == "_CON.pdf"
    long = look(PDF, "ä" * 300 + ".pdf").name
    assert (len(long), long[-4:]) == (120, ".pdf")
    assert look(PDF, "").name == "attachment-1.pdf"


def test_the_release_holds_what_may_not_go_along() -> None:
    """There is one path out; what was added before a rule was made is held by it too."""
    plain = draft("Gern.", files=(enclosure(),))
    assert not isinstance(release(plain, facts("Gern.")), Hold)
    held = release(replace(plain, files=(enclosure(name="a.exe"),)), facts("Gern."))
    assert held == Hold(("file.type",))


def test_the_chain_names_hashes_and_no_name() -> None:
    """The record proves what was sent for ever; the name may be a customer's and must be erasable."""
    file = replace(enclosure(name="Kündigung Eva Meier.pdf"), sha256="ab" * 32)
    made = draft("Anbei.", author=Author.PERSON, author_id="s-1", author_name="Anna", files=(file,))
    event = released_event(made, NOW, "staff:s-1")
    assert event.payload["files"] == [{"sha256": "ab" * 32, "size": 10, "type": "application/pdf"}]
    assert "Eva" not in json.dumps(event.payload)
    assert event.text is not None
    placed = Event(3, event.kind, event.at, event.actor, event.payload, content=event.text.content)
    assert enclosed_with(placed) == (file,)
    assert enclosed_with(replace(placed, content=None)) == ()


def test_a_message_without_files_reads_as_ever() -> None:
    """Records from before there were files must still hold, byte for byte."""
    made = draft("Gern.")
    assert "files" not in released_event(made, NOW, "assistant").payload
    assert "files" not in json.loads(message_content(made))


def test_a_download_is_saved_and_never_shown() -> None:
    """A file with a customer's name in it must not run in the desk's own origin, nor break a header."""
    headers = download_headers('Zähler "neu"\r\nX: y.pdf')
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "\n" not in headers["Content-Disposition"]
    assert "filename*=UTF-8''Z%C3%A4hler" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_each_refusal_of_a_file_is_the_caller_s() -> None:
    """A browser that is told "server error" tries again what will never go through."""
    codes = [code for code in TEXTS if code.startswith("file.")]
    assert codes
    assert all(400 <= STATUS.get(code, 500) < 500 for code in codes)
