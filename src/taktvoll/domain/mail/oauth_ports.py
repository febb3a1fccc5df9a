"""What signing in by tokens needs from outside: access tokens, and a person's consent.

I decide the shapes. `adapters/oauth` implements me; the adapters for mail servers, the flow connect_mailbox and the
command line call me. I never name a library.
"""

from dataclasses import dataclass, field
from typing import Protocol

from taktvoll.domain.mail.oauth import OAuth


@dataclass(frozen=True, slots=True)
class Asked:
    """A consent asked for by a code: a person opens `address` on any device and types `code`."""

    address: str
    code: str
    expires_s: int
    pause_s: int
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invited:
    """A consent asked for in a browser: a person opens `address` and brings back the address that it ends at."""

    address: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


class AccessTokens(Protocol):
    """Access tokens for mail servers."""

    async def token(self, oauth: OAuth, refused: str = "") -> str:
        """Give a token that holds for a while yet; whoever asks meanwhile for the same gets the same.

        Takes:  refused: the token that a mail server has just refused: another one is fetched, unless that was done.
        Gives:  the refused one itself where it is already such another one, fetched within the last minute.
        Raises: Refused or Unavailable with a code mailbox.oauth_… or secret.…; what failed is not asked again at once.
        """
        ...


class Consents(Protocol):
    """A person's consent, kept as a refresh token where the setting says."""

    async def ask(self, oauth: OAuth) -> Asked:
        """Ask for a consent by a code; raises Refused or Unavailable with a code mailbox.oauth_…"""
        ...

    async def wait(self, oauth: OAuth, asked: Asked) -> None:
        """Wait until the person agrees, and keep what comes; raises Refused("mailbox.oauth_denied") if they do not."""
        ...

    def invite(self, oauth: OAuth) -> Invited:
        """Make the address that a browser opens."""
        ...

    async def redeem(self, oauth: OAuth, invited: Invited, came_back: str) -> None:
        """Take the address that the browser ended at, and keep what it stands for.

        Raises: Refused("mailbox.oauth_pasted"), Refused("mailbox.oauth_denied").
        """
        ...
