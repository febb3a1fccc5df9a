"""How well topics are told, measured through taktvoll's own command line on data it is given: part of `make measure`.

I decide how the data is parted and what counts as right. People call me with --shared, a folder that holds data/; I
write bench/results/topics.json. I never learn from what I measure on: a text's hash decides on which side it lies.

Every share is printed with its Wilson 95 % interval.
"""

import argparse
import csv
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from chat.installation import Installation
from chat.report import table

from taktvoll.domain.insight.report import share_fields
from taktvoll.domain.insight.statistics import Share

BENCH = Path(__file__).resolve().parent
FOLDS = 5
FEW = 10
DRAWS = 3
NEEDED = (
    "banking77/train.csv",
    "clinc150/train.jsonl",
    "clinc150/val.jsonl",
    "clinc150/oos_train.jsonl",
    "clinc150/oos_val.jsonl",
    "german_faq_bot/intents_train_de.jsonl",
)
Fields = dict[str, Any]
Example = tuple[str, str]


@dataclass(frozen=True)
class Subject:
    """What to learn from, what to ask, and texts that belong to no topic; `goal` is what the project reaches for."""

    name: str
    goal: float
    learn: tuple[Example, ...]
    asked: tuple[Example, ...]
    outside: tuple[str, ...] = ()


def main() -> int:
    """Measure every subject and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--shared", type=Path, required=True, metavar="DIR", help="holds data/banking77 and others"
    )
    parser.add_argument("--name", default="topics", help="name of the file in bench/results")
    arguments = parser.parse_args()
    data = arguments.shared / "data"
    missing = [name for name in NEEDED if not (data / name).is_file()]
    if missing:
        print(f"There is no {missing[0]} under {data}; docs/performance.md says what it is.", file=sys.stderr)
        return 2
    results = []
    with tempfile.TemporaryDirectory(prefix="taktvoll-topics-") as folder:
        installation = Installation(Path(folder))
        for number, subject in enumerate(subjects(data)):
            print(f"[{time.strftime('%H:%M:%S')}] {subject.name}", file=sys.stderr, flush=True)
            results.append(measure(subject, installation, Path(folder) / str(number)))
    path = BENCH / "results" / f"{arguments.name}.json"
    path.parent.mkdir(exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    found = json.dumps({"at": at, "subjects": results}, indent=1, ensure_ascii=False)
    path.write_text(found + "\n", encoding="utf-8")
    print(f"{at}\n\n{report(results)}\n\nwritten: bench/results/{path.name}")
    return 0


def subjects(data: Path) -> Iterator[Subject]:
    """Give what is measured, one after the other."""
    with (data / NEEDED[0]).open(encoding="utf-8", newline="") as file:
        banking = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    learn, asked = parted(banking)
    yield Subject("BANKING77 (English)", 0.935, learn, asked)
    for draw in range(DRAWS):
        yield Subject(f"BANKING77, {FEW} a topic, draw {draw + 1}", 0.85, few(learn, draw), asked)
    outside = tuple(text for name in NEEDED[3:5] for text, _ in _lines(data / name))
    yield Subject(
        "CLINC150 (English)", 0.95, tuple(_lines(data / NEEDED[1])), tuple(_lines(data / NEEDED[2])), outside
    )
    german_learn, german_asked = parted(list(_lines(data / NEEDED[5])))
    yield Subject("FAQ bot (German)", 0.94, german_learn, german_asked, tuple(text for text, _ in asked))


def parted(examples: Sequence[Example]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Four fifths to learn from and one to ask, by the hash of the text."""
    held = [int(sha256(text.encode()).hexdigest(), 16) % FOLDS == 0 for text, _ in examples]
    both = list(zip(examples, held, strict=True))
    return tuple(e for e, h in both if not h), tuple(e for e, h in both if h)


def few(examples: Sequence[Example], seed: int) -> tuple[Example, ...]:
    """So many of each topic, drawn with a seed."""
    chance, of = random.Random(seed), dict[str, list[Example]]()
    for example in examples:
        of.setdefault(example[1], []).append(example)
    return tuple(e for rows in of.values() for e in chance.sample(rows, min(FEW, len(rows))))


def measure(subject: Subject, installation: Installation, folder: Path) -> Fields:
    """Learn, ask, count."""
    folder.mkdir()
    examples, questions, answers = (folder / f"{name}.jsonl" for name in ("learn", "asked", "told"))
    _write(examples, [{"text": text, "topic": topic} for text, topic in subject.learn])
    texts = [*(text for text, _ in subject.asked), *subject.outside]
    _write(questions, [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    started = time.monotonic()
    ran = installation.command("topics", "learn", str(examples), "--json")
    learnt_s = time.monotonic() - started
    installation.command("topics", "predict", "--batch", str(questions), "--out", str(answers))
    told = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [t["id"] for t in told] == [str(n) for n in range(len(texts))], "a topic for each text, in order"
    inside, outside = told[: len(subject.asked)], told[len(subject.asked) :]
    right = [t["topic"] == topic for t, (_, topic) in zip(inside, subject.asked, strict=True)]
    return {
        "subject": subject.name,
        "goal": subject.goal,
        "examples": len(subject.learn),
        "topics": len({topic for _, topic in subject.learn}),
        "right": share_fields(Share(sum(right), len(right))),
        "false_alarms": share_fields(Share(sum(not t["known"] for t in inside), len(inside))),
        "outside_noticed": share_fields(Share(sum(not t["known"] for t in outside), len(outside))),
        "calibration_error": round(calibration([t["confidence"] for t in inside], right), 4),
        "learnt_s": round(learnt_s, 1),
        "report": next(json.loads(line) for line in ran.output.splitlines() if line.startswith("{")),
    }


def calibration(sure: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """How far confidence and truth lie apart on average.

    Source: Naeini et al. 2015, expected calibration error, ten bins of equal width.
    """
    total = 0.0
    for place in range(bins):
        inside = [(s, r) for s, r in zip(sure, right, strict=True) if min(int(s * bins), bins - 1) == place]
        total += abs(sum(r for _, r in inside) - sum(s for s, _ in inside))
    return total / max(1, len(sure))


def report(results: Sequence[Fields]) -> str:
    """Write the table."""
    head = ["data", "topics", "examples", "asked", "right topic", "goal", "taken for unknown", "outside noticed",
            "calibration error", "learnt in s"]  # fmt: skip
    rows = [
        [r["subject"], r["topics"], r["examples"], r["right"]["of"], said(r["right"]), f"{100 * r['goal']:.1f} %",
         said(r["false_alarms"]), said(r["outside_noticed"]), r["calibration_error"], r["learnt_s"]]
        for r in results
    ]  # fmt: skip
    return table(head, rows)


def said(share: Fields) -> str:
    """A share with its interval."""
    if not share["of"]:
        return "–"
    return f"{100 * share['share']:.1f} % ({100 * share['low']:.1f}–{100 * share['high']:.1f})"


def _lines(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                fields = json.loads(line)
                yield fields["text"], fields["intent"]


def _write(path: Path, rows: Sequence[Fields]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
