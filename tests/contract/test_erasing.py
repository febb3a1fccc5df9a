"""What outlives its term goes by itself, a contact goes with everything, and the record stays provable."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, uuid7
from taktvoll.domain.governance.keeping import What
from taktvoll.domain.people.terms import Staff
from taktvoll.entry.desk.mail import erased_text
from taktvoll.flows.attach_file import attach_file
from taktvoll.flows.close_conversation import close_conversation
from taktvoll.flows.decide_mails import decide_mails
from taktvoll.flows.erase_contact import erase_contact
from taktvoll.flows.erase_overdue import BATCH, erase_overdue
from taktvoll.flows.receive_message import Incoming, receive_message
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.take_over import take_over
from taktvoll.flows.take_upload import take_upload
from taktvoll.flows.verify_record import verify_record
from tests.contract.letters import letter
from tests.contract.posts import Post, post_of
from tests.simulation.town import settle

TRUSTED = "mx.stadtwerke.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DAY = timedelta(days=1)
WHY = "Verlangen nach Art. 17"


@pytest.fixture
async def post(pool: Pool, tmp_path: Path) -> AsyncIterator[Post]:
    """A house with a mailbox, in which nobody dies."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 7)
    town.mind.dying = 0.0
    yield await post_of(town, trusted=TRUSTED)
    town.close()


async def keep(post: Post, **days: int) -> None:
    """Set terms."""
    place = await post.house.directory.workspace_by_id(post.town.place.id)
    await post.house.directory.set_settings(place.id, {**place.settings, **days})


async def intact(post: Post) -> bool:
    """Whether `audit verify` is green."""
    return not (await verify_record(post.house, post.town.place.id, lambda *_: None)).findings


async def owner_of(post: Post, conversation: ConversationId) -> ContactId:
    """Whose conversation it is."""
    contact = await post.house.contacts.of(post.town.place.id, conversation)
    assert contact is not None
    return contact.id


async def taken(post: Post, conversation: ConversationId) -> Staff:
    """An agent takes it."""
    staff = post.town.staff[0]
    await take_over(post.house, staff, conversation)
    return staff


async def answered(post: Post, conversation: ConversationId) -> None:
    """An agent takes it and sends a file."""
    staff = post.town.staff[0]
    state = await take_over(post.house, staff, conversation)
    file = await attach_file(post.house, staff, conversation, "Vertrag Meier.pdf", PDF)
    client = str(uuid7(post.town.clock.now()))
    await send_reply(post.house, staff, conversation, "Anbei.", state.owner_epoch, client, files=(file.id,))


async def test_originals_stay_until_a_company_sets_a_term(post: Post) -> None:
    """Tax law demands years: a program that erased by itself would break it, so silence keeps for good."""
    posted = await post.take(letter(headers=GENUINE))
    post.town.clock.at += 4_000 * DAY
    assert await erase_overdue(post.house, post.town.place.id) == 0
    (kept,) = await post.kept(posted.conversation)
    assert await post.house.mails.original(post.town.place.id, kept.id) is not None


async def test_originals_go_when_their_term_is_over_and_the_desk_can_say_so(post: Post) -> None:
    """What came is erased after its term, in batches, each on the log; the conversation and its proof stay."""
    place = post.town.place.id
    first = await post.take(letter(headers=GENUINE))
    for n in range(BATCH + 3):
        await post.take(letter(f"Frage {n}", sender=f"Kunde <k{n}@anders.example>"))
    post.town.clock.at += 200 * DAY
    late = await post.take(letter("Neu", sender="Neu <neu@anders.example>"))
    await keep(post, keep_originals_days=180)
    assert await erase_overdue(post.house, place) == BATCH + 4
    assert await erase_overdue(post.house, place) == 0
    (gone,), (left,) = await post.kept(first.conversation), await post.kept(late.conversation)
    assert await post.house.mails.original(place, gone.id) is None
    assert (gone.on_schedule, gone.facts is not None) == (True, True)
    for language, words in (("de", "planmäßig gelöscht"), ("en", "erased on schedule")):
        visit = SimpleNamespace(language=language, zone=UTC)
        assert words in erased_text(gone, visit)  # type: ignore[arg-type]
    assert await post.house.mails.original(place, left.id) is not None
    log = await post.house.eraser.log(place, 10)
    assert [(e.what, e.count) for e in log] == [(What.ORIGINALS, 4), (What.ORIGINALS, BATCH)]
    assert await intact(post)
    await post.sound(first.conversation)


async def test_files_that_nobody_sent_go_and_what_was_sent_stays(post: Post, raw: Any) -> None:
    """A forgotten upload is nobody's evidence; a file that a customer has is."""
    posted = await post.take(letter(headers=GENUINE))
    await answered(post, posted.conversation)
    left = await attach_file(post.house, post.town.staff[0], posted.conversation, "vergessen.pdf", PDF)
    post.town.clock.at += 29 * DAY
    assert await erase_overdue(post.house, post.town.place.id) == 0
    post.town.clock.at += 2 * DAY
    assert await erase_overdue(post.house, post.town.place.id) == 1
    kept = await raw.fetch(
        "select id, content from reply_file where conversation_id = $1", posted.conversation
    )
    assert [r["content"] for r in kept] == [PDF]
    assert left.id not in [r["id"] for r in kept]
    assert await intact(post)


async def test_a_contact_goes_with_everything_and_the_chain_stays(post: Post, raw: Any) -> None:
    """Article 17: no word, no file, no address of theirs is left; another's is untouched; who did it is on record."""
    place = post.town.place.id
    mail = letter("Mein Zähler 4711 steht.", sender="Eva Meier <eva@kundin.example>", headers=GENUINE)
    posted, other = (
        await post.take(mail),
        await post.take(letter("Und ich?", sender="Udo <udo@anders.example>")),
    )
    contact = await owner_of(post, posted.conversation)
    await answered(post, posted.conversation)
    extent = await post.house.eraser.extent(place, contact)
    assert (extent.contacts, extent.identities, extent.originals, extent.files) == (1, 1, 1, 1)
    assert extent.conversations == extent.open == (posted.conversation,)
    with pytest.raises(Refused, match=r"contact\.erase_open"):
        await erase_contact(post.house, place, contact, "Anna", WHY)
    await close_conversation(post.house, post.town.staff[0], posted.conversation)
    with pytest.raises(Refused, match=r"contact\.erase_why"):
        await erase_contact(post.house, place, contact, "Anna", "  ")
    await erase_contact(post.house, place, contact, "Anna", WHY)
    tables = await raw.fetch(
        "select table_name as name from information_schema.columns"
        " where table_schema = 'taktvoll' and column_name = 'workspace_id'"
    )
    for table in tables:
        rows = str(await raw.fetch(f"select * from {table['name']} where workspace_id = $1", place))  # noqa: S608
        words = ("eva@kundin", "Eva Meier", "4711", "Vertrag Meier")
        assert not [word for word in words if word in rows], table["name"]
    assert all(e.content is None for e in await post.events(posted.conversation))
    assert [e.content for e in await post.events(other.conversation) if e.kind == "message.received"] != [
        None
    ]
    (line,) = await post.house.eraser.log(place, 10)
    assert (line.what, line.contact, line.by, line.why, line.count) == (What.CONTACT, contact, "Anna", WHY, 1)
    assert await intact(post)


async def test_erasing_that_was_cut_off_is_done_again(post: Post) -> None:
    """Whoever is killed in the middle starts the command again: nothing is in the way, and nothing is left."""
    place = post.town.place.id
    posted = await post.take(letter(headers=GENUINE))
    contact = await owner_of(post, posted.conversation)
    await answered(post, posted.conversation)
    await close_conversation(post.house, post.town.staff[0], posted.conversation)

    class Cut:
        """The eraser of a process that dies after its first transaction."""

        def __getattr__(self, name: str) -> object:
            if name == "mails":
                raise OSError("killed")
            return getattr(post.house.eraser, name)

    dying = replace(post.house, eraser=Cut())  # type: ignore[arg-type]
    with pytest.raises(OSError, match="killed"):
        await erase_contact(dying, place, contact, "Anna", WHY)
    assert await owner_of(post, posted.conversation) == contact
    extent = await erase_contact(post.house, place, contact, "Anna", WHY)
    assert (extent.texts, extent.originals) == (0, 1)
    assert await post.house.contacts.of(place, posted.conversation) is None
    assert await intact(post)


async def test_files_that_a_customer_sent_are_counted_and_go(post: Post, raw: Any) -> None:
    """Whoever erases is told first what goes: a customer's own files are the most personal of it."""
    town, place = post.town, post.town.place.id
    talk = ConversationId(uuid7(town.clock.now()))
    file = await take_upload(post.house, place, talk, "u", "Vertrag Meier.pdf", PDF)
    await receive_message(
        post.house,
        Incoming(account=town.place.account, conversation=talk, provider_id="m", text="Wie lese ich meinen Zähler ab?",
            files=(file.id,), language="de"),
    )  # fmt: skip
    await close_conversation(post.house, (await taken(post, talk)), talk)
    posted = await post.take(letter(headers=GENUINE))
    contact = await owner_of(post, posted.conversation)
    await raw.execute("update conversation set contact_id = $2 where id = $1", talk, contact)
    assert (await post.house.eraser.extent(place, contact)).files == 1
    await erase_contact(post.house, place, contact, "Anna", WHY)
    (row,) = await raw.fetch("select name, content from chat_file where conversation_id = $1", talk)
    assert (row["name"], row["content"]) == (None, None)
    assert (await post.house.eraser.extent(place, contact)).files == 0


async def test_what_comes_in_while_a_contact_is_erased_is_not_left_behind(post: Post) -> None:
    """A mail of theirs arrives in the middle: without its contact nobody would ever find and erase it again."""
    place, came = post.town.place.id, list[ConversationId]()
    posted = await post.take(letter(headers=GENUINE))
    contact = await owner_of(post, posted.conversation)

    class Late:
        """The eraser, while the customer writes on: a mail arrives when the texts are gone already."""

        def __getattr__(self, name: str) -> object:
            return getattr(post.house.eraser, name)

        async def mails(self, *arguments: Any) -> None:
            """Let the mail arrive, once."""
            if not came:
                came.append((await post.take(letter("Noch etwas: 4712.", headers=GENUINE))).conversation)
            await post.house.eraser.mails(*arguments)

    late = replace(post.house, eraser=Late())  # type: ignore[arg-type]
    extent = await erase_contact(late, place, contact, "Anna", WHY)
    assert came[0] in extent.conversations
    for talk in (posted.conversation, *came):
        assert all(e.content is None for e in await post.events(talk))
        assert await post.house.contacts.of(place, talk) is None
    assert await intact(post)
    await decide_mails(post.house, place)
    kinds = [e.kind for e in await post.events(came[0])]
    assert ("conversation.handed_over" in kinds, "message.released" in kinds) == (True, False)
