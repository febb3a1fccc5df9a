"""What becomes of a mail on its way in: what identifies it, what is read of it, who may be answered.

I decide these things for one mail, as a value. flows/receive_mail calls me. I never look anything up.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId
from taktvoll.base.limits import MESSAGE_CHARS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.delivery.arrived import Arrived
from taktvoll.domain.mail.forms import Form, wanted_by
from taktvoll.domain.mail.reading import Reading
from taktvoll.domain.mail.shared import SHARED
from taktvoll.domain.mail.terms import Address, Check, Mail, Origin, Sealed, domain_of
from taktvoll.domain.mail.threads import may_answer_automatically

NO_TEXT = "(ohne Text)"
CUT = "[…]"
TAIL_CHARS = 1_000
FEW_WORDS = 4
WORD_CHARS_MAX = 60
SUBJECT_KEPT_MAX = 300
NAME_KEPT_MAX = 120


class Silent(StrEnum):
    """Why no answer may go to a mail by itself, not even that a person will write: a person decides."""

    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    NOT_AUTHENTIC = "not_authentic"
    SUPPRESSED = "suppressed"
    OURS = "ours"
    NO_SENDER = "no_sender"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a folder: everything up to this UID is on record. Source: RFC 3501, section 2.3.1.1."""

    validity: int
    uid: int


NOWHERE = Cursor(0, 0)
"""The cursor of a mailbox that was pointed at another folder: the old one's count says nothing of it."""


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a mail as they came. `size` is what the server stated; `whole` is False if only headers are kept."""

    raw: bytes
    size: int
    whole: bool = True

    @property
    def sha256(self) -> bytes:
        """What names these bytes; mails of which only the headers are kept are told apart by their size, too."""
        return hashlib.sha256(self.raw if self.whole else self.raw + b"\0%d" % self.size).digest()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment as it is listed; its bytes lie in the original. `place` counts from 0."""

    place: int
    name: str
    type: str
    sniffed: str
    size: int
    inline: bool
    encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a mail beside its text: personal, so it lies beside the chain and can be erased.

    `answers_to` is whom an answer goes to; `reply_to` is what the mail asked for instead, "" where that is followed;
    `opened` says why it opened a conversation of its own, "" where it joined one; `cut` that the text was shortened;
    `checked_by` is the server whose findings `origin` holds, "" where none is trusted; `reply_name` is the name beside
    the Reply-To; `form`: a web form of the company sent it, for the person whom its Reply-To names.
    """

    message_id: str
    sender: Address
    answers_to: str
    reply_to: str
    subject: str
    sent_at: datetime | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    recipients: int
    origin: Origin
    checked_by: str
    problems: tuple[str, ...]
    signed: str
    encrypted: str
    cut: bool
    has_html: bool
    images_blocked: int
    opened: str
    related: str
    reply_name: str = ""
    form: bool = False

    @property
    def writer(self) -> Address:
        """Who says they wrote it: of a form's mail whoever filled it in; a claim, unless something proves it."""
        return Address(self.reply_name, self.answers_to) if self.form else self.sender

    @property
    def counted(self) -> frozenset[str]:
        """The addresses whose answers are counted, so that none gets too many; a form writes for everybody."""
        own = frozenset({self.answers_to.lower()})
        return own if self.form else own | {self.sender.key}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccepting:
    """A mail about to be put on record, all of it in one commit with the cursor of its folder.

    `automatic` is the kind of machine that wrote it, "" for a person; `silent` why nothing may answer by itself.
    """

    workspace: WorkspaceId
    account: AccountId
    conversation: ConversationId
    mail: UUID
    provider_id: str
    received: NewEvent
    opening: NewEvent
    reopening: NewEvent
    waking: NewEvent
    original: Original
    facts: Facts
    automatic: str
    silent: str
    enclosed: tuple[Enclosed, ...] = ()
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class MailAccepted:
    """Where a mail is on record; a duplicate names the place of the first copy."""

    duplicate: bool
    conversation: ConversationId
    seq: int


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail on record, for those who show it or decide about it.

    `erased_at` is when its original was erased, `on_schedule` whether because its term of keeping was over.
    """

    id: UUID
    account: AccountId
    conversation: ConversationId
    seq: int
    at: datetime
    automatic: str
    silent: str
    size: int
    whole: bool
    facts: Facts | None
    enclosed: tuple[Enclosed, ...] = ()
    erased_at: datetime | None = None
    on_schedule: bool = False


def provider_id_of(mail: Mail | None, raw: bytes) -> str:
    """Name a mail so that every copy of it has the same name, and no other mail has.

    Takes:  the mail, or None where the bytes are none, and its bytes.
    Gives:  a hash: a Message-ID may hold a person's name, and this enters the chain, where nothing is erased. Copies
            differ in the headers that servers add, so the Message-ID, the sender and the body count; two mails under
            one Message-ID are two. Without a Message-ID the date and the subject count as well.
    """
    if mail is None:
        return "raw:" + hashlib.sha256(raw).hexdigest()
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    named = [mail.message_id, mail.sender.key, hashlib.sha256(body.strip()).hexdigest()]
    if not mail.message_id:
        named += [mail.date.isoformat() if mail.date else "", mail.subject]
    return "mail:" + hashlib.sha256("\0".join(named).encode("utf-8", "replace")).hexdigest()


def origin_of(mail: Mail, trusted: str) -> Origin:
    """Give what the trusted server found out about the sender; nothing where no server is trusted or it wrote nothing.

    The topmost of its headers counts: those below may be the sender's invention. Source: RFC 8601, section 5.
    """
    if not trusted:
        return Origin()
    found = (one for one in mail.origins if one.server.casefold() == trusted.casefold())
    return next(found, Origin())


def answers_to(mail: Mail, filled_in: Address | None = None) -> tuple[Address, str]:
    """Whom an answer is for, and the Reply-To that is not followed.

    Takes:  filled_in: who filled in the company's form that sent the mail, None where no form is believed to.
    Gives:  a Reply-To of another domain than the sender's is how answers are lured to strangers: it is shown, not
            followed. So is one of a provider's domain, in which neighbours are strangers.
    """
    if filled_in is not None:
        return filled_in, ""
    wanted = wanted_by(mail)
    if wanted is None or wanted.key == mail.sender.key:
        return mail.sender, ""
    domain = domain_of(wanted.address)
    if domain == domain_of(mail.sender.address) and domain not in SHARED:
        return wanted, ""
    return mail.sender, wanted.address


def arrived_by(mail: Mail, filled_in: Address | None = None) -> Arrived:
    """What an answer to the mail will need; a form's mail is from whoever filled it in, also where it is quoted."""
    whom, _ = answers_to(mail, filled_in)
    sender = filled_in or mail.sender
    other = None if whom is sender else whom
    return Arrived(mail.message_id, sender, mail.subject[:SUBJECT_KEPT_MAX], mail.references, other)


def text_for(reading: Reading) -> tuple[str, bool]:
    """Give the words to decide about, within the limit of a message.

    Gives:  what was newly written; with very few words the subject before it, for people who write only that. A text
            beyond the limit keeps its beginning and its end, where requests stand, and says so; the whole of it lies in
            the original. And whether it was cut.
    """
    text, subject = clean(reading.written.new_text), clean(reading.subject.base)
    if len(text.split()) < FEW_WORDS and subject and subject.casefold() not in text.casefold():
        text = f"{subject}\n\n{text}".strip()
    if not text:
        return NO_TEXT, False
    if len(text) <= MESSAGE_CHARS_MAX:
        return text, False
    head = MESSAGE_CHARS_MAX - TAIL_CHARS - len(CUT) - 4
    return f"{_until_word(text[:head])}\n\n{CUT}\n\n{_from_word(text[-TAIL_CHARS:])}", True


def _until_word(text: str) -> str:
    """Cut at a blank near the end, if there is one."""
    at = max(text.rfind(" "), text.rfind("\n"))
    return text[:at].rstrip() if at > len(text) - WORD_CHARS_MAX else text


def _from_word(text: str) -> str:
    """Cut at a blank near the beginning, if there is one."""
    found = re.search(r"\s", text[:WORD_CHARS_MAX])
    return text[found.end() :] if found else text


def silent_of(
    reading: Reading,
    origin: Origin,
    whole: bool,
    now: datetime,
    domains: frozenset[str],
    form: Form | None = None,
) -> str:
    """Say why nothing may answer a person's mail by itself, "" where an answer may go.

    Takes:  domains: our own; a form of ours may write from them, as its answer goes to whoever filled it in.
    """
    if reading.verdict.automatic:
        return ""
    if not whole:
        return Silent.TOO_LARGE
    if origin.dmarc is Check.FAIL:
        return Silent.NOT_AUTHENTIC
    if reading.mail.encrypted is not Sealed.NO:
        return Silent.ENCRYPTED
    if form is not None and form.filled_in is None:
        return Silent.NO_SENDER
    if form is not None:
        domains = frozenset()
    return may_answer_automatically(reading.mail, reading.verdict, (), now, domains)


def enclosed_of(mail: Mail) -> tuple[Enclosed, ...]:
    """List the attachments."""
    return tuple(
        Enclosed(place, a.name, a.type, a.sniffed, a.size, a.inline, a.encrypted)
        for place, a in enumerate(mail.attachments)
    )


def facts_of(
    reading: Reading,
    origin: Origin,
    checked_by: str,
    *,
    cut: bool,
    opened: str,
    related: str,
    form: Form | None = None,
) -> Facts:
    """Gather what is kept of a mail beside its text."""
    mail = reading.mail
    filled_in = form.filled_in if form else None
    whom, ignored = answers_to(mail, filled_in)
    wanted = filled_in or wanted_by(mail)
    return Facts(
        message_id=mail.message_id,
        sender=mail.sender,
        answers_to=whom.address,
        reply_to=ignored,
        subject=mail.subject[:SUBJECT_KEPT_MAX],
        sent_at=mail.date,
        to=tuple(a.address for a in mail.to),
        cc=tuple(a.address for a in mail.cc),
        recipients=mail.recipients,
        origin=replace(origin, server=""),
        checked_by=checked_by,
        problems=mail.problems,
        signed=mail.signed.value,
        encrypted=mail.encrypted.value,
        cut=cut,
        has_html=bool(mail.html),
        images_blocked=mail.images_blocked,
        opened=opened,
        related=related,
        reply_name=wanted.name[:NAME_KEPT_MAX] if wanted else "",
        form=form is not None,
    )
