"""What the encoder learns from: texts of permissively licensed data sets, knowledge bases, questions about them.

I decide which data is used, and for what. run.py calls me. I never read what a figure is measured on: cwa_faq,
german_messages, the sample company's questions_dev.jsonl, any test half; and nothing under a share-alike licence.
"""

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRAINING = Path(__file__).resolve().parents[1]
SAMPLE = TRAINING.parent / "src" / "taktvoll" / "samples" / "stadtwerke_auental"
CHUNK_WORDS = 70
SEED = 1
OWN_QUESTION_SHARE = 0.25
HELD_BACK = ("fitapp", "rathaus", "talerbank")
"""Bases that the encoder never learns from: on them it is decided how candidates are ordered and how sure is sure."""


@dataclass(frozen=True)
class Entry:
    """One entry of a knowledge base."""

    id: str
    question: str
    text: str
    section: str = ""


@dataclass(frozen=True)
class Asked:
    """A question with the entries that settle it and those that only look like it, by their places in the base.

    Where nothing settles it, `right` is empty.
    """

    text: str
    right: tuple[int, ...]
    near: tuple[int, ...] = ()


@dataclass(frozen=True)
class Base:
    """A knowledge base and questions about it."""

    name: str
    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]


def lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON Lines, packed or not."""
    read = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in read.decode("utf-8").split("\n") if line.strip()]


def texts(data: Path) -> list[tuple[str, str]]:
    """Give (role, text) for distilling: what people ask or say, and what is said to them as "passage: "."""
    asked = [clean(t)[:400] for t in _asked(data) if t and len(t) > 3]
    said = [chunk for text in _said(data) for chunk in chunks(text)]
    return [("", t) for t in asked] + [("passage: ", t) for t in said]


def _asked(data: Path) -> Iterator[str]:
    for language in ("de", "en"):
        yield from (e["text"] for e in lines(data / f"german_faq_bot/intents_train_{language}.jsonl"))
        for e in lines(data / f"faq_question_pairs/pairs_{language}.jsonl"):
            yield from (e["faq_question"], e["user_question"])
    for name in ("german_gdpr_bot/intents_de", "xed_german/train", "clinc150/train"):
        yield from (e["text"] for e in lines(data / f"{name}.jsonl"))
    yield from (e["text"].replace("|LBR|", " ") for e in lines(data / "germeval2018_offensive/train.jsonl"))
    for name in ("train_de", "dev_de", "train_en"):
        yield from _column(data / f"brighter_emotion/{name}.csv")
    yield from _column(data / "banking77/train.csv")
    yield from (e["utterance"] for e in lines(data / "natcs_intents/insurance.jsonl"))
    yield from _some([e["text"] for e in lines(data / "goemotions/train.jsonl.gz")], 8_000)
    for path in sorted((data / "multidogo").glob("*.train.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file][1:]
        yield from _some([row[2] for row in rows if len(row) > 3], 1_500)
    for base in bases(data, set()):
        yield from (a.text for a in base.asked)
        yield from (e.question for e in base.entries)


def _said(data: Path) -> Iterator[str]:
    for language in ("de", "en"):
        for e in lines(data / f"german_faq_bot/answers_{language}.jsonl"):
            yield from e["texts"]
    yield from (e["text"] for e in lines(data / "evcc_docs/docs_de_en.jsonl.gz"))
    yield from (e["text"] for e in lines(data / "hetzner_tutorials/tutorials_de_en.jsonl.gz"))
    for e in lines(data / "shop_mail_templates/templates_de_en.jsonl"):
        yield from (value for value in e.values() if isinstance(value, str))
    for base in bases(data, set()):
        yield from (f"{e.question} {e.text}" for e in base.entries)


def _column(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _some(found: list[str], count: int) -> list[str]:
    random.Random(SEED).shuffle(found)
    return found[:count]


def clean(text: str) -> str:
    """Take marks of formatting out."""
    return " ".join(re.sub(r"[*_`#>|]+", " ", text).split())


def chunks(text: str) -> list[str]:
    """Cut a long text into stretches of 70 words."""
    words = clean(text).split()
    cut = [words[i : i + CHUNK_WORDS] for i in range(0, len(words), CHUNK_WORDS)]
    return [" ".join(c)[:600] for c in cut if len(c) > 4]


def bases(data: Path, held_back: set[str]) -> list[Base]:
    """Give the knowledge bases to learn from, but those held back."""
    found = [*_written(data), _evcc(data), _tutorials(data), _bot(data)]
    return [base for base in found if base.name not in held_back]


def entries_of(name: str, data: Path) -> tuple[Entry, ...]:
    """Give the entries of a knowledge base that questions were written for."""
    if name == "tax":
        found = lines(data / "german_tax_help/faq_de.jsonl")
    elif name == "auental":
        found = lines(SAMPLE / "hilfe_de.jsonl")
    elif name == "laws":
        return tuple(
            Entry(f"{e['law']} {e['section']}", e["heading"] or "", e["text"], e["part"] or "")
            for e in lines(data / "german_laws/sections_de.jsonl.gz")
        )
    else:
        found = lines(TRAINING / "kb" / f"{name}.jsonl")
    return tuple(Entry(e["id"], e["question"], e["answer"], e.get("section") or "") for e in found)


def _written(data: Path) -> Iterator[Base]:
    """The bases that questions were written for, each with a share of its entries' own questions."""
    for path in sorted((TRAINING / "pairs").glob("*.jsonl")):
        entries = entries_of(path.stem, data)
        place = {e.id: i for i, e in enumerate(entries)}
        asked = [
            Asked(
                m["text"],
                _places(m["right"], place),
                _places([*m.get("near", ()), *m.get("refuted_by", ())], place),
            )
            for m in lines(path)
        ]
        chance = random.Random(f"{SEED} {path.stem}")
        asked += [
            Asked(e.question, (i,))
            for i, e in enumerate(entries)
            if len(e.question.split()) > 2 and chance.random() < OWN_QUESTION_SHARE
        ]
        if path.stem == "auental":
            english = lines(SAMPLE / "help_en.jsonl")
            asked += [Asked(e["question"], (place[e["id"]],)) for e in english if e["id"] in place]
        yield Base(path.stem, entries, tuple(asked))


def _places(ids: list[str], place: dict[str, int]) -> tuple[int, ...]:
    return tuple(place[name] for name in ids if name in place)


def _evcc(data: Path) -> Base:
    german = [e for e in lines(data / "evcc_docs/faq_de_en.jsonl") if e["lang"] == "de"]
    entries = tuple(Entry(str(i), e["question"], e["answer"], e["section"]) for i, e in enumerate(german))
    return Base("evcc", entries, tuple(Asked(e.question, (i,)) for i, e in enumerate(entries)))


def _tutorials(data: Path) -> Base:
    """Articles found by their summary and by their title in English."""
    found = lines(data / "hetzner_tutorials/tutorials_de_en.jsonl.gz")
    english = {e["id"]: e["title"] for e in found if e["lang"] == "en"}
    german = [e for e in found if e["lang"] == "de"]
    entries = tuple(Entry(e["id"], e["title"], clean(e["text"])[:900]) for e in german)
    asked = [Asked(e["summary"] or e["title"], (i,)) for i, e in enumerate(german)]
    asked += [Asked(english[e["id"]], (i,)) for i, e in enumerate(german) if e["id"] in english]
    return Base("tutorials", entries, tuple(asked))


def _bot(data: Path) -> Base:
    """Answers of a FAQ bot found by what people say, in German and English."""
    answers = {
        e["answer_id"].removeprefix("utter_"): e["texts"][0]
        for e in lines(data / "german_faq_bot/answers_de.jsonl")
    }
    said: dict[str, dict[str, list[str]]] = {}
    for language in ("de", "en"):
        for e in lines(data / f"german_faq_bot/intents_train_{language}.jsonl"):
            if e["intent"] in answers:
                said.setdefault(e["intent"], {}).setdefault(language, []).append(e["text"])
    entries, asked = list[Entry](), list[Asked]()
    chance = random.Random(SEED)
    for intent, found in sorted(said.items()):
        if "de" not in found:
            continue
        chance.shuffle(found["de"])
        place = len(entries)
        entries.append(Entry(intent, found["de"][0], answers[intent]))
        asked += [Asked(t, (place,)) for t in (*found["de"][1:5], *found.get("en", ())[:2])]
    return Base("bot", tuple(entries), tuple(asked))
