"""One page that shows an evaluation to people who decide: figures in words, curve, reliability, handovers.

I decide where everything stands on the page and what its description says. `taktvoll evaluate --plot` calls me.
I never load a font or a picture from anywhere, and never mean by colour alone.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined

from taktvoll.base.text import clean
from taktvoll.cli.evaluate_texts import Heading, Words, edition_said, kinds_said, verdicts
from taktvoll.domain.insight.calibration import Calibration
from taktvoll.domain.insight.evaluation import Evaluation, Figures
from taktvoll.domain.insight.handovers import Handovers, Match
from taktvoll.domain.insight.report import thinned
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.insight.thresholds import Point, Promise

WIDTH = 1000
MARGIN = 40
BARS_TOP = 838
BAR_STEP = 44
BARS_MAX = 16
_SENTENCE_CHARS = 132
_LABEL_CHARS = 27


@dataclass(frozen=True, slots=True)
class Box:
    """A plot's area: data 0.0–1.0 in both directions, up to x_max and y_max."""

    left: float
    top: float
    width: float
    height: float
    x_max: float = 1.0
    y_max: float = 1.0

    def x(self, value: float) -> float:
        """Where a value lies from the left."""
        return round(self.left + self.width * min(value, self.x_max) / self.x_max, 1)

    def y(self, value: float) -> float:
        """Where a value lies from the top; what lies beyond the top is for the page to cut off."""
        return round(self.top + self.height * (1 - value / self.y_max), 1)

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure: the figure, the words beneath it, and its interval."""

    x: float
    figure: str
    lines: tuple[str, ...]
    interval: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place in a plot; `anchor` says to which side of it the label stands."""

    x: float
    y: float
    label: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Curve:
    """Everything of the risk–coverage plot, in page coordinates."""

    box: Box
    line: str
    bound: str
    tolerated: float
    xs: tuple[Mark, ...]
    ys: tuple[Mark, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin of the reliability plot with its interval."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One share as a bar: its length, the interval's ends, and its value in words; length None where none is known."""

    y: float
    length: float | None
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One handover reason with recall above precision."""

    y: float
    lines: tuple[str, ...]
    recall: Bar
    precision: Bar


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of the bar that shows what becomes of questions."""

    x: float
    width: float
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the questions of one kind."""

    y: float
    label: str
    pieces: tuple[Piece, ...]


def plot(evaluation: Evaluation, found: Figures, heading: Heading, language: str) -> str:
    """Draw the page.

    Gives:  an SVG document that needs nothing from outside, with a title and a description in words.
    """
    words = Words(language)
    sentences = verdicts(found, evaluation.promise, words) if found.about_knowledge else ()
    rows = tuple(_rows(found.handovers, words))
    tiles = tuple(_tiles(found, evaluation.promise, words))
    shown = " · ".join(
        clean(part).replace("\n", " ")
        for part in (heading.company, edition_said(evaluation, words), heading.file, f"{heading.at:%Y-%m-%d}")
    )
    return _TEMPLATE.render(
        words=words,
        width=WIDTH,
        height=BARS_TOP + BAR_STEP * max(4, len(rows)) + 110,
        bars_top=BARS_TOP,
        shown=shown,
        asked=" · ".join([kinds_said(evaluation, found, words), *_speed(found, words)]),
        sentences=[line for s in sentences for line in textwrap.wrap(s, _SENTENCE_CHARS)],
        description=_description(shown, tiles, sentences),
        tiles=tiles,
        curve=_curve(found, evaluation.promise, words),
        reliability=Box(660, 412, 290, 290),
        dots=tuple(_dots(Box(660, 412, 290, 290), found.calibration)),
        rows=rows,
        fates=tuple(_fates(found, words)),
        fate_kinds=_FATES,
        promise=evaluation.promise,
        error=words.number(100 * (found.calibration.error or 0), 0),
    )


def _description(shown: str, tiles: Sequence[Tile], sentences: Sequence[str]) -> str:
    """Say the page in words, for those who do not see it."""
    figures = ". ".join(f"{t.figure} {' '.join(t.lines)}" for t in tiles)
    return f"{shown}. {figures}. {' '.join(sentences)}"


def _speed(found: Figures, words: Words) -> Iterator[str]:
    p50, p99 = found.speed.p50, found.speed.p99
    if p50 is not None and p99 is not None:
        yield words.say("speed", p50=round(p50), p99=round(p99))


def _tiles(found: Figures, promise: Promise, words: Words) -> Iterator[Tile]:
    a = found.answers
    bound = words.percent(a.wrong.upper(promise.sure))
    entries = (
        ("found_said", found.retrieval.right_first),
        ("given_said", a.covered_given),
        ("wrong_said", a.wrong),
        ("false_said", a.false),
    )
    step = (WIDTH - 2 * MARGIN) / len(entries)
    for n, (name, share) in enumerate(entries):
        said = words.say(name, bound=bound) if share.of else words.say("none_such")
        low, high = share.interval
        between = words.say("between", low=words.percent(low), high=words.percent(high)) if share.of else ""
        figure = words.percent(share.value, 0 if share.value >= 0.1 else 1) if share.of else "–"
        yield Tile(MARGIN + n * step, figure, tuple(textwrap.wrap(said, 30)), between)


def _curve(found: Figures, promise: Promise, words: Words) -> Curve | None:
    """The risk–coverage curve; its first few points, which prove nothing, would only be noise."""
    points = thinned(found.points)
    if not points:
        return None
    highest = max((p.risk.value for p in points if p.answered >= 10), default=points[-1].risk.value)
    top = next(t for t in (0.1, 0.2, 0.3, 0.5, 1.0) if t >= min(1.0, max(highest, 2 * promise.tolerated)))
    box = Box(100, 412, 450, 290, y_max=top)
    of = found.about_knowledge
    line = [(box.x(p.answered / of), box.y(p.risk.value)) for p in points]
    bound = [(box.x(p.answered / of), box.y(p.risk.upper(promise.sure))) for p in points]
    return Curve(
        box=box,
        line=_polyline(line),
        bound=_polyline(bound),
        tolerated=box.y(promise.tolerated),
        xs=tuple(Mark(box.x(n / 4), box.bottom, words.percent(n / 4, 0)) for n in range(5)),
        ys=tuple(Mark(box.left, box.y(top * n / 5), words.percent(top * n / 5)) for n in range(6)),
        marks=tuple(_marks(box, found, words)),
    )


def _marks(box: Box, found: Figures, words: Words) -> Iterator[Mark]:
    s, of = found.suggestion, found.about_knowledge
    for name, point in (("now_mark", s.now), ("suggested_mark", s.point)):
        if point is not None and point.answered and not (name != "now_mark" and _same(s.now, point)):
            x = box.x(point.answered / of)
            label = f"{words.say(name)}: {words.threshold(point.threshold)}"
            yield Mark(
                x, box.y(point.risk.value), label, "end" if x > box.left + box.width * 0.65 else "start"
            )


def _same(one: Point, other: Point) -> bool:
    return (one.answered, one.wrong) == (other.answered, other.wrong)


def _polyline(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _dots(box: Box, calibration: Calibration) -> Iterator[Dot]:
    for b in calibration.bins:
        low, high = b.right.interval
        yield Dot(box.x(b.mean), box.y(b.right.value), box.y(low), box.y(high))


def _rows(handovers: Handovers, words: Words) -> Iterator[BarRow]:
    """A person at all first, then the reasons that the file expects or that came, the frequent ones first."""
    if not any(m.expected for m in (handovers.person, *handovers.reasons)):
        return
    often = sorted(handovers.reasons, key=lambda m: (-m.expected, -m.found, m.name))
    for n, match in enumerate((handovers.person, *often)[:BARS_MAX]):
        y = BARS_TOP + 44 + n * BAR_STEP
        name = f"{words.reason(match.name)} ({match.expected})"
        yield BarRow(y, tuple(textwrap.wrap(name, _LABEL_CHARS)[:2]), *_bars(match, y, words))


def _bars(match: Match, y: float, words: Words) -> tuple[Bar, Bar]:
    return _bar(match.recall, y, words), _bar(match.precision, y + 15, words)


def _bar(share: Share, y: float, words: Words) -> Bar:
    box = Box(235, 0, 240, 1)
    if not share.of:
        return Bar(y, None, 0, 0, "–")
    low, high = share.interval
    said = f"{words.percent(share.value, 0)} ({share.hits}/{share.of})"
    return Bar(y, round(box.width * share.value, 1), box.x(low), box.x(high), said)


_FATES = ("fate_right", "fate_wrong", "fate_clarify", "fate_decline", "fate_handover")


def _fates(found: Figures, words: Words) -> Iterator[Fate]:
    """Two bars of all questions about knowledge: those that it settles, and the others."""
    a = found.answers
    covered = found.decisions.get("covered", {})
    uncovered = found.decisions.get("not_covered", {})
    given = {"fate_right": a.covered_right.hits, "fate_wrong": a.wrong_on_covered.hits}
    false = {"fate_right": 0, "fate_wrong": a.false.hits}
    for n, (label, answers, decided) in enumerate(
        (("covered", given, covered), ("not_covered", false, uncovered))
    ):
        counts = answers | {f"fate_{d}": decided.get(d, 0) for d in ("clarify", "decline", "handover")}
        total = sum(decided.values())
        counts["fate_decline"] += total - sum(counts.values())  # a greeting returned says nothing either
        if total:
            yield Fate(BARS_TOP + 62 + n * 76, words.say(label), tuple(_pieces(counts, total, words)))


def _pieces(counts: dict[str, int], total: int, words: Words) -> Iterator[Piece]:
    x, width = 620.0, 340.0
    for kind in _FATES:
        part = width * counts[kind] / total
        if part:
            said = words.percent(counts[kind] / total, 0) if part > 34 else ""
            yield Piece(round(x, 1), round(part, 1), kind, said)
        x += part


_TEMPLATE = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string(resources.files("taktvoll.cli").joinpath("evaluate.svg.j2").read_text(encoding="utf-8"))
