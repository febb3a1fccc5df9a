"""What an e-mail is once it has been read: a frozen value with everything that later decisions need.

I decide the words. The MIME adapter makes me; the rules of this room, flows and the command line read me.
I never hold an unlimited or unchecked text.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from taktvoll.domain.contacts.addresses import domain_key


class Automatic(StrEnum):
    """What kind of machine wrote a mail."""

    OUT_OF_OFFICE = "out_of_office"
    BOUNCE = "bounce"
    DELIVERY_NOTICE = "delivery_notice"
    LIST = "list"
    TICKET_SYSTEM = "ticket_system"
    OTHER = "other"


class Check(StrEnum):
    """What the receiving server found out about where a mail came from."""

    PASS = "pass"  # noqa: S105 - a result
    FAIL = "fail"
    NONE = "none"


class Sealed(StrEnum):
    """How a mail or a part of it is signed or encrypted."""

    NO = ""
    SMIME = "smime"
    PGP = "pgp"


@dataclass(frozen=True, slots=True)
class Address:
    """A name, possibly empty, and an address as it was written."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.address:
            return self.name
        return f"{self.name} <{self.address}>" if self.name else self.address

    @property
    def key(self) -> str:
        """The address as it is compared: case does not count; ß and ss are two, as for servers."""
        return self.address.lower()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along. `type` is what it says it is, `sniffed` what its first bytes show, "" for nothing."""

    name: str
    type: str
    sniffed: str
    size: int
    sha256: str
    content: bytes = field(repr=False)
    inline: bool = False
    encrypted: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whether SPF, DKIM and DMARC held, as the server that calls itself `server` wrote it into the mail."""

    spf: Check = Check.NONE
    dkim: Check = Check.NONE
    dmarc: Check = Check.NONE
    server: str = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers that tell machines from people, in lower case, "" where a mail has none.

    `null_sender`: the envelope's sender was empty, as for bounces. `ours`: the value of the header that we put into
    what we send ourselves.
    """

    auto_submitted: str = ""
    precedence: str = ""
    auto_reply: str = ""
    suppress: str = ""
    list_id: str = ""
    list_unsubscribe: str = ""
    mailer: str = ""
    return_path: str = ""
    null_sender: bool = False
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery report says of one recipient (RFC 3464)."""

    recipient: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a mail server: on deliveries, or that a mail was read ("disposition")."""

    kind: str
    deliveries: tuple[Delivered, ...] = ()
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail, read.

    `text` is what to read: the plain part, or the HTML part as text with quotes marked by "> ". `html` is the sanitised
    view, "" where there is none. `recipients` counts all; `to` and `cc` hold the first ones. `problems` are codes.
    `origins` are the findings of every server that says it checked, topmost first; `origin` is the first of them.
    `image_hosts` would have been asked for the pictures that were blocked.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    recipients: int
    subject: str
    date: datetime | None
    headers: Headers
    origin: Origin
    text: str
    html: str
    images_blocked: int
    attachments: tuple[Attachment, ...]
    signed: Sealed
    encrypted: Sealed
    report: Report | None
    calendar_method: str
    problems: tuple[str, ...]
    origins: tuple[Origin, ...] = ()
    image_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's text, told apart: what its sender newly wrote, the quotes, and what stood beneath the name."""

    new_text: str
    quoted: str
    signature: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a machine wrote a mail, which kind of machine, and what shows it (a code, never words of the mail)."""

    automatic: bool
    kind: Automatic | None = None
    because: str = ""


PERSON = Verdict(False)

_DOMAIN = re.compile(r"@([^@>\s]+)>?$")


def domain_of(address: str) -> str:
    """Give the domain of an address or of a message id, as it is compared."""
    match = _DOMAIN.search(address.strip())
    return domain_key(match[1]) if match else ""
