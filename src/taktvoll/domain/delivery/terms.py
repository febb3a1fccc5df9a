"""What a delivery is, as values: the claimed row, the parcel made of it, and how an attempt ended.

I decide the shapes. The flow deliver, the carriers of the channels and the store call me. I never hold an address:
that lies in the message's personal text.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from taktvoll.base.ids import ConversationId, OutboxId
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.mail.terms import Address


class Why(StrEnum):
    """Why a delivery did not succeed: ours to mend, the server's, or the message's."""

    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    SECRET = "secret"  # noqa: S105 - the reason, not a secret
    CONSENT = "consent"
    TOKEN = "token"  # noqa: S105 - the reason, not a secret
    GREETING = "greeting"
    TIMEOUT = "timeout"
    LOST = "lost"
    SERVER = "server"
    UTF8 = "utf8"
    SIZE = "size"
    NO_RECIPIENT = "no_recipient"
    TAKEN_BACK = "taken_back"
    NO_MAILBOX = "no_mailbox"
    ERASED = "erased"
    OUTDATED = "outdated"
    UNWRITABLE = "unwritable"
    EXPIRED = "expired"
    BOUNCED = "bounced"


class RowState(StrEnum):
    """Where an outbox row stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row of the outbox that is ours for a while.

    `key` is its idempotency key; `tries` counts this one; `unsure` says that an earlier attempt may have arrived.
    """

    id: OutboxId
    conversation: ConversationId
    seq: int
    channel: str
    key: str
    tries: int
    first_tried_at: datetime
    unsure: bool


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes along."""

    name: str
    type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row with what its channel needs to write it: the released message, and what the customer wrote before.

    `received` are the customer's messages up to it, oldest first, with their personal texts. `to` is set where the
    conversation began elsewhere; `earlier` are the keys of our messages before it that left by this channel. `fetch`
    gives its files when they are needed, so that many parcels at once hold none, and refuses where one was erased.
    """

    row: Claimed
    account: Account
    released: Event
    received: tuple[Event, ...]
    company: str = ""
    zone: str = ""
    public_url: str = ""
    to: Address | None = None
    earlier: tuple[str, ...] = ()
    fetch: Callable[[], Awaitable[tuple[Enclosed, ...]]] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server that took it said: reply code, enhanced status (RFC 3463), its own name for the message."""

    code: int
    status: str = ""
    queued_as: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The next server has taken responsibility for it."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; `unsure` says that it may have arrived nevertheless (connection lost after the message's end)."""

    why: Why
    code: int = 0
    status: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Postponed:
    """It was not tried: pace, or too little time left; after_s says when it may be."""

    after_s: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Never: what was said stays undelivered, so a person must act."""

    why: Why
    code: int = 0
    status: str = ""


Outcome = Sent | Later | Postponed | Failed


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail server is told beside the message: an id for its reports, sender and recipient."""

    id: str
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Found:
    """An outbox row as a later report finds it."""

    id: OutboxId
    conversation: ConversationId
    seq: int
    channel: str
    state: RowState
    tries: int
