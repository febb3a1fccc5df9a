"""Bytes into text: UTF-8 with or without BOM, UTF-16, Windows-1252; anything else is refused.

I decide which encoding a file has and whether it is text at all. The readers of the single file types call me.
I never repair: damaged UTF-8 is refused rather than shown to a customer with broken umlauts.
"""

import codecs
import re

from taktvoll.adapters.documents.terms import Unusable

HEAD_BYTES = 64 * 1024
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f"))
_UTF8_PAIR = re.compile(rb"[\xc3\xc2\xe2][\x80-\xbf]")
UNREADABLE_BINARY = "This is not a text file. Save it as UTF-8 text."
_DAMAGED = "The text is neither UTF-8 nor Windows-1252. Save it as UTF-8."


def decode(raw: bytes) -> str:
    """Turn a file's bytes into text.

    Raises: Unusable("import.encoding") for binary content and damaged text.
    """
    wide = wide_encoding(raw)
    if wide:
        return _decode_wide(raw, wide)
    if is_binary(raw[:HEAD_BYTES]):
        raise Unusable("import.encoding", UNREADABLE_BINARY)
    return decode_narrow(raw)


def decode_narrow(raw: bytes) -> str:
    """Turn bytes of a one-byte-per-letter encoding into text: UTF-8 first, then Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _UTF8_PAIR.search(raw):
        raise Unusable("import.encoding", _DAMAGED)
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        raise Unusable("import.encoding", _DAMAGED) from None


def wide_encoding(raw: bytes) -> str | None:
    """Name the UTF-16 variant these bytes are written in, by BOM or by where the zero bytes stand."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = raw[:HEAD_BYTES]
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None


def is_binary(head: bytes) -> bool:
    """Say whether more than a stray few of these bytes are control characters."""
    return len(head) - len(head.translate(None, _CONTROLS)) > 3 + len(head) // 20


def _decode_wide(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise Unusable("import.encoding", "The text is damaged UTF-16. Save it as UTF-8.") from None
    if sum(c < " " and c not in "\t\n\r\f" for c in text[:HEAD_BYTES]) > 3 + len(text) // 20:
        raise Unusable("import.encoding", UNREADABLE_BINARY)
    return text
