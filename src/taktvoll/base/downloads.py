"""How a file leaves us over HTTP: to be saved, never to be run; a picture may be shown.

I decide the headers of a download and how a size reads. The desk and the chat call me. I never trust what a file
claims to be.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
MEDIA_TYPE = "application/octet-stream"
NAME_CHARS_MAX = 150
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def download_headers(name: str) -> Mapping[str, str]:
    """The headers under which a file of any kind may be handed out.

    Source: RFC 6266, RFC 8187.
    """
    plain = _PLAIN.sub("_", name)[:80] or "anhang"
    named = quote(name[:NAME_CHARS_MAX], safe="")
    return {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{named}",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }


def picture_headers() -> Mapping[str, str]:
    """The headers under which a picture may be shown as one, when its first bytes say that it is: to our own pages."""
    return {
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
        "Content-Security-Policy": f"{SANDBOX}; style-src 'unsafe-inline'",  # the browser's own frame around a picture
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def size_of(size: int, language: str) -> str:
    """A size as people read it."""
    for unit, bytes_in in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= bytes_in:
            text = f"{size / bytes_in:.1f} {unit}"
            return text.replace(".", ",") if language.startswith("de") else text
    return f"{size} B"
