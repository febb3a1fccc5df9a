"""What a customer's mail brings that an answer needs: whom to answer, about what, and which messages went before.

I decide how it is kept: within the personal text of message.received, so that erasing that erases this. The mail
channel's way in writes me, deliveries and the wording read me. I never enter the chain of events.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from taktvoll.base.hashing import canonical
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.mail.terms import Address


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as far as answering it needs. `reply_to` is where the answer goes if not to the sender."""

    message_id: str
    sender: Address
    subject: str = ""
    references: tuple[str, ...] = ()
    reply_to: Address | None = None

    @property
    def answer_to(self) -> Address:
        """Whom an answer is for; without a name of its own it keeps the sender's."""
        if self.reply_to is None:
            return self.sender
        return Address(self.reply_to.name or self.sender.name, self.reply_to.address)


def arrived_content(text: str, arrived: Arrived) -> str:
    """What a customer wrote by mail, in the form in which messages are kept."""
    mail: dict[str, object] = {
        "from": [arrived.sender.name, arrived.sender.address],
        "message_id": arrived.message_id,
        "references": list(arrived.references),
        "subject": arrived.subject,
    }
    if arrived.reply_to:
        mail["reply_to"] = [arrived.reply_to.name, arrived.reply_to.address]
    return canonical({"mail": mail, "text": text}).decode("utf-8")


def arrived_of(content: str | None) -> Arrived | None:
    """Read a kept mail back; None where the message came another way or was erased."""
    mail = json.loads(content).get("mail") if content else None
    if not mail:
        return None
    reply_to = mail.get("reply_to")
    return Arrived(
        message_id=mail["message_id"],
        sender=Address(*mail["from"]),
        subject=mail["subject"],
        references=tuple(mail["references"]),
        reply_to=Address(*reply_to) if reply_to else None,
    )


def last_arrived(received: Iterable[Event]) -> Arrived | None:
    """The customer's last mail among their messages, oldest first."""
    found = [mail for e in received if (mail := arrived_of(e.content))]
    return found[-1] if found else None
