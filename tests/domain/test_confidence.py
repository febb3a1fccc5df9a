"""Confidence: a probability, higher for stronger evidence, the same on every machine."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from taktvoll.domain.knowledge.confidence import PPM, ConfidenceModel, confidence_ppm, confidences
from taktvoll.domain.knowledge.terms import Candidate, Features
from tests.domain.made import MODEL, candidate

MODELS = st.builds(
    ConfidenceModel,
    name=st.just("m"),
    bias=st.integers(-50 * PPM, 50 * PPM),
    lexical=st.integers(0, 50 * PPM),
    question=st.integers(0, 50 * PPM),
    answer=st.integers(0, 50 * PPM),
    overlap=st.integers(0, 50 * PPM),
    lead=st.integers(0, 50 * PPM),
)
SHARES = st.integers(0, PPM)
FEATURES = st.builds(Features, SHARES, SHARES, SHARES, SHARES, SHARES)
NAMES = ("lexical", "question", "answer", "overlap", "lead")


def with_features(features: Features) -> Candidate:
    """A candidate of this strength."""
    return replace(candidate(), features=features)


@given(model=MODELS, features=FEATURES)
def test_a_confidence_is_a_probability(model: ConfidenceModel, features: Features) -> None:
    """It is compared with thresholds and shown in percent; no weights may push it out of its bounds."""
    sure = confidence_ppm(model, with_features(features))
    assert isinstance(sure, int)
    assert 0 <= sure <= PPM


@given(model=MODELS, features=FEATURES, name=st.sampled_from(NAMES), stronger=SHARES)
def test_stronger_evidence_never_makes_less_sure(
    model: ConfidenceModel, features: Features, name: str, stronger: int
) -> None:
    """With weights that count for a passage, a better match must not lower its chance."""
    more = replace(features, **{name: max(stronger, getattr(features, name))})
    assert confidence_ppm(model, with_features(more)) >= confidence_ppm(model, with_features(features))


def test_the_middle_of_the_scale_is_one_half() -> None:
    """A sum of zero means as likely right as wrong; anything else would be a shifted scale."""
    model = replace(MODEL, bias=-PPM, lexical=PPM, question=0, answer=0, overlap=0, lead=0)
    assert confidence_ppm(model, with_features(Features(PPM, 0, 0, 0, 0))) == PPM // 2


@given(strengths=st.lists(SHARES, max_size=10))
def test_each_candidate_gets_its_own_in_order(strengths: list[int]) -> None:
    """The engine takes the first candidate's confidence as the best one's."""
    found = [candidate(f"e{n}", s) for n, s in enumerate(strengths)]
    assert confidences(MODEL, found) == tuple(confidence_ppm(MODEL, c) for c in found)


@given(model=MODELS, features=FEATURES, weight=st.integers(-50 * PPM, 0), share=SHARES)
@example(model=MODEL, features=Features(PPM, PPM, PPM, PPM, PPM), weight=-PPM, share=PPM)
def test_what_speaks_against_a_passage_never_makes_surer(
    model: ConfidenceModel, features: Features, weight: int, share: int
) -> None:
    """A question that takes for granted what the passage denies is to be asked back, not answered."""
    against = replace(model, denied=weight, granted=weight)
    doubted = replace(features, denied=share, granted=share)
    assert confidence_ppm(against, with_features(doubted)) <= confidence_ppm(against, with_features(features))


def test_what_came_later_leaves_earlier_records_as_they_were() -> None:
    """Records and editions are hashed; read back and written again they must have the same bytes."""
    later = {"denied", "granted"}
    assert not later & (MODEL.body().keys() | Features(1, 1, 1, 1, 1).stored().keys())
    assert later <= replace(MODEL, denied=-1, granted=-1).body().keys()
    assert later <= Features(1, 1, 1, 1, 1, denied=1, granted=1).stored().keys()
