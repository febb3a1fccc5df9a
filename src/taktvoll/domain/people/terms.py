"""Who works at the desk, and the workspace they work in.

I decide what a member of staff is. The people store, the desk and the command line call me. I never hold a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from taktvoll.base.ids import StaffId, WorkspaceId


class Role(StrEnum):
    """What someone is here for; the permission matrix comes with the desk's own issue."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"
    ADMIN = "admin"
    AUDITOR = "auditor"


MAY_SERVE = frozenset({Role.AGENT, Role.LEAD, Role.ADMIN})
"""Roles that may read and answer conversations."""

MAY_LEAD = frozenset({Role.LEAD, Role.ADMIN})
"""Roles that may approve what the assistant does by itself."""

MAY_EDIT = frozenset({Role.EDITOR, Role.LEAD, Role.ADMIN})
"""Roles that may decide what the company says and how it is found."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff."""

    id: StaffId
    workspace: WorkspaceId
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Workspace:
    """A company or a brand; nothing is ever shared between two of them."""

    id: WorkspaceId
    name: str
    language: str
    settings: Mapping[str, object]
