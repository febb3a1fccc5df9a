"""The wording of a mail: greeting, what is said, sign-off; for the assistant and for a person.

I decide which parts a mail has and in which order. wording.compose and the flow send_reply call me.
I never invent a word: approved passages are verbatim, the rest are fixed texts and what the customer wrote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.domain.conversation.terms import Address
from taktvoll.domain.governance.notices import VERSION, fixed_by_mail, knows
from taktvoll.domain.governance.salutation import NOBODY, Addressee, greeting
from taktvoll.domain.governance.terms import Part, PartKind
from taktvoll.domain.mail.salutations import greets

LEAD_CHARS_MAX = 300
_SIGNED_OFF = re.compile(
    r"^\W*(?:(?:mit )?\w* ?\w* ?gr(?:ü|ue)(?:ß|ss)e?n?\b|mfg\b|lg\b|vg\b|(?:kind|best|warm)\w* regards\b|regards\b|"
    r"yours\b|sincerely\b|best wishes\b)",
    re.IGNORECASE | re.MULTILINE,
)
_NEW_SENTENCE = re.compile(r"(?!(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b)[A-ZÄÖÜ]")
"""A text that begins in capitals; the words for you do so after a comma, too."""

GRAVE = ("handover_distress", "handover_vulnerable")
"""Texts that are no place for thanks in passing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the words of a mail: whom it greets and how, who signs; `signer` is a person's name."""

    language: str
    who: Addressee = NOBODY
    address: Address | None = None
    company: str = ""
    signer: str = ""
    texts: str = VERSION

    @property
    def familiar(self) -> bool:
        """Whether our own sentences say du."""
        return self.address is Address.DU

    def say(self, name: str) -> str:
        """A fixed text in the form that fits the customer."""
        return fixed_by_mail(name, self.language, self.texts, familiar=self.familiar)


@dataclass(frozen=True, slots=True)
class Answered:
    """One of the customer's questions, in their words, and the parts that answer it; none where it stays open."""

    question: str
    parts: tuple[Part, ...] = ()


def assistant_parts(
    frame: Frame,
    said: Sequence[Part],
    answered: Sequence[Answered] = (),
    *,
    handed_over: bool = False,
    grave: bool = False,
) -> tuple[Part, ...]:
    """Put the assistant's mail together.

    Takes:  said: what is said as it is: fixed texts, a receipt, the one passage; answered: several questions one by
            one; handed_over: whether a person has it already, so that the mail need not tell the way to one; grave:
            whether thanks would be out of place.
    Gives:  greeting with an opening sentence, the words, the way on, the sign-off; an emergency's text before
            everything, and then without a greeting. The AI notice is put in by the release check.
    """
    alerts = [p for p in said if p.kind is PartKind.ALERT]
    rest = [p for p in said if p.kind is not PartKind.ALERT]
    parts = [*alerts]
    if not (alerts and opens(frame.texts)):
        parts.append(_part(PartKind.GREETING, _greeting(frame, grave=grave), frame))
    known, left = [a for a in answered if a.parts], [a for a in answered if not a.parts]
    if len(known) > 1:
        parts.append(_part(PartKind.TEXT, frame.say("mail_questions"), frame))
    parts += rest
    parts += _one_by_one(known, frame)
    if left:
        parts.append(
            _part(PartKind.TEXT, frame.say("mail_open_one" if len(left) == 1 else "mail_open_more"), frame)
        )
        parts += [_lead(a, frame) for a in left]
    if not handed_over and not alerts and not left:
        parts.append(_part(PartKind.TEXT, frame.say("mail_further"), frame))
    return (*parts, _part(PartKind.CLOSING, _sign_off(frame, frame.say("mail_assistant")), frame))


def opens(texts: str) -> bool:
    """Whether this set of texts has an opening sentence after the greeting, and an emergency's mail none of both."""
    return knows("mail_opening", texts)


def person_parts(frame: Frame, text: str) -> tuple[Part, ...]:
    """Put a person's mail together: their words, with greeting and sign-off where they wrote none themselves.

    Their words stay as they are, so the greeting ends as their first letter wants it.
    """
    parts = [_part(PartKind.TEXT, text, frame)]
    if not greets(text):
        parts.insert(0, _part(PartKind.GREETING, _greeting_before(text, frame), frame))
    tail = "\n".join(text.rstrip().split("\n")[-6:])
    if not _SIGNED_OFF.search(tail):
        parts.append(_part(PartKind.CLOSING, _sign_off(frame, frame.signer), frame))
    else:
        missing = [
            line for line in (frame.signer, frame.company) if line and line.casefold() not in tail.casefold()
        ]
        parts += [_part(PartKind.CLOSING, "\n".join(missing), frame)] if missing else []
    return tuple(parts)


def house_parts(frame: Frame, text: str) -> tuple[Part, ...]:
    """Put a mail of the house itself together: a fixed text that nobody signs but the company."""
    hello = _greeting_before(text, frame)
    return (
        _part(PartKind.GREETING, hello, frame),
        _part(PartKind.TEXT, text, frame),
        _part(PartKind.CLOSING, _sign_off(frame, ""), frame),
    )


def _one_by_one(known: Sequence[Answered], frame: Frame) -> list[Part]:
    """Each question before its answer; an answer that settles several stands once, after all of them."""
    parts: list[Part] = []
    for place, one in enumerate(known):
        if any(one.parts == earlier.parts for earlier in known[:place]):
            continue
        parts += [_lead(a, frame) for a in known[place:] if a.parts == one.parts]
        parts += one.parts
    return parts


def _lead(answered: Answered, frame: Frame) -> Part:
    """A question as the customer put it, on one line."""
    text = " ".join(answered.question.split())
    return _part(PartKind.LEAD, text if len(text) <= LEAD_CHARS_MAX else text[:LEAD_CHARS_MAX] + " …", frame)


def _greeting(frame: Frame, *, grave: bool) -> str:
    """The greeting and the sentence after its comma: what follows is approved and begins as it was approved."""
    hello = greeting(frame.who, frame.language, frame.address, frame.texts)
    if not opens(frame.texts):
        return hello
    return f"{hello}\n\n{frame.say('mail_opening_grave' if grave else 'mail_opening')}"


def _greeting_before(text: str, frame: Frame) -> str:
    """The greeting before words that stay as they are: a comma, or what lets a new sentence begin."""
    full = _NEW_SENTENCE.match(text) is not None
    return greeting(frame.who, frame.language, frame.address, frame.texts, full=full)


def _sign_off(frame: Frame, signer: str) -> str:
    return "\n".join(line for line in (frame.say("mail_closing"), signer, frame.company) if line)


def _part(kind: PartKind, text: str, frame: Frame) -> Part:
    return Part(kind, text, frame.language)
