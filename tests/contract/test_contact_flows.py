"""One person by mail and chat is one contact, a namesake is not; a chat goes on by mail and comes back."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.base.time import rfc3339
from taktvoll.domain.contacts.terms import Contact, Identity, Proof
from taktvoll.domain.conversation.terms import MAIL, Address, OwnerKind
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.arrange_call import make_appointment
from taktvoll.flows.confirm_address import ask_for_code, confirm_code, forget_codes
from taktvoll.flows.confirm_delivery import confirm_delivery
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.deliver import deliver
from taktvoll.flows.house import House
from taktvoll.flows.keep_contact import panel_of, vouch_for_claim
from taktvoll.flows.link_contact import keep_habits, link_contacts
from taktvoll.flows.note_bounce import Action, Bounce, note_bounce
from taktvoll.flows.read_conversation import read_conversation
from taktvoll.flows.read_hours import hours_of
from taktvoll.flows.read_waiting import free_slots
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.reroute_conversation import answer_by_mail, follow_by_mail
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.set_hours import set_hours
from taktvoll.flows.take_over import take_over
from tests.contract.letters import answering, letter
from tests.contract.mailserver import Taken, good_server
from tests.contract.posts import OUT, Post, post_of, sending_town

TRUSTED = "mx.stadtwerke.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
EVA = "eva@kundin.example"


@dataclass(frozen=True)
class Counter:
    """A house that sends mail to a server beside it, and an agent."""

    post: Post
    taken: Taken

    @property
    def house(self) -> House:
        """The house."""
        return self.post.house

    @property
    def agent(self) -> Staff:
        """An agent."""
        return self.post.town.staff[0]

    async def chat(
        self, text: str = "Wann haben Sie geöffnet?", talk: ConversationId | None = None
    ) -> ConversationId:
        """A visitor writes in the chat."""
        town = self.post.town
        talk = talk or ConversationId(uuid7(town.clock.now()))
        await receive_message(
            self.house,
            Incoming(account=town.place.account, conversation=talk, provider_id=str(uuid7(town.clock.now())), text=text,
                     language="de"),
        )  # fmt: skip
        return talk

    async def code(self, talk: ConversationId, address: str = EVA) -> str:
        """Ask for a code and read it in the mailbox."""
        before = len(self.taken.raw)
        await ask_for_code(self.house, self.post.town.place.id, talk, address)
        await deliver(self.house, self.post.town.place.id)
        assert len(self.taken.raw) == before + 1
        mail = self.taken.mails[-1]
        body = mail.get_body(("plain",))
        assert body is not None
        assert self.taken.recipients[-1] == address
        found = re.search(r"\b\d{6}\b", body.get_content())
        assert found is not None
        return found[0]

    async def confirmed(self, talk: ConversationId, address: str = EVA) -> Identity:
        """A visitor proves an address."""
        return await confirm_code(self.house, self.post.town.place.id, talk, await self.code(talk, address))

    async def contact(self, talk: ConversationId) -> object:
        """Whose conversation it is."""
        found = await self.house.contacts.of(self.post.town.place.id, talk)
        return found.id if found else None

    async def reply(self, talk: ConversationId, text: str) -> None:
        """The agent takes the conversation and writes."""
        state = await take_over(self.house, self.agent, talk)
        await send_reply(
            self.house, self.agent, talk, text, state.owner_epoch, str(uuid7(self.post.town.clock.now()))
        )

    async def later(self, minutes: int) -> int:
        """Time passes, and the jobs run."""
        self.post.town.clock.at += timedelta(minutes=minutes)
        moved = await follow_by_mail(self.house, self.post.town.place.id)
        await deliver(self.house, self.post.town.place.id)
        return moved


@pytest.fixture
async def counter(pool: Pool, tmp_path: Path) -> AsyncIterator[Counter]:
    """A house with a mailbox whose server takes everything, in which nobody dies."""
    town = await sending_town(pool, tmp_path)
    async with good_server() as (port, taken):
        address = f"service@{town.place.workspace.name}.example"
        out = {**OUT, "port": port, "address": address}
        yield Counter(await post_of(town, trusted=TRUSTED, outgoing=out), taken)
    town.close()


async def test_one_person_by_mail_and_chat_is_one_contact(counter: Counter) -> None:
    """C1: who wrote by mail and proves that address in the chat is the same person; a namesake is another one."""
    posted = await counter.post.take(letter(headers=GENUINE))
    namesake = await counter.post.take(letter(sender="Eva Meier <eva@anders.example>", headers=GENUINE))
    talk = await counter.chat()
    assert await counter.contact(talk) is None
    identity = await counter.confirmed(talk)
    assert identity.proof is Proof.MAIL_AUTHENTICATED
    assert await counter.contact(talk) == await counter.contact(posted.conversation) == identity.home
    assert await counter.contact(namesake.conversation) not in (None, identity.home)
    panel = await panel_of(counter.house, counter.agent, talk)
    assert panel.card is not None
    assert panel.card.contact.name == "Eva Meier"
    assert {t.id for t in panel.card.talks} == {talk, posted.conversation}


async def test_an_unproven_sender_is_only_a_claim_until_a_person_vouches(counter: Counter) -> None:
    """Whoever can write an address into a mail must not get its owner's history; an agent who knows better says so."""
    genuine = await counter.post.take(letter(headers=GENUINE))
    owner = await counter.contact(genuine.conversation)
    claimed = genuine
    for headers in ("", GENUINE.replace("dmarc=pass", "dmarc=fail"), GENUINE.replace(TRUSTED, "mx.fremd.example"),
                    GENUINE.replace("dmarc=pass", "dmarc=none")):  # fmt: skip
        claimed = await counter.post.take(letter(headers=headers))
        assert await counter.contact(claimed.conversation) is None
        panel = await panel_of(counter.house, counter.agent, claimed.conversation)
        assert panel.card is None
        assert panel.claim is not None
        assert (panel.claim.written, panel.claim.holder) == (EVA, owner)
    await link_contacts(counter.house, counter.post.town.place.id)
    assert await counter.contact(claimed.conversation) is None
    await vouch_for_claim(counter.house, counter.agent, claimed.conversation)
    assert await counter.contact(claimed.conversation) == owner


async def test_the_code_falls_to_no_guesser(counter: Counter) -> None:
    """Five tries, ten minutes, three codes: then even the right code is wrong, in the same words as every wrong one."""
    place, talk = counter.post.town.place.id, await counter.chat()
    code = await counter.code(talk)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for typed in (*[wrong] * 5, code):
        with pytest.raises(Refused, match=r"code\.wrong"):
            await confirm_code(counter.house, place, talk, typed)
    late = await counter.code(talk)
    counter.post.town.clock.at += timedelta(minutes=10)
    with pytest.raises(Refused, match=r"code\.wrong"):
        await confirm_code(counter.house, place, talk, late)
    first = await counter.code(talk)
    with pytest.raises(Refused, match=r"code\.too_many"):
        await ask_for_code(counter.house, place, talk, EVA)
    stranger = await counter.chat()
    with pytest.raises(Refused, match=r"code\.wrong"):
        await confirm_code(counter.house, place, stranger, first)
    await confirm_code(counter.house, place, talk, first)
    with pytest.raises(Refused, match=r"code\.wrong"):
        await confirm_code(counter.house, place, talk, first)


async def test_an_address_gets_three_codes_an_hour_and_nobody_is_told(counter: Counter) -> None:
    """Nobody fills a stranger's mailbox by many chats, and the reply does not say that others tried."""
    place = counter.post.town.place.id
    for _ in range(3):
        await counter.code(await counter.chat())
    talk = await counter.chat()
    await ask_for_code(counter.house, place, talk, EVA.upper())
    assert await deliver(counter.house, place) == 0
    assert "code.sent" not in [e.kind for e in await counter.post.events(talk)]


async def test_neither_code_nor_address_is_in_the_record_or_the_chat(counter: Counter) -> None:
    """A code that the chat shows proves nothing; the chain is kept for good, so it holds no address."""
    town, talk = counter.post.town, await counter.chat()
    code = await counter.code(talk)
    view = await read_conversation(counter.house, town.place.id, talk)
    assert code not in str(view)
    assert EVA not in str(view)
    events = await counter.post.events(talk)
    assert code not in str(events)
    assert EVA not in str([e.payload for e in events])
    await counter.post.sound(talk)
    async with town.place.pool.within(town.place.id) as db:
        rows = str(await db.fetch("select * from contact_code"))
        assert code not in rows
        assert EVA in rows
    town.clock.at += timedelta(minutes=11)
    await forget_codes(counter.house, town.place.id)
    async with town.place.pool.within(town.place.id) as db:
        assert EVA not in str(await db.fetch("select * from contact_code"))


async def test_a_code_that_does_not_arrive_brings_no_person(counter: Counter) -> None:
    """A typing error in an address is the visitor's to mend; the assistant keeps the conversation."""
    talk = await counter.chat()
    await counter.code(talk)
    bounce = Bounce(Action.FAILED, str(counter.taken.mails[-1]["Message-ID"]), status="5.1.1", code=550)
    await note_bounce(counter.house, counter.post.town.place.id, bounce)
    state = await counter.post.sound(talk)
    assert state.owner.kind is OwnerKind.ASSISTANT
    assert (await counter.post.events(talk))[-1].payload["about"] == "code"


async def test_who_left_is_answered_by_mail_and_answers_into_the_same_conversation(counter: Counter) -> None:
    """G7: begun in the chat, gone on by mail, and back: one conversation, by header and participant."""
    town, talk = counter.post.town, await counter.chat()
    await counter.confirmed(talk)
    await confirm_delivery(counter.house, town.place.id, talk, 1000)
    await counter.reply(talk, "Bis 18 Uhr.")
    before = len(counter.taken.raw)
    assert await counter.later(4) == 0
    assert len(counter.taken.raw) == before
    assert await counter.later(2) == 1
    await counter.reply(talk, "Samstags bis 12 Uhr.")
    assert await counter.later(0) == 0
    first, second = counter.taken.mails[before:]
    assert counter.taken.recipients[before:] == [EVA, EVA]
    assert (first["In-Reply-To"], second["In-Reply-To"]) == (None, first["Message-ID"])
    assert "Bis 18 Uhr." in str(first.get_body(("plain",)))
    framed = second.get_body(("plain",))
    assert framed is not None
    assert "Freundliche Grüße" in framed.get_content()
    reply = {"subject": f"AW: {second['Subject']}", "headers": answering(str(second["Message-ID"]))}
    stranger = await counter.post.take(letter("Und ich?", sender="fremd@anders.example", **reply))
    joined = await counter.post.take(letter("Danke!", **reply))
    assert joined.conversation == talk != stranger.conversation
    state = await counter.post.sound(talk)
    assert (state.channel, state.way) == ("webchat", MAIL)
    shown = (await read_conversation(counter.house, town.place.id, talk)).messages
    assert any("Danke!" in str(m["text"]) for m in shown)
    await counter.chat("Ich bin wieder da.", talk)
    assert (await counter.post.sound(talk)).way == "webchat"


async def test_who_has_seen_it_gets_no_mail(counter: Counter) -> None:
    """Whoever is still there reads it in the chat; twice the same answer is a nuisance."""
    town, talk = counter.post.town, await counter.chat()
    await counter.confirmed(talk)
    await counter.reply(talk, "Bis 18 Uhr.")
    await confirm_delivery(counter.house, town.place.id, talk, 1000)
    before = len(counter.taken.raw)
    assert await counter.later(30) == 0
    assert len(counter.taken.raw) == before


async def test_by_mail_on_wish_and_only_to_a_proven_address(counter: Counter) -> None:
    """The button works once the address is proven; what is erased or unproven later is never written to."""
    town, talk = counter.post.town, await counter.chat()
    with pytest.raises(Refused, match=r"mail\.not_confirmed"):
        await answer_by_mail(counter.house, town.place.id, talk)
    identity = await counter.confirmed(talk)
    await answer_by_mail(counter.house, town.place.id, talk)
    await answer_by_mail(counter.house, town.place.id, talk)
    await counter.reply(talk, "Bis 18 Uhr.")
    assert (await counter.post.sound(talk)).way == MAIL
    await counter.house.contacts.erase(town.place.id, identity.home, "staff:1", town.clock.now())
    before = len(counter.taken.raw)
    await deliver(counter.house, town.place.id)
    assert len(counter.taken.raw) == before
    assert "delivery.failed" in [e.kind for e in await counter.post.events(talk)]


async def test_an_appointment_is_confirmed_where_the_customer_is(counter: Counter) -> None:
    """Who went on by mail reads nothing in the chat any more; and a mail greets and signs (G7)."""
    town, talk = counter.post.town, await counter.chat("Bitte rufen Sie mich an.")
    await set_hours(counter.house, town.place.id, "[appointment]\noffer = true\n", "anna")
    await counter.confirmed(talk)
    await answer_by_mail(counter.house, town.place.id, talk)
    await take_over(counter.house, counter.agent, talk)
    slots = await free_slots(counter.house, town.place.id, await hours_of(counter.house, town.place.id))
    since = rfc3339(slots[0].since)
    await make_appointment(counter.house, counter.agent, talk, "phone", since, "0821 3240")
    before = len(counter.taken.raw)
    await deliver(counter.house, town.place.id)
    (mail,) = counter.taken.mails[before:]
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert ["0821 3240" in said or "+49" in said, said.startswith("Guten Tag"), "Freundliche Grüße" in said] == [
        True, True, True
    ]  # fmt: skip
    assert (await counter.post.sound(talk)).calls
    back = await counter.chat("Danke, bin wieder hier.", talk)
    assert (await counter.post.sound(back)).way == "webchat"


async def test_a_habit_is_kept_and_used_for_the_next_greeting(counter: Counter) -> None:
    """Who says du twice is greeted with du the next time, also in a new conversation; what staff set comes first."""
    town = counter.post.town
    talk = await counter.chat("Kannst du mir sagen, wann ihr geöffnet habt?")
    await counter.chat("Und hast du auch samstags auf?", talk)
    identity = await counter.confirmed(talk)
    await keep_habits(counter.house, town.place.id)
    contact = (await counter.house.contacts.card(town.place.id, identity.home)).contact
    assert contact.address is Address.DU
    assert "address" in contact.learnt
    posted = await counter.post.take(letter("Zählerstand?", headers=GENUINE))
    assert (await counter.post.sound(posted.conversation)).address is Address.DU
    await counter.house.contacts.change(
        town.place.id, identity.home, {"address": "sie"}, "staff:1", town.clock.now()
    )
    await counter.reply(posted.conversation, "Am Zähler.")
    await deliver(counter.house, town.place.id)
    assert counter.taken.mails[-1].get_body(("plain",)).get_content().startswith("Guten Tag Eva Meier")  # type: ignore[union-attr]


async def card_of(counter: Counter, talk: ConversationId) -> Contact:
    """What the contact of a conversation is known to do, after the job has looked."""
    await keep_habits(counter.house, counter.post.town.place.id)
    contact = await counter.house.contacts.of(counter.post.town.place.id, talk)
    assert contact is not None
    return contact


async def mailed(counter: Counter, text: str) -> ConversationId:
    """Eva writes a mail of her own, and it is decided."""
    posted = await counter.post.take(letter(text, headers=GENUINE))
    await decide_mails(counter.house, counter.post.town.place.id)
    return posted.conversation


FORMAL = "Sehr geehrte Damen und Herren,\n\nkönnten Sie mir sagen, wann meine Rechnung kommt?\n\nEva Meier"
FAMILIAR = "Hallo ihr Lieben,\n\nkannst du mir sagen, wann meine Rechnung bei euch rausgeht?\n\nEva"
ENGLISH = "Dear Sir or Madam,\n\ncould you please tell me when my next bill will be sent?\n\nEva Meier"


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [(FORMAL, Address.SIE, "de"), (FAMILIAR, Address.DU, "de"), (ENGLISH, None, "en")],
)
async def test_one_clear_mail_shows_how_someone_writes(
    counter: Counter, text: str, form: Address | None, language: str
) -> None:
    """Whoever opens the card after one clear mail wants to know; that it rests on one message is said."""
    contact = await card_of(counter, await mailed(counter, text))
    assert (contact.address, contact.language) == (form, language)
    assert contact.seen_once == contact.learnt == {"language"} | ({"address"} if form else set())
    posted = await counter.post.take(letter("12345", subject="12345", headers=GENUINE))
    state = await counter.post.sound(posted.conversation)
    assert (state.address, state.language) == (form, language)  # the next answer goes by it
    again = await card_of(counter, await mailed(counter, text))
    assert (again.address, again.language, again.seen_once) == (form, language, frozenset())


@pytest.mark.parametrize(
    ("text", "language"), [("Kannst du mir sagen, wann ihr geöffnet habt?", "de"), (ENGLISH, "en")]
)
async def test_one_chat_shows_it_too_and_a_mail_goes_by_it(
    counter: Counter, text: str, language: str
) -> None:
    """It is the person who says du, not the channel."""
    talk = await counter.chat(text)
    await counter.confirmed(talk)
    contact = await card_of(counter, talk)
    assert (contact.language, "language" in contact.seen_once) == (language, True)
    posted = await counter.post.take(letter("12345", subject="12345", headers=GENUINE))
    assert (await counter.post.sound(posted.conversation)).language == language


async def test_one_message_in_another_tongue_is_answered_in_it_and_turns_nothing(counter: Counter) -> None:
    """Who writes English once gets English there, and German the next time as always."""
    talks = [await mailed(counter, FORMAL) for _ in range(3)]
    assert (await card_of(counter, talks[-1])).language == "de"
    english = await mailed(counter, ENGLISH)
    assert (await counter.post.sound(english)).language == "en"
    contact = await card_of(counter, english)
    assert (contact.language, contact.address, contact.seen_once) == ("de", Address.SIE, frozenset())
    posted = await counter.post.take(letter("12345", subject="12345", headers=GENUINE))
    assert (await counter.post.sound(posted.conversation)).language == "de"


async def test_what_staff_set_is_never_turned_by_messages(counter: Counter) -> None:
    """A customer asked to be called du; their formal letters must not take that back, be they one or many."""
    talk = await mailed(counter, FORMAL)
    home, town = (await card_of(counter, talk)).id, counter.post.town
    await counter.house.contacts.change(town.place.id, home, {"address": "du"}, "staff:1", town.clock.now())
    for _ in range(3):
        contact = await card_of(counter, await mailed(counter, FORMAL))
        assert (contact.address, "address" in contact.learnt) == (Address.DU, False)
