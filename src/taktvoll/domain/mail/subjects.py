"""A subject without the words that mail programs put before it, and whether they say reply or forward.

I decide which words are such. Threading, the automatic-mail rules and the command line call me.
I never change the rest of a subject.
"""

import re
from dataclasses import dataclass

_REPLY = r"re|aw|antw(?:ort)?|sv|vs|odp|r[ée]f|rv|ynt|bls|rif|res|antwort von"
_FORWARD = r"wg|fw|fwd|tr|vb|vl|doorst|i|enc|pd|wtr|weitergeleitet"
_PREFIX = re.compile(
    rf"^\s*(?:(?P<word>{_REPLY}|{_FORWARD})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}}|\d{{1,3}})?\s*[:：]"
    r"|\[(?:ext(?:ern(?:al|e)?)?|external(?: e?-?mail)?|extern(?:e e-?mail)?|spam\??|verd(?:acht|ächtig)[^\]]{0,20}|"
    r"signed ok|verschl(?:ü|ue)sselt|encrypted|fwd|fw|wg)\]\s*:?"
    r"|(?:ext(?:ern)?|\*+\s*spam\s*\*+)\s*:|\*{3,}\s*spam\s*\*{3,})\s*",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s*\((?:fwd|wg|was: [^)]{0,100})\)\s*$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_PREFIXES_MAX = 40


@dataclass(frozen=True, slots=True)
class Subject:
    """What a subject says. `base` is what is compared: without prefixes, single spaces, as written otherwise."""

    base: str
    is_reply: bool
    is_forward: bool

    @property
    def key(self) -> str:
        """The base as it is compared: case does not count."""
        return self.base.casefold()


def subject_of(text: str) -> Subject:
    """Strip a subject of its prefixes.

    Gives:  the base; a forward if the outermost prefix says so ("WG: AW: …" is one, "AW: WG: …" a reply).
    """
    rest, first = _SPACES.sub(" ", text).strip(), ""
    for _ in range(_PREFIXES_MAX):
        match = _PREFIX.match(rest)
        if match is None:
            break
        first = first or (match["word"] or "").casefold()
        rest = rest[match.end() :]
    forward = bool(first) and re.fullmatch(_FORWARD, first) is not None
    bare = _TRAILING.sub("", rest)
    return Subject(bare.strip() or rest.strip(), bool(first) and not forward, forward or bare != rest)
