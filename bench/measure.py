"""How right taktvoll's answers are, measured through its own command line on data it is given: `make measure`.

I decide what counts as right and how sure a figure is. People call me with --shared, a folder that holds data/; I write
bench/results/quality.json. I never look inside: entries go in by `taktvoll import`, answers come by `taktvoll ask`.

Every share is printed with its Wilson 95 % interval: with a few dozen questions the interval says more than the share.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chat.installation import Installation
from chat.report import table

BENCH = Path(__file__).resolve().parent
SAMPLE = BENCH.parent / "src" / "taktvoll" / "samples" / "stadtwerke_auental"
NEEDED = (
    "cwa_faq/faq_de.jsonl",
    "german_messages/kb_questions.jsonl",
    "german_messages/kb_not_covered.jsonl",
    "faq_question_pairs/pairs_de.jsonl",
    "faq_question_pairs/pairs_en.jsonl",
)
Fields = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question and the entries that settle it, any one of them; none when the entries do not cover it."""

    text: str
    right: frozenset[str]
    language: str | None = None


@dataclass(frozen=True)
class Subject:
    """Entries to import and questions to ask; `seen` says whether the program's weights were learned from them."""

    name: str
    seen: bool
    files: tuple[Path, ...]
    questions: tuple[Asked, ...]
    unlike: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Share:
    """So many out of so many."""

    hits: int
    of: int

    def as_fields(self) -> Fields:
        """Write it with its interval."""
        low, high = self.interval()
        return {"hits": self.hits, "of": self.of, "share": round(self.hits / max(1, self.of), 4),
                "low": round(low, 4), "high": round(high, 4)}  # fmt: skip

    def interval(self, z: float = 1.959964) -> tuple[float, float]:
        """Between what the true share lies in 95 of 100 such measurements.

        Source: Wilson 1927.
        """
        if not self.of:
            return 0.0, 1.0
        share, n = self.hits / self.of, self.of
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, middle - half), min(1.0, middle + half)


def main() -> int:
    """Measure every subject and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--shared", type=Path, required=True, metavar="DIR", help="holds data/cwa_faq and others"
    )
    parser.add_argument("--name", default="quality", help="name of the file in bench/results")
    arguments = parser.parse_args()
    data = arguments.shared / "data"
    missing = [name for name in NEEDED if not (data / name).is_file()]
    if missing:
        print(
            f"There is no {missing[0]} under {data}. The data sets are public but not part of this project;"
            " docs/performance.md says where they come from. Put them there, or name their place: --shared DIR",
            file=sys.stderr,
        )
        return 2
    results = []
    with tempfile.TemporaryDirectory(prefix="taktvoll-measure-") as folder:
        for number, subject in enumerate(subjects(data, Path(folder))):
            print(f"[{time.strftime('%H:%M:%S')}] {subject.name}", file=sys.stderr, flush=True)
            results.append(measure(subject, Path(folder) / f"data-{number}"))
    path = BENCH / "results" / f"{arguments.name}.json"
    path.parent.mkdir(exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    path.write_text(
        json.dumps({"at": at, "subjects": results}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{at}\n\n{report(results)}\n\nwritten: bench/results/{path.name}")
    return 0


def subjects(data: Path, folder: Path) -> Iterator[Subject]:
    """Give what is measured, one after the other."""
    yield cwa(data)
    yield pairs(data, folder, "de", seen=True)
    yield pairs(data, folder, "en", seen=False)
    yield sample()


def cwa(data: Path) -> Subject:
    """A public health app's FAQ and messages written for it."""
    files = (data / "cwa_faq/faq_de.jsonl",)
    asked = [*_lines(data / NEEDED[1]), *_lines(data / NEEDED[2])]
    return Subject("Corona-Warn-App FAQ, German", False, files, tuple(_labelled(asked)))


def sample() -> Subject:
    """Our own sample company: the same hand wrote entries and questions, so this flatters."""
    files = (SAMPLE / "hilfe_de.jsonl", SAMPLE / "help_en.jsonl")
    asked = tuple(_labelled(_lines(SAMPLE / "questions_dev.jsonl")))
    return Subject("Sample company (development data, one hand wrote both)", True, files, asked)


def pairs(data: Path, folder: Path, language: str, *, seen: bool) -> Subject:
    """Official questions as entries, people's wordings of them as questions; unlike pairs are kept apart."""
    known = list(_lines(data / f"faq_question_pairs/pairs_{language}.jsonl"))
    ids = {text: f"q{number}" for number, text in enumerate(dict.fromkeys(p["faq_question"] for p in known))}
    entries = folder / f"pairs_{language}.jsonl"
    rows = [{"id": i, "question": text, "answer": text, "language": language} for text, i in ids.items()]
    entries.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    right: dict[str, set[str]] = {}
    for pair in known:
        if pair["similar"]:
            right.setdefault(pair["user_question"], set()).add(ids[pair["faq_question"]])
    unlike = tuple((p["user_question"], ids[p["faq_question"]]) for p in known if not p["similar"])
    asked = tuple(Asked(text, frozenset(found), language) for text, found in right.items())
    name = f"FAQ wording against people's wording, {'German' if language == 'de' else 'English'}"
    return Subject(name, seen, (entries,), asked, unlike)


def measure(subject: Subject, folder: Path) -> Fields:
    """Import, ask, count."""
    installation = Installation(folder)
    # Exit code 1 says that single entries could not be read; the report below then holds fewer passages.
    ran = installation.command("import", *map(str, subject.files), "--collection", "kb", accept=(0, 1))
    covered = [q for q in subject.questions if q.right]
    uncovered = [q for q in subject.questions if not q.right]
    unlike = [
        Asked(text, frozenset({entry}), subject.questions[0].language) for text, entry in subject.unlike
    ]
    said = batch(installation, [*covered, *uncovered, *unlike])
    ends = len(covered), len(covered) + len(uncovered)
    return {
        "subject": subject.name,
        "seen": subject.seen,
        "import": ran.output.strip().splitlines()[-1],
        "covered": _covered(covered, said[: ends[0]]),
        "not_covered": _not_covered(said[ends[0] : ends[1]]),
        "unlike": _unlike(unlike, said[ends[1] :]),
    }


def batch(installation: Installation, asked: Sequence[Asked]) -> list[Fields]:
    """Ask everything through the command line; gives the answers in order."""
    questions, answers = installation.data / "questions.jsonl", installation.data / "answers.jsonl"
    rows: list[Fields] = [{"id": str(n), "text": q.text, "language": q.language} for n, q in enumerate(asked)]
    questions.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    installation.command("ask", "--batch", str(questions), "--out", str(answers))
    found = list(_lines(answers))
    assert [a["id"] for a in found] == [r["id"] for r in rows], "an answer for each question, in order"
    return found


def _covered(asked: Sequence[Asked], said: Sequence[Fields]) -> Fields:
    """What happened to questions that the entries settle."""
    given = [(q, a) for q, a in zip(asked, said, strict=True) if _answered(a)]
    wrong = sum(_source(a) not in q.right for q, a in given)
    offered = sum(
        bool(q.right & set(_found(a)[:3]))
        for q, a in zip(asked, said, strict=True)
        if a["decision"] == "clarify"
    )
    return {
        "right_first": _share((q.right & set(_found(a)[:1])) for q, a in zip(asked, said, strict=True)),
        "right_in_five": _share((q.right & set(_found(a)[:5])) for q, a in zip(asked, said, strict=True)),
        "answered_right": Share(len(given) - wrong, len(asked)).as_fields(),
        "wrong_among_given": Share(wrong, len(given)).as_fields(),
        "right_among_offered": Share(offered, sum(a["decision"] == "clarify" for a in said)).as_fields(),
        "decisions": _decisions(said),
    }


def _not_covered(said: Sequence[Fields]) -> Fields:
    """What happened to questions that the entries do not settle: any answer is false."""
    return {"answered_falsely": _share(_answered(a) for a in said), "decisions": _decisions(said)}


def _unlike(asked: Sequence[Asked], said: Sequence[Fields]) -> Fields:
    """Pairs of one topic but another meaning: answering with just that entry is false."""
    both = list(zip(asked, said, strict=True))
    return {
        "answered_with_unlike": _share(_answered(a) and _source(a) in q.right for q, a in both),
        "decisions": _decisions(said),
    }


def _share(hits: Iterable[object]) -> Fields:
    found = [bool(hit) for hit in hits]
    return Share(sum(found), len(found)).as_fields()


def _answered(answer: Fields) -> bool:
    """An answer from an entry; a greeting returned is none."""
    return answer["decision"] == "answer" and bool(answer["sources"])


def _source(answer: Fields) -> str:
    return str(answer["sources"][0]["id"])


def _found(answer: Fields) -> list[str]:
    return [c["id"] for c in answer.get("candidates", ())]


def _decisions(said: Sequence[Fields]) -> Fields:
    names = ("answer", "clarify", "decline", "handover", None)
    counts = {str(name): sum(a["decision"] == name for a in said) for name in names}
    return {name: n for name, n in counts.items() if n}


def report(results: Sequence[Fields]) -> str:
    """Write the tables."""
    covered = [
        [
            _name(r),
            c["right_first"]["of"],
            *(_said(c[key]) for key in COVERED),
            _said_decisions(c["decisions"]),
        ]
        for r in results
        if (c := r["covered"])
    ]
    away = [
        [_name(r), kind, _said(r[part][key]), _said_decisions(r[part]["decisions"])]
        for r in results
        for part, key, kind in AWAY
        if r[part][key]["of"]
    ]
    return (
        "**Questions that the entries settle**\n\n"
        + table(["data", "questions", *COVERED.values(), "decided"], covered)
        + "\n\n**Questions that they do not settle**\n\n"
        + table(["data", "questions", "answered all the same", "decided"], away)
        + "\n\n† The program's weights were learned with these questions among others: no proof, only a check."
    )


COVERED = {
    "right_first": "right first",
    "right_in_five": "right in five",
    "answered_right": "answered, and right",
    "wrong_among_given": "wrong among given answers",
    "right_among_offered": "right among the choices offered",
}
AWAY = (
    ("not_covered", "answered_falsely", "not covered"),
    ("unlike", "answered_with_unlike", "unlike pairs: answered with just that entry"),
)


def _name(result: Fields) -> str:
    return f"{result['subject']}{' †' if result['seen'] else ''}"


def _said(share: Fields) -> str:
    if not share["of"]:
        return "–"
    return (
        f"{share['hits']}/{share['of']} = {100 * share['share']:.1f} %"
        f" ({100 * share['low']:.1f}–{100 * share['high']:.1f})"
    )


def _said_decisions(decisions: Fields) -> str:
    return ", ".join(f"{n} {name}" for name, n in decisions.items())


def _labelled(messages: Iterable[Fields]) -> Iterator[Asked]:
    for m in messages:
        language = "en" if "_en_" in m["id"] else None
        yield Asked(m["text"], frozenset(m["expect"].get("sources", ())), language)


def _lines(path: Path) -> Iterator[Fields]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
