"""An evaluation as plain JSON values, complete and stable: docs/evaluate.md describes each.

I decide how figures are called and rounded for other programs. The command line calls me.
I never leave a figure out: what cannot be said is null.
"""

from collections.abc import Mapping
from typing import Any

from taktvoll.domain.insight.calibration import Calibration
from taktvoll.domain.insight.evaluation import Evaluation, Figures
from taktvoll.domain.insight.handovers import Handovers, Match
from taktvoll.domain.insight.judging import Outcome
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.insight.thresholds import Point, Suggestion
from taktvoll.domain.knowledge.confidence import PPM

SCHEMA = 1
POINTS_MAX = 200
Fields = dict[str, Any]


def fields_of(evaluation: Evaluation, found: Figures, cases: int) -> Fields:
    """Write everything.

    Takes:  cases: how many of the worst to list.
    """
    sure, now = evaluation.promise.sure, evaluation.thresholds
    return {
        "schema": SCHEMA,
        "edition": evaluation.edition,
        "edition_changed": evaluation.changed,
        "promise": {"tolerated": evaluation.promise.tolerated, "sure": sure},
        "thresholds": {"answer_at": now.answer_at / PPM, "clarify_at": now.clarify_at / PPM},
        "questions": _questions(evaluation, found),
        "retrieval": _retrieval(found),
        "answers": _answers(found, sure),
        "decisions": found.decisions,
        "curve": {"area": _round(found.area), "points": [_point(p) for p in thinned(found.points)]},
        "threshold": _suggestion(found.suggestion, found.about_knowledge),
        "calibration": _calibration(found.calibration),
        "handover": _handover(found.handovers),
        "urgency": share_fields(found.urgency),
        "milliseconds": {"p50": found.speed.p50, "p99": found.speed.p99, "of": found.speed.of},
        "cases": [_line(o) for o in found.cases[:cases]],
        "lines": [_line(o) for o in evaluation.outcomes],
        "problems": [
            {"line": p.line, "code": p.error.code, "detail": p.error.text("en")} for p in evaluation.problems
        ],
        "unknown_sources": list(evaluation.unknown_sources),
    }


def share_fields(share: Share, sure: float | None = None) -> Fields:
    """A share with its 95 % interval, and with the one-sided bound where a promise is about it."""
    low, high = share.interval
    fields = {"hits": share.hits, "of": share.of, "share": _round(share.value) if share.of else None,
              "low": _round(low), "high": _round(high)}  # fmt: skip
    return fields if sure is None else fields | {"bound": _round(share.upper(sure))}


def thinned(points: tuple[Point, ...]) -> list[Point]:
    """At most POINTS_MAX points of a curve, first and last among them."""
    if len(points) <= POINTS_MAX:
        return list(points)
    step = (len(points) - 1) / (POINTS_MAX - 1)
    return [points[round(n * step)] for n in range(POINTS_MAX)]


def _questions(evaluation: Evaluation, found: Figures) -> Fields:
    return {
        "asked": len(evaluation.outcomes),
        "covered": found.covered,
        "not_covered": found.uncovered,
        "person": sum(o.expect.needs_person for o in evaluation.outcomes),
        "unusable": len(evaluation.problems),
    }


def _retrieval(found: Figures) -> Fields:
    mean, low, high = found.retrieval.reciprocal_rank
    return {
        "right_first": share_fields(found.retrieval.right_first),
        "right_in_five": share_fields(found.retrieval.right_in_five),
        "mean_reciprocal_rank": {"value": _round(mean) if found.covered else None, "low": _round(low),
                                 "high": _round(high), "of": found.covered},
    }  # fmt: skip


def _answers(found: Figures, sure: float) -> Fields:
    a = found.answers
    return {
        "given": share_fields(a.given),
        "covered_given": share_fields(a.covered_given),
        "covered_right": share_fields(a.covered_right),
        "wrong": share_fields(a.wrong, sure),
        "wrong_on_covered": share_fields(a.wrong_on_covered, sure),
        "false_on_not_covered": share_fields(a.false, sure),
        "no_answer_right": share_fields(Share(a.false.of - a.false.hits, a.false.of)),
        "right_among_offered": share_fields(a.offered),
        "as_expected": share_fields(a.as_expected),
    }


def _point(point: Point) -> Fields:
    return {"threshold": point.threshold / PPM, "answered": point.answered, "wrong": point.wrong,
            "risk": _round(point.risk.value)}  # fmt: skip


def _suggestion(found: Suggestion, of: int) -> Fields:
    now, point = found.now, found.point
    return {
        "now": _point(now) | {"coverage": _part(now.answered, of), "bound": _round(found.bound)},
        "kept_now": found.kept,
        "broken_now": found.broken,
        "answers_missing": found.missing,
        "found": found.found.value,
        "suggested": _point(point) | {"coverage": _part(point.answered, of)} if point else None,
        "answers_needed": found.needed,
    }


def _calibration(found: Calibration) -> Fields:
    bins = [
        {"low": b.low, "high": b.high, "confidence": _round(b.mean), "right": share_fields(b.right)}
        for b in found.bins
    ]
    return {"error": _round(found.error), "brier": _round(found.brier), "of": found.of, "bins": bins}


def _handover(found: Handovers) -> Fields:
    return {
        "person": _match(found.person),
        "emergency": _match(found.emergency),
        "reasons": {m.name: _match(m) for m in found.reasons},
        "macro_f1": _round(found.macro_f1),
        "answered_instead": share_fields(found.answered_instead),
    }


def _match(match: Match) -> Fields:
    either = match.expected or match.found
    return {"precision": share_fields(match.precision), "recall": share_fields(match.recall),
            "f1": _round(match.f1) if either else None}  # fmt: skip


def _line(outcome: Outcome) -> Fields:
    q, reply = outcome.question, outcome.reply
    fields: Mapping[str, object] = {
        "line": q.line,
        "id": q.id,
        "text": q.text,
        "topic": outcome.topic,
        "verdict": outcome.verdict.value,
        "fault": outcome.fault.value if outcome.fault else None,
        "decision": reply.decision.value,
        "source": reply.sources[0] if reply.sources else None,
        "expected": sorted(q.expect.sources or ()),
        "rank": outcome.rank,
        "confidence": None if reply.confidence is None else reply.confidence / PPM,
        "reason": reply.reason,
        "urgency": reply.urgency,
        "conversation": reply.conversation,
        "ms": reply.ms,
    }
    return dict(fields)


def _part(hits: int, of: int) -> float | None:
    return _round(hits / of) if of else None


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
