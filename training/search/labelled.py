"""Labelled questions for learning and for measuring: which entries settle a question, or that none does.

I decide what counts as right. fit.py and quality.py call me.
I never give out what a final figure is measured on for learning: `learning()` and `measuring()` share no question.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from taktvoll.domain.knowledge.terms import Passage

SAMPLE = Path(__file__).resolve().parents[2] / "src/taktvoll/samples/stadtwerke_auental"


@dataclass(frozen=True)
class Asked:
    """A question, the ids of the entries that settle it (none: unanswerable) and entries to hide while it is asked."""

    text: str
    language: str
    right: frozenset[str]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Labelled:
    """Passages and questions about them; `weight` says how much the set counts in learning."""

    name: str
    weight: float
    passages: tuple[Passage, ...]
    asked: tuple[Asked, ...]


def learning(data: Path) -> list[Labelled]:
    """Give the sets to learn from. Takes: data: the folder of public data sets."""
    return [_auental(), _bot(data), _pairs(data), _tax(data), _evcc(data)]


def measuring(data: Path) -> list[Labelled]:
    """Give the sets that are only measured on."""
    entries = _lines(data / "cwa_faq/faq_de.jsonl")
    asked = [
        Asked(m["text"], "de", frozenset(m["expect"].get("sources", ())))
        for name in ("kb_questions", "kb_not_covered")
        for m in _lines(data / f"german_messages/{name}.jsonl")
    ]
    passages = [_passage(e["id"], "de", e["question"], e["answer"], e["section"]) for e in entries]
    english = [
        Asked(e["question"], "en", frozenset({e["id"]})) for e in _lines(data / "cwa_faq/faq_en_half.jsonl")
    ]
    return [
        Labelled("cwa", 1, tuple(passages), tuple(asked)),
        Labelled("cwa, asked in English", 1, tuple(passages), tuple(english)),
    ]


def _auental() -> Labelled:
    passages = [
        _passage(e["id"], e["language"], e["question"], e["answer"], e["section"], e["title"])
        for name in ("hilfe_de", "help_en")
        for e in _lines(SAMPLE / f"{name}.jsonl")
    ]
    asked = []
    for m in _lines(SAMPLE / "questions_dev.jsonl"):
        language = "en" if "_en_" in m["id"] else "de"
        asked.append(Asked(m["text"], language, frozenset(m["expect"].get("sources", ()))))
    return Labelled("auental", 4, tuple(passages), tuple(_with_hidden(asked, 2)))


def _bot(data: Path) -> Labelled:
    chance = random.Random(5)
    answers = {
        e["answer_id"].removeprefix("utter_"): e["texts"][0]
        for e in _lines(data / "german_faq_bot/answers_de.jsonl")
    }
    utterances: dict[str, list[tuple[str, str]]] = {}
    for language in ("de", "en"):
        for e in _lines(data / f"german_faq_bot/intents_train_{language}.jsonl"):
            if e["intent"] in answers:
                utterances.setdefault(e["intent"], []).append((language, e["text"]))
    passages, asked = [], []
    for intent, said in sorted(utterances.items()):
        german = [text for language, text in said if language == "de"]
        if not german:
            continue
        chance.shuffle(german)
        passages.append(_passage(intent, "de", german[0], answers[intent]))
        asked += [Asked(text, "de", frozenset({intent})) for text in german[1:4]]
        english = [text for language, text in said if language == "en"]
        asked += [Asked(text, "en", frozenset({intent})) for text in english[:1]]
    return Labelled("bot", 1, tuple(passages), tuple(_with_hidden(asked, 2)))


def _pairs(data: Path) -> Labelled:
    pairs = _lines(data / "faq_question_pairs/pairs_de.jsonl")
    official = sorted({p["faq_question"] for p in pairs})
    same: dict[str, set[str]] = {}
    for p in pairs:
        if p["similar"]:
            same.setdefault(p["user_question"], set()).add(str(official.index(p["faq_question"])))
    passages = [_passage(str(i), "de", q, q) for i, q in enumerate(official)]
    asked = [Asked(text, "de", frozenset(right)) for text, right in sorted(same.items())]
    return Labelled("pairs", 0.5, tuple(passages), tuple(_with_hidden(asked, 2)))


def _tax(data: Path) -> Labelled:
    entries = _lines(data / "german_tax_help/faq_de.jsonl")
    passages = [_passage(e["id"], "de", e["question"], e["answer"], e["section"]) for e in entries]
    asked = [Asked(e["question"], "de", frozenset(), frozenset({e["id"]})) for e in entries]
    return Labelled("tax, own entry hidden", 0.5, tuple(passages), tuple(asked))


def _evcc(data: Path) -> Labelled:
    entries = _lines(data / "evcc_docs/faq_de_en.jsonl")
    passages = [
        _passage(f"{e['lang']}{i}", e["lang"], e["question"], e["answer"], e["section"])
        for i, e in enumerate(entries)
    ]
    asked = [
        Asked(p.question or "", p.language, frozenset({p.id}))
        for p in passages
        if len((p.question or "").split()) > 2
    ]
    return Labelled("evcc, own words", 0.25, tuple(passages), tuple(asked))


def _with_hidden(asked: list[Asked], every: int) -> Iterator[Asked]:
    """Ask each question, and each second one again with its entries hidden, so that nothing settles it."""
    for number, question in enumerate(asked):
        yield question
        if question.right and number % every == 0:
            yield Asked(question.text, question.language, frozenset(), question.right)


def _passage(
    name: str, language: str, question: str, text: str, section: str = "", title: str | None = None
) -> Passage:
    return Passage(
        id=name, collection="c", language=language, title=title or question, question=question, section=section,
        text=text, source="s",
    )  # fmt: skip


def _lines(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
