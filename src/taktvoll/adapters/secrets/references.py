"""What a reference to a secret stands for.

I decide where secrets may lie: variables that begin with TAKTVOLL_SECRET_ and files in one folder, so that no setting
can name another program's secret. Adapters for mail and sign-in servers call me. I never keep or show what I read.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from taktvoll.base.errors import Refused

BYTES_MAX = 64 * 1024
ENVIRONMENT, FILE = "env:", "file:"
PREFIX = "TAKTVOLL_SECRET_"


class ReferencedSecrets:
    """Implements Secrets over a look-up of variables and a folder."""

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

    def _file(self, reference: str) -> bytes:
        name = reference.removeprefix(FILE)
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise Refused("secret.malformed", reference=reference)
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
