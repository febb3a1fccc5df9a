"""Answers to another address than the sender's: a person's word or the company's own form, and no forger's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import getaddresses
from pathlib import Path

import pytest

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.delivery.reply_address import CONFIRMED, WITHDRAWN, confirmed_in
from taktvoll.domain.mail.intake import Original
from taktvoll.domain.mail.terms import Address
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.confirm_reply_address import (
    ReplyAddress,
    confirm_reply_address,
    reply_address_of,
    withdraw_reply_address,
)
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.deliver import deliver
from taktvoll.flows.hand_back import hand_back
from taktvoll.flows.house import House
from taktvoll.flows.keep_contact import panel_of
from taktvoll.flows.link_contact import link_contacts
from taktvoll.flows.receive_mail import Posted, receive_mail
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.set_up_mailbox import change_mailbox
from taktvoll.flows.take_over import take_over
from tests.contract.letters import answering, letter
from tests.contract.mailserver import Taken, good_server
from tests.contract.posts import OUT, Post, post_of, sending_town

TRUSTED = "mx.stadtwerke.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
FORGED = f"Authentication-Results: {TRUSTED}; spf=fail; dkim=fail; dmarc=fail\r\n"
ANNA, BERND = "anna@web.de", "bernd@gmx.de"
FORM = "formular@stadtwerke.example"
GAS = "Hilfe, bei uns riecht es stark nach Gas!"


def wide(address: str) -> str:
    """The same address for every server, with a letter of another width: a mail to it leaves under the plain one."""
    local, _, domain = address.partition("@")
    return f"{local}@{chr(ord(domain[0]) + 0xFEE0)}{domain[1:]}"


@dataclass(frozen=True)
class Counter:
    """A house that sends mail to a server beside it, and two agents."""

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

    @property
    def other(self) -> Staff:
        """Another one."""
        return self.post.town.staff[1]

    async def asked(self, headers: str = GENUINE, *, to: str = BERND, text: str = "Und?") -> Posted:
        """Anna writes and wants the answer at another address."""
        return await self.post.take(
            letter(text, sender=f"Anna Muster <{ANNA}>", headers=f"Reply-To: Bernd <{to}>\r\n{headers}")
        )

    async def filled(
        self, to: str = BERND, headers: str = GENUINE, text: str = "Wie hoch ist mein Abschlag?", n: int = 0
    ) -> Posted:
        """Somebody fills in the company's form."""
        raw = letter(
            text,
            sender=f"Kontaktformular <{FORM}>",
            subject=f"Anfrage {n}",
            # The form runs on our own server, so its Message-IDs look like ours.
            message_id=f"<{uuid7(self.post.town.clock.now())}@{self.post.mailbox.addresses[0].partition('@')[2]}>",
            headers=f"Reply-To: Bernd Beispiel <{to}>\r\n{headers}" if to else headers,
        )
        return await self.post.take(raw)

    async def address(self, talk: ConversationId) -> ReplyAddress:
        """What stands beside the reply field."""
        place = self.post.town.place.id
        return await reply_address_of(self.house, place, talk, await self.post.sound(talk))

    async def confirm(self, posted: Posted, staff: Staff | None = None) -> None:
        """A person confirms what the mail asks for."""
        await confirm_reply_address(self.house, staff or self.agent, posted.conversation, posted.seq)

    async def reply(self, talk: ConversationId, text: str = "Ab Montag.") -> None:
        """The agent takes the conversation and writes."""
        state = await take_over(self.house, self.agent, talk)
        await send_reply(
            self.house, self.agent, talk, text, state.owner_epoch, str(uuid7(self.post.town.clock.now()))
        )

    async def sent(self) -> list[str]:
        """Send what is due; gives to whom everything went so far."""
        await deliver(self.house, self.post.town.place.id)
        return self.taken.recipients

    async def forms(self, *addresses: str) -> "Counter":
        """Name the company's forms."""
        place = self.post.town.place.id
        mailbox = await change_mailbox(self.house, place, "service", {"forms": list(addresses)})
        return replace(self, post=replace(self.post, mailbox=mailbox))


@pytest.fixture
async def counter(pool: Pool, tmp_path: Path) -> AsyncIterator[Counter]:
    """A house with a mailbox whose server takes everything, in which nobody dies."""
    town = await sending_town(pool, tmp_path)
    async with good_server() as (port, taken):
        address = f"service@{town.place.workspace.name}.example"
        out = {**OUT, "port": port, "address": address}
        yield Counter(await post_of(town, trusted=TRUSTED, outgoing=out), taken)
    town.close()


async def test_a_confirmed_address_gets_the_answers_and_takes_part(counter: Counter) -> None:
    """People's replies go there under the name it has, and whoever reads there goes on with the conversation."""
    posted = await counter.asked()
    talk = posted.conversation
    wish = (await counter.address(talk)).wish
    assert wish is not None
    assert (wish.sender.address, wish.to.address, wish.problem) == (ANNA, BERND, "")
    await counter.confirm(posted)
    found = await counter.address(talk)
    assert found.wish is None
    assert found.confirmed is not None
    assert found.confirmed.to.address == BERND
    await counter.reply(talk)
    assert await counter.sent() == [BERND]
    assert "Guten Tag Bernd" in str(counter.taken.mails[0].get_body(("plain",)))
    answer = letter(
        "Danke, und am Samstag?",
        sender=f"Bernd <{BERND}>",
        subject="AW: Öffnungszeiten",
        headers=answering(str(counter.taken.mails[0]["Message-ID"])),
    )
    assert (await counter.post.take(answer)).conversation == talk
    assert (await counter.address(talk)) == ReplyAddress()
    await counter.reply(talk, "Samstags auch.")
    assert await counter.sent() == [BERND, BERND]


async def test_nothing_goes_elsewhere_before_a_person_says_so(counter: Counter) -> None:
    """The assistant and people answer the sender, however genuine the mail is."""
    posted = await counter.asked(text=GAS)
    await decide_mails(counter.house, counter.post.town.place.id)
    await counter.reply(posted.conversation)
    assert set(await counter.sent()) == {ANNA}


async def test_the_assistant_follows_what_a_person_confirmed(counter: Counter) -> None:
    """Later answers go the same way, whoever writes them."""
    posted = await counter.asked()
    await counter.confirm(posted)
    first = str((await counter.post.kept(posted.conversation))[0].facts.message_id)  # type: ignore[union-attr] # just taken
    await counter.post.take(
        letter(GAS, sender=f"Anna Muster <{ANNA}>", subject="Re: Öffnungszeiten", headers=answering(first))
    )
    assert await decide_mails(counter.house, counter.post.town.place.id) == 1
    assert await counter.sent() == [BERND]
    await counter.post.sound(posted.conversation)


async def test_a_confirmation_is_taken_back_for_what_has_not_left(counter: Counter) -> None:
    """What was written for one reader reaches no other: a reply that waits comes back to its writer instead."""
    posted = await counter.asked()
    talk = posted.conversation
    await counter.reply(talk, "Für Anna.")
    await counter.confirm(posted)
    assert await counter.sent() == [ANNA]
    await counter.reply(talk, "Für Bernd.")
    await withdraw_reply_address(counter.house, counter.agent, talk)
    await withdraw_reply_address(counter.house, counter.agent, talk)
    assert await counter.sent() == [ANNA]
    failed = [e for e in await counter.post.events(talk) if e.kind == "delivery.failed"]
    assert [e.payload["because"] for e in failed] == ["taken_back"]
    await counter.reply(talk, "Wieder für Anna.")
    assert await counter.sent() == [ANNA, ANNA]
    events = [e for e in await counter.post.events(talk) if e.kind in (CONFIRMED, WITHDRAWN)]
    assert [e.kind for e in events] == [CONFIRMED, WITHDRAWN]
    assert "bernd" not in str([e.payload for e in events]).casefold()
    stranger = letter(
        sender=BERND,
        subject="AW: Öffnungszeiten",
        headers=answering(str(counter.taken.mails[0]["Message-ID"])),
    )
    assert (await counter.post.take(stranger)).conversation != talk


async def test_an_erased_address_gets_nothing(counter: Counter) -> None:
    """Whoever had their address erased is not written to, and the reply does not go to somebody else."""
    posted = await counter.asked()
    await counter.confirm(posted)
    await counter.reply(posted.conversation)
    place = counter.post.town.place
    async with place.pool.within(place.id) as connection:
        await connection.execute(
            "update personal_text t set content = null, salt = null, erased_at = now() from event e"
            " where t.id = e.text_id and e.kind = 'reply_address.confirmed' and e.conversation_id = $1",
            posted.conversation,
        )
    assert await counter.sent() == []


async def test_only_what_was_shown_is_confirmed(counter: Counter) -> None:
    """A newer mail that asks for another address must not slip under the button of the older one."""
    posted = await counter.asked()
    first = str((await counter.post.kept(posted.conversation))[0].facts.message_id)  # type: ignore[union-attr] # just taken
    reply = f"Reply-To: dieb@fremd.example\r\n{answering(first)}"
    forged = await counter.post.take(letter(sender=ANNA, subject="Re: Öffnungszeiten", headers=reply))
    assert forged.conversation == posted.conversation
    with pytest.raises(Refused, match=r"^reply_address\.gone"):
        await counter.confirm(posted)
    await counter.reply(posted.conversation)
    assert await counter.sent() == [ANNA]


async def test_a_forger_cannot_lead_answers_of_a_confirmed_conversation_to_himself(counter: Counter) -> None:
    """Even who knows a Message-ID and the sender's address only gets an answer to where a person confirmed."""
    posted = await counter.asked()
    await counter.confirm(posted)
    await counter.reply(posted.conversation)
    await counter.sent()
    reply = f"Reply-To: dieb@fremd.example\r\n{answering(str(counter.taken.mails[0]['Message-ID']))}"
    await counter.post.take(letter(GAS, sender=ANNA, subject="AW: Öffnungszeiten", headers=reply))
    found = await counter.address(posted.conversation)
    assert found.wish is not None
    assert found.confirmed is not None
    assert (found.wish.to.address, found.confirmed.to.address) == ("dieb@fremd.example", BERND)
    await counter.reply(posted.conversation, "Ihr Kennwort ist blau.")
    assert set(await counter.sent()) == {BERND}


@pytest.mark.parametrize(
    ("to", "headers", "code"),
    [
        (BERND, FORGED, "reply_address.forged"),
        ("kein.punkt@nirgends", GENUINE, "address.malformed"),
        ("OURS", GENUINE, "reply_address.ours"),
        ("WIDE", GENUINE, "reply_address.ours"),
    ],
)
async def test_some_addresses_nobody_can_confirm(counter: Counter, to: str, headers: str, code: str) -> None:
    """A forged sender, an address that no server takes, and our own, from which every answer would come back."""
    ours = counter.post.mailbox.addresses[0]
    to = {"OURS": ours.upper(), "WIDE": wide(ours)}.get(to, to)
    posted = await counter.asked(headers, to=to)
    with pytest.raises(Refused) as caught:
        await counter.confirm(posted)
    assert caught.value.code == code
    assert CONFIRMED not in {e.kind for e in await counter.post.events(posted.conversation)}


async def test_another_persons_conversation_is_theirs(counter: Counter) -> None:
    """They write in the belief that it goes where their page says; the lead asks them or takes it over."""
    posted = await counter.asked()
    await take_over(counter.house, counter.agent, posted.conversation)
    with pytest.raises(Refused, match=r"^conversation\.not_yours"):
        await counter.confirm(posted, counter.other)
    await counter.confirm(posted)
    with pytest.raises(Refused, match=r"^reply_address\.gone"):
        await counter.confirm(posted)
    await hand_back(counter.house, counter.agent, posted.conversation)
    await withdraw_reply_address(counter.house, counter.other, posted.conversation)


async def test_a_form_of_ours_is_answered_where_the_customer_says(counter: Counter) -> None:
    """Who filled it in is the customer: greeted, answered, claimed as the contact, and free to go on by mail."""
    counter = await counter.forms(FORM)
    posted = await counter.filled(headers=GENUINE + "Auto-Submitted: auto-generated\r\n")
    (kept,) = await counter.post.kept(posted.conversation)
    assert kept.facts is not None
    assert (kept.automatic, kept.silent, kept.facts.form, kept.facts.reply_to) == ("", "", True, "")
    panel = await panel_of(counter.house, counter.agent, posted.conversation)
    assert panel.card is None
    assert panel.claim is not None
    assert (panel.claim.written, panel.claim.name) == (BERND, "Bernd Beispiel")
    assert await link_contacts(counter.house, counter.post.town.place.id) == 0
    await counter.reply(posted.conversation)
    assert await counter.sent() == [BERND]
    body = str(counter.taken.mails[0].get_body(("plain",)))
    assert "Guten Tag Bernd Beispiel" in body
    assert "Kontaktformular" not in body
    answer = answering(str(counter.taken.mails[0]["Message-ID"]))
    back = letter(sender=f"Bernd <{BERND}>", subject="AW: Anfrage 0", headers=answer + GENUINE)
    assert (await counter.post.take(back)).conversation == posted.conversation
    panel = await panel_of(counter.house, counter.agent, posted.conversation)
    assert panel.card is not None
    assert [i.written for i in panel.card.identities] == [BERND]


async def test_who_only_calls_himself_the_form_is_a_stranger(counter: Counter) -> None:
    """The address of a form stands on the company's site; only what is authenticated as it is believed to be it."""
    counter = await counter.forms(FORM)
    foreign = GENUINE.replace(TRUSTED, "mx.fremd.example")
    posted = [
        await counter.filled("dieb@fremd.example", headers, n=n) for n, headers in enumerate(("", foreign))
    ]
    for one in posted:
        (kept,) = await counter.post.kept(one.conversation)
        assert kept.facts is not None
        assert (kept.facts.form, kept.facts.answers_to) == (False, FORM)
    unnamed = await (await counter.forms()).filled("dieb@fremd.example")
    (kept,) = await counter.post.kept(unnamed.conversation)
    assert kept.facts is not None
    assert not kept.facts.form


@pytest.mark.parametrize(
    ("first", "handed_in", "believed"),
    [
        (b"", True, True),
        (b"Received: from x.example\r\n", True, False),
        (b"", False, False),
        (FORGED.encode(), True, False),
    ],
    ids=["straight", "by_a_server", "without_token", "forged"],
)
async def test_a_form_that_hands_in_by_itself_is_believed(
    counter: Counter, first: bytes, handed_in: bool, believed: bool
) -> None:
    """The mailbox's token is the company's own; a mail that a server brought before it is only as good as its proof."""
    counter = await counter.forms(FORM)
    raw = first + letter(sender=FORM, headers=f"Reply-To: {BERND}\r\n")
    posted = await receive_mail(
        counter.house, counter.post.mailbox, Original(raw, len(raw)), handed_in=handed_in
    )
    (kept,) = await counter.post.kept(posted.conversation)
    assert kept.facts is not None
    assert kept.facts.form is believed


async def test_the_autopilot_answers_forms_and_no_address_too_often(counter: Counter) -> None:
    """The form writes for all, so its own mails must not stop each other; and nobody's mailbox is filled by it."""
    counter = await counter.forms(FORM)
    for n in range(5):
        counter.post.town.clock.at += timedelta(minutes=1)
        domain = (
            "fremd.example"[:n] + wide(f"@{'fremd.example'[n:]}")[1:]
        )  # each time it is spelt another way
        await counter.filled(f"opfer@{domain}", text=f"{GAS} {n}", n=n)
        await counter.filled(f"kunde{n}@fremd.example", text=f"{GAS} {n}", n=n)
        await decide_mails(counter.house, counter.post.town.place.id)
    sent = await counter.sent()
    assert sent.count("opfer@fremd.example") == 3
    assert sum(one.startswith("kunde") for one in sent) == 5
    assert FORM not in sent


@pytest.mark.parametrize("to", ["", "OURS", "WIDE", "DOT", FORM, "kein.punkt@nirgends"])
async def test_a_form_that_names_nobody_is_not_answered_by_itself(counter: Counter, to: str) -> None:
    """An answer to the form, or to ourselves, reaches no customer and might go round in circles."""
    counter = await counter.forms(FORM)
    ours = counter.post.mailbox.addresses[0]
    to = {"OURS": ours, "WIDE": wide(ours), "DOT": f"{ours}."}.get(to, to)
    posted = await counter.filled(to, text=GAS)
    (kept,) = await counter.post.kept(posted.conversation)
    assert kept.silent == "no_sender"
    await decide_mails(counter.house, counter.post.town.place.id)
    assert (await counter.post.sound(posted.conversation)).owner.kind is OwnerKind.QUEUE
    assert await counter.sent() == []


async def test_an_address_is_one_in_either_form_of_its_domain(counter: Counter) -> None:
    """A mail to an international domain leaves under its ASCII name, and its answer may come under either."""
    posted = await counter.asked(to="bernd@müller.example")
    await counter.confirm(posted)
    await counter.reply(posted.conversation)
    assert await counter.sent() == ["bernd@xn--mller-kva.example"]
    assert getaddresses([str(counter.taken.mails[0]["To"])])[0][1] == "bernd@xn--mller-kva.example"
    answer = answering(str(counter.taken.mails[0]["Message-ID"]))
    back = letter(sender="bernd@xn--mller-kva.example", subject="AW: Öffnungszeiten", headers=answer)
    assert (await counter.post.take(back)).conversation == posted.conversation


async def test_a_confirmation_holds_for_its_sender_and_no_lookalike(counter: Counter) -> None:
    """ß and ss are two domains, and two owners: what was confirmed for one is not true of the other."""
    posted = await counter.post.take(
        letter("Und?", sender="anna@straße.example", headers=f"Reply-To: {BERND}\r\n{GENUINE}")
    )
    await counter.confirm(posted)
    await counter.reply(posted.conversation)
    assert await counter.sent() == [BERND]
    confirmed = confirmed_in(await counter.post.events(posted.conversation))
    assert confirmed is not None
    assert confirmed.sender.key != Address("", "anna@strasse.example").key


async def test_an_answer_goes_to_the_domain_that_was_written(counter: Counter) -> None:
    """The old rules for international names wrote ß as ss, where somebody else reads."""
    posted = await counter.post.take(letter("Und?", sender="anna@straße.example", headers=GENUINE))
    await counter.reply(posted.conversation)
    assert await counter.sent() == ["anna@xn--strae-oqa.example"]


async def test_a_neighbour_in_other_letters_is_no_same_domain(counter: Counter) -> None:
    """A Reply-To of the sender's own domain is followed unasked: not where only folding makes two domains one."""
    reply_to = "Reply-To: dieb@strasse.example\r\n"
    posted = await counter.post.take(letter("Und?", sender="anna@straße.example", headers=reply_to + GENUINE))
    wish = (await counter.address(posted.conversation)).wish
    assert wish is not None
    assert wish.to.address == "dieb@strasse.example"
