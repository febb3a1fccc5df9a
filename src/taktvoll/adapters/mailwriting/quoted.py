"""Quoted-printable (RFC 2045, section 6.7): text that passes every server unchanged.

I decide how a text is encoded. The writer calls me. I never leave a line longer than 76 characters.
"""

from email.quoprimime import body_encode


def quoted_printable(text: str) -> bytes:
    """Encode a text; lines end with CRLF, and dots and "From " at their start are hidden from old servers."""
    raw = text.encode("utf-8").decode("latin-1")
    lines = body_encode(raw, maxlinelen=76, eol="\n").split("\n")
    return "\r\n".join(_guarded(line) for line in lines).encode("ascii")


def _guarded(line: str) -> str:
    if line.startswith("From ") and len(line) < 74:
        return "=46" + line[1:]
    if line.startswith(".") and len(line) < 74:
        return "=2E" + line[1:]
    return line
