"""Who works at the desk, and the workspace they work in.

I decide what a member of staff is. The people store, the desk and the command line call me. I never hold a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from taktvoll.base.ids import StaffId, WorkspaceId


class Role(StrEnum):
    """What someone is here for; permissions.py says what each may do."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"
    ADMIN = "admin"
    AUDITOR = "auditor"


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
