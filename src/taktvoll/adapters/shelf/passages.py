"""The passages of an edition in one mapped file, found by content hash or by name without a database.

I decide the file's layout: bodies one after the other, then a sorted table of digests. The shelf calls me.
I never keep passages in memory.
"""

import hashlib
import json
import mmap
import os
import secrets
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from taktvoll.domain.knowledge.terms import Passage, PassageKey, passage_from

_MAGIC = b"taktvoll passages 1\n"
_TAIL = struct.Struct(">QQ")
_RECORD = struct.Struct(">16sQI")


class PassageFile:
    """A mapped file of passages; safe to read from several threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(_MAGIC)] != _MAGIC or len(self._map) < len(_MAGIC) + _TAIL.size:
            raise ValueError("not a passage file")
        self._table, self._count = _TAIL.unpack(self._map[-_TAIL.size :])
        if self._table + self._count * _RECORD.size + _TAIL.size != len(self._map):
            raise ValueError("damaged passage file")

    def by_hash(self, content_hash: str) -> Passage | None:
        """Find a passage by its content hash; bytes that no longer have it are not given."""
        body = self._find(_digest(b"hash:" + content_hash.encode("ascii", "replace")))
        if body is None or hashlib.sha256(body).hexdigest() != content_hash:
            return None
        return passage_from(json.loads(body))

    def by_key(self, key: PassageKey) -> Passage | None:
        """Find a passage by its name."""
        body = self._find(_digest(b"key:" + "\0".join(key).encode("utf-8", "replace")))
        return None if body is None else passage_from(json.loads(body))

    def __iter__(self) -> Iterator[Passage]:
        """Every passage once, in the order they were written."""
        place = len(_MAGIC)
        while place < self._table:
            length = int.from_bytes(self._map[place : place + 4], "big")
            yield passage_from(json.loads(self._map[place + 4 : place + 4 + length]))
            place += 4 + length

    def close(self) -> None:
        """Unmap the file."""
        self._map.close()

    def _find(self, digest: bytes) -> bytes | None:
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            start = self._table + middle * _RECORD.size
            found, place, length = _RECORD.unpack(self._map[start : start + _RECORD.size])
            if found == digest:
                return bytes(self._map[place : place + length])
            low, high = (middle + 1, high) if found < digest else (low, middle)
        return None


async def write_passages(path: Path, passages: AsyncIterator[Passage]) -> None:
    """Write a draft, then rename it, so that a half-written file is never seen.

    The draft has a name of its own, as two may write the same file at once, and lies beside the file's folder, which
    may be tidied away meanwhile.
    """
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent.with_name(f"{path.parent.name}.{secrets.token_hex(4)}.new")
    records: list[bytes] = []
    with draft.open("wb") as file:
        file.write(_MAGIC)
        async for passage in passages:
            body = passage.body()
            file.write(len(body).to_bytes(4, "big"))
            place = file.tell()
            file.write(body)
            content_hash = hashlib.sha256(body).hexdigest()
            name = "\0".join(passage.key).encode("utf-8", "replace")
            records.append(_RECORD.pack(_digest(b"hash:" + content_hash.encode("ascii")), place, len(body)))
            records.append(_RECORD.pack(_digest(b"key:" + name), place, len(body)))
        table = file.tell()
        records.sort()
        file.writelines(records)
        file.write(_TAIL.pack(table, len(records)))
        file.flush()
        os.fsync(file.fileno())
    path.parent.mkdir(exist_ok=True)
    draft.rename(path)


def _digest(name: bytes) -> bytes:
    return hashlib.sha256(name).digest()[:16]
