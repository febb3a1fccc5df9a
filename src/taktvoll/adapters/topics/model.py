"""A learnt model: from a sentence vector and word pieces to a score for each topic, and to how strange a text is.

I decide what a model consists of and how it is kept as bytes: arrays and JSON, never anything that could run.
The reader calls me with vectors; learning makes me. I never encode a text.
"""

import io
import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.topics.pieces import PLACES, Floats, Rows, weighed
from taktvoll.base.errors import Refused

FORMAT = "taktvoll-topics-1"
ELSE_WEIGHT = 0.5
NEAR = 3
"""How many of the nearest examples tell whether a text is near anything at all; one, where there are few."""
EXAMPLES_FOR_NEAR = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What of a model is a number: how wide the kernel is, how scores become probabilities, when a text is strange.

    `examples`: so many of the marks are examples; the rest are texts about anything else.
    """

    width: float
    sharpness: float
    strange: tuple[float, ...]
    strange_at: float
    examples: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model says of some texts: each one's topic by number, its probability, how strange it is."""

    topics: NDArray[np.int64]
    sure: Floats
    strange: Floats


@dataclass(frozen=True)
class Model:
    """Marks are examples in the space of sentence vectors; a score is a sum over marks and over word pieces.

    Source: Saunders et al. 1998, kernel ridge regression; Williams and Seeger 2001 for the choice of marks.
    """

    encoder: str
    topics: tuple[str, ...]
    settings: Settings
    middle: Floats
    marks: NDArray[np.int8]
    by_marks: NDArray[np.float16]
    by_pieces: NDArray[np.int8]
    pieces_scale: Floats
    telling: Floats
    base: Floats

    def judge(self, sentences: Floats, counted: Rows) -> Judged:
        """Judge texts by their sentence vectors and counted pieces."""
        near = direction(sentences, self.middle) @ self._marks
        scores = self.scores(near, weighed(counted, self.telling))
        rivals = scores if len(self.topics) > 1 else np.hstack([scores, 1 - scores])
        shares = softmax(rivals * np.float32(self.settings.sharpness))
        return Judged(
            scores.argmax(axis=1),
            shares[:, : len(self.topics)].max(axis=1),
            strangeness(scores, nearness(near, self.settings.examples), self.settings)
            - np.float32(self.settings.strange_at),
        )

    @cached_property
    def _marks(self) -> Floats:
        """The marks' directions as columns, made once: a message must not wait for it."""
        return np.ascontiguousarray(unit(self.marks.astype(np.float32)).T)

    @cached_property
    def _by_marks(self) -> Floats:
        return self.by_marks.astype(np.float32)

    def scores(self, near: Floats, rows: Rows) -> Floats:
        """A score for each topic, one row a text."""
        scores: Floats = bell(near, self.settings.width) @ self._by_marks + self.base
        for i in range(len(rows)):
            begin, end = rows.starts[i], rows.starts[i + 1]
            taken = self.by_pieces[rows.places[begin:end]].astype(np.float32)
            scores[i] += (rows.values[begin:end] @ taken) * self.pieces_scale
        return scores

    def to_bytes(self) -> bytes:
        """Write the model as it is stored and hashed."""
        head = {
            "format": FORMAT, "encoder": self.encoder, "topics": self.topics,
            "settings": {f.name: getattr(self.settings, f.name) for f in fields(Settings)},
        }  # fmt: skip
        said = np.frombuffer(json.dumps(head, ensure_ascii=False).encode("utf-8"), dtype=np.uint8)
        file = io.BytesIO()
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(file, head=said, **arrays)
        return file.getvalue()


_ARRAYS = ("middle", "marks", "by_marks", "by_pieces", "pieces_scale", "telling", "base")


def from_bytes(body: bytes) -> Model:
    """Read a model back.

    Raises: Refused("topics.outdated") for bytes of another form.
    """
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as kept:
            head = json.loads(kept["head"].tobytes())
            arrays = {name: kept[name] for name in _ARRAYS}
        if head["format"] != FORMAT or arrays["telling"].shape != (PLACES,):
            raise Refused("topics.outdated")
        given = head["settings"] | {"strange": tuple(head["settings"]["strange"])}
        return Model(head["encoder"], tuple(head["topics"]), Settings(**given), **arrays)
    except (BadZipFile, ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise Refused("topics.outdated") from error


def unit(rows: Floats) -> Floats:
    """Bring rows to length one."""
    made: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), np.float32(1e-9))
    return made


def direction(sentences: Floats, middle: Floats) -> Floats:
    """Sentence vectors as seen from the middle of all examples: what every text has in common tells nothing."""
    return unit(unit(sentences) - middle)


def bell(near: Floats, width: float) -> Floats:
    """How alike two directions are, from their cosine: 1 for the same, falling off the faster the wider apart."""
    made: Floats = np.exp(np.float32(width) * (near - 1))
    return made


def softmax(scores: Floats) -> Floats:
    """Scores as shares that add up to one."""
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Floats = parts / parts.sum(axis=1, keepdims=True)
    return made


def strangeness(scores: Floats, near: Floats, settings: Settings) -> Floats:
    """How little a text resembles anything learnt: higher is stranger; what counts is where it is cut.

    Takes:  near: how much nearer the nearest examples are than anything else.
    Source: Liu et al. 2020, energy-based detection; Sun et al. 2022, nearest neighbours.
    """
    best, energy, neighbours = signs(scores, near, settings.sharpness)
    of_best, of_energy, of_neighbours = map(np.float32, settings.strange)
    made: Floats = -(of_best * best + of_energy * energy + of_neighbours * neighbours)
    return made


def signs(scores: Floats, near: Floats, sharpness: float) -> tuple[Floats, Floats, Floats]:
    """What tells a text of a learnt topic: its best score, the sum of all, how near examples are."""
    top = scores.max(axis=1)
    energy: Floats = np.log(np.exp((scores - top[:, None]) * sharpness).sum(axis=1)).astype(np.float32)
    return top, top + energy / np.float32(sharpness), near


def nearness(near: Floats, examples: int) -> Floats:
    """How much nearer the nearest examples are than the nearest of the other texts."""
    count = NEAR if examples >= EXAMPLES_FOR_NEAR else 1
    other = near[:, examples:].max(axis=1, initial=-1)
    made: Floats = nearest(near[:, :examples], count) - np.float32(ELSE_WEIGHT) * other
    return made


def nearest(near: Floats, count: int) -> Floats:
    """How near so many nearest marks are on average, from the likeness to all."""
    made: Floats = np.partition(near, near.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    return made
