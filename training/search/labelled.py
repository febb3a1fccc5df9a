"""Questions with what settles them, to learn from and to measure on: which entries, or that none does.

I decide what counts as right and what may be learned from. fit.py calls me.
I never give out what a final figure is measured on for learning: `learning()` and `measuring()` share no question.
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "encoder"))

from corpus import SAMPLE, TRAINING, bases, entries_of, lines

from taktvoll.domain.knowledge.terms import Passage

# Bases whose questions are nobody's own words, or whose answers were never written: not what customers ask.
LEFT_OUT = ("evcc", "tutorials", "laws")
# A question asked again with its entries hidden, so that nothing settles it: the hardest kind there is.
HIDDEN_EVERY = 4
# So many entries of the energy product's FAQ stand in the same order in both languages.
EVCC_ALIGNED = 23


@dataclass(frozen=True)
class Asked:
    """A question, the ids of the entries that settle it (none: unanswerable) and entries to hide while it is asked.

    `refuting` are entries that say that what a question takes for granted is not so.
    """

    text: str
    language: str
    right: frozenset[str]
    hidden: frozenset[str] = frozenset()
    kind: str = "covered"
    refuting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Labelled:
    """Passages and questions about them."""

    name: str
    passages: tuple[Passage, ...]
    asked: tuple[Asked, ...]


def learning(data: Path) -> list[Labelled]:
    """Give the sets to learn from. Takes: data: the folder of public data sets."""
    found = [_written(path.stem, data) for path in sorted((TRAINING / "pairs").glob("*.jsonl"))]
    return [f for f in found if f.name not in LEFT_OUT] + [_bot(data)]


def measuring(data: Path) -> list[Labelled]:
    """Give the sets that are only measured on."""
    help_centre = tuple(
        _passage(e["id"], "de", e["question"], e["answer"], e["section"])
        for e in lines(data / "cwa_faq/faq_de.jsonl")
    )
    asked = [
        Asked(m["text"], "de", frozenset(m["expect"].get("sources", ())), kind=m.get("kind", "covered"))
        for name in ("kb_questions", "kb_not_covered")
        for m in lines(data / f"german_messages/{name}.jsonl")
    ]
    english = [
        Asked(e["question"], "en", frozenset({e["id"]})) for e in lines(data / "cwa_faq/faq_en_half.jsonl")
    ]
    return [
        Labelled("help centre", help_centre, tuple(asked)),
        Labelled("help centre, asked in English", help_centre, tuple(english)),
        _sample(),
        _pairs(data),
    ]


def across_languages(data: Path) -> list[Labelled]:
    """Give English questions about German entries."""
    german = tuple(
        _passage(e["id"], "de", e["question"], e["answer"], e["section"], e["title"])
        for e in lines(SAMPLE / "hilfe_de.jsonl")
    )
    known = {p.id for p in german}
    sample = [
        Asked(e["question"], "en", frozenset({e["id"]}))
        for e in lines(SAMPLE / "help_en.jsonl")
        if e["id"] in known
    ]
    evcc = lines(data / "evcc_docs/faq_de_en.jsonl")
    own = [e for e in evcc if e["lang"] == "de"]
    other = [e for e in evcc if e["lang"] == "en"][:EVCC_ALIGNED]
    pages = tuple(_passage(str(i), "de", e["question"], e["answer"], e["section"]) for i, e in enumerate(own))
    asked = [Asked(e["question"], "en", frozenset({str(i)})) for i, e in enumerate(other)]
    return [
        Labelled("sample, in English", german, tuple(sample)),
        Labelled("evcc, in English", pages, tuple(asked)),
    ]


def _written(name: str, data: Path) -> Labelled:
    passages = tuple(_passage(e.id, "de", e.question, e.text, e.section) for e in entries_of(name, data))
    asked = [
        Asked(
            m["text"],
            "en" if m["style"] == "english" else "de",
            frozenset(m["right"]),
            kind=m["kind"],
            refuting=frozenset(m.get("refuted_by", ())),
        )
        for m in lines(TRAINING / "pairs" / f"{name}.jsonl")
    ]
    return Labelled(name, passages, tuple(_with_hidden(asked, sorted(p.id for p in passages))))


def _with_hidden(asked: list[Asked], ids: list[str]) -> Iterator[Asked]:
    """Ask each question, some again with their entries hidden, and some of a company that has hardly any entries."""
    chance = random.Random(7)
    for number, question in enumerate(asked):
        yield question
        text, language, right = question.text, question.language, question.right
        if not right or number % HIDDEN_EVERY > 1:
            continue
        if number % HIDDEN_EVERY == 0:
            yield Asked(text, language, frozenset(), right, "hidden")
            continue
        few = frozenset(chance.sample(ids, chance.randint(1, 5)))
        if chance.random() < 0.5:
            yield Asked(text, language, right, frozenset(ids) - few - right, "few")
        else:
            yield Asked(text, language, frozenset(), frozenset(ids) - (few - right), "hidden")


def _bot(data: Path) -> Labelled:
    base = next(b for b in bases(data, set()) if b.name == "bot")
    passages = tuple(_passage(e.id, "de", e.question, e.text) for e in base.entries)
    asked = [
        Asked(a.text, "de", frozenset(base.entries[r].id for r in a.right)) for a in base.asked if a.right
    ]
    return Labelled("bot", passages, tuple(asked))


def _sample() -> Labelled:
    passages = tuple(
        _passage(e["id"], e["language"], e["question"], e["answer"], e["section"], e["title"])
        for name in ("hilfe_de", "help_en")
        for e in lines(SAMPLE / f"{name}.jsonl")
    )
    asked = tuple(
        Asked(
            m["text"],
            "en" if "_en_" in m["id"] else "de",
            frozenset(m["expect"].get("sources", ())),
            kind="covered" if m["expect"].get("sources") else "near",
        )
        for m in lines(SAMPLE / "questions_dev.jsonl")
    )
    return Labelled("sample company", passages, asked)


def _pairs(data: Path) -> Labelled:
    pairs = lines(data / "faq_question_pairs/pairs_de.jsonl")
    official = sorted({p["faq_question"] for p in pairs})
    same: dict[str, set[str]] = {}
    for p in pairs:
        if p["similar"]:
            same.setdefault(p["user_question"], set()).add(str(official.index(p["faq_question"])))
    passages = tuple(_passage(str(i), "de", q, q) for i, q in enumerate(official))
    return Labelled(
        "FAQ pairs", passages, tuple(Asked(t, "de", frozenset(r)) for t, r in sorted(same.items()))
    )


def _passage(
    name: str, language: str, question: str, text: str, section: str = "", title: str | None = None
) -> Passage:
    return Passage(
        id=name, collection="c", language=language, title=title or question, question=question, section=section,
        text=text or question, source="s",
    )  # fmt: skip


def written(path: Path, value: Any) -> None:
    """Write JSON as people read it."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
