"""The weights of the linear models: small files beside this one, made by `make train-signals`.

I decide how weights are stored: one byte each with a scale a column, in a plain npz file, and what belongs to them in
a JSON file. The models and their training call me. I never unpickle.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = "weights"
SETTINGS_FILE, ARRAYS_FILE = "signals.json", "signals.npz"
MATRICES = ("needs", "ideas", "moods", "english")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix of weights, one byte each; `scale` has one number a column."""

    bytes: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def score(self, numbers: NDArray[np.int64], values: Floats) -> Floats:
        """Add up the weights of the given rows, each as strong as it stands there."""
        rows = self.bytes[numbers].astype(np.float32)
        scores: Floats = (values @ rows) * self.scale + self.bias
        return scores


def packed(weights: Floats, bias: Floats) -> Packed:
    """Round weights to one byte each."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    return Packed(np.rint(weights / scale).astype(np.int8), scale.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything the models know.

    `settings` names the classes in their order, thresholds and versions, and how much a letter's loudest piece and the
    whole count. `needs` and `moods` see stretches and words, `ideas` sees ideas and pairs of them; `sentence` and
    `mood_sentence` see the sentence vector, None without one. `english` tells English from German. `blend` and
    `blend_plain` weigh what these say of a message, the latter without the vector; `blend_letter` of a letter.
    """

    settings: dict[str, Any]
    needs: Packed
    ideas: Packed
    moods: Packed
    english: Packed
    sentence: tuple[Floats, Floats] | None
    mood_sentence: tuple[Floats, Floats] | None
    blend: tuple[Floats, Floats] | None
    blend_plain: tuple[Floats, Floats]
    blend_letter: tuple[Floats, Floats]


def save(weights: Weights, folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {}
    for name in MATRICES:
        matrix: Packed = getattr(weights, name)
        arrays |= {
            f"{name}.bytes": matrix.bytes,
            f"{name}.scale": matrix.scale,
            f"{name}.bias": matrix.bias,
        }
    for name in ("sentence", "mood_sentence", "blend", "blend_plain", "blend_letter"):
        pair = getattr(weights, name)
        if pair is not None:
            arrays |= {
                f"{name}.weights": pair[0].astype(np.float32),
                f"{name}.bias": pair[1].astype(np.float32),
            }
    np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)
    text = json.dumps(weights.settings, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Weights:
    """Read the files."""
    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as stored:
        arrays = dict(stored)

    def matrix(name: str) -> Packed:
        return Packed(arrays[f"{name}.bytes"], arrays[f"{name}.scale"], arrays[f"{name}.bias"])

    def pair(name: str) -> tuple[Floats, Floats] | None:
        known = f"{name}.weights" in arrays
        return (arrays[f"{name}.weights"], arrays[f"{name}.bias"]) if known else None

    plain, letter = pair("blend_plain"), pair("blend_letter")
    assert plain is not None
    assert letter is not None
    needs, ideas, moods, english = map(matrix, MATRICES)
    return Weights(
        settings=settings,
        needs=needs,
        ideas=ideas,
        moods=moods,
        english=english,
        sentence=pair("sentence"),
        mood_sentence=pair("mood_sentence"),
        blend=pair("blend"),
        blend_plain=plain,
        blend_letter=letter,
    )


@cache
def shipped() -> Weights:
    """Read the files that come with the package, once a process."""
    with as_file(files("taktvoll.adapters.signals").joinpath(FOLDER)) as folder:
        return load(folder)
