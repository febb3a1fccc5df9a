"""What topics must do, held against the real encoder on examples of our own: learnt from few, odd or one-sided files.

The examples are an invented shop's. What is asserted holds by a wide margin: accuracy is measured in bench/.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.topics import TopicModels
from taktvoll.adapters.topics.model import from_bytes
from taktvoll.adapters.topics.pieces import PLACES, counted, pieces, rarity, weighed
from taktvoll.base.errors import Refused
from taktvoll.domain.knowledge.topics import Example, LearntModel, Source, TopicGuess
from tests.contract.conftest import NOW, Place

SHOP = {
    "Lieferung": (
        "Wo ist mein Paket?", "Wann kommt meine Bestellung an?", "Mein Paket ist noch nicht da",
        "Wie lange dauert der Versand?",
        "Die Sendung hängt seit Tagen fest", "Kann ich die Lieferung verfolgen?", "Der Bote hat nicht geklingelt",
        "Liefern Sie auch samstags?", "Paket wurde beim Nachbarn abgegeben", "Sendungsnummer bitte",
    ),
    "Rückgabe": (
        "Wie schicke ich etwas zurück?", "Ich möchte die Jacke umtauschen", "Kann ich das Kleid zurückgeben?",
        "Wo finde ich den Rücksendeschein?", "Die Hose passt nicht, ich will sie tauschen", "Retoure anmelden",
        "Wie lange habe ich Rückgaberecht?", "Muss ich die Rücksendung bezahlen?", "Umtausch ohne Bon",
        "Artikel gefällt nicht, zurück damit",
    ),
    "Zahlung": (
        "Kann ich auf Rechnung kaufen?", "Welche Zahlungsarten gibt es?", "Meine Kreditkarte wird abgelehnt",
        "Wann wird das Geld abgebucht?", "Ich habe doppelt bezahlt", "Geht auch Ratenzahlung?",
        "Die Überweisung ist raus",
        "Nehmen Sie PayPal?", "Rechnung noch einmal schicken", "Lastschrift wurde nicht eingelöst",
    ),
}  # fmt: skip
EXAMPLES = tuple(Example(text, topic) for topic, texts in SHOP.items() for text in texts)
FOREIGN = (
    "Wie hoch ist der Mount Everest?",
    "Schreib mir ein Gedicht über den Mond",
    "Wer hat gestern gewonnen?",
)


def quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class Shop:
    """Topics of one workspace, learnt and read through the ports."""

    place: Place
    models: TopicModels
    learnt: LearntModel | None = None

    async def learn(self, examples: Sequence[Example]) -> LearntModel:
        """Learn and keep."""
        self.learnt = await asyncio.to_thread(self.models.learn, examples, quiet)
        await self.place.topics.keep(self.place.id, examples, self.learnt, "anna", NOW)
        return self.learnt

    async def tell(self, *texts: str) -> list[TopicGuess]:
        """Read."""
        assert self.learnt is not None
        return await self.models.read_all(self.place.id, self.learnt.hash, texts)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give the real encoder, loaded once."""
    return SentenceEncoder()


@pytest.fixture
def shop(place: Place, tmp_path: Path, encoder: SentenceEncoder) -> Shop:
    """Give a workspace without topics."""
    return Shop(place, TopicModels(tmp_path / "topics", place.topics, encoder))


async def test_other_words_for_a_topic_are_told(shop: Shop) -> None:
    """Customers never write what stands in the file."""
    learnt = await shop.learn(EXAMPLES)
    assert (learnt.topics, learnt.examples) == (("Lieferung", "Rückgabe", "Zahlung"), 30)
    told = await shop.tell(
        "Mein Päckchen ist immer noch nicht angekommen",
        "kann man die schuhe umtauschen",
        "Kauf auf Rechnung?",
    )
    assert [(g.topic, g.known) for g in told] == [("Lieferung", True), ("Rückgabe", True), ("Zahlung", True)]
    assert all(333_333 <= g.ppm <= 1_000_000 for g in told)
    assert learnt.right_ppm is not None
    assert learnt.right_ppm > 600_000


async def test_what_was_never_learnt_is_not_known(shop: Shop) -> None:
    """A message outside every topic must not count for one; the nearest is named all the same."""
    await shop.learn(EXAMPLES)
    told = await shop.tell(*FOREIGN, *(e.text for e in EXAMPLES))
    assert [g.known for g in told[: len(FOREIGN)]] == [False] * len(FOREIGN)
    assert sum(g.known for g in told[len(FOREIGN) :]) >= 27


async def test_a_file_of_one_topic_tells_it_from_everything_else(shop: Shop) -> None:
    """Whoever wants one thing recognised, and no more, gives one topic."""
    await shop.learn([e for e in EXAMPLES if e.topic == "Lieferung"])
    told = await shop.tell("Wann kommt mein Paket?", *FOREIGN)
    assert [g.known for g in told] == [True, False, False, False]
    assert {g.topic for g in told} == {"Lieferung"}


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_the_tiniest_file_works(shop: Shop, count: int) -> None:
    """Everyone begins with an example or two."""
    learnt = await shop.learn(EXAMPLES[9 : 9 + count])
    assert learnt.right_ppm is None
    (own,) = await shop.tell(EXAMPLES[9].text)
    assert (own.topic, own.known) == ("Lieferung", True)


async def test_a_topic_with_one_example_is_told_beside_large_ones(shop: Shop) -> None:
    """New topics begin small."""
    await shop.learn([*EXAMPLES, Example("Wie wasche ich Wolle richtig?", "Pflege")])
    (told,) = await shop.tell("Wie wäscht man Wolle?")
    assert told.topic == "Pflege"


async def test_names_of_any_script_come_back(shop: Shop) -> None:
    """A model is stored as bytes; names must survive it."""
    names = {"Lieferung": "配送", "Rückgabe": "возврат 🚚", "Zahlung": "الدفع"}
    await shop.learn([Example(e.text, names[e.topic]) for e in EXAMPLES])
    (told,) = await shop.tell("Wo ist mein Paket?")
    assert told.topic == "配送"


async def test_odd_texts_are_told_something(shop: Shop) -> None:
    """Whatever customers send: an answer in its place, never a failure."""
    await shop.learn(EXAMPLES)
    odd = ("?", "🙂", "a" * 4_000, "\n\t", "0" * 50, "Paket " * 600, "你好", "\x00")
    told = await shop.tell(*odd)
    assert len(told) == len(odd)
    assert await shop.tell() == []
    assert shop.learnt is not None
    assert await shop.models.read(shop.place.id, shop.learnt.hash, " \n") is None


async def test_one_and_many_are_told_alike(shop: Shop) -> None:
    """A batch and a turn must not differ, or figures would say nothing about turns."""
    await shop.learn(EXAMPLES)
    assert shop.learnt is not None
    texts = ("Wo bleibt die Sendung?", "Umtauschen bitte", *FOREIGN)
    many = await shop.tell(*texts)
    one = [await shop.models.read(shop.place.id, shop.learnt.hash, t) for t in texts]
    assert [(g.topic, g.known) for g in many] == [(g.topic, g.known) for g in one if g]


async def test_a_lost_or_damaged_file_is_fetched_again(
    shop: Shop, tmp_path: Path, encoder: SentenceEncoder
) -> None:
    """The file is a cache: another machine has none, a full disk leaves half of one."""
    learnt = await shop.learn(EXAMPLES)
    await shop.tell("Paket")
    path = tmp_path / "topics" / str(shop.place.id) / f"{learnt.hash}.npz"
    assert path.read_bytes() == learnt.body
    path.write_bytes(learnt.body[:1_000])
    again = Shop(shop.place, TopicModels(tmp_path / "topics", shop.place.topics, encoder), learnt)
    (told,) = await again.tell("Wo ist mein Paket?")
    assert told.topic == "Lieferung"
    assert path.read_bytes() == learnt.body


async def test_a_model_that_cannot_be_read_is_no_model(shop: Shop) -> None:
    """A turn goes on without a topic; whoever asks for topics is told to learn again."""
    for body in (b"", b"PK\x03\x04 nonsense", b"\x93NUMPY"):
        odd = LearntModel(f"{len(body):064d}", body, ("x",), 1, None, None)
        await shop.place.topics.keep(shop.place.id, None, odd, "anna", NOW)
        assert await shop.models.read(shop.place.id, odd.hash, "Hallo") is None
        with pytest.raises(Refused) as caught:
            await shop.models.read_all(shop.place.id, odd.hash, ["Hallo"])
        assert caught.value.code == "topics.outdated"
    assert await shop.models.read(shop.place.id, "", "Hallo") is None
    assert await shop.models.read(shop.place.id, "f" * 64, "Hallo") is None


async def test_a_model_holds_nobodys_words(shop: Shop) -> None:
    """Examples may be customers' messages; erased ones must not live on in a file."""
    learnt = await shop.learn([*EXAMPLES, Example("Ich bin Frau Zwiebelknecht aus Posemuckel", "Zahlung")])
    model = from_bytes(learnt.body)
    texts = " ".join([model.encoder, *model.topics]) + repr(model.settings)
    assert "wiebel" not in texts
    arrays = [getattr(model, name) for name in model.__dataclass_fields__]
    assert all(a.dtype.kind in "fiu" for a in arrays if isinstance(a, np.ndarray))


async def test_the_order_of_examples_does_not_matter(shop: Shop) -> None:
    """Files are sorted, joined, exported anew: what is learnt stays the same."""
    one, two = await shop.learn(EXAMPLES), await shop.learn(EXAMPLES[::-1])
    assert one.hash == two.hash


async def test_a_renamed_topic_is_told_by_its_new_name(shop: Shop) -> None:
    """Without learning anew: nothing but the name changes."""
    learnt = await shop.learn(EXAMPLES)
    renamed = shop.models.renamed(learnt.body, "Lieferung", "Versand")
    await shop.place.topics.rename(shop.place.id, "Lieferung", "Versand", renamed, "anna", NOW)
    shop.learnt = renamed
    (told,) = await shop.tell("Wo ist mein Paket?")
    assert (told.topic, renamed.hash != learnt.hash) == ("Versand", True)


async def test_like_texts_are_proposed_as_topics(shop: Shop) -> None:
    """Out of a heap of questions come groups that a person would make, each with a name and its texts."""
    sources = [Source(e.text) for e in EXAMPLES]
    found = await asyncio.to_thread(shop.models.discover, sources, quiet)
    assert 2 <= len(found) <= 10
    topic_of = {e.text: e.topic for e in EXAMPLES}
    pure = sum(max(sum(topic_of[s.text] == t for s in p.texts) for t in SHOP) for p in found)
    assert pure >= 0.6 * sum(len(p.texts) for p in found)
    assert len({p.name for p in found}) == len(found)
    assert all(p.words and p.name for p in found)
    assert shop.models.discover(sources[:2], quiet) == ()


async def test_a_shared_heading_names_a_proposal(shop: Shop) -> None:
    """Where people have ordered their knowledge already, their words are the best names."""
    sources = [Source(e.text, f"Rund um {e.topic}") for e in EXAMPLES]
    found = await asyncio.to_thread(shop.models.discover, sources, quiet)
    assert {p.name.rstrip(" 23") for p in found} <= {f"Rund um {t}" for t in SHOP}


async def test_equal_texts_are_one_group(shop: Shop) -> None:
    """Nearly equal entries by the thousand must neither fail nor make a thousand topics."""
    found = await asyncio.to_thread(shop.models.discover, [Source("Wo ist mein Paket?")] * 60, quiet)
    assert len(found) <= 1
    assert await asyncio.to_thread(shop.models.split, ["Wo?"] * 5, 3, quiet) == ((0, 1, 2, 3, 4),)


async def test_a_topic_is_split_by_sense(shop: Shop) -> None:
    """Two things under one name come apart."""
    opening = ("Wann habt ihr geöffnet?", "Öffnungszeiten am Samstag", "Ist der Laden sonntags offen?",
               "Wann schließt ihr?")  # fmt: skip
    parcel = ("Wo ist mein Paket?", "Das Paket ist nicht da", "Paket verloren", "Wann kommt das Paket?")
    groups = await asyncio.to_thread(shop.models.split, [*opening, *parcel], 2, quiet)
    assert sorted(groups) == [(0, 1, 2, 3), (4, 5, 6, 7)]


def test_spellings_of_a_word_share_their_pieces() -> None:
    """Customers write Zaehler, ZÄHLER and Zähler and mean one thing."""
    assert pieces("Zähler") == pieces("ZAEHLER") == pieces("zähler")
    assert pieces("Straße 12") == pieces("STRASSE 7")
    rows = counted(["", "Zähler", "Zählerstand"])
    assert len(rows) == 3
    table = weighed(rows, rarity(rows)).dense(0, 3)
    assert table.shape == (3, PLACES)
    assert np.allclose(np.linalg.norm(table, axis=1), [0, 1, 1], atol=1e-5)
    assert table[1] @ table[2] > 0.2
