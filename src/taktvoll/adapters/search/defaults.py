"""The weights that come with the program: how features are fused, how sure they make us, when to answer.

I decide nothing: bench/search/fit.py learned the numbers. Rankings and the first edition of a workspace read me.
I never change at run time: an edition carries its own copy of confidence and thresholds.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from taktvoll.domain.knowledge.confidence import ConfidenceModel
from taktvoll.domain.library.terms import Thresholds


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of a logistic function that puts candidates in order; features are shares from 0 to 1."""

    bias: float
    lexical: float
    question: float
    answer: float
    overlap: float
    wording: float = 0.0
    weakest: float = 0.0


def default_fusions() -> tuple[Fusion, Fusion]:
    """Give the weights that choose whose wording is compared, and those that order what was compared."""
    defaults = _defaults()
    return Fusion(**defaults["choosing"]), Fusion(**defaults["fusion"])


def default_rules_parts() -> tuple[ConfidenceModel, Thresholds]:
    """Give the confidence model and thresholds for an edition that has none of its own."""
    defaults = _defaults()
    return ConfidenceModel(**defaults["confidence"]), Thresholds(**defaults["thresholds"])


@cache
def _defaults() -> dict[str, Any]:
    text = files("taktvoll.adapters.search").joinpath("defaults.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
