"""An edition's parts: they come back from their stored form, equal contents are equal, differences are seen."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.hashing import content_hash
from taktvoll.domain.knowledge.synonyms import Glossary, Term
from taktvoll.domain.knowledge.terms import Passage, PassageKey, passage_from
from taktvoll.domain.library.terms import (
    Entry,
    Manifest,
    Rules,
    Thresholds,
    compare,
    manifest_from,
    rules_from,
)
from tests.domain.made import MODEL, NOW, RULES, passage

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.builds(PassageKey, TEXTS, TEXTS, st.sampled_from(["de", "en"])),
        st.sampled_from(["a" * 64, "b" * 64]),
    ),
    max_size=6,
    unique_by=lambda e: e.key,
).map(tuple)  # fmt: skip
TIMES = st.none() | st.integers(0, 10**6).map(lambda s: NOW + timedelta(seconds=s))


def edition(entries: tuple[Entry, ...], **more: object) -> Manifest:
    """A manifest of these entries."""
    plain = Manifest(3, NOW, "anna", "bernd", 2, content_hash(RULES.body()), entries)
    return replace(plain, **more)  # type: ignore[arg-type]


@given(entries=ENTRIES, parent=st.none() | st.integers(1, 9))
def test_a_manifest_comes_back_from_its_body(entries: tuple[Entry, ...], parent: int | None) -> None:
    """Its hash names the release; reading and writing it must give the same bytes for ever."""
    made = edition(entries, parent=parent)
    read = manifest_from(json.loads(made.body()))
    assert read == replace(made, entries=tuple(sorted(entries)))
    assert read.body() == made.body()
    assert read.content() == made.content()


@given(entries=ENTRIES, order=st.randoms())
def test_equal_contents_have_one_hash(entries: tuple[Entry, ...], order: object) -> None:
    """Two editions with equal passages share one search cache, whatever their number, author or order."""
    mixed = list(entries)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert edition(tuple(mixed), number=9, made_by="x", parent=None).content() == edition(entries).content()
    assert edition(tuple(mixed)).body() == edition(entries).body()


@given(entries=ENTRIES.filter(bool))
def test_other_contents_have_another_hash(entries: tuple[Entry, ...]) -> None:
    """A cache of other passages would answer with what is not released."""
    assert edition(entries[1:]).content() != edition(entries).content()
    changed = (Entry(entries[0].key, "c" * 64), *entries[1:])
    assert edition(changed).content() != edition(entries).content()


@given(
    thresholds=st.builds(Thresholds, st.integers(0, 10**6), st.integers(0, 10**6)),
    hosts=st.lists(TEXTS, max_size=3).map(tuple),
    company=TEXTS,
    greetings=st.dictionaries(st.sampled_from(["de", "en", "tr"]), TEXTS).map(
        lambda g: tuple(sorted(g.items()))
    ),
    versions=st.lists(TEXTS, max_size=3).map(tuple),
    topics=st.sampled_from(["", "a" * 64]),
    glossary=st.lists(st.builds(Term, TEXTS, st.tuples(TEXTS)), max_size=3).map(lambda t: Glossary(tuple(t))),
)
def test_rules_come_back_from_their_body(
    thresholds: Thresholds,
    hosts: tuple[str, ...],
    company: str,
    greetings: tuple[tuple[str, str], ...],
    versions: tuple[str, ...],
    topics: str,
    glossary: Glossary,
) -> None:
    """Replay decides under the rules of then; a rule lost in storage would change old decisions."""
    rules = Rules(thresholds, MODEL, hosts, company, greetings, "1", versions, topics, glossary)
    assert rules_from(json.loads(rules.body())) == rules
    assert rules_from(json.loads(rules.body())).body() == rules.body()


def test_rules_from_before_topics_hash_as_they_did() -> None:
    """An edition's hash is its name on record; a field that came later must not rename what is published."""
    before = json.loads(RULES.body())
    assert "topics" not in before
    assert rules_from(before) == RULES
    learnt = replace(RULES, topics="a" * 64)
    assert json.loads(learnt.body()) == before | {"topics": "a" * 64}


@given(
    texts=st.tuples(TEXTS, TEXTS, TEXTS),
    question=st.none() | TEXTS.filter(bool),
    valid=st.tuples(TIMES, TIMES),
)
def test_a_passage_comes_back_from_its_body(
    texts: tuple[str, str, str], question: str | None, valid: tuple[object, object]
) -> None:
    """Evidence is shown years later from these bytes."""
    made = passage(
        "x",
        texts[0],
        title=texts[1],
        section=texts[2],
        question=question,
        valid_from=valid[0],
        valid_until=valid[1],
    )
    read = passage_from(json.loads(made.body()))
    assert read == made
    assert read.hash == made.hash == content_hash(made.body())


def test_every_field_of_a_passage_counts() -> None:
    """An entry whose audience or validity changed is another entry, also with the same text."""
    plain = passage()
    others: list[dict[str, object]] = [
        {"text": "x"}, {"title": "x"}, {"question": "x"}, {"audience": "staff"}, {"valid_until": NOW}, {"url": "x"},
        {"approval": "anna"}, {"version": "2"}, {"language": "en"}, {"collection": "x"}, {"id": "x"}, {"source": "x"},
        {"section": "x"}, {"valid_from": NOW}, {"page": ""}, {"page": "12"}, {"wordings": ("x",)},
    ]  # fmt: skip
    hashes = {passage(**({"name": o.pop("id")} if "id" in o else {}), **o).hash for o in others}  # type: ignore[arg-type]
    assert len(hashes) == len(others)
    assert plain.hash not in hashes
    assert set(Passage.__dataclass_fields__) == set(json.loads(passage(page="1", wordings=("x",)).body()))


def test_a_passage_without_pages_keeps_the_bytes_of_before_there_were_pages() -> None:
    """Editions name passages by their hash: what was stored and signed must not become another entry."""
    old = passage("x", "Ja.", title="T")
    assert "page" not in json.loads(old.body())
    assert passage_from(json.loads(old.body())) == old
    for page in ("", "12", "12–13"):
        paged = passage("x", "Ja.", title="T", page=page)
        assert passage_from(json.loads(paged.body())) == paged


@given(before=ENTRIES, after=ENTRIES)
def test_a_comparison_accounts_for_every_entry(before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
    """Whoever approves an edition reads this list; nothing may slip in beside it."""
    seen = compare(edition(before), edition(after))
    old, new = {e.key: e.hash for e in before}, {e.key: e.hash for e in after}
    assert set(seen.added) == set(new) - set(old)
    assert set(seen.removed) == set(old) - set(new)
    assert set(seen.changed) == {k for k in set(old) & set(new) if old[k] != new[k]}
    assert not seen.rules_changed
    assert set(compare(None, edition(after)).added) == set(new)


def test_changed_rules_are_seen() -> None:
    """A threshold moved by one is a change to what customers hear."""
    other = content_hash(replace(RULES, thresholds=Thresholds(700_001, 250_000)).body())
    assert compare(edition(()), edition((), rules_hash=other)).rules_changed
    assert compare(None, edition(())).rules_changed


def test_greetings_are_found_by_language() -> None:
    """A company that greets only in German is silent in English, and ours steps in."""
    rules = replace(RULES, greetings=(("de", "Moin"),))
    assert (rules.greeting("de"), rules.greeting("en")) == ("Moin", "")
