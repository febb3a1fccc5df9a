"""What people need from outside: workspaces, staff, passwords, keys.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from taktvoll.base.ids import StaffId, WorkspaceId
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.people.terms import Role, Staff, Workspace


class Directory(Protocol):
    """Workspaces, channel accounts, staff and who tried to sign in."""

    async def workspace(self, name: str) -> Workspace:
        """Find a workspace by name; raises Refused("workspace.unknown")."""
        ...

    async def workspace_by_id(self, workspace: WorkspaceId) -> Workspace:
        """Find a workspace by id; raises Refused("workspace.unknown")."""
        ...

    async def workspaces(self) -> tuple[Workspace, ...]:
        """All workspaces of this installation."""
        ...

    async def make_workspace(
        self, name: str, language: str, settings: Mapping[str, object], at: datetime
    ) -> Workspace:
        """Make a workspace with accounts "web" and "ask"; gives an existing one of that name."""
        ...

    async def set_settings(self, workspace: WorkspaceId, settings: Mapping[str, object]) -> None:
        """Replace a workspace's settings; raises Refused("workspace.unknown")."""
        ...

    async def account(self, workspace: WorkspaceId, channel: str, name: str) -> Account:
        """Find a channel account; raises Refused("account.unknown")."""
        ...

    async def make_account(self, workspace: WorkspaceId, channel: str, name: str, at: datetime) -> Account:
        """Make a channel account without settings; gives an existing one of that name."""
        ...

    async def accounts(self, channel: str) -> tuple[Account, ...]:
        """All accounts of a channel, over all workspaces of this installation."""
        ...

    async def set_account(
        self, workspace: WorkspaceId, channel: str, name: str, settings: Mapping[str, object]
    ) -> None:
        """Replace an account's settings; raises Refused("account.unknown")."""
        ...

    async def add_staff(
        self,
        workspace: WorkspaceId,
        email: str,
        name: str,
        role: Role,
        password_hash: str,
        at: datetime,
        by: str = "program",
    ) -> Staff:
        """Add a member of staff, or renew the name, role and password of the one with this address; it is logged.

        Raises: Refused("staff.last_admin").
        """
        ...

    async def remove_staff(
        self, workspace: WorkspaceId, email: str, at: datetime, by: str = "program"
    ) -> None:
        """Let someone sign in no more and end their sessions; it is logged.

        Raises: Refused("staff.unknown"), Refused("staff.last_admin").
        """
        ...

    async def staff_by_email(self, workspace: WorkspaceId, email: str) -> tuple[Staff, str] | None:
        """Find an active member of staff and the password's hash."""
        ...

    async def staff(self, workspace: WorkspaceId) -> tuple[Staff, ...]:
        """All active staff."""
        ...

    async def staff_by_id(self, workspace: WorkspaceId, staff: StaffId) -> Staff | None:
        """Find an active member of staff."""
        ...

    async def note_sign_in(self, workspace: WorkspaceId, email_digest: bytes, ok: bool, at: datetime) -> None:
        """Keep an attempt to sign in; a success clears the failures before it."""
        ...

    async def failed_sign_ins(self, workspace: WorkspaceId, email_digest: bytes, since: datetime) -> int:
        """How often signing in failed since then."""
        ...


class Passwords(Protocol):
    """Hashes and checks passwords, slowly on purpose."""

    async def hash(self, password: str) -> str:
        """Hash a password with a fresh salt."""
        ...

    async def check(self, password: str, hashed: str | None) -> bool:
        """Check a password; takes as long when there is no hash, so that addresses cannot be guessed."""
        ...


class Keys(Protocol):
    """Secrets of this installation; they never enter the database."""

    def seal(self, purpose: str, payload: bytes) -> str:
        """Make a signed text token of a payload for one purpose."""
        ...

    def unseal(self, purpose: str, token: str) -> bytes | None:
        """Give back the payload of a genuine token, None for anything else; older keys still verify."""
        ...

    def encrypt(self, purpose: str, about: str, secret: bytes) -> bytes:
        """Hide a secret that must lie in the store; only the same purpose and subject open it again."""
        ...

    def decrypt(self, purpose: str, about: str, hidden: bytes) -> bytes | None:
        """Give back what encrypt hid, also under a rotated key; None for anything else."""
        ...

    def sign(self, body: bytes) -> tuple[str, bytes]:
        """Sign with the installation's Ed25519 key; gives (key id, signature)."""
        ...

    def verify(self, key_id: str, body: bytes, signature: bytes) -> bool:
        """Check a signature by a key of this installation, also a rotated one."""
        ...

    def digest(self, purpose: str, value: str) -> bytes:
        """A keyed digest, to recognise a value without keeping it."""
        ...
