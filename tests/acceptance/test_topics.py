"""Topics as their users know them, by the command line: learnt from a file, told of texts, edited, found, on record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, Product, Visitor, write_lines

TOPICS = {
    "Öffnungszeiten": (
        "Wann habt ihr auf?", "Ist die Bücherei samstags offen?", "Bis wann ist heute geöffnet?",
        "Öffnungszeiten bitte",
        "Habt ihr montags zu?", "Wann macht ihr auf?",
    ),
    "Gebühren": (
        "Was kostet der Ausweis?", "Wie hoch ist die Mahngebühr?", "Muss ich für Kinder zahlen?",
        "Was kostet es, zu spät zu sein?",
        "Preise für Erwachsene?", "Gibt es eine Ermäßigung?",
    ),
    "Ausleihe": (
        "Wie verlängere ich meine Bücher?", "Wie lange darf ich ein Buch behalten?", "Kann ich ein Buch vorbestellen?",
        "Leihfrist verlängern", "Wie viele Bücher darf ich ausleihen?", "Fernleihe bestellen",
    ),
}  # fmt: skip
EXAMPLES = [{"text": text, "topic": topic} for topic, texts in TOPICS.items() for text in texts]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with the small library's knowledge and its topics."""
    place = Place(tmp_path_factory.mktemp("topics"))
    code, _, err = place.run("import", write_lines(place.files / "hilfe.jsonl", LIBRARY))
    assert code == 0, err
    code, out, err = place.run("topics", "learn", write_lines(place.files / "topics.jsonl", EXAMPLES))
    assert code == 0, err
    assert "3 topics learnt from 18 examples" in out
    assert "edition 2 is in force" in out
    yield place
    place.close()


def predicted(place: Place, path: Path) -> list[dict[str, Any]]:
    """What a batch is told."""
    out = place.files / "told.jsonl"
    code, stdout, err = place.run("topics", "predict", "--batch", path, "--out", out)
    assert (code, stdout) == (0, ""), err
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_a_batch_is_told_line_by_line_in_order(library: Place) -> None:
    """Other programs join questions and topics by their order; a broken line must not shift the others."""
    batch = library.files / "asked.jsonl"
    lines = [
        b'{"id": "first", "text": "Habt ihr am Samstag auf?"}',
        b"no JSON",
        b'{"id": 7, "text": "Was kostet ein Ausweis", "more": true}',
        '{"id": "bytes", "text": "Gebühr"}'.encode("latin-1"),
        b'{"id": "empty", "text": ""}',
        b"",
        b'{"text": "Ich will mein Buch verl\\u00e4ngern"}',
        b'{"id": "far", "text": "Wie viele Einwohner hat Peru?"}',
    ]
    batch.write_bytes(b"\n".join(lines))
    told = predicted(library, batch)
    assert [t["id"] for t in told] == ["first", "2", "7", "4", "empty", "7", "far"]
    assert [t["topic"] for t in told[:6]] == ["Öffnungszeiten", None, "Gebühren", None, None, "Ausleihe"]
    assert [t["error"]["code"] for t in told if "error" in t] == [
        "topics.not_json",
        "topics.not_utf8",
        "topics.no_text",
    ]
    assert all(0 < t["confidence"] <= 1 for t in told if "error" not in t)
    assert not told[-1]["known"]


def test_an_answer_says_what_the_question_was_about(library: Place) -> None:
    """Figures, queues and lights go by topic: it is in the output and on record."""
    answer = library.ask("Wie lange darf ich ein Buch behalten?")
    assert answer["topic"] == "Ausleihe"
    code, out, err = library.run("audit", "replay", answer["conversation"])
    assert code == 0, out + err
    assert library.ask("Wie viele Einwohner hat Peru?")["topic"] not in TOPICS


def test_every_odd_line_of_a_file_is_named(library: Place) -> None:
    """Whoever made the file mends it by this report; what can be used is learnt, and only then."""
    path = library.files / "odd.jsonl"
    good = "".join(json.dumps(e) + "\n" for e in EXAMPLES).encode()
    odd = b'{"text": "x"}\nno JSON\n' + '{"text": "Grün", "topic": "x"}\n'.encode("latin-1")
    odd += json.dumps({"text": "wann habt ihr auf?", "topic": "Gebühren"}).encode() + b"\n"
    path.write_bytes(good + odd)
    code, out, err = library.run("--workspace", "default", "topics", "learn", path, "--draft", "--json")
    assert code == 1
    report = json.loads(out)
    assert [(p["line"], p["code"]) for p in report["unusable"]] == [
        (19, "topics.no_topic"), (20, "topics.not_json"), (21, "topics.not_utf8")
    ]  # fmt: skip
    kept = {"line": 22, "code": "topics.contradiction", "topic": "Gebühren", "kept": "Öffnungszeiten"}
    assert report["contradictions"] == [kept]
    assert "Line 20: not a JSON object" in err


def test_a_file_without_an_example_changes_nothing(library: Place) -> None:
    """Half done would be worse than not done."""
    before = library.run("topics", "list", "--json")[1]
    for name, content in (
        ("empty", b""),
        ("noise", b"\x00\xff\n\n[1]\n{}\n"),
        ("unlabelled", b'{"text": "Hallo"}\n'),
    ):
        path = library.files / f"{name}.jsonl"
        path.write_bytes(content)
        code, _, err = library.run("topics", "learn", path)
        assert code == 1
        assert "Nothing was changed" in err
    assert library.run("topics", "learn", library.files / "missing.jsonl")[0] == 1
    assert library.run("topics", "list", "--json")[1] == before


def test_topics_are_edited_by_hand(fresh: Place) -> None:
    """What is learnt is the company's: its names, its borders."""
    assert fresh.run("topics", "predict", "Hallo")[0] == 1
    code, out, err = fresh.run("topics", "learn", write_lines(fresh.files / "t.jsonl", EXAMPLES))
    assert (code, "edition" in out) == (0, False), err
    assert fresh.run("topics", "rename", "Gebühren", "Preise")[0] == 0
    assert json.loads(fresh.run("topics", "predict", "Was kostet der Ausweis?")[1])["topic"] == "Preise"
    assert fresh.run("topics", "rename", "Gebühren", "x")[0] == 1
    assert fresh.run("topics", "rename", "Preise", "Ausleihe")[0] == 1
    assert "Gibt es eine Ermäßigung?" in fresh.run("topics", "show", "Preise")[1]
    assert fresh.run("topics", "merge", "Preise", "Ausleihe", "--into", "Bücher")[0] == 0
    assert "topics learn" in fresh.run("topics", "list")[2]
    code, out, _ = fresh.run("topics", "split", "Bücher", "--parts", "2")
    assert (code, len(out.splitlines())) == (0, 2)
    code, out, err = fresh.run("topics", "learn")
    assert (code, out.splitlines()[0]) == (0, "3 topics learnt from 18 examples"), err
    assert fresh.run("topics", "drop", "Öffnungszeiten")[0] == 0
    assert len(fresh.run("topics", "list")[1].splitlines()) == 2


def test_topics_are_proposed_from_knowledge_and_questions(fresh: Place) -> None:
    """A company that has no list of topics gets one to start from, as a file to edit or to take as it is."""
    entries = [
        {
            "id": f"{topic}{n}",
            "question": text,
            "answer": f"{text} Das steht im Portal.",
            "section": topic,
            "language": "de",
        }
        for topic, texts in TOPICS.items()
        for n, text in enumerate(texts)
    ]
    assert fresh.run("import", write_lines(fresh.files / "hilfe.jsonl", entries))[0] == 0
    out = fresh.files / "proposals.jsonl"
    code, said, err = fresh.run("topics", "discover", "--out", out)
    assert code == 0, err
    assert any(topic in said for topic in TOPICS)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines
    assert all(set(line) == {"text", "topic"} for line in lines)
    assert fresh.run("topics", "predict", "Hallo")[0] == 1
    assert fresh.run("topics", "adopt")[0] == 0
    code, said, err = fresh.run("topics", "learn")
    assert (code, "edition 2 is in force" in said) == (0, True), err


def test_proposals_name_nobody(product: Product, tmp_path: Path) -> None:
    """A topic's name goes into every record and a file of examples onto other desks: both outlive the message."""
    said = "Mein Name ist Anna Kowalczyk, mein Gartenzaun ist umgefahren, Tel. 0171 55512{}, anna@kowalczyk.example"
    for n in range(10, 24):
        with Visitor(product.base, address="127.0.0.41") as visitor:
            visitor.say(said.format(n))
    out = tmp_path / "proposals.jsonl"
    ran = product.run("topics", "discover", "--workspace", "auental", "--out", out)
    assert ran.returncode == 0, ran.stderr
    shown = ran.stdout + out.read_text(encoding="utf-8")
    assert "Gartenzaun" in shown
    assert not [word for word in ("owalczyk", "55512", "@kow") if word in shown]
