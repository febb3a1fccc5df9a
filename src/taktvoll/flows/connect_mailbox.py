"""A mailbox is connected: a person agrees at their provider that the program reads and sends for them.

I decide by which way they are asked. The command line calls me. I never see a token: it is kept where the mailbox's
setting says.
"""

from collections.abc import Callable

from taktvoll.base.errors import Refused
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.domain.mail.oauth_ports import Asked
from taktvoll.flows.house import House


async def connect_mailbox(
    house: House, mailbox: Mailbox, show: Callable[[Asked], None], browse: Callable[[str], str]
) -> None:
    """Ask for a consent by a code, or in the browser where the provider gives no codes; returns once it is kept.

    Takes:  show: tells the person the address and the code; browse: tells them an address to open, and gives the one
            that their browser ended at.
    Raises: Refused("mailbox.oauth_not_asked"), Refused("mailbox.oauth_denied"), others with mailbox.oauth_… or secret.…
    """
    oauth, consents = mailbox.oauth, house.consents
    if oauth is None or consents is None or not oauth.refresh:
        raise Refused("mailbox.oauth_not_asked")
    if oauth.device_url:
        asked = await consents.ask(oauth)
        show(asked)
        await consents.wait(oauth, asked)
    elif oauth.authorize_url:
        invited = consents.invite(oauth)
        await consents.redeem(oauth, invited, browse(invited.address))
    else:
        raise Refused("mailbox.oauth_not_asked")
