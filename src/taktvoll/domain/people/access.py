"""How staff come in and stay in: sessions and their stages, members and links, the second factor, the log.

I decide what these are and who needs a second factor. Stores keep me, flows and the desk's pages read me.
I never hold a password, a code or a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from taktvoll.base.ids import SessionId, StaffId
from taktvoll.base.limits import DESK_SESSION_IDLE_MINUTES_MAX
from taktvoll.domain.people.terms import Role, Staff

IDLE_MAX = timedelta(minutes=DESK_SESSION_IDLE_MINUTES_MAX)


class Stage(StrEnum):
    """How far a sign-in has come: a code is missing, the factor must be set up first, or it is done."""

    CODE = "code"
    ENROL = "enrol"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Session:
    """A session of someone, as its owner and an administrator see it; the token is nowhere in it."""

    id: SessionId
    staff: Staff
    stage: Stage
    device: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime

    def ended(self, at: datetime) -> bool:
        """Whether it is past its end or lay idle for too long."""
        return at >= self.expires_at or at >= self.last_used_at + IDLE_MAX


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in the list of staff, also those who left; `invited` while nobody has used their link.

    When they were last at work is not in it: the list is for access, not for watching people.
    """

    staff: Staff
    active: bool
    has_password: bool
    factor: bool
    invited: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as kept; the secret is encrypted. Unconfirmed, it counts for nothing."""

    secret: bytes
    confirmed: bool
    last_step: int
    recovery_left: int


class Kind(StrEnum):
    """What the log of staff tells; ordinary sign-ins are not in it, for it is no time clock."""

    ADDED = "staff.added"
    INVITED = "staff.invited"
    JOINED = "staff.joined"
    ROLE_CHANGED = "staff.role_changed"
    DEACTIVATED = "staff.deactivated"
    REACTIVATED = "staff.reactivated"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a name of what happened
    FACTOR_ENROLLED = "factor.enrolled"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_RESET = "factor.reset"
    RECOVERY_USED = "recovery.used"
    RECOVERY_RENEWED = "recovery.renewed"
    SIGN_IN_LOCKED = "sign_in.locked"
    SIGN_ON_LINKED = "sign_on.linked"
    SESSIONS_ENDED = "sessions.ended"
    KEY_MADE = "key.made"
    KEY_REVOKED = "key.revoked"
    ACCESS_CHANGED = "access.changed"


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the log: who did what to whom, never with a secret or an address in its detail."""

    id: UUID
    kind: Kind
    by: str
    at: datetime
    about: StaffId | None = None
    detail: Mapping[str, str | int] = field(default_factory=dict)


def needs_factor(settings: Mapping[str, object], role: Role) -> bool:
    """Whether a workspace demands a second factor of a role: "second_factor" lists the roles."""
    listed = settings.get("second_factor")
    return isinstance(listed, list) and role.value in listed


def device_of(user_agent: str) -> str:
    """Name browser family and system, coarse on purpose: enough to know one's own devices by, no more.

    Gives:  as "Firefox, Linux"; empty for what is not known.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


# The order matters: most browsers claim to be several of those that come later.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
