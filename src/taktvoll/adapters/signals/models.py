"""Needs and moods by linear models: stretches of characters, words, ideas, phrases and the sentence vector, weighed.

I decide how sure we are of each reason for a person, and how a text sounds. The understanding adapter calls me; the
training calls the same functions, so that what was trained is what runs. I never see a conversation, only one text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.signals.features import Features
from taktvoll.adapters.signals.weights import Floats, Weights
from taktvoll.domain.conversation.concepts import NAMES
from taktvoll.domain.conversation.terms import HandoverReason

NONE = "none"
_NOT_HEARD = (
    HandoverReason.GUIDELINE,
    HandoverReason.NO_ANSWER,
    HandoverReason.DELIVERY_FAILED,
    HandoverReason.FILE,
)
"""Reasons that no words give."""

REASONS = tuple(r.value for r in HandoverReason if r not in _NOT_HEARD)
CLASSES = (NONE, *REASONS)
MOODS = ("anger", "fear", "sadness", "joy", "insult")

_IDEA = {name: i for i, name in enumerate(NAMES)}
IDEAS = len(NAMES) + len(NAMES) ** 2


def idea_features(ideas: Sequence[str]) -> Features:
    """Number the ideas of a message and their pairs, together of length 1."""
    known = sorted(_IDEA[i] for i in ideas)
    count = len(NAMES)
    pairs = [count + a * count + b for at, a in enumerate(known) for b in known[at + 1 :]]
    numbers = np.array(known + pairs, np.int64)
    return numbers, np.full(len(numbers), 1.0 / np.sqrt(max(len(numbers), 1)), np.float32)


def unit(vector: NDArray[np.generic]) -> Floats:
    """Bring a vector to length 1."""
    floats = vector.astype(np.float32)
    length = float(np.sqrt(np.dot(floats, floats)))
    scaled: Floats = floats / np.float32(length or 1.0)
    return scaled


@dataclass(frozen=True, slots=True)
class Reading:
    """What the models say of a text: how sure of each class, in the order of CLASSES, and each mood's log-odds."""

    sure: Floats
    moods: Floats


class Models:
    """The models with their weights."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @property
    def version(self) -> str:
        """Name of the weights, for the record."""
        return str(self._weights.settings["version"])

    @property
    def thresholds(self) -> dict[str, float]:
        """How sure we must be of each reason."""
        return dict(self._weights.settings["thresholds"])

    @property
    def encoder(self) -> str | None:
        """The version of the encoder whose sentence vectors these weights know; None if they know none."""
        name = self._weights.settings["encoder"]
        return None if name is None or self._weights.sentence is None else str(name)

    def read(
        self,
        features: Features,
        ideas: Sequence[str],
        said: Sequence[HandoverReason],
        sentence: NDArray[np.generic] | None = None,
    ) -> Reading:
        """Weigh everything that is known of a text.

        Takes:  said: the reasons that phrases showed beyond doubt.
        """
        w = self._weights
        moods = w.moods.score(*features)
        parts = [self._heard(features, ideas), moods, hits(said)]
        blend = w.blend_plain
        if sentence is not None and w.sentence is not None and w.blend is not None:
            direction = unit(sentence)
            parts.append(direction @ w.sentence[0] + w.sentence[1])
            blend = w.blend
            if w.mood_sentence is not None:
                moods = mixed_moods(moods, direction, w.mood_sentence)
        return Reading(softmax(np.concatenate(parts) @ blend[0] + blend[1]), moods)

    def read_letter(self, features: Features, ideas: Sequence[str], said: Sequence[HandoverReason]) -> Floats:
        """Weigh a letter or a piece of one: how sure of each class, without the vector of its beginning."""
        w = self._weights
        parts = [self._heard(features, ideas), w.moods.score(*features), hits(said)]
        return softmax(np.concatenate(parts) @ w.blend_letter[0] + w.blend_letter[1])

    def _heard(self, features: Features, ideas: Sequence[str]) -> Floats:
        return self._weights.needs.score(*features) + self._weights.ideas.score(*idea_features(ideas))

    def letter(self, most: Floats, whole: Floats) -> Floats:
        """Say of a letter how sure we are of each class, by itself: its loudest piece and the whole, weighed.

        Takes:  most: the most that any piece makes us sure of each class; whole: the letter read without its vector.
        """
        loudest, all_of_it, bias = self._weights.settings["letter"]
        odds = loudest * log_odds(most) + all_of_it * log_odds(whole) + bias
        sure: Floats = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return sure


def log_odds(shares: NDArray[np.floating]) -> NDArray[np.floating]:
    """Turn shares into log-odds; what is as good as impossible or certain counts as that, and no more."""
    bounded = np.clip(shares, 1e-4, 1 - 1e-4)
    odds: NDArray[np.floating] = np.log(bounded / (1 - bounded))
    return odds


def mixed_moods(plain: Floats, direction: Floats, weights: tuple[Floats, Floats]) -> Floats:
    """Mix what words and what the sentence vector say of each mood.

    Takes:  weights: a column a mood; its last row is how much the words' log-odds count.
    """
    matrix, bias = weights
    mixed: Floats = direction @ matrix[:-1] + plain * matrix[-1] + bias
    return mixed


def hits(said: Sequence[HandoverReason]) -> Floats:
    """Write the reasons that phrases showed as a row of zeros and ones."""
    found = {reason.value for reason in said}
    return np.array([reason in found for reason in REASONS], np.float32)


def softmax(scores: Floats) -> Floats:
    """Turn scores into shares that add up to 1."""
    parts = np.exp(scores - scores.max())
    shares: Floats = parts / parts.sum()
    return shares
