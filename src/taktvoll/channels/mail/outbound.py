"""The way out of mail: parcels become letters, are signed and handed over, several over one connection.

I decide the pace and the order. The flow deliver calls me through the Carrier port. I never decide what an outcome
means, and never try a parcel twice.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic

from taktvoll.base.errors import Broken, Refused, way_of
from taktvoll.base.ids import AccountId
from taktvoll.base.limits import MAIL_BYTES_PER_S_MIN
from taktvoll.base.pace import Pace
from taktvoll.domain.delivery.letter import Letter, letter_of
from taktvoll.domain.delivery.outgoing import MailPace, Outgoing, outgoing_from
from taktvoll.domain.delivery.ports import LetterWriter, MailSession, MailSigner, Postman
from taktvoll.domain.delivery.provenance import header_of, statement
from taktvoll.domain.delivery.terms import (
    Envelope,
    Failed,
    Later,
    Outcome,
    Parcel,
    Postponed,
    Why,
)
from taktvoll.domain.mail.terms import domain_of
from taktvoll.domain.people.ports import Keys

Done = Callable[[Parcel, Outcome], Awaitable[None]]
LEAST_LEFT = timedelta(seconds=100)
"""With less time than this before the claim ends, no further mail is begun: somebody else might begin it, too."""

MAILS_A_CONNECTION = 10
"""Fewer mails than this are not worth a second connection."""

_log = logging.getLogger(__name__)


class _Lane:
    """A mailbox at work: its pace, its free connections, and how many go to each domain just now."""

    def __init__(self, pace: MailPace) -> None:
        self.given = pace
        self.free = asyncio.Semaphore(pace.connections)
        self.all = Pace(pace.per_minute, pace.per_minute)
        self.domains = Pace(pace.domain_per_minute, pace.domain_per_minute)
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def gate(self, domain: str) -> AsyncIterator[None]:
        """Wait until the domain has a connection free; gates that nobody uses are taken away."""
        self._users[domain] += 1
        gate = self._gates.setdefault(domain, asyncio.Semaphore(self.given.domain_connections))
        try:
            async with gate:
                yield
        finally:
            self._users[domain] -= 1
            if not self._users[domain]:
                del self._users[domain], self._gates[domain]


class MailCarrier:
    """Implements Carrier for the channel mail."""

    def __init__(
        self,
        postman: Postman,
        writer: LetterWriter,
        signer: MailSigner,
        keys: Keys,
        now: Callable[[], datetime],
    ) -> None:
        self._postman = postman
        self._writer = writer
        self._signer = signer
        self._keys = keys
        self._now = now
        self._lanes: dict[AccountId, _Lane] = {}

    async def carry(self, parcels: Sequence[Parcel], until: datetime, done: Done) -> None:
        """Try each parcel once, mailbox by mailbox, over as few connections as do it."""
        try:
            async with asyncio.TaskGroup() as group:
                for account in {parcel.account.id for parcel in parcels}:
                    mine = [parcel for parcel in parcels if parcel.account.id == account]
                    group.create_task(self._mailbox(mine, until, done))
        except ExceptionGroup as failures:  # callers know single failures: the first stands for all
            raise _first(failures) from failures

    async def _mailbox(self, parcels: Sequence[Parcel], until: datetime, done: Done) -> None:
        try:
            mailbox = outgoing_from(parcels[0].account.settings)
        except Refused as error:
            _log.warning("A mailbox cannot send: %s %s", error.code, error.fields.get("name", ""))
            mailbox = None
        if mailbox is None:
            for parcel in parcels:
                await done(parcel, Later(Why.NO_MAILBOX))
            return
        lane, waiting = self._lane(parcels[0].account.id, mailbox), deque(parcels)
        connections = min(mailbox.pace.connections, -(-len(parcels) // MAILS_A_CONNECTION))
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(self._connection(mailbox, lane, waiting, until, done))

    def _lane(self, account: AccountId, mailbox: Outgoing) -> _Lane:
        """Give the mailbox's lane; changed settings make a new one."""
        lane = self._lanes.get(account)
        if lane is None or lane.given != mailbox.pace:
            lane = self._lanes[account] = _Lane(mailbox.pace)
        return lane

    async def _connection(
        self, mailbox: Outgoing, lane: _Lane, waiting: deque[Parcel], until: datetime, done: Done
    ) -> None:
        """Work through what waits; a connection that breaks is made anew once nothing else says not to."""
        async with lane.free:
            while waiting:
                if until - self._now() < LEAST_LEFT:
                    while waiting:
                        await done(waiting.popleft(), Postponed(0))
                    return
                async with self._postman.session(mailbox) as session:
                    refusal = session.refusal
                    while waiting and (refusal is not None or session.refusal is None):
                        parcel = waiting.popleft()
                        if refusal is not None:
                            await done(parcel, refusal)
                        elif until - self._now() < LEAST_LEFT:
                            await done(parcel, Postponed(0))
                        else:
                            await done(parcel, await self._one(mailbox, lane, session, parcel, until))

    async def _one(
        self, mailbox: Outgoing, lane: _Lane, session: MailSession, parcel: Parcel, until: datetime
    ) -> Outcome:
        try:
            enclosed = await parcel.fetch() if parcel.fetch else ()
        except Refused as error:  # erased since it was released, or not what was released
            _log.error("A mail was not sent, its files are not there: %s", error.code)
            return Failed(Why.ERASED)
        size = sum(len(one.content) for one in enclosed) * 4 // 3  # as Base64 writes it
        if size and until - self._now() < LEAST_LEFT + timedelta(seconds=size // MAIL_BYTES_PER_S_MIN):
            return Postponed(0)
        letter = letter_of(parcel, mailbox, self._now(), enclosed)
        if letter is None:
            return Failed(Why.NO_RECIPIENT)
        domain = domain_of(letter.recipient.address)
        async with lane.gate(domain):
            try:
                lane.domains.take(domain, monotonic())
                lane.all.take("", monotonic())
            except Refused as error:
                return Postponed(int(error.fields["retry_after_s"]))
            try:
                return await self._hand_over(mailbox, session, parcel, letter)
            except (Broken, UnicodeError) as error:  # one bad letter must not hold up the others
                _log.error("A letter could not be written: %s: %s", type(error).__name__, way_of(error))
                return Failed(Why.UNWRITABLE)

    async def _hand_over(
        self, mailbox: Outgoing, session: MailSession, parcel: Parcel, letter: Letter
    ) -> Outcome:
        def provenance(plain: str, html: str) -> str:
            body = statement(parcel.released, plain, html)
            key_id, signature = self._keys.sign(body)
            return header_of(key_id, body, signature)

        def written() -> bytes:
            raw = self._writer.write(letter, provenance)
            return self._signer.sign(raw, mailbox.dkim, letter.at) if mailbox.dkim else raw

        try:  # many megabytes take a while: what else this process does goes on meanwhile
            raw = await asyncio.to_thread(written) if letter.enclosed else written()
        except Refused:
            return Later(Why.SECRET)
        envelope = Envelope(parcel.row.key, mailbox.address, letter.recipient.address)
        return await session.send(envelope, raw)


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    """The first failure of a group, however deep it lies."""
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
