"""Writing mail: from a letter to the bytes that a server takes, and back to its texts for a check."""

from taktvoll.adapters.mailwriting.texts import texts_in
from taktvoll.adapters.mailwriting.writer import MailWriter

__all__ = ["MailWriter", "texts_in"]
