"""A workspace with a mailbox, customers who write to it, and people who answer: as the whole program does it.

I decide how tests of delivery reach the flows. The tests of delivery and the child process that is killed call me.
I never stand in for a part of ours: the house is the one that build.py makes.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from taktvoll.base.ids import ConversationId, WorkspaceId, uuid7
from taktvoll.build import Database, Settings, open_house
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import MAIL, Event, State
from taktvoll.domain.delivery.arrived import Arrived
from taktvoll.domain.mail.terms import Address
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.house import House
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.take_over import take_over


@asynccontextmanager
async def opened(dsn: str, data: Path, ahead: timedelta = timedelta()) -> AsyncIterator[House]:
    """Open a house on the test's database; its clock goes `ahead` of the real one."""
    settings = Settings(data, dsn, None, data / "keys", data / "secrets", "127.0.0.1", 0, "", 8)
    database = Database(dsn, dsn, lambda: None, lambda: None)
    async with open_house(settings, database, lambda *_: None) as house:
        yield replace(house, now=lambda: house.now() + ahead)


@dataclass
class Post:
    """One workspace's mailbox with its house."""

    house: House
    workspace: WorkspaceId
    account: Account
    staff: Staff
    ahead: timedelta = timedelta()

    def later(self, by: timedelta) -> "Post":
        """The same at a later time."""
        now, ahead = self.house.now, self.ahead + by
        return replace(self, house=replace(self.house, now=lambda: now() + by), ahead=ahead)

    async def set_up(self, **outgoing: Any) -> None:
        """Set the mailbox's way out."""
        plain = {
            "host": "127.0.0.1",
            "security": "none",
            "address": "service@auental.example",
            "timeout_s": 20,
        }
        await self.house.directory.set_account(
            self.workspace, MAIL, self.account.name, {"outgoing": plain | outgoing}
        )

    async def written(
        self, text: str = "Wo steht mein Zähler?", name: str = "Selin Yılmaz", **mail: Any
    ) -> ConversationId:
        """A customer writes a mail."""
        conversation = ConversationId(uuid7(self.house.now()))
        arrived = Arrived(
            f"<{conversation.hex}@kunde.example>", Address(name, "selin@kunde.example"), "Zähler"
        )
        await self.write(conversation, text, replace(arrived, **mail))
        return conversation

    async def write(self, conversation: ConversationId, text: str, arrived: Arrived) -> None:
        """A customer's mail arrives in a conversation."""
        await receive_message(
            self.house,
            Incoming(
                account=self.account,
                conversation=conversation,
                provider_id=arrived.message_id[:100],
                text=text,
                language="de",
                mail=arrived,
            ),
        )

    async def answered(self, conversation: ConversationId, text: str = "Am Hausanschluss.") -> Event:
        """Anna takes the conversation and answers."""
        state = await take_over(self.house, self.staff, conversation)
        return await send_reply(
            self.house, self.staff, conversation, text, state.owner_epoch, secrets.token_hex(8)
        )

    async def asked_and_answered(self, text: str = "Am Hausanschluss.") -> ConversationId:
        """A mail and a person's answer that waits for its delivery."""
        conversation = await self.written()
        await self.answered(conversation, text)
        return conversation

    async def state(self, conversation: ConversationId) -> State:
        """How a conversation stands."""
        return (await self.house.record.access(self.workspace, conversation)).state

    async def events(self, conversation: ConversationId, prefix: str = "delivery.") -> list[Event]:
        """What happened to its messages."""
        found = await self.house.record.events(self.workspace, conversation)
        return [e for e in found if e.kind.startswith(prefix)]


async def post_of(house: House, at: datetime) -> Post:
    """Make a workspace with a mailbox and one agent."""
    settings: dict[str, object] = {"company": "Stadtwerke Auental"}
    place = await house.directory.make_workspace(f"t-{secrets.token_hex(8)}", "de", settings, at)
    account = await house.directory.make_account(place.id, MAIL, "service", at)
    staff = await house.directory.add_staff(
        place.id, "anna@auental.example", "Anna Beispiel", Role.AGENT, "x", at
    )
    return Post(house, place.id, account, staff)
