"""Arrays and texts kept in files and mapped, so that opening costs nothing and unused parts no memory.

I decide how a mapped file is looked at. Every part of a built search calls me.
I never write and never copy.
"""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def array(path: Path) -> NDArray[Any]:
    """Map an array; as a plain array, whose slices cost a tenth of a memmap's."""
    mapped: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return mapped


def numbers(path: Path) -> memoryview:
    """Map a row of numbers for looking up single ones, which gives Python's own integers."""
    return memoryview(array(path).data)


class Texts:
    """Many short texts in one mapped file, with the place where each starts."""

    def __init__(self, texts: Path, starts: Path) -> None:
        self._starts = numbers(starts)
        with texts.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, at: int) -> str:
        return self._bytes[self._starts[at] : self._starts[at + 1]].decode()

    def close(self) -> None:
        """Let go of the mapped texts."""
        self._bytes.close()


def write_texts(texts: Path, starts: Path, encoded: list[bytes]) -> None:
    """Write texts for mapping."""
    np.save(starts, np.cumsum([0, *map(len, encoded)]).astype(np.uint64))
    texts.write_bytes(b"".join(encoded) or b"\n")
