"""`taktvoll evaluate` as its users know it: a file of their own questions in, figures and a page out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.agents import JANA, Desk, row
from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, Product, command, write_lines

SVG = "{http://www.w3.org/2000/svg}"
PERSON = "Ich möchte bitte mit einem Menschen sprechen."
GAS = "Bei uns im Keller riecht es stark nach Gas."
"""What is urgent stands first, however many wait on the product that all tests share."""
CARD = {
    "text": "Was kostet der Leseausweis?",
    "expect": {"action": "answer", "sources": ["preise", "ausweis"]},
}
OWN: list[dict[str, Any]] = [
    CARD,
    {"id": "leihe", "text": "Wie verlängere ich die Leihfrist meiner Bücher?", "language": "de",
     "topic": "Ausleihe", "expect": {"action": "answer", "sources": ["verlaengern"]}},
    {"text": "Wie verlängere ich die Leihfrist?", "expect": {"action": "answer", "sources": ["gibt-es-nicht"]}},
    {"text": "Was kostet ein Einhorn auf dem Mond?", "expect": {"action": "no_answer"}},
    {"text": PERSON, "expect": {"human": True, "reason": "request", "urgency": "normal"}},
    {"text": "Der Leseausweis ist so schön.", "expect": {"human": False, "reason": "none"}},
    {"text": "Ohne Erwartung"},
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with the small library's knowledge."""
    place = Place(tmp_path_factory.mktemp("evaluated"))
    code, _, err = place.run("import", write_lines(place.files / "hilfe.jsonl", LIBRARY))
    assert code == 0, err
    yield place
    place.close()


@pytest.fixture(scope="module")
def own(library: Place) -> Path:
    """A file of one's own questions."""
    return write_lines(library.files / "fragen.jsonl", OWN)


def evaluate(place: Place, file: Path, *words: str | Path, code: int = 0) -> dict[str, Any]:
    """Evaluate and read the JSON."""
    got, out, err = place.run("evaluate", file, "--json", *words)
    assert got == code, err
    figures: dict[str, Any] = json.loads(out)
    return figures


def test_figures_say_what_became_of_each_line(library: Place, own: Path) -> None:
    """Another program decides by this output; every documented key is there, and each line can be looked up."""
    figures = evaluate(library, own, "--cases", "1")
    assert (figures["schema"], figures["edition"], figures["file"]) == (1, 1, "fragen.jsonl")
    assert figures["questions"] == {
        "asked": 6, "covered": 3, "not_covered": 1, "person": 1, "unusable": 0, "unlabelled": 1,
    }  # fmt: skip
    by = {line["line"]: line for line in figures["lines"]}
    assert (by[2]["id"], by[2]["topic"], by[2]["verdict"], by[2]["source"]) == (
        "leihe", "Ausleihe", "right", "verlaengern",
    )  # fmt: skip
    assert (by[3]["verdict"], by[3]["fault"]) == ("wrong", "wrong_answer")
    assert (by[4]["verdict"], by[4]["fault"]) == ("unanswered", None)
    assert (by[5]["decision"], by[5]["reason"], by[5]["fault"]) == ("handover", "request", None)
    assert figures["unknown_sources"] == ["gibt-es-nicht", "preise"]
    assert figures["handover"]["reasons"]["request"]["recall"]["hits"] == 1
    assert [case["line"] for case in figures["cases"]] == [3]
    assert figures["milliseconds"]["of"] == 5
    assert figures["threshold"]["found"] == "too_small"


def test_evaluations_leave_nobody_waiting(library: Place, own: Path) -> None:
    """What was asked is on record and can be proven, but it is closed: no customer stands behind it."""
    figures = evaluate(library, own)
    handed = next(line["conversation"] for line in figures["lines"] if line["decision"] == "handover")
    code, out, _ = library.run("audit", "explain", handed)
    assert code == 0
    assert "conversation.handed_over" in out
    assert "conversation.closed" in out
    for action in ("verify", "replay"):
        code, out, err = library.run("audit", action)
        assert code == 0, out + err


def test_the_desk_does_not_show_them(product: Product, browser: Browser, tmp_path: Path) -> None:
    """Made-up questions between those of customers would cost the time of people who are needed elsewhere."""
    file = write_lines(tmp_path / "f.jsonl", [OWN[4] | {"text": f"{GAS} Zeichen Q{n}."} for n in range(3)])
    for words in (["evaluate", str(file)], ["ask", f"{GAS} Zeichen Q9."]):
        product.run(*words, "--workspace", "auental")
    desk = Desk(product, browser)
    customer = desk.customer(f"{GAS} Zeichen K1.")
    page = desk.open(JANA)
    expect(row(page, "waiting", customer.conversation)).to_be_visible()
    assert "Zeichen Q" not in page.locator("#queue").inner_text()
    desk.close()


def test_the_table_is_for_people(library: Place, own: Path) -> None:
    """The first thing a manager sees: what was right, how sure that is, and that the file is too small."""
    code, out, err = library.run("evaluate", own, LC_ALL="C.UTF-8")
    assert code == 0, err
    assert "6 questions (3 answerable, 1 not answerable, 1 for a person)" in out
    assert "right source first" in out
    assert "wrong among given answers" in out
    assert "too small to suggest a threshold" in " ".join(out.split())
    assert "The worst cases" in out
    assert "gibt-es-nicht" in out
    assert max(map(len, out.splitlines())) <= 120
    assert "The worst cases" not in library.run("evaluate", own, "--cases", "0", LC_ALL="C.UTF-8")[1]


def test_the_page_stands_alone_and_speaks(library: Place, own: Path) -> None:
    """It is mailed around: no font, script or picture from elsewhere, and words for those who do not see it."""
    page = library.files / "seite.svg"
    assert library.run("evaluate", own, "--plot", page, LC_ALL="C.UTF-8")[0] == 0
    text = page.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own output
    assert (root.tag, root.get("role"), root.get("lang")) == (f"{SVG}svg", "img", "en")
    named = {e.get("id"): e.text or "" for e in root.iter() if e.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(str(root.get("aria-labelledby")).split()) == set(named)
    assert "too small" in named["description"]
    assert "%" in named["description"]
    for outside in ("href", "url(http", "@import", "<script", "<image", "<foreignObject"):
        assert outside not in text
    assert library.run("evaluate", own, "--plot", library.files / "none" / "a.svg")[0] == 1
    assert library.run("evaluate", own, "--plot", library.files)[0] == 1


def test_bad_lines_are_named_and_the_rest_counts(library: Place) -> None:
    """Files come from spreadsheets and many hands; one bad line must not cost the evaluation."""
    good = json.dumps(CARD, ensure_ascii=False)
    lines = [
        "\ufeff" + good, "", "{kaputt", '{"text": 1, "expect": {"action": "answer"}}',
        '{"text": "a", "expect": {"action": "reply"}}', '{"text": "a", "expect": {"human": false, "reason": "anger"}}',
        json.dumps({"text": CARD["text"], "expect": {"action": "no_answer"}}),
        json.dumps({"text": "x" * 5_000, "expect": {"action": "no_answer"}}), good,
    ]  # fmt: skip
    file = library.files / "schlecht.jsonl"
    file.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe{\n")
    code, out, err = library.run("evaluate", file, "--json", LC_ALL="C.UTF-8")
    assert code == 1
    figures = json.loads(out)
    problems = {p["line"]: p["code"] for p in figures["problems"]}
    assert problems == {
        3: "evaluate.not_json", 4: "evaluate.no_text", 5: "evaluate.expect", 6: "evaluate.both",
        7: "evaluate.twice", 8: "message.too_long", 10: "evaluate.not_json",
    }  # fmt: skip
    assert [line["line"] for line in figures["lines"]] == [1, 9]
    assert "Line 5: “action” cannot be read. Allowed is: answer | no_answer | clarify | handover." in err


@pytest.mark.parametrize(
    "text", ["", "\n\n", '{"text": "Wo?"}\n', "{}\n", "null\n", '{"text": "", "expect": {}}']
)
def test_nothing_to_judge_is_said(library: Place, text: str) -> None:
    """An empty result would look like a perfect one."""
    file = library.files / "leer.jsonl"
    file.write_text(text, encoding="utf-8")
    code, out, err = library.run("evaluate", file, LC_ALL="C.UTF-8")
    assert (code, out) == (1, "")
    assert "says what would be right" in " ".join(err.split())
    assert library.run("evaluate", library.files / "fehlt.jsonl")[0] == 1


@pytest.mark.parametrize(
    "words", [["--cases", "-1"], ["--tolerated", "0"], ["--sure", "100"], ["--sure", "viel"], ["b.jsonl"]]
)
def test_wrong_numbers_are_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    """A promise of 0 % cannot be kept, and 100 % confidence cannot be had."""
    ran = command("evaluate", tmp_path / "a.jsonl", *words, "--data", tmp_path / "data")
    assert (ran.returncode, (tmp_path / "data").exists()) == (2, False)


def test_without_knowledge_everything_is_unanswered(fresh: Place) -> None:
    """The first evaluation may come before the first import: it says so by its figures, not by a crash."""
    file = write_lines(fresh.files / "fragen.jsonl", OWN)
    page = fresh.files / "seite.svg"
    figures = evaluate(fresh, file, "--plot", page)
    assert (figures["edition"], figures["answers"]["given"]["hits"]) == (None, 0)
    assert figures["unknown_sources"] == ["ausweis", "gibt-es-nicht", "preise", "verlaengern"]
    assert ET.parse(page).getroot().tag == f"{SVG}svg"  # noqa: S314 - our own output
