"""The lines of an evaluation file: what was asked, and what would be right.

I decide which labels there are and which lines are usable. The command line and the flow that evaluates call me.
I never judge an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.domain.conversation.terms import HandoverReason, Urgency

NO_REASON = "none"
REASONS = frozenset(r.value for r in HandoverReason)
ID_CHARS_MAX = 100
_LISTS = '["…"]'
_REASONS_SAID = "one of the reasons in docs/evaluate.md"


class Action(StrEnum):
    """What the assistant should do about a question."""

    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    CLARIFY = "clarify"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What would be right; None says nothing.

    `sources`: entries of which any one is right, empty when none is; `human`: whether a person must take over;
    `reason`: why, "none" if not; `also`: further reasons that count as right.
    """

    action: Action | None = None
    sources: frozenset[str] | None = None
    human: bool | None = None
    reason: str | None = None
    urgency: Urgency | None = None
    also: frozenset[str] = frozenset()

    @property
    def covered(self) -> bool:
        """Whether the knowledge settles the question, so that an answer can be right."""
        return bool(self.sources) and not self.needs_person and self.action is not Action.NO_ANSWER

    @property
    def uncovered(self) -> bool:
        """Whether any answer would be false."""
        empty = self.sources is not None and not self.sources and self.action is None
        return not self.needs_person and (self.action is Action.NO_ANSWER or empty)

    @property
    def needs_person(self) -> bool:
        """Whether a person must take over."""
        return self.human is True or self.action is Action.HANDOVER

    @property
    def expected_reason(self) -> str | None:
        """Why a person must take over, "none" where nobody must; None where the label does not say."""
        if self.needs_person:
            return self.reason
        if self.human is False or self.reason == NO_REASON or self.action is not None or self.sources:
            return NO_REASON
        return None


@dataclass(frozen=True, slots=True)
class Question:
    """One usable line; `line` is its number in the file, from 1."""

    line: int
    id: str
    text: str
    expect: Expectation
    language: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line was left out: its number, and an error whose text says what to do."""

    line: int
    error: TaktvollError


def question_from(line: int, fields: object) -> Question | None:
    """Read one line.

    Takes:  fields: what the line's JSON holds, of any kind.
    Gives:  None for a line without labels.
    Raises: Refused("evaluate.…") for a line that is unusable.
    """
    if not isinstance(fields, Mapping) or not isinstance(fields.get("text"), str):
        raise Refused("evaluate.no_text")
    if not fields["text"].strip():
        raise Refused("evaluate.no_text")
    expect = _expectation(fields)
    if expect is None:
        return None
    language, topic = fields.get("language"), fields.get("topic")
    return Question(
        line=line,
        id=str(line if fields.get("id") is None else fields["id"])[:ID_CHARS_MAX],
        text=fields["text"],
        expect=expect,
        language=language if isinstance(language, str) and language else None,
        topic=topic if isinstance(topic, str) and topic else None,
    )


def contradictions(questions: Sequence[Question]) -> list[LineProblem]:
    """The lines that ask what an earlier line asks, but expect something else: one of the two must be wrong."""
    first: dict[tuple[str, str | None], Question] = {}
    found = list[LineProblem]()
    for q in questions:
        earlier = first.setdefault((" ".join(q.text.split()).casefold(), q.language), q)
        if earlier.expect != q.expect:
            found.append(LineProblem(q.line, Refused("evaluate.twice", other=earlier.line)))
    return found


def _expectation(fields: Mapping[str, object]) -> Expectation | None:
    given = fields.get("expect")
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise Refused("evaluate.expect", field="expect", allowed='{"action": "…"}')
    actions = " | ".join(Action)
    action = _one_of(given, "action", frozenset(Action), actions)
    reason = _one_of(given, "reason", REASONS | {NO_REASON}, _REASONS_SAID)
    urgency = _one_of(given, "urgency", frozenset(Urgency), " | ".join(Urgency))
    human = given.get("human")
    if human is not None and not isinstance(human, bool):
        raise Refused("evaluate.expect", field="human", allowed="true | false")
    also = _names(fields, "reason_also_ok") or _names(given, "reason_also_ok") or frozenset()
    if not also <= REASONS | {NO_REASON}:
        raise Refused("evaluate.expect", field="reason_also_ok", allowed=_REASONS_SAID)
    expect = Expectation(
        action=Action(action) if action else None,
        sources=_names(given, "sources"),
        human=human,
        reason=reason,
        urgency=Urgency(urgency) if urgency else None,
        also=also,
    )
    return _consistent(expect)


def _consistent(expect: Expectation) -> Expectation | None:
    """Refuse labels that say yes and no; turn a reason alone into its meaning."""
    if expect == Expectation():
        return None
    person = expect.reason is not None and expect.reason != NO_REASON
    if expect.human is None and person and expect.action is None:
        expect = Expectation(None, expect.sources, True, expect.reason, expect.urgency, expect.also)
    no_person = expect.human is False and (person or expect.action is Action.HANDOVER)
    if no_person or (expect.needs_person and expect.reason == NO_REASON):
        raise Refused("evaluate.both", one="human", other="reason / action")
    if expect.action is Action.NO_ANSWER and expect.sources:
        raise Refused("evaluate.both", one="action", other="sources")
    return expect


def _one_of(given: Mapping[str, object], name: str, allowed: frozenset[str], said: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in allowed:
        raise Refused("evaluate.expect", field=name, allowed=said)
    return value


def _names(given: Mapping[str, object], name: str) -> frozenset[str] | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(v, str | int) for v in value):
        raise Refused("evaluate.expect", field=name, allowed=_LISTS)
    return frozenset(map(str, value))
