"""Judging what became of questions, and the figures that follow."""

from typing import Any

import pytest

from taktvoll.base.errors import Refused
from taktvoll.domain.conversation.terms import Decision, Urgency
from taktvoll.domain.insight.calibration import calibration
from taktvoll.domain.insight.evaluation import Evaluation, Figures, figures
from taktvoll.domain.insight.handovers import handovers
from taktvoll.domain.insight.judging import Fault, Outcome, Verdict
from taktvoll.domain.insight.questions import Action, Expectation, Question, contradictions, question_from
from taktvoll.domain.insight.report import POINTS_MAX, fields_of
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.insight.thresholds import Promise
from taktvoll.domain.library.terms import Thresholds
from tests.domain.asked import ANSWER, CLARIFY, COVERED, DECLINE, HANDOVER, UNCOVERED, outcome, person, sure

GAS = "emergency_gas"
NO_PERSON = Expectation(human=False, reason="none")


def read(**expect: object) -> Expectation:
    """The expectation of a line."""
    question = question_from(1, {"text": "Wo?", "expect": expect})
    assert question is not None
    return question.expect


def evaluated(*outcomes: Outcome) -> Evaluation:
    """An evaluation of these."""
    return Evaluation(
        edition=3, thresholds=Thresholds(700_000, 300_000), promise=Promise(), outcomes=outcomes
    )


def counted(*outcomes: Outcome) -> Figures:
    """Its figures."""
    return figures(evaluated(*outcomes))


def test_lines_as_people_write_them_are_read() -> None:
    """The three kinds of files that exist: answers with sources, nothing to say, a person needed."""
    assert read(action="answer", sources=["a", 7]) == Expectation(Action.ANSWER, frozenset({"a", "7"}))
    assert read(action="no_answer").uncovered
    assert read(sources=[]).uncovered
    assert read(sources=["a"]).covered
    asked = {
        "text": "Gas!",
        "expect": {"human": True, "reason": GAS, "urgency": "critical"},
        "reason_also_ok": ["fraud"],
    }
    question = question_from(4, asked | {"id": 9, "language": "de", "topic": "Störung", "style": "x"})
    assert question == Question(
        4, "9", "Gas!", Expectation(human=True, reason=GAS, urgency=Urgency.CRITICAL, also=frozenset({"fraud"})),
        "de", "Störung",
    )  # fmt: skip
    assert read(reason=GAS).needs_person
    assert not read(reason="none").needs_person
    assert question_from(1, {"text": "Wo?"}) is None
    assert question_from(1, {"text": "Wo?", "expect": {}}) is None
    assert question_from(1, {"text": "Wo?", "expect": {"note": "later"}}) is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ([], "evaluate.no_text"), ("Wo?", "evaluate.no_text"), ({"expect": {"action": "answer"}}, "evaluate.no_text"),
        ({"text": "  ", "expect": {"action": "answer"}}, "evaluate.no_text"), ({"text": 3}, "evaluate.no_text"),
        ({"text": "a", "expect": "answer"}, "evaluate.expect"),
        ({"text": "a", "expect": {"action": "reply"}}, "evaluate.expect"),
        ({"text": "a", "expect": {"action": ["answer"]}}, "evaluate.expect"),
        ({"text": "a", "expect": {"sources": "a"}}, "evaluate.expect"),
        ({"text": "a", "expect": {"sources": [None]}}, "evaluate.expect"),
        ({"text": "a", "expect": {"human": "yes"}}, "evaluate.expect"),
        ({"text": "a", "expect": {"human": True, "reason": "rage"}}, "evaluate.expect"),
        ({"text": "a", "expect": {"human": True, "urgency": "now"}}, "evaluate.expect"),
        ({"text": "a", "expect": {"human": True}, "reason_also_ok": ["rage"]}, "evaluate.expect"),
        ({"text": "a", "expect": {"human": False, "reason": "anger"}}, "evaluate.both"),
        ({"text": "a", "expect": {"human": True, "reason": "none"}}, "evaluate.both"),
        ({"text": "a", "expect": {"human": False, "action": "handover"}}, "evaluate.both"),
        ({"text": "a", "expect": {"action": "no_answer", "sources": ["a"]}}, "evaluate.both"),
    ],
    ids=str,
)  # fmt: skip
def test_unusable_lines_say_what_is_wrong(line: object, code: str) -> None:
    """A silent skip would flatter or shame the assistant for someone's typo."""
    with pytest.raises(Refused) as caught:
        question_from(1, line)
    assert caught.value.code == code
    assert "?" not in caught.value.text("de")


def test_lines_that_contradict_an_earlier_one_are_named() -> None:
    """One of the two is wrong, and nobody can know which; the same line twice is only asked twice."""
    lines = [Question(1, "1", "Wo ist  das?", COVERED), Question(2, "2", "wo ist das?", UNCOVERED),
             Question(3, "3", "Wo ist das?", COVERED), Question(4, "4", "Wo ist das?", UNCOVERED, "en")]  # fmt: skip
    (problem,) = contradictions(lines)
    assert (problem.line, problem.error.fields) == (2, {"other": 1})


JUDGED: list[tuple[Outcome, Verdict, Fault | None]] = [
    (outcome(COVERED, ANSWER, "right", "b"), Verdict.RIGHT, None),
    (outcome(COVERED, ANSWER, "b", "right"), Verdict.WRONG, Fault.WRONG_ANSWER),
    (outcome(COVERED, CLARIFY, "b", "right"), Verdict.UNANSWERED, Fault.NOT_ANSWERED),
    (outcome(COVERED, ANSWER), Verdict.UNANSWERED, Fault.NOT_ANSWERED),
    (outcome(COVERED, HANDOVER, reason="anger"), Verdict.UNANSWERED, Fault.NEEDLESS_PERSON),
    (outcome(UNCOVERED, ANSWER, "b"), Verdict.WRONG, Fault.FALSE_ANSWER),
    (outcome(UNCOVERED, CLARIFY, "b"), Verdict.UNANSWERED, None),
    (outcome(UNCOVERED, DECLINE), Verdict.UNANSWERED, None),
    (outcome(UNCOVERED, HANDOVER, reason="no_answer"), Verdict.UNANSWERED, None),
    (outcome(UNCOVERED, HANDOVER, reason="anger"), Verdict.UNANSWERED, Fault.NEEDLESS_PERSON),
    (outcome(person(GAS), ANSWER, "b"), Verdict.WRONG, Fault.EMERGENCY_MISSED),
    (outcome(person("anger"), DECLINE), Verdict.UNANSWERED, Fault.PERSON_MISSED),
    (outcome(person("anger"), HANDOVER, reason="anger"), Verdict.UNANSWERED, None),
    (outcome(person("anger"), HANDOVER, reason="fraud"), Verdict.UNANSWERED, Fault.OTHER_REASON),
    (outcome(person("anger", "fraud"), HANDOVER, reason="fraud"), Verdict.UNANSWERED, None),
    (outcome(person(), HANDOVER, reason="fraud"), Verdict.UNANSWERED, None),
    (outcome(NO_PERSON, HANDOVER, reason="fraud"), Verdict.UNANSWERED, Fault.NEEDLESS_PERSON),
    (outcome(NO_PERSON, DECLINE), Verdict.UNANSWERED, None),
    (outcome(NO_PERSON, ANSWER, "b"), Verdict.UNJUDGED, None),
    (outcome(Expectation(Action.ANSWER), ANSWER, "b"), Verdict.UNJUDGED, None),
    (outcome(Expectation(Action.CLARIFY), CLARIFY, "b"), Verdict.UNANSWERED, None),
    (outcome(Expectation(Action.CLARIFY), DECLINE), Verdict.UNANSWERED, Fault.SHOULD_HAVE_ASKED),
    (outcome(Expectation(Action.CLARIFY), ANSWER, "b"), Verdict.WRONG, Fault.WRONG_ANSWER),
    (outcome(Expectation(Action.HANDOVER), CLARIFY, "b"), Verdict.UNANSWERED, Fault.PERSON_MISSED),
]


@pytest.mark.parametrize(("given", "verdict", "fault"), JUDGED, ids=[str(n) for n in range(len(JUDGED))])
def test_replies_are_judged(given: Outcome, verdict: Verdict, fault: Fault | None) -> None:
    """An answer is right, wrong, not given, or nobody's business; asking back affirms nothing."""
    assert (given.verdict, given.fault) == (verdict, fault)


def test_figures_count_what_they_say() -> None:
    """One small file counted by hand."""
    found = counted(
        outcome(COVERED, ANSWER, "right", sure=900_000, ms=10.0),
        outcome(COVERED, ANSWER, "b", "right", sure=800_000, ms=20.0),
        outcome(COVERED, CLARIFY, "b", "c", "right", sure=500_000, ms=30.0),
        outcome(COVERED, DECLINE, "b", "c", "d", "e", "f", "right", sure=100_000),
        outcome(UNCOVERED, ANSWER, "b", sure=750_000),
        outcome(UNCOVERED, DECLINE, sure=None),
        outcome(person("anger", urgency=Urgency.HIGH), HANDOVER, reason="anger", urgency="high", sure=None),
        outcome(person("anger", urgency=Urgency.HIGH), ANSWER, "b", sure=990_000),
        outcome(NO_PERSON, HANDOVER, reason="fraud", sure=None),
    )
    assert (found.covered, found.uncovered) == (4, 2)
    r, a = found.retrieval, found.answers
    assert (r.right_first, r.right_in_five) == (Share(1, 4), Share(3, 4))
    assert r.reciprocal_rank[0] == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 6) / 4)
    assert (a.given, a.covered_given, a.covered_right) == (Share(3, 6), Share(2, 4), Share(1, 4))
    assert (a.wrong, a.wrong_on_covered, a.false, a.offered) == (
        Share(2, 3),
        Share(1, 2),
        Share(1, 2),
        Share(1, 1),
    )
    assert (found.suggestion.now.answered, found.suggestion.now.wrong) == (3, 2)
    assert found.decisions["covered"] == {"answer": 2, "clarify": 1, "decline": 1}
    assert (found.urgency, found.handovers.answered_instead) == (Share(1, 2), Share(1, 2))
    assert (found.speed.p50, found.speed.p99, found.speed.of) == (20.0, 30.0, 3)
    assert [c.fault for c in found.cases] == [
        Fault.PERSON_MISSED, Fault.FALSE_ANSWER, Fault.WRONG_ANSWER, Fault.NEEDLESS_PERSON, Fault.NOT_ANSWERED,
        Fault.NOT_ANSWERED,
    ]  # fmt: skip


def test_handovers_are_counted_by_reason() -> None:
    """Precision, recall and their mean, reason by reason, as anyone would count them."""
    found = handovers(
        [
            outcome(person("anger"), HANDOVER, reason="anger"),
            outcome(person("anger"), DECLINE),
            outcome(person("fraud", "anger"), HANDOVER, reason="anger"),
            outcome(person(GAS), HANDOVER, reason="emergency_medical"),
            outcome(person(), HANDOVER, reason="guideline"),
            outcome(NO_PERSON, HANDOVER, reason="anger"),
            outcome(COVERED, ANSWER, "right"),
        ]
    )
    by = {m.name: m for m in found.reasons}
    assert (by["anger"].precision, by["anger"].recall, by["anger"].f1) == (Share(1, 2), Share(1, 2), 0.5)
    assert (by["fraud"].f1, by[GAS].f1, by["emergency_medical"].f1) == (1.0, 0.0, 0.0)
    assert found.macro_f1 == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    assert (found.person.recall, found.person.precision) == (Share(4, 5), Share(4, 5))
    assert found.emergency.recall == Share(1, 1)
    assert handovers([outcome(COVERED, ANSWER, "right")]).macro_f1 is None


def test_calibration_is_the_gap_between_said_and_true() -> None:
    """Ten replies 90 % sure, half of them right: off by 40 points; equal confidences are never parted."""
    half = [sure(900_000, right=n % 2 == 0) for n in range(10)]
    found = calibration(half)
    assert (len(found.bins), found.of) == (1, 10)
    assert found.error == pytest.approx(0.4)
    assert found.brier == pytest.approx((0.1**2 + 0.9**2) / 2)
    told = calibration([*half, *(sure(100_000, right=False) for _ in range(30))])
    assert [b.right.of for b in told.bins] == [30, 10]
    assert told.error == pytest.approx((30 * 0.1 + 10 * 0.4) / 40)
    assert calibration([]).error is None


def test_bins_have_about_equal_mass() -> None:
    """Equal widths would leave nearly all replies in one bin."""
    found = calibration([sure(n * 1_000, right=n % 3 == 0) for n in range(503)])
    assert len(found.bins) == 10
    assert {b.right.of for b in found.bins} <= {50, 51}
    assert sum(b.right.of for b in found.bins) == 503


def test_report_is_complete_and_plain() -> None:
    """Programs read it: nothing is left out, nothing is an object of ours, long curves are thinned at no end's cost."""
    many = [sure(n * 1_000, right=n > 400) for n in range(600)]
    given = evaluated(*many, outcome(person(GAS), DECLINE, sure=None))
    fields = fields_of(given, figures(given), 2)
    assert set(fields) == {
        "schema", "edition", "edition_changed", "promise", "thresholds", "questions", "retrieval", "answers",
        "decisions", "curve", "threshold", "calibration", "handover", "urgency", "milliseconds", "cases", "lines",
        "problems", "unknown_sources",
    }  # fmt: skip
    points = fields["curve"]["points"]
    assert len(points) == POINTS_MAX
    assert (points[0]["answered"], points[-1]["answered"]) == (1, 600)
    assert (len(fields["lines"]), [c["fault"] for c in fields["cases"]]) == (
        601,
        ["emergency_missed", "wrong_answer"],
    )
    assert _plain(fields)


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(_plain(v) for v in value)
    return value is None or type(value) in (str, int, float, bool)


def test_a_file_of_handovers_alone_has_figures() -> None:
    """Whoever only tests emergencies gets what can be said, and no division by nothing."""
    given = evaluated(outcome(person(GAS), HANDOVER, reason=GAS, sure=None))
    fields = fields_of(given, figures(given), 5)
    assert fields["retrieval"]["right_first"]["share"] is None
    assert fields["threshold"]["found"] == "too_small"
    assert fields["handover"]["reasons"][GAS]["f1"] == 1.0
    assert Decision.HANDOVER.value in fields["decisions"]["person"]
