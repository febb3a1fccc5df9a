"""Web forms of the company: a program sends the mail, and its Reply-To names whoever filled the form in.

I decide when a mail is believed to come from such a form, and who then counts as its writer. flows/receive_mail calls
me. I never take what somebody typed into a form for a proof.
"""

from dataclasses import dataclass, replace

from taktvoll.base.errors import Refused
from taktvoll.domain.contacts.addresses import mail_key
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.domain.mail.reading import Reading
from taktvoll.domain.mail.terms import PERSON, Address, Automatic, Check, Mail, Origin

RELAYS = frozenset({Automatic.OTHER, Automatic.TICKET_SYSTEM})
"""Kinds of machines that a form is taken for: its program sends, but a person wrote."""


@dataclass(frozen=True, slots=True)
class Form:
    """A mail of the company's own form; `filled_in` is None where it names nobody who could be answered."""

    filled_in: Address | None


def form_of(mail: Mail, mailbox: Mailbox, origin: Origin, *, handed_in: bool) -> Form | None:
    """Say whether the company's own form sent a mail.

    Takes:  origin: what the trusted server found out; handed_in: a program of the company handed it in with the
            mailbox's token, and no server had it before.
    Gives:  None where its sender is not among the mailbox's forms, or nothing authenticates that it is: whoever writes
            the form's address into From is a stranger. Who filled it in is never one of our own addresses, so that no
            answer comes back to us.
    """
    if not any(_same(mail.sender.address, one) for one in mailbox.forms):
        return None
    believed = origin.dmarc is Check.PASS or (handed_in and origin.dmarc is Check.NONE)
    if not believed:
        return None
    wanted = wanted_by(mail)
    if wanted is None or _same(wanted.address, mail.sender.address) or not usable(wanted.address):
        return Form(None)
    own = {_domain(one) for one in mailbox.addresses}
    return Form(None if _domain(wanted.address) in own else wanted)


def wanted_by(mail: Mail) -> Address | None:
    """The first address that a mail asks to be answered to; None where it names none."""
    return next((one for one in mail.reply_to if one.address), None)


def by_person(reading: Reading) -> Reading:
    """Read a form's mail as its writer's: that a program sent it says nothing of who wrote it."""
    return replace(reading, verdict=PERSON) if reading.verdict.kind in RELAYS else reading


def usable(address: str) -> bool:
    """Whether a mailbox can have this address."""
    try:
        mail_key(address)
    except Refused:
        return False
    return True


def _domain(address: str) -> str:
    """The domain in the one form that all its spellings have."""
    return mail_key(address).rpartition("@")[2] if usable(address) else ""


def _same(one: str, other: str) -> bool:
    try:
        return mail_key(one) == mail_key(other)
    except Refused:
        return False
