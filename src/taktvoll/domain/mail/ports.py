"""What reading mail needs from the outside: someone who turns bytes into a mail.

I decide the shape of the port. `adapters/mime` fills it; the command line and the mail channel use it.
I never say how.
"""

from typing import Protocol

from taktvoll.domain.mail.terms import Mail


class MailReader(Protocol):
    """Turns the bytes of a mail into a value."""

    def read(self, raw: bytes) -> Mail:
        """Read a mail.

        Takes:  the bytes of one mail, as they came.
        Gives:  the mail; what was wrong with it stands in its problems.
        Raises: Refused("mail.too_large"), Refused("mail.not_mail"), Refused("mail.empty").
        """
        ...
