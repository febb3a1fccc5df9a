"""Which language a text is in: what its author said, what the file is called, or what its words show.

I decide how a language is written (BCP 47, without a region that says nothing) and tell German from English.
Intake and the reader call me. I never translate and never guess a third language.
"""

import re

_NAMES = {
    "deutsch": "de", "german": "de", "deu": "de", "ger": "de",
    "englisch": "en", "english": "en", "eng": "en",
    "französisch": "fr", "french": "fr", "italienisch": "it", "italian": "it",
    "spanisch": "es", "spanish": "es", "türkisch": "tr", "turkish": "tr",
}  # fmt: skip
_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_][a-z0-9]{4,8})*", re.IGNORECASE
)
_UNTOLD_REGIONS = {("de", "DE"), ("en", "US"), ("en", "GB")}
_SUFFIX = re.compile(r"[._-](de|en)(?:[-_](?:DE|US|GB))?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "und",
        "oder",
        "aber",
        "nicht",
        "kein",
        "keine",
        "ist",
        "sind",
        "war",
        "wird",
        "werden",
        "wurde",
        "kann",
        "können",
        "muss",
        "müssen",
        "soll",
        "haben",
        "hat",
        "ich",
        "du",
        "sie",
        "wir",
        "ihr",
        "mein",
        "meine",
        "mich",
        "mir",
        "ihre",
        "ihren",
        "ihnen",
        "sich",
        "es",
        "zu",
        "zum",
        "zur",
        "mit",
        "von",
        "vom",
        "für",
        "auf",
        "aus",
        "bei",
        "beim",
        "im",
        "am",
        "an",
        "nach",
        "über",
        "unter",
        "um",
        "durch",
        "wie",
        "wo",
        "wann",
        "warum",
        "wer",
        "welche",
        "welcher",
        "wenn",
        "dass",
        "auch",
        "noch",
        "nur",
        "bitte",
        "man",
        "als",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "a",
        "of",
        "and",
        "or",
        "but",
        "not",
        "no",
        "is",
        "are",
        "be",
        "been",
        "can",
        "could",
        "must",
        "should",
        "have",
        "has",
        "had",
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "it",
        "its",
        "my",
        "your",
        "our",
        "their",
        "me",
        "us",
        "to",
        "with",
        "from",
        "for",
        "on",
        "at",
        "by",
        "this",
        "that",
        "these",
        "those",
        "how",
        "what",
        "when",
        "where",
        "why",
        "who",
        "which",
        "if",
        "do",
        "does",
        "did",
        "there",
        "then",
        "than",
        "please",
        "into",
        "about",
        "as",
    ]
)
_EVIDENCE_MIN = 2
_SAMPLE_CHARS = 4_000


def language_tag(said: str) -> str | None:
    """Write a stated language as BCP 47 ("Deutsch", "de_DE", "DE" → "de"; "de-at" → "de-AT"); None if it is none."""
    told = said.strip()
    named = _NAMES.get(told.casefold())
    if named:
        return named
    match = _TAG.fullmatch(told)
    if not match:
        return None
    primary, script, region = match[1].lower(), match[2], (match[3] or "").upper()
    parts = [primary]
    if script:
        parts.append(script.title())
    if region and (primary, region) not in _UNTOLD_REGIONS:
        parts.append(region)
    return "-".join(parts)


def split_language(stem: str) -> tuple[str, str | None]:
    """Part a file's name from the language at its end: "faq_de" → ("faq", "de"), "faq" → ("faq", None)."""
    match = _SUFFIX.search(stem)
    if not match or not match.start():
        return stem, None
    return stem[: match.start()], match[1].lower()


def detect(text: str) -> str | None:
    """Tell German from English by counting small words; None where they do not decide."""
    words = _WORD.findall(text[:_SAMPLE_CHARS].lower())
    german, english = sum(w in _GERMAN for w in words), sum(w in _ENGLISH for w in words)
    if max(german, english) < _EVIDENCE_MIN or german == english:
        return None
    return "de" if german > english else "en"
