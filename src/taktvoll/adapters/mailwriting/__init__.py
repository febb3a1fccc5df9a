"""Writing mail: from a letter to the bytes that a server takes, and back to its texts for a check."""

from taktvoll.adapters.mailwriting.texts import files_in, texts_in
from taktvoll.adapters.mailwriting.writer import MailWriter

__all__ = ["MailWriter", "files_in", "texts_in"]
