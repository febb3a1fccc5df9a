"""One mail as those see it who work with it: what is new in it, what it asks, and whether a machine wrote it.

I decide the order in which the rules of this room are asked. The command line and the mail channel call me.
I never read bytes: a mail comes to me as a value.
"""

from dataclasses import dataclass

from taktvoll.domain.mail.asks import asks_in
from taktvoll.domain.mail.automatic import verdict_of
from taktvoll.domain.mail.subjects import Subject, subject_of
from taktvoll.domain.mail.terms import Mail, Verdict, Written
from taktvoll.domain.mail.written import written_of

READ_CHARS_MAX = 100_000
"""Nobody writes more than this; each line of it is held against some fifty rules."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail, read. `questions` are the customer's own sentences; a machine asks none."""

    mail: Mail
    subject: Subject
    written: Written
    questions: tuple[str, ...]
    verdict: Verdict


def reading_of(mail: Mail) -> Reading:
    """Read a mail.

    Takes:  a mail as the adapter made it.
    Gives:  of the first 100,000 characters what was newly written, the questions and the verdict.
    """
    written = written_of(mail.text[:READ_CHARS_MAX])
    verdict = verdict_of(mail, written.new_text)
    questions = () if verdict.automatic else asks_in(written.new_text)
    return Reading(mail, subject_of(mail.subject), written, questions, verdict)
