"""Reading a mailbox over servers that misbehave: nothing lost, nothing doubled, and people are told when it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.entry.work import mailboxes as watching
from taktvoll.entry.work.mailboxes import Mailboxes
from taktvoll.flows.set_up_mailbox import add_mailbox, change_mailbox, mailbox_account, mailboxes, try_mailbox
from taktvoll.flows.watch_mailbox import Stumbled, open_mailbox, read_round, watch_stalls
from tests.contract.letters import letter
from tests.contract.posts import Post, post_of
from tests.contract.toy_imap import ToyImap
from tests.simulation.town import settle


@pytest.fixture
async def toy() -> AsyncIterator[ToyImap]:
    """A server."""
    toy = ToyImap()
    await toy.start()
    yield toy
    await toy.stop()


@pytest.fixture
async def post(pool: Pool, tmp_path: Path, toy: ToyImap) -> AsyncIterator[Post]:
    """A house that fetches from the toy, with all that lies there."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    secret = tmp_path / "secrets" / "post"
    secret.parent.mkdir()
    secret.write_text("geheim", encoding="utf-8")
    secret.chmod(0o600)
    incoming = {
        "host": "127.0.0.1", "port": toy.port, "security": "none", "user": "service", "secret": "file:post",
        "start": "all", "timeout_s": 1,
    }  # fmt: skip
    yield await post_of(town, incoming=incoming)
    town.close()


async def read(post: Post, mailbox: Mailbox | None = None) -> None:
    """One connection and one round, as the worker does."""
    mailbox = mailbox or post.mailbox
    assert mailbox.fetching is not None
    folder = post.house.mail_folders.folder(mailbox.fetching)
    try:
        cursor = await open_mailbox(post.house, mailbox, folder)
        await read_round(post.house, mailbox, folder, cursor, Stumbled())
    finally:
        await folder.close()


async def texts(post: Post) -> list[str]:
    """What is on record, mail by mail in the order it came."""
    place = post.town.place
    async with place.pool.within(place.id) as connection:
        rows = await connection.fetch(
            "select t.content from event e join personal_text t on t.id = e.text_id"
            " where e.workspace_id = $1 and e.kind = 'message.received' order by t.id",
            place.id,
        )
    return [row["content"].partition('"text":"')[2].rstrip('"}') for row in rows]


async def come(post: Post, mails: int) -> None:
    """Wait until so many mails are on record, told by the house's own push."""
    async with post.house.push.listen(post.town.place.id, None) as news:
        if len(await texts(post)) >= mails:
            return
        async for _ in news:
            if len(await texts(post)) >= mails:
                return


async def test_each_mail_once_over_many_rounds(post: Post, toy: ToyImap) -> None:
    """The cursor moves with the mail, so a round more changes nothing, and each is marked once."""
    toy.put(letter("eins"), letter("zwei"))
    await read(post)
    toy.put(letter("drei"))
    await read(post)
    await read(post)
    assert [t.split("\\n")[-1] for t in await texts(post)] == ["eins", "zwei", "drei"]
    assert toy.seen == [1, 2, 3]


@pytest.mark.parametrize(
    "how", ["stall", "hang_up", "{tag} NO later\r\n", "* 1 FETCH (UID 1 BODY[]<0> {{9999999999}}\r\n"]
)
async def test_a_server_that_fails_in_the_middle_loses_nothing(post: Post, toy: ToyImap, how: str) -> None:
    """Whatever a server does while a mail is fetched, that mail and those after it come with the next connection."""
    toy.put(*(letter(f"Brief {n}") for n in range(4)))
    fetched = iter(range(100))
    toy.wrong = lambda command, words: (
        how if command == "UID FETCH" and "BODY" in words and next(fetched) == 2 else ""
    )
    with pytest.raises(TaktvollError, match=r"^mailbox\."):
        await read(post)
    assert len(await texts(post)) == 2
    await read(post)
    assert [t[-1] for t in await texts(post)] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("silently", [False, True])
async def test_a_server_that_counts_anew_loses_and_doubles_nothing(
    post: Post, toy: ToyImap, silently: bool
) -> None:
    """After a restore every mail has another UID: those on record are recognised, those that came since are taken."""
    toy.put(*(letter(f"Brief {n}") for n in range(3)))
    await read(post)
    toy.put(letter("Brief 3"))
    del toy.mails[1], toy.mails[2]
    toy.count_anew(77, keeps_validity=silently)
    await read(post)
    toy.put(letter("Brief 4"))
    await read(post)
    assert [t[-1] for t in await texts(post)] == ["0", "1", "2", "3", "4"]
    log = await post.house.mails.log(post.town.place.id, post.mailbox.account.id, 10)
    assert [(n.kind, n.detail) for n in log] == [
        ("reset", "uid_next" if silently else "uid_validity"),
        ("started", ""),
    ]


async def test_a_new_mailbox_begins_where_it_is_told(post: Post, toy: ToyImap) -> None:
    """From now on is the default: nobody wants answers to the mails of the last ten years."""
    toy.put(letter("alt"))
    place = post.town.place.id
    mailbox = await change_mailbox(post.house, place, "service", {"incoming": {"start": "now"}})
    await read(post, mailbox)
    toy.put(letter("neu"))
    await read(post, mailbox)
    assert [t.split("\\n")[-1] for t in await texts(post)] == ["neu"]


async def test_a_mailbox_that_is_pointed_elsewhere_begins_there_as_it_is_told(
    post: Post, toy: ToyImap
) -> None:
    """Many servers give every folder the same UIDVALIDITY: the old place's cursor once hid the new one's mails."""
    toy.put(*(letter(f"Brief {n}") for n in range(5)))
    await read(post)
    toy.mails.clear()
    toy.next_uid = 1
    toy.put(*(letter(f"Woanders {n}") for n in range(8)))
    changed = {"user": "andere", "start": "now"}
    mailbox = await change_mailbox(post.house, post.town.place.id, "service", {"incoming": changed})
    await read(post, mailbox)
    assert len(await texts(post)) == 5
    toy.put(letter("Woanders neu"))
    mailbox = await change_mailbox(post.house, post.town.place.id, "service", {"incoming": {"poll_s": 7}})
    await read(post, mailbox)
    assert len(await texts(post)) == 6
    mailbox = await change_mailbox(
        post.house, post.town.place.id, "service", {"incoming": {"folder": "Alt", "start": "all"}}
    )
    await read(post, mailbox)
    assert len(await texts(post)) == 14


async def test_a_mail_beyond_the_limit_is_told_by_its_headers(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known before it is fetched, never fetched, noted, and does not hold up the next."""
    monkeypatch.setattr("taktvoll.flows.watch_mailbox.MAIL_BYTES_MAX", 1_000)
    toy.put(letter("x" * 2_000, subject="Video"), letter("klein"))
    await read(post)
    assert len(await texts(post)) == 2
    log = await post.house.mails.log(post.town.place.id, post.mailbox.account.id, 10)
    assert "too_large" in {n.kind for n in log}


async def test_people_are_told_of_a_mailbox_that_is_not_read(post: Post, toy: ToyImap) -> None:
    """A mailbox that stalls in silence loses customers: the alarm comes once, and ends when it is read again."""
    place, account = post.town.place.id, post.mailbox.account.id
    await read(post)
    toy.wrong = lambda command, words: "{tag} NO gone\r\n" if command == "SELECT" else ""
    with pytest.raises(TaktvollError) as caught:
        await read(post)
    assert caught.value.code == "mailbox.folder"
    await post.house.mails.failed(place, account, post.house.now(), caught.value.code)
    assert await watch_stalls(post.house, place) == 0
    post.town.clock.at += timedelta(minutes=20)
    assert await watch_stalls(post.house, place) == 1
    assert await watch_stalls(post.house, place) == 0
    assert [s.problem for s in await mailboxes(post.house, place)] == ["mailbox.folder"]
    tried = await try_mailbox(post.house, post.mailbox)
    assert tried.error is not None
    assert tried.error.code == "mailbox.folder"
    toy.wrong = lambda _command, _words: ""
    await read(post)
    assert [(s.problem, s.urgent) for s in await mailboxes(post.house, place)] == [("", False)]
    log = await post.house.mails.log(place, account, 10)
    assert [n.kind for n in log] == ["recovered", "stalled", "failed", "started"]


async def test_the_worker_goes_on_after_any_failure(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It connects anew after a server hung up; a mail that breaks our reading is kept for a person, not retried."""
    monkeypatch.setattr(watching, "PAUSES_S", (0,))
    broken = letter("daran stolpern wir")
    read_mail = post.house.mail_reader.read

    class Stumbling:
        """Reads every mail but one."""

        def read(self, raw: bytes) -> object:
            """Break at one mail as a fault of ours would."""
            if raw == broken:
                raise RecursionError
            return read_mail(raw)

    object.__setattr__(post.house, "mail_reader", Stumbling())
    hangs_up = iter([True, True])
    toy.wrong = lambda command, words: "hang_up" if command == "UID SEARCH" and next(hangs_up, False) else ""
    toy.put(letter("davor"), broken, letter("danach"))
    watcher = watching.Watcher(post.house, await mailbox_account(post.house, post.town.place.id, "service"))
    running = asyncio.create_task(watcher.run())
    await come(post, 3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [t.split("\\n")[-1] for t in await texts(post)] == ["davor", "(ohne Text)", "danach"]


async def test_a_mail_that_the_server_does_not_hand_out_holds_up_no_other(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Servers keep mails that they cannot read themselves; one of them once ended the mailbox for good."""
    monkeypatch.setattr(watching, "PAUSES_S", (0,))
    toy.wrong = lambda command, words: (
        "{tag} NO damaged\r\n"
        if command == "UID FETCH" and words.startswith("2 ") and "BODY" in words
        else ""
    )
    toy.put(letter("davor"), letter("verdorben"), letter("danach"))
    watcher = watching.Watcher(post.house, await mailbox_account(post.house, post.town.place.id, "service"))
    running = asyncio.create_task(watcher.run())
    await come(post, 3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [t.split("\\n")[-1] for t in await texts(post)] == ["davor", "(ohne Text)", "danach"]
    assert 2 not in toy.seen
    log = await post.house.mails.log(post.town.place.id, post.mailbox.account.id, 10)
    assert ("not_fetched", "2") in {(n.kind, n.detail) for n in log}


async def test_a_server_that_is_away_says_nothing_against_a_mail(post: Post, toy: ToyImap) -> None:
    """A mail over a bad line is asked for again; it must not come to a person as one that nobody can read."""
    toy.put(letter("über eine schlechte Leitung"))
    assert post.mailbox.fetching is not None
    stumbled, fails = Stumbled(), iter([True] * 5)
    toy.wrong = lambda command, words: (
        "hang_up" if command == "UID FETCH" and "BODY" in words and next(fails, False) else ""
    )
    for _ in range(6):
        folder = post.house.mail_folders.folder(post.mailbox.fetching)
        cursor = await open_mailbox(post.house, post.mailbox, folder)
        with suppress(Unavailable):
            await read_round(post.house, post.mailbox, folder, cursor, stumbled)
        await folder.close()
    assert [t.split("\\n")[-1] for t in await texts(post)] == ["über eine schlechte Leitung"]


async def test_a_mailbox_is_watched_as_soon_as_it_is_set_up(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody restarts a worker because a mailbox was added or changed."""
    monkeypatch.setattr(watching, "LOOK_S", 0.05)
    toy.put(letter("eins"))
    running = asyncio.create_task(Mailboxes(post.house).run())
    await come(post, 1)
    await change_mailbox(post.house, post.town.place.id, "service", {"incoming": {"poll_s": 1}})
    toy.put(letter("zwei"))
    await come(post, 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    account = await mailbox_account(post.house, post.town.place.id, "service")
    fetching = mailbox_of(account).fetching
    assert fetching is not None
    assert fetching.poll_s == 1


async def test_a_mailbox_that_was_refused_leaves_nothing_behind(post: Post) -> None:
    """Half a mailbox once kept every page of the desk from opening, and could neither be shown nor made anew."""
    place, right = post.town.place.id, {"addresses": [f"neu@{post.town.place.workspace.name}.example"]}
    for wrong in ({"addresses": ["keine Adresse"]}, {"addresses": [post.mailbox.addresses[0]]}):
        with pytest.raises(Refused, match=r"^mailbox\."):
            await add_mailbox(post.house, place, "neu", wrong)
        assert [s.mailbox.account.name for s in await mailboxes(post.house, place)] == ["service"]
    assert (await add_mailbox(post.house, place, "neu", right)).account.name == "neu"


async def test_a_mailbox_that_is_set_up_wrongly_is_shown_as_such(post: Post) -> None:
    """Settings may come from elsewhere or from a program of before; people must see it, and all the others too."""
    place = post.town.place.id
    await post.house.directory.make_account(place, MAIL, "alt", post.house.now())
    shown = await mailboxes(post.house, place)
    assert [(s.mailbox.account.name, s.problem, s.urgent) for s in shown] == [
        ("alt", "mailbox.settings", True),
        ("service", "", False),
    ]


async def test_the_first_address_sends_if_none_is_named(post: Post) -> None:
    """Whoever adds the way out later names a server, not the mailbox's own address once more."""
    out = {"host": "smtp.stadtwerke.example", "port": 587}
    mailbox = await change_mailbox(post.house, post.town.place.id, "service", {"outgoing": None})
    mailbox = await change_mailbox(post.house, post.town.place.id, "service", {"outgoing": out})
    sending = outgoing_from(mailbox.account.settings)
    assert sending is not None
    assert (sending.address, sending.name) == (mailbox.addresses[0], "Kundenservice")


async def test_what_a_dead_reader_left_unmarked_is_marked_and_nothing_else(post: Post, toy: ToyImap) -> None:
    """Colleagues go by the mark; what somebody marked as unread on purpose, or nobody has read yet, stays as it is."""
    toy.put(letter("eins"), letter("zwei"))
    dies = iter([False, True])
    toy.wrong = lambda command, words: "hang_up" if command == "UID STORE" and next(dies, False) else ""
    with pytest.raises(Unavailable, match=r"^mailbox\.lost"):
        await read(post)
    assert (len(await texts(post)), toy.seen) == (2, [1])
    await read(post)
    assert toy.seen == [1, 2]
    await read(post)
    assert toy.seen == [1, 2]
    place = post.town.place.id
    mailbox = await change_mailbox(
        post.house, place, "service", {"incoming": {"folder": "Alt", "start": "now"}}
    )
    toy.put(letter("nicht für uns"))
    for _ in range(2):
        await read(post, mailbox)
    assert toy.seen == [1, 2]


async def test_of_two_workers_one_reads_and_the_other_takes_over(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every mail was fetched and read twice; and a worker that dies must not keep the mailbox for itself."""
    monkeypatch.setattr(watching, "CLAIM_S", 0.6)
    mails, place, account = post.house.mails, post.town.place.id, post.mailbox.account.id
    dead = uuid4()
    assert await mails.claim(place, account, dead, post.house.now(), 600)
    toy.put(letter("eins"))
    watcher = watching.Watcher(post.house, await mailbox_account(post.house, place, "service"))
    running = asyncio.create_task(watcher.run())
    asked: list[bool] = []
    while len(asked) < 3:  # it has had its turns
        await asyncio.sleep(0.2)
        asked.append(await mails.claim(place, account, uuid4(), post.house.now(), 600))
    assert (asked, toy.commands) == ([False] * 3, [])
    assert await mails.claim(place, account, dead, post.house.now(), 0)
    await come(post, 1)
    assert not await mails.claim(place, account, dead, post.house.now(), 600)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await mails.claim(place, account, dead, post.house.now(), 600)


async def test_a_worker_that_stood_still_gives_way(
    post: Post, toy: ToyImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it slept another began to read: it hangs up and waits, instead of reading along."""
    monkeypatch.setattr(watching, "CLAIM_S", 0.6)
    mails, place, account = post.house.mails, post.town.place.id, post.mailbox.account.id
    toy.put(letter("eins"))
    watcher = watching.Watcher(post.house, await mailbox_account(post.house, place, "service"))
    running = asyncio.create_task(watcher.run())
    await come(post, 1)
    async with post.town.place.pool.within(place) as connection:
        await connection.execute(
            "update mailbox_state set reader = $2, read_until = now() + interval '1 hour' where account_id = $1",
            account, uuid4(),
        )  # fmt: skip
    await toy.left.wait()
    toy.put(letter("zwei"))
    assert not await mails.claim(place, account, uuid4(), post.house.now(), 600)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(await texts(post)) == 1
