"""What identifies a mail, what is read of it, whom an answer goes to, and what a mailbox may be set to."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from taktvoll.adapters.mime import MimeReader
from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, WorkspaceId
from taktvoll.base.limits import MESSAGE_CHARS_MAX
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.mail.intake import (
    NO_TEXT,
    answers_to,
    origin_of,
    provider_id_of,
    silent_of,
    text_for,
)
from taktvoll.domain.mail.mailbox import Afterwards, Mailbox, Privacy, mailbox_of
from taktvoll.domain.mail.reading import Reading, reading_of
from taktvoll.domain.mail.terms import Check, Mail, Origin, Sealed
from tests.contract.letters import letter
from tests.domain.made import NOW

INCOMING: dict[str, Any] = {"host": "imap.stadtwerke.example", "user": "service", "secret": "file:post"}
PLAIN: dict[str, Any] = {"addresses": ["service@stadtwerke.example"], "incoming": INCOMING}


def read(raw: bytes) -> Mail:
    """A mail from its bytes."""
    return MimeReader().read(raw)


def reading(raw: bytes) -> Reading:
    """A mail, read."""
    return reading_of(read(raw))


def box(**settings: object) -> Mailbox:
    """A mailbox with settings."""
    account = Account(
        AccountId(UUID(int=1)), WorkspaceId(UUID(int=2)), "mail", "service", {**PLAIN, **settings}
    )
    return mailbox_of(account)


def name(raw: bytes) -> str:
    """What a mail is known by."""
    return provider_id_of(read(raw), raw)


def test_copies_share_a_name_and_other_mails_have_another() -> None:
    """The same mail comes with other headers over other servers; another text under the same id is another mail."""
    raw = letter(message_id="<a@b.example>")
    assert name(b"Received: from x\r\n" + raw) == name(raw.replace(b"\r\n", b"\n")) == name(raw)
    assert name(letter("anders", message_id="<a@b.example>")) != name(raw)
    assert name(letter(message_id="<c@b.example>")) != name(raw)
    assert name(letter(message_id="<a@b.example>", sender="x@y.example")) != name(raw)
    assert name(letter(message_id="", subject="eins")) != name(letter(message_id="", subject="zwei"))
    assert provider_id_of(None, b"x") != provider_id_of(None, b"y")


def test_a_name_says_nothing_about_a_person() -> None:
    """It enters the chain, which nobody can erase; a Message-ID may hold a name."""
    assert "meier" not in name(letter(message_id="<eva.meier@kundin.example>"))


@pytest.mark.parametrize(
    ("text", "subject", "found"),
    [
        ("Wann haben Sie geöffnet?", "Frage", "Wann haben Sie geöffnet?"),
        ("siehe Anhang", "Kündigung", "Kündigung\n\nsiehe Anhang"),
        ("", "Wann haben Sie geöffnet?", "Wann haben Sie geöffnet?"),
        ("", "", NO_TEXT),
        ("Kündigung", "Kündigung", "Kündigung"),
    ],
)
def test_few_words_are_read_with_their_subject(text: str, subject: str, found: str) -> None:
    """Many people write what they want into the subject alone."""
    assert text_for(reading(letter(text, subject=subject))) == (found, False)


@pytest.mark.parametrize("words", ["wort " * 3_000, "x" * 9_000, "ende. " * 700 + "Bitte kündigen Sie."])
def test_a_long_text_is_cut_in_its_middle(words: str) -> None:
    """What is asked stands at the end of long letters, as often as at the beginning."""
    text, cut = text_for(reading(letter(words)))
    assert cut is (len(words.strip()) > MESSAGE_CHARS_MAX)
    assert len(text) <= MESSAGE_CHARS_MAX
    assert words[:5] in text[:40]
    assert text[-5:] == words.strip()[-5:]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ("", ("eva@kundin.example", "")),
        ("Reply-To: Eva@Kundin.example\r\n", ("eva@kundin.example", "")),
        ("Reply-To: mama@kundin.example\r\n", ("mama@kundin.example", "")),
        ("Reply-To: eva@anders.example\r\n", ("eva@kundin.example", "eva@anders.example")),
    ],
)
def test_an_answer_stays_in_the_senders_domain(headers: str, found: tuple[str, str]) -> None:
    """Otherwise a forged header leads what we say about a customer to a stranger."""
    whom, ignored = answers_to(read(letter(headers=headers)))
    assert (whom.address, ignored) == found


def test_neighbours_at_a_provider_are_strangers() -> None:
    """Everybody may have an address there: a forged sender beside one's own Reply-To must not get the answer."""
    whom, ignored = answers_to(read(letter(sender="eva@GMX.de", headers="Reply-To: dieb@gmx.de\r\n")))
    assert (whom.address, ignored) == ("eva@GMX.de", "dieb@gmx.de")


def test_only_the_trusted_server_is_believed_and_only_its_topmost_word() -> None:
    """Anybody can write such a header into a mail; the last server on the way puts its own on top."""
    raw = letter(
        headers="Authentication-Results: mx.eigen.example; dmarc=fail\r\n"
        "Authentication-Results: MX.EIGEN.example; dmarc=pass\r\n"
        "Authentication-Results: fremd.example; dmarc=pass\r\n"
    )
    assert origin_of(read(raw), "mx.eigen.example").dmarc is Check.FAIL
    assert origin_of(read(raw), "Fremd.Example").dmarc is Check.PASS
    assert origin_of(read(raw), "unbekannt.example") == origin_of(read(raw), "") == Origin()


@pytest.mark.parametrize(
    ("changed", "whole", "dmarc", "why"),
    [
        ({}, True, Check.NONE, ""),
        ({}, False, Check.NONE, "too_large"),
        ({}, True, Check.FAIL, "not_authentic"),
        ({"encrypted": Sealed.PGP}, True, Check.PASS, "encrypted"),
        ({"message_id": "<a@stadtwerke.example>"}, True, Check.PASS, "ours"),
    ],
)
def test_what_must_not_be_answered_by_itself_is_named(
    changed: dict[str, Any], whole: bool, dmarc: Check, why: str
) -> None:
    """Each of these would send a machine's words where they can do harm, or to nobody."""
    found = reading(letter())
    found = replace(found, mail=replace(found.mail, **changed))
    assert silent_of(found, Origin(dmarc=dmarc), whole, NOW, frozenset({"stadtwerke.example"})) == why


def test_a_mailbox_is_read_from_its_settings() -> None:
    """What is not said has the safe value: TLS, from now on, marked as seen, nobody's findings believed."""
    fetching = box().fetching
    assert fetching is not None
    assert (fetching.port, fetching.privacy, fetching.days, fetching.afterwards, fetching.folder) == (
        993, Privacy.TLS, 0, Afterwards.SEEN, "INBOX",
    )  # fmt: skip
    assert box().trusted == box().intake == ""
    assert box(incoming=INCOMING | {"start": "all"}).fetching == replace(fetching, days=None)
    assert box(incoming=INCOMING | {"start": "30"}).fetching == replace(fetching, days=30)
    assert box(incoming=None).fetching is None
    assert box().domains == {"stadtwerke.example"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"addresses": []}, "addresses"),
        ({"addresses": ["kein@"]}, "addresses"),
        ({"alarm_min": 0}, "alarm_min"),
        ({"incoming": INCOMING | {"security": "none"}}, "incoming.security"),
        ({"incoming": INCOMING | {"security": "ssl"}}, "incoming.security"),
        ({"incoming": INCOMING | {"secret": "geheim123"}}, "incoming.secret"),
        ({"incoming": INCOMING | {"secret": "env:PATH"}}, "incoming.secret"),
        ({"incoming": INCOMING | {"host": "a b"}}, "incoming.host"),
        ({"incoming": INCOMING | {"after": "move"}}, "incoming.move_to"),
        ({"incoming": INCOMING | {"start": "gestern"}}, "incoming.start"),
        ({"incoming": INCOMING | {"port": True}}, "incoming.port"),
        ({"incoming": "imap"}, "incoming"),
        ({"name": "zwei\nZeilen"}, "name"),
    ],
)
def test_a_setting_that_is_not_right_is_named(settings: dict[str, object], named: str) -> None:
    """A password in a setting, a connection in the clear or a typing error is refused before anything is kept."""
    with pytest.raises(Refused) as caught:
        box(**settings)
    assert (caught.value.code, caught.value.fields["name"]) == ("mailbox.setting", named)
