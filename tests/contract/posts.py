"""A house with a mailbox, into which tests put mails.

I decide how the mailbox is set up. The tests of mail on its way in call me. I never stand in for a part of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.mailwriting import MailWriter
from taktvoll.adapters.oauth import TokenServers
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.smtp import DkimSigner, SmtpPostman
from taktvoll.base.ids import ConversationId
from taktvoll.channels.mail.outbound import MailCarrier
from taktvoll.domain.conversation.ledger import check_chain
from taktvoll.domain.conversation.state import fold_all
from taktvoll.domain.conversation.terms import MAIL, Event, State
from taktvoll.domain.mail.intake import KeptMail, Original
from taktvoll.domain.mail.mailbox import Mailbox
from taktvoll.flows.house import House
from taktvoll.flows.receive_mail import Posted, receive_mail
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.set_up_mailbox import add_mailbox
from tests.simulation.town import Town, settle

OUT: Mapping[str, object] = {"host": "127.0.0.1", "port": 9, "security": "none"}


@dataclass(frozen=True)
class Post:
    """The house and its mailbox."""

    town: Town
    mailbox: Mailbox

    @property
    def house(self) -> House:
        """The house."""
        return self.town.house

    async def take(self, raw: bytes, mailbox: Mailbox | None = None) -> Posted:
        """A mail arrives."""
        return await receive_mail(self.house, mailbox or self.mailbox, Original(raw, len(raw)))

    async def events(self, conversation: ConversationId) -> tuple[Event, ...]:
        """What is on record of a conversation."""
        return await self.house.record.events(self.town.place.id, conversation)

    async def kept(self, conversation: ConversationId) -> tuple[KeptMail, ...]:
        """The mails of a conversation."""
        return await self.house.mails.mails(self.town.place.id, conversation)

    async def sound(self, conversation: ConversationId) -> State:
        """The state, after seeing that chain, snapshot and replay all say what the events say."""
        place = self.town.place
        state = fold_all(State(), await self.events(conversation))
        assert (await place.record.access(place.id, conversation)).state == state
        (chain,) = [c async for c in place.ledger.chains(place.id, [conversation])]
        assert check_chain(chain.head, chain.events) == []
        assert (await replay_conversation(self.house, place.id, conversation)).differences == []
        return state


async def post_of(town: Town, name: str = "service", **settings: Any) -> Post:
    """Set a mailbox up in a town; towns share a server, so each has a domain of its own."""
    address = f"{name}@{town.place.workspace.name}.example"
    given = {
        "addresses": [address],
        "name": "Kundenservice",
        "outgoing": {**OUT, "address": address},
    } | settings
    return Post(town, await add_mailbox(town.house, town.place.id, name, given))


async def sending_town(pool: Pool, folder: Path) -> Town:
    """A town in which nobody dies and whose house sends its mails by SMTP."""
    town = await settle(pool, folder, SentenceEncoder(), 5)
    town.mind.dying = 0.0
    secrets = ReferencedSecrets(lambda _: None, folder / "secrets")
    postman = SmtpPostman(secrets, TokenServers(secrets))
    carrier = MailCarrier(postman, MailWriter(), DkimSigner(secrets), town.house.keys, town.house.now)
    town.house = replace(town.house, carriers={MAIL: carrier})
    return town
