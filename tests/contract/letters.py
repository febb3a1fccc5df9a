"""Mails as customers write them, for tests that need one more and not a particular one.

I decide their form. The tests of the mail channel call me. I never read one.
"""

from uuid import uuid4


def letter(
    text: str = "Wann haben Sie geöffnet?",
    *,
    sender: str = "Eva Meier <eva@kundin.example>",
    to: str = "service@stadtwerke.example",
    subject: str = "Öffnungszeiten",
    message_id: str | None = None,
    headers: str = "",
) -> bytes:
    """A plain mail; headers are further lines, each with its line end."""
    name = message_id if message_id is not None else f"<{uuid4().hex}@kundin.example>"
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 02 Nov 2026 09:30:00 +0100\r\n"
    head += f"Message-ID: {name}\r\n" if name else ""
    head += headers + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return (head + text.replace("\n", "\r\n") + "\r\n").encode("utf-8")


def answering(message_id: str) -> str:
    """The headers of an answer to a mail."""
    return f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n"
