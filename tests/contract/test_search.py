"""What every search must do, held against ours: forms and typos of German words, odd input, what may not be found.

The corpus is small and our own. The encoder is the real one, loaded once.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from taktvoll.adapters.encoder import Encoded, SentenceEncoder
from taktvoll.adapters.search import HybridSearch, HybridSearchBuilder, default_rules_parts
from taktvoll.domain.knowledge.confidence import confidences
from taktvoll.domain.knowledge.terms import Candidate, Passage, PassageKey

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def passage(name: str, question: str, text: str, language: str = "de", **more: object) -> Passage:
    """One entry of a help page."""
    return Passage(
        id=name, collection="hilfe", language=language, title=question, question=question, text=text, source="hilfe",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


CORPUS = (
    passage("stand", "Wie teile ich meinen Zählerstand mit?", "Tragen Sie den abgelesenen Wert im Portal ein."),
    passage("abschlag", "Wie ändere ich meine Abschläge?", "Im Portal unter Zahlungen passen Sie den Betrag an."),
    passage("kuendigen", "Wie kündige ich meinen Vertrag?", "Kündigungen nehmen wir in Textform entgegen."),
    passage("strasse", "Wo finde ich Ihr Büro?", "Sie finden uns in der Großen Straße 5, gegenüber vom Rathaus."),
    passage("mahnung", "Warum habe ich eine Mahnung bekommen?", "Eine Zahlung kam nicht rechtzeitig an."),
    passage("lastschrift", "Wie erteile ich ein Mandat?", "Mit einem SEPA-Lastschriftmandat buchen wir selbst ab."),
    passage("fehler", "Was bedeutet der Fehler 39508?", "Die Verbindung zum Gerät wurde unterbrochen."),
    passage("garten", "Brauche ich für den Garten einen eigenen Zähler?", "Ein Gartenwasserzähler spart Abwasser."),
    passage("umzug", "Was muss ich beim Umzug beachten?", "Melden Sie uns die neue Anschrift vor dem Auszug."),
    passage("umzug", "What do I have to do when I move?", "Tell us your new address before moving out.", "en"),
    passage("alt", "Was kostet der Nachtspeichertarif?", "Den gibt es nicht mehr.", valid_until=NOW - DAY),
    passage("neu", "Was kostet der Wärmepumpentarif?", "Den gibt es ab morgen.", valid_from=NOW + DAY),
)  # fmt: skip


def everything(key: PassageKey) -> bool:
    """Nothing is withdrawn."""
    return True


def quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def names(folder: Path) -> list[str]:
    """Give the names of what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all tests, as one process has."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def builder(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> HybridSearchBuilder:
    """Give a builder with a folder of its own."""
    return HybridSearchBuilder(tmp_path_factory.mktemp("search"), encoder)


@pytest.fixture(scope="module")
def search(builder: HybridSearchBuilder) -> Iterator[HybridSearch]:
    """Give the search over the corpus."""
    built = builder.open_or_build("a1" * 32, lambda: CORPUS, len(CORPUS), quiet)
    yield built
    built.close()


async def find(
    search: HybridSearch,
    question: str,
    language: str = "de",
    usable: Callable[[PassageKey], bool] = everything,
    now: datetime = NOW,
) -> tuple[Candidate, ...]:
    """Ask the search."""
    return await search.find(question, language, usable, now, 10)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Zählerstand", "stand"),
        ("Zaehlerstaende melden", "stand"),
        ("zahlerstand", "stand"),
        ("Abschlag", "abschlag"),
        ("abschlaege", "abschlag"),
        ("gekündigt", "kuendigen"),
        ("KÜNDIGUNG", "kuendigen"),
        ("kuendigung", "kuendigen"),
        ("Kündigugn", "kuendigen"),
        ("große strasse", "strasse"),
        ("GROSSE STRAẞE", "strasse"),
        ("mahnungen", "mahnung"),
        ("Manhung", "mahnung"),
        ("Lastschrift", "lastschrift"),
        ("Fehler 39508", "fehler"),
        ("wasserzähler im garten", "garten"),
    ],
)
async def test_a_word_is_found_in_any_form(search: HybridSearch, question: str, expected: str) -> None:
    """Customers inflect, compound, mistype and write umlauts as their keyboard allows; the words must meet anyway."""
    found = {c.key.id: c for c in (await find(search, question))[:3]}
    assert expected in found
    assert found[expected].features.overlap > 0, "found by meaning alone; the words did not meet"


async def test_a_question_in_another_language_finds_the_entry(search: HybridSearch) -> None:
    """Not every entry is translated: an English question must reach the German answer."""
    found = await find(search, "How do I cancel my contract?", "en")
    assert "kuendigen" in [c.key.id for c in found[:3]]


@pytest.mark.parametrize(
    "question",
    ["", "   ", "der die das und oder", "🙂🙂🙂", "?", "x" * 4000, "Zähler " * 570, "'; DROP TABLE passages; --",
     "AND OR NOT (", "<script>alert(1)</script>", "title:* ~5 ^2 \"", "\ud800", "a\x00b", "电费怎么交"],
)  # fmt: skip
async def test_odd_questions_return_calmly(search: HybridSearch, question: str) -> None:
    """Whatever a customer types reaches the search; none of it may break a turn."""
    found = await find(search, question)
    assert len(found) <= 10
    for candidate in found:
        features = candidate.features
        values = (features.lexical, features.question, features.answer, features.overlap, features.lead)
        assert all(0 <= value <= 1_000_000 for value in (*values, candidate.score))


async def test_candidates_are_ordered_and_name_their_content(search: HybridSearch) -> None:
    """The engine takes the first as the best and records the hash as evidence."""
    found = await find(search, "Wie kann ich den Vertrag kündigen?")
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    hashes = {p.key: p.hash for p in CORPUS}
    assert all(hashes[c.key] == c.hash for c in found)
    assert len(await search.find("Vertrag", "de", everything, NOW, 2)) == 2
    assert await search.find("Vertrag", "de", everything, NOW, 0) == ()


async def test_withdrawn_passages_are_never_found(search: HybridSearch) -> None:
    """A withdrawal outranks every edition; the index still holds the passage, the customer must not see it."""
    found = await find(search, "Wie kündige ich meinen Vertrag?", usable=lambda key: key.id != "kuendigen")
    assert found
    assert "kuendigen" not in [c.key.id for c in found]
    assert await find(search, "Vertrag kündigen", usable=lambda key: False) == ()


async def test_expired_and_future_passages_are_never_found(search: HybridSearch) -> None:
    """A price that no longer or not yet holds is a wrong answer."""
    question = "Was kostet der Nachtspeichertarif, was der Wärmepumpentarif?"
    names = {c.key.id for c in await find(search, question)}
    assert not names & {"alt", "neu"}
    assert "alt" in {c.key.id for c in await find(search, question, now=NOW - 2 * DAY)}
    assert "alt" not in {c.key.id for c in await find(search, question, now=NOW - DAY)}
    assert "neu" in {c.key.id for c in await find(search, question, now=NOW + DAY)}


@pytest.mark.parametrize(
    ("language", "expected"), [("de", "de"), ("en", "en"), ("en-GB", "en"), ("de-AT", "de"), ("DE", "de")]
)
async def test_an_entry_comes_in_the_customers_language(
    search: HybridSearch, language: str, expected: str
) -> None:
    """One entry in two languages is one choice, and it is the one the customer can read."""
    for question in ("Was muss ich beim Umzug beachten?", "What do I have to do when I move?"):
        languages = [c.key.language for c in await find(search, question, language) if c.key.id == "umzug"]
        assert languages == [expected]


async def test_an_entry_comes_once_in_a_language_it_lacks(search: HybridSearch) -> None:
    """Two versions of one entry side by side would look like two choices and hide how far ahead the entry is."""
    found = await find(search, "Umzug, what do I have to do?", "fr")
    assert [c.key.id for c in found].count("umzug") == 1


async def test_the_other_language_serves_when_ones_own_is_withdrawn(search: HybridSearch) -> None:
    """An answer in another language is better than none; the engine says so to the customer."""
    found = await find(search, "Umzug", "de", usable=lambda key: key != PassageKey("hilfe", "umzug", "de"))
    assert ("umzug", "en") in [(c.key.id, c.key.language) for c in found]


QUESTIONS = (
    "Zählerstand melden", "Wie kündige ich?", "Adresse geändert, was nun?", "I am moving out next week", "Mahnung?", "",
    "Was tun bei Fehler 39508 am Gerät im Keller, der seit gestern immer wieder kommt und nicht weggeht? " * 3,
)  # fmt: skip


async def test_many_at_once_find_the_same_as_one_alone(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """Who else is asking must not change anyone's answer."""
    fresh = HybridSearchBuilder(tmp_path, SentenceEncoder()).open_or_build(
        "b1" * 32, lambda: CORPUS, 12, quiet
    )
    again = HybridSearchBuilder(tmp_path, encoder).open_or_build("b1" * 32, lambda: CORPUS, 12, quiet)
    alone = [await find(fresh, q) for q in QUESTIONS]
    together = await asyncio.gather(*(find(again, q) for q in QUESTIONS * 5))
    for one, other in zip(together, alone * 5, strict=True):
        assert one == other
    fresh.close()
    again.close()


def test_a_vector_depends_on_its_text_alone(encoder: SentenceEncoder) -> None:
    """Who else is asking must not turn a question's meaning."""
    texts = [f"Frage {'sehr ' * (n % 9)}nummer {n} zum Abschlag?" for n in range(30)]
    together = encoder.questions(texts)
    for text, found in zip(texts, together, strict=True):
        alone = encoder.questions([text])[0]
        assert np.array_equal(alone.sentence, found.sentence)
        assert np.array_equal(alone.words, found.words)


async def test_a_reopened_search_gives_the_same_answers(
    search: HybridSearch, builder: HybridSearchBuilder
) -> None:
    """A restart maps what is on disk: nothing is read again and nothing changes."""

    def never() -> Iterator[Passage]:
        raise AssertionError("the cache was not used")

    reopened = builder.open_or_build("a1" * 32, never, len(CORPUS), quiet)
    assert [await find(reopened, q) for q in QUESTIONS] == [await find(search, q) for q in QUESTIONS]
    assert reopened.versions == builder.versions == search.versions
    reopened.close()


@pytest.mark.parametrize("damage", ["truncate", "flip", "delete", "seal", "version"])
async def test_a_damaged_cache_is_built_anew(
    search: HybridSearch, encoder: SentenceEncoder, tmp_path: Path, damage: str
) -> None:
    """Disks fail and processes are killed while they write; a search is whole or it is built again."""
    builder = HybridSearchBuilder(tmp_path, encoder)
    builder.open_or_build("c1" * 32, lambda: CORPUS, len(CORPUS), quiet).close()
    folder = tmp_path / ("c1" * 32)
    victim = folder / "question.usearch"
    match damage:
        case "truncate":
            os.truncate(victim, victim.stat().st_size // 2)
        case "flip":
            content = bytearray(victim.read_bytes())
            content[len(content) // 2] ^= 0xFF
            victim.write_bytes(content)
        case "delete":
            victim.unlink()
        case "seal":
            (folder / "seal.json").write_text("{", encoding="utf-8")
        case "version":
            seal = (folder / "seal.json").read_text(encoding="utf-8")
            (folder / "seal.json").write_text(seal.replace("layout-4", "layout-0"), encoding="utf-8")
    asked: list[bool] = []

    def passages() -> Iterator[Passage]:
        asked.append(True)
        yield from CORPUS

    repaired = builder.open_or_build("c1" * 32, passages, len(CORPUS), quiet)
    assert asked == [True]
    assert [await find(repaired, q) for q in QUESTIONS] == [await find(search, q) for q in QUESTIONS]
    repaired.close()
    assert names(tmp_path) == ["c1" * 32]


def test_a_failed_build_leaves_nothing(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """Half a search must never be found by the next start."""

    def broken() -> Iterator[Passage]:
        yield CORPUS[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        HybridSearchBuilder(tmp_path, encoder).open_or_build("d1" * 32, broken, 2, quiet)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_removed(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """A process killed while building leaves a folder; the next build takes it away."""
    left = tmp_path / f"building-{2**22 + 1}-0"
    left.mkdir()
    HybridSearchBuilder(tmp_path, encoder).open_or_build("e1" * 32, lambda: CORPUS, 12, quiet).close()
    assert not left.exists()


class CountingEncoder(SentenceEncoder):
    """Counts the texts of a corpus it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def passages(self, texts: Sequence[str], windows: int = 1) -> list[Encoded]:
        """Encode and count."""
        self.texts += len(texts)
        return super().passages(texts, windows)


async def test_a_reimport_encodes_only_what_is_new(tmp_path: Path) -> None:
    """Encoding is what takes minutes; changing one entry of a hundred thousand must take seconds."""
    encoder = CountingEncoder()
    builder = HybridSearchBuilder(tmp_path, encoder)
    builder.open_or_build("01" * 32, lambda: CORPUS, len(CORPUS), quiet).close()
    first = encoder.texts
    new = passage("bonus", "Gibt es einen Treuebonus?", "Nach einem Jahr erhalten Sie einen Bonus.")
    grown = builder.open_or_build("02" * 32, lambda: (*CORPUS, new), len(CORPUS) + 1, quiet)
    assert encoder.texts == first + 1
    assert (await find(grown, "Treuebonus"))[0].key.id == "bonus"
    assert (await find(grown, "Wie kündige ich?"))[0].key.id == "kuendigen"
    grown.close()


def test_forgotten_searches_are_gone(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """Erased passages must leave no vector and no word behind in a cache."""
    builder = HybridSearchBuilder(tmp_path, encoder)
    for name in ("0a" * 32, "0b" * 32):
        builder.open_or_build(name, lambda: CORPUS, len(CORPUS), quiet).close()
    builder.forget(["0b" * 32])
    assert [p.name for p in tmp_path.iterdir()] == ["0b" * 32]


async def test_a_search_in_use_outlives_its_forgetting(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """While an edition is swapped, turns still run on the old one; its files may already be deleted."""
    builder = HybridSearchBuilder(tmp_path, encoder)
    old = builder.open_or_build("0c" * 32, lambda: CORPUS, len(CORPUS), quiet)
    builder.forget([])
    assert (await find(old, "Mahnung"))[0].key.id == "mahnung"
    old.close()


async def test_an_empty_edition_finds_nothing(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """A workspace may publish before it has knowledge."""
    empty = HybridSearchBuilder(tmp_path, encoder).open_or_build("0d" * 32, tuple, 0, quiet)
    assert await find(empty, "Wie kündige ich?") == ()
    empty.close()


def test_progress_is_shown(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """A person who waits sees what is done and how much is left."""
    seen: list[tuple[str, int, int]] = []
    HybridSearchBuilder(tmp_path, encoder).open_or_build(
        "0e" * 32, lambda: CORPUS, len(CORPUS), lambda *step: seen.append(step)
    ).close()
    assert list(dict.fromkeys(what for what, _, _ in seen)) == ["read", "index", "embed", "link"]
    assert all(0 <= done <= total for _, done, total in seen)


async def test_a_name_that_is_no_hash_stays_in_the_folder(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """A manifest's name becomes a folder's name; it must not lead out of the cache."""
    inner = tmp_path / "inner"
    HybridSearchBuilder(inner, encoder).open_or_build("../outside", lambda: CORPUS, 12, quiet).close()
    assert names(tmp_path) == ["inner"]


async def test_defaults_are_sure_of_the_clear_and_unsure_of_the_strange(search: HybridSearch) -> None:
    """A new workspace answers with these numbers before it has outcomes of its own."""
    model, thresholds = default_rules_parts()
    clear = confidences(model, await find(search, "Wie teile ich meinen Zählerstand mit?"))
    strange = confidences(model, await find(search, "Wer hat die Weltmeisterschaft 1954 gewonnen?"))
    assert clear[0] >= thresholds.answer_at > thresholds.clarify_at
    assert strange[0] < thresholds.answer_at


class CountingQuestions(SentenceEncoder):
    """Counts the questions it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode and count."""
        self.texts += len(texts)
        return super().questions(texts)


WORDING = "Wo kommt der Zettel vom Heizungsableser hin?"


async def test_a_further_wording_makes_its_entry_come_first(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """What an editor approved is found as if it were the entry's own question; the others are found as before."""
    builder = HybridSearchBuilder(tmp_path, encoder)
    learned = [replace(p, wordings=(WORDING,)) if p.id == "stand" else p for p in CORPUS]
    before = builder.open_or_build("01" * 32, lambda: CORPUS, len(CORPUS), quiet)
    after = builder.open_or_build("02" * 32, lambda: learned, len(learned), quiet)
    model, thresholds = default_rules_parts()
    for asked in (WORDING, "zettel vom heizungsableser, wohin damit"):
        missed, found = await find(before, asked), await find(after, asked)
        assert missed[0].key.id != "stand"
        assert found[0].key.id == "stand"
        assert confidences(model, found)[0] > confidences(model, missed)[0]
    sure = confidences(model, await find(after, WORDING))[0]
    assert sure >= thresholds.answer_at > confidences(model, await find(before, WORDING))[0]
    for own in ("Wie teile ich meinen Zählerstand mit?", "Wie kündige ich meinen Vertrag?"):
        old, new = (await find(before, own))[0], (await find(after, own))[0]
        assert (old.key, old.features) == (new.key, new.features)
    before.close()
    after.close()


async def test_wordings_are_taken_over_and_an_entry_comes_once(tmp_path: Path) -> None:
    """Twenty wordings of one entry must not push the others out, and are encoded once."""
    counting = CountingQuestions()
    builder = HybridSearchBuilder(tmp_path, counting)
    ways = tuple(f"Wohin mit dem Stand Nummer {n}?" for n in range(20))
    learned = [replace(p, wordings=ways) if p.id == "stand" else p for p in CORPUS]
    builder.open_or_build("03" * 32, lambda: learned, len(learned), quiet).close()
    changed = [*learned, passage("mehr", "Was gibt es noch?", "Noch mehr.", wordings=(ways[3],))]
    first = counting.texts
    search = builder.open_or_build("04" * 32, lambda: changed, len(changed), quiet)
    assert counting.texts == first + 1
    found = await find(search, "Wohin mit dem Stand Nummer 3?")
    assert {c.key.id for c in found[:2]} == {"stand", "mehr"}
    assert len({c.key for c in found}) == len(found) > 5
    assert all(c.features.question > 990_000 for c in found[:2])
    search.close()


async def test_a_corpus_of_one_entry_is_not_the_answer_to_everything(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    """Where nothing competes, being first says nothing: only how well the entry itself fits may make us sure."""
    one = HybridSearchBuilder(tmp_path, encoder).open_or_build("0e" * 32, lambda: CORPUS[:1], 1, quiet)
    model, thresholds = default_rules_parts()
    for strange in ("Wer hat die Weltmeisterschaft 1954 gewonnen?", "Wie kündige ich?", "Hallo, geht das?"):
        found = await find(one, strange)
        assert [c.key.id for c in found] == ["stand"]
        assert confidences(model, found)[0] < thresholds.answer_at
    one.close()


async def test_among_near_equal_entries_no_single_one_is_sure(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    """Three hundred entries that hardly differ: picking one of them would be a guess, however well it fits."""
    alike = [
        passage(
            f"lampe{n}", "Wie wechsle ich das Leuchtmittel?", f"Lampe Nummer {n}: Drehen Sie die Fassung auf."
        )
        for n in range(300)
    ]
    many = HybridSearchBuilder(tmp_path, encoder).open_or_build("0f" * 32, lambda: alike, len(alike), quiet)
    model, thresholds = default_rules_parts()
    found = await find(many, "wie wechselt man das leuchtmittel bei meiner lampe")
    assert len(found) == 10
    assert confidences(model, found)[0] < thresholds.answer_at
    many.close()


BLOCKING = (
    passage("sperre", "Wie sperre ich meine Karte?", "Rufen Sie uns an. Für die Sperre wird keine Gebühr erhoben."),
    *CORPUS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "denied", "granted"),
    [
        ("Wohin überweise ich die Gebühr für die Sperre der Karte?", True, False),
        ("Die Sperre der Karte kostet ja eine Gebühr, wie hoch ist die?", False, True),
        ("Wie sperre ich meine Karte ohne Gebühr?", False, False),
        ("Ja, wie sperre ich meine Karte?", False, False),
    ],
)
async def test_what_a_question_takes_for_granted_is_measured(
    encoder: SentenceEncoder, tmp_path: Path, question: str, denied: bool, granted: bool
) -> None:
    """Who asks where to pay a fee that the entry denies must not be answered as if there were one."""
    search = HybridSearchBuilder(tmp_path, encoder).open_or_build("b7" * 32, lambda: BLOCKING, 13, quiet)
    first = (await find(search, question))[0]
    search.close()
    assert first.key.id == "sperre"
    assert (first.features.denied > 0, first.features.granted > 0) == (denied, granted)
