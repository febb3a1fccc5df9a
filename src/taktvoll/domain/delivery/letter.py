"""A letter: everything that a mail will say, in its headers and its text, checked before anyone writes it.

I decide subject, chain of references and which blocks stand in which order. The mail channel calls me with a parcel.
I never let a line break or a control character into a header.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taktvoll.base.limits import QUOTE_CHARS_MAX
from taktvoll.domain.delivery.arrived import Arrived, last_arrived
from taktvoll.domain.delivery.message_ids import message_id_of
from taktvoll.domain.delivery.outgoing import Outgoing
from taktvoll.domain.delivery.terms import Enclosed, Parcel
from taktvoll.domain.governance.notices import fixed, spoken
from taktvoll.domain.governance.terms import Author, DraftClass, PartKind
from taktvoll.domain.governance.wording import file_names_of, text_of_json, zone_of
from taktvoll.domain.mail.subjects import subject_of
from taktvoll.domain.mail.terms import Address

SUBJECT_CHARS_MAX = 200
NAME_CHARS_MAX = 120
REFERENCES_MAX = 20
REFERENCES_CHARS_MAX = 900
ADDRESS = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f]{1,253}"
)
SIGNATURE = "-- "
"""The line above a footer, by which programs know where a mail's own text ends (RFC 3676, section 4.3)."""
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,248}>")
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text; its kind says how it is shown."""

    kind: PartKind
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Link:
    """A source: what it is called, and where it stands; without an address only its name is shown."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The customer's message below the answer: who wrote when, and what."""

    intro: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one recipient, ready to be written.

    `automatic` says that no person wrote it (RFC 3834); `unsubscribe` is set for advertising alone; `footer` is what
    the company says of itself beneath every mail.
    """

    message_id: str
    at: datetime
    sender: Address
    recipient: Address
    subject: str
    language: str
    blocks: tuple[Block, ...]
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False
    unsubscribe: str = ""
    footer: str = ""
    links: tuple[Link, ...] = ()
    links_title: str = ""
    quoted: Quoted | None = None
    enclosed: tuple[Enclosed, ...] = ()


def letter_of(
    parcel: Parcel, mailbox: Outgoing, at: datetime, enclosed: tuple[Enclosed, ...] = ()
) -> Letter | None:
    """Make the letter of a released message.

    Takes:  enclosed: the files that were released with it.
    Gives:  None where nobody is known whom it could be sent to.
    """
    arrived = last_arrived(parcel.received)
    to = parcel.to or (arrived.answer_to if arrived else None)
    recipient = reachable(to.address) if to else ""
    if to is None or not recipient:
        return None
    payload = parcel.released.payload
    content: dict[str, Any] = json.loads(parcel.released.content or "{}")
    language = str(payload["language"])
    ours = tuple(message_id_of(key, mailbox.domain) for key in parcel.earlier)
    chain = references_of(arrived) if arrived else ours[-REFERENCES_MAX:]
    advertising = payload.get("class") == DraftClass.ADVERTISING.value
    blocks = tuple(Block(PartKind(p["kind"]), p["text"], p["language"]) for p in content.get("parts", ()))
    receipt = any(block.kind is PartKind.QUOTE for block in blocks)  # holds the customer's words already
    return Letter(
        message_id=message_id_of(parcel.row.key, mailbox.domain),
        at=at,
        sender=Address(one_line(mailbox.name or parcel.company)[:NAME_CHARS_MAX], mailbox.address),
        recipient=Address(one_line(to.name)[:NAME_CHARS_MAX], recipient),
        reply_to=mailbox.reply_to,
        subject=str(content.get("subject") or subject_for(arrived.subject if arrived else "", language)),
        in_reply_to=chain[-1] if chain else "",
        references=chain,
        language=language,
        automatic=payload["author"] != Author.PERSON.value,
        unsubscribe=mailbox.unsubscribe if advertising else "",
        footer=mailbox.footer,
        blocks=blocks,
        links=_links(content.get("sources", ()), parcel.public_url),
        links_title=fixed("mail_sources", language),
        quoted=_quoted(parcel, arrived, language) if mailbox.quotes and arrived and not receipt else None,
        enclosed=enclosed,
    )


def subject_for(earlier: str, language: str, topic: str = "") -> str:
    """The subject of an answer: "AW: …" in German, "Re: …" in English; of a new matter its topic."""
    base = one_line(subject_of(earlier).base)[:SUBJECT_CHARS_MAX]
    german = spoken(language) == "de"
    if base:
        return f"AW: {base}" if german else f"Re: {base}"
    return one_line(topic)[:SUBJECT_CHARS_MAX] or fixed("mail_subject", language)


def references_of(arrived: Arrived) -> tuple[str, ...]:
    """The chain of messages that an answer to this mail names, oldest first, itself last.

    A long chain is cut in its middle: the first message names the thread, the last ones the branch.
    Source: RFC 5322, section 3.6.4.
    """
    named = (*arrived.references, arrived.message_id)
    chain = [one for one in dict.fromkeys(named) if _MESSAGE_ID.fullmatch(one)]
    if arrived.message_id in chain:  # also where it named itself before
        chain = [*(one for one in chain if one != arrived.message_id), arrived.message_id]
    while len(chain) > 2 and (len(chain) > REFERENCES_MAX or sum(map(len, chain)) > REFERENCES_CHARS_MAX):
        del chain[1]
    return tuple(chain)


def reachable(address: str) -> str:
    """An address as servers take it; "" where it is none.

    A foreign domain under its ASCII name needs nothing special of a server; a foreign local part does (RFC 6531).
    """
    if not ADDRESS.fullmatch(address):
        return ""
    local, _, domain = address.rpartition("@")
    if domain.isascii() or not local.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""


def one_line(text: str) -> str:
    """Make a text fit for a header: one line, no control characters."""
    return _CONTROL.sub(" ", text).strip()


def plain_of(letter: Letter) -> str:
    """The letter as plain text, a paragraph a line, the quoted mail marked by "> "."""
    parts = [_shown(block) for block in letter.blocks if block.kind is not PartKind.CLOSING]
    if letter.links:
        rows = [f"– {link.title}{': ' + link.url if link.url else ''}" for link in letter.links]
        parts.append("\n".join([letter.links_title, *rows]))
    parts += [block.text for block in letter.blocks if block.kind is PartKind.CLOSING]
    if letter.unsubscribe:
        parts.append(f"{fixed('mail_unsubscribe', letter.language)} {letter.unsubscribe}")
    if letter.footer:
        parts.append(f"{SIGNATURE}\n{letter.footer}")
    if letter.quoted:
        parts.append(
            "\n".join([letter.quoted.intro, *(f"> {line}" for line in letter.quoted.text.split("\n"))])
        )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _shown(block: Block) -> str:
    """What the customer wrote stands in quotation marks, so that nobody takes it for ours."""
    if block.kind in (PartKind.LEAD, PartKind.QUOTE):
        return "\n".join(f"> {line}" for line in block.text.split("\n"))
    return block.text


def _links(sources: Sequence[Any], public_url: str) -> tuple[Link, ...]:
    """Sources by name; a page of ours needs the address under which customers reach this house."""
    base = public_url.rstrip("/")
    found = []
    for source in sources:
        url = str(source["url"])
        if url.startswith("/"):
            url = base + url if base else ""
        found.append(Link(one_line(source["title"]), url))
    return tuple(dict.fromkeys(found))


def _quoted(parcel: Parcel, arrived: Arrived, language: str) -> Quoted | None:
    last = parcel.received[-1]
    named = [fixed("file_quoted", language).format(name=one_line(n)) for n in file_names_of(last.content)]
    text = "\n".join([text_of_json(last.content).strip(), *named]).strip()
    if not text:
        return None
    if len(text) > QUOTE_CHARS_MAX:
        text = text[:QUOTE_CHARS_MAX] + " …"
    at = last.at.astimezone(zone_of(parcel.zone))
    day = at.strftime("%d.%m.%Y") if spoken(language) == "de" else at.strftime("%Y-%m-%d")
    name = one_line(arrived.sender.name) or arrived.sender.address
    return Quoted(fixed("mail_wrote", language).format(date=day, time=f"{at:%H:%M}", name=name), text)
