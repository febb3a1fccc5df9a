"""What people need from outside: workspaces, staff, sessions, passwords, keys.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from taktvoll.base.ids import StaffId, WorkspaceId
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.people.terms import Role, Staff, Workspace


class Directory(Protocol):
    """Workspaces, channel accounts, staff and their sessions."""

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
        self, workspace: WorkspaceId, email: str, name: str, role: Role, password_hash: str, at: datetime
    ) -> Staff:
        """Add a member of staff, or renew the name, role and password of the one with this address."""
        ...

    async def remove_staff(self, workspace: WorkspaceId, email: str) -> None:
        """Let someone sign in no more and end their sessions; raises Refused("staff.unknown")."""
        ...

    async def staff_by_email(self, workspace: WorkspaceId, email: str) -> tuple[Staff, str] | None:
        """Find an active member of staff and the password's hash."""
        ...

    async def staff(self, workspace: WorkspaceId) -> tuple[Staff, ...]:
        """All active staff."""
        ...

    async def open_session(
        self, workspace: WorkspaceId, staff: StaffId, token_hash: bytes, at: datetime, until: datetime
    ) -> None:
        """Keep a session by the hash of its token."""
        ...

    async def session(self, workspace: WorkspaceId, token_hash: bytes, at: datetime) -> Staff | None:
        """The member of staff of a session that has not ended."""
        ...

    async def end_session(self, workspace: WorkspaceId, token_hash: bytes) -> None:
        """End a session."""
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

    def sign(self, body: bytes) -> tuple[str, bytes]:
        """Sign with the installation's Ed25519 key; gives (key id, signature)."""
        ...

    def verify(self, key_id: str, body: bytes, signature: bytes) -> bool:
        """Check a signature by a key of this installation, also a rotated one."""
        ...

    def digest(self, purpose: str, value: str) -> bytes:
        """A keyed digest, to recognise a value without keeping it."""
        ...
