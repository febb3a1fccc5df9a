"""Identifiers: typed UUIDv7 values and random public tokens.

I decide how an id is made and what its kinds are called. Every room calls me.
I never look anything up and never put meaning into an id beyond its time of birth.
"""

import os
import secrets
from datetime import datetime
from typing import NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", UUID)
ConversationId = NewType("ConversationId", UUID)
AccountId = NewType("AccountId", UUID)
TextId = NewType("TextId", UUID)
OutboxId = NewType("OutboxId", UUID)
StaffId = NewType("StaffId", UUID)
SessionId = NewType("SessionId", UUID)
WordingId = NewType("WordingId", UUID)
ContactId = NewType("ContactId", UUID)
IdentityId = NewType("IdentityId", UUID)


def uuid7(at: datetime) -> UUID:
    """Make a time-ordered id.

    Takes:  an aware time; milliseconds since 1970 must fit 48 bits.
    Gives:  a version 7 UUID whose remaining 74 bits are random.
    Source: RFC 9562, section 5.7.
    """
    milliseconds = int(at.timestamp() * 1000)
    value = bytearray(milliseconds.to_bytes(6, "big") + os.urandom(10))
    value[6] = (value[6] & 0x0F) | 0x70
    value[8] = (value[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(value))


def public_token() -> str:
    """Make an unguessable token for links and sessions (256 random bits, URL-safe)."""
    return secrets.token_urlsafe(32)
