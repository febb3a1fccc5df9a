"""The sentence encoder on its shipped weights: meanings lie near one another, odd input passes."""

import asyncio

import numpy as np
import pytest
from numpy.typing import NDArray

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.encoder.encoder import DIMENSIONS, WORD_DIMENSIONS


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Give one encoder to all tests, as one process has."""
    return SentenceEncoder()


def cosine(one: NDArray[np.int8], other: NDArray[np.int8]) -> float:
    """How alike two directions are."""
    a, b = one.astype(float), other.astype(float)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("wo trag ich den zählerstand ein", "Wie teile ich meinen Zählerstand mit?", "Wie kündige ich?"),
        ("How do I cancel my contract?", "Wie kündige ich meinen Vertrag?", "Wann kommt der Techniker?"),
        ("paket is noch ned da", "Meine Lieferung verspätet sich", "Wie ändere ich mein Passwort?"),
    ],
)
def test_a_question_lies_nearer_to_what_it_means(
    encoder: SentenceEncoder, asked: str, near: str, far: str
) -> None:
    """Colloquial German, English and dialect must lie near the words a company uses."""
    question, close, away = (found.sentence for found in encoder.questions([asked, near, far]))
    assert cosine(question, close) > cosine(question, away)


@pytest.mark.parametrize(
    "text", ["", " ", "?", "🙂", "\ud800", "a\x00b", "电费怎么交", "x" * 5000, "Zähler " * 900]
)
def test_odd_texts_have_vectors(encoder: SentenceEncoder, text: str) -> None:
    """Whatever a customer types must become numbers of the agreed form."""
    for found in (encoder.questions([text])[0], encoder.passages([text])[0]):
        assert found.sentence.shape == (DIMENSIONS,)
        assert found.words.shape[1] == WORD_DIMENSIONS
        assert len(found.words) == len(found.weights) >= 1
        assert found.weights.sum() == pytest.approx(1.0, abs=1e-4)


def test_pieces_without_letters_are_left_out(encoder: SentenceEncoder) -> None:
    """A question mark is met in every passage and says nothing."""
    plain, marked = encoder.questions(["Zählerstand melden", "Zählerstand melden ?!… –"])
    assert len(plain.words) == len(marked.words)


async def test_the_same_text_is_encoded_once(
    encoder: SentenceEncoder,
) -> None:
    """A turn reads signals and searches with the same text: the second asks for nothing new."""
    first, second, other = await asyncio.gather(
        encoder.begin("Wie hoch ist mein Abschlag?"),
        encoder.begin("Wie hoch ist mein Abschlag?"),
        encoder.begin("Wann kommt der Techniker?"),
    )
    assert np.array_equal(first.sentence, second.sentence)
    assert not np.array_equal(first.sentence, other.sentence)
    assert (await encoder.begin("Wie  hoch ist mein Abschlag?\n")) is first
