"""Keys for programs: what a key opens, how it reads, and when it has ended.

I decide which scopes exist and what a key looks like. Flows make and check keys by me, the API's door asks me.
I never hold a key's secret, only what is kept of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import KEY_NAME_CHARS_MAX
from taktvoll.domain.people.permissions import Permission

PREFIX = "tv_"
"""By this, people and scanners of leaked secrets know a key of ours."""

SCOPES = frozenset(Permission) - {Permission.SESSION_OWN, Permission.STAFF_MANAGE, Permission.KEY_MANAGE}
"""What a key may be given: a program neither has an account nor gives rights to anyone."""

_KEY = re.compile(r"(tv_[a-z2-7]{10})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; the handle is its visible beginning and its name in lists."""

    handle: str
    workspace: WorkspaceId
    name: str
    scopes: frozenset[Permission]
    made_at: datetime
    made_by: str
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, at: datetime) -> bool:
        """Whether it is neither revoked nor past its end."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


def demand_scope(key: ApiKey, permission: Permission) -> None:
    """Let a key go on only where its scopes say so.

    Raises: Refused("key.scope").
    """
    if permission not in key.scopes:
        raise Refused("key.scope", scope=permission.value)


def parts_of(text: str) -> tuple[str, str] | None:
    """Take a key apart into handle and secret; None for what cannot be one."""
    found = _KEY.fullmatch(text)
    return (found[1], found[2]) if found else None


def written(handle: str, secret: str) -> str:
    """Put a key together as its holder keeps it."""
    return f"{handle}_{secret}"


def scopes_of(words: Iterable[str]) -> frozenset[Permission]:
    """Read scopes.

    Raises: Refused("key.scopes") for none, an unknown one, or one that no key may have.
    """
    named = {word.strip() for word in words if word.strip()}
    known = {scope.value: scope for scope in SCOPES}
    wrong = sorted(named - known.keys())
    if wrong or not named:
        raise Refused("key.scopes", found=", ".join(wrong)[:80] or "–", scopes=", ".join(sorted(known)))
    return frozenset(known[word] for word in named)


def key_name(text: str) -> str:
    """Hold a key's name to its length.

    Raises: Refused("key.name").
    """
    name = " ".join(text.split())
    if not 0 < len(name) <= KEY_NAME_CHARS_MAX:
        raise Refused("key.name", limit=KEY_NAME_CHARS_MAX)
    return name
