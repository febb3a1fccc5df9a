"""Bytes that are hashed: one form for one value, and a Merkle root that nothing can be slipped into."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.errors import Broken
from taktvoll.base.hashing import GENESIS, canonical, content_hash, event_hash, merkle_root, salted_digest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = st.text(st.characters(max_codepoint=127), max_size=10)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
VALUES = st.recursive(
    PLAIN, lambda v: st.lists(v, max_size=4) | st.dictionaries(KEYS, v, max_size=4), max_leaves=20
)


@given(value=VALUES)
def test_canonical_bytes_come_back_as_the_value(value: object) -> None:
    """What is hashed must be readable in ten years by any JSON reader."""
    assert json.loads(canonical(value)) == value


@given(fields=st.dictionaries(KEYS, VALUES, max_size=6), order=st.randoms())
def test_order_of_making_does_not_show(fields: dict[str, object], order: object) -> None:
    """Two programs that build the same payload in another order must get the same hash."""
    names = list(fields)
    order.shuffle(names)  # type: ignore[attr-defined]
    assert canonical({n: fields[n] for n in names}) == canonical(fields)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
        ({"string": '€$\u000f\nA\'B"\\\\"/'}, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'),
        (
            {"\r": "Carriage Return", "1": "One", "a": "\x7f"},
            '{"\\r":"Carriage Return","1":"One","a":"\x7f"}',
        ),
        ("\b\t\n\f\r", '"\\b\\t\\n\\f\\r"'),
        ("\u2028ö😂", '"\u2028ö😂"'),
        (("a", ()), '["a",[]]'),
        (-(2**53), "-9007199254740992"),
        ({}, "{}"),
    ],
)
def test_form_is_that_of_rfc_8785(value: object, written: str) -> None:
    """Auditors check the record with a library of their own; it knows RFC 8785 and not us."""
    assert canonical(value) == written.encode()


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53 + 1, -(2**53) - 1, b"x", {1: 2}, {"ä": 1}, "\ud800", ["\udfff"], {"a": {1, 2}}, object()],
)  # fmt: skip
def test_what_has_two_forms_is_refused(value: object) -> None:
    """A float, a lone surrogate or a key beyond ASCII is written differently by different programs."""
    with pytest.raises(Broken) as caught:
        canonical(value)
    assert caught.value.code == "hash.not_canonical"


@given(leaves=st.lists(st.binary(max_size=8), max_size=40))
def test_merkle_root_is_that_of_rfc_6962(leaves: list[bytes]) -> None:
    """Our level-by-level form must equal the standard's recursive definition, for every number of leaves."""
    assert merkle_root(leaves) == _by_definition(leaves)


@given(
    leaves=st.lists(st.binary(max_size=4), min_size=1, max_size=12),
    place=st.integers(0, 11),
    bit=st.integers(0, 7),
)
def test_every_leaf_counts(leaves: list[bytes], place: int, bit: int) -> None:
    """A checkpoint is worth something only if no head can change beneath it, none be dropped and none be doubled."""
    place %= len(leaves)
    changed = [*leaves]
    changed[place] = bytes([(changed[place][:1] or b"\0")[0] ^ 1 << bit]) + changed[place][1:]
    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root(leaves[:place] + leaves[place + 1 :]) != merkle_root(leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)


def test_event_hash_covers_everything_that_places_the_event() -> None:
    """Swapping two conversations, two places or two predecessors must change the hash."""
    one, two = UUID(int=1), UUID(int=2)
    base = event_hash(GENESIS, one, 1, b"body")
    assert base == hashlib.sha256(bytes(32) + one.bytes + (1).to_bytes(8, "big") + b"body").digest()
    others = [
        event_hash(base, one, 1, b"body"),
        event_hash(GENESIS, two, 1, b"body"),
        event_hash(GENESIS, one, 2, b"body"),
        event_hash(GENESIS, one, 1, b"Body"),
    ]
    assert base not in others


def test_a_salted_digest_says_nothing_without_its_salt() -> None:
    """A short text could be guessed from a plain hash; the salt is erased with the text."""
    assert salted_digest(b"s" * 32, "ä") == hmac.new(b"s" * 32, "ä".encode(), hashlib.sha256).hexdigest()
    assert salted_digest(b"s" * 32, "ja") != salted_digest(b"t" * 32, "ja")
    assert content_hash(b"x") == hashlib.sha256(b"x").hexdigest()


def _by_definition(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _by_definition(leaves[:split]) + _by_definition(leaves[split:])).digest()
