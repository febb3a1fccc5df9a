"""Whether people are brought in when they are needed, for the right reason, and only then.

I decide how handovers are counted. The figures of an evaluation call me. I never judge an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.domain.conversation.terms import Decision
from taktvoll.domain.insight.judging import Outcome, is_emergency
from taktvoll.domain.insight.questions import NO_REASON
from taktvoll.domain.insight.statistics import Share


@dataclass(frozen=True, slots=True)
class Match:
    """One kind of handover: how often it was wanted, how often it came, how often both."""

    name: str
    expected: int
    found: int
    hits: int

    @property
    def precision(self) -> Share:
        """Of those that came, how many were wanted."""
        return Share(self.hits, self.found)

    @property
    def recall(self) -> Share:
        """Of those wanted, how many came."""
        return Share(self.hits, self.expected)

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0.0 where neither was wanted nor came."""
        total = self.expected + self.found
        return 2 * self.hits / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Handovers:
    """All kinds together: a person at all, any emergency, and each reason that was wanted or came."""

    person: Match
    emergency: Match
    reasons: tuple[Match, ...]
    answered_instead: Share

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 over the reasons; None where the file expects none."""
        if not any(m.expected for m in self.reasons):
            return None
        return sum(m.f1 for m in self.reasons) / len(self.reasons)


def handovers(outcomes: Sequence[Outcome]) -> Handovers:
    """Count handovers by reason.

    A further reason that counts as right is taken for the expected one. Questions whose label does not say whether a
    person must take over are left out.
    """
    pairs = [pair for o in outcomes if (pair := _pair(o)) is not None]
    person = _match("person", [(w is None or w != NO_REASON, f != NO_REASON) for w, f in pairs])
    known = [(w, f) for w, f in pairs if w is not None]
    emergency = _match("emergency", [(is_emergency(w), is_emergency(f)) for w, f in known])
    names = sorted({name for pair in known for name in pair} - {NO_REASON})
    reasons = tuple(_match(name, [(w == name, f == name) for w, f in known]) for name in names)
    needed = [o for o in outcomes if o.expect.needs_person]
    return Handovers(person, emergency, reasons, Share(sum(o.reply.gave for o in needed), len(needed)))


def _pair(outcome: Outcome) -> tuple[str | None, str] | None:
    """What was wanted (None: a person, whatever the reason) and what came; None where the label says neither."""
    wanted, found = outcome.expect.expected_reason, outcome.found_reason
    if wanted is None:
        handed_over = outcome.reply.decision is Decision.HANDOVER
        return (None, "person" if handed_over else NO_REASON) if outcome.expect.needs_person else None
    return wanted, wanted if found in outcome.expect.also else found


def _match(name: str, pairs: Sequence[tuple[bool, bool]]) -> Match:
    return Match(
        name,
        expected=sum(wanted for wanted, _ in pairs),
        found=sum(found for _, found in pairs),
        hits=sum(wanted and found for wanted, found in pairs),
    )
