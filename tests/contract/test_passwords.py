"""What the port Passwords promises, held against Argon2Passwords."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher

from taktvoll.adapters.passwords import Argon2Passwords
from taktvoll.domain.people.ports import Passwords


@pytest.fixture
def passwords() -> Passwords:
    """Small costs: these tests are about behaviour."""
    return Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


async def test_the_right_password_fits_and_no_other(passwords: Passwords) -> None:
    """Signing in is this and nothing else."""
    hashed = await passwords.hash("Öffne dich, Sesam")
    assert await passwords.check("Öffne dich, Sesam", hashed)
    assert not await passwords.check("öffne dich, Sesam", hashed)
    assert not await passwords.check("", hashed)


async def test_a_hash_keeps_nothing_readable_and_is_salted(passwords: Passwords) -> None:
    """A stolen table must not show who shares a password."""
    first, second = await passwords.hash("geheim"), await passwords.hash("geheim")
    assert first != second
    assert first.startswith("$argon2id$")
    assert "geheim" not in first


async def test_an_umlaut_fits_however_the_keyboard_sends_it(passwords: Passwords) -> None:
    """macOS may send a and diaeresis apart; people are not to be locked out by it."""
    assert await passwords.check("Ba\u0308r", await passwords.hash("B\u00e4r"))


@pytest.mark.parametrize("hashed", [None, "", "garbage", "$argon2id$v=19$m=64,t=1,p=1$AAAA", "\u00e4"])
async def test_without_a_readable_hash_nothing_fits(passwords: Passwords, hashed: str | None) -> None:
    """A missing member of staff and a damaged row both mean no."""
    assert not await passwords.check("geheim", hashed)
    assert not await passwords.check("\udc80", hashed)


class _Counting(PasswordHasher):
    """Counts what runs, and holds it until two run or enough is known."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.costs: list[str] = []
        self.running = self.peak = 0
        self._lock = threading.Lock()
        self._two = threading.Barrier(2)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        with self._lock:
            self.running += 1
            self.peak = max(self.peak, self.running)
        self._two.wait(10)
        try:
            self.costs.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)
        finally:
            with self._lock:
                self.running -= 1


async def test_a_missing_hash_costs_as_much_as_a_real_one() -> None:
    """Otherwise the time of an answer tells which addresses belong to staff."""
    hasher = _Counting()
    passwords = Argon2Passwords(hasher)
    hashed = await passwords.hash("geheim")
    await asyncio.gather(passwords.check("x", None), passwords.check("x", hashed))
    assert hasher.costs == [hashed.rsplit("$", 2)[0]] * 2


async def test_two_run_at_once_and_no_third() -> None:
    """Each takes 64 MiB: a crowd at the door must not take the machine's memory, and a pair need not queue."""
    hasher = _Counting()
    passwords = Argon2Passwords(hasher)
    await asyncio.gather(*(passwords.check("x", None) for _ in range(8)))
    assert hasher.peak == 2
