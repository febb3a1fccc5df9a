"""What a delivery needs from outside: the outbox, a carrier per channel, and for mail a writer and a server.

I decide the shapes. Adapters and channels implement me, flows call me. I never name a library.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from taktvoll.base.ids import OutboxId, WorkspaceId
from taktvoll.domain.conversation.ports import Change, Decided
from taktvoll.domain.conversation.terms import Event, NewEvent
from taktvoll.domain.delivery.letter import Letter
from taktvoll.domain.delivery.outgoing import Dkim, Outgoing
from taktvoll.domain.delivery.terms import Claimed, Envelope, Found, Outcome, Parcel, Receipt, RowState


class Outbox(Protocol):
    """Released messages on their way out; every method works within one workspace."""

    async def claim(
        self,
        workspace: WorkspaceId,
        channels: Sequence[str],
        claim: UUID,
        now: datetime,
        lasting: timedelta,
        limit: int,
    ) -> tuple[Claimed, ...]:
        """Take rows that are due, the longest due first; nobody else gets them until the claim ends.

        A row whose claim ended without a word is due again, marked as unsure.
        """
        ...

    async def settle(
        self,
        workspace: WorkspaceId,
        row: OutboxId,
        claim: UUID | None,
        state: RowState,
        *,
        due_at: datetime | None = None,
        counts: bool = True,
        unsure: bool = False,
        receipt: Receipt | None = None,
        event: NewEvent | None = None,
    ) -> Event | None:
        """Record how an attempt ended, with its event, in one commit.

        Takes:  claim: the one the row was taken under; None for a report about a row that was sent; counts: whether
                it was an attempt at all.
        Gives:  the event in its place; None where there was none, or where the row is no longer ours.
        """
        ...

    async def fail(
        self, workspace: WorkspaceId, row: OutboxId, claim: UUID | None, receipt: Receipt, change: Change
    ) -> Decided | None:
        """Give a row up and append the change that hands its conversation to a person: one commit.

        Gives:  how the change ended; None where the row is no longer ours, or has failed already.
        """
        ...

    async def find(self, workspace: WorkspaceId, key: str) -> Found | None:
        """Find a row by its idempotency key."""
        ...


class Carrier(Protocol):
    """Brings parcels of one channel to their recipients."""

    async def carry(
        self,
        parcels: Sequence[Parcel],
        until: datetime,
        done: Callable[[Parcel, Outcome], Awaitable[None]],
    ) -> None:
        """Try each parcel once and report each at once; what cannot be tried before `until` is postponed."""
        ...


class LetterWriter(Protocol):
    """Turns a letter into the bytes of a mail."""

    def write(self, letter: Letter, provenance: Callable[[str, str], str]) -> bytes:
        """Write it; lines end with CRLF, every byte is ASCII unless an address is not.

        Takes:  provenance: makes the value of the provenance header of the plain text and the HTML as written.
        """
        ...


class MailSigner(Protocol):
    """Signs mail for its domain."""

    def sign(self, raw: bytes, dkim: Dkim, at: datetime) -> bytes:
        """Put a DKIM-Signature before the mail; raises Refused("secret.missing"), Refused("secret.malformed")."""
        ...


class MailSession(Protocol):
    """A connection to a mail server, or the reason why there is none."""

    @property
    def refusal(self) -> Outcome | None:
        """Why it takes no more mail; None while it does."""
        ...

    async def send(self, envelope: Envelope, raw: bytes) -> Outcome:
        """Hand one mail over; never raises for what the server or the network does."""
        ...


class Postman(Protocol):
    """Connects to the server that takes a mailbox's mail."""

    def session(self, mailbox: Outgoing) -> AbstractAsyncContextManager[MailSession]:
        """Connect, secure, sign in; what fails stands in the session's refusal."""
        ...


class Secrets(Protocol):
    """Passwords and keys by reference; they never enter the database."""

    def read(self, reference: str) -> bytes:
        """Give what a reference stands for; raises Refused("secret.missing"), Refused("secret.malformed")."""
        ...


class KeptSecrets(Secrets, Protocol):
    """Secrets of which some are replaced by whoever issued them, so that we must keep the newer one."""

    def hold(self, reference: str) -> Callable[[], None] | None:
        """Keep other processes from using or replacing a secret that lies in a file.

        Gives:  what lets it go again; None while another holds it.
        Raises: Refused("secret.malformed") for what is no file, Refused("secret.folder") where we cannot write.
        """
        ...

    def replace(self, reference: str, value: bytes) -> None:
        """Put a new secret in place of the one in a file, whole and for good, or not at all.

        Raises: Refused("secret.malformed"), Refused("secret.folder").
        """
        ...
