"""Someone sets up a second factor, renews its recovery codes, or gives it up; an administrator takes a lost one away.

I decide what must be proven before. The desk and the command line call me.
I never show a secret twice and never keep one unencrypted.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.base.errors import Refused
from taktvoll.base.ids import uuid7
from taktvoll.domain.people.access import Kind, Noted, Session, Stage, needs_factor
from taktvoll.domain.people.permissions import Permission, demand
from taktvoll.domain.people.terms import Staff, Workspace
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import (
    Opened,
    opened,
    prove_code,
    prove_password,
    recovery_digest,
    secret_named,
    sign_out,
)

RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""Eighty random bits a code: nobody guesses one, and the keyed digest need not be slow."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A new secret, to be shown this once; spelled in groups of four, as apps take it too."""

    spelled: str
    picture: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """New recovery codes, to be shown this once; where the sign-in waited for the factor, it is open now."""

    codes: tuple[str, ...]
    opened: Opened | None = None


async def begin_factor(house: House, place: Workspace, session: Session, password: str) -> Shown:
    """Make a secret for someone's app; it counts once a code has confirmed it.

    Raises: Refused("factor.exists"), and as prove_password.
    """
    if session.stage is not Stage.ENROL:  # else the password was given a moment ago
        await prove_password(house, session, password)
    staff, codes = session.staff, house.access.codes
    secret = codes.secret()
    hidden = house.keys.encrypt("second factor", secret_named(staff), secret)
    await house.access.factors.begin(staff.workspace, staff.id, hidden, house.now())
    company = str(place.settings.get("company") or place.name)
    spelled = codes.spelled(secret)
    groups = " ".join(spelled[n : n + 4] for n in range(0, len(spelled), 4))
    return Shown(groups, codes.picture(secret, company, staff.email))


async def confirm_factor(house: House, session: Session, token: str, code: str) -> Confirmed:
    """Let the new secret count once the app shows its code.

    Raises: Refused("factor.code") for a wrong code, or where nothing was begun.
    """
    staff, now = session.staff, house.now()
    factor = await house.access.factors.factor(staff.workspace, staff.id)
    secret = None
    if factor is not None and not factor.confirmed:
        secret = house.keys.decrypt("second factor", secret_named(staff), factor.secret)
    step = house.access.codes.step_of(secret, code, now) if secret else None
    if step is None:
        raise Refused("factor.code")
    shown, digests = _recovery(house, staff)
    noted = _noted(house, Kind.FACTOR_ENROLLED, f"staff:{staff.id}", staff)
    if not await house.access.factors.confirm(staff.workspace, staff.id, step, digests, noted):
        raise Refused("factor.code")
    if session.stage is not Stage.ENROL:
        return Confirmed(shown)
    await sign_out(house, staff.workspace, token)
    return Confirmed(shown, await opened(house, staff, session.device))


async def renew_recovery(house: House, session: Session, password: str, code: str) -> Confirmed:
    """Put new recovery codes in place of the old ones.

    Raises: as prove_password and prove_code.
    """
    staff = session.staff
    await prove_password(house, session, password)
    await prove_code(house, staff, code)
    shown, digests = _recovery(house, staff)
    noted = _noted(house, Kind.RECOVERY_RENEWED, f"staff:{staff.id}", staff)
    await house.access.factors.renew_recovery(staff.workspace, staff.id, digests, noted)
    return Confirmed(shown)


async def remove_factor(house: House, place: Workspace, session: Session, password: str, code: str) -> None:
    """Give the factor up, with password and code.

    Raises: Refused("factor.demanded") where the workspace demands one, and as prove_password and prove_code.
    """
    staff = session.staff
    if needs_factor(place.settings, staff.role):
        raise Refused("factor.demanded")
    await prove_password(house, session, password)
    await prove_code(house, staff, code)
    noted = _noted(house, Kind.FACTOR_REMOVED, f"staff:{staff.id}", staff)
    await house.access.factors.remove(staff.workspace, staff.id, noted)


async def reset_factor(house: House, by: Staff, whose: Staff) -> bool:
    """Take away the factor of someone who lost it, and end their sessions; they sign in by password.

    Gives:  False if there was none.
    Raises: Refused("permission.missing").
    """
    demand(by, Permission.STAFF_MANAGE)
    return await reset_factor_for(house, whose, f"staff:{by.id}")


async def reset_factor_for(house: House, whose: Staff, by: str) -> bool:
    """Do so on behalf of whoever runs the installation."""
    done = await house.access.factors.remove(
        whose.workspace, whose.id, _noted(house, Kind.FACTOR_RESET, by, whose)
    )
    await house.access.sessions.end_of(whose.workspace, whose.id, None)
    return done


def _recovery(house: House, staff: Staff) -> tuple[tuple[str, ...], Sequence[bytes]]:
    """Make codes in four groups of four letters and digits, and what is kept of them."""
    made = [
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)
    ]
    shown = tuple("-".join(code[n : n + 4] for n in range(0, len(code), 4)) for code in made)
    return shown, [recovery_digest(house, staff, code) for code in shown]


def _noted(house: House, kind: Kind, by: str, about: Staff) -> Noted:
    return Noted(uuid7(house.now()), kind, by, house.now(), about.id)
