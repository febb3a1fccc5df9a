"""How sure the evidence makes us: a calibrated probability from retrieval features.

I decide P(this passage settles this question). The engine calls me. I never search and never see the texts.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from taktvoll.domain.knowledge.terms import Candidate, Features

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Weights of a logistic function over the features in terms.Features, in parts per million.

    The names are those of the features; `bias` is added. `same` weighs that the customer asked the entry's own
    question: nearly the same meaning and no content word that the entry lacks. A close neighbour then says little,
    which the lead alone would not know. `denied` and `granted` count against a passage. Part of the edition, so that a
    decision can be replayed.
    """

    name: str
    bias: int
    lexical: int
    question: int
    answer: int
    overlap: int
    lead: int
    same: int = 0
    wording: int = 0
    weakest: int = 0
    share: int = 0
    agree: int = 0
    ahead: int = 0
    denied: int = 0
    granted: int = 0

    def body(self) -> dict[str, object]:
        """What the edition hashes; weights that earlier editions do not have are left out where not set."""
        later = ("denied", "granted")
        return {name: value for name, value in asdict(self).items() if value or name not in later}


def confidence_ppm(model: ConfidenceModel, candidate: Candidate) -> int:
    """Estimate the probability that this candidate settles the question.

    Gives:  0–1,000,000.
    Source: Platt 1999; weights from labelled questions, see docs/performance.md.
    """
    f = candidate.features
    z = (
        model.bias * PPM
        + model.lexical * f.lexical
        + model.question * f.question
        + model.answer * f.answer
        + model.overlap * f.overlap
        + model.lead * f.lead
        + model.same * _same(f)
        + model.wording * f.wording
        + model.weakest * f.weakest
        + model.share * f.share
        + model.agree * f.agree
        + model.ahead * f.ahead
        + model.denied * f.denied
        + model.granted * f.granted
    ) / (PPM * PPM)
    return round(PPM / (1 + math.exp(-max(-30.0, min(30.0, z)))))


def _same(f: Features) -> int:
    """How nearly the question is the entry's own, 0–1,000,000; the last steps to equality count."""
    meaning = max(0, f.question - 950_000) * 20
    words = max(0, f.overlap - 800_000) * 5
    return meaning * words // PPM


def confidences(model: ConfidenceModel, candidates: Sequence[Candidate]) -> tuple[int, ...]:
    """The confidence of each candidate, in their order."""
    return tuple(confidence_ppm(model, c) for c in candidates)
