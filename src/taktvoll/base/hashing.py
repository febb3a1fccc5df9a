"""Hashes that make the record provable: canonical JSON, event hash, salted digest, Merkle root.

I decide the exact bytes that are hashed. The record's adapters, the audit flows and the editions call me.
I never keep keys and never see a database.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from uuid import UUID

from taktvoll.base.errors import Broken

GENESIS = bytes(32)


def canonical(value: object) -> bytes:
    """Write a value as canonical JSON.

    Takes:  None, bool, int within ±2^53, str, list or tuple, dict with ASCII keys; no floats (store scores as ppm).
    Gives:  UTF-8 bytes; equal values give equal bytes.
    Raises: Broken("hash.not_canonical") for anything else.
    Source: RFC 8785; with ASCII keys its UTF-16 ordering is plain ordering.
    """
    _refuse_uncanonical(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:  # a lone surrogate
        raise Broken("hash.not_canonical") from error


def _refuse_uncanonical(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int) and abs(value) <= 2**53:
        return
    if isinstance(value, str):
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _refuse_uncanonical(item)
        return
    if isinstance(value, dict) and all(isinstance(k, str) and k.isascii() for k in value):
        for item in value.values():
            _refuse_uncanonical(item)
        return
    raise Broken("hash.not_canonical")


def event_hash(prev: bytes, conversation: UUID, seq: int, body: bytes) -> bytes:
    """Chain one event to the one before it; PostgreSQL computes the same in the appending statement."""
    return hashlib.sha256(prev + conversation.bytes + seq.to_bytes(8, "big") + body).digest()


def salted_digest(salt: bytes, text: str) -> str:
    """Stand for a personal text in the chain (HMAC-SHA-256, hex); without the salt it says nothing."""
    return hmac.new(salt, text.encode("utf-8"), hashlib.sha256).hexdigest()


def content_hash(body: bytes) -> str:
    """Name a part of an edition by its content (SHA-256, hex)."""
    return hashlib.sha256(body).hexdigest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Fold many hashes to one; leaves and nodes are hashed under different prefixes.

    Source: RFC 6962, section 2.1.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]
