"""What the models of needs and moods are trained on, read from this folder and from the shared data sets.

I decide which texts count with which label and how much. train.py calls me. I never read *_dev files, test halves,
german_messages or ShareAlike data.
"""

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from taktvoll.adapters.signals.letters import pieces_of
from taktvoll.domain.mail.sentences import sentences_of

Fields = dict[str, Any]
OWN = ("emergencies", "rights", "english", "more", "moods_and_threats", "dangers", "claims")
ORDINARY = {"pairs": 4500, "faq_de": 1200, "faq_en": 300, "banking": 500, "clinc": 500}
"""Ordinary questions by far outnumber the others, as they do at a service desk."""
_SERIOUS = re.compile(
    "gas|notf|betrug|phish|daten|widerr|kuendig|cancel|revoke|sperr|rueckruf|kontakt|tod|beschwer|loesch|lob"
)
"""Entries whose questions may well hold a need: these teach nothing about ordinary ones."""
RUN_WORDS = 6
"""So many words in a row, found in a piece of a letter, show that it tells what the letter is about."""
GOEMOTIONS = {
    "anger": {"anger", "annoyance", "disapproval"},
    "fear": {"fear", "nervousness"},
    "sadness": {"sadness", "grief", "disappointment", "remorse"},
    "joy": {"joy", "gratitude", "love", "admiration", "amusement", "excitement", "relief"},
}


def needs(here: Path, data: Path, pairs: Path | None) -> list[Fields]:
    """Give our own messages and ordinary questions; `own` tells them apart, a text counts once."""
    found = [{**row, "own": True} for name in OWN for row in lines(here / f"{name}.jsonl")]
    draw = random.Random(7)
    texts = [
        row["text"]
        for file in sorted((pairs or here.parent / "pairs").glob("*.jsonl"))
        for row in lines(file)
        if row["kind"] == "covered" and not _SERIOUS.search(" ".join((*row["right"], *row["near"])).lower())
    ]
    ordinary = some(draw, texts, ORDINARY["pairs"])
    bot = data / "german_faq_bot"
    for language in ("de", "en"):
        asked = [r["text"] for r in lines(bot / f"intents_train_{language}.jsonl") if not _wish(r["intent"])]
        ordinary += some(draw, asked, ORDINARY[f"faq_{language}"])
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        banking = [r["text"] for r in csv.DictReader(file) if not _trouble(r["category"])]
    ordinary += some(draw, banking, ORDINARY["banking"])
    ordinary += some(
        draw,
        [r["text"] for r in lines(data / "clinc150" / "train.jsonl") if not _trouble(r["intent"])],
        ORDINARY["clinc"],
    )
    found += [{"text": t, "reason": "none", "also": [], "own": False} for t in ordinary]
    return list({row["text"]: row for row in reversed(found)}.values())[::-1]


def letters(here: Path) -> list[Fields]:
    """Give letters as a whole and in the pieces in which they are heard; a piece that does not say it needs nobody.

    Gives:  rows like those of `needs`, with `letter`, the letter's number, and `writer`, the hand that wrote it.
    """
    found: list[Fields] = []
    for number, row in enumerate(lines(here / "letters.jsonl")):
        of = {"also": row["also"], "own": False, "letter": number, "writer": row["writer"]}
        found.append({**of, "text": row["text"], "reason": row["reason"], "whole": True})
        told = [one for said in row["says"] for one in (sentences_of(said) or [said])]
        for piece in pieces_of(row["text"]):
            reason = row["reason"] if _tells(piece, told) else "none"
            found.append({**of, "text": piece, "reason": reason, "whole": False})
    return found


def _tells(piece: str, told: list[str]) -> bool:
    """Whether a piece holds a sentence that says it, or so much of one: who dictates makes no ends."""
    flat = _flat(piece)
    for one in map(_flat, told):
        words = one.split()
        run = min(RUN_WORDS, len(words))
        if run >= 3 and any(" ".join(words[at : at + run]) in flat for at in range(len(words) - run + 1)):
            return True
    return False


def _flat(text: str) -> str:
    return " ".join(text.split()).lower()


def moods(data: Path, here: Path) -> tuple[list[str], list[Fields], Any, Any]:
    """Give texts, each with the moods that are known of it, how much it counts, and which set it is of."""
    found: list[tuple[str, Fields, float, str]] = []
    for language in ("de", "en"):
        with (data / "brighter_emotion" / f"train_{language}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                known = {m: float(row[m]) for m in ("anger", "fear", "sadness", "joy")}
                found.append((row["text"], known, 1.0, f"brighter_{language}"))
    for row in lines(data / "xed_german" / "train.jsonl"):
        known = {m: float(m in row["emotions"]) for m in ("anger", "fear", "sadness", "joy")}
        found.append((row["text"], known, 0.15, "xed"))
    english = some(random.Random(3), list(lines(data / "goemotions" / "train.jsonl.gz")), 5000)
    for row in english:
        known = {m: float(bool(names & set(row["emotions"]))) for m, names in GOEMOTIONS.items()}
        found.append((row["text"], known, 0.15, "goemotions"))
    for row in lines(data / "germeval2018_offensive" / "train.jsonl"):
        text = row["text"].replace("|LBR|", " ")
        found.append((text, {"insult": float(row["fine"] in ("INSULT", "ABUSE"))}, 1.0, "germeval"))
    for name in OWN:
        own = lines(here / f"{name}.jsonl")
        found.extend((row["text"], _own_mood(row["reason"]), 0.5, "own") for row in own)
    texts, labels, weights, where = zip(*found, strict=True)
    return list(texts), list(labels), np.array(weights), np.array(where)


def languages(data: Path, here: Path) -> tuple[list[str], list[str]]:
    """Give German and English texts, most of them short; the FAQ bot and CLINC150's validation half are measured on."""
    found = [(row["text"], "de") for row in lines(data / "xed_german" / "train.jsonl")]
    for file in sorted((here.parent / "pairs").glob("*.jsonl")):
        found += [(row["text"], "en" if row["style"] == "english" else "de") for row in lines(file)]
    for name in OWN:
        found += [
            (row["text"], "en" if row["style"] == "english" else "de")
            for row in lines(here / f"{name}.jsonl")
            if row["style"] != "mixed"
        ]
    reddit = list(lines(data / "goemotions" / "train.jsonl.gz"))
    found += [(row["text"], "en") for row in some(random.Random(4), reddit, 4000)]
    asked = list(lines(data / "clinc150" / "train.jsonl"))
    found += [(row["text"], "en") for row in some(random.Random(4), asked, 3000)]
    for language in ("de", "en"):
        with (data / "brighter_emotion" / f"train_{language}.csv").open(encoding="utf-8") as file:
            found += [(row["text"][:200], language) for row in csv.DictReader(file)]
    texts, labels = zip(*found, strict=True)
    return list(texts), list(labels)


def _own_mood(reason: str) -> Fields:
    if reason == "anger":
        return {"anger": 2.0, "joy": 0.0}
    if reason == "distress":
        return {"sadness": 2.0, "joy": 0.0}
    if reason == "none":
        return {"anger": 0.0, "fear": 0.0, "sadness": 0.0}
    if reason in ("data_protection", "revocation", "request"):
        return {"sadness": 0.0, "joy": 0.0, "fear": 0.0}
    return {"joy": 0.0}


def _wish(intent: str) -> bool:
    return any(
        word in intent for word in ("call", "human", "person", "agent", "contact", "bad", "angry", "sad")
    )


def _trouble(intent: str) -> bool:
    words = (
        "lost",
        "stolen",
        "compromised",
        "fraud",
        "not_recognised",
        "terminate",
        "unrecognised",
        "cash_withdrawal_not",
    )
    return any(word in intent for word in words)


def some(draw: random.Random, texts: list[Any], most: int) -> list[Any]:
    """Draw at most so many, without changing the order of chance by what else is there."""
    return draw.sample(texts, min(most, len(texts)))


def lines(path: Path) -> Iterator[Fields]:
    """Read JSON Lines, plain or gzipped; a file that is not there has none."""
    if not path.exists():
        return
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)
