"""Where a refresh token lies, and how its successor takes its place without ever being lost between the two.

I decide the order: alone with the file, then the server, then the disk. tokens.py and consents.py call me, in threads.
I never keep a token in the database, and never ask a server for one that I could not put away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.limits import OAUTH_S_MAX
from taktvoll.domain.delivery.ports import KeptSecrets

LOOK_S = 0.05
HELD_S_MAX = 3 * OAUTH_S_MAX


class RefreshTokens:
    """The refresh tokens of an installation, by reference."""

    def __init__(self, secrets: KeptSecrets) -> None:
        """Take where secrets lie."""
        self._secrets = secrets
        self._unkept: dict[str, tuple[str, str]] = {}

    @contextmanager
    def alone(self, reference: str) -> Iterator[None]:
        """Keep every other process of this installation from using the same token meanwhile.

        A provider that replaces refresh tokens may take two uses of one for theft and end the consent.
        """
        let_go = self._held(reference)
        try:
            yield
        finally:
            let_go()

    def read(self, reference: str) -> str:
        """Give the newest token; raises Refused("mailbox.oauth_not_connected") where there is none yet."""
        found = self._found(reference)
        newer, instead_of = self._unkept.get(reference, ("", ""))
        # The disk was full, or the folder closed: nothing is asked until the token lies there.
        if newer and found == instead_of:
            self.keep(reference, newer, instead_of)
            return newer
        self._unkept.pop(reference, None)  # somebody agreed anew since
        return found

    def keep(self, reference: str, token: str, instead_of: str) -> None:
        """Put a token away; one that cannot be is remembered by this process, and put away as soon as it can be.

        Raises: Refused("mailbox.oauth_not_kept").
        """
        self._unkept[reference] = (token, instead_of)
        try:
            self._secrets.replace(reference, token.encode("ascii"))
        except Refused:
            raise Refused("mailbox.oauth_not_kept") from None
        del self._unkept[reference]

    def _found(self, reference: str) -> str:
        try:
            found = self._secrets.read(reference).decode("ascii", "replace").strip()
        except Refused as error:
            if error.code != "secret.missing":
                raise
            raise Refused("mailbox.oauth_not_connected") from None
        if not found:
            raise Refused("mailbox.oauth_not_connected")
        return found

    def _held(self, reference: str) -> Callable[[], None]:
        until = monotonic() + HELD_S_MAX
        while True:
            try:
                let_go = self._secrets.hold(reference)
            except Refused as error:
                if error.code != "secret.folder":
                    raise
                raise Refused("mailbox.oauth_not_kept") from None
            if let_go is not None:
                return let_go
            if monotonic() > until:
                raise Unavailable("mailbox.oauth_unreachable", OAUTH_S_MAX)
            sleep(LOOK_S)
