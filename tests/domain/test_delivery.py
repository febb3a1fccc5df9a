"""When a message is tried again, what it is called, whom it may be sent to, and what a mailbox may be set to."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, ConversationId, OutboxId, WorkspaceId
from taktvoll.domain.conversation.files import Enclosure
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import MAIL, Event
from taktvoll.domain.delivery.arrived import Arrived, arrived_content, arrived_of, last_arrived
from taktvoll.domain.delivery.letter import letter_of, plain_of, reachable, references_of, subject_for
from taktvoll.domain.delivery.message_ids import key_of, message_id_of
from taktvoll.domain.delivery.outgoing import Dkim, Outgoing, Security, outgoing_from
from taktvoll.domain.delivery.provenance import (
    Finding,
    Stated,
    digest_of,
    findings_of,
    header_of,
    stated_in,
    statement,
)
from taktvoll.domain.delivery.schedule import EXPIRES_AFTER, STEPS_S, next_try
from taktvoll.domain.delivery.terms import Claimed, Parcel
from taktvoll.domain.governance.wording import customer_content, text_of_json
from taktvoll.domain.mail.terms import Address
from tests.domain.made import NOW

KEY = "019ac0de-0000-7000-8000-00000000abcd"
PLAIN: dict[str, object] = {"host": "mail.auental.example", "address": "service@auental.example"}
MAILBOX = Outgoing(
    host="127.0.0.1", port=25, security=Security.NONE, address="service@auental.example", name="Stadtwerke Auental"
)  # fmt: skip
ASKED = Arrived("<a@kunde.example>", Address("Selin Yılmaz", "selin@kunde.example"), "AW: AW: Zählerstand")


@given(tries=st.integers(1, 60), minutes=st.integers(0, 6 * 24 * 60))
def test_each_wait_is_near_its_step_and_ends_with_the_term(tries: int, minutes: int) -> None:
    """Too eager is rude to a struggling server, too late is rude to the customer, for ever is a lie."""
    now = NOW + timedelta(minutes=minutes)
    due = next_try(KEY, tries, NOW, now)
    if due is None:
        assert now >= NOW + EXPIRES_AFTER
        return
    step_s = STEPS_S[min(tries, len(STEPS_S)) - 1]
    assert now < due <= NOW + EXPIRES_AFTER
    waited_s = (due - now).total_seconds()
    assert waited_s <= step_s * 1.2 + 1
    assert waited_s >= step_s * 0.8 - 1 or due == NOW + EXPIRES_AFTER


def test_waits_are_spread_and_repeatable() -> None:
    """A thousand mails that failed together must not come back together; a replay must find the same times."""
    dues = {next_try(f"{KEY}-{n}", 1, NOW, NOW) for n in range(50)}
    assert len(dues) == 50
    assert next_try(KEY, 3, NOW, NOW) == next_try(KEY, 3, NOW, NOW)


@given(st.uuids())
def test_a_message_id_gives_its_key_back(key: UUID) -> None:
    """A bounce names nothing else of our mail."""
    assert key_of(message_id_of(str(key), "auental.example")) == str(key)


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "<a@b>",
        "<tv.zz@auental.example>",
        f"<tv.{'0' * 31}@a>",
        f"x<tv.{'0' * 32}@a.example>",
        "<tv.@a>\n",
    ],
)
def test_other_message_ids_are_not_ours(strange: str) -> None:
    """Whoever invents an id must not reach a row."""
    assert key_of(strange) is None


def test_a_mail_lies_with_its_text_and_comes_back() -> None:
    """Address and subject are personal: one erasure takes them all."""
    full = replace(ASKED, references=("<1@x>", "<2@x>"), reply_to=Address("", "andere@kunde.example"))
    for one in (ASKED, full):
        content = arrived_content("Wo?", one)
        assert arrived_of(content) == one
        assert text_of_json(content) == "Wo?"
    assert full.answer_to == Address("Selin Yılmaz", "andere@kunde.example")
    assert arrived_of(None) is None
    assert arrived_of('{"text":"Wo?"}') is None


@pytest.mark.parametrize(
    ("earlier", "language", "expected"),
    [
        ("Zählerstand", "de", "AW: Zählerstand"),
        ("AW: Re: WG: Zählerstand", "de", "AW: Zählerstand"),
        ("Re: meter", "en", "Re: meter"),
        ("", "de", "Ihre Anfrage"),
        ("  Re:  ", "en", "Your request"),
        ("a\r\nBcc: opfer@x.example", "de", "AW: a Bcc: opfer@x.example"),
        ("x" * 500, "de", "AW: " + "x" * 200),
    ],
)
def test_subjects_say_answer_once(earlier: str, language: str, expected: str) -> None:
    """AW: AW: Re: AW: tells nobody anything, and a subject must never become a second header."""
    assert subject_for(earlier, language) == expected


def test_a_new_matter_is_called_by_its_topic() -> None:
    """Where nothing is answered there is no AW."""
    assert subject_for("", "de", "Abschlag") == "Abschlag"


def test_the_chain_ends_with_what_is_answered() -> None:
    """Mail programs hang an answer below the last reference."""
    mail = replace(ASKED, references=("<1@x>", "<2@x>", "<1@x>", "kaputt", "<a b@x>", "<ü@x>"))
    assert references_of(mail) == ("<1@x>", "<2@x>", "<a@kunde.example>")
    assert references_of(replace(ASKED, message_id="", references=())) == ()
    named_itself = replace(ASKED, references=("<a@kunde.example>", "<2@x>"))
    assert references_of(named_itself)[-1] == "<a@kunde.example>"


@given(st.integers(3, 300), st.integers(1, 60))
def test_a_long_chain_keeps_its_ends(length: int, width: int) -> None:
    """The first message names the thread, the last ones the branch; what lies between may go."""
    chain = tuple(f"<{n}.{'x' * width}@x>" for n in range(length))
    kept = references_of(replace(ASKED, references=chain))
    assert (kept[0], kept[-2:]) == (chain[0], (chain[-1], "<a@kunde.example>"))
    assert len(kept) <= 20
    assert sum(map(len, kept)) <= 900


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("selin@kunde.example", "selin@kunde.example"),
        ("selin@müller.example", "selin@xn--mller-kva.example"),
        ("jörg@müller.example", "jörg@müller.example"),
        ("a b@x.example", ""),
        ("a@b@c", ""),
        ("<a@b>", ""),
        ("a@b\r\nRCPT TO:<c@d>", ""),
        ("", ""),
        ("x" * 65 + "@b.example", ""),
        ("a@" + "ü" * 80 + ".example", ""),
    ],
)
def test_only_real_addresses_are_written_to(written: str, expected: str) -> None:
    """An address comes from a stranger's header and goes into a command."""
    assert reachable(written) == expected


def parcel(**payload: object) -> Parcel:
    """An answer to one mail."""
    received = Event(
        2, "message.received", NOW, "customer", {"id": "m"}, content=arrived_content("Wo?", ASKED)
    )
    content = json.dumps(
        {
            "parts": [
                {"kind": "greeting", "language": "de", "text": "Guten Tag Selin Yılmaz,"},
                {"kind": "lead", "language": "de", "text": "Wo steht das?"},
                {"kind": "text", "language": "de", "text": "Im Portal."},
                {"kind": "closing", "language": "de", "text": "Freundliche Grüße"},
            ],
            "sources": [
                {"title": "Stand", "url": "/w/a/source/hilfe/stand/de"},
                {"title": "Umzug", "url": "https://auental.example/umzug"},
            ],
        }
    )
    said: dict[str, object] = {
        "author": "assistant", "channel": MAIL, "class": "service", "evidence": [["h", "s", "de", "f" * 64]],
        "generated": False, "language": "de", "model": None, "editor": None, "texts": "3",
    }  # fmt: skip
    released = Event(5, "message.released", NOW, "assistant", said | payload, edition=7, content=content)
    row = Claimed(OutboxId(UUID(KEY)), ConversationId(UUID(KEY)), 5, MAIL, KEY, 1, NOW, unsure=False)
    account = Account(AccountId(UUID(KEY)), WorkspaceId(UUID(KEY)), MAIL, "service", {})
    return Parcel(row, account, released, (received,), "Stadtwerke Auental")


def test_the_quoted_mail_is_dated_where_the_company_is() -> None:
    """A customer in another zone would look in vain for a mail of theirs at that time."""
    letter = letter_of(replace(parcel(), zone="Europe/Helsinki"), MAILBOX, NOW)
    assert letter is not None
    assert letter.quoted is not None
    assert letter.quoted.intro == "Am 02.11.2026 um 11:30 Uhr schrieb Selin Yılmaz:"


def test_a_chat_s_file_is_named_where_its_message_is_quoted() -> None:
    """The conversation went on by mail: what the customer sent last in the chat was a photograph, and they know it."""
    file = Enclosure(UUID(KEY), "Zähler.jpg", "image/jpeg", 3, "a" * 64)
    for text, quoted in (("", "(Datei „Zähler.jpg“)"), ("Passt das?", "Passt das?\n(Datei „Zähler.jpg“)")):
        content = customer_content(text, files=(file,))
        sent = Event(4, "message.received", NOW, "customer", {"id": "c"}, content=content)
        letter = letter_of(replace(parcel(), received=(*parcel().received, sent)), MAILBOX, NOW)
        assert letter is not None
        assert letter.quoted is not None
        assert letter.quoted.text == quoted


def test_a_letter_answers_the_mail_it_belongs_to() -> None:
    """Sender, recipient, subject and chain decide whether an answer is found by its question."""
    letter = letter_of(parcel(), MAILBOX, NOW)
    assert letter is not None
    assert letter.message_id == f"<tv.{UUID(KEY).hex}@auental.example>"
    assert (letter.recipient, letter.subject) == (
        Address("Selin Yılmaz", "selin@kunde.example"),
        "AW: Zählerstand",
    )
    assert (letter.in_reply_to, letter.references) == ("<a@kunde.example>", ("<a@kunde.example>",))
    assert letter.automatic
    assert letter.quoted is not None
    assert letter.quoted.intro == "Am 02.11.2026 um 10:30 Uhr schrieb Selin Yılmaz:"
    text = plain_of(letter)
    assert text.index("> Wo steht das?") < text.index("Im Portal.") < text.index("Quellen:")
    assert text.index("Quellen:") < text.index("Freundliche Grüße") < text.index("> Wo?")
    assert "– Stand\n" in text, "without a public address a page of ours has no link"
    assert "– Umzug: https://auental.example/umzug" in text


def test_a_receipt_holds_the_customers_words_once() -> None:
    """Content, day and time of what came in must be in it (§ 312k BGB); the same words twice look like a fault."""
    plain = parcel()
    content = json.loads(plain.released.content or "")
    content["parts"][1:3] = [
        {
            "kind": "text",
            "language": "de",
            "text": "Eingegangen am 02.11.2026 um 10:30 Uhr, mit diesem Inhalt:",
        },
        {"kind": "quote", "language": "de", "text": "Hiermit kündige ich.\nWo?"},
    ]
    letter = letter_of(
        replace(plain, released=replace(plain.released, content=json.dumps(content))), MAILBOX, NOW
    )
    assert letter is not None
    assert letter.quoted is None
    text = plain_of(letter)
    assert (
        "Eingegangen am 02.11.2026 um 10:30 Uhr, mit diesem Inhalt:\n\n> Hiermit kündige ich.\n> Wo?" in text
    )
    assert text.count("Wo?") == 1


def test_a_persons_letter_is_no_automatic_one() -> None:
    """RFC 3834 wants machines to say so, and only machines."""
    letter = letter_of(parcel(author="person"), MAILBOX, NOW)
    assert letter is not None
    assert not letter.automatic


@pytest.mark.parametrize("kind", ["service", "advertising"])
def test_only_advertising_can_be_unsubscribed(kind: str) -> None:
    """An answer that looks like a newsletter lands with the newsletters (UWG § 7)."""
    mailbox = replace(MAILBOX, unsubscribe="https://auental.example/aus")
    letter = letter_of(parcel(**{"class": kind}), mailbox, NOW)
    assert letter is not None
    assert bool(letter.unsubscribe) == (kind == "advertising")
    assert ("https://auental.example/aus" in plain_of(letter)) == (kind == "advertising")


def test_our_own_pages_need_our_address() -> None:
    """A path without a host leads nowhere in a mail."""
    letter = letter_of(replace(parcel(), public_url="https://chat.auental.example/"), MAILBOX, NOW)
    assert letter is not None
    assert letter.links[0].url == "https://chat.auental.example/w/a/source/hilfe/stand/de"


def test_without_a_mail_there_is_nobody_to_write_to() -> None:
    """An erased customer is not written to."""
    assert letter_of(replace(parcel(), received=()), MAILBOX, NOW) is None
    assert last_arrived(()) is None


def test_the_company_signs_where_the_mailbox_has_no_name() -> None:
    """A bare address looks like spam."""
    letter = letter_of(parcel(), replace(MAILBOX, name="", quotes=False), NOW)
    assert letter is not None
    assert letter.sender.name == "Stadtwerke Auental"
    assert letter.quoted is None


def test_the_company_says_who_it_is_beneath_every_mail() -> None:
    """Without it a company's mail breaks § 35a GmbHG; above the customer's words, it would split the conversation."""
    letter = letter_of(parcel(), replace(MAILBOX, footer="Auental GmbH\nHRB 1"), NOW)
    assert letter is not None
    text = plain_of(letter)
    assert text.index("Freundliche Grüße") < text.index("\n-- \nAuental GmbH\nHRB 1") < text.index("> Wo?")


def test_settings_have_safe_defaults() -> None:
    """Whoever sets only host and address sends encrypted."""
    found = outgoing_from({"outgoing": PLAIN})
    assert found is not None
    assert (found.security, found.port, found.domain) == (Security.STARTTLS, 587, "auental.example")
    tls = outgoing_from({"outgoing": PLAIN | {"security": "tls"}})
    assert tls is not None
    assert tls.port == 465
    assert outgoing_from({}) is None


def test_all_settings_are_read() -> None:
    """Each has its place."""
    found = outgoing_from(
        {
            "outgoing": PLAIN
            | {
                "user": "service", "secret": "env:TAKTVOLL_SECRET_MAIL", "name": "Ä", "reply_to": "a@b.example",
                "ca_file": "file:ca.pem", "timeout_s": 5, "quotes": False, "expires_after_h": 12,
                "unsubscribe": "mailto:aus@b.example", "footer": "B GmbH\nHRB 1\n",
                "dkim": {"domain": "b.example", "selector": "s1", "key": "file:dkim.pem"},
                "pace": {"connections": 1, "per_minute": 10, "domain_connections": 1, "domain_per_minute": 5},
            }
        }
    )  # fmt: skip
    assert found is not None
    assert found.dkim == Dkim("b.example", "s1", "file:dkim.pem")
    assert (found.pace.connections, found.expires_after) == (1, timedelta(hours=12))
    assert found.footer == "B GmbH\nHRB 1"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"host": "a b"}, "host"),
        ({"host": "x\r\n"}, "host"),
        ({"address": "a@b\r\nBcc: c@d"}, "address"),
        ({"address": None}, "address"),
        ({"security": "none"}, "security"),
        ({"security": "ssl3"}, "security"),
        ({"port": 0}, "port"),
        ({"port": True}, "port"),
        ({"name": "a\nb"}, "name"),
        ({"user": "x"}, "secret"),
        ({"secret": "env:TAKTVOLL_SECRET_X"}, "user"),
        ({"user": "x", "secret": "geheim"}, "secret"),
        ({"user": "x", "secret": "env:TAKTVOLL_DATABASE_URL"}, "secret"),
        ({"user": "x", "secret": "file:../keys/ring.json"}, "secret"),
        ({"dkim": {"domain": "b.example"}}, "dkim.selector"),
        ({"dkim": "x"}, "dkim"),
        ({"pace": {"per_minute": 0}}, "pace.per_minute"),
        ({"unsubscribe": "javascript:x"}, "unsubscribe"),
        ({"quotes": "yes"}, "quotes"),
        ({"footer": "a\x00"}, "footer"),
        ({"footer": "x" * 1_501}, "footer"),
        ({"expires_after_h": 999}, "expires_after_h"),
    ],
)
def test_wrong_settings_are_named(wrong: Mapping[str, object], name: str) -> None:
    """Whoever sets up a mailbox must see which word is wrong; and a password must never be kept as a setting."""
    with pytest.raises(Refused) as refused:
        outgoing_from({"outgoing": {**PLAIN, **wrong}})
    assert (refused.value.code, refused.value.fields["name"]) == ("mailbox.setting", name)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_only_this_machine_is_reached_in_the_clear(host: str) -> None:
    """A relay on the same machine needs no certificate; any other does."""
    if ":" in host:
        with pytest.raises(Refused):
            outgoing_from({"outgoing": PLAIN | {"security": "none", "host": host}})
    else:
        assert outgoing_from({"outgoing": PLAIN | {"security": "none", "host": host}}) is not None
    with pytest.raises(Refused):
        outgoing_from({"outgoing": "x"})


def stated() -> tuple[Stated, str, str]:
    """A statement with its two texts."""
    body = statement(parcel().released, "Im Portal.\n> Wo?", "<p>Im Portal.</p>")
    found = stated_in(header_of("k1", body, b"s" * 64))
    assert found is not None
    return found, "Im Portal.\n> Wo?", "<p>Im Portal.</p>"


def test_a_statement_travels_through_its_header() -> None:
    """Servers fold and unfold headers; the signed bytes must come out the same."""
    found, plain, html = stated()
    assert (found.key_id, found.signature) == ("k1", b"s" * 64)
    fields: Mapping[str, Any] = found.fields
    assert (fields["author"], fields["verbatim"], fields["generated"], fields["edition"]) == (
        "assistant",
        True,
        False,
        7,
    )
    assert fields["sources"] == ["f" * 64]
    assert "conversation" not in found.body.decode()
    folded = header_of("k1", found.body, found.signature).replace(" ", "\r\n ")
    assert stated_in(folded) == found
    assert findings_of(found, True, plain, html) == ()


def test_tampering_is_found_where_it_is() -> None:
    """A changed word in either form, a changed statement, a foreign key: each has its own finding."""
    found, plain, html = stated()
    assert findings_of(found, True, plain + " Und Freibier.", html) == (Finding.PLAIN,)
    assert findings_of(found, True, plain, "<p>Anderswo.</p>") == (Finding.HTML,)
    assert findings_of(found, False, plain, html) == (Finding.UNSIGNED,)
    assert findings_of(replace(found, body=b"{}"), True, plain, html) == (Finding.UNREADABLE,)
    assert findings_of(replace(found, body=b"[1"), True, plain, html) == (Finding.UNREADABLE,)


@pytest.mark.parametrize("value", ["", "v=1", "v=1; k=a; s=!!; b=??", "v=1; k=a; s=a; b=a", "irgendwas"])
def test_what_is_no_statement_is_none(value: str) -> None:
    """Anyone can write such a header."""
    found = stated_in(value)
    assert found is None or found.fields == {}


def test_line_breaks_and_quote_marks_do_not_count() -> None:
    """A server that wraps lines differently has changed no word."""
    assert digest_of("a b c\n> d e") == digest_of("a\r\nb c\r\n> d \r\n> e\r\n")
    assert digest_of("a b") != digest_of("a c")
