"""How well signals are read from texts, measured on development data: part of `make measure`.

I decide what counts as right and how sure a figure is. People call me with --shared, a folder that holds data/; I write
bench/results/signals.json and print the tables of docs/performance.md. I never train: training/signals does.
"""

# ruff: noqa: E501 - examples and what is printed stand on one line

import argparse
import asyncio
import csv
import gzip
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.mime import MimeReader
from taktvoll.adapters.signals import LanguageReader
from taktvoll.adapters.signals.models import NONE, REASONS
from taktvoll.adapters.signals.understanding import Understander
from taktvoll.domain.conversation.needs import EMERGENCIES
from taktvoll.domain.conversation.terms import Signals
from taktvoll.domain.mail.reading import reading_of

BENCH = Path(__file__).resolve().parent
DEV = BENCH.parent / "training" / "signals"
EMERGENCY = frozenset(r.value for r in EMERGENCIES)
Fields = dict[str, Any]


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=0, help="print so many messages that were read wrongly")
    args = parser.parse_args()
    data = args.shared / "data"
    understander = Understander(LanguageReader(), SentenceEncoder())
    plain = Understander(LanguageReader())
    found: Fields = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "handover": {}}
    sets = {
        "emergencies (development)": list(_labelled(DEV / "emergencies_dev.jsonl")),
        "rights (development)": list(_labelled(DEV / "rights_dev.jsonl")),
        "german_messages": list(_sample(data / "german_messages" / "handover.jsonl")),
    }
    sets["together"] = [row for rows in sets.values() for row in rows]
    for name, rows in sets.items():
        for how, reader in (("", understander), (", without sentence vector", plain)):
            found["handover"][name + how] = handover(rows, _read(reader, [r["text"] for r in rows]))
            _say(name + how, found["handover"][name + how])
    found["mails"] = mails(sets["together"], understander)
    for name, share in found["mails"].items():
        print("mails,", name, _shown(share))
    found["letters"] = letters(list(_lines(DEV / "letters_dev.jsonl")), understander)
    for name, share in found["letters"].items():
        print("letters,", name, _shown(share))
    found["unlabelled"] = unlabelled(data, understander)
    for name, share in found["unlabelled"].items():
        print("unlabelled,", name, _shown(share))
    if args.cases:
        _cases(sets["together"], _read(understander, [r["text"] for r in sets["together"]]), args.cases)
    found["anger_german"] = anger(data / "brighter_emotion" / "dev_de.csv", plain)
    print("anger, German:", found["anger_german"])
    found["language"] = languages(data)
    for name, share in found["language"].items():
        print("language,", name, _shown(share))
    found["ms"] = milliseconds(plain, [r["text"] for r in sets["together"]])
    print("ms a message besides the encoder:", found["ms"])
    (BENCH / "results" / "signals.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def _read(reader: Understander, texts: Sequence[str]) -> list[Signals]:
    async def each() -> list[Signals]:
        return [await reader.read(text, None) for text in texts]

    return asyncio.run(each())


def handover(rows: Sequence[Fields], read: Sequence[Signals]) -> Fields:
    """Compare the first need of each message with its label; a further reason that the label allows is right."""
    said = [signals.needs[0].reason.value if signals.needs else NONE for signals in read]
    said = [row["reason"] if word in row["also"] else word for row, word in zip(rows, said, strict=True)]
    real = [row["reason"] for row in rows]
    per = {reason: scores(real, said, lambda r, reason=reason: r == reason) for reason in REASONS}  # type: ignore[misc]
    known = [p["f1"] for reason, p in per.items() if reason in real]
    urgent = sum(s.urgency.value == row["urgency"] for row, s in zip(rows, read, strict=True))
    nothing = [word for word, label in zip(said, real, strict=True) if label == NONE]
    return {
        "of": len(rows),
        "macro_f1": round(sum(known) / len(known), 4),
        "person": scores(real, said, lambda r: r != NONE),
        "emergencies": scores(real, said, lambda r: r in EMERGENCY),
        "false_alarms": wilson(sum(w != NONE for w in nothing), len(nothing)),
        "urgency": wilson(urgent, len(rows)),
        "per_reason": per,
    }


CALM = (
    "Ich bin seit 2014 Kundin bei Ihnen und war bisher zufrieden.",
    "Meine Kundennummer steht oben im Betreff.",
    "Im März sind wir innerhalb des Ortes umgezogen, die neue Anschrift habe ich Ihnen damals mitgeteilt.",
    "Der Vertrag läuft auf meinen Namen, mein Mann ist als zweiter Ansprechpartner eingetragen.",
    "Die Unterlagen vom letzten Jahr liegen mir vollständig vor.",
    "Auf Ihrer Internetseite habe ich unter den häufigen Fragen nachgesehen.",
    "Bisher kam die Abrechnung immer im Februar.",
    "Eine Kopie der letzten Rechnung füge ich bei.",
    "Wir sind ein Haushalt mit drei Personen.",
    "Für die Zusendung der Unterlagen vielen Dank im Voraus.",
)
"""What people write around what they want to say."""


def mails(rows: Sequence[Fields], reader: Understander) -> Fields:
    """The same messages as a short letter, and as a paragraph of a long, calm one: what is heard of each kind."""
    chance, german = random.Random(20261126), [r for r in rows if r.get("style") != "english"]
    short, long = list[str](), list[str]()
    for row in german:
        calm = chance.sample(CALM, 8)
        short.append(f"Guten Tag,\n\n{row['text']}\n\nViele Grüße\nErika Muster")
        long.append(
            f"Guten Tag,\n\n{' '.join(calm[:4])}\n\n{row['text']}\n\n{' '.join(calm[4:])}\n\nViele Grüße\nErika Muster"
        )
    found: Fields = {}
    for form, texts in (
        ("as they are", [r["text"] for r in german]),
        ("short letter", short),
        ("long letter", long),
    ):
        heard = [{n.reason.value for n in s.needs} for s in _read(reader, texts)]
        both = list(zip(german, heard, strict=True))
        for reason in ("anger", "distress"):
            theirs = [h for row, h in both if row["reason"] == reason]
            found[f"{form}: {reason}"] = wilson(sum(reason in h for h in theirs), len(theirs))
        theirs = [row["reason"] in h for row, h in both if row["reason"] in EMERGENCY]
        found[f"{form}: emergencies"] = wilson(sum(theirs), len(theirs))
        calm_ones = [h for row, h in both if row["reason"] == NONE]
        loud = {"anger", "distress", *EMERGENCY}
        found[f"{form}: false alarms of these"] = wilson(
            sum(bool(h & loud) for h in calm_ones), len(calm_ones)
        )
        found[f"{form}: false alarms of any kind"] = wilson(sum(map(bool, calm_ones)), len(calm_ones))
    return found


def letters(rows: Sequence[Fields], reader: Understander) -> Fields:
    """Letters as people write them: how many that need somebody are heard, and how many calm ones are misheard."""
    heard = [{n.reason.value for n in s.needs} for s in _read(reader, [r["text"] for r in rows])]
    both = list(zip(rows, heard, strict=True))
    urgent = [(row, h) for row, h in both if row["reason"] in EMERGENCY]
    others = [(row, h) for row, h in both if row["reason"] not in (NONE, *EMERGENCY)]
    calm = [h for row, h in both if row["reason"] == NONE]
    right = [bool(h & {row["reason"], *row["also"]}) for row, h in urgent]
    return {
        "emergencies: heard as the right one": wilson(sum(right), len(urgent)),
        "emergencies: heard as one": wilson(sum(bool(h & EMERGENCY) for _, h in urgent), len(urgent)),
        "emergencies: brought to a person": wilson(sum(bool(h) for _, h in urgent), len(urgent)),
        "other needs: heard as the right one": wilson(
            sum(bool(h & {row["reason"], *row["also"]}) for row, h in others), len(others)
        ),
        "other needs: brought to a person": wilson(sum(bool(h) for _, h in others), len(others)),
        "calm letters: taken for an emergency": wilson(sum(bool(h & EMERGENCY) for h in calm), len(calm)),
        "calm letters: brought to a person": wilson(sum(map(bool, calm)), len(calm)),
    }


def unlabelled(data: Path, reader: Understander) -> Fields:
    """Mails of which most are calm: the fixtures that no machine wrote, and private ones that no service would get."""
    mails = [
        reading_of(MimeReader().read(path.read_bytes()))
        for path in sorted((BENCH.parent / "tests" / "mails").glob("*.eml"))
    ]
    own = [r.written.new_text for r in mails if r.written.new_text and not r.verdict.automatic]
    private = [r["text"] for r in _lines(data / "german_emails_codealltag" / "emails.jsonl.gz")]
    found: Fields = {}
    for name, texts in (("tests/mails", own), ("CodE Alltag", private)):
        heard = [{n.reason.value for n in s.needs} for s in _read(reader, texts)]
        found[f"{name}: brought to a person"] = wilson(sum(map(bool, heard)), len(heard))
        found[f"{name}: taken for an emergency"] = wilson(sum(bool(h & EMERGENCY) for h in heard), len(heard))
    return found


def scores(real: Sequence[str], said: Sequence[str], is_it: Callable[[str], bool]) -> Fields:
    """Recall and precision of one kind of label, with intervals."""
    both = sum(is_it(r) and is_it(s) for r, s in zip(real, said, strict=True))
    recall, precision = wilson(both, sum(map(is_it, real))), wilson(both, sum(map(is_it, said)))
    total = sum(map(is_it, real)) + sum(map(is_it, said))
    return {"recall": recall, "precision": precision, "f1": round(2 * both / total, 4) if total else 0.0}


def wilson(hits: int, of: int) -> Fields:
    """A share with its 95 % interval."""
    if not of:
        return {"hits": 0, "of": 0, "share": None, "low": None, "high": None}
    z, share = 1.96, hits / of
    middle, reach = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * reach) / (1 + z * z / of) for sign in (-1, 1))
    return {"hits": hits, "of": of, "share": round(share, 4), "low": round(low, 4), "high": round(high, 4)}


def anger(path: Path, reader: Understander) -> Fields:
    """F1 of anger in German social texts; labelled is a perceived strength above 0."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    real = ["yes" if float(row["anger"]) > 0 else "no" for row in rows]
    said = ["yes" if s.mood.anger >= 500_000 else "no" for s in _read(reader, [row["text"] for row in rows])]
    return scores(real, said, lambda r: r == "yes")


def languages(data: Path) -> Fields:
    """Short messages of which the language is known: told right, told wrong, and left open."""
    reader = LanguageReader()
    asked: dict[str, list[tuple[str, str]]] = {
        "German, our short messages": [
            (r["text"], "de") for f in ("emergencies_dev", "rights_dev") for r in _lines(DEV / f"{f}.jsonl") if r["style"] != "english"
        ],
        "English, our short messages": [
            (r["text"], "en") for f in ("emergencies_dev", "rights_dev") for r in _lines(DEV / f"{f}.jsonl") if r["style"] == "english"
        ],
        "German FAQ bot": [(r["text"], "de") for r in _lines(data / "german_faq_bot" / "intents_train_de.jsonl")],
        "English CLINC150": [(r["text"], "en") for r in _lines(data / "clinc150" / "val.jsonl")],
    }  # fmt: skip
    found = {}
    for name, pairs in asked.items():
        short = [(t, code) for t, code in pairs if 3 <= len(t.split()) <= 12]
        told = Counter(
            "open" if (got := reader.read(t)[0]) is None else "right" if got == code else "wrong"
            for t, code in short
        )
        found[name] = {**wilson(told["right"], len(short)), "open": told["open"], "wrong": told["wrong"]}
    return found


def milliseconds(reader: Understander, texts: Sequence[str]) -> Fields:
    """What reading costs in CPU time, besides the encoder."""
    long = " ".join(texts)[:4000]
    for text in texts[:50]:
        reader.understand(text, None)
    start = time.process_time()
    for text in texts:
        reader.understand(text, None)
    one = (time.process_time() - start) / len(texts) * 1000
    start = time.process_time()
    for _ in range(20):
        reader.understand(long, None)
    return {"message": round(one, 3), "4,000 characters": round((time.process_time() - start) / 20 * 1000, 2)}


def _labelled(path: Path) -> Iterator[Fields]:
    for row in _lines(path):
        yield {"text": row["text"], "reason": row["reason"], "also": row["also"], "urgency": row["urgency"]}


def _sample(path: Path) -> Iterator[Fields]:
    for row in _lines(path):
        expect = row["expect"]
        yield {
            "text": row["text"],
            "reason": expect["reason"],
            "also": row.get("reason_also_ok", []),
            "urgency": expect["urgency"],
        }


def _lines(path: Path) -> Iterator[Fields]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


def _cases(rows: Sequence[Fields], read: Sequence[Signals], most: int) -> None:
    wrong = [
        (row["reason"], s.needs[0].reason.value if s.needs else NONE, row["text"])
        for row, s in zip(rows, read, strict=True)
        if (s.needs[0].reason.value if s.needs else NONE) not in (row["reason"], *row["also"])
    ]
    for label, got, text in wrong[:most]:
        print(f"{label:20s} {got:20s} {text[:150]}")


def _say(name: str, h: Fields) -> None:
    print(
        f"{name}: {h['of']} messages, macro-F1 {h['macro_f1']}, false alarms {_shown(h['false_alarms'])}, urgency {_shown(h['urgency'])}"
    )
    print(
        f"   emergencies: recall {_shown(h['emergencies']['recall'])}, precision {_shown(h['emergencies']['precision'])}"
    )
    for reason, p in h["per_reason"].items():
        print(
            f"   {reason:20s} recall {_shown(p['recall'])}, precision {_shown(p['precision'])}, F1 {p['f1']}"
        )


def _shown(share: Fields) -> str:
    if not share["of"]:
        return "–"
    return f"{share['hits']}/{share['of']} = {100 * share['share']:.1f} % ({100 * share['low']:.1f}–{100 * share['high']:.1f})"


if __name__ == "__main__":
    sys.exit(main())
