"""Which question of a conversation was confirmed to be settled by which entry: by a choice, by feedback, by an agent.

I decide what counts as a confirmation. The flow propose_wording calls me with events of one conversation.
I never read a text and never take silence for a yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from taktvoll.domain.conversation.events import asks, candidates_from, choices_from, signals_from
from taktvoll.domain.conversation.terms import Decision, Event
from taktvoll.domain.knowledge.terms import PassageKey

KINDS = ("message.received", "signals.read", "evidence.found", "answer.decided", "message.released")
"""What the functions below must be given of a conversation, oldest first."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The message that asked, and the entry that settles it."""

    asked: Event
    key: PassageKey


def by_choice(events: Sequence[Event], decided_seq: int) -> Confirmed | None:
    """The customer was asked back and chose an entry; decided_seq is the decision that answered with it."""
    decided, before = _decision_and_before(events, decided_seq)
    if decided is None or before is None or decided.payload["because"] != "chosen":
        return None
    key = _answered_with(decided)
    offered = {c.key for c in choices_from(before.payload["choices"])}
    return _asked(events, before, key) if key in offered else None


def by_feedback(events: Sequence[Event], released_seq: int) -> Confirmed | None:
    """What was answered after asking back has helped: then it settles the question that was asked back about."""
    last = [e.seq for e in events if e.kind == "answer.decided" and e.seq < released_seq]
    decided, before = _decision_and_before(events, last[-1]) if last else (None, None)
    if decided is None or before is None or before.payload["decision"] != Decision.CLARIFY:
        return None
    return _asked(events, before, _answered_with(decided))


def by_reply(events: Sequence[Event], key: PassageKey) -> Confirmed | None:
    """An agent sent an entry: it settles the last question that it was found for without being sure enough."""
    for event in reversed(events):
        if event.kind != "evidence.found":
            continue
        candidates, confidences = candidates_from(event.payload["candidates"])
        decided = next((e for e in events if e.kind == "answer.decided" and e.seq > event.seq), None)
        if decided is not None and any(c.key == key for c in candidates):
            sure = confidences[0] >= cast("int", decided.payload["answer_at"]) and candidates[0].key == key
            return None if sure else _asked(events, decided, key)
    return None


def _decision_and_before(events: Sequence[Event], seq: int) -> tuple[Event | None, Event | None]:
    decisions: list[Event | None] = [e for e in events if e.kind == "answer.decided" and e.seq <= seq]
    before, last = ([None, None, *decisions])[-2:]
    return (last, before) if last and last.seq == seq else (None, None)


def _answered_with(decided: Event) -> PassageKey | None:
    """The one entry that a decision answered with."""
    p = cast("Mapping[str, Any]", decided.payload)
    one = p["decision"] == Decision.ANSWER and p["passage"] and p["because"] != "several_questions"
    return PassageKey(*p["passage"][:3]) if one else None


def _asked(events: Sequence[Event], decided: Event, key: PassageKey | None) -> Confirmed | None:
    """The message of a decision, where it stands for itself: one message, one question, nothing it follows up."""
    seq = cast("int", decided.payload["customer_seq"])
    earlier = max((e.seq for e in events if e.kind == "answer.decided" and e.seq < decided.seq), default=0)
    asked = [e for e in events if e.kind == "message.received" and asks(e) and earlier < e.seq <= seq]
    heard = next((e for e in events if e.kind == "signals.read" and e.payload["customer_seq"] == seq), None)
    if key is None or heard is None or len(asked) != 1 or asked[0].seq != seq:
        return None
    signals = signals_from(heard.payload)
    leans = (
        heard.payload.get("files")
        or signals.follows_up
        or signals.picks
        or heard.payload["chosen"]
        or len(signals.questions) > 1
    )
    return None if leans else Confirmed(asked[0], key)
