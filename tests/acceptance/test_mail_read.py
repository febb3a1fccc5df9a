"""`taktvoll mail read` as its users know it: files in, one line each out, and the exit code."""

import json
from pathlib import Path

from tests.acceptance.product import command

MAILS = Path(__file__).parent.parent / "mails"
PLAIN = next(MAILS.glob("*_firmensignatur.eml"))
FIELDS = ["from", "subject", "language", "new_text", "questions", "automatic", "attachments"]


def test_a_mail_is_read_without_a_workspace(tmp_path: Path) -> None:
    """Whoever tries it has one file and nothing set up; nothing may be left behind."""
    ran = command("--data", tmp_path / "leer", "mail", "read", PLAIN, "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert list(told)[: len(FIELDS)] == FIELDS
    assert told["from"] == "Katrin Sommer <k.sommer@bau-sommer.example>"
    assert (told["subject"], told["language"], told["automatic"], told["attachments"]) == (
        "Baustrom",
        "de",
        False,
        [],
    )
    assert told["questions"] == ["Wie hoch ist die Anschlussgebühr?"]
    assert told["new_text"].endswith("i. A. Katrin Sommer")
    assert not (tmp_path / "leer").exists()


def test_several_files_give_one_line_each_in_order_and_a_bad_one_stops_nobody(tmp_path: Path) -> None:
    """A folder of mails is read in one go; a stray file among them is named, and the exit code tells."""
    stray = tmp_path / "bild.eml"
    stray.write_bytes(b"\x89PNG\r\n\x1a\n")
    files = sorted(MAILS.glob("07*.eml"))
    ran = command("mail", "read", files[0], stray, tmp_path / "fehlt.eml", *files[1:], "--json")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert (ran.returncode, len(lines)) == (1, len(files) + 2)
    assert [line["error"]["code"] for line in lines[1:3]] == ["mail.not_mail", "mail.no_file"]
    assert "bild.eml" in ran.stderr
    assert all("new_text" in line for line in [lines[0], *lines[3:]])


def test_attachments_are_listed_with_name_type_and_size() -> None:
    """What came along must not be overlooked."""
    ran = command("mail", "read", next(MAILS.glob("*_anhang_pdf.eml")), "--json")
    [attachment] = json.loads(ran.stdout)["attachments"]
    assert (attachment["name"], attachment["type"]) == ("Vollmacht für Zähler.pdf", "application/pdf")
    assert attachment["size"] > 0


def test_standard_input_is_read() -> None:
    """Mail servers hand a mail to a program on its standard input."""
    ran = command(
        "mail", "read", "-", "--json", given="From: eva@example.org\nSubject: Zaehler\n\nWann lesen Sie ab?\n"
    )
    told = json.loads(ran.stdout)
    assert (ran.returncode, told["from"], told["questions"]) == (0, "eva@example.org", ["Wann lesen Sie ab?"])


def test_people_get_a_page_and_not_json() -> None:
    """Without --json it is read by a person."""
    ran = command("mail", "read", next(MAILS.glob("*_abwesend_wieder.eml")))
    assert ran.returncode == 0
    assert "Automatic: out_of_office" in ran.stdout
