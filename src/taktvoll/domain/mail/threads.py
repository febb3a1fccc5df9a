"""To which conversation a mail belongs, and whether an automatic answer to it could start a loop.

I decide by what cannot be guessed: a message id of that conversation and a participant's address, both. Flows call me.
I never join by a subject, a number or a name: whoever writes a case number into a mail is not its owner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from taktvoll.base.ids import ConversationId
from taktvoll.domain.contacts.addresses import compared, domain_key
from taktvoll.domain.mail.subjects import subject_of
from taktvoll.domain.mail.terms import Mail, Verdict, domain_of

REOPENS_FOR = timedelta(days=30)
ANSWERS_MAX = 3
ANSWERS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation that a mail may belong to. Addresses and message ids as they were written.

    `subject` is None where no mail of the customer is in it yet: it began elsewhere and went on by mail.
    """

    conversation: ConversationId
    participants: frozenset[str]
    subject: str | None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joins:
    """The mail belongs to this conversation. `answerable` is False where it goes on record only: a machine wrote it."""

    conversation: ConversationId
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Opens:
    """The mail opens a conversation of its own; the reason is a code: no_reference, unknown_reference, stranger,
    forward, other_subject, long_closed.
    """

    reason: str


def thread_of(
    mail: Mail,
    verdict: Verdict,
    by_message_id: Mapping[str, Known],
    now: datetime,
    *,
    reopens_for: timedelta = REOPENS_FOR,
) -> Joins | Opens:
    """Decide whether a mail goes on with a conversation.

    Takes:  candidates by the message ids that we sent or received in them.
    Gives:  the conversation, or why there is none. Where several headers match, the newest reference counts.
    """
    named = named_ids(mail)
    if not named:
        return Opens("no_reference")
    found = [by_message_id[one] for one in named if one in by_message_id]
    if not found:
        return Opens("unknown_reference")
    mine = [one for one in found if _takes_part(mail, one)]
    # A report on our own mail comes from a mail server, which takes part in nothing; it is only recorded.
    if verdict.automatic and (mine or mail.report is not None):
        return Joins((mine or found)[0].conversation, answerable=False)
    if not mine:
        return Opens("stranger")
    known = mine[0]
    subject = subject_of(mail.subject)
    if subject.is_forward:
        return Opens("forward")
    if known.subject is not None and subject.key and subject.key != subject_of(known.subject).key:
        return Opens("other_subject")
    if known.closed_at is not None and now - known.closed_at > reopens_for:
        return Opens("long_closed")
    return Joins(known.conversation)


def named_ids(mail: Mail) -> tuple[str, ...]:
    """Give the message ids that a mail refers to: first what it answers, then the newest reference."""
    reported = (mail.report.original_message_id,) if mail.report and mail.report.original_message_id else ()
    return tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references), *reported)))


def _takes_part(mail: Mail, known: Known) -> bool:
    return bool(mail.sender.key) and compared(mail.sender.address) in {
        compared(one) for one in known.participants
    }


def may_answer_automatically(
    mail: Mail,
    verdict: Verdict,
    answered_at: Sequence[datetime],
    now: datetime,
    our_domains: frozenset[str] = frozenset(),
    *,
    answers_max: int = ANSWERS_MAX,
    within: timedelta = ANSWERS_WITHIN,
) -> str:
    """Say why no automatic answer may go to this mail, "" where one may.

    Takes:  when automatic answers went to its sender before; the domains of our own message ids.
    Gives:  automatic, suppressed, ours, no_sender, too_many or "".
    Source: RFC 3834, section 2: never answer a machine, never an empty return path, and count.
    """
    if verdict.automatic:
        return "automatic"
    if mail.headers.null_sender or not domain_of(mail.sender.address):
        return "no_sender"
    if _suppressed(mail.headers.suppress):
        return "suppressed"
    if mail.headers.ours or domain_of(mail.message_id) in {domain_key(one) for one in our_domains}:
        return "ours"
    recent = sum(timedelta() <= now - at <= within for at in answered_at)
    return "too_many" if recent >= answers_max else ""


def _suppressed(header: str) -> bool:
    """Read X-Auto-Response-Suppress: AutoReply or All forbid an answer, the others only reports and absences."""
    return bool({"all", "autoreply"} & {one.strip() for one in header.casefold().split(",")})
