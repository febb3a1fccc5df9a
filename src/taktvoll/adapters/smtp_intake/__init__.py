"""Takes mail in by SMTP or LMTP from the company's own mail server: the protocol by aiosmtpd."""

from taktvoll.adapters.smtp_intake.server import MailIntake

__all__ = ["MailIntake"]
