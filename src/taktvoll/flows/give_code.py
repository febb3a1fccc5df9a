"""The second step of a sign-in: a code turns a session that waits into an open one.

I decide that the session gets a new token with its new worth. The desk calls me.
I never open a session that did not wait for a code.
"""

from taktvoll.base.errors import Refused
from taktvoll.domain.people.access import Session, Stage
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import Opened, opened, prove_code, sign_out


async def give_code(house: House, session: Session, token: str, code: str) -> Opened:
    """Check a code and open the session.

    Raises: Refused("sign_in.required"), Refused("sign_in.code"), Refused("sign_in.locked").
    """
    if session.stage is not Stage.CODE:
        raise Refused("sign_in.required")
    await prove_code(house, session.staff, code)
    await sign_out(house, session.staff.workspace, token)
    return await opened(house, session.staff, session.device)
