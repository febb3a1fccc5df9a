"""What a person wrote beside what the assistant would have written.

I decide whether a suggestion was accepted, edited or rejected, and how alike two answers are. The flows that collect
evidence and report on shadow mode call me. I never judge who was right: in doubt the suggestion was wrong.
"""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

from taktvoll.domain.autonomy.terms import Verdict
from taktvoll.domain.governance.rules.facts import facts_in

EDITED_FROM = 0.75
SIMILAR_FROM = 0.5
AROUND_WORDS_MAX = 40
"""So many words of greeting and closing may stand around a suggestion; more is an answer of its own."""
_WORD = re.compile(r"\w+")
_DENIALS = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|kein\w*|ohne|weder|sondern|falsch\w*|no|not|never|none|cannot|without|wrong)\b|n['’]t\b"
)
_FRIENDLY = re.compile(
    r"\b(?:keine? (?:problem|ursache|sorge)|zögern sie (?:bitte )?nicht|no (?:problem|worries)"
    r"|(?:do not|don['’]t) (?:hesitate|worry))\b"
)
"""What denies nothing, though it says so."""


class Use(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    REWORDED = "reworded"
    EDITED = "edited"
    REJECTED = "rejected"


def use_of(suggestion: str, reply: str) -> Use:
    """Say what a person made of a suggestion.

    Gives:  accepted: all of its words in a row, a greeting around them allowed; reworded: nearly the same words;
            edited: one of both, but with other numbers, dates or links, denied where the suggestion does not deny, or
            much said around it; rejected: anything else.
    """
    ours, theirs = _words(suggestion), _words(reply)
    whole = bool(ours) and f" {' '.join(ours)} " in f" {' '.join(theirs)} "
    if not whole and alike(suggestion, reply) < EDITED_FROM:
        return Use.REJECTED
    says_else = facts_in(suggestion) != facts_in(reply) or _denials(suggestion) != _denials(reply)
    if says_else or (whole and len(theirs) - len(ours) > AROUND_WORDS_MAX):
        return Use.EDITED
    return Use.ACCEPTED if whole else Use.REWORDED


def verdict_on(use: Use) -> Verdict:
    """What a use says about the suggestion: in doubt it was wrong, so that no doubt helps a topic to autopilot."""
    return Verdict.RIGHT if use in (Use.ACCEPTED, Use.REWORDED) else Verdict.WRONG


def alike(one: str, other: str) -> float:
    """How much of their words and word pairs two texts share.

    Gives:  0.0–1.0; 1.0 for equal texts.
    Source: Dice 1945, over words and pairs of neighbours.
    """
    a, b = _grams(one), _grams(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def nearest(reply: str, texts: Mapping[str, str]) -> str | None:
    """The name of the text that a reply most resembles; None if it resembles none."""
    best = max(texts, key=lambda name: alike(reply, texts[name]), default=None)
    return best if best is not None and alike(reply, texts[best]) > 0 else None


def _denials(text: str) -> Counter[str]:
    """The words that turn a statement into its opposite: one more or one fewer makes it another answer."""
    return Counter(_DENIALS.findall(_FRIENDLY.sub("", text.casefold())))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _words(text)
    return Counter([*((w,) for w in words), *pairwise(words)])
