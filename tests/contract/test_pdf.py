"""What the import of PDF promises: text in reading order with headings and pages, and nothing hostile does harm.

I decide what DocumentReader means for PDF. Pytest runs me against FileReader. I never touch the network.
"""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taktvoll.adapters.documents import FileReader, pdf_files
from taktvoll.base.errors import TEXTS
from taktvoll.domain.knowledge.terms import Passage, Read
from tests.contract.papers import PICTURE, flated, pdf, picture, text_at, typeset

TARIFF = """
#set document(title: "Tarifblatt Strom")
#set page(
  paper: "a5",
  header: [Stadtwerke Auental GmbH #h(1fr) Tarife],
  footer: context [Stand Januar #h(1fr) Seite #counter(page).display() von #counter(page).final().first()],
)
= Tarifblatt Strom
Für alle Haushalte im Netzgebiet.
#outline(title: none)
== Preise
Die Preise gelten einschließlich Umsatzsteuer.
#table(
  columns: 3,
  [*Tarif*], [*Grundpreis*], [*Arbeitspreis*],
  [Auental Basis], [9,90 € je Monat], [34,20 ct/kWh],
  [Auental Öko mit einem Namen, der in seiner Zelle umbricht], [11,90 € je Monat], [32,80 ct/kWh],
)
=== Entgelte
#table(
  columns: 3, stroke: none, column-gutter: 20pt,
  [*Leistung*], [*Preis*], [*Frist*],
  [Mahnung], [2,50 €], [14 Tage],
  [Sperrung], [45,00 €], [3 Tage],
)
#pagebreak()
== Häufige Fragen
*Wie lange dauert der Wechsel?* \\
Höchstens drei Wochen.

*Kann ich meinen Zählerstand online melden?*

Ja, im Portal:

- Zähler ablesen
- Stand eintragen und auch dann absenden, wenn der Zähler nur mit Mühe und einer Lampe abzulesen ist

+ Erst dies
+ Dann das
"""


def read(tmp_path: Path, content: bytes, name: str = "tarife.pdf", url: str = "") -> Read:
    """Read a PDF, written first."""
    path = tmp_path / name
    path.write_bytes(content)
    return FileReader().read(path, path, "tarife", None, url=url)


def titled(result: Read) -> dict[str, Passage]:
    """Passages by title."""
    return {passage.title: passage for passage in result.passages}


def codes(result: Read) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    return [(problem.place, problem.code) for problem in result.problems]


@pytest.fixture(scope="module")
def tariff(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """A price list of two pages, read once."""
    return read(tmp_path_factory.mktemp("pdf"), typeset(TARIFF))


def test_headings_become_the_path_and_pages_the_place(tariff: Read) -> None:
    """The citation leads a customer to the place in a long document."""
    found = titled(tariff)
    assert tariff.problems == ()
    assert [(p.section, p.page) for p in (found["Preise"], found["Entgelte"])] == [
        ("Tarifblatt Strom", "1"),
        ("Tarifblatt Strom > Preise", "1"),
    ]
    assert found["Wie lange dauert der Wechsel?"].section == "Tarifblatt Strom > Häufige Fragen"
    assert found["Wie lange dauert der Wechsel?"].page == "2"


def test_what_every_page_repeats_is_left_out(tariff: Read) -> None:
    """A running head in the middle of an answer would be read out to the customer; so would the list of contents."""
    whole = "\n".join(passage.text for passage in tariff.passages)
    assert not any(word in whole for word in ("GmbH", "Seite", "Stand Januar", "...", "Häufige Fragen"))


def test_tables_become_rows(tariff: Read) -> None:
    """A price means nothing without its row, whether the table has lines or not and where cells wrap."""
    found = titled(tariff)
    assert found["Preise"].text.split("\n\n")[1].splitlines() == [
        "Tarif | Grundpreis | Arbeitspreis",
        "Auental Basis | 9,90 € je Monat | 34,20 ct/kWh",
        "Auental Öko mit einem Namen, der in seiner Zelle umbricht | 11,90 € je Monat | 32,80 ct/kWh",
    ]
    assert found["Entgelte"].text.splitlines() == [
        "Leistung | Preis | Frist", "Mahnung | 2,50 € | 14 Tage", "Sperrung | 45,00 € | 3 Tage",
    ]  # fmt: skip


def test_bold_questions_are_questions(tariff: Read) -> None:
    """Most FAQ in PDF look like this; a question is matched far better than a paragraph."""
    found = titled(tariff)
    asked = found["Wie lange dauert der Wechsel?"]
    assert (asked.question, asked.text) == ("Wie lange dauert der Wechsel?", "Höchstens drei Wochen.")
    assert found["Kann ich meinen Zählerstand online melden?"].text == (
        "Ja, im Portal:\n\n- Zähler ablesen\n- Stand eintragen und auch dann absenden, wenn der Zähler nur mit Mühe "
        "und einer Lampe abzulesen ist\n\n1. Erst dies\n2. Dann das"
    )


def test_the_address_opens_at_the_page(tmp_path: Path) -> None:
    """Browsers open a PDF at #page=n."""
    found = titled(read(tmp_path, typeset(TARIFF), url="https://auental.example/tarife.pdf"))
    assert found["Preise"].url == "https://auental.example/tarife.pdf#page=1"
    assert (
        found["Kann ich meinen Zählerstand online melden?"].url == "https://auental.example/tarife.pdf#page=2"
    )


def test_a_folder_has_an_address_too(tmp_path: Path) -> None:
    """A folder of handbooks is published as a folder."""
    path = tmp_path / "a b" / "tarife.pdf"
    path.parent.mkdir()
    path.write_bytes(pdf([text_at(70, 700, "Ein Satz.")]))
    (passage,) = FileReader().read(path, tmp_path, "x", "de", url="https://auental.example/docs/").passages
    assert passage.url == "https://auental.example/docs/a%20b/tarife.pdf#page=1"


WORDS = (
    "Lieferverzögerungsbenachrichtigung Ersatzversorgungsverpflichtung Grundversorgungsverordnung "
    "Anschlussnutzungsverhältnis Zählerstandsübermittlung "
)


def test_hyphens_at_line_ends_go_and_others_stay(tmp_path: Path) -> None:
    """ "Liefer- verzögerung" is found by nobody; "Lieferungs- und Zahlungsbedingungen" must stay as it is."""
    source = f"#set page(width: 230pt, height: 800pt)\n= Wörter\n{WORDS * 6}Liefer- und Zahlungsbedingungen."
    (passage,) = read(tmp_path, typeset(source)).passages
    assert passage.text == f"{WORDS * 6}Liefer- und Zahlungsbedingungen."
    lines = [
        "Die Lieferungs-",
        "und Zahlungsbedingungen gelten bei Liefer-",
        "verzögerung mit E-Mail-",
        "Adresse.",
    ]
    drawn = "".join(text_at(70, 700 - 12 * n, line) for n, line in enumerate(lines))
    (passage,) = read(tmp_path, pdf([drawn])).passages
    assert " ".join(passage.text.split()) == (
        "Die Lieferungs- und Zahlungsbedingungen gelten bei Lieferverzögerung mit E-Mail-Adresse."
    )


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Terms and conditions are set like this; reading across gives nonsense."""
    words = " ".join(f"wort{n:03d}" for n in range(260))
    source = f'#set page(paper: "a4", columns: 2, height: 330pt)\n== Bedingungen\n{words} Ende.'
    (passage, *rest) = read(tmp_path, typeset(source)).passages
    whole = " ".join([passage.text, *(p.text for p in rest)]).split()
    assert whole == [*words.split(), "Ende."]


def test_a_paragraph_goes_on_over_the_page_end(tmp_path: Path) -> None:
    """The end of a page is no end of a sentence; the citation names both pages."""
    words = " ".join(f"wort{n:03d}" for n in range(120))
    source = (
        "#set page(width: 300pt, height: 260pt, header: [Kopf], footer: [Fuß])\n"
        f"= Über die Seite\n{words} Ende. "
    )
    (passage,) = read(tmp_path, typeset(source)).passages
    assert passage.text == f"{words} Ende."
    assert passage.page == "1–2"


def test_text_set_sideways_is_read(tmp_path: Path) -> None:
    """Wide tables are often turned."""
    turned = text_at(0, 0, "Quer steht auch hier ein ganzer Satz.") + text_at(0, -12, "Und ein zweiter dazu.")
    (passage,) = read(tmp_path, pdf([f"q 0 1 -1 0 400 100 cm\n{turned}Q\n"])).passages
    assert passage.text.split() == "Quer steht auch hier ein ganzer Satz. Und ein zweiter dazu.".split()


SENTENCES = st.lists(
    st.lists(
        st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=2, max_size=9), min_size=2, max_size=7
    ).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(SENTENCES, min_size=1, max_size=3))
def test_every_word_survives(tmp_path: Path, pages: list[list[str]]) -> None:
    """Whatever the layout makes of it, no word of the body may be lost or come twice."""
    drawn = [
        "".join(text_at(70, 700 - 24 * n, sentence) for n, sentence in enumerate(page)) for page in pages
    ]
    result = read(tmp_path, pdf(drawn))
    assert (
        " ".join(p.text for p in result.passages).split()
        == " ".join(s for page in pages for s in page).split()
    )


SENTENCE = text_at(70, 700, "Das ist ein Satz und er ist lang genug.")
LOCKED = "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{}> /U <{}> >> /ID [<00><00>]".format(
    "ab" * 32, "cd" * 32
)
UNUSABLE = {
    "nothing in it": (b"%PDF-1.7\n", "import.damaged"),
    "cut off": (pdf([SENTENCE])[:300], "import.damaged"),
    "a password": (pdf([SENTENCE], trailer=LOCKED), "import.encrypted"),
    "another type": (b"PK\x03\x04" + b"x" * 100, "import.wrong_type"),
    "pages that are pages of themselves": (
        pdf([SENTENCE], {2: "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>"}),
        "import.damaged",
    ),
    "only pictures": (pdf([PICTURE, PICTURE], picture()), "import.no_text_layer"),
    "empty pages": (pdf(["", ""]), "import.empty"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_read_is_one_clear_problem(tmp_path: Path, name: str) -> None:
    """Whoever imports must learn what to do about the file."""
    content, code = UNUSABLE[name]
    result = read(tmp_path, content)
    assert (result.passages, codes(result)) == ((), [("file", code)])
    assert code not in TEXTS or result.problems[0].detail == TEXTS[code][1]


def test_a_page_that_is_a_picture_is_named(tmp_path: Path) -> None:
    """A scanned page amid others would be missing without a word."""
    result = read(tmp_path, pdf([PICTURE, SENTENCE, ""], picture()))
    assert [p.page for p in result.passages] == ["2"]
    assert codes(result) == [("page 1", "import.page_no_text_layer")]


def test_scripts_and_attachments_are_not_looked_at(tmp_path: Path) -> None:
    """A PDF may carry programs; we read what is printed."""
    hostile = {
        1: "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> "
        "/AA << /WC << /S /Launch /F (/bin/sh) >> >> /Names << /EmbeddedFiles << /Names [(a) 1001 0 R] >> >> >>",
        1001: "<< /Type /Filespec /F (geheim.txt) /EF << /F 1002 0 R >> >>",
        1002: "<< /Type /EmbeddedFile /Length 6 >>\nstream\ngeheim\nendstream",
    }
    (passage,) = read(tmp_path, pdf([SENTENCE], hostile)).passages
    assert passage.text == "Das ist ein Satz und er ist lang genug."


def test_a_bomb_costs_its_page_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Megabytes that unpack to gigabytes must neither fill the memory nor stop the import."""
    monkeypatch.setattr(pdf_files, "PAGE_S_MAX", 3.0)
    content = pdf([SENTENCE, "", SENTENCE]).replace(
        b"<< /Length 0 >>\nstream\n\nendstream", flated(SENTENCE.encode() * 4_000, 1_600)
    )
    result = read(tmp_path, content)
    assert {p.page for p in result.passages} <= {"1", "3", "1–3"}
    assert result.passages
    assert codes(result) == [("page 2", "import.page_damaged")]


CHILD = """
import json, os, sys, time
first = int(sys.argv[1])
print(json.dumps({"pages": 4, "title": "", "bookmarks": []}), flush=True)
for n in range(first, 4):
    if n == 1:
        HARM
    run = ["Satz %d." % n, 70, 700, 120, 710, 10, 0, 0, 0]
    print(json.dumps({"page": n, "width": 595, "height": 842, "runs": [run], "rules": [], "pictures": 0.0}), flush=True)
"""


@pytest.mark.parametrize(
    "harm", ["os.abort()", "time.sleep(600)", "print('{', flush=True)", "print('x' * 10**7)"]
)
def test_a_reading_process_that_breaks_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    """A crash, an endless loop or nonsense costs one page, not the document and never taktvoll itself."""
    child = tmp_path / "child.py"
    child.write_text(CHILD.replace("HARM", harm), encoding="utf-8")
    monkeypatch.setattr(pdf_files, "_CHILD", child)
    monkeypatch.setattr(pdf_files, "PAGE_S_MAX", 3.0)
    monkeypatch.setattr(pdf_files, "LINE_BYTES_MAX", 100_000)
    result = read(tmp_path, pdf([SENTENCE] * 4))
    assert " ".join(p.text for p in result.passages).split() == "Satz 0. Satz 2. Satz 3.".split()
    assert codes(result) == [("page 2", "import.page_damaged")]


def test_the_reading_process_has_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a hostile PDF to take it over, it would find neither the database's address nor keys."""
    child = tmp_path / "child.py"
    child.write_text(
        CHILD.replace("HARM", "pass").replace('"Satz %d." % n', "' '.join(os.environ)"), encoding="utf-8"
    )
    monkeypatch.setattr(pdf_files, "_CHILD", child)
    monkeypatch.setenv("TAKTVOLL_DATABASE_URL", "postgresql://geheim")
    words = {word for p in read(tmp_path, pdf([SENTENCE])).passages for word in p.text.split()}
    assert words <= {"PYTHONPATH", "LC_CTYPE"}


def test_a_thousand_pages_are_read_with_progress(tmp_path: Path) -> None:
    """Handbooks are long; whoever waits sees how far it is."""
    seen: list[tuple[str, int, int]] = []
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([text_at(70, 700, f"Satz von Seite {n}.") for n in range(1, 1_001)]))
    result = FileReader().read(path, path, "x", "de", progress=lambda *step: seen.append(step))
    assert result.problems == ()
    assert seen[-1] == ("pages", 1_000, 1_000)
    assert sum(p.text.count("Satz") for p in result.passages) == 1_000
    assert all(len(set((p.page or "").split("–"))) <= 2 for p in result.passages)


def test_a_document_that_is_too_long_says_where_reading_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that cuts in silence would be an answer that is missing."""
    monkeypatch.setattr(pdf_files, "PAGES_MAX", 3)
    result = read(tmp_path, pdf([SENTENCE] * 5))
    assert codes(result) == [("page 4", "import.pages_beyond")]
    assert result.passages


def test_a_pdf_library_is_loaded_only_for_a_pdf() -> None:
    """Every command imports this adapter; what it costs is paid by whoever reads a PDF."""
    assert "pypdfium2" not in sys.modules


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(9, 4_000), noise=st.binary(min_size=1, max_size=40))
def test_damage_never_raises(tmp_path: Path, at: int, noise: bytes) -> None:
    """Downloads break, disks err; the import goes on and says something."""
    whole = bytearray(pdf([SENTENCE * 20, PICTURE], picture()))
    whole[at % len(whole) : at % len(whole) + len(noise)] = noise
    result = read(tmp_path, bytes(whole))
    assert result.passages or result.problems
    assert all(passage.hash and passage.id and passage.text for passage in result.passages)


def test_reading_twice_gives_the_same(tmp_path: Path, tariff: Read) -> None:
    """An unchanged file must give an unchanged edition."""
    assert read(tmp_path, typeset(TARIFF)).passages == tariff.passages
