"""A mail is handed in by the company's own mail server, or over HTTP: for which mailbox, and then as every mail.

I decide which mailbox an address belongs to and whether a token opens a mailbox. The servers for intake call me.
I never say which of workspace, mailbox and token was wrong.
"""

import hashlib
import hmac

from taktvoll.base.errors import Refused
from taktvoll.domain.contacts.addresses import compared
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.mail.intake import Original
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.flows.house import House
from taktvoll.flows.receive_mail import Posted, receive_mail

REMOVED = "removed"
"""The setting of a mailbox that was taken out of use."""

_NOBODY = "0" * 64


def intake_digest(token: str) -> str:
    """What is kept of a token; it is random enough that one round of hashing is enough."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


async def mailbox_at(house: House, address: str) -> Mailbox | None:
    """Find the mailbox of an address, with or without what stands behind a plus sign.

    Raises: Unavailable.
    """
    whole = compared(address)
    local, _, domain = whole.rpartition("@")
    wanted = {whole, f"{local.partition('+')[0]}@{domain}"}
    for account in await house.directory.accounts(MAIL):
        if account.settings.get(REMOVED):
            continue
        try:
            mailbox = mailbox_of(account)
        except Refused:  # set up wrongly: nobody's mailbox until it is mended
            continue
        if wanted & {compared(a) for a in mailbox.addresses}:
            return mailbox
    return None


async def hand_in_by_address(house: House, address: str, raw: bytes) -> Posted:
    """Put a mail for an address on record.

    Raises: Refused("mailbox.unknown"), Unavailable.
    """
    mailbox = await mailbox_at(house, address)
    if mailbox is None:
        raise Refused("mailbox.unknown", name="")
    return await receive_mail(house, mailbox, Original(raw, len(raw)))


async def mailbox_opened_by(house: House, workspace: str, name: str, token: str) -> Mailbox:
    """Give the mailbox that a token opens.

    Raises: Refused("mailbox.token"), whichever of the three was wrong.
    """
    try:
        place = await house.directory.workspace(workspace)
        mailbox = mailbox_of(await house.directory.account(place.id, MAIL, name))
    except Refused:
        mailbox = None
    kept = mailbox.intake if mailbox and mailbox.intake else _NOBODY
    if not hmac.compare_digest(kept, intake_digest(token)) or mailbox is None:
        raise Refused("mailbox.token")
    return mailbox
