"""How right taktvoll's answers are, measured through its own command line on data it is given: `make measure`.

I decide which data is measured and how the tables read. People call me with --shared, a folder that holds data/;
I write bench/results/quality.json. I never look inside and never count what the product counts: entries go in by
`taktvoll import`, figures come by `taktvoll evaluate`.

Every share is printed with its Wilson 95 % interval: with a few dozen questions the interval says more than the share.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chat.installation import Installation
from chat.report import table

from taktvoll.domain.insight.report import share_fields
from taktvoll.domain.insight.statistics import Share

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
    """Import, evaluate, take the figures."""
    installation = Installation(folder)
    # Exit code 1 says that single entries could not be read; the report below then holds fewer passages.
    ran = installation.command("import", *map(str, subject.files), "--collection", "kb", accept=(0, 1))
    found = evaluate(installation, subject.questions)
    answers, decisions = found["answers"], found["decisions"]
    return {
        "subject": subject.name,
        "seen": subject.seen,
        "import": ran.output.strip().splitlines()[-1],
        "covered": {
            "right_first": found["retrieval"]["right_first"],
            "right_in_five": found["retrieval"]["right_in_five"],
            "answered_right": answers["covered_right"],
            "wrong_among_given": answers["wrong_on_covered"],
            "right_among_offered": answers["right_among_offered"],
            "decisions": decisions.get("covered", {}),
        },
        "not_covered": {
            "answered_falsely": answers["false_on_not_covered"],
            "decisions": decisions.get("not_covered", {}),
        },
        "unlike": _unlike(installation, subject.unlike, subject.questions[0].language),
        "all": {
            "wrong_among_given": answers["wrong"],
            "threshold": found["threshold"],
            "mean_reciprocal_rank": found["retrieval"]["mean_reciprocal_rank"],
            "calibration_error": found["calibration"]["error"],
            "curve_area": found["curve"]["area"],
        },
    }


def evaluate(installation: Installation, asked: Sequence[Asked]) -> Fields:
    """Ask everything through the command line; gives the product's own figures."""
    questions = installation.data / "questions.jsonl"
    questions.write_text(
        "".join(json.dumps(_line(str(n), q)) + "\n" for n, q in enumerate(asked)), encoding="utf-8"
    )
    # Exit code 1 says that a line contradicts another one; it is left out on both sides.
    printed = installation.command("evaluate", str(questions), "--json", "--cases", "0", accept=(0, 1)).output
    figures: Fields = json.loads(next(line for line in printed.splitlines() if line.startswith("{")))
    return figures


def _line(id: str, asked: Asked) -> Fields:
    action = {"action": "answer", "sources": sorted(asked.right)} if asked.right else {"action": "no_answer"}
    return {"id": id, "text": asked.text, "language": asked.language, "expect": action}


def _unlike(installation: Installation, pairs: Sequence[tuple[str, str]], language: str | None) -> Fields:
    """Pairs of one topic but another meaning: answering with just that entry is false, whatever else may be right."""
    texts = list(dict.fromkeys(text for text, _ in pairs))
    asked = [Asked(text, frozenset({"none of these"}), language) for text in texts]
    lines = evaluate(installation, asked)["lines"] if asked else []
    by_text = {line["text"]: line for line in lines}
    said = [(entry, by_text[text]) for text, entry in pairs]
    false = sum(a["decision"] == "answer" and a["source"] == entry for entry, a in said)
    return {
        "answered_with_unlike": share_fields(Share(false, len(said))),
        "decisions": dict(Counter(sorted(a["decision"] for _, a in said))),
    }


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
        + "\n\n**What that proves: at most 3 % wrong among all given answers, with 95 % confidence**\n\n"
        + table(PROOF, [_proof(r) for r in results])
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


PROOF = [
    "data",
    "mean reciprocal rank",
    "calibration error",
    "wrong among all given",
    "surely no more than",
    "threshold",
]


def _proof(result: Fields) -> list[str]:
    whole = result["all"]
    mean, found = whole["mean_reciprocal_rank"], whole["threshold"]
    point = found["suggested"]
    suggested = (
        f"{point['threshold']:.4f} answers {100 * point['coverage']:.0f} %" if point else found["found"]
    )
    return [
        _name(result),
        f"{mean['value']:.3f} ({mean['low']:.3f}–{mean['high']:.3f})",
        f"{100 * whole['calibration_error']:.1f} %",
        _said(whole["wrong_among_given"]),
        f"{100 * found['now']['bound']:.1f} %",
        suggested.replace("_", " "),
    ]


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
