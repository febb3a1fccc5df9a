"""Proving the record: each conversation's chain, the digests of its texts, and the signed heads of all.

I decide what counts as tampering. The audit flows call me with raw rows. I never repair anything.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from taktvoll.base.errors import Broken
from taktvoll.base.hashing import GENESIS, canonical, event_hash, merkle_root, salted_digest
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event exactly as stored, with its personal text and salt where they still exist.

    `files` are the SHA-256 of the files that were sent with it, as they lie in the store now, sorted.
    """

    conversation: ConversationId
    seq: int
    kind: str
    at: datetime
    body: bytes
    fields: dict[str, object]
    prev_hash: bytes
    hash: bytes
    text_id: str | None
    content: str | None
    salt: bytes | None
    erased: bool
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a conversation's chain as its row says."""

    conversation: ConversationId
    last_seq: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class Chain:
    """A conversation's head and its events in their order, both as of one instant: people write while it is proven."""

    head: Head
    events: tuple[RawEvent, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: a dotted code and where."""

    code: str
    conversation: str
    seq: int


def check_chain(head: Head, events: Iterable[RawEvent]) -> list[Finding]:
    """Check one conversation's chain from its first event to its head."""
    name = str(head.conversation)
    found: list[Finding] = []
    prev, seq = GENESIS, 0
    for event in events:
        seq += 1
        if event.seq != seq:
            found.append(Finding("chain.gap", name, seq))
            seq = event.seq
        if event.prev_hash != prev or event.hash != event_hash(
            event.prev_hash, head.conversation, event.seq, event.body
        ):
            found.append(Finding("chain.broken", name, event.seq))
        found.extend(_check_row(name, event))
        prev = event.hash
    if (seq, prev) != (head.last_seq, head.last_hash):
        found.append(Finding("chain.head", name, head.last_seq))
    return found


def _check_row(name: str, event: RawEvent) -> Iterable[Finding]:
    fields = event.fields
    if event.content is not None and _named_files(fields) != sorted(event.files):
        yield Finding("file.differs", name, event.seq)
    if not _is_canonical(event):
        yield Finding("event.not_canonical", name, event.seq)
    if fields.get("kind") != event.kind or fields.get("at") != rfc3339(event.at):
        yield Finding("event.columns_differ", name, event.seq)
    reference = fields.get("text_ref")
    if not isinstance(reference, dict):
        if event.text_id is not None:
            yield Finding("text.detached", name, event.seq)
        return
    if event.text_id != reference.get("id"):
        yield Finding("text.detached", name, event.seq)
    elif event.content is None:
        if not event.erased:
            yield Finding("text.missing", name, event.seq)
    elif event.salt is None or salted_digest(event.salt, event.content) != reference.get("digest"):
        yield Finding("text.changed", name, event.seq)


def _named_files(fields: dict[str, object]) -> list[str]:
    """The hashes of the files that an event says went along; whatever cannot be read fits no file."""
    payload = fields.get("payload")
    named = payload.get("files", []) if isinstance(payload, dict) else []
    if not isinstance(named, list):
        return ["?"]
    return sorted(str(f.get("sha256")) if isinstance(f, dict) else "?" for f in named)


def _is_canonical(event: RawEvent) -> bool:
    try:
        return canonical(event.fields) == event.body
    except Broken:
        return False


def checkpoint_body(
    number: int, at: datetime, heads: Iterable[Head], previous: str, moved: Iterable[Head] | None = None
) -> bytes:
    """The bytes that a checkpoint signs: a Merkle root over all heads, those that moved, the checkpoint before it.

    Takes:  previous: hex digest of the previous checkpoint's body or ""; moved: heads that no earlier checkpoint
            states, all by default: so a checkpoint grows with what happened, not with what there is.
    """
    listed = sorted(heads, key=lambda h: h.conversation.bytes)
    named = listed if moved is None else sorted(moved, key=lambda h: h.conversation.bytes)
    leaves = [h.conversation.bytes + h.last_seq.to_bytes(8, "big") + h.last_hash for h in listed]
    fields = {
        "at": rfc3339(at),
        "conversations": {str(h.conversation): [h.last_seq, h.last_hash.hex()] for h in named},
        "count": len(listed),
        "number": number,
        "previous": previous,
        "root": merkle_root(leaves).hex(),
    }
    return canonical(fields)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of all heads at one time."""

    number: int
    body: bytes
    signature: bytes
    key_id: str


Stated = dict[ConversationId, set[tuple[int, bytes]]]
"""What checkpoints state of each conversation: pairs of seq and hash."""


def stated_by(bodies: Iterable[bytes]) -> Stated:
    """Gather what genuine checkpoints state: all of them, because the newest was signed over whatever it found."""
    stated: Stated = {}
    for body in bodies:
        for name, (seq, digest) in json.loads(body)["conversations"].items():
            stated.setdefault(ConversationId(UUID(name)), set()).add((seq, bytes.fromhex(digest)))
    return stated


def check_stated(
    conversation: ConversationId, stated: Iterable[tuple[int, bytes]], events: Iterable[RawEvent]
) -> list[Finding]:
    """Check that all that was stated of one conversation is still there; gives the first seq that is not."""
    kept = {(e.seq, e.hash) for e in events}
    lost = sorted(seq for seq, digest in stated if (seq, digest) not in kept)
    return [Finding("checkpoint.rewritten", str(conversation), lost[0])] if lost else []
