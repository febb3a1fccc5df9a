"""Pictures that every browser can show, made on the spot.

I decide nothing; tests about files call me.
"""

import random
import struct
import zlib


def picture(width: int = 32, height: int = 24, *, noise: bool = False) -> bytes:
    """A PNG; with noise it is as large as a photograph."""
    chance = random.Random(width)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + (chance.randbytes(3 * width) if noise else bytes((40, 90, 160)) * width)
        for _ in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
