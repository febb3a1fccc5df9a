"""From measured features to an order: one score per candidate, best first, one version of each entry.

I decide which candidate comes first and by how much. The search calls me. I never measure and never forget a tie.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.adapters.search.defaults import Fusion
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.knowledge.terms import Features


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one candidate, as shares from 0 to 1; `entry` is the same for versions of one entry."""

    row: int
    entry: int
    lexical: float
    question: float
    answer: float
    overlap: float


def ranked(fusion: Fusion, measured: Sequence[Measured], limit: int) -> list[tuple[Measured, int, Features]]:
    """Order candidates, best first, with score and features in parts per million.

    Gives:  up to limit candidates, the best version of each entry; equal scores are ordered by row.
    Source: logistic fusion of lexical and dense features; weights learned by bench/search/fit.py.
    """
    scored = sorted(((-_fused_ppm(fusion, m), m.row, m) for m in measured), key=lambda s: s[:2])
    best: dict[int, tuple[int, Measured]] = {}
    for negative, _, m in scored:
        best.setdefault(m.entry, (-negative, m))
    order = list(best.values())
    following = [score for score, _ in order[1:]] + [0]
    return [
        (m, score, _features(m, score - after))
        for (score, m), after in zip(order[:limit], following, strict=False)
    ]


def _fused_ppm(fusion: Fusion, m: Measured) -> int:
    z = (
        fusion.bias
        + fusion.lexical * m.lexical
        + fusion.question * m.question
        + fusion.answer * m.answer
        + fusion.overlap * m.overlap
    )
    return round(PPM / (1 + math.exp(-max(-30.0, min(30.0, z)))))


def _features(m: Measured, lead: int) -> Features:
    return Features(
        lexical=_ppm(m.lexical),
        question=_ppm(m.question),
        answer=_ppm(m.answer),
        overlap=_ppm(m.overlap),
        lead=lead,
    )


def _ppm(share: float) -> int:
    return round(PPM * max(0.0, min(1.0, share)))
