"""What a question takes for granted, and which sentences deny or limit something: where the two meet, a premise may be
false.

I decide by German words alone. Building asks me about sentences, the search about questions. I never judge a candidate.
"""

import re
from typing import NamedTuple

# Particles that call what is said known: "die Karte kostet ja acht Euro", "das ging doch".
_GRANTED = re.compile(r"(?<=[\w,] )(?:ja|doch)\b", re.IGNORECASE)
# Who asks where or which means that there is one: "wo ist das Formular", "welche Frist gilt".
_SOUGHT = re.compile(r"\b(?:wo|wohin|woher|an wen|welche[mnrs]?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

DENYING = frozenset(
    """
    nicht kein keine keinem keinen keiner keines nie niemals nichts niemand weder nein unmoglich ausgeschlossen
    entfallt abgeschafft verboten kostenlos kostenlose kostenloser kostenlosen kostenfrei kostenfreie gratis frei
    befreit ohne nur erst ausschliesslich hochstens allein automatisch selbst
    """.split()
)
"""Folded words that deny or limit. What costs nothing or happens by itself denies that someone pays or does it."""


class Premise(NamedTuple):
    """What a question takes for granted: whether a particle says so, whether it seeks something that there must be."""

    granted: bool
    sought: bool


def premise(question: str) -> Premise:
    """Hear what a question takes for granted."""
    return Premise(_GRANTED.search(question) is not None, _SOUGHT.search(question) is not None)


def sentences(text: str) -> list[str]:
    """Cut a text at the ends of its sentences; an abbreviation cuts too, which does no harm."""
    return _SENTENCE.split(text)
