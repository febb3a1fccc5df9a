"""What the desk shows of a mail's frame is what the customer gets around the words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.adapters.mailwriting import texts_in
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.delivery.provenance import HEADER
from taktvoll.domain.people.terms import Role
from taktvoll.flows.deliver import deliver
from taktvoll.flows.preview_reply import Around, around_reply
from taktvoll.flows.receive_message import Incoming, receive_message
from tests.contract.mailserver import good_server
from tests.contract.posting import Post, opened, post_of

SIGNED = "Freundliche Grüße\nAnna Beispiel\nStadtwerke Auental"
FOOTER = "Stadtwerke Auental GmbH\nHRB 1"


@pytest.fixture
async def post(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Post]:
    """Give a mailbox and Anna, who answers it."""
    async with opened(endpoint.dsn("app"), tmp_path) as house:
        yield await post_of(house, house.now())


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("", Around("Guten Tag Selin Yılmaz,", SIGNED, FOOTER, "de")),
        ("das kommt morgen.", Around("Guten Tag Selin Yılmaz,", SIGNED, FOOTER, "de")),
        ("Das kommt morgen.", Around("Guten Tag Selin Yılmaz!", SIGNED, FOOTER, "de")),
        ("Moin Selin,\nmorgen.", Around("", SIGNED, FOOTER, "de")),
        (f"Moin Selin,\nmorgen.\n\n{SIGNED}", Around("", "", FOOTER, "de")),
    ],
)
async def test_what_is_shown_is_what_is_sent(post: Post, text: str, around: Around) -> None:
    """Nobody greets twice who sees the greeting, and nothing is added that was not shown."""
    conversation = await post.written()
    async with good_server() as (port, taken):
        await post.set_up(port=port, footer=FOOTER, quotes=False)
        assert await around_reply(post.house, post.staff, conversation, text) == around
        if text:
            await post.answered(conversation, text)
            await deliver(post.house, post.workspace)
            _, plain, _ = texts_in(taken.raw[0], HEADER)
            pieces = [around.greeting, text, around.closing, f"-- \n{around.footer}"]
            assert plain == "\n\n".join(piece for piece in pieces if piece) + "\n"


async def test_a_mailbox_that_cannot_send_still_shows_the_greeting(post: Post) -> None:
    """A fault of the mailbox's settings must not take the conversation's page down."""
    conversation = await post.written()
    around = await around_reply(post.house, post.staff, conversation, "")
    assert around == Around("Guten Tag Selin Yılmaz,", SIGNED, "", "de")


async def test_a_chat_has_no_frame_and_an_auditor_writes_nothing(post: Post) -> None:
    """A hint that does not apply is noise; who may not reply is told nothing of it."""
    at = post.house.now()
    account = await post.house.directory.make_account(post.workspace, "webchat", "default", at)
    chat = ConversationId(uuid7(at))
    await receive_message(
        post.house,
        Incoming(account=account, conversation=chat, provider_id="one", text="Wo steht er?", language="de"),
    )
    assert await around_reply(post.house, post.staff, chat, "") is None
    viewer = await post.house.directory.add_staff(
        post.workspace, "v@auental.example", "Vera", Role.AUDITOR, "x", at
    )
    with pytest.raises(Refused):
        await around_reply(post.house, viewer, chat, "")
