"""Texts cut into pieces and packed into batches, as the shipped encoder cuts them.

I decide nothing that adapters/encoder/pieces.py does not decide. Distilling and contrasting call me.
I never shuffle.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from base import Base
from numpy.typing import NDArray
from torch import Tensor

from taktvoll.adapters.encoder.pieces import Pieces

PAD = 1
SKIPPED = {"": 1, "passage: ": 3}


class Cutter:
    """Cuts and packs."""

    def __init__(self, folder: Path) -> None:
        self._pieces = Pieces(folder)

    def cut(self, role: str, text: str, most: int) -> list[int]:
        """Give a text's pieces by number."""
        return self._pieces.numbers(role, text, most)

    def pack(self, texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Give the rows of a batch (b, l, h) and its mask (b, l)."""
        longest = _rounded(max(map(len, texts)))
        numbers = np.full((len(texts), longest), PAD)
        mask = np.zeros((len(texts), longest), dtype=np.float32)
        for row, text in enumerate(texts):
            numbers[row, : len(text)] = text
            mask[row, : len(text)] = 1.0
        return torch.from_numpy(self._pieces.rows(numbers)), torch.from_numpy(mask)

    def content(self, role: str, texts: Sequence[Sequence[int]]) -> Tensor:
        """Mark the pieces that carry meaning (b, l)."""
        marked = np.zeros((len(texts), _rounded(max(map(len, texts)))), dtype=np.float32)
        for row, text in enumerate(texts):
            marked[row, self._pieces.content(text, SKIPPED[role])] = 1.0
        return torch.from_numpy(marked)


def _rounded(length: int) -> int:
    """Fewer different lengths: the kernels are made anew for each."""
    return -(-length // 8) * 8


def write_rows(path: Path, base: Base, numbers: NDArray[np.int64]) -> None:
    """Write the rows of the chosen pieces in the base's four bits."""
    nibbles, scales = base.blocks("emb.word", base.words)
    np.savez(path, nibbles=nibbles[numbers], scales=scales[numbers])
