"""Whatever is about to reach a customer: the draft, its provenance, and the verdict on it.

I decide what a draft must say about itself. Flows and release rules call me. I never send anything.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from taktvoll.domain.conversation.files import Enclosure
from taktvoll.domain.conversation.terms import Decision, Owner
from taktvoll.domain.governance.notices import VERSION
from taktvoll.domain.knowledge.terms import PassageKey


class Author(StrEnum):
    """Who wrote it; `house` is the program itself with a fixed text that is no part of a conversation, such as a code.
    Journeys and campaigns join with their issues, through the same release.
    """

    ASSISTANT = "assistant"
    PERSON = "person"
    HOUSE = "house"


class DraftClass(StrEnum):
    """What the law calls it (UWG § 7)."""

    SERVICE = "service"
    ADVERTISING = "advertising"


class PartKind(StrEnum):
    """What a part of a message is for; an alert is what to do in an emergency, a quote the customer's own words.

    A mail has a greeting and a closing, and a lead before each answer: the customer's question in their words.
    """

    TEXT = "text"
    NOTICE = "notice"
    HINT = "hint"
    ALERT = "alert"
    QUOTE = "quote"
    GREETING = "greeting"
    LEAD = "lead"
    CLOSING = "closing"


THEIR_WORDS = frozenset({PartKind.QUOTE, PartKind.LEAD, PartKind.GREETING})
"""Kinds of parts that hold what the customer wrote or calls themself: no statement of ours, and no evidence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text in one language; generated says whether a model wrote it."""

    kind: PartKind
    text: str
    language: str
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A passage the message rests on, as shown to the customer."""

    key: PassageKey
    hash: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """An entry offered to the customer, as shown."""

    key: PassageKey
    label: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the text comes from (AI Act Art. 50(2)): never generated here yet; editor is the staff id of a person."""

    generated: bool = False
    model: str | None = None
    edition: int | None = None
    editor: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenUnder:
    """The state of the conversation the draft was written in."""

    owner_epoch: int
    last_customer_seq: int
    edition: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before its release; `texts` is the version of the fixed texts it was composed with.

    `familiar` says that our own sentences say du; `files` go along with it.
    """

    conversation: str
    recipient: str
    channel: str
    author: Author
    written_under: WrittenUnder
    parts: tuple[Part, ...]
    language: str
    author_name: str = ""
    author_id: str = ""
    decision: Decision | None = None
    sources: tuple[Source, ...] = ()
    choices: tuple[ShownChoice, ...] = ()
    notice: str | None = None
    draft_class: DraftClass = DraftClass.SERVICE
    provenance: Provenance = field(default_factory=Provenance)
    texts: str = VERSION
    familiar: bool = False
    files: tuple[Enclosure, ...] = ()

    @property
    def text(self) -> str:
        """All parts as one text, as a plain channel would show it."""
        return "\n\n".join(p.text for p in self.parts)


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What release needs to know about the conversation and the evidence."""

    owner: Owner
    owner_epoch: int
    last_customer_seq: int
    closed: bool
    notice_shown: str | None
    evidence: tuple[str, ...]
    link_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """The draft may leave."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Amend:
    """The draft may leave as changed here."""

    draft: Draft
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """The draft may not leave; a person must see why."""

    reasons: tuple[str, ...]


Verdict = Pass | Amend | Hold
