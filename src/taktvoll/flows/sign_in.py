"""Staff sign in with address and password, and get a session that ends.

I decide whether someone may come in. The desk calls me. I never say which of address and password was wrong.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, public_token
from taktvoll.base.limits import DESK_SESSION_HOURS_MAX
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House

FAILURES_MAX = 5
LOCK_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was just opened; the token goes into a cookie and nowhere else."""

    token: str
    staff: Staff


async def sign_in(house: House, workspace: WorkspaceId, email: str, password: str) -> Session:
    """Check address and password and open a session.

    Raises: Refused("sign_in.failed"); Refused("sign_in.locked") after five failures within ten minutes.
    """
    now = house.now()
    digest = house.keys.digest("sign-in", f"{workspace}:{email.strip().lower()}")
    failed = await house.directory.failed_sign_ins(workspace, digest, now - timedelta(minutes=LOCK_MINUTES))
    if failed >= FAILURES_MAX:
        raise Refused("sign_in.locked", retry_after_s=LOCK_MINUTES * 60)
    found = await house.directory.staff_by_email(workspace, email)
    ok = await house.passwords.check(password, found[1] if found else None)
    await house.directory.note_sign_in(workspace, digest, ok and found is not None, now)
    if not ok or found is None:
        raise Refused("sign_in.failed")
    token = public_token()
    until = now + timedelta(hours=DESK_SESSION_HOURS_MAX)
    await house.directory.open_session(workspace, found[0].id, token_hash(token), now, until)
    return Session(token, found[0])


async def signed_in(house: House, workspace: WorkspaceId, token: str) -> Staff:
    """Give the member of staff of a session.

    Raises: Refused("sign_in.required").
    """
    staff = await house.directory.session(workspace, token_hash(token), house.now()) if token else None
    if staff is None:
        raise Refused("sign_in.required")
    return staff


async def sign_out(house: House, workspace: WorkspaceId, token: str) -> None:
    """End a session."""
    await house.directory.end_session(workspace, token_hash(token))


def token_hash(token: str) -> bytes:
    """What is kept of a token: tokens carry 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
