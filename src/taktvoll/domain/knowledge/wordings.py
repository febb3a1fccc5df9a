"""Further wordings of an entry: the questions of customers who confirmed that it settles them.

I decide which question is worth proposing, which is known already, and what of it an editor gets to see. The flows
propose_wording and approve_wording and the importers' flow call me. I never approve anything.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from taktvoll.base.ids import ConversationId, WordingId
from taktvoll.base.limits import WORDING_CHARS_MAX, WORDINGS_MAX
from taktvoll.domain.knowledge.synonyms import words_of
from taktvoll.domain.knowledge.terms import Passage, PassageKey

PROPOSED_CHARS_MAX = 2 * WORDING_CHARS_MAX
PROPOSED_WORDS_MIN = 2
ALIKE_SHARE = 0.85
MASK = "…"


class Why(StrEnum):
    """What showed that an entry settles a question."""

    CHOSEN = "chosen"
    HELPED = "helped"
    SENT = "sent"


class Standing(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A customer's question that may become a wording of an entry.

    `text` is the customer's own, read from the message it stands in, so that erasing the message erases it here too.
    `confirmed` counts how often this or a nearly equal question was confirmed.
    """

    id: WordingId
    key: PassageKey
    conversation: ConversationId
    seq: int
    why: Why
    at: datetime
    text: str
    confirmed: int = 1
    standing: Standing = Standing.OPEN


def worth_proposing(text: str) -> bool:
    """Whether a question is short enough to stand for itself and says enough to be recognised by."""
    return len(text) <= PROPOSED_CHARS_MAX and len(words_of(text)) >= PROPOSED_WORDS_MIN


def known_to(passage: Passage, text: str) -> bool:
    """Whether an entry says this question already: as its own, as its title or as a wording."""
    said = filter(None, (passage.question, passage.title, *passage.wordings))
    return any(alike(text, own) for own in said)


def alike(one: str, other: str) -> bool:
    """Whether two questions are nearly the same words, whatever their order, endings and punctuation.

    Source: Jaccard 1901, over words without their endings.
    """
    left, right = set(words_of(one)), set(words_of(other))
    shared = sum(any(forms & others for others in right) for forms in left)
    return shared > 0 and shared >= ALIKE_SHARE * (len(left) + len(right) - shared)


def first_alike(text: str, proposals: Iterable[Proposal]) -> Proposal | None:
    """The proposal that says nearly the same."""
    return next((p for p in proposals if alike(text, p.text)), None)


def with_wordings(passage: Passage, texts: Sequence[str]) -> Passage:
    """Give an entry further wordings, each once and none that it says already, up to the limit."""
    for text in texts:
        if len(passage.wordings) < WORDINGS_MAX and not known_to(passage, text):
            passage = replace(passage, wordings=(*passage.wordings, text))
    return passage


def masked(text: str) -> str:
    """Put "…" in the place of what names a person: greeting and closing, names, addresses, numbers.

    A first help for the editor, who reads what is left; not a promise that nothing personal is left.
    """
    text = _GREETING.sub("", _CLOSING.sub("", text))
    for pattern in (*_CONTACTS, _NUMBERED, _NUMBER):
        text = pattern.sub(MASK, text)
    text = _NAMED.sub(lambda found: f"{found[1]} {MASK}", text)
    return " ".join(text.split()).strip(" ,;–-")


def without_contacts(text: str) -> str:
    """Put "…" in the place of e-mail addresses, bank accounts and long numbers, whoever wrote them."""
    for pattern in _CONTACTS:
        text = pattern.sub(MASK, text)
    return " ".join(text.split())


_CONTACTS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\b[A-Za-z]{2}\d{2}(?:\s?\d{2,4}){3,8}\b|\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b"),
    re.compile(r"(?<!\w)\+?\d(?:[\s/().-]{0,2}\d){6,}(?!\w)"),
)
_NUMBERED = re.compile(r"\b(?=\w*\d{4})\w{5,}\b")
_NUMBER = re.compile(r"\b(?!(?:19|20)\d\d\b(?![./-]))[A-Za-z]{0,4}-?\d[\d./-]{3,}\b")
_NAME = r"(?:[A-ZÄÖÜ][\w'’-]+)(?:\s+(?:von|van|de|zu)?\s?[A-ZÄÖÜ][\w'’-]+){0,2}"
_NAMED = re.compile(
    r"\b((?i:mein\s+name\s+ist|ich\s+hei(?:ß|ss)e|ich\s+bin(?:\s+(?:der|die))?(?=\s+(?:Herr|Frau)\s)"
    r"|my\s+name\s+is|herrn?|frau|mr\.?|mrs\.?|ms\.?|dr\.?))\s+(?:(?:Herrn?|Frau|Dr\.?)\s+)*" + _NAME
)
_GREETING = re.compile(
    r"^\s*(?:guten\s+(?:tag|morgen|abend)|hallo|hi|moin|servus|sehr\s+geehrte[^\n,!]*|liebes?[^\n,!]*team|hello"
    r"|dear[^\n,!]*)\b(?:\s+zusammen)?\s*[,!.]?\s+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,.]*\b(?:mit\s+(?:freundlichen|besten|lieben)\s+gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|sch(?:ö|oe)ne)\s+"
    r"gr(?:ü|ue)(?:ß|ss)e|mfg|vg|lg|(?:best|kind)\s+regards|gru(?:ß|ss))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
