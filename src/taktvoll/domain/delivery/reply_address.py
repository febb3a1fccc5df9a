"""Another address than the sender's, to which a person lets answers go because the mail asks for it.

I decide how it is kept, for whose mails it holds, and what becomes of a message that was released to it. Flows and the
desk call me. I never take a Reply-To for more than a wish: only a person's confirmation counts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.base.hashing import canonical
from taktvoll.domain.conversation.events import asks
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.delivery.arrived import Arrived, last_arrived
from taktvoll.domain.delivery.letter import reachable
from taktvoll.domain.mail.forms import usable
from taktvoll.domain.mail.intake import KeptMail
from taktvoll.domain.mail.terms import Address, Check

CONFIRMED, WITHDRAWN = "reply_address.confirmed", "reply_address.withdrawn"
KINDS = (CONFIRMED, WITHDRAWN)
FORGED, MALFORMED, OURS = "reply_address.forged", "address.malformed", "reply_address.ours"
"""Codes of errors: why an address cannot be confirmed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The customer's newest mail asks to be answered elsewhere; `problem` is why that cannot be, "" where it can."""

    mail: KeptMail
    sender: Address
    to: Address
    problem: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmation that holds: answers to mails of `sender` go to `to`."""

    event: Event
    sender: Address
    to: Address


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a released message goes; `to` None: as the mail says. `holds` False: what it was released to is void."""

    to: Address | None = None
    holds: bool = True


def confirmed_content(sender: Address, to: Address) -> str:
    """The addresses of a confirmation; they lie beside the chain."""
    return canonical({"from": [sender.name, sender.address], "to": [to.name, to.address]}).decode("utf-8")


def wish_of(mails: Sequence[KeptMail]) -> Wish | None:
    """What the newest mail that a person wrote asks for; None where it asks for nothing that is not followed.

    Takes:  the mails of a conversation, oldest first.
    """
    written = [m for m in mails if not m.automatic]
    facts = written[-1].facts if written else None
    if facts is None or not facts.reply_to:
        return None
    problem = ""
    if facts.origin.dmarc is Check.FAIL:
        problem = FORGED
    elif not usable(facts.reply_to) or not reachable(facts.reply_to):
        problem = MALFORMED
    return Wish(written[-1], facts.sender, Address(facts.reply_name, facts.reply_to), problem)


def confirmed_in(events: Sequence[Event]) -> Confirmed | None:
    """The confirmation that holds after these events; None where there is none, or its addresses were erased."""
    last = _last(events)
    if last is None or last.kind != CONFIRMED or last.content is None:
        return None
    kept = json.loads(last.content)
    return Confirmed(last, Address(*kept["from"]), Address(*kept["to"]))


def answers_go_to(events: Sequence[Event]) -> Address | None:
    """Whom an answer to the last mail among these events is for; None where nobody wrote by mail."""
    arrived = _answered(events)
    if arrived is None:
        return None
    confirmed = confirmed_in(events)
    if confirmed is not None and confirmed.sender.key == arrived.sender.key:
        return confirmed.to
    return arrived.answer_to


def aim_of(events: Sequence[Event], seq: int) -> Aim:
    """Where the message that was released at a seq goes.

    Takes:  the conversation's mails and confirmations, oldest first, also those that came after the message.
    Gives:  what was released to the sender stays with the sender, whatever was confirmed since. What was released to a
            confirmed address goes there as long as that holds, and nowhere else: it was written for who reads there.
    """
    before = [e for e in events if e.seq < seq]
    standing, arrived = _last(before), _answered(before)
    if standing is None or standing.kind != CONFIRMED or arrived is None:
        return Aim()
    confirmed, now = confirmed_in(before), _last(events)
    if confirmed is None:  # erased: for whose mails it held, nobody knows any more
        return Aim(holds=False)
    if confirmed.sender.key != arrived.sender.key:
        return Aim()
    return Aim(confirmed.to, holds=now is not None and now.seq == standing.seq)


def _answered(events: Sequence[Event]) -> Arrived | None:
    """The mail that is answered; what a machine wrote is none, where a person wrote besides."""
    received = [e for e in events if e.kind == "message.received"]
    return last_arrived([e for e in received if asks(e)] or received)


def _last(events: Sequence[Event]) -> Event | None:
    return next((e for e in reversed(events) if e.kind in KINDS), None)
