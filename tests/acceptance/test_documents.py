"""From a PDF or Word file in a folder to an answer whose citation says where it stands."""

from pathlib import Path

import httpx

from taktvoll.cli.import_texts import detail_of
from taktvoll.domain.knowledge.terms import Problem
from tests.acceptance.place import Place
from tests.acceptance.product import Product
from tests.contract.papers import pdf, text_at, typeset, word

HANDBOOK = """
#set page(header: [Bücherei am Markt], footer: context [Seite #counter(page).display()])
= Benutzungsordnung
Für alle, die in der Bücherei Medien leihen.
== Leihfristen
Bücher werden vier Wochen verliehen, Filme eine Woche.
#pagebreak()
== Mahngebühren
Die Mahngebühr für ein verspätetes Buch beträgt fünfzig Cent je angefangener Woche.
"""
QUESTION = "Wie hoch ist die Mahngebühr für ein verspätetes Buch?"
LOCKED = (
    "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{0}> /U <{0}> >> /ID [<00><00>]".format(
        "ab" * 32
    )
)


def test_an_answer_from_a_pdf_names_its_page(fresh: Place) -> None:
    """A customer who doubts an answer must find the sentence in the handbook."""
    (fresh.files / "ordnung.pdf").write_bytes(typeset(HANDBOOK))
    code, out, err = fresh.run(
        "import", fresh.files / "ordnung.pdf", "--url", "https://buecherei.example/ordnung.pdf"
    )
    assert (code, "3 passages from 1 files" in out) == (0, True), out + err
    answer = fresh.ask(QUESTION)
    assert (answer["decision"], "fünfzig Cent" in answer["text"]) == ("answer", True), answer
    assert answer["sources"][0]["title"] == "Benutzungsordnung > Mahngebühren, S. 2"
    assert answer["sources"][0]["url"] == "https://buecherei.example/ordnung.pdf#page=2"
    code, out, _ = fresh.run("ask", QUESTION)
    assert "→ Benutzungsordnung > Mahngebühren, S. 2 https://buecherei.example/ordnung.pdf#page=2" in out


def test_a_folder_of_documents_reports_what_it_cannot_read(fresh: Place) -> None:
    """One locked file must not cost the others, and whoever imports reads what to do."""
    folder = fresh.files / "papiere"
    folder.mkdir()
    fine = word(("Ordnung", "Title"), ("Mahngebühren", "Heading 1"), "Ein Buch kostet fünfzig Cent je Woche.")
    (folder / "a.docx").write_bytes(fine)
    (folder / "b.docm").write_bytes(fine)
    (folder / "c.docx").write_bytes(pdf([text_at(70, 700, "Ein Satz.")]))
    (folder / "d.pdf").write_bytes(pdf([text_at(70, 700, "Ein Satz.")], trailer=LOCKED))
    code, out, err = fresh.run("import", folder)
    assert (code, "1 passages from 4 files" in out) == (1, True), out + err
    assert "b.docm, file: Word files with macros (.docm) are not read." in err
    assert "c.docx, file: What the file holds does not fit its ending." in err
    assert "d.pdf, file: The file is protected by a password." in err
    assert [code for code in ("macros", "wrong_type", "encrypted") if f"(import.{code})" not in err] == []
    answer = fresh.ask("Was kostet die Mahngebühr für ein Buch je Woche?")
    assert answer["sources"][0]["title"] == "Ordnung > Mahngebühren"


def test_problems_with_documents_are_told_in_german_too() -> None:
    """Most who import read German; a machine without German locales still tests it."""
    locked = Problem("d.pdf", "file", "import.encrypted", "The file is protected by a password.")
    assert detail_of(locked, "de").startswith("Die Datei ist mit einem Passwort geschützt.")
    assert detail_of(locked, "en") == locked.detail


def test_the_source_page_shows_the_page(product: Product, tmp_path: Path) -> None:
    """Where a document has no address of its own, our page stands in and says where in it the words are."""
    product.run("workspace", "add", "papier", "--company", "Bücherei")
    file = tmp_path / "ordnung.pdf"
    file.write_bytes(typeset(HANDBOOK))
    done = product.run("--workspace", "papier", "import", file)
    assert "3 passages" in done.stdout, done.stdout + done.stderr
    page = httpx.get(f"{product.base}/w/papier/source/ordnung/ordnung%23mahngebuehren/de")
    assert page.status_code == 200
    assert "Benutzungsordnung · S. 2" in page.text


def test_an_address_is_for_one_path(fresh: Place) -> None:
    """Two files cannot stand at one address."""
    files = [fresh.file("a.md", "# A\n\nb"), fresh.file("b.md", "# B\n\nc")]
    assert fresh.run("import", *files, "--url", "https://buecherei.example/")[0] == 2
    assert fresh.run("import", files[0], "--url", "javascript:alert(1)")[0] == 2
