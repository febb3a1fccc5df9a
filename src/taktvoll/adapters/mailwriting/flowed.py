"""Plain text as format=flowed (RFC 3676): short lines for old readers, one paragraph for new ones.

I decide where lines break. The writer calls me. I never change a word.
"""

from taktvoll.domain.delivery.letter import SIGNATURE

WIDTH = 72


def flowed(text: str) -> str:
    """Break paragraphs into lines; a blank at a line's end says that the paragraph goes on."""
    return "\n".join(_paragraph(line) for line in text.split("\n"))


def _paragraph(line: str) -> str:
    if line == SIGNATURE:  # its blank is part of it, and says nothing about the next line
        return line
    quote = "> " if line.startswith("> ") else ""
    words = line.removeprefix(quote).rstrip(" ").split(" ")
    lines, current = [], ""
    for word in words:
        if current and len(current) + 1 + len(word) > WIDTH:
            lines.append(_stuffed(current, quote) + " ")
            current = word
        else:
            current = f"{current} {word}" if current else word
    return "\n".join([*lines, _stuffed(current, quote)])


def _stuffed(line: str, quote: str) -> str:
    """A line of ours that looks like a quote, or begins with a blank or "From ", is marked by a blank before it."""
    if not quote and line.startswith((" ", ">", "From ")):
        return f" {line}"
    return quote + line
