"""The proof of a record: an untouched chain has no finding, and every touch leaves one."""

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.hashing import GENESIS, canonical, event_hash, salted_digest
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.ledger import (
    Head,
    RawEvent,
    check_chain,
    check_stated,
    checkpoint_body,
    stated_by,
)
from taktvoll.domain.conversation.terms import NewEvent
from tests.domain.made import NOW

TALK = ConversationId(UUID(int=7))
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


def chained(texts: list[str | None], talk: ConversationId = TALK) -> tuple[Head, list[RawEvent]]:
    """A conversation as the store would hold it."""
    events: list[RawEvent] = []
    prev = GENESIS
    for seq, text in enumerate(texts, 1):
        new = NewEvent(
            "message.received" if text else "feedback.given", NOW, "customer", {"n": [seq, 8]}, edition=1
        )
        salt, text_id = secrets.token_bytes(32), str(uuid7(NOW))
        reference = {"id": text_id, "digest": salted_digest(salt, text)} if text is not None else None
        body = new.body(reference)
        digest = event_hash(prev, talk, seq, body)
        events.append(
            RawEvent(
                talk,
                seq,
                new.kind,
                new.at,
                body,
                json.loads(body),
                prev,
                digest,
                text_id if reference else None,
                text,
                salt if reference else None,
                False,
            )
        )
        prev = digest
    return Head(talk, len(texts), prev), events


def rebuilt(event: RawEvent, body: bytes) -> RawEvent:
    """The event as it would be read with another body."""
    try:
        fields = json.loads(body)
    except ValueError:
        fields = {}
    return replace(event, body=body, fields=fields if isinstance(fields, dict) else {})


CHAINS = st.lists(TEXTS, min_size=1, max_size=6)


@given(texts=st.lists(TEXTS, max_size=6))
def test_an_untouched_chain_has_no_finding(texts: list[str | None]) -> None:
    """A proof that cries wolf is not looked at a second time."""
    assert check_chain(*chained(texts)) == []


@given(texts=CHAINS, place=st.integers(0, 5), data=st.data())
def test_any_changed_byte_is_found(texts: list[str | None], place: int, data: st.DataObject) -> None:
    """One flipped bit in a body, a hash, a salt or a text must show, wherever it is."""
    head, events = chained(texts)
    event = events[place % len(events)]
    columns = ["body", "prev_hash", "hash"] + (["salt", "content"] if event.content else [])
    column = data.draw(st.sampled_from(columns))
    value = getattr(event, column)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    changed: Any = bytes(raw).decode("utf-8", "replace") if column == "content" else bytes(raw)
    touched = rebuilt(event, changed) if column == "body" else replace(event, **{column: changed})
    events[place % len(events)] = touched
    assert check_chain(head, events)


@given(texts=CHAINS, place=st.integers(0, 5))
def test_a_removed_event_is_found(texts: list[str | None], place: int) -> None:
    """Also the first, also the last, also all of them."""
    head, events = chained(texts)
    del events[place % len(events)]
    assert check_chain(head, events)
    assert check_chain(head, [])


@given(texts=st.lists(TEXTS, min_size=2, max_size=6), first=st.integers(0, 5), second=st.integers(0, 5))
def test_another_order_is_found(texts: list[str | None], first: int, second: int) -> None:
    """Who asked first may decide a case."""
    head, events = chained(texts)
    first, second = first % len(events), second % len(events)
    if first != second:
        events[first], events[second] = events[second], events[first]
        assert check_chain(head, events)
        renumbered = [replace(e, seq=n) for n, e in enumerate(events, 1)]
        assert check_chain(head, renumbered)


@given(texts=CHAINS, place=st.integers(0, 6))
def test_an_inserted_event_is_found(texts: list[str | None], place: int) -> None:
    """A message that was never written must not appear, whether it takes a number of its own or another's."""
    head, events = chained(texts)
    _, (strange, *_) = chained(["nie geschrieben"])
    place %= len(events) + 1
    assert check_chain(head, [*events[:place], strange, *events[place:]])
    shifted = [*events[:place], strange, *events[place:]]
    assert check_chain(head, [replace(e, seq=n) for n, e in enumerate(shifted, 1)])


@given(texts=CHAINS)
def test_a_chain_moved_to_another_conversation_is_found(texts: list[str | None]) -> None:
    """Words must stay with whom they were said to."""
    head, events = chained(texts)
    other = ConversationId(UUID(int=8))
    assert check_chain(replace(head, conversation=other), [replace(e, conversation=other) for e in events])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "conversation.closed"}, "event.columns_differ"),
        ({"at": NOW + timedelta(microseconds=1)}, "event.columns_differ"),
        ({"text_id": "another"}, "text.detached"),
        ({"text_id": None, "content": None, "salt": None}, "text.detached"),
        ({"content": None, "salt": None}, "text.missing"),
        ({"content": "Anderes"}, "text.changed"),
        ({"seq": 3}, "chain.gap"),
        ({"prev_hash": bytes(32)}, "chain.broken"),
    ],
)
def test_a_changed_column_is_named(change: dict[str, object], code: str) -> None:
    """Columns beside the hashed body serve queries; they must say what the body says, and the finding where not."""
    head, events = chained(["Eins", "Zwei"])
    events[1] = replace(events[1], **change)  # type: ignore[arg-type]
    found = check_chain(head, events)
    assert (code, str(TALK)) in [(f.code, f.conversation) for f in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"[1,8]", b"[1.8]"),
        (b'"id"', b'"ie"'),
        (b'"digest"', b'"Digest"'),
        (b"{", b"["),
        (b'"n"', b'"\\ud800"'),
    ],
)
def test_a_body_that_is_no_longer_ours_is_found(old: bytes, new: bytes) -> None:
    """Whoever tampers with the bytes must leave a finding, not stop the proof with an error."""
    head, events = chained(["Eins"])
    events[0] = rebuilt(events[0], events[0].body.replace(old, new))
    assert "chain.broken" in [f.code for f in check_chain(head, events)]


def test_a_text_slipped_beneath_an_event_is_found() -> None:
    """An event without a text must not be shown with one."""
    head, events = chained([None])
    events[0] = replace(events[0], text_id="x", content="Untergeschoben", salt=bytes(32))
    assert [f.code for f in check_chain(head, events)] == ["text.detached"]


def test_an_erased_text_leaves_the_chain_provable() -> None:
    """Article 17 and proof go together: the text is gone by permission, the chain still holds."""
    head, events = chained(["Eins", "Zwei"])
    events[0] = replace(events[0], content=None, salt=None, erased=True)
    assert check_chain(head, events) == []


def test_a_text_put_in_place_of_an_erased_one_is_found() -> None:
    """A mark of erasure is no leave to say something else: the new words would be shown as the old ones."""
    head, events = chained(["Eins"])
    for salt in (None, bytes(32)):
        forged = [replace(events[0], content="Nie gesagt", salt=salt, erased=True)]
        assert [f.code for f in check_chain(head, forged)] == ["text.changed"]


def test_a_body_in_another_form_is_found() -> None:
    """Equal meaning in other bytes, chained anew from the start, is still not what was written."""
    _, (event,) = chained([None])
    loose = json.dumps(event.fields).encode()
    digest = event_hash(GENESIS, TALK, 1, loose)
    found = check_chain(Head(TALK, 1, digest), [replace(event, body=loose, hash=digest)])
    assert [f.code for f in found] == ["event.not_canonical"]


@given(texts=st.lists(CHAINS, min_size=1, max_size=4), place=st.integers(0, 3))
def test_a_checkpoint_states_every_head(texts: list[list[str | None]], place: int) -> None:
    """It must change with any head, and not with the order in which the store lists them."""
    heads = [chained(t, ConversationId(UUID(int=n)))[0] for n, t in enumerate(texts)]
    body = checkpoint_body(1, NOW, heads, "")
    assert checkpoint_body(1, NOW, reversed(heads), "") == body
    assert canonical(json.loads(body)) == body
    place %= len(heads)
    heads[place] = replace(heads[place], last_seq=heads[place].last_seq + 1)
    other = json.loads(checkpoint_body(1, NOW, heads, ""))
    assert other["root"] != json.loads(body)["root"]


def test_a_new_checkpoint_launders_nothing() -> None:
    """The hourly signature covers whatever it finds: what an older one stated must still be there, word for word."""
    head, events = chained(["Eins", "Zwei"])
    other, anew = chained(["Eins", "Drei", "Vier"])
    first = checkpoint_body(1, NOW, [Head(TALK, 1, events[0].hash)], "")
    second = checkpoint_body(2, NOW, [head], "")
    stated = stated_by([first, second])
    assert check_stated(TALK, stated[TALK], events) == []
    for rewritten, last in ((anew, other), (events[:1], Head(TALK, 1, events[0].hash)), ([], None)):
        laundered = stated_by([first, second, checkpoint_body(3, NOW, [last] if last else [], "")])
        found = check_stated(TALK, laundered[TALK], rewritten)
        assert [f.code for f in found] == ["checkpoint.rewritten"]
