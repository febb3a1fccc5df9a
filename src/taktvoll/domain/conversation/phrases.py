"""What a phrase is that shows a need beyond doubt, and how phrases are looked for.

I decide how a phrase counts: its words stand there and nothing that turns its meaning. The files of needs, one a
subject, give me their phrases; the understanding adapter calls me. I never weigh one need against another: models do.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from taktvoll.domain.conversation.concepts import folded
from taktvoll.domain.conversation.terms import HandoverReason

VERSION = "phrases-2"
WORDS_CHARS_MAX = 120
_SPACES = re.compile(r"[\s„“”\"()]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that shows a need; `unless` are words that turn its meaning within the same sentence.

    Patterns are read on folded text: lower case, ae for ä, one space between words.
    """

    name: str
    reason: HandoverReason
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase that was found, with the customer's words."""

    phrase: Phrase
    words: str


def phrase(name: str, reason: HandoverReason, says: str, unless: str = "") -> Phrase:
    """Make a phrase from its patterns."""
    return Phrase(name, reason, re.compile(says), re.compile(unless) if unless else None)


def said(text: str, phrases: Iterable[Phrase]) -> list[Said]:
    """Find the phrases that a message says, in their order; each counts once."""
    plain = _SPACES.sub(" ", folded(text))
    found = []
    for one in phrases:
        for match in one.says.finditer(plain):
            if one.unless is None or not one.unless.search(_sentence(plain, match.start(), match.end())):
                found.append(Said(one, match.group().strip()[:WORDS_CHARS_MAX]))
                break
    return found


def _sentence(plain: str, start: int, end: int) -> str:
    """Give the sentence around a place, its end mark included."""
    begins = max(plain.rfind(mark, 0, start) for mark in ".!?\n") + 1
    ends = min((at for mark in ".!?\n" if (at := plain.find(mark, end)) >= 0), default=len(plain) - 1)
    return plain[begins : ends + 1]
