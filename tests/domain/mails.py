"""Mails for the tests of the rules: made in a line, everything that does not matter filled in."""

from datetime import UTC, datetime

from taktvoll.domain.mail.terms import Address, Headers, Mail, Origin, Report, Sealed

NOW = datetime(2024, 5, 14, 8, 0, tzinfo=UTC)


def mail(
    *,
    sender: str = "eva@example.org",
    name: str = "",
    subject: str = "Rechnung",
    text: str = "",
    headers: Headers | None = None,
    report: Report | None = None,
    in_reply_to: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    message_id: str = "<m1@example.org>",
    reply_to: tuple[Address, ...] = (),
    calendar_method: str = "",
) -> Mail:
    """Make a mail."""
    return Mail(
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        sender=Address(name, sender),
        reply_to=reply_to,
        to=(),
        cc=(),
        recipients=1,
        subject=subject,
        date=NOW,
        headers=headers or Headers(),
        origin=Origin(),
        text=text,
        html="",
        images_blocked=0,
        attachments=(),
        signed=Sealed.NO,
        encrypted=Sealed.NO,
        report=report,
        calendar_method=calendar_method,
        problems=(),
    )
