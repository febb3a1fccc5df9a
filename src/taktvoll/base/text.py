"""Text as it enters: Unicode NFC, no control characters, counted limits.

I decide what counts as readable text. Channels, importers and doors call me. I never translate or guess.
"""

import unicodedata

from taktvoll.base.errors import Refused
from taktvoll.base.limits import MESSAGE_CHARS_MAX

_KEPT_CONTROLS = "\n\t"
_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def clean(text: str) -> str:
    """Bring text to NFC, unify line ends, drop control and direction-override characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in unified if _readable(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def clean_message(text: str) -> str:
    """Clean what a customer or an agent wrote and hold it to the limit.

    Raises: Refused("message.empty"), Refused("message.too_long"), Refused("message.unreadable") for binary input.
    """
    if len(text) > MESSAGE_CHARS_MAX * 2:
        raise Refused("message.too_long", limit=MESSAGE_CHARS_MAX)
    dropped = sum(not _readable(c) and c != "\r" for c in text)
    cleaned = clean(text)
    if dropped > 3 + len(text) // 20:
        raise Refused("message.unreadable")
    if not cleaned:
        raise Refused("message.empty")
    if len(cleaned) > MESSAGE_CHARS_MAX:
        raise Refused("message.too_long", limit=MESSAGE_CHARS_MAX)
    return cleaned


def _readable(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    if character in _BIDI or "\ud800" <= character <= "\udfff" or character == "\ufffd":
        return False
    return unicodedata.category(character) not in ("Cc", "Cs")
