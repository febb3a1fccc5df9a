"""Ids made from words: readable, stable, plain ASCII.

I decide how a heading, a question or a path becomes an id. Intake and the page reader call me.
I never count or look at other ids; keeping them apart is my callers' matter.
"""

import hashlib
import re
import unicodedata

_SLUG_CHARS_MAX = 80
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_GAP = re.compile(r"[^a-z0-9]+")


def slug(words: str) -> str:
    """Write words as lower-case ASCII with hyphens; what would be cut or lost is kept apart by a short hash."""
    plain = unicodedata.normalize("NFC", words).lower().translate(_GERMAN)
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    whole = _GAP.sub("-", folded).strip("-")
    if whole and len(whole) <= _SLUG_CHARS_MAX:
        return whole
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{whole[:_SLUG_CHARS_MAX].rstrip('-')}-{digest}".strip("-")


def path_slug(parts: tuple[str, ...]) -> str:
    """Write a path's parts as slugs joined by slashes."""
    return "/".join(slug(part) for part in parts)
