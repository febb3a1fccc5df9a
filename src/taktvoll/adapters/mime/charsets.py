"""Bytes into text, whatever charset a mail claims.

I decide whom to believe: bytes that are valid UTF-8 are UTF-8, whatever the label; else the label, else Windows-1252.
The headers and the bodies call me. I never fail and never leave a replacement character where a letter can be told.
"""

import codecs
import re

_WESTERN = frozenset({"ascii", "cp1252", "iso8859-1", "latin-1", ""})
_NOT_TEXT = frozenset(
    "idna punycode undefined unicode-escape raw-unicode-escape mbcs oem rot-13 hex base64 bz2 zlib uu quopri".split()
)
_SHIFTED = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
_FALLBACK = "taktvoll-cp1252"
_TWICE = re.compile(r"Ã[\u0080-\u00bf¤¶¼Ÿ„–œ©¨]|â€[“”žœ™¦]")
_UMLAUT = re.compile(r"[äöüÄÖÜß]")
NAME_CHARS_MAX = 40
_HALVES = re.compile("[\ud800-\udfff]")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace").replace("\ufffd", ""), error.end


codecs.register_error(_FALLBACK, _as_cp1252)


def decoded(raw: bytes, declared: str) -> tuple[str, str]:
    """Turn bytes into text.

    Takes:  the bytes and the name of the charset as the mail gives it, "" for none.
    Gives:  the text and the code of a problem, "" for none: unknown_charset, wrong_charset.
    """
    name = _codec(declared)
    problem = "unknown_charset" if name is None and declared.strip() else ""
    name = name or ""
    if name.startswith(_SHIFTED):
        return _strict(raw, name) or _western(raw, "wrong_charset")
    if raw.isascii():
        return raw.decode("ascii"), problem
    if name == "utf-8" or name in _WESTERN:
        return _western(raw, problem, claimed=name)
    return _strict(raw, name) or _western(raw, "wrong_charset")


def _codec(declared: str) -> str | None:
    """Give Python's name of a charset; nothing for one that does not exist or is no charset."""
    name = declared.strip().strip("\"'").lower()[:NAME_CHARS_MAX]
    if not name.isascii() or "\0" in name:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return None
    return None if found.replace("_", "-") in _NOT_TEXT else found


def _strict(raw: bytes, name: str) -> tuple[str, str] | None:
    try:
        return _HALVES.sub(
            "\ufffd", raw.decode(name)
        ), ""  # UTF-7 lets halves of a pair through; nothing stores them
    except (UnicodeError, LookupError):
        return None


def _western(raw: bytes, problem: str, *, claimed: str = "") -> tuple[str, str]:
    """Read UTF-8 and, wherever the bytes are none, Windows-1252."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", _FALLBACK)
        return text, problem or ("wrong_charset" if claimed in ("utf-8", "ascii") else "")
    repaired = _untwisted(text)
    if repaired != text:
        return repaired, problem or "wrong_charset"
    return text, problem or ("wrong_charset" if claimed in ("cp1252", "iso8859-1", "ascii") else "")


def _untwisted(text: str) -> str:
    """Undo UTF-8 that somebody took for Windows-1252 and encoded once more ("fÃ¼r")."""
    if not _TWICE.search(text) or _UMLAUT.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
