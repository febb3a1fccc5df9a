"""Argon2Passwords, the port Passwords by Argon2id (RFC 9106) with argon2-cffi's default costs.

I decide costs, how many run at once and what stands in for a missing hash. The sign-in flow calls me.
I never block the event loop and never answer faster because an address is unknown.
"""

import asyncio
import base64
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE_MAX = 2


class Argon2Passwords:
    """Hashes in two threads of its own: each takes 64 MiB, and a cancelled request cannot make room for a third."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take other costs for tests; the defaults are meant for people's passwords."""
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE_MAX, thread_name_prefix="passwords")
        self._stand_in = _stand_in(self._hasher)

    async def hash(self, password: str) -> str:
        """Hash a password with a fresh salt."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _bytes(password))

    async def check(self, password: str, hashed: str | None) -> bool:
        """Check a password; where there is no readable hash, a stand-in takes as long and never fits."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._fits, _bytes(password), hashed)

    def _fits(self, password: bytes, hashed: str | None) -> bool:
        try:
            self._hasher.verify(hashed or self._stand_in, password)
        except (InvalidHashError, UnicodeEncodeError):
            return self._fits(password, None)
        except VerificationError:
            return False
        return bool(hashed)


def _bytes(password: str) -> bytes:
    """Bring what was typed to one form: keyboards differ in how they send an ä (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _stand_in(hasher: PasswordHasher) -> str:
    """Write a hash of nothing known at the hasher's costs, without computing one."""
    salt, value = (_text(secrets.token_bytes(length)) for length in (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${value}"


def _text(value: bytes) -> str:
    return base64.b64encode(value).rstrip(b"=").decode("ascii")
