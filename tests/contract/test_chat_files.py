"""Files of customers on a real database: kept once, bound to their message and conversation, erased, swept."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.postgres.chat_files import PostgresChatFiles
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, uuid7
from taktvoll.base.limits import CHAT_FILES_A_DAY_MAX, CHAT_FILES_BYTES_A_DAY_MAX
from taktvoll.domain.conversation.chat_files import NewUpload
from taktvoll.domain.conversation.files import Enclosure, recorded
from taktvoll.domain.conversation.ports import Accepting, Account
from taktvoll.domain.conversation.terms import NewEvent, OwnerKind, PersonalText
from taktvoll.domain.governance.wording import customer_content
from taktvoll.flows.attach_file import sent_file
from taktvoll.flows.explain_decision import explain_decision
from taktvoll.flows.receive_message import Incoming, Received, receive_message
from taktvoll.flows.replay_conversation import replay_conversation
from taktvoll.flows.resume_turns import resume_turns
from taktvoll.flows.take_upload import drop_upload, sweep_uploads, take_upload
from taktvoll.flows.verify_record import verify_record
from tests.contract.conftest import NOW, Place, make_place, talk
from tests.contract.posting import Post, opened, post_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
NAME = "Zähler Frau Yılmaz.png"


@dataclass
class Visit:
    """A customer in the chat, before their first message."""

    post: Post
    account: Account
    conversation: ConversationId

    async def bring(self, upload: str = "u", name: str = NAME, content: bytes = PNG) -> Enclosure:
        """Add a file."""
        return await take_upload(
            self.post.house, self.post.workspace, self.conversation, upload, name, content
        )

    async def say(self, id: str, text: str, *files: UUID) -> Received:
        """Send a message."""
        return await receive_message(
            self.post.house,
            Incoming(
                account=self.account,
                conversation=self.conversation,
                provider_id=id,
                text=text,
                files=files,
                language="de",
            ),
        )

    async def get(self, seq: int, place: int = 0) -> bytes:
        """Fetch what was sent."""
        return (await sent_file(self.post.house, self.post.workspace, self.conversation, seq, place))[1]

    async def findings(self) -> list[str]:
        """What `audit verify` finds."""
        return [
            f.code
            for f in (await verify_record(self.post.house, self.post.workspace, lambda *_: None)).findings
        ]


@pytest.fixture
async def visit(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Visit]:
    """Give a visitor of a workspace's chat."""
    (tmp_path / "secrets").mkdir()
    async with opened(endpoint.dsn("app"), tmp_path) as house:
        post = await post_of(house, house.now())
        account = await house.directory.make_account(post.workspace, "webchat", "web", house.now())
        yield Visit(post, account, ConversationId(uuid7(house.now())))


@pytest.fixture
def files(place: Place) -> PostgresChatFiles:
    """Give the store over the place's pool."""
    return PostgresChatFiles(place.pool)


def brought(
    place: Place, one: ConversationId, upload: str = "u", content: bytes = PNG, size: int = 0
) -> NewUpload:
    """A file that a visitor adds; `size` is what it claims to weigh."""
    digest = hashlib.sha256(content).hexdigest()
    about = Enclosure(uuid7(NOW), NAME, "image/png", size or len(content), digest)
    return NewUpload(workspace=place.id, conversation=one, upload=upload, about=about, content=content)


async def test_the_same_upload_is_one_file(place: Place, files: PostgresChatFiles) -> None:
    """The answer is lost in a tunnel and the device asks again: one file, and never another one's bytes."""
    one = talk()
    first = await files.add(brought(place, one), NOW)
    assert await files.add(brought(place, one), NOW) == first
    assert await files.named(place.id, one, [first.id, uuid7(NOW)]) == (first,)
    with pytest.raises(Refused, match=r"request\.malformed"):
        await files.add(brought(place, one, content=b"anders"), NOW)
    other = await files.add(brought(place, talk()), NOW)
    assert other.id != first.id, "another visitor's device may choose the same id"


async def test_so_much_and_no_more_within_a_day(place: Place, files: PostgresChatFiles) -> None:
    """A door that strangers may use must not fill the disk; uploads at the same moment do not slip through together."""
    one, heavy = talk(), talk()
    both = [files.add(brought(place, one, str(n)), NOW) for n in range(CHAT_FILES_A_DAY_MAX + 5)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(d, Enclosure) for d in done) == CHAT_FILES_A_DAY_MAX
    assert {d.code for d in done if isinstance(d, Refused)} == {"upload.full"}
    half = CHAT_FILES_BYTES_A_DAY_MAX // 2
    for n in range(2):
        await files.add(brought(place, heavy, str(n), size=half), NOW)
    with pytest.raises(Refused, match=r"upload\.full"):
        await files.add(brought(place, heavy, "3"), NOW)
    await files.add(brought(place, heavy, "4"), NOW + timedelta(days=1, minutes=1))


async def test_another_workspace_or_conversation_gets_nothing(place: Place, files: PostgresChatFiles) -> None:
    """Row-level security holds for customers' files as for words, and a file belongs to its conversation."""
    one = talk()
    file = await files.add(brought(place, one), NOW)
    other = await make_place(place.pool)
    for workspace, conversation in ((other.id, one), (place.id, talk())):
        assert await files.named(workspace, conversation, [file.id]) == ()
        assert await files.content(workspace, conversation, file.id) is None
        assert not await files.drop(workspace, conversation, file.id)
    assert await files.content(place.id, one, file.id) is None, "nobody gets what was not sent"
    assert await files.sweep(other.id, NOW + timedelta(days=2)) == 0
    assert await files.drop(place.id, one, file.id)
    assert not await files.drop(place.id, one, file.id)


async def test_a_file_alone_is_a_message_and_goes_to_a_person(visit: Visit) -> None:
    """Uploaded before the conversation exists, bound in the commit that begins it, handed over honestly, provable."""
    file = await visit.bring()
    got = await visit.say("a", "", file.id)
    assert got.state.owner.kind is OwnerKind.QUEUE
    assert [r.value for r in got.state.reasons] == ["file"]
    events = await visit.post.house.record.events(visit.post.workspace, visit.conversation)
    received = next(e for e in events if e.kind == "message.received")
    digest = hashlib.sha256(PNG).hexdigest()
    assert received.payload["files"] == [{"sha256": digest, "size": len(PNG), "type": "image/png"}]
    assert "Yılmaz" not in json.dumps(received.payload, ensure_ascii=False)
    assert await visit.get(received.seq) == PNG
    assert await visit.findings() == []
    replay = await replay_conversation(visit.post.house, visit.post.workspace, visit.conversation)
    assert (replay.differences, replay.not_comparable) == ([], [])
    assert replay.same > 0
    told = await explain_decision(visit.post.house, visit.post.workspace, visit.conversation, "de")
    assert f"customer: [{NAME}]" in [line.says for line in told]


async def test_a_repeated_message_is_one_message_with_its_file(visit: Visit) -> None:
    """The file is bound already when the same message comes again; that is no missing file."""
    file = await visit.bring()
    first = await visit.say("a", "Passt das so?", file.id)
    again = await visit.say("a", "Passt das so?", file.id)
    assert (again.duplicate, again.seq) == (True, first.seq)
    assert await visit.bring() == file, "an upload that was sent is still the same upload"


async def test_a_file_goes_with_one_message_of_its_own_conversation(visit: Visit) -> None:
    """No message is on record without what it says came along; nobody sends what a stranger has uploaded."""
    file = await visit.bring()
    stranger = replace(visit, conversation=ConversationId(uuid7(visit.post.house.now())))
    theirs = await stranger.bring()
    for wanted in (theirs.id, uuid7(NOW)):
        with pytest.raises(Refused, match=r"upload\.gone"):
            await visit.say("a", "Hier.", file.id, wanted)
    await visit.say("a", "Hier.", file.id)
    with pytest.raises(Refused, match=r"upload\.gone"):
        await visit.say("b", "Noch einmal.", file.id)
    events = await visit.post.house.record.events(
        visit.post.workspace, visit.conversation, kinds=("message.received",)
    )
    assert [e.payload["id"] for e in events] == ["a"]
    with pytest.raises(Refused, match=r"message\.empty"):
        await visit.say("c", " ")


async def test_the_commit_itself_refuses_a_missing_file(visit: Visit, raw: Any) -> None:
    """Swept between reading and committing: then nothing is on record, and the customer is told."""
    file = await visit.bring()

    class Late(PostgresChatFiles):
        """The file goes right after it was read."""

        async def named(self, *place: Any) -> tuple[Enclosure, ...]:
            found = await super().named(*place)
            await raw.execute("delete from chat_file where id = $1", file.id)
            return found

    house = visit.post.house
    late = replace(house, uploads=Late(house.uploads._pool))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"upload\.gone"):
        await replace(visit, post=replace(visit.post, house=late)).say("a", "Hier.", file.id)
    with pytest.raises(Refused, match=r"conversation\.unknown"):
        await house.record.access(visit.post.workspace, visit.conversation)


async def test_too_many_for_one_message_are_refused_before_anything_is_stored(visit: Visit) -> None:
    """The limit holds at the server, whatever the element was made to believe."""
    ids = [(await visit.bring(str(n))).id for n in range(6)]
    with pytest.raises(Refused, match=r"upload\.many"):
        await visit.say("a", "", *ids)
    await visit.say("a", "", *ids[:5])
    for name, content, code in (
        ("foto.jpg", b"MZ" + bytes(60), "file.type"),
        ("bild.png", b"%PDF-1.7", "file.lies"),
        ("leer.txt", b"", "file.empty"),
        ("film.bin", bytes(10 * 1024 * 1024 + 1), "file.large"),
    ):
        with pytest.raises(Refused) as refused:
            await visit.bring("neu", name, content)
        assert refused.value.code == code


async def test_erasing_a_message_erases_its_file_and_what_was_begun(visit: Visit, raw: Any) -> None:
    """Whoever asks for a message to be forgotten means the photograph, too; the hash alone stays (DSGVO Art. 17)."""
    file = await visit.bring()
    got = await visit.say("a", "Meine Hausnummer ist zu sehen.", file.id)
    await visit.bring("später")
    await raw.execute(
        "update personal_text set content = null, salt = null, erased_at = now() where conversation_id = $1",
        visit.conversation,
    )
    rows = await raw.fetch(
        "select id, name, content, sha256 from chat_file where conversation_id = $1", visit.conversation
    )
    assert [tuple(row) for row in rows] == [(file.id, None, None, file.sha256)]
    with pytest.raises(Refused, match=r"file\.erased"):
        await visit.get(got.seq)
    with pytest.raises(Refused, match=r"upload\.gone"):
        await visit.bring()
    assert await visit.findings() == []


async def test_who_erases_a_customer_hears_of_their_files(visit: Visit, raw: Any) -> None:
    """Whoever confirms what is to go must read of the photographs, too, also of one that was added and not sent."""
    file = await visit.bring()
    await visit.say("a", "", file.id)
    await visit.bring("später")
    contact = ContactId(uuid7(NOW))
    await raw.execute(
        "insert into contact (id, workspace_id, made_at, changed_at) values ($1, $2, $3, $3)",
        contact, visit.post.workspace, NOW,
    )  # fmt: skip
    await raw.execute("update conversation set contact_id = $1 where id = $2", contact, visit.conversation)
    extent = await visit.post.house.eraser.extent(visit.post.workspace, contact)
    assert extent.files == 2


async def test_changed_or_removed_bytes_are_found_and_not_handed_out(visit: Visit, raw: Any) -> None:
    """A photograph may be a proof; whoever exchanges it in the database must be found."""
    file = await visit.bring()
    got = await visit.say("a", "", file.id)
    await raw.execute("update chat_file set content = content || 'x' where id = $1", file.id)
    with pytest.raises(Refused, match=r"file\.differs"):
        await visit.get(got.seq)
    assert await visit.findings() == ["file.differs"]
    await raw.execute("delete from chat_file where id = $1", file.id)
    assert await visit.findings() == ["file.differs"]


async def test_the_program_can_neither_change_nor_unsend_a_file(visit: Visit, endpoint: Endpoint) -> None:
    """The record names the bytes; a fault of ours may not make other bytes of them, nor make them unsent."""
    file = await visit.bring()
    got = await visit.say("a", "", file.id)
    connection = await asyncpg.connect(endpoint.dsn("app"))
    try:
        await connection.execute("set search_path = taktvoll")
        await connection.execute(
            "select set_config('taktvoll.workspace', $1, false)", str(visit.post.workspace)
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("update chat_file set content = 'x' where id = $1", file.id)
        assert (
            await connection.execute("update chat_file set text_id = null where id = $1", file.id)
            == "UPDATE 0"
        )
        assert await connection.execute("delete from chat_file where id = $1", file.id) == "DELETE 0"
    finally:
        await connection.close()
    await drop_upload(visit.post.house, visit.post.workspace, visit.conversation, file.id)
    assert await visit.get(got.seq) == PNG


async def test_what_was_never_sent_is_swept_after_a_day(visit: Visit) -> None:
    """Whoever changed their mind leaves nothing with us; what was sent stays."""
    sent, begun = await visit.bring("a"), await visit.bring("b")
    got = await visit.say("a", "", sent.id)
    house, workspace = visit.post.house, visit.post.workspace
    assert await sweep_uploads(house, workspace) == 0
    assert await sweep_uploads(visit.post.later(timedelta(hours=25)).house, workspace) == 1
    with pytest.raises(Refused, match=r"upload\.gone"):
        await visit.say("b", "", begun.id)
    assert await visit.get(got.seq) == PNG


async def test_a_message_that_meets_the_sweep_loses_no_file_unnoticed(visit: Visit, raw: Any) -> None:
    """A file that goes while its message is committed: the message is refused, not stored without what it names."""
    file = await visit.bring()
    async with raw.transaction():
        await raw.execute("delete from chat_file where id = $1", file.id)
        sending = asyncio.create_task(visit.say("a", "", file.id))
        waiting = (
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%accept%'"
        )
        while not await raw.fetchval(waiting):
            await raw.execute("select pg_stat_clear_snapshot()")
            assert not sending.done()
            await asyncio.sleep(0.02)
    with pytest.raises(Refused, match=r"upload\.gone"):
        await sending
    count = "select count(*) from event where conversation_id = $1"
    assert await raw.fetchval(count, visit.conversation) == 0


async def test_two_messages_in_a_row_are_decided_as_one_with_their_file(visit: Visit) -> None:
    """Turns that were cut off: the job joins what nobody has decided, and must not lose that there is a file."""
    house, file = visit.post.house, await visit.bring()
    for name, text, along in (("a", "", (file,)), ("b", "Passt das?", ())):
        await house.record.accept(cut_off(visit, name, text, *along))
    assert await resume_turns(visit.post.later(timedelta(minutes=1)).house, visit.post.workspace) == 1
    state = (await house.record.access(visit.post.workspace, visit.conversation)).state
    assert [r.value for r in state.reasons] == ["file"]
    replay = await replay_conversation(house, visit.post.workspace, visit.conversation)
    assert replay.differences == []


def cut_off(visit: Visit, name: str, text: str, *along: Enclosure) -> Accepting:
    """A message whose process dies right after the first commit."""
    at = visit.post.house.now()
    payload: dict[str, object] = {"id": name} | ({"files": recorded(along)} if along else {})
    content = PersonalText(customer_content(text, files=along))
    opening: dict[str, object] = {"account": "web", "channel": "webchat", "language": "de"}
    return Accepting(
        workspace=visit.post.workspace,
        conversation=visit.conversation,
        account=visit.account.id,
        channel="webchat",
        provider_id=name,
        received=NewEvent("message.received", at, "customer", payload, text=content),
        opening=NewEvent("conversation.started", at, "customer", opening),
        reopening=NewEvent("conversation.reopened", at, "customer", {}),
    )
