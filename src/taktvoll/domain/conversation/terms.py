"""What a conversation is made of, as values: owner, signals, state, events before they have a place.

I decide the shapes every floor shares. The engine, the record and the doors call me. I never decide anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from taktvoll.base.hashing import canonical
from taktvoll.base.time import rfc3339
from taktvoll.domain.knowledge.terms import Candidate, PassageKey

MAIL = "mail"
"""The channel of e-mail."""


class OwnerKind(StrEnum):
    """Who may speak for the company at this instant."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Owner:
    """The one owner of a conversation; id is the queue's name or the person's staff id."""

    kind: OwnerKind
    id: str = ""


class Decision(StrEnum):
    """What the assistant would do about a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOVER = "handover"
    DECLINE = "decline"


class Light(StrEnum):
    """The traffic light of a topic; verbatim approved text starts on probation."""

    HUMAN = "human"
    COPILOT = "copilot"
    PROBATION = "probation"
    AUTOPILOT = "autopilot"


class HandoverReason(StrEnum):
    """Why a person takes over."""

    EMERGENCY_SUICIDE = "emergency_suicide"
    EMERGENCY_MEDICAL = "emergency_medical"
    EMERGENCY_GAS = "emergency_gas"
    EMERGENCY_VIOLENCE = "emergency_violence"
    FRAUD = "fraud"
    REQUEST = "request"
    ANGER = "anger"
    DISTRESS = "distress"
    LEGAL_THREAT = "legal_threat"
    DATA_PROTECTION = "data_protection"
    REVOCATION = "revocation"
    VULNERABLE = "vulnerable"
    GUIDELINE = "guideline"
    NO_ANSWER = "no_answer"
    DELIVERY_FAILED = "delivery_failed"
    FILE = "file"


class Urgency(StrEnum):
    """How soon a person must look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Courtesy(StrEnum):
    """A message that is only a politeness."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"


class Address(StrEnum):
    """The form of address that the customer uses."""

    SIE = "sie"
    DU = "du"


@dataclass(frozen=True, slots=True)
class Mood:
    """How a text sounds, in parts per million: valence −1,000,000…1,000,000, each emotion 0…1,000,000."""

    valence: int = 0
    anger: int = 0
    fear: int = 0
    sadness: int = 0
    joy: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """A reason why a person must take over, as heard in one message.

    `ppm` is how sure we are; `because` names the rules and models that heard it, never the customer's words;
    `words` are those words, for whoever may read the message; they do not enter the record.
    """

    reason: HandoverReason
    ppm: int
    because: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """What was understood of one message, with the versions of what understood it.

    `language` is None where the text does not show it; `wants_person` holds the words that say so;
    `affirms` is a bare yes; `picks` is the number of an offered choice, from 1; `needs` are the reasons for a person,
    the gravest first; `follows_up` says that the message only makes sense after the one before it;
    `questions` are the places (start, end) in the text of the questions it holds, where there are several.
    """

    language: str | None
    language_ppm: int
    wants_person: str | None
    affirms: bool
    courtesy: Courtesy | None
    picks: int | None
    versions: tuple[str, ...]
    mixed_language: bool = False
    address: Address | None = None
    mood: Mood = Mood()
    urgency: Urgency = Urgency.NORMAL
    insults: bool = False
    needs: tuple[Need, ...] = ()
    follows_up: bool = False
    questions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the entries offered when the assistant asks back."""

    key: PassageKey
    hash: str


@dataclass(frozen=True, slots=True)
class QuestionFound:
    """What was found for one of several questions in a message, best first, with the confidences."""

    candidates: tuple[Candidate, ...]
    confidences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The message being decided and what has been found out about it so far.

    `topic` and its `light` are known once something was found; with `shadow` the assistant answers only to itself.
    `files` counts what came along with the message, which is `wordless` where nothing was written besides.
    """

    customer_seq: int
    signals: Signals
    asked_person: bool = False
    chosen: PassageKey | None = None
    candidates: tuple[Candidate, ...] | None = None
    confidences: tuple[int, ...] = ()
    questions: tuple[QuestionFound, ...] = ()
    topic: str | None = None
    light: Light = Light.PROBATION
    shadow: bool = False
    files: int = 0
    wordless: bool = False


class CallKind(StrEnum):
    """A call that people owe a customer; also how the names of its events begin."""

    CALLBACK = "callback"
    APPOINTMENT = "appointment"


class Medium(StrEnum):
    """How people will speak to the customer."""

    PHONE = "phone"
    VIDEO = "video"


class Told(StrEnum):
    """How far the desk has been told of a call: not yet, that it is near, that its time passed without an outcome."""

    NOTHING = ""
    NEAR = "near"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Call:
    """An open call-back or appointment, made by the event at `seq`; number and link lie beside the chain.

    `told` is what the desk knows of its time, `reminded` says that a reminder left for the customer; `timed_at` is when
    it got this time and `moves` how often that changed.
    """

    seq: int
    kind: CallKind
    since: datetime
    until: datetime
    medium: Medium = Medium.PHONE
    told: Told = Told.NOTHING
    reminded: bool = False
    timed_at: datetime | None = None
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Clocks:
    """When what happened first since the conversation began or was opened again: the assistant's clock, and people's.

    `asked_at` the customer wrote; `ai_at` the assistant answered while it owned the conversation; `handed_at` people
    had it; `person_at` a person answered; `closed_at` it was closed. No word of the assistant stops people's clock.
    """

    asked_at: datetime | None = None
    ai_at: datetime | None = None
    handed_at: datetime | None = None
    person_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Another way to the customer than the conversation's first channel: by which account, to which identity."""

    channel: str
    account: str
    identity: str


@dataclass(frozen=True, slots=True)
class State:
    """A conversation as its events have made it; folded by state.fold alone.

    `undecided` counts the customer's messages since the last decision; `declines` counts refusals in a row;
    `customer_at` is when the customer wrote last; `moods` are the valences of the last messages, oldest first;
    `address` is how the customer addresses us, as far as their messages showed it;
    `reasons` say why a person has the conversation, the main one first, and `urgency` how soon they must look;
    `calls` are the call-backs and appointments that nobody has kept, missed or cancelled yet;
    `queue` is the queue it waits in or came from; `snoozed_until` is when it comes back by itself;
    `route` is the way to the customer where they are not reached where the conversation began, and `away` says so;
    `redirected` is the event by which a person lets answers go where a mail asks for, 0 for none.
    """

    channel: str = ""
    account: str = ""
    language: str | None = None
    owner: Owner = field(default_factory=lambda: Owner(OwnerKind.ASSISTANT))
    owner_epoch: int = 0
    last_customer_seq: int = 0
    decided_customer_seq: int = 0
    undecided: int = 0
    last_seq: int = 0
    closed: bool = False
    notice_version: str | None = None
    declines: int = 0
    offered_person: bool = False
    choices: tuple[Choice, ...] = ()
    turn: Turn | None = None
    customer_at: datetime | None = None
    moods: tuple[int, ...] = ()
    reasons: tuple[HandoverReason, ...] = ()
    address: Address | None = None
    urgency: Urgency = Urgency.NORMAL
    calls: tuple[Call, ...] = ()
    queue: str = ""
    tags: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    clocks: Clocks = Clocks()
    route: Route | None = None
    away: bool = False
    redirected: int = 0

    @property
    def way(self) -> str:
        """The channel by which answers reach the customer now."""
        return self.route.channel if self.route and self.away else self.channel


@dataclass(frozen=True, slots=True)
class PersonalText:
    """A personal text on its way beside the chain; `content` is stored as is and enters the event as salted digest."""

    content: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happened and is about to be appended.

    `payload` is canonical JSON without personal text; `edition` is the edition in force, None where none mattered.
    """

    kind: str
    at: datetime
    actor: str
    payload: Mapping[str, object]
    edition: int | None = None
    text: PersonalText | None = None
    schema: int = 1

    def placed(self, seq: int) -> "Event":
        """Give this event the place that it has or will have, whole, so that it folds as it will be read again."""
        content = self.text.content if self.text else None
        return Event(seq, self.kind, self.at, self.actor, self.payload, self.edition, self.schema, content)

    def body(self, text_ref: Mapping[str, str] | None) -> bytes:
        """The exact bytes that are stored and hashed; text_ref is {"id", "digest"} of the personal text."""
        return canonical(
            {
                "actor": self.actor,
                "at": rfc3339(self.at),
                "edition": self.edition,
                "kind": self.kind,
                "payload": dict(self.payload),
                "schema": self.schema,
                "text_ref": dict(text_ref) if text_ref else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Event:
    """An event in its place; `content` is the personal text where it was asked for and still exists."""

    seq: int
    kind: str
    at: datetime
    actor: str
    payload: Mapping[str, object]
    edition: int | None = None
    schema: int = 1
    content: str | None = None
