"""Learning: ridge regression over marks and word pieces, in closed form, and an honest look at how well it does.

I decide the numbers of a model from examples and their sentence vectors. The adapter's learn calls me in a thread; I am
imported only then. I never judge an example by a model that was shown it: each is left out in turn, by algebra.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from taktvoll.adapters.topics.model import (
    Model,
    Settings,
    bell,
    direction,
    nearness,
    signs,
    softmax,
    strangeness,
    unit,
)
from taktvoll.adapters.topics.pieces import PLACES, Floats, Rows, rarity, weighed

WIDTH = 2.0
PIECES_WEIGHT = 0.4
RIDGE = 0.1
MARKS_MAX = 2_048
EXACT_MAX = 6_144
"""Up to so many texts all are marks and the kernel is exact; beyond, fewer marks stand for all."""
STRANGE = (1.0, 0.0, 1.0)
MISSED = 0.02
"""The share of the examples that may be taken for unknown when each is judged by a model made without it.

Examples of one topic often are wordings of one sentence, so of other people's texts up to twice as many are missed."""
EXAMPLES_FOR_A_CUT = 20
CUT_WITHOUT = 0.25
"""How much nearer than anything else a text's nearest examples are, where there are too few to measure it."""
SHARPNESSES = np.geomspace(2, 60, 40)
BLOCK = 512

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model, and of the examples, each left out: the shares judged right and taken for unknown; None for too few."""

    model: Model
    right: float | None
    missed: float | None


def learn(
    encoder: str, sentences: Floats, counted: Rows, topics: Sequence[str], numbers: Sequence[int], step: Step
) -> Learnt:
    """Learn from vectors and pieces of examples, and of texts about anything else, which come last.

    Takes:  numbers: the topic of each example, as its place in topics; there are more rows than numbers where there are
            other texts; step: told how far it is, of how much.
    """
    count, own = len(numbers), np.asarray(numbers)
    middle = (unit(sentences[:count]).mean(axis=0) + unit(sentences[count:]).mean(axis=0)) / 2
    telling = rarity(counted)
    space = _Space(direction(sentences, middle), weighed(counted, telling), count)
    wanted = np.zeros((len(sentences), len(topics)), dtype=np.float32)
    wanted[np.arange(count), own] = 1
    base = wanted[:count].mean(axis=0)
    by_marks, by_pieces, all_left_out = _ridge(space, wanted - base, step)
    left_out = all_left_out[:count] + base
    near = space.nearness[:count]
    sharpness = _sharpness(left_out, own)
    strange, strange_at = _cut(left_out, near, sharpness)
    scale = np.maximum(np.abs(by_pieces).max(axis=0), np.float32(1e-9)) / np.float32(127)
    model = Model(
        encoder,
        tuple(topics),
        Settings(WIDTH, sharpness, strange, strange_at, space.examples),
        middle.astype(np.float32),
        space.marks,
        by_marks.astype(np.float16),
        np.rint(by_pieces / scale).astype(np.int8),
        scale,
        telling,
        base,
    )
    if len(own) < EXAMPLES_FOR_A_CUT:
        return Learnt(model, None, None)
    missed = strangeness(left_out, near, model.settings) > strange_at
    return Learnt(model, float((left_out.argmax(axis=1) == own).mean()), float(missed.mean()))


class _Space:
    """Examples as rows whose products are the kernel, made block by block, so that memory stays bounded.

    `nearness`: how much nearer the nearest marks but the example itself are than other texts.
    """

    def __init__(self, pointing: Floats, rows: Rows, count: int) -> None:
        self._pointing, self._rows = pointing, rows
        # All examples become marks, or evenly many of every stretch: they come sorted by topic.
        self.exact = len(pointing) <= EXACT_MAX
        marks = count if self.exact else min(count, MARKS_MAX)
        chosen_places = np.unique(np.linspace(0, count - 1, marks).astype(np.int64))
        self._places = np.concatenate([chosen_places, np.arange(count, len(pointing))])
        self.examples = len(chosen_places)
        chosen = pointing[self._places]
        self.marks = np.rint(chosen * (127 / max(float(np.abs(chosen).max()), 1e-9))).astype(np.int8)
        self._own = unit(self.marks.astype(np.float32))
        self.nearness: Floats = np.zeros(len(pointing), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._pointing)

    @cached_property
    def root(self) -> Floats:
        """What turns likeness to the marks into columns whose products are the kernel."""
        values, vectors = np.linalg.eigh(bell(self._own @ self._own.T, WIDTH).astype(np.float64))
        kept = values > max(float(values.max()) * 1e-6, 1e-6)
        made: Floats = (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
        return made

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return int(self.root.shape[1]) + PLACES

    def pieces(self, first: int, last: int) -> Floats:
        """The word pieces of some examples, weighed as the kernel weighs them."""
        made: Floats = self._rows.dense(first, last) * np.float32(PIECES_WEIGHT**0.5)
        return made

    def alike(self, first: int, last: int) -> Floats:
        """How alike some examples are to the marks; on the way notes how near others are."""
        near = self._pointing[first:last] @ self._own.T
        made = bell(near, WIDTH)
        begin, end = np.searchsorted(self._places, (first, last))
        near[self._places[begin:end] - first, np.arange(begin, end)] = -1
        self.nearness[first:last] = nearness(near, self.examples)
        return made

    def block(self, first: int, last: int) -> Floats:
        """Some examples as rows."""
        return np.hstack([self.alike(first, last) @ self.root, self.pieces(first, last)])

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """All examples, some at a time, with the place of the first."""
        for first in range(0, len(self), BLOCK):
            yield first, self.block(first, min(first + BLOCK, len(self)))


def _ridge(space: _Space, wanted: Floats, step: Step) -> tuple[Floats, Floats, Floats]:
    """Fit: the weights of marks and of pieces, and what each example would score had it been left out.

    Source: Rifkin and Lippert 2007, notes on regularized least squares (leave-one-out in closed form).
    """
    if space.exact:
        pieces = space.pieces(0, len(space))
        kernel = space.alike(0, len(space)) + pieces @ pieces.T
        step(1, 3)
        inverse = _inverse((kernel + kernel.T) * np.float32(0.5))
        dual = inverse @ wanted
        by_pieces = pieces.T @ dual * np.float32(PIECES_WEIGHT**0.5)
        return dual, by_pieces, wanted - dual / np.diag(inverse)[:, None]
    product = np.zeros((space.width, space.width), dtype=np.float32)
    target = np.zeros((space.width, wanted.shape[1]), dtype=np.float32)
    for first, table in space.blocks():
        product += table.T @ table
        target += table.T @ wanted[first : first + len(table)]
        step(first + len(table), 3 * len(space))
    inverse = _inverse(product)
    weights, left_out = inverse @ target, np.empty_like(wanted)
    for first, table in space.blocks():
        leverage = np.einsum("ij,ij->i", table @ inverse, table)
        there = wanted[first : first + len(table)]
        missing = (there - table @ weights) / np.maximum(1 - leverage, np.float32(1e-3))[:, None]
        left_out[first : first + len(table)] = there - missing
        step(2 * len(space) + first + len(table), 3 * len(space))
    width = space.root.shape[1]
    return space.root @ weights[:width], weights[width:] * np.float32(PIECES_WEIGHT**0.5), left_out


def _inverse(product: Floats) -> Floats:
    product[np.diag_indices(len(product))] += np.float32(RIDGE)
    made: Floats = np.linalg.inv(product)
    return made


def _sharpness(scores: Floats, own: np.ndarray) -> float:
    """How sharply scores become probabilities, so that of all with 80 % four in five are right.

    Source: Guo et al. 2017, temperature scaling.
    """
    if scores.shape[1] == 1 or len(own) < EXAMPLES_FOR_A_CUT:
        return 8.0
    rows = np.arange(len(own))
    losses = [
        -np.log(np.maximum(softmax(scores * np.float32(s))[rows, own], 1e-9)).mean() for s in SHARPNESSES
    ]
    return round(float(SHARPNESSES[int(np.argmin(losses))]), 3)


def _cut(left_out: Floats, near: Floats, sharpness: float) -> tuple[tuple[float, ...], float]:
    """How the signs of strangeness are weighed, and from where on a text is unknown."""
    alone = left_out.shape[1] == 1 or len(left_out) < EXAMPLES_FOR_A_CUT
    spread = [max(float(s.std()), 1e-6) for s in signs(left_out, near, sharpness)]
    weights = zip(STRANGE, spread, strict=True)
    strange = (0.0, 0.0, 1.0) if alone else tuple(round(weight / s, 4) for weight, s in weights)
    if len(left_out) < EXAMPLES_FOR_A_CUT:
        return strange, -CUT_WITHOUT
    found = strangeness(left_out, near, Settings(WIDTH, sharpness, strange, 0.0, 0))
    return strange, float(np.quantile(found, 1 - MISSED))
