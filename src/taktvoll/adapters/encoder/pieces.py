"""How a text becomes what the encoder reads: pieces of words by number, and the row of numbers that stands for each.

I decide which pieces count as content. The encoder calls me. I never look at what a piece means.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

BEGIN, END = 0, 2
HEADING_PIECES_MAX = 32
BLOCK = 32
"""Weights that share a scale."""


class Pieces:
    """The vocabulary of the encoder.

    Source: Kudo 2018, subword regularization (the unigram model); the vocabulary is XLM-R's, less what neither German
    nor English text needs (training/encoder/vocabulary.py).
    """

    def __init__(self, folder: Path) -> None:
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        self._content = np.array([_has_content(self._model.id_to_piece(i)) for i in range(len(self._model))])
        stored = np.load(folder / "rows.npz")
        self._nibbles, self._scales = stored["nibbles"], stored["scales"]

    def numbers(self, prefix: str, text: str, most: int) -> list[int]:
        """Give the numbers of a text's first pieces, with the encoder's marks around them.

        Takes:  prefix: what the encoder is told of the text's role; most: pieces in all, at least 8.
        """
        readable = unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode()
        found: list[int] = self._model.encode(prefix + readable)
        return [BEGIN, *found[: most - 2], END]

    def windows(self, prefix: str, text: str, most: int, count: int) -> list[tuple[list[int], int]]:
        """Cut a text into stretches, each behind the prefix and the text's first line.

        Takes:  most: pieces of a stretch in all; count: stretches at most.
        Gives:  the stretches, at least one, each with the number of pieces before its own text.
        """
        heading, newline, body = text.partition("\n")
        if not newline:
            heading, body = "", text
        head = self.numbers(prefix, heading, HEADING_PIECES_MAX)[:-1]
        rest = self.numbers("", body, most * count)[1:-1]
        room = most - len(head) - 1
        starts = range(0, max(1, len(rest)), room)
        return [([*head, *rest[at : at + room], END], len(head)) for at in starts[:count]]

    def content(self, numbers: Sequence[int], skip: int) -> list[int]:
        """Give the places of the pieces that carry meaning: letters and digits, behind the prefix.

        Takes:  skip: how many pieces the prefix has, the mark of the beginning included.
        Gives:  all places behind the prefix where no piece has a letter or a digit.
        """
        places = range(skip, len(numbers) - 1)
        return [at for at in places if self._content[numbers[at]]] or list(places) or [len(numbers) - 1]

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the row of weights of each piece: four bits each, a scale for every 32.

        Takes:  numbers of any shape. Gives: that shape with one more dimension.
        """
        packed = self._nibbles[numbers]
        low, high = (packed & 15).astype(np.float32), (packed >> 4).astype(np.float32)
        both = np.concatenate((low, high), axis=-1) - 8.0
        scaled: NDArray[np.float32] = both * self._scales[numbers].astype(np.float32)[..., None]
        return scaled.reshape(*numbers.shape, -1)


def _has_content(piece: str) -> bool:
    return any(c.isalnum() for c in piece)
