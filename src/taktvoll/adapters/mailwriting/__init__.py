"""Writing mail: from a letter to the bytes that a server takes."""

from taktvoll.adapters.mailwriting.writer import MailWriter

__all__ = ["MailWriter"]
