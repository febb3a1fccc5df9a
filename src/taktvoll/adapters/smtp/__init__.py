"""Mail over SMTP: a session with the server that takes a mailbox's mail, and DKIM signatures."""

from taktvoll.adapters.smtp.dkim import DkimSigner
from taktvoll.adapters.smtp.postman import SmtpPostman

__all__ = ["DkimSigner", "SmtpPostman"]
