"""Someone changes their own password, and everyone else who used the old one is out.

I decide what a password must be and what is proven before. The desk and flows of joining call me.
I never keep or log a password.
"""

from taktvoll.base.errors import Refused
from taktvoll.base.ids import uuid7
from taktvoll.base.limits import PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN
from taktvoll.domain.people.access import Kind, Noted, Session
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import prove_password, token_hash


def held_password(password: str) -> str:
    """Hold a new password to its length; what it is made of is its owner's choice.

    Raises: Refused("password.short").
    Source: NIST SP 800-63B-4, section 3.1.1.2: length counts, rules of composition do not help.
    """
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise Refused("password.short", limit=PASSWORD_CHARS_MIN)
    return password


async def change_password(house: House, session: Session, token: str, old: str, new: str) -> None:
    """Change one's own password; all other sessions end.

    Raises: Refused("password.short"), Refused("password.wrong") also for someone who has none: a password of their own
            would let them in when the company's sign-in server no longer does. And as prove_password.
    """
    staff = session.staff
    held_password(new)
    if not await house.access.staffing.password_of(staff.workspace, staff.id):
        raise Refused("password.wrong")
    await prove_password(house, session, old)
    now = house.now()
    noted = Noted(uuid7(now), Kind.PASSWORD_CHANGED, f"staff:{staff.id}", now, staff.id)
    hashed = await house.passwords.hash(new)
    await house.access.staffing.set_password(staff.workspace, staff.id, hashed, token_hash(token), noted)
