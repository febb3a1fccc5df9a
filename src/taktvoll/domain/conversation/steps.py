"""The steps the engine may ask for, what it may be told, and what it may say.

I decide the closed unions between engine and flow. advance returns a Step, the flow performs it and returns an Input.
I never perform anything. Ask (a model) and Act (a backend) join with the issues that bring models and skills.
"""

from dataclasses import dataclass
from datetime import datetime

from taktvoll.domain.conversation.terms import (
    Choice,
    Decision,
    HandoverReason,
    Light,
    NewEvent,
    Signals,
    Urgency,
)
from taktvoll.domain.knowledge.terms import Candidate, PassageKey


@dataclass(frozen=True, slots=True)
class Heard:
    """The customer's message at customer_seq has been understood; with `shadow` nothing is said to the customer.

    `topic` is the learnt topic that the message is about, where there is one; `files` counts what came along with it,
    and it is `wordless` where nothing was written besides.
    """

    customer_seq: int
    signals: Signals
    asked_person: bool = False
    chosen: PassageKey | None = None
    shadow: bool = False
    topic: str | None = None
    files: int = 0
    wordless: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a Search brought, best first, and the versions of what searched; none where an entry was only fetched.

    `parts` are the candidates of each of several questions, in their order; none where the message holds one.
    `topic` is that of the best candidates, of several the one on the strictest `light`.
    """

    candidates: tuple[Candidate, ...]
    versions: tuple[str, ...] = ()
    parts: tuple[tuple[Candidate, ...], ...] = ()
    topic: str | None = None
    light: Light = Light.PROBATION
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody is there: when people are back (None: not in sight), in which zone, and what to offer meanwhile."""

    back_at: datetime | None
    zone: str
    callback: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """A HandOver found its queue; with `quiet` the customer is told nothing, with `away` when people are back."""

    queue: str
    quiet: bool = False
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """What was said passed the release check and is the given event."""

    released: NewEvent


@dataclass(frozen=True, slots=True)
class Held:
    """What was to be said did not pass the release check."""

    reasons: tuple[str, ...]


Input = Heard | Found | Queued | Passed | Held


@dataclass(frozen=True, slots=True)
class Search:
    """Search the edition for the message at customer_seq, or fetch just the chosen entry.

    `parts` are the places of several questions in the text, each to be searched for as well; `follows_up` asks to read
    the message together with the customer's one before it.
    """

    customer_seq: int
    language: str
    chosen: PassageKey | None = None
    parts: tuple[tuple[int, int], ...] = ()
    follows_up: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions in a message: its place in the text, and the entry that settles it, if one does."""

    start: int
    end: int
    answer: Choice | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """What is to be said: a fixed text by name, an approved passage, choices; wording.compose makes the text.

    `more` are the passages that answer further questions of the same message; `open` says that another of its
    questions stays without an answer; `asked` are these questions one by one; `guideline` names the guideline whose
    approved text is said; `receipt` is the right that was claimed, whose receipt names time and content;
    `away` is said with the notice of a handover.
    """

    decision: Decision
    language: str
    fixed: str | None = None
    passage: Choice | None = None
    choices: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()
    open: bool = False
    guideline: str | None = None
    receipt: HandoverReason | None = None
    away: Away | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def passages(self) -> tuple[Choice, ...]:
        """The entries whose texts are said."""
        return (self.passage, *self.more) if self.passage else ()

    @property
    def named(self) -> tuple[Choice, ...]:
        """Every entry whose text it takes to say this."""
        return (*self.passages, *self.choices)


@dataclass(frozen=True, slots=True)
class Say:
    """Say this, if it passes the release check."""

    speech: Speech


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the conversation to a person; `quiet`ly where the assistant answers only to itself."""

    reason: HandoverReason
    urgency: Urgency
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Say nothing: someone else owns the conversation."""


@dataclass(frozen=True, slots=True)
class Done:
    """The turn is decided."""


Step = Search | Say | HandOver | Wait | Done
