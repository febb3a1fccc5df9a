"""What a mail server is told to sign in by an access token: one of two mechanisms, the same over IMAP and SMTP.

I decide which mechanism is used and how its words are written. The adapters for mail servers call me.
I never send anything, and never look into a token.
Source: RFC 7628 (OAUTHBEARER), RFC 5801 section 4 (names in it); Google's and Microsoft's description of XOAUTH2.
"""

from collections.abc import Collection
from enum import StrEnum


class Bearer(StrEnum):
    """A mechanism (SASL)."""

    XOAUTH2 = "XOAUTH2"
    OAUTHBEARER = "OAUTHBEARER"


def bearer_of(offered: Collection[str]) -> Bearer | None:
    """Choose among what a server offers; the older one first, for that is what the large providers prove every day."""
    names = {name.upper() for name in offered}
    return next((bearer for bearer in Bearer if bearer in names), None)


def opening(bearer: Bearer, user: str, host: str, port: int, token: str) -> bytes:
    """Write the client's first words."""
    if bearer is Bearer.XOAUTH2:
        return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01".encode()


def closing(bearer: Bearer) -> bytes:
    """Write the answer to a server that says why it refuses; only after it does the refusal itself come."""
    return b"" if bearer is Bearer.XOAUTH2 else b"\x01"
