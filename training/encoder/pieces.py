"""The vocabulary: the base's pieces, less what neither German nor English text needs.

I decide which pieces stay. run.py calls me. I never change a piece's score, so texts are cut as the base cuts them.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import sentencepiece
from base import Base
from numpy.typing import NDArray
from sentencepiece import sentencepiece_model_pb2 as proto

SPECIAL = 4
MORE_LATIN = 24_000
_GERMAN_OR_ENGLISH = re.compile("^[▁a-zA-ZäöüÄÖÜßéèêëáàâçñóôíúœæ]+$")


def chosen(base: Base, texts: Iterable[str]) -> NDArray[np.int64]:
    """Choose the pieces that the texts use, the likeliest other Latin ones, and single signs of European scripts."""
    cutter = sentencepiece.SentencePieceProcessor(model_proto=model_of(base, range(len(base.pieces))))
    used = {n for text in texts for n in cutter.encode(unicodedata.normalize("NFKC", text))}
    rest = [n for n in range(SPECIAL, len(base.pieces)) if n not in used]
    latin = sorted(
        (n for n in rest if _GERMAN_OR_ENGLISH.match(base.pieces[n])), key=lambda n: -base.scores[n]
    )
    single = [n for n in rest if _single(base.pieces[n].replace("▁", ""))]
    kept = used | set(latin[:MORE_LATIN]) | set(single)
    return np.array([*range(SPECIAL), *sorted(n for n in kept if n >= SPECIAL)])


def _single(piece: str) -> bool:
    """Say whether a piece is one sign that European texts hold, emoji included."""
    return len(piece) == 1 and (
        (at := ord(piece)) < 0x600 or 0x1E00 <= at < 0x2C00 or 0x1F000 <= at < 0x1FB00
    )


def model_of(base: Base, numbers: Iterable[int]) -> bytes:
    """Write these pieces as a model that sentencepiece reads."""
    model = proto.ModelProto()
    for at, number in enumerate(numbers):
        piece = model.pieces.add()
        piece.piece, piece.score = base.pieces[number], float(base.scores[number])
        piece.type = {0: 3, 1: 3, 2: 3, 3: 2}.get(at, 1)  # control, control, control, unknown; else normal
    trainer, normaliser = model.trainer_spec, model.normalizer_spec
    trainer.model_type = 1  # unigram
    trainer.vocab_size = len(model.pieces)
    for at, name in enumerate(("bos", "pad", "eos", "unk")):
        setattr(trainer, f"{name}_id", at)
        setattr(trainer, f"{name}_piece", base.pieces[at])
    normaliser.name = "identity"
    normaliser.add_dummy_prefix = normaliser.remove_extra_whitespaces = True
    normaliser.escape_whitespaces = True
    written: bytes = model.SerializeToString()
    return written


def write(path: Path, base: Base, numbers: NDArray[np.int64]) -> None:
    """Write the model of the chosen pieces."""
    path.write_bytes(model_of(base, numbers))
