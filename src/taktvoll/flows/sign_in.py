"""Staff sign in with address and password, where needed with a code, and get a session that ends.

I decide whether someone may come in. The desk calls me. I never say which of address and password was wrong.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, public_token, uuid7
from taktvoll.base.limits import DESK_SESSION_HOURS_MAX, SECOND_STEP_MINUTES_MAX
from taktvoll.domain.people.access import Kind, Noted, Session, Stage, needs_factor
from taktvoll.domain.people.terms import Staff, Workspace
from taktvoll.flows.house import House

FAILURES_MAX = 5
LOCK_MINUTES = 10
FAILURES_A_DAY_MAX = 20
"""Of codes: six digits can be guessed by whoever has the password and enough days."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened; the token goes into a cookie and nowhere else."""

    token: str
    staff: Staff
    stage: Stage


async def sign_in(house: House, place: Workspace, email: str, password: str, device: str = "") -> Opened:
    """Check address and password and open a session, which may still wait for a code or a factor.

    Raises: Refused("sign_in.failed"); Refused("sign_in.locked") after five failures within ten minutes.
    """
    found = await house.directory.staff_by_email(place.id, email)
    digest = _attempts(house, place.id, email)
    await _hold_back(house, place.id, digest)
    ok = await house.passwords.check(password, found[1] if found else None)
    if not ok or found is None:
        await failed(house, place.id, digest, found[0] if found else None)
        raise Refused("sign_in.failed")
    await house.directory.note_sign_in(place.id, digest, True, house.now())
    return await let_in(house, place, found[0], device)


async def let_in(
    house: House, place: Workspace, staff: Staff, device: str, *, strong: bool = False
) -> Opened:
    """Open a session for someone who has proven who they are.

    Takes:  strong: whether that took more than a password, so that our own second factor is not asked for again.
    """
    factor = await house.access.factors.factor(place.id, staff.id)
    if strong:
        stage = Stage.OPEN
    elif factor is not None and factor.confirmed:
        stage = Stage.CODE
    else:
        stage = Stage.ENROL if needs_factor(place.settings, staff.role) else Stage.OPEN
    return await opened(house, staff, device, stage)


async def opened(house: House, staff: Staff, device: str, stage: Stage = Stage.OPEN) -> Opened:
    """Open a session at a stage; one that is not done yet ends within minutes."""
    now, token = house.now(), public_token()
    lasting = timedelta(hours=DESK_SESSION_HOURS_MAX)
    until = now + (lasting if stage is Stage.OPEN else timedelta(minutes=SECOND_STEP_MINUTES_MAX))
    await house.access.sessions.open(
        staff.workspace, staff.id, token_hash(token), now, until, stage, device[:100]
    )
    return Opened(token, staff, stage)


async def signed_in(house: House, workspace: WorkspaceId, token: str, *, use: bool = True) -> Session:
    """Give the session of a token, at whatever stage.

    Takes:  use: whether a person does something now, and not a page by itself.
    Raises: Refused("sign_in.required").
    """
    session = None
    if token:
        session = await house.access.sessions.find(workspace, token_hash(token), house.now(), use=use)
    if session is None:
        raise Refused("sign_in.required")
    return session


async def sign_out(house: House, workspace: WorkspaceId, token: str) -> None:
    """End a session."""
    await house.access.sessions.end(workspace, token_hash(token))


async def prove_password(house: House, session: Session, password: str) -> None:
    """Ask for the password once more before something that would give a thief of the session more than the session.

    Someone who has none signs in anew at the company's server: their session must be fresh.
    Raises: Refused("password.wrong"), Refused("sign_in.locked"), Refused("step_up.old").
    """
    staff, now = session.staff, house.now()
    kept = await house.access.staffing.password_of(staff.workspace, staff.id)
    if not kept:
        if now - session.created_at > timedelta(minutes=SECOND_STEP_MINUTES_MAX):
            raise Refused("step_up.old", limit=SECOND_STEP_MINUTES_MAX)
        return
    digest = _attempts(house, staff.workspace, staff.email)
    await _hold_back(house, staff.workspace, digest)
    if not await house.passwords.check(password, kept):
        await failed(house, staff.workspace, digest, staff)
        raise Refused("password.wrong")
    await house.directory.note_sign_in(staff.workspace, digest, True, now)


async def prove_code(house: House, staff: Staff, code: str) -> None:
    """Check a code of the second factor, or a recovery code, and use it up.

    Raises: Refused("sign_in.code"), Refused("sign_in.locked").
    """
    now, workspace = house.now(), staff.workspace
    digest = house.keys.digest("sign-in code", f"{workspace}:{staff.id}")
    await _hold_back(house, workspace, digest)
    today = await house.directory.failed_sign_ins(workspace, digest, now - timedelta(days=1))
    if today >= FAILURES_A_DAY_MAX:
        raise Refused("sign_in.locked", retry_after_s=3_600)
    if not await _code_fits(house, staff, code, now):
        await failed(house, workspace, digest, staff)
        raise Refused("sign_in.code")
    await house.directory.note_sign_in(workspace, digest, True, now)


async def failed(house: House, workspace: WorkspaceId, digest: bytes, staff: Staff | None) -> None:
    """Count a failure; the one that locks someone out stands in the log."""
    now = house.now()
    await house.directory.note_sign_in(workspace, digest, False, now)
    count = await house.directory.failed_sign_ins(workspace, digest, now - timedelta(minutes=LOCK_MINUTES))
    if staff is not None and count == FAILURES_MAX:
        noted = Noted(uuid7(now), Kind.SIGN_IN_LOCKED, "program", now, staff.id, {"minutes": LOCK_MINUTES})
        await house.access.staffing.note(workspace, noted)


def secret_named(staff: Staff) -> str:
    """What a hidden secret is bound to: nobody else's row can take its place."""
    return f"{staff.workspace}:{staff.id}"


def recovery_digest(house: House, staff: Staff, code: str) -> bytes:
    """What is kept of a recovery code; hyphens, blanks and capitals do not matter."""
    plain = "".join(c for c in code.lower() if c.isalnum())
    return house.keys.digest("recovery code", f"{secret_named(staff)}:{plain}")


def token_hash(token: str) -> bytes:
    """What is kept of a token: tokens carry 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def _code_fits(house: House, staff: Staff, code: str, now: datetime) -> bool:
    factors = house.access.factors
    factor = await factors.factor(staff.workspace, staff.id)
    if factor is None or not factor.confirmed:
        return False
    secret = house.keys.decrypt("second factor", secret_named(staff), factor.secret)
    step = house.access.codes.step_of(secret, code, now) if secret else None
    if step is not None:
        return await factors.take_step(staff.workspace, staff.id, step)
    noted = Noted(
        uuid7(now), Kind.RECOVERY_USED, f"staff:{staff.id}", now, staff.id, {"left": factor.recovery_left - 1}
    )
    return await factors.take_recovery(staff.workspace, staff.id, recovery_digest(house, staff, code), noted)


def _attempts(house: House, workspace: WorkspaceId, email: str) -> bytes:
    return house.keys.digest("sign-in", f"{workspace}:{email.strip().lower()}")


async def _hold_back(house: House, workspace: WorkspaceId, digest: bytes) -> None:
    since = house.now() - timedelta(minutes=LOCK_MINUTES)
    if await house.directory.failed_sign_ins(workspace, digest, since) >= FAILURES_MAX:
        raise Refused("sign_in.locked", retry_after_s=LOCK_MINUTES * 60)
