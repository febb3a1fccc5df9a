"""A small town of customers and agents around a real house: seeded, with a clock of its own.

I decide what happens next by the seed alone: who writes, who takes over, what is published, where a process dies.
test_conversations.py calls me and then looks at what is on record. I never look at it myself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from taktvoll.adapters.calendar_files import ICalendarFiles
from taktvoll.adapters.documents.reader import FileReader
from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.guidelines import CelGuidelines
from taktvoll.adapters.holidays import GermanHolidays
from taktvoll.adapters.imap import ImapFolders
from taktvoll.adapters.keys import FileKeys
from taktvoll.adapters.mime import MimeInspector, MimeReader
from taktvoll.adapters.oauth import ConsentServers, TokenServers
from taktvoll.adapters.passwords import Argon2Passwords
from taktvoll.adapters.phones import GermanPhoneNumbers
from taktvoll.adapters.postgres.autonomy import PostgresAutonomy
from taktvoll.adapters.postgres.board import PostgresBoard
from taktvoll.adapters.postgres.chat_files import PostgresChatFiles
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.contact_codes import PostgresCodes
from taktvoll.adapters.postgres.contacts import PostgresContacts
from taktvoll.adapters.postgres.erasing import PostgresEraser
from taktvoll.adapters.postgres.files import PostgresFiles
from taktvoll.adapters.postgres.finding import PostgresFinder
from taktvoll.adapters.postgres.hours import PostgresHours
from taktvoll.adapters.postgres.learning import PostgresLearning
from taktvoll.adapters.postgres.mails import PostgresMails
from taktvoll.adapters.postgres.outbox import PostgresOutbox
from taktvoll.adapters.postgres.push import PostgresPush
from taktvoll.adapters.postgres.topics import PostgresTopics
from taktvoll.adapters.postgres.writing import PostgresWriting
from taktvoll.adapters.search import HybridSearchBuilder
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.shelf.shelf import DiskShelf
from taktvoll.adapters.signals import LanguageReader
from taktvoll.adapters.signals.understanding import Understander
from taktvoll.adapters.topics import TopicModels
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.terms import HandoverReason, Need, Owner, OwnerKind, Signals
from taktvoll.domain.knowledge.confidence import PPM, ConfidenceModel
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.library.terms import Rules, Thresholds
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.arrange_call import wish_call
from taktvoll.flows.assign_conversation import assign_conversation
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.confirm_delivery import confirm_delivery
from taktvoll.flows.give_feedback import give_feedback
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.house import House
from taktvoll.flows.keep_targets import keep_targets
from taktvoll.flows.publish_edition import publish_edition
from taktvoll.flows.read_waiting import offers_of
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.remind_of_calls import announce_calls, remind_customers
from taktvoll.flows.reopen_conversation import reopen_conversation
from taktvoll.flows.resume_turns import resume_turns
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.set_hours import set_hours
from taktvoll.flows.settle_call import move_own_appointment, settle_call
from taktvoll.flows.sign_checkpoint import sign_checkpoint
from taktvoll.flows.snooze_conversation import snooze_conversation, wake_conversations
from taktvoll.flows.tag_conversation import add_tag, remove_tag
from taktvoll.flows.take_over import take_over
from taktvoll.flows.transfer_conversation import transfer_conversation
from taktvoll.flows.write_note import write_note
from tests.contract.conftest import NOW, Place, access_of, make_place

MODEL = ConfidenceModel("town", -3 * PPM, 2 * PPM, 4 * PPM, PPM, 2 * PPM, PPM)
RULES = Rules(Thresholds(700_000, 350_000), MODEL)
TOPICS = ("Zählerstand", "Abschlag", "Umzug", "Rechnung", "Kündigung", "Störung")
SAID = (
    "Hallo", "Danke!", "Wie melde ich den Zählerstand?", "Wie hoch ist mein Abschlag?", "Ich ziehe um, was nun?",
    "Wo finde ich die Rechnung?", "Wie kündige ich?", "Bei uns ist eine Störung", "Ja bitte", "2", "1", "asdf qwer",
    "Was kostet ein Einhorn?", "Ich möchte mit einem Menschen sprechen", "How do I submit my meter reading?",
    "Hier riecht es nach Gas!", "Hiermit kündige ich, www.boese.example", "Löscht alle meine Daten",
    "So eine Frechheit!", "Ich kann nicht mehr", "Und wann?", "Rechnung",
    "Können Sie mir sagen, wie ich meinen Abschlag und den Umzug regele?",
)  # fmt: skip
HEARD = {
    "Hier riecht es nach Gas!": HandoverReason.EMERGENCY_GAS,
    "Hiermit kündige ich, www.boese.example": HandoverReason.REVOCATION,
    "Löscht alle meine Daten": HandoverReason.DATA_PROTECTION,
    "So eine Frechheit!": HandoverReason.ANGER,
    "Ich kann nicht mehr": HandoverReason.EMERGENCY_SUICIDE,
}
"""What is heard for certain in these messages, whatever the reader makes of them."""


HOURS = (
    "",
    "[week]\nmon = '08:00-18:00'\n[[target]]\nfirst_answer = '5s'\ntime = 'clock'\n",
    "[yearly]\n11-02 = 'closed'\n[appointment]\nvideo = 'https://video.example/{token}'\n[[target]]\n"
    "first_answer = '5s'\nnext_answer = '1m'\nresolution = '10m'\ntime = 'clock'\n[assistant]\nanswer = '2s'\n",
)
"""Files of service hours: open as towns begin on a Monday, or closed that day."""


class Clock:
    """Time that stands still unless someone moves it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """Give the time; each look moves it by a millisecond, as work does."""
        self.at += timedelta(milliseconds=1)
        return self.at


class Mortal:
    """Understands like the program, but the process it runs in may die before it answers, or be overtaken."""

    def __init__(self, chance: Random) -> None:
        self._real = Understander(LanguageReader())
        self._chance = chance
        self.dying = 0.15

    async def read(self, text: str, language: str | None) -> Signals:
        """Read the signals; between the two commits anything may happen."""
        for _ in range(self._chance.randrange(4)):
            await asyncio.sleep(0)
        if self._chance.random() < self.dying:
            raise Unavailable("database.unreachable", 1)
        signals = await self._real.read(text, language)
        heard = [Need(reason, PPM, ("town",)) for said, reason in HEARD.items() if said in text]
        needs = (*heard, *(n for n in signals.needs if n.reason not in {h.reason for h in heard}))
        return replace(signals, needs=needs)


@dataclass
class Town:
    """The house, its people, and what the simulation knows that the record must show too."""

    house: House
    place: Place
    clock: Clock
    chance: Random
    mind: Mortal
    staff: tuple[Staff, ...]
    lead: Staff
    talks: list[ConversationId] = field(default_factory=list)
    accepted: set[tuple[ConversationId, str]] = field(default_factory=set)
    withdrawn: dict[PassageKey, datetime] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None

    async def live(self, days: int) -> None:
        """Let things happen, several at once, then let the worker catch up."""
        for _ in range(days):
            crowd = [self._happen() for _ in range(self.chance.randint(1, 6))]
            await asyncio.gather(*crowd)
            self.clock.at += timedelta(seconds=self.chance.choice((0, 1, 5, 600)))
        self.mind.dying = 0.0
        self.clock.at += timedelta(minutes=1)
        for _ in range(3):
            await resume_turns(self.house, self.place.id)
            self.clock.at += timedelta(minutes=1)
        await sign_checkpoint(self.house, self.place.id)

    async def _happen(self) -> None:
        """One of all that may happen; refusals are what people get to see, and nothing of ours may fail otherwise."""
        deeds = [self._write] * 10 + [self._serve] * 5 + [self._click] * 2 + [self._resume] * 2
        deeds += [self._withdraw, self._publish, self._press, self._checkpoint]
        deeds += [self._targets] * 2 + [self._call] * 2
        try:
            await self.chance.choice(deeds)()
        except Refused:
            return

    async def _write(self) -> None:
        """Someone writes, perhaps twice at once, perhaps the network repeats it, perhaps the process is killed."""
        if not self.talks or self.chance.random() < 0.2:
            self.talks.append(ConversationId(uuid7(self.clock.now())))
        talk, provider_id = self.chance.choice(self.talks), f"{self.chance.getrandbits(64):x}"
        incoming = Incoming(
            account=self.place.account, conversation=talk, provider_id=provider_id, text=self.chance.choice(SAID)
        )  # fmt: skip
        copies = [incoming] * self.chance.choice((1, 1, 1, 2))
        if self.chance.random() < 0.3:
            copies.append(
                replace(
                    incoming,
                    provider_id=provider_id + "b",
                    text="Und noch etwas: " + self.chance.choice(TOPICS),
                )
            )
        tasks = [asyncio.ensure_future(receive_message(self.house, c)) for c in copies]
        if self.chance.random() < 0.1:
            for _ in range(self.chance.randrange(30)):
                await asyncio.sleep(0)
            tasks[0].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for copy, end in zip(copies, ended, strict=True):
            if isinstance(end, BaseException):
                assert isinstance(end, (asyncio.CancelledError, Refused)), end
            else:
                self.accepted.add((talk, copy.provider_id))

    async def _serve(self) -> None:
        """An agent does something with a conversation, as likely as not at a bad moment."""
        if not self.talks:
            return
        agent, talk = self.chance.choice(self.staff), self.chance.choice(self.talks)
        state = (await self.house.record.access(self.place.id, talk)).state
        deed = self.chance.randrange(9)
        if deed < 2:
            await take_over(self.house, agent, talk, self.chance.choice((None, state.owner_epoch)))
        elif deed < 4:
            client_id = f"r{self.chance.randrange(50)}"
            replies = [
                send_reply(self.house, agent, talk, f"Gruß von {agent.name}", state.owner_epoch, client_id)
                for _ in range(self.chance.choice((1, 2)))
            ]
            await asyncio.gather(*replies)
        elif deed == 4:
            await hand_back(self.house, agent, talk)
        elif deed == 5:
            await close_conversation(self.house, agent, talk)
        else:
            await self._organise(agent, talk, state.owner_epoch)

    async def _targets(self) -> None:
        """The worker judges what is due, or somebody changes when people are there."""
        if self.chance.random() < 0.2:
            await set_hours(self.house, self.place.id, self.chance.choice(HOURS), "anna")
        await keep_targets(self.house, self.place.id)
        await asyncio.gather(*(announce_calls(self.house, self.place.id) for _ in range(2)))
        await remind_customers(self.house, self.place.id)

    async def _call(self) -> None:
        """A customer wishes a call, perhaps twice at once, or moves one, or somebody settles it."""
        if not self.talks:
            return
        talk = self.chance.choice(self.talks)
        state = (await self.house.record.access(self.place.id, talk)).state
        if state.calls and self.chance.random() < 0.3:
            times = (await offers_of(self.house, self.place.id, state))["appointment"] or [{"since": "never"}]
            seq, since = state.calls[0].seq, self.chance.choice(times)["since"]
            await move_own_appointment(self.house, self.place.id, talk, seq, since)
            return
        if state.calls and self.chance.random() < 0.5:
            how = self.chance.choice(("done", "missed", "cancelled"))
            await settle_call(self.house, self.chance.choice(self.staff), talk, state.calls[0].seq, how)
            return
        wish = self.chance.choice(("callback", "video"))
        offers = await offers_of(self.house, self.place.id, state)
        times = offers["callback" if wish == "callback" else "appointment"] or [{"since": "never"}]
        since, client_id = self.chance.choice(times)["since"], f"w{self.chance.randrange(30)}"
        wishes = [
            wish_call(self.house, self.place.id, talk, wish, since, "0821 3240", client_id)
            for _ in range(self.chance.choice((1, 2)))
        ]
        await asyncio.gather(*wishes)

    async def _organise(self, agent: Staff, talk: ConversationId, epoch: int) -> None:
        """What is done about a conversation without speaking to the customer."""
        colleague = self.chance.choice(self.staff)
        to = self.chance.choice(
            (Owner(OwnerKind.QUEUE, "service"), Owner(OwnerKind.PERSON, str(colleague.id)))
        )
        deed = self.chance.randrange(8)
        if deed == 0:
            await write_note(self.house, agent, talk, f"@{colleague.name} intern: bitte nachsehen")
        elif deed == 1:
            await transfer_conversation(self.house, agent, talk, to, "intern: passt besser", epoch)
        elif deed == 2:
            await assign_conversation(self.house, self.lead, talk, to, epoch)
        elif deed == 3:
            await snooze_conversation(self.house, agent, talk, self.clock.now() + timedelta(seconds=30))
        elif deed == 4:
            await wake_conversations(self.house, self.place.id)
        elif deed == 5:
            await reopen_conversation(self.house, agent, talk, epoch)
        elif deed == 6:
            await add_tag(self.house, agent, talk, self.chance.choice(("vip", "rückruf")))
        else:
            await self._untag(agent, talk)

    async def _untag(self, agent: Staff, talk: ConversationId) -> None:
        """Take a tag off where there is one, and off a conversation that may carry none where there is not."""
        for other in [*self.chance.sample(self.talks, min(8, len(self.talks))), talk]:
            carried = (await self.house.record.access(self.place.id, other)).state.tags
            if carried or other == talk:
                await remove_tag(self.house, agent, other, self.chance.choice(carried or ("vip",)))
                return

    async def _click(self) -> None:
        """The customer's device confirms, or the customer says whether it helped."""
        if self.talks:
            talk = self.chance.choice(self.talks)
            seq = self.chance.randint(1, 12)
            await confirm_delivery(self.house, self.place.id, talk, seq)
            await give_feedback(
                self.house, self.place.id, talk, seq, self.chance.choice(("helped", "not_helped"))
            )

    async def _press(self) -> None:
        """The button for a person."""
        if self.talks:
            talk, provider_id = self.chance.choice(self.talks), f"p{self.chance.getrandbits(64):x}"
            incoming = Incoming(
                account=self.place.account, conversation=talk, provider_id=provider_id, text=None
            )
            await receive_message(self.house, incoming)
            self.accepted.add((talk, provider_id))

    async def _resume(self) -> None:
        """Two workers look for turns that were cut off; one of them may die over it as well."""
        works = (resume_turns(self.house, self.place.id) for _ in range(2))
        ended = await asyncio.gather(*works, return_exceptions=True)
        assert all(isinstance(e, (int, Unavailable)) for e in ended), ended

    async def _withdraw(self) -> None:
        """A text turns out to be wrong and is withdrawn at once."""
        topic = self.chance.choice(TOPICS)
        keys = await self.house.library.withdraw(
            self.place.id, topic, None, None, "anna", "falsch", self.clock.now()
        )
        for key in keys:
            self.withdrawn.setdefault(key, self.clock.now())

    async def _publish(self) -> None:
        """The knowledge changes, or goes back to what it was."""
        editions = await self.house.library.editions(self.place.id)
        if len(editions) > 1 and self.chance.random() < 0.4:
            number = self.chance.choice(editions).number
            await self.house.library.roll_back(self.place.id, number, "anna", self.clock.now())
            return
        await stock(
            self.house, self.place, self.chance.sample(TOPICS, 2), self.chance.randrange(3), self.clock.now()
        )
        await publish_edition(self.house, self.place.id, "anna")

    async def _checkpoint(self) -> None:
        """The worker signs what is there."""
        await sign_checkpoint(self.house, self.place.id)


async def settle(pool: Pool, folder: Path, encoder: SentenceEncoder, seed: int) -> Town:
    """Build a town: a workspace with an edition, three agents, and chance from the seed."""
    place, chance, clock = await make_place(pool), Random(seed), Clock()
    mind = Mortal(chance)
    builder = HybridSearchBuilder(folder / "search", encoder)
    guidelines = CelGuidelines()
    rules = replace(RULES, search_versions=builder.versions, guidelines=guidelines.defaults())
    secrets = ReferencedSecrets(lambda _: None, folder / "secrets")
    tokens = TokenServers(secrets)
    topics = PostgresTopics(pool)
    topic_models = TopicModels(folder / "topics", topics, encoder)
    shelf = DiskShelf(
        folder / "passages", place.library, place.directory, builder, rules, lambda *_: None, guidelines
    )
    house = House(
        record=place.record,
        board=PostgresBoard(pool),
        writing=PostgresWriting(pool),
        files=PostgresFiles(pool),
        uploads=PostgresChatFiles(pool),
        inspector=MimeInspector(),
        finder=PostgresFinder(pool),
        ledger=place.ledger,
        library=place.library,
        learning=PostgresLearning(pool),
        shelf=shelf,
        directory=place.directory,
        autonomy=PostgresAutonomy(pool),
        guidelines=guidelines,
        understanding=mind,
        push=PostgresPush(pool),
        keys=FileKeys(folder / "keys"),
        passwords=Argon2Passwords(),
        access=access_of(pool),
        reader=FileReader(),
        topics=topics,
        topic_reader=topic_models,
        topic_learner=topic_models,
        hours=PostgresHours(pool),
        holidays=GermanHolidays(),
        phones=GermanPhoneNumbers(),
        calendar_files=ICalendarFiles(),
        now=clock.now,
        first_rules=rules,
        outbox=PostgresOutbox(pool),
        mails=PostgresMails(pool),
        mail_reader=MimeReader(),
        contacts=PostgresContacts(pool),
        codes=PostgresCodes(pool),
        eraser=PostgresEraser(pool),
        mail_folders=ImapFolders(secrets, tokens),
        tokens=tokens,
        consents=ConsentServers(secrets),
    )
    staff = [
        await place.directory.add_staff(place.id, f"{n}@auental.example", n, Role.AGENT, "x", NOW)
        for n in ("Anna", "Bernd", "Cem")
    ]
    await stock(house, place, TOPICS, 0, NOW)
    await publish_edition(house, place.id, "anna")
    lead = await place.directory.add_staff(place.id, "lea@auental.example", "Lea", Role.LEAD, "x", NOW)
    return Town(house, place, clock, chance, mind, tuple(staff), lead, close=shelf.close)


async def stock(house: House, place: Place, topics: Sequence[str], version: int, at: datetime) -> None:
    """Put texts about these topics into the working copy."""

    async def batches() -> AsyncIterator[Sequence[Passage]]:
        yield [
            Passage(
                id=t, collection="hilfe", language="de", title=t, question=f"Was muss ich zu {t} wissen?",
                text=f"{t}: So geht es, Fassung {version}. Alles dazu steht unter {t} im Portal.", source="stadt.jsonl",
            )
            for t in topics
        ]  # fmt: skip

    await house.library.stock(place.id, batches(), at)
