"""What was asked in vain is not asked again at once, however many mails and mailboxes are waiting for it.

I decide how long. tokens.py calls me, in threads. I never hold back another question: who agreed anew, or put a new
secret in its place, is served at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.mail.oauth import OAuth

AGAIN_S = 60
"""So long a refusal stands, and so long no second token is fetched because a mail server refuses one."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a question ended in, and until when that is the answer to it."""

    used: tuple[bytes, ...] = field(repr=False)
    error: TaktvollError
    until_s: float


class Restraint:
    """The questions that failed last, by setting."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Take the clock."""
        self._now_s = now_s
        self._failed: dict[OAuth, _Failed] = {}

    @contextmanager
    def once(self, oauth: OAuth, *used: bytes) -> Iterator[None]:
        """Let a question through, unless the same one has just failed: then fail as it did.

        Takes:  used: the secrets that it is asked with.
        Raises: what the question raised, while that stands.
        """
        last = self._failed.get(oauth)
        if last is not None and last.used == used and self._now_s() < last.until_s:
            raise _again(last.error)
        try:
            yield
        except (Refused, Unavailable) as error:
            for_s = error.retry_after_s if isinstance(error, Unavailable) else AGAIN_S
            self._failed[oauth] = _Failed(used, _again(error), self._now_s() + for_s)
            raise
        self._failed.pop(oauth, None)


def _again(error: TaktvollError) -> Refused | Unavailable:
    """Make the same failure anew: one that is raised twice grows by every way that it took."""
    if isinstance(error, Unavailable):
        return Unavailable(error.code, error.retry_after_s)
    return Refused(error.code)
