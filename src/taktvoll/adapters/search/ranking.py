"""From measured features to an order: one score per candidate, best first, one version of each entry.

I decide which candidate comes first and by how much. The search calls me. I never measure and never forget a tie.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.adapters.search.defaults import Fusion, Fusions
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
    wording: float = 0.0
    weakest: float = 0.0
    foreign: bool = False
    denied: float = 0.0
    granted: float = 0.0


def ranked(
    fusions: Fusions, measured: Sequence[Measured], limit: int
) -> list[tuple[Measured, int, Features]]:
    """Order candidates, best first, with score and features in parts per million.

    Gives:  up to limit candidates, the best version of each entry; equal scores are ordered by row.
    Source: logistic fusion of lexical and dense features; weights learned by bench/search/fit.py.
    """
    scored = sorted(
        ((-fused(fusions.foreign if m.foreign else fusions.ordering, m), m.row, m) for m in measured),
        key=lambda s: s[:2],
    )
    best: dict[int, tuple[float, Measured]] = {}
    for negative, _, m in scored:
        best.setdefault(m.entry, (-negative, m))
    order = list(best.values())
    parts = [math.exp(z - order[0][0]) for z, _ in order]
    whole = sum(parts)
    scores = [_ppm_of(z) for z, _ in order]
    tops = _Tops([m for _, m in order])
    return [
        (m, score, _features(m, tops, score - after, part / whole))
        for (_, m), score, after, part in zip(order[:limit], scores, [*scores[1:], 0], parts, strict=False)
    ]


class _Tops:
    """The highest of each measure among the candidates, and the second highest wording."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        self.highest = [
            max(values, default=0.0) for values in zip(*map(self.measures, measured), strict=True)
        ]
        wordings = sorted((m.wording for m in measured), reverse=True)
        self.first, self.second = [*wordings, 0.0, 0.0][:2]

    @staticmethod
    def measures(m: Measured) -> tuple[float, ...]:
        """What a candidate can be first in."""
        return m.lexical, m.question, m.answer, m.wording

    def agree(self, m: Measured) -> float:
        """The share of measures that this candidate is first in."""
        firsts = [own >= top > 0 for own, top in zip(self.measures(m), self.highest, strict=True)]
        return firsts.count(True) / len(firsts)

    def ahead(self, m: Measured) -> float:
        """How far this candidate's wording lies above any other's; 0 where another's is as high."""
        return max(0.0, m.wording - (self.second if m.wording >= self.first else self.first))


def fused(fusion: Fusion, m: Measured) -> float:
    """Weigh what was measured of a candidate; the higher the likelier, on a scale of log odds."""
    return (
        fusion.bias
        + fusion.lexical * m.lexical
        + fusion.question * m.question
        + fusion.answer * m.answer
        + fusion.overlap * m.overlap
        + fusion.wording * m.wording
        + fusion.weakest * m.weakest
    )


def _ppm_of(z: float) -> int:
    return round(PPM / (1 + math.exp(-max(-30.0, min(30.0, z)))))


def _features(m: Measured, tops: _Tops, lead: int, share: float) -> Features:
    return Features(
        lexical=_ppm(m.lexical),
        question=_ppm(m.question),
        answer=_ppm(m.answer),
        overlap=_ppm(m.overlap),
        lead=lead,
        wording=_ppm(m.wording),
        weakest=_ppm(m.weakest),
        share=_ppm(share),
        agree=_ppm(tops.agree(m)),
        ahead=_ppm(tops.ahead(m)),
        denied=_ppm(m.denied),
        granted=_ppm(m.granted),
    )


def _ppm(share: float) -> int:
    return round(PPM * max(0.0, min(1.0, share)))
