"""What a reference to a secret stands for.

I decide where secrets may lie: variables that begin with TAKTVOLL_SECRET_ and files in one folder, so that no setting
can name another program's secret. Adapters for mail, token and sign-in servers call me. I never keep or show a secret.
"""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from taktvoll.base.errors import Refused

BYTES_MAX = 64 * 1024
ENVIRONMENT, FILE = "env:", "file:"
PREFIX = "TAKTVOLL_SECRET_"


class ReferencedSecrets:
    """Implements KeptSecrets over a look-up of variables and a folder."""

    def __init__(self, variable: Callable[[str], str | None], folder: Path) -> None:
        self._variable = variable
        self._folder = folder

    def read(self, reference: str) -> bytes:
        """Give a secret without the line end that editors put behind it.

        Raises: Refused("secret.missing"), Refused("secret.malformed") where others can read the file.
        """
        if reference.startswith(ENVIRONMENT + PREFIX):
            value = self._variable(reference.removeprefix(ENVIRONMENT))
            if not value:
                raise Refused("secret.missing", reference=reference)
            return value.encode("utf-8")
        if reference.startswith(FILE):
            return self._file(reference)
        raise Refused("secret.malformed", reference=reference)

    def hold(self, reference: str) -> Callable[[], None] | None:
        """Lock a file beside it, which goes with this process whatever becomes of it."""
        name = self._name(reference)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._folder / f".{name}.lock", flags, 0o600)
        except OSError as error:
            raise Refused("secret.folder", reference=reference) from error
        try:
            self._hand_over(descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                return None
            raise Refused("secret.folder", reference=reference) from error  # a network folder without locks
        return lambda: os.close(descriptor)

    def replace(self, reference: str, value: bytes) -> None:
        """Write beside it, then change the names: whoever reads meanwhile finds the old one or the new one."""
        name, beside = self._name(reference), ""
        try:
            descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)  # mode 0600
            with os.fdopen(descriptor, "wb") as file:
                self._hand_over(descriptor)
                file.write(value)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(self._folder / name)
            self._settle()
        except OSError as error:
            if beside:
                with suppress(OSError):
                    Path(beside).unlink()
            raise Refused("secret.folder", reference=reference) from error

    def _hand_over(self, descriptor: int) -> None:
        """Give what an administrator's command makes to the folder's owner: the worker must be able to use it."""
        if os.geteuid() == 0:
            owner = self._folder.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)

    def _settle(self) -> None:
        """Have the new name on the disk before anyone relies on it."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _name(self, reference: str) -> str:
        name = reference.removeprefix(FILE)
        if not reference.startswith(FILE) or name in ("", ".", "..") or "/" in name or "\0" in name:
            raise Refused("secret.malformed", reference=reference)
        return name

    def _file(self, reference: str) -> bytes:
        name = self._name(reference)
        try:
            descriptor = os.open(
                self._folder / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except OSError as error:
            raise Refused("secret.missing", reference=reference) from error
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
                raise Refused("secret.malformed", reference=reference)
            return file.read(BYTES_MAX).rstrip(b"\r\n")
