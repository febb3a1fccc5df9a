"""Files of a reply on a real database: added, waiting, sent, erased; and out by mail as they were added."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.mailwriting import files_in, texts_in
from taktvoll.adapters.postgres.files import PostgresFiles
from taktvoll.adapters.postgres.writing import PostgresWriting
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.files import Enclosure, NewFile
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.delivery.provenance import HEADER, Finding, findings_of, stated_in
from taktvoll.domain.delivery.terms import Enclosed, Outcome, Parcel, Postponed, Sent
from taktvoll.domain.people.terms import Role, Staff
from taktvoll.flows.attach_file import attach_file, begun_files, detach_file, sent_file
from taktvoll.flows.deliver import CLAIM, deliver
from taktvoll.flows.send_reply import send_reply
from taktvoll.flows.take_over import take_over
from taktvoll.flows.verify_record import verify_record
from taktvoll.flows.write_reply import send_due_replies, take_back, write_reply
from tests.contract.conftest import NOW, Place, make_place
from tests.contract.mailserver import good_server, parsed
from tests.contract.posting import Post, opened, post_of
from tests.contract.test_board import someone
from tests.contract.test_writing import SOON, begun, pending
from tests.domain.test_delivery import parcel

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
NAME = "Bestätigung für Frau Yılmaz, Zähler & Gas.pdf"


@pytest.fixture
async def post(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Post]:
    """Give a workspace with a mailbox."""
    (tmp_path / "secrets").mkdir()
    async with opened(endpoint.dsn("app"), tmp_path) as house:
        yield await post_of(house, house.now())


@pytest.fixture
def files(place: Place) -> PostgresFiles:
    """Give the store over the place's pool."""
    return PostgresFiles(place.pool)


def added(place: Place, staff: Staff, one: ConversationId, content: bytes = PDF) -> NewFile:
    """A file that someone adds."""
    about = Enclosure(uuid7(NOW), NAME, "application/pdf", len(content), hashlib.sha256(content).hexdigest())
    return NewFile(workspace=place.id, staff=staff.id, conversation=one, about=about, content=content)


async def mine(post: Post, text: str = "Anbei.") -> tuple[ConversationId, int]:
    """A mail that Anna has taken over, and the epoch she writes under."""
    conversation = await post.written()
    return conversation, (await take_over(post.house, post.staff, conversation)).owner_epoch


async def test_files_belong_to_one_who_writes(place: Place, files: PostgresFiles) -> None:
    """Two people write in one conversation: neither sends, sees or removes the other's files."""
    one, jana, emre = await begun(place), await someone(place), await someone(place, "Emre")
    first, second = added(place, jana, one), added(place, jana, one, b"zwei")
    await files.add(first, NOW)
    await files.add(second, SOON)
    assert await files.unsent(place.id, jana.id, one) == (first.about, second.about)
    assert await files.unsent(place.id, emre.id, one) == ()
    assert not await files.drop(place.id, emre.id, one, first.about.id)
    assert await files.drop(place.id, jana.id, one, first.about.id)
    assert not await files.drop(place.id, jana.id, one, first.about.id)
    assert await files.unsent(place.id, jana.id, one) == (second.about,)
    assert await files.content(place.id, one, second.about.id) is None, "nobody gets what was not sent"


async def test_a_reply_that_waits_keeps_its_files(place: Place, files: PostgresFiles) -> None:
    """Undo must bring everything back, and what waits can no longer be taken away beneath it."""
    one, jana, writing = await begun(place), await someone(place), PostgresWriting(place.pool)
    file = added(place, jana, one)
    await files.add(file, NOW)
    waits = replace(pending(place, jana, one), files=(file.about.id,))
    assert await writing.hold(waits)
    assert await writing.pending(place.id, jana.id, one) == waits
    assert not await files.drop(place.id, jana.id, one, file.about.id)
    assert await files.unsent(place.id, jana.id, one) == (file.about,)
    assert await writing.take_back(place.id, jana.id, one, NOW)
    assert await writing.pending(place.id, jana.id, one) is None
    assert await writing.hold(waits)
    (claimed,) = await writing.claim(place.id, SOON, SOON, 10)
    assert claimed.files == (file.about.id,)
    await writing.give_back(claimed, "customer.wrote", NOW)
    assert await files.drop(place.id, jana.id, one, file.about.id)


async def test_nothing_waits_without_its_files(place: Place, files: PostgresFiles) -> None:
    """A file that was removed elsewhere stops the reply before it waits, and the draft stays."""
    one, jana, writing = await begun(place), await someone(place), PostgresWriting(place.pool)
    emre = await someone(place, "Emre")
    theirs = added(place, emre, one)
    await files.add(theirs, NOW)
    for file in (uuid7(NOW), theirs.about.id):
        with pytest.raises(Refused, match=r"file\.gone"):
            await writing.hold(replace(pending(place, jana, one), files=(file,)))
        assert await writing.pending(place.id, jana.id, one) is None


async def test_another_workspace_sees_none(place: Place, files: PostgresFiles) -> None:
    """Row-level security holds for files as for words."""
    one, jana = await begun(place), await someone(place)
    file = added(place, jana, one)
    await files.add(file, NOW)
    other = await make_place(place.pool)
    assert await files.unsent(other.id, jana.id, one) == ()
    assert not await files.drop(other.id, jana.id, one, file.about.id)


async def test_the_program_cannot_change_or_unsend_what_was_sent(post: Post, endpoint: Endpoint) -> None:
    """The record names the bytes; a fault of ours may not make other bytes of them, nor make them unsaid."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    connection = await asyncpg.connect(endpoint.dsn("app"))
    try:
        await connection.execute("set search_path = taktvoll")
        await connection.execute("select set_config('taktvoll.workspace', $1, false)", str(post.workspace))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("update reply_file set content = 'x' where id = $1", file.id)
        assert (
            await connection.execute("update reply_file set text_id = null where id = $1", file.id)
            == "UPDATE 0"
        )
        assert await connection.execute("delete from reply_file where id = $1", file.id) == "DELETE 0"
    finally:
        await connection.close()


async def test_a_mail_carries_the_files_as_they_were_added(post: Post) -> None:
    """Name with umlauts, bytes and type arrive; the signed statement covers them, and the record names their hashes."""
    conversation, epoch = await mine(post)
    pdf = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    text = await attach_file(post.house, post.staff, conversation, "Notiz.txt", "Grüße".encode())
    event = await send_reply(
        post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(pdf.id, text.id)
    )
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        assert await deliver(post.house, post.workspace) == 1
    [mail] = taken.mails
    assert mail.get_content_type() == "multipart/mixed"
    first, second = mail.iter_attachments()
    assert (first.get_filename(), first.get_content()) == (NAME, PDF)
    assert (first.get_content_type(), first.get_content_disposition()) == ("application/pdf", "attachment")
    assert (second.get_filename(), second.get_payload(decode=True)) == ("Notiz.txt", "Grüße".encode())
    digests = [hashlib.sha256(one).hexdigest() for one in (PDF, "Grüße".encode())]
    assert [f["sha256"] for f in event.payload["files"]] == digests  # type: ignore[attr-defined]
    assert "Yılmaz" not in json.dumps(event.payload)
    header, plain, html = texts_in(taken.raw[0], HEADER)
    stated = stated_in(header)
    assert stated is not None
    genuine = post.house.keys.verify(stated.key_id, stated.body, stated.signature)
    assert findings_of(stated, genuine, plain, html, files_in(taken.raw[0])) == ()
    assert findings_of(stated, genuine, plain, html, files_in(taken.raw[0])[:1]) == (Finding.FILES,)
    assert plain.startswith("Guten Tag Selin Yılmaz!\n\nAnbei.")
    assert await begun_files(post.house, post.staff, conversation) == ()


@pytest.mark.parametrize(
    "name", ["𠮷" * 130 + ".pdf", "a" * 200 + ".pdf", 'x"; filename="y.exe\r\n.pdf', "😀 ß;=?.pdf"]
)
async def test_any_name_arrives(post: Post, name: str) -> None:
    """A name at its limit, of letters that take twelve characters each, or made to break out of its header."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, name, PDF)
    await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    [raw] = taken.raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    [found] = parsed(raw).iter_attachments()
    arrived = str(found.get_filename())
    assert arrived == file.name
    assert (arrived.endswith(".pdf"), len(arrived) <= 120, '"' in arrived) == (True, True, False)


async def test_erased_files_are_not_sent_and_not_handed_out(post: Post, raw: Any) -> None:
    """Whoever erases a message means what came with it, in the outbox too; the hash alone stays."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    event = await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    assert (await sent_file(post.house, post.workspace, conversation, event.seq, 0))[1] == PDF
    again = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    await raw.execute(
        "update personal_text set content = null, salt = null where conversation_id = $1", conversation
    )
    kept = await raw.fetch(
        "select id, name, content, sha256 from reply_file where conversation_id = $1", conversation
    )
    assert [tuple(row) for row in kept] == [(file.id, None, None, file.sha256)], again
    with pytest.raises(Refused, match=r"file\.erased"):
        await sent_file(post.house, post.workspace, conversation, event.seq, 0)
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    assert taken.raw == []
    assert [e.payload["because"] for e in await post.events(conversation)] == ["erased"]


async def test_deleting_a_text_erases_its_files(post: Post, raw: Any) -> None:
    """However somebody erases, by emptying a row or by deleting it, nothing is left behind."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    await raw.execute("delete from personal_text where conversation_id = $1", conversation)
    proof = await verify_record(post.house, post.workspace, lambda *_: None)
    assert "file.differs" not in [f.code for f in proof.findings]
    row = await raw.fetchrow("select name, content, erased_at from reply_file where id = $1", file.id)
    assert (row["name"], row["content"], row["erased_at"] is None) == (None, None, False)


async def test_changed_bytes_are_neither_sent_nor_handed_out(post: Post, raw: Any) -> None:
    """Whoever changes a file in the database must not put it under the company's name."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    event = await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    await raw.execute("update reply_file set content = content || 'x' where id = $1", file.id)
    with pytest.raises(Refused, match=r"file\.differs"):
        await sent_file(post.house, post.workspace, conversation, event.seq, 0)
    async with good_server() as (port, taken):
        await post.set_up(port=port)
        await deliver(post.house, post.workspace)
    assert taken.raw == []
    assert [e.kind for e in await post.events(conversation)] == ["delivery.failed"]
    proof = await verify_record(post.house, post.workspace, lambda *_: None)
    assert [(f.code, f.seq) for f in proof.findings] == [("file.differs", event.seq)]
    await raw.execute("delete from reply_file where id = $1", file.id)
    proof = await verify_record(post.house, post.workspace, lambda *_: None)
    assert [f.code for f in proof.findings] == ["file.differs"]


async def test_undo_brings_the_files_back_and_the_worker_sends_them(post: Post) -> None:
    """A reply that waits has its files through undo, a second try, and a process that died before it was due."""
    house, (conversation, epoch) = post.house, await mine(post)
    file = await attach_file(house, post.staff, conversation, NAME, PDF)
    assert await write_reply(house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    assert await begun_files(house, post.staff, conversation) == ()
    await take_back(house, post.staff, conversation)
    assert await begun_files(house, post.staff, conversation) == (file,)
    await write_reply(house, post.staff, conversation, "Anbei, neu.", epoch, "b", files=(file.id,))
    draft = await attach_file(house, post.staff, conversation, "Später.txt", b"PS")
    later = replace(post.later(SOON - NOW)).house
    assert await send_due_replies(later, post.workspace) == 1
    assert await begun_files(house, post.staff, conversation) == (draft,)
    released = (await house.record.events(post.workspace, conversation, kinds=("message.released",)))[-1]
    assert [f["sha256"] for f in released.payload["files"]] == [file.sha256]  # type: ignore[attr-defined]
    assert (await sent_file(house, post.workspace, conversation, released.seq, 0))[0] == file


async def test_a_file_that_is_gone_stops_the_reply(post: Post, raw: Any) -> None:
    """A reply that says "attached" must not leave without it, however late the file goes."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    await detach_file(post.house, post.staff, conversation, file.id)
    with pytest.raises(Refused, match=r"file\.gone"):
        await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    kept = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "b", files=(kept.id,))
    with pytest.raises(Refused, match=r"file\.gone"):
        await send_reply(post.house, post.staff, conversation, "Noch mal.", epoch, "c", files=(kept.id,))
    events = await post.house.record.events(post.workspace, conversation, kinds=("message.released",))
    assert [e.payload["id"] for e in events if e.payload["author"] == "person"] == ["b"]


async def test_the_commit_itself_refuses_a_missing_file(post: Post, raw: Any) -> None:
    """Between reading and committing somebody removes the file in another window: then nothing is on record."""
    house, (conversation, epoch) = post.house, await mine(post)
    file = await attach_file(house, post.staff, conversation, NAME, PDF)

    class Late(PostgresFiles):
        """Somebody removes the file right after it was read."""

        async def unsent(self, *place: Any) -> tuple[Enclosure, ...]:
            found = await super().unsent(*place)
            await raw.execute("delete from reply_file where id = $1", file.id)
            return found

    late = replace(house, files=Late(house.files._pool))  # type: ignore[attr-defined]
    before = (await post.state(conversation)).last_seq
    with pytest.raises(Refused, match=r"file\.gone"):
        await send_reply(late, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    assert (await post.state(conversation)).last_seq == before


async def test_only_those_who_reply_add_files(post: Post) -> None:
    """An auditor reads; what leaves the house is not theirs."""
    conversation, _ = await mine(post)
    auditor = await post.house.directory.add_staff(
        post.workspace, "rita@auental.example", "Rita", Role.AUDITOR, "x", post.house.now()
    )
    with pytest.raises(Refused, match=r"permission\.missing"):
        await attach_file(post.house, auditor, conversation, NAME, PDF)
    with pytest.raises(Refused, match=r"permission\.missing"):
        await detach_file(post.house, auditor, conversation, uuid7(NOW))


async def test_the_eleventh_file_is_refused_and_the_ten_stay(post: Post) -> None:
    """What has been added is not lost to one too many."""
    conversation, _ = await mine(post)
    for n in range(10):
        await attach_file(post.house, post.staff, conversation, f"{n}.txt", b"x")
    with pytest.raises(Refused, match=r"file\.many"):
        await attach_file(post.house, post.staff, conversation, "10.txt", b"x")
    assert len(await begun_files(post.house, post.staff, conversation)) == 10


async def test_files_are_found_by_their_place_alone(post: Post) -> None:
    """An address that was guessed or kept from another message gives nothing."""
    conversation, epoch = await mine(post)
    file = await attach_file(post.house, post.staff, conversation, NAME, PDF)
    event = await send_reply(post.house, post.staff, conversation, "Anbei.", epoch, "a", files=(file.id,))
    other = await post.written()
    for place in (
        (conversation, event.seq, 1),
        (conversation, event.seq + 1, 0),
        (conversation, 1, 0),
        (other, event.seq, 0),
    ):
        with pytest.raises(Refused, match=r"file\.unknown"):
            await sent_file(post.house, post.workspace, *place)


async def test_a_large_mail_is_begun_only_with_time_for_it(post: Post) -> None:
    """A slow line needs minutes for 20 MB; begun too late, another process would send the same mail again."""
    outcomes: list[Outcome] = []

    async def done(_parcel: Parcel, outcome: Outcome) -> None:
        outcomes.append(outcome)

    async def fetch() -> tuple[Enclosed, ...]:
        return (Enclosed("a.bin", "application/octet-stream", bytes(20 * 1024 * 1024)),)

    carrier = post.house.carriers[MAIL]
    async with good_server(data_size_limit=64 * 1024 * 1024) as (port, taken):
        await post.set_up(port=port)
        account = await post.house.directory.account(post.workspace, MAIL, "service")
        large = replace(parcel(), account=account, fetch=fetch)
        await carrier.carry([large, replace(large, fetch=None)], post.house.now() + 2 * CLAIM / 5, done)
        assert [type(o) for o in outcomes] == [Postponed, Sent]
        await carrier.carry([large], post.house.now() + CLAIM, done)
    assert type(outcomes[-1]) is Sent
    assert [len(raw) > 27_000_000 for raw in taken.raw] == [False, True]
