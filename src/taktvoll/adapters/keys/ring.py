"""The key ring: which keys there are, the newest first, and how they lie in one file.

I decide names, forms and modes of what is kept. files.py calls me.
I never replace a ring that cannot be read: a lost key makes the record unprovable, so a person has to look.
"""

import base64
import binascii
import fcntl
import hashlib
import json
import logging
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from taktvoll.base.errors import Refused

FILE = "ring.json"
KEY_BYTES = 32
RING_BYTES_MAX = 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Master:
    """A secret that tokens and digests are derived from."""

    id: str
    secret: bytes = field(repr=False)

    @staticmethod
    def of(secret: bytes) -> "Master":
        """Name a secret by its hash; 256 random bits stay hidden behind it."""
        return Master(_name(b"taktvoll master", secret), secret)


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key, named by its public half."""

    id: str
    secret: bytes = field(repr=False)
    key: Ed25519PrivateKey

    @staticmethod
    def of(secret: bytes) -> "Signer":
        """Make the key of its 32 secret bytes (RFC 8032)."""
        key = Ed25519PrivateKey.from_private_bytes(secret)
        return Signer(_name(b"taktvoll signer", key.public_key().public_bytes_raw()), secret, key)


@dataclass(frozen=True)
class Ring:
    """All keys, the newest first: it seals and signs, the others still verify."""

    masters: tuple[Master, ...]
    signers: tuple[Signer, ...]
    stamp: tuple[int, int, int]


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """Tell one state of the file from another, cheaply; None where there is none."""
    try:
        found = (folder / FILE).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def load(folder: Path) -> Ring:
    """Read the ring, or make the first one; of several processes that try at once, all get the same.

    Raises: Refused where the keys are another user's, others can read them for good, or the file is damaged.
    """
    try:
        if stamp(folder) is None:
            with _alone(folder):
                if stamp(folder) is None:
                    _write(folder, (_new_secret(),), (_new_secret(),))
        _close(folder, stat.S_ISDIR, 0o700)
        _close(folder / FILE, stat.S_ISREG, 0o600)
        return _read(folder)
    except PermissionError:
        raise Refused(
            "usage", detail=f"the keys in {folder} belong to another user of this machine"
        ) from None


def rotate(folder: Path) -> Ring:
    """Put a new master and a new signer before the old ones, for every process that uses this folder."""
    load(folder)
    with _alone(folder):
        old = _read(folder)
        _write(
            folder,
            (_new_secret(), *(master.secret for master in old.masters)),
            (_new_secret(), *(signer.secret for signer in old.signers)),
        )
        return _read(folder)


def _name(kind: bytes, value: bytes) -> str:
    return hashlib.sha256(kind + b"\0" + value).hexdigest()[:12]


def _new_secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(folder: Path, masters: tuple[bytes, ...], signers: tuple[bytes, ...]) -> None:
    """Write a ring whole or not at all, and see it on disk before anyone uses it."""
    ring = {"masters": [_text(key) for key in masters], "signers": [_text(key) for key in signers]}
    new = folder / f".{FILE}.new"
    with suppress(FileNotFoundError):
        new.unlink()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(ring, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / FILE)
    parent = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    os.fsync(parent)
    os.close(parent)


def _read(folder: Path) -> Ring:
    path = folder / FILE
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        body = file.read(RING_BYTES_MAX)
    try:
        kept = json.loads(body)
        masters = tuple(Master.of(_secret(text)) for text in kept["masters"])
        signers = tuple(Signer.of(_secret(text)) for text in kept["signers"])
    except (ValueError, TypeError, KeyError):
        raise Refused("keys.damaged", path=str(path)) from None
    if not masters or not signers:
        raise Refused("keys.damaged", path=str(path))
    return Ring(masters, signers, (found.st_ino, found.st_mtime_ns, found.st_size))


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _secret(text: str) -> bytes:
    secret = base64.b64decode(text, validate=True)
    if len(secret) != KEY_BYTES:
        raise binascii.Error("wrong length")
    return secret


def _close(path: Path, is_kind: Callable[[int], bool], mode_max: int) -> None:
    """Take from others what they may do with a path; refuse it where that is not ours to do."""
    mode = path.stat().st_mode
    if not is_kind(mode):
        raise Refused("keys.damaged", path=str(path))
    if not stat.S_IMODE(mode) & 0o077:
        return
    try:
        path.chmod(mode_max)
    except OSError:
        raise Refused("keys.exposed", path=str(path), mode=f"{mode_max:o}") from None
    _log.warning("The keys could be read by other users of this machine; their mode is mended.")
