"""Guidelines become plain predicates: checked by expression.py, then compiled to CEL once per edition.

I decide how a condition is asked. build.py puts me behind the Guidelines port; the shelf, publishing and the audit call
me. I never let a condition fail at answer time: what could is refused before an edition holds it.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import cel

from taktvoll.adapters.guidelines.expression import check_expression
from taktvoll.adapters.guidelines.file import check_fields, read_file, write_file
from taktvoll.base.errors import Refused
from taktvoll.base.limits import GUIDELINES_MAX
from taktvoll.domain.conversation.guidelines import FACTS, Facts, Guideline, Ready

_LOG = logging.getLogger(__name__)


class CelGuidelines:
    """Implements Guidelines."""

    def defaults(self) -> tuple[Guideline, ...]:
        """The guidelines that come with the program."""
        return _defaults()

    def read(self, text: str) -> tuple[tuple[Guideline, ...], tuple[Refused, ...]]:
        """Read a file's text and check all of it."""
        guidelines, problems = read_file(text)
        wrong = {str(p.fields.get("name")) for p in problems}
        found = [*problems, *self.check(guidelines)]
        bad = wrong | {str(p.fields.get("name")) for p in found}
        return tuple(g for g in guidelines if g.name not in bad), tuple(found)

    def write(self, guidelines: Sequence[Guideline]) -> str:
        """Write guidelines as a file."""
        return write_file(guidelines)

    def check(self, guidelines: Sequence[Guideline]) -> tuple[Refused, ...]:
        """Find everything that is wrong, one complaint a guideline."""
        found, names = list[Refused](), set[str]()
        if len(guidelines) > GUIDELINES_MAX:
            found.append(Refused("guideline.many", limit=GUIDELINES_MAX))
        for guideline in guidelines[: GUIDELINES_MAX + 1]:
            if guideline.name in names:
                found.append(Refused("guideline.twice", name=guideline.name))
            names.add(guideline.name)
            problem = _problem(guideline)
            if problem is not None:
                found.append(problem)
        return tuple(found)

    def compile(self, guidelines: Sequence[Guideline]) -> tuple[Ready, ...]:
        """Make guidelines ready to be asked, all of one edition over one set of facts a message."""
        usable = list[tuple[Guideline, frozenset[str]]]()
        for guideline in guidelines:
            try:
                usable.append((guideline, check_expression(guideline.name, guideline.when)))
            except Refused:
                _LOG.warning("a guideline that this program cannot read is left out: %s", guideline.name)
        asked = _Asked(frozenset().union(*(names for _, names in usable)))
        return tuple(
            Ready(g, asked.predicate(g.when), later=any(FACTS[n].later for n in names)) for g, names in usable
        )


class _Asked:
    """The facts as CEL sees them, made once a message for all guidelines of an edition that ask about it."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = sorted(names)
        self._facts: Facts | None = None
        self._context = cel.Context()

    def predicate(self, when: str) -> Callable[[Facts], bool]:
        """Compile a condition that was checked."""
        program = cel.compile(when)

        def applies(facts: Facts) -> bool:
            return program.execute(self._of(facts)) is True

        return applies

    def _of(self, facts: Facts) -> cel.Context:
        if facts is not self._facts:
            values = {name: getattr(facts, name) for name in self._names}
            plain = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
            self._facts, self._context = facts, cel.Context(variables=plain)
        return self._context


def _problem(guideline: Guideline) -> Refused | None:
    try:
        check_fields(guideline)
        check_expression(guideline.name, guideline.when)
        cel.compile(guideline.when)
    except Refused as refusal:
        return refusal
    except ValueError:  # CEL itself reads it otherwise than we do
        return Refused("guideline.syntax", name=guideline.name, position=1, found=guideline.when[:40])
    return None


@cache
def _defaults() -> tuple[Guideline, ...]:
    text = files("taktvoll.adapters.guidelines").joinpath("defaults.toml").read_text(encoding="utf-8")
    guidelines, problems = read_file(text)
    assert not problems, "the program's own guidelines are sound"
    return guidelines
