"""What signing in needs from outside: sessions, factors, the list of staff, keys, and a sign-in server.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from taktvoll.base.ids import SessionId, StaffId, WorkspaceId
from taktvoll.domain.people.access import Factor, Member, Noted, Session, Stage
from taktvoll.domain.people.keys import ApiKey
from taktvoll.domain.people.sign_on import Begun, SignOn, Vouched
from taktvoll.domain.people.terms import Role, Staff


class Sessions(Protocol):
    """Sessions by the hash of their token."""

    async def open(
        self,
        workspace: WorkspaceId,
        staff: StaffId,
        token_hash: bytes,
        at: datetime,
        until: datetime,
        stage: Stage = Stage.OPEN,
        device: str = "",
    ) -> None:
        """Keep a session; ended ones are cleared away."""
        ...

    async def find(
        self, workspace: WorkspaceId, token_hash: bytes, at: datetime, *, use: bool = True
    ) -> Session | None:
        """A session that has not ended, of someone who may still sign in; use says that a person is at work."""
        ...

    async def of(self, workspace: WorkspaceId, staff: StaffId, at: datetime) -> tuple[Session, ...]:
        """Someone's open sessions, the last used first."""
        ...

    async def end(self, workspace: WorkspaceId, token_hash: bytes) -> None:
        """End a session by its token."""
        ...

    async def end_of(
        self,
        workspace: WorkspaceId,
        staff: StaffId,
        noted: Noted | None,
        only: SessionId | None = None,
        keep: bytes | None = None,
    ) -> int:
        """End someone's sessions: one, or all but the one with a token's hash; gives how many; notes if any."""
        ...


class Factors(Protocol):
    """Second factors and recovery codes."""

    async def factor(self, workspace: WorkspaceId, staff: StaffId) -> Factor | None:
        """Someone's factor, also an unconfirmed one."""
        ...

    async def begin(self, workspace: WorkspaceId, staff: StaffId, secret: bytes, at: datetime) -> None:
        """Keep a secret that is not confirmed yet, in place of an earlier unconfirmed one.

        Raises: Refused("factor.exists") where one is confirmed.
        """
        ...

    async def confirm(
        self, workspace: WorkspaceId, staff: StaffId, step: int, recovery: Sequence[bytes], noted: Noted
    ) -> bool:
        """Let the unconfirmed factor count from now on, with its recovery codes; False if there was none."""
        ...

    async def take_step(self, workspace: WorkspaceId, staff: StaffId, step: int) -> bool:
        """Use up a time step and all before it; False if it was used already."""
        ...

    async def take_recovery(
        self, workspace: WorkspaceId, staff: StaffId, digest: bytes, noted: Noted
    ) -> bool:
        """Use up a recovery code; False if there is none such, or it was used already."""
        ...

    async def renew_recovery(
        self, workspace: WorkspaceId, staff: StaffId, recovery: Sequence[bytes], noted: Noted
    ) -> None:
        """Put new recovery codes in place of all old ones."""
        ...

    async def remove(self, workspace: WorkspaceId, staff: StaffId, noted: Noted) -> bool:
        """Remove factor and recovery codes; False if there was no factor."""
        ...


class Staffing(Protocol):
    """The list of staff and its log. Whatever would leave a workspace without its last admin is refused."""

    async def members(self, workspace: WorkspaceId) -> tuple[Member, ...]:
        """Everyone, also those who left, by name."""
        ...

    async def member(self, workspace: WorkspaceId, staff: StaffId) -> Member:
        """One of them; raises Refused("staff.unknown")."""
        ...

    async def password_of(self, workspace: WorkspaceId, staff: StaffId) -> str:
        """The hash of someone's password; empty for one who has none."""
        ...

    async def invite(
        self,
        workspace: WorkspaceId,
        email: str,
        name: str,
        role: Role,
        link: tuple[bytes, datetime] | None,
        noted: Noted,
    ) -> Staff:
        """Add someone without a password, with a link (its token's hash, its end) or without.

        Raises: Refused("staff.exists"), also for the address of one who left.
        """
        ...

    async def renew_link(
        self, workspace: WorkspaceId, staff: StaffId, token_hash: bytes, until: datetime, noted: Noted
    ) -> None:
        """Keep a new link for someone; earlier ones open nothing any more. Raises Refused("staff.unknown")."""
        ...

    async def invited(self, workspace: WorkspaceId, token_hash: bytes, at: datetime) -> Staff | None:
        """Whom a link is for, while it has neither ended nor been used."""
        ...

    async def join(
        self, workspace: WorkspaceId, token_hash: bytes, password_hash: str, at: datetime, noted: Noted
    ) -> Staff | None:
        """Use up a link, set the password, end all sessions; None if the link opens nothing."""
        ...

    async def set_password(
        self, workspace: WorkspaceId, staff: StaffId, password_hash: str, keep: bytes, noted: Noted
    ) -> None:
        """Change a password; all sessions end but the one with this token's hash."""
        ...

    async def set_role(self, workspace: WorkspaceId, staff: StaffId, role: Role, noted: Noted) -> None:
        """Change a role; raises Refused("staff.last_admin"), Refused("staff.unknown")."""
        ...

    async def set_active(self, workspace: WorkspaceId, staff: StaffId, active: bool, noted: Noted) -> None:
        """Let someone sign in no more, or again; raises Refused("staff.last_admin"), Refused("staff.unknown")."""
        ...

    async def linked(self, workspace: WorkspaceId, issuer: str, subject: str) -> Staff | None:
        """Whom a person of a sign-in server is here, if they may sign in; raises Refused for one who left."""
        ...

    async def link(
        self, workspace: WorkspaceId, staff: StaffId, issuer: str, subject: str, noted: Noted
    ) -> None:
        """Say who a person of a sign-in server is; raises Refused("sign_on.not_allowed") where another holds it."""
        ...

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Append a line to the log."""
        ...

    async def log(self, workspace: WorkspaceId, limit: int) -> tuple[Noted, ...]:
        """The newest lines of the log, the newest first."""
        ...


class KeyStore(Protocol):
    """Keys for programs, by their handle."""

    async def make(self, workspace: WorkspaceId, key: ApiKey, secret_hash: bytes, noted: Noted) -> None:
        """Keep a new key."""
        ...

    async def keys(self, workspace: WorkspaceId) -> tuple[ApiKey, ...]:
        """All keys, the newest first."""
        ...

    async def find(self, workspace: WorkspaceId, handle: str) -> tuple[ApiKey, bytes] | None:
        """A key and what is kept of its secret."""
        ...

    async def used(self, workspace: WorkspaceId, handle: str, at: datetime) -> None:
        """Note that a key was used."""
        ...

    async def revoke(self, workspace: WorkspaceId, handle: str, noted: Noted) -> None:
        """End a key for good; raises Refused("key.missing"); one revoked already stays so."""
        ...


class OneTimeCodes(Protocol):
    """Codes by the clock, as authenticator apps make them."""

    def secret(self) -> bytes:
        """Make a fresh secret."""
        ...

    def step_of(self, secret: bytes, code: str, at: datetime) -> int | None:
        """The time step whose code this is: the current one or a neighbour; None for a wrong code."""
        ...

    def spelled(self, secret: bytes) -> str:
        """The secret as people type it into an app."""
        ...

    def picture(self, secret: bytes, company: str, email: str) -> str:
        """The picture that an app scans, as a data: address of an SVG."""
        ...


class SignOnServer(Protocol):
    """A company's sign-in server."""

    async def begin(self, setting: SignOn, back: str) -> Begun:
        """Make the address the browser goes to; raises Unavailable("sign_on.unreachable")."""
        ...

    async def finish(self, setting: SignOn, back: str, code: str, begun: Begun) -> Vouched:
        """Exchange the code and check all that is vouched for.

        Raises: Refused("sign_on.failed"), Unavailable("sign_on.unreachable").
        """
        ...
