"""An evaluation as calm tables on the screen.

I decide what a person reads first. `taktvoll evaluate` calls me. I never compute a figure.
"""

import textwrap
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from taktvoll.cli.evaluate_texts import Heading, Words, edition_said, kinds_said, verdicts
from taktvoll.domain.insight.evaluation import Evaluation, Figures
from taktvoll.domain.insight.handovers import Match
from taktvoll.domain.insight.judging import Outcome
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.knowledge.confidence import PPM

UNKNOWN_SHOWN = 10
SENTENCE_CHARS = 110
Row = tuple[str, ...]


def tables(
    evaluation: Evaluation, found: Figures, heading: Heading, language: str, cases: int
) -> Iterator[RenderableType]:
    """Give what is shown, from the top."""
    words = Words(language)
    yield Text(_head(evaluation, found, heading, words), style="bold")
    for note in _notes(evaluation, heading, words):
        yield Text(note, style="yellow")
    yield _figures(evaluation, found, words)
    if any(m.expected or m.found for m in (found.handovers.person, *found.handovers.reasons)):
        yield _handovers(found, words)
    for sentence in verdicts(found, evaluation.promise, words) if found.about_knowledge else ():
        yield Text(textwrap.fill(sentence, SENTENCE_CHARS))
    if cases and found.cases:
        yield _cases(found.cases[:cases], words)


def _head(evaluation: Evaluation, found: Figures, heading: Heading, words: Words) -> str:
    return f"{heading.company}, {edition_said(evaluation, words)}: {kinds_said(evaluation, found, words)}"


def _notes(evaluation: Evaluation, heading: Heading, words: Words) -> Iterator[str]:
    if heading.unlabelled:
        yield words.say("unlabelled", n=heading.unlabelled)
    if evaluation.unknown_sources:
        listed = evaluation.unknown_sources[:UNKNOWN_SHOWN]
        more = " …" if len(evaluation.unknown_sources) > UNKNOWN_SHOWN else ""
        yield words.say("unknown", ids=", ".join(listed) + more)
    if evaluation.changed:
        yield words.say("changed")


def _figures(evaluation: Evaluation, found: Figures, words: Words) -> Table:
    """All figures in groups; a group without any is left out."""
    table = Table(show_header=False, box=None, padding=(0, 1, 0, 0))
    table.add_column(overflow="fold")
    for _ in range(4):
        table.add_column(justify="right", no_wrap=True)
    a, r, sure = found.answers, found.retrieval, evaluation.promise.sure
    silent = Share(a.false.of - a.false.hits, a.false.of)
    instead = found.handovers.answered_instead
    groups = (
        ("finding", _share("right_first", r.right_first, words), _share("right_in_five", r.right_in_five, words),
         _mean(found, words)),
        ("answering", _share("covered_given", a.covered_given, words),
         _share("covered_right", a.covered_right, words), _share("wrong", a.wrong, words, sure),
         _share("false", a.false, words, sure), _share("no_answer", silent, words),
         _share("offered", a.offered, words)),
        ("people", _share("answered_instead", instead, words), _share("urgency", found.urgency, words)),
        ("certainty", _certainty(found, words)),
    )  # fmt: skip
    for name, *parts in groups:
        rows = [row for part in parts for row in part]
        if rows:
            table.add_row(Text(words.say(str(name)), style="dim"))
        for row in rows:
            table.add_row("  " + row[0], *row[1:])
    return table


def _share(name: str, share: Share, words: Words, sure: float | None = None) -> Iterator[Row]:
    """One row; none where there was nothing to count."""
    if share.of:
        bound = "" if sure is None else f"≤ {words.percent(share.upper(sure))}"
        said = words.say("of", hits=share.hits, of=share.of)
        yield words.say(name), said, words.percent(share.value), f"({words.interval(share)})", bound


def _mean(found: Figures, words: Words) -> Iterator[Row]:
    mean, low, high = found.retrieval.reciprocal_rank
    if found.covered:
        yield (
            words.say("reciprocal"),
            "",
            words.number(mean),
            f"({words.number(low)}–{words.number(high)})",
            "",
        )


def _certainty(found: Figures, words: Words) -> Iterator[Row]:
    if found.calibration.error is not None:
        yield words.say("calibration"), "", words.percent(found.calibration.error), "", ""
    for name, taken in (("p50", found.speed.p50), ("p99", found.speed.p99)):
        if taken is not None:
            yield words.say(name), "", words.number(taken, 1), "", ""


def _handovers(found: Figures, words: Words) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(words.say("people"), no_wrap=True)
    for name in ("expected", "recall", "precision"):
        table.add_column(words.say(name), justify="right", no_wrap=True)
    table.add_column("F1", justify="right")
    h = found.handovers
    first = [m for m in (h.person, h.emergency) if m.expected or m.found]
    for m in (*first, *h.reasons):
        table.add_row(words.reason(m.name), str(m.expected), _rate(m.recall, words), _rate(m.precision, words),
                      _f1(m, words))  # fmt: skip
    if h.macro_f1 is not None:
        table.add_row(words.say("macro_f1"), "", "", "", words.number(h.macro_f1))
    return table


def _rate(share: Share, words: Words) -> str:
    return f"{words.percent(share.value)} ({words.interval(share)})" if share.of else "–"


def _f1(match: Match, words: Words) -> str:
    return words.number(match.f1) if match.expected or match.found else "–"


def _cases(cases: Sequence[Outcome], words: Words) -> Table:
    table = Table(
        box=None, padding=(0, 2, 0, 0), header_style="dim", title=words.say("cases"), title_justify="left"
    )
    table.add_column(words.say("line"), justify="right", no_wrap=True)
    table.add_column(words.say("what"))
    table.add_column(words.say("sure"), justify="right", no_wrap=True)
    table.add_column(words.say("answered_with"), overflow="fold")
    table.add_column(words.say("question"), ratio=1)
    for o in cases:
        assert o.fault is not None
        sure = "–" if o.reply.confidence is None else words.percent(o.reply.confidence / PPM, 0)
        table.add_row(
            str(o.question.line),
            words.say(o.fault),
            sure,
            Text(_instead(o, words)),
            Text(_short(o.question.text)),
        )
    return table


def _instead(outcome: Outcome, words: Words) -> str:
    """What was said or why it was handed over, then what would have been right."""
    expect, reply = outcome.expect, outcome.reply
    said = words.reason(reply.reason) if reply.reason else words.say(reply.decision.value)
    wanted = " | ".join(sorted(expect.sources or ()))
    if expect.needs_person:
        wanted = words.reason(expect.reason or "person")
    elif expect.uncovered or not wanted:
        wanted = words.say("no_answer_wanted" if expect.uncovered else expect.action or "answer")
    return f"{reply.sources[0] if reply.sources else said} → {wanted}"


def _short(text: str, chars: int = 160) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= chars else joined[: chars - 1] + "…"
