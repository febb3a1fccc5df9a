"""Message-IDs of what we send, made from the outbox row's key and read back from what mentions them.

I decide their form. The letter, the flow note_bounce and the mail channel's way in call me. I never look anything up.
"""

import re
from uuid import UUID

_OURS = re.compile(r"^<?tv\.([0-9a-f]{32})@[A-Za-z0-9.-]{1,253}>?$")


def message_id_of(key: str, domain: str) -> str:
    """Name the message of a row: a repeat after a crash has the same name, so that receivers can see the double.

    Takes:  key: the row's idempotency key, a UUID; domain: of the sender's address.
    """
    return f"<tv.{UUID(key).hex}@{domain}>"


def key_of(message_id: str) -> str | None:
    """Give back the idempotency key of a Message-ID of ours; None for any other."""
    match = _OURS.fullmatch(message_id.strip())
    return str(UUID(match[1])) if match else None
