"""Sentence and word vectors: one encoder per process, loaded when first needed, in a thread of its own.

I decide how a text becomes numbers. Searches, the building of searches, signals and topics get me from build.py.
I never keep a text: the cache knows questions by their hash alone.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from taktvoll.adapters.encoder.pieces import Pieces

MODEL_VERSION = "taktvoll-encoder-2"
DIMENSIONS = 384
WORD_DIMENSIONS = 64
QUESTION_CHARS_MAX = 600
QUESTION_PIECES_MAX = 96
PASSAGE_PIECES_MAX = 128
REMEMBERED_MAX = 1024

QUESTION, PASSAGE = "", "passage: "

Vector = NDArray[np.int8]
Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as numbers of −127…127: one row for all of it, and one row for each piece that carries meaning.

    `weights` say how much each of these pieces tells of what is asked; they add up to 1.
    """

    sentence: Vector
    words: NDArray[np.int8]
    weights: NDArray[np.float32]


class SentenceEncoder:
    """Turns texts into vectors; German and English lie in one space.

    Takes:  weights: a folder of other weights than those in the package, for whoever trains.
    Source: Wang et al. 2024, multilingual E5; eight of its layers, trained on by training/encoder; word rows compared
    one by one after Khattab and Zaharia 2020 (ColBERT).
    """

    def __init__(self, weights: Path | None = None) -> None:
        self._weights = weights
        self._parts: tuple[Pieces, Any, dict[str, int]] | None = None
        self._loading = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "encoder")
        self._coming: dict[bytes, asyncio.Future[Encoded]] = {}
        self._remembered: OrderedDict[bytes, Encoded] = OrderedDict()

    @property
    def version(self) -> str:
        """Name of the model, for the record."""
        return MODEL_VERSION

    @property
    def dimensions(self) -> int:
        """How many numbers a sentence has."""
        return DIMENSIONS

    @property
    def word_dimensions(self) -> int:
        """How many numbers a piece has."""
        return WORD_DIMENSIONS

    def begin(self, text: str) -> "asyncio.Future[Encoded]":
        """Have a question encoded, in a thread of its own: it does not hold Python's lock while it computes.

        Each is encoded alone. In a batch the numbers share one scale, and who else is asking would turn a question's
        meaning by a little.

        Takes:  any text; beyond the first 600 characters or 96 pieces it is not read.
        Gives:  what to await for its vectors.
        """
        shortened = " ".join(text[:QUESTION_CHARS_MAX].split())
        key = blake2b(shortened.encode("utf-8", "replace"), digest_size=16).digest()
        known = self._remembered.get(key)
        loop = asyncio.get_running_loop()
        if known is not None:
            self._remembered.move_to_end(key)
            done: asyncio.Future[Encoded] = loop.create_future()
            done.set_result(known)
            return done
        coming = self._coming.get(key)
        if coming is None or coming.get_loop() is not loop:
            coming = loop.run_in_executor(self._pool, self._one, shortened)
            self._coming[key] = coming
            coming.add_done_callback(partial(self._remember, key))
        return asyncio.shield(coming)  # whoever asked may go without taking it from the others

    def _one(self, text: str) -> Encoded:
        return self.questions([text])[0]

    def _remember(self, key: bytes, coming: "asyncio.Future[Encoded]") -> None:
        if self._coming.get(key) is coming:
            del self._coming[key]
        if coming.cancelled() or coming.exception():
            return
        self._remembered[key] = coming.result()
        while len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode what customers ask, or questions that entries are headed by."""
        pieces, _, skips = self._loaded()
        numbered = [pieces.numbers(QUESTION, text, QUESTION_PIECES_MAX) for text in texts]
        places = [pieces.content(numbers, skips[QUESTION]) for numbers in numbered]
        return [
            Encoded(quantised(sentence), quantised(words[own]), _shares(telling[own]))
            for (sentence, words, telling), own in zip(self._run(numbered), places, strict=True)
        ]

    def passages(self, texts: Sequence[str], windows: int = 1) -> list[Encoded]:
        """Encode stretches of approved text: a heading in the first line, then what it says.

        Takes:  windows: into how many stretches of 128 pieces (some 80 words) a text is cut at most, each read together
                with the heading; the rest is not read. A text of one line has no heading.
        """
        pieces, _, skips = self._loaded()
        cut = [pieces.windows(PASSAGE, text, PASSAGE_PIECES_MAX, windows) for text in texts]
        found = self._run([window for own in cut for window, _ in own])
        encoded, at = [], 0
        for own in cut:
            parts = found[at : at + len(own)]
            at += len(own)
            words = [
                told[pieces.content(window, heading if n else skips[PASSAGE])]
                for n, ((window, heading), (_, told, _)) in enumerate(zip(own, parts, strict=True))
            ]
            mean = np.mean([sentence for sentence, _, _ in parts], axis=0)
            count = sum(map(len, words))
            even = np.full(count, 1.0 / count, dtype=np.float32)
            encoded.append(Encoded(quantised(mean), quantised(np.concatenate(words)), even))
        return encoded

    def _run(self, numbered: Sequence[list[int]]) -> list[tuple[Row, Row, Row]]:
        """Encode what was cut, each alone; gives sentence, pieces and how telling each piece is."""
        pieces, session, _ = self._loaded()
        found = []
        for numbers in numbered:
            ids = np.array([numbers], dtype=np.int64)
            mask = np.ones(ids.shape, dtype=np.float32)
            sentences, words, telling = session.run(None, {"rows": pieces.rows(ids), "mask": mask})
            found.append((sentences[0], words[0], telling[0]))
        return found

    def _loaded(self) -> tuple[Pieces, Any, dict[str, int]]:
        """Load the model once, held to one thread: more only fight for two cores."""
        with self._loading:
            if self._parts is None:
                if self._weights:
                    self._parts = _opened(self._weights)
                else:
                    with as_file(files("taktvoll.adapters.encoder").joinpath("weights")) as folder:
                        self._parts = _opened(folder)
            return self._parts


def _opened(folder: Path) -> tuple[Pieces, Any, dict[str, int]]:
    pieces = Pieces(folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
    )
    skips = {p: len(pieces.numbers(p, "", 32)) - 1 for p in (QUESTION, PASSAGE)}
    return pieces, session, skips


def quantised(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Keep each row's direction in one byte per dimension, scaled to its largest component."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    scaled: NDArray[np.int8] = np.rint(vectors * (127.0 / np.maximum(largest, 1e-9))).astype(np.int8)
    return scaled


def _shares(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = np.exp(logits - logits.max())
    shares: NDArray[np.float32] = parts / parts.sum()
    return shares
