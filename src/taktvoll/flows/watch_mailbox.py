"""A mailbox is read: new mails are fetched one after the other, put on record with the folder's cursor, then marked.

I decide where reading begins, what is done when a server counts anew, and what is too large to fetch. The worker calls
me round by round. I never mark or move a mail before it is on record, and never let one mail stop those after it.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import WorkspaceId
from taktvoll.base.limits import MAIL_BYTES_MAX, MAIL_HEADER_BYTES_MAX
from taktvoll.domain.mail.intake import NOWHERE, Cursor, Original
from taktvoll.domain.mail.intake_ports import MailFolder, Noted, Place, Standing
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.flows.house import House
from taktvoll.flows.receive_mail import NOT_FETCHED, UNREADABLE, headers_of, receive_mail

log = logging.getLogger("taktvoll.mail")

BATCH = 200
SLACK = timedelta(days=3)
"""How much further back than the last successful round reading begins when a server has counted anew."""


TRIES_MAX = 3
"""So often a mail may break our reading before it is kept unread, for a person."""

FETCHES_MAX = 10
"""So often a server may fail to hand a mail out before a person is told of it; some minutes, as pauses grow."""


@dataclass(slots=True)
class Stumbled:
    """Which mail was begun last, how often its reading broke us, and how often it was not handed out."""

    uid: int = 0
    read: int = 0
    fetched: int = 0

    def fetch(self, uid: int) -> bool:
        """Ask for a mail; gives whether it is worth asking once more where that fails."""
        if uid != self.uid:
            self.uid, self.read, self.fetched = uid, 0, 0
        self.fetched += 1
        return self.fetched < FETCHES_MAX

    def begin(self) -> bool:
        """Begin to read it; gives whether it may be read."""
        self.fetched = 0
        self.read += 1
        return self.read <= TRIES_MAX

    def end(self) -> None:
        """It is on record, or whoever should keep it is away: neither says anything against it."""
        self.uid = self.read = self.fetched = 0


async def open_mailbox(house: House, mailbox: Mailbox, folder: MailFolder) -> Cursor:
    """Connect, and say from where on to read.

    Gives:  the cursor. On the first connection it stands where the mailbox's settings say. Where the server counts anew
            (another UIDVALIDITY, or a next UID below our cursor) it goes back to the mails of the last days: what is on
            record already is recognised by its bytes, its Message-ID and its body, and not doubled.
    Raises: Refused or Unavailable with a code mailbox.… or secret.…
    """
    workspace, account = mailbox.account.workspace, mailbox.account.id
    place = await folder.open()
    standing = await house.mails.standing(workspace, account)
    known = standing.cursor if standing.cursor != NOWHERE else None
    if known is not None and known.validity == place.validity and place.next_uid > known.uid:
        if standing.settled is not None and standing.settled < known.uid:
            await _settle(folder, known.uid)
        return known
    now = house.now()
    first = await folder.uids(0, _since(mailbox, known, standing, now)) if _reads_back(mailbox, known) else ()
    start = first[0] - 1 if first else max(place.next_uid - 1, 0)
    cursor = Cursor(place.validity, start)
    await house.mails.move(workspace, account, cursor, now, reset=True)
    detail = "" if known is None else _why(known, place)
    await house.mails.note(workspace, Noted(now, account, "reset" if known else "started", detail))
    return cursor


def _reads_back(mailbox: Mailbox, known: Cursor | None) -> bool:
    return known is not None or (mailbox.fetching is not None and mailbox.fetching.days != 0)


def _since(mailbox: Mailbox, known: Cursor | None, standing: Standing, now: datetime) -> date | None:
    """The day from which mails are looked at again; None for all there are."""
    if known is not None:
        last = standing.checked_at or standing.since or now
        return (last - SLACK).date()
    days = mailbox.fetching.days if mailbox.fetching else 0
    return None if days is None else (now - timedelta(days=days)).date()


def _why(known: Cursor, place: Place) -> str:
    return "uid_validity" if known.validity != place.validity else "uid_next"


async def read_round(
    house: House,
    mailbox: Mailbox,
    folder: MailFolder,
    cursor: Cursor,
    stumbled: "Stumbled",
) -> Cursor:
    """Fetch what came after the cursor and put it on record.

    Takes:  stumbled: counts how often a mail was begun and not ended; one that breaks us is kept as it is, and of one
            that the server does not hand out a person is told.
    Gives:  the cursor after it.
    Raises: Unavailable where the server or our store is away: what is on record stays, the rest comes next time.
    """
    while True:
        named = await folder.uids(cursor.uid)
        for start in range(0, max(len(named), 1), BATCH):
            uids = named[start : start + BATCH]
            sizes = await folder.sizes(uids) if uids else {}
            for uid in uids:
                cursor = Cursor(cursor.validity, uid)
                await _take(house, mailbox, folder, cursor, sizes.get(uid), stumbled)
                stumbled.end()
            await house.mails.checked(mailbox.account.workspace, mailbox.account.id, house.now(), cursor.uid)
        if not named:
            return cursor


async def _take(
    house: House,
    mailbox: Mailbox,
    folder: MailFolder,
    cursor: Cursor,
    size: int | None,
    stumbled: "Stumbled",
) -> None:
    """Fetch one mail and put it on record; one that is gone only moves the cursor."""
    again = stumbled.fetch(cursor.uid)
    try:
        original = await _fetched(house, mailbox, folder, cursor.uid, size)
    except Unavailable as error:
        if again or not error.code.startswith("mailbox."):
            raise
        await _miss(house, mailbox, cursor, size, error)
        return
    if original is None:
        await house.mails.move(mailbox.account.workspace, mailbox.account.id, cursor, house.now())
        return
    try:
        await receive_mail(house, mailbox, original, cursor, unread="" if stumbled.begin() else UNREADABLE)
    except Unavailable:
        stumbled.end()
        raise
    await _settle(folder, cursor.uid)


async def _settle(folder: MailFolder, uid: int) -> None:
    """Mark a mail that is on record.

    Marks follow the record mail by mail, so whoever died between the two left out the mail at the cursor and no other.
    """
    try:
        await folder.settle(uid)
    except Refused as error:  # it is on record; whatever hinders the mark must not hold up the next mail
        log.warning("a mail was not marked: %s", error.code)


async def _miss(house: House, mailbox: Mailbox, cursor: Cursor, size: int | None, error: Unavailable) -> None:
    """Tell a person of a mail that the server lists and does not hand out; it stays unread where it lies."""
    workspace, account = mailbox.account.workspace, mailbox.account.id
    await house.mails.note(workspace, Noted(house.now(), account, "not_fetched", str(cursor.uid)))
    log.error("a mail was not handed out: %s", error.code)
    named = f"X-Taktvoll-Missing: {account}/{cursor.validity}/{cursor.uid}\r\n\r\n".encode("ascii")
    await receive_mail(house, mailbox, Original(named, size or 0, whole=False), cursor, unread=NOT_FETCHED)
    await house.mails.checked(workspace, account, house.now(), cursor.uid)  # so that it stays unread


async def _fetched(
    house: House, mailbox: Mailbox, folder: MailFolder, uid: int, size: int | None
) -> Original | None:
    """The bytes, or of a mail beyond the limit its headers."""
    if size is None or size <= MAIL_BYTES_MAX:
        raw = await folder.fetch(uid, MAIL_BYTES_MAX + 1)
        if raw is None or len(raw) <= MAIL_BYTES_MAX:
            return None if raw is None else Original(raw, len(raw))
        size = len(raw)
    headers = await folder.fetch(uid, MAIL_HEADER_BYTES_MAX, whole=False)
    if headers is None:
        return None
    workspace, account = mailbox.account.workspace, mailbox.account.id
    await house.mails.note(workspace, Noted(house.now(), account, "too_large", str(size)))
    return Original(headers_of(headers), size, whole=False)


async def watch_stalls(house: House, workspace: WorkspaceId) -> int:
    """Raise the alarm for mailboxes whose last successful round is too long ago.

    Gives:  how many alarms are new.
    """
    new = 0
    for account in await house.directory.accounts("mail"):
        if account.workspace != workspace:
            continue
        try:
            mailbox = mailbox_of(account)
        except Refused:  # its watcher has noted that already
            continue
        if mailbox.fetching is None:
            continue
        standing = await house.mails.standing(workspace, account.id)
        if stalled(mailbox, standing, house.now()) and await house.mails.alarm(
            workspace, account.id, house.now()
        ):
            log.error("mailbox stalled: %s", standing.failure or "no round")
            new += 1
    return new


def stalled(mailbox: Mailbox, standing: Standing, now: datetime) -> bool:
    """Whether a mailbox has gone too long without a successful round; one never reached counts from its first try."""
    last = standing.checked_at or standing.since
    return last is not None and now - last > timedelta(minutes=mailbox.alarm_min)
