"""To which conversation a mail belongs, and when no automatic answer may go to it."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.ids import ConversationId
from taktvoll.domain.mail.terms import PERSON, Automatic, Headers, Mail, Report, Verdict
from taktvoll.domain.mail.threads import Joins, Known, Opens, may_answer_automatically, thread_of
from tests.domain.mails import NOW, mail

OURS = ConversationId(UUID(int=1))
KNOWN = Known(OURS, frozenset({"Eva@Example.org"}), "Rechnung")
BY_ID = {"<unsere-1@stadtwerke.example>": KNOWN}
MACHINE = Verdict(True, Automatic.OUT_OF_OFFICE, "wording.out_of_office")


def answer(subject: str = "AW: Rechnung", sender: str = "eva@example.org") -> Mail:
    """A mail that answers ours."""
    return mail(subject=subject, sender=sender, in_reply_to=("<unsere-1@stadtwerke.example>",))


def test_a_participant_who_answers_joins() -> None:
    """One matter, one conversation: header and participant both match."""
    assert thread_of(answer(), PERSON, BY_ID, NOW) == Joins(OURS)
    by_reference = mail(
        subject="Re: rechnung", references=("<x@example.org>", "<unsere-1@stadtwerke.example>")
    )
    assert thread_of(by_reference, PERSON, BY_ID, NOW) == Joins(OURS)


def test_a_stranger_never_joins() -> None:
    """Whoever got a mail forwarded must not read another's case: that would be a breach of data protection."""
    assert thread_of(answer(sender="boese@example.com"), PERSON, BY_ID, NOW) == Opens("stranger")
    assert thread_of(mail(subject="AW: Rechnung [Nr. 4711]"), PERSON, BY_ID, NOW) == Opens("no_reference")
    assert thread_of(answer(sender=""), PERSON, BY_ID, NOW) == Opens("stranger")


@pytest.mark.parametrize(
    ("subject", "reason"),
    [("WG: Rechnung", "forward"), ("Umzug", "other_subject"), ("AW: Umzug", "other_subject")],
)
def test_another_matter_opens_its_own(subject: str, reason: str) -> None:
    """People answer an old mail to write about something new."""
    assert thread_of(answer(subject), PERSON, BY_ID, NOW) == Opens(reason)


def test_an_empty_subject_changes_no_matter() -> None:
    """Phones send answers without a subject."""
    assert thread_of(answer(""), PERSON, BY_ID, NOW) == Joins(OURS)


def test_a_conversation_closed_long_ago_is_not_opened_again() -> None:
    """After a month it is a new matter; within it the old one goes on."""
    for days, expected in ((5, Joins(OURS)), (40, Opens("long_closed"))):
        closed = Known(OURS, KNOWN.participants, "Rechnung", NOW - timedelta(days=days))
        assert thread_of(answer(), PERSON, {"<unsere-1@stadtwerke.example>": closed}, NOW) == expected


def test_a_machine_joins_for_the_record_only() -> None:
    """An absence is worth knowing and must not be answered; its subject is the machine's own."""
    assert thread_of(answer("Abwesend"), MACHINE, BY_ID, NOW) == Joins(OURS, answerable=False)
    report = Report("delivery-status", (), "<unsere-1@stadtwerke.example>")
    bounce = mail(sender="mailer-daemon@mx.example", subject="Undelivered", report=report)
    assert thread_of(bounce, Verdict(True, Automatic.BOUNCE, "report"), BY_ID, NOW) == Joins(
        OURS, answerable=False
    )


def test_unknown_references_open() -> None:
    """A reference to a mail that we do not know proves nothing."""
    assert thread_of(mail(references=("<fremd@example.com>",)), PERSON, BY_ID, NOW) == Opens(
        "unknown_reference"
    )


@given(st.text(max_size=60), st.emails())
def test_no_subject_and_no_address_alone_ever_joins(subject: str, sender: str) -> None:
    """Without a message id of ours there is no way in, whatever the mail says."""
    assert isinstance(thread_of(mail(subject=subject, sender=sender), PERSON, BY_ID, NOW), Opens)


@pytest.mark.parametrize(
    ("received", "verdict", "before", "reason"),
    [
        (mail(), PERSON, 0, ""),
        (mail(), PERSON, 3, "too_many"),
        (mail(), MACHINE, 0, "automatic"),
        (mail(headers=Headers(suppress="all")), PERSON, 0, "suppressed"),
        (mail(headers=Headers(suppress="oof, autoreply")), PERSON, 0, "suppressed"),
        (mail(headers=Headers(suppress="dr, oof")), PERSON, 0, ""),
        (mail(headers=Headers(null_sender=True)), PERSON, 0, "no_sender"),
        (mail(headers=Headers(ours="yes")), PERSON, 0, "ours"),
        (mail(message_id="<1@Stadtwerke.example>"), PERSON, 0, "ours"),
        (mail(sender="ohne"), PERSON, 0, "no_sender"),
    ],
)
def test_loops_are_cut(received: Mail, verdict: Verdict, before: int, reason: str) -> None:
    """Two machines that answer each other fill a mailbox in minutes."""
    at = [NOW - timedelta(minutes=number) for number in range(before)]
    assert may_answer_automatically(received, verdict, at, NOW, frozenset({"stadtwerke.example"})) == reason


def test_answers_of_yesterday_count_no_more() -> None:
    """A customer who writes every day is no loop."""
    at = [NOW - timedelta(days=number) for number in range(1, 9)]
    assert may_answer_automatically(mail(), PERSON, at, NOW) == ""
