"""What the import of Word files promises: the text as it stands now with its headings, and nothing hostile does harm.

I decide what DocumentReader means for DOCX. Pytest runs me against FileReader. I never touch the network.
"""

from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taktvoll.adapters.documents import FileReader, docx_package, sheet
from taktvoll.base.errors import TEXTS
from taktvoll.domain.knowledge.terms import Passage, Read
from tests.contract.papers import changed, part_of, pdf, saved, text_at, with_run, word

MAIN = "word/document.xml"


def read(tmp_path: Path, content: bytes, name: str = "handbuch.docx") -> Read:
    """Read a Word file, written first."""
    path = tmp_path / name
    path.write_bytes(content)
    return FileReader().read(path, path, "handbuch", "de")


def titled(result: Read) -> dict[str, Passage]:
    """Passages by title."""
    return {passage.title: passage for passage in result.passages}


def codes(result: Read) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    return [(problem.place, problem.code) for problem in result.problems]


def test_headings_become_the_path(tmp_path: Path) -> None:
    """A Word file has no fixed pages: the headings are the citation."""
    content = word(
        ("Handbuch", "Title"),
        ("Lieferung", "Heading 1"),
        "Drei Tage.",
        ("Ausland", "Heading 2"),
        "Acht Tage.",
    )
    result = read(tmp_path, content)
    assert result.problems == ()
    assert [(p.section, p.title, p.text, p.page) for p in result.passages] == [
        ("Handbuch", "Lieferung", "Drei Tage.", ""),
        ("Handbuch > Lieferung", "Ausland", "Acht Tage.", ""),
    ]


def test_german_styles_are_headings_too(tmp_path: Path) -> None:
    """Other programs write the styles' names in German."""
    content = word(
        ("Lieferung", "Heading 1"), "Drei Tage.", ("Preise", "Heading 1"), "Neun Euro.", title="Handbuch"
    )
    styles = part_of(content, "word/styles.xml").replace(
        b'w:val="Heading 1"', 'w:val="Überschrift 1"'.encode()
    )
    styles = styles.replace(b'w:val="heading 1"', 'w:val="Überschrift 1"'.encode())
    styles = styles.replace(b'<w:outlineLvl w:val="0"/>', b"")
    found = titled(read(tmp_path, changed(content, {"word/styles.xml": styles})))
    assert (found["Preise"].section, found["Preise"].text) == ("Handbuch", "Neun Euro.")


def test_without_styles_bold_lines_are_headings(tmp_path: Path) -> None:
    """Many people make headings by hand."""
    document = Document()
    for heading, text in (("Lieferung", "Drei Tage."), ("Preise", "Neun Euro.")):
        document.add_paragraph().add_run(heading).bold = True
        document.add_paragraph(text)
    assert {title: p.text for title, p in titled(read(tmp_path, saved(document))).items()} == {
        "Lieferung": "Drei Tage.", "Preise": "Neun Euro.",
    }  # fmt: skip


def test_lists_and_tables_keep_their_form(tmp_path: Path) -> None:
    """Steps and prices are unreadable in one line; merged cells say their text in each row."""
    document = Document()
    document.add_heading("Ablauf", 1)
    for text, style in (
        ("Ablesen", "List Bullet"),
        ("Zählernummer", "List Bullet 2"),
        ("Senden", "List Bullet"),
    ):
        document.add_paragraph(text, style)
    for text in ("Erst dies", "Dann das"):
        document.add_paragraph(text, "List Number")
    table = document.add_table(rows=0, cols=3)
    for row in (("Tarif", "Preis", "Frist"), ("Basis", "9,90 €", "1 Monat"), ("", "8,90 €", "1 Jahr")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    (passage,) = read(tmp_path, saved(document)).passages
    assert passage.text == (
        "- Ablesen\n- Zählernummer\n- Senden\n\n1. Erst dies\n2. Dann das\n\n"
        "Tarif | Preis | Frist\nBasis | 9,90 € | 1 Monat\nBasis | 8,90 € | 1 Jahr"
    )


def test_questions_are_found_in_every_form(tmp_path: Path) -> None:
    """FAQ come as headings, in bold, labelled, and as tables with two columns."""
    document = Document()
    document.add_heading("Wann habt ihr offen?", 1)
    document.add_paragraph("Ab acht.")
    document.add_paragraph().add_run("Was kostet der Versand?").bold = True
    document.add_paragraph("Vier Euro.")
    paragraph = document.add_paragraph()
    paragraph.add_run("Kann ich zurückgeben? ").bold = True
    paragraph.add_run("Ja, 14 Tage lang.")
    document.add_paragraph("Frage: Gilt das immer?\nAntwort: Ja.")
    table = document.add_table(rows=0, cols=2)
    for row in (("Frage", "Antwort"), ("Wo seid ihr?", "In Auental.")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert {p.question: p.text for p in read(tmp_path, saved(document)).passages} == {
        "Wann habt ihr offen?": "Ab acht.",
        "Was kostet der Versand?": "Vier Euro.",
        "Kann ich zurückgeben?": "Ja, 14 Tage lang.",
        "Gilt das immer?": "Ja.",
        "Wo seid ihr?": "In Auental.",
    }


def test_what_was_deleted_or_hidden_is_not_said(tmp_path: Path) -> None:
    """Tracked changes hold what the company no longer says; a customer must never read it."""
    document = Document()
    paragraph = document.add_paragraph("Der Versand kostet ")
    with_run(paragraph, "w:del", "w:delText", "neun Euro")
    with_run(paragraph, "w:moveFrom", "w:t", "gestern")
    with_run(paragraph, "w:ins", "w:t", "vier Euro")
    hidden = paragraph.add_run("geheim")
    hidden.font.hidden = True
    paragraph.add_run(".")
    (passage,) = read(tmp_path, saved(document)).passages
    assert passage.text == "Der Versand kostet vier Euro."


BOX = (
    "<w:r {ns} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><mc:AlternateContent>"
    "<mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p><w:r><w:t>Im Kasten.</w:t></w:r></w:p></w:txbxContent>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Im Kasten.</w:t></w:r></w:p>"
    "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
NOTE = (
    '<w:footnotes {ns}><w:footnote w:id="7"><w:p><w:r><w:t>Außer sonntags.</w:t></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)
NOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def test_boxes_and_footnotes_are_read_once(tmp_path: Path) -> None:
    """Boxes stand twice in the file, for old and new programs; a condition in a footnote belongs to its answer."""
    document = Document()
    paragraph = document.add_paragraph("Täglich offen")
    reference = OxmlElement("w:footnoteReference")
    reference.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}id", "7")
    paragraph.add_run()._r.append(reference)
    paragraph._p.append(parse_xml(BOX.format(ns=nsdecls("w"))))
    content = saved(document)
    relations = part_of(content, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        f'<Relationship Id="n" Type="{NOTES_TYPE}" Target="footnotes.xml"/></Relationships>'.encode(),
    )
    parts = {
        "word/footnotes.xml": NOTE.format(ns=nsdecls("w")).encode(),
        "word/_rels/document.xml.rels": relations,
    }
    (passage,) = read(tmp_path, changed(content, parts)).passages
    assert passage.text == "Täglich offen [1]\n\nIm Kasten.\n\n[1] Außer sonntags."


def test_word_s_own_page_ends_are_a_hint(tmp_path: Path) -> None:
    """Word notes where pages ended when it last showed them; better than no page at all."""
    document = Document()
    document.add_heading("Lieferung", 1)
    document.add_paragraph("Drei Tage.")
    document.add_heading("Preise", 1)
    run = document.add_paragraph().add_run()
    run._r.append(OxmlElement("w:lastRenderedPageBreak"))
    run.add_text("Neun Euro.")
    found = titled(read(tmp_path, saved(document)))
    assert (found["Lieferung"].page, found["Preise"].page) == ("1", "2")


SIMPLE = word(("Lieferung", "Heading 1"), "Drei Tage.")
TREE = part_of(SIMPLE, MAIN)
ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
TYPES = "[Content_Types].xml"
MACROS = part_of(SIMPLE, TYPES).replace(
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
)


def declared(definition: bytes) -> bytes:
    """Put definitions in front of a Word file's text."""
    start = TREE.index(b"<w:document")
    return changed(SIMPLE, {MAIN: TREE[:start] + definition + TREE[start:].replace(b"Drei Tage.", b"&a;")})


UNUSABLE = {
    "nothing in it": ("a.docx", b"", "import.wrong_type"),
    "a PDF": ("a.docx", pdf([text_at(70, 700, "Hallo.")]), "import.wrong_type"),
    "a text": ("a.docx", b"Hallo", "import.wrong_type"),
    "another package": ("a.docx", changed(SIMPLE, {TYPES: b"<Types/>"}), "import.wrong_type"),
    "cut off": ("a.docx", SIMPLE[: len(SIMPLE) // 2], "import.damaged"),
    "broken XML": ("a.docx", changed(SIMPLE, {MAIN: TREE[:-50]}), "import.damaged"),
    "macros by name": ("a.docm", SIMPLE, "import.macros"),
    "macros by content": ("a.docx", changed(SIMPLE, {TYPES: MACROS}), "import.macros"),
    "the old format": ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 999, "import.old_word"),
    "the old format renamed": ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 999, "import.old_word"),
    "a password": (
        "a.docx",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
        "import.encrypted",
    ),
    "another file's content": ("a.docx", declared(ENTITY), "import.entities"),
    "a billion laughs": ("a.docx", declared(LAUGHS), "import.entities"),
    "endless depth": (
        "a.docx",
        changed(SIMPLE, {MAIN: TREE.replace(b"<w:p>", b"<w:ins>" * 100_000 + b"<w:p>", 1)}),
        "import.bomb",
    ),
    "a million files": ("a.docx", changed(SIMPLE, {f"{n:0200d}": b"" for n in range(9_000)}), "import.bomb"),
    "no text": ("a.docx", word(""), "import.empty"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_read_is_one_clear_problem(tmp_path: Path, name: str) -> None:
    """Whoever imports must learn what to do about the file, also where its ending lies."""
    file, content, code = UNUSABLE[name]
    result = read(tmp_path, content, file)
    assert (result.passages, codes(result)) == ((), [("file", code)])
    assert code not in TEXTS or result.problems[0].detail == TEXTS[code][1]
    assert FileReader().readable(Path(file)), "in a folder it must be reported, not passed over"


def test_a_pdf_s_ending_is_not_believed_either(tmp_path: Path) -> None:
    """A Word file named .pdf is found by its content."""
    assert codes(read(tmp_path, SIMPLE, "a.pdf")) == [("file", "import.wrong_type")]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a package states as its size is not believed; unpacking stops at the limit."""
    monkeypatch.setattr(docx_package, "PART_BYTES_MAX", 1_000_000)
    bomb = TREE.replace(b"Drei Tage.", b"x" * 50_000_000)
    assert codes(read(tmp_path, changed(SIMPLE, {MAIN: bomb}))) == [("file", "import.bomb")]


def _with_body(body: str, parts: dict[str, bytes] | None = None) -> bytes:
    """Put other content into the text of a plain Word file."""
    start = TREE[: TREE.index(b"<w:body>")]
    return changed(SIMPLE, {MAIN: start + f"<w:body>{body}</w:body></w:document>".encode(), **(parts or {})})


NOTED = "<w:p><w:r><w:t>Siehe</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
NOTES = {
    "word/footnotes.xml": TREE[: TREE.index(b"<w:body>")].replace(b"<w:document", b"<w:footnotes")
    + f"<w:footnote w:id='2'><w:p><w:r><w:t>{'x' * 5_000}</w:t></w:r></w:p></w:footnote></w:footnotes>".encode(),
    "word/_rels/document.xml.rels": b"<Relationships><Relationship Id='n' Type='/footnotes' Target='footnotes.xml'/>"
    b"</Relationships>",
}
CELL, BLANK = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>", "<w:tc><w:tcPr>{}</w:tcPr><w:p/></w:tc>"
MERGED = f"<w:tr>{BLANK.format('<w:vMerge/>')}{CELL.format('y')}</w:tr>"


@pytest.mark.parametrize(
    "content",
    [
        _with_body(NOTED * 100, NOTES),
        _with_body(f"<w:tbl><w:tr>{CELL.format('x' * 5_000)}{CELL.format('y')}</w:tr>{MERGED * 100}</w:tbl>"),
    ],
    ids=["a note", "a merged cell"],
)
def test_what_is_said_again_and_again_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """Ten kilobytes of Word must not become gigabytes of text: whoever imports a supplier's file loses the machine."""
    monkeypatch.setattr(sheet, "MARKUP_CHARS_MAX", 100_000)
    assert codes(read(tmp_path, content)) == [("file", "import.bomb")]


@pytest.mark.parametrize("width", ["3", "0", "60", "-1", "²", "9" * 5_000, ""])
def test_a_cell_is_as_wide_as_word_allows(tmp_path: Path, width: str) -> None:
    """A width is a stranger's number: many in a row may not fill the memory, odd ones may not end the import."""
    wide = BLANK.format(f"<w:gridSpan w:val='{width}'/>")
    (passage,) = read(
        tmp_path, _with_body(f"<w:tbl><w:tr>{CELL.format('Preis')}{wide * 300}</w:tr></w:tbl>")
    ).passages
    assert passage.text.count("Preis") == 1
    assert len(passage.text) < 2_000


def test_a_box_in_a_table_is_read_once(tmp_path: Path) -> None:
    """An answer that says everything twice looks broken."""
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Im Kasten</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    cell = f"<w:tc><w:p><w:r><w:t>Preis</w:t></w:r>{box}</w:p></w:tc>"
    result = read(tmp_path, _with_body(f"<w:tbl><w:tr>{cell}{CELL.format('9 Euro')}</w:tr></w:tbl>"))
    assert " ".join(p.text for p in result.passages).count("Im Kasten") == 1


def test_pages_shown_before_the_first_word_count(tmp_path: Path) -> None:
    """Blank runs with page marks before a paragraph's first word move the citation."""
    turned = "<w:r><w:lastRenderedPageBreak/></w:r>" * 3 + "<w:r><w:t>Auf Seite vier.</w:t></w:r>"
    (passage,) = read(tmp_path, _with_body(f"<w:p>{turned}</w:p>")).passages
    assert (passage.text, passage.page) == ("Auf Seite vier.", "4")


def test_macros_lying_beside_are_ignored(tmp_path: Path) -> None:
    """A program in an otherwise plain file is neither run nor read."""
    (passage,) = read(tmp_path, changed(SIMPLE, {"word/vbaProject.bin": b"Sub AutoOpen()"})).passages
    assert passage.text == "Drei Tage."


SENTENCES = st.text(alphabet="abcdeäöüßABC <>&\"'?.:-", min_size=1, max_size=60).filter(lambda s: s.strip())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(SENTENCES, min_size=1, max_size=6))
def test_every_word_survives(tmp_path: Path, texts: list[str]) -> None:
    """No word may be lost, come twice or turn into markup."""
    result = read(tmp_path, word(("Alles", "Heading 1"), *(f"x {text}" for text in texts)))
    whole = " ".join(passage.text for passage in result.passages)
    assert whole.split() == " ".join(f"x {text}" for text in texts).split()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 40_000), noise=st.binary(min_size=1, max_size=60))
def test_damage_never_raises(tmp_path: Path, at: int, noise: bytes) -> None:
    """Downloads break, disks err; the import goes on and says something."""
    whole = bytearray(SIMPLE)
    whole[at % len(whole) : at % len(whole) + len(noise)] = noise
    result = read(tmp_path, bytes(whole))
    assert result.passages or result.problems
    assert all(passage.hash and passage.id and passage.text for passage in result.passages)


def test_a_long_section_is_cut_between_paragraphs(tmp_path: Path) -> None:
    """The same rules as for Markdown: passages one can read, cut where the author paused."""
    texts = [f"Absatz {n}. " + "Wort " * 120 for n in range(12)]
    result = read(tmp_path, word(("Lang", "Heading 1"), *texts))
    assert len(result.passages) > 1
    assert all(passage.text.startswith("Absatz") and len(passage.text) < 4_000 for passage in result.passages)
