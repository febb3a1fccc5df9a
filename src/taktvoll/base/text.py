"""Text as it enters: Unicode NFC, no control characters, counted limits.

I decide what counts as readable text. Channels, importers and doors call me. I never translate or guess.
"""

import re
import unicodedata

from taktvoll.base.errors import Refused
from taktvoll.base.limits import MESSAGE_CHARS_MAX

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]")
"""Control characters but newline and tab, direction overrides, replacement characters, lone surrogates."""


def clean(text: str) -> str:
    """Bring text to NFC, unify line ends, drop control and direction-override characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNREADABLE.sub("", unified)).strip()


def storable(text: str) -> str:
    """Drop what no database can hold, NUL and lone surrogates, and change nothing else: spaces at the end stay."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def clean_message(text: str) -> str:
    """Clean what a customer or an agent wrote and hold it to the limit.

    Raises: Refused("message.empty"), Refused("message.too_long"), Refused("message.unreadable") for binary input.
    """
    if len(text) > MESSAGE_CHARS_MAX * 2:
        raise Refused("message.too_long", limit=MESSAGE_CHARS_MAX)
    dropped = len(_UNREADABLE.findall(text.replace("\r", "")))
    cleaned = clean(text)
    if dropped > 3 + len(text) // 20:
        raise Refused("message.unreadable")
    if not cleaned:
        raise Refused("message.empty")
    if len(cleaned) > MESSAGE_CHARS_MAX:
        raise Refused("message.too_long", limit=MESSAGE_CHARS_MAX)
    return cleaned
