"""Guidelines: what a service manager wants done when, as data, and the facts that their conditions may name.

I decide what a guideline consists of and what it can ask about. Editions hold me, an adapter turns conditions into
plain predicates, the stage `guideline` asks those. I never read an expression.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from itertools import pairwise
from typing import Any, Literal

from taktvoll.domain.conversation.reasons import EMERGENCIES, emergency_of
from taktvoll.domain.conversation.terms import Address, Courtesy, HandoverReason, State, Turn, Urgency

PPM = 1_000_000
FALLING_TURNS = 3
FALLING_BY = 300_000
FALLING_TO = -100_000


class Action(StrEnum):
    """What a guideline leads to."""

    HAND_OVER = "hand_over"
    DECLINE = "decline"
    COPILOT = "copilot"
    ASK_BACK = "ask_back"
    SAY = "say"


ACTIONS: Mapping[Action, str] = {
    Action.HAND_OVER: "give the conversation to a person, with `reason` and, if it is to differ, `urgency`",
    Action.DECLINE: "say that there is no approved information, and offer a person",
    Action.COPILOT: "search, but let a person say what was found",
    Action.ASK_BACK: "ask the question in `text_de` and `text_en`",
    Action.SAY: "say the approved text in `text_de` and `text_en`",
}
"""What each action does; docs/reference.md is made from this table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """One guideline as people write it.

    `when` is an expression over FACTS; `why` says in German and English why it exists, `owner` who answers for it;
    `text` is what is said, German and English, by `ask_back` and `say` alone.
    """

    name: str
    when: str
    then: Action
    why: tuple[str, str]
    owner: str
    reason: HandoverReason | None = None
    urgency: Urgency | None = None
    text: tuple[str, str] | None = None

    def said_in(self, language: str) -> str:
        """What it says to someone who speaks a language: German for "de…", else English."""
        german, english = self.text or ("", "")
        return german if language.lower().startswith("de") else english

    def stored(self) -> dict[str, object]:
        """The values that an edition hashes; what is not set is left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


def guideline_from(stored: Mapping[str, Any]) -> Guideline:
    """Read a guideline back from its stored values."""
    text = stored.get("text")
    return Guideline(
        name=stored["name"],
        when=stored["when"],
        then=Action(stored["then"]),
        why=(stored["why"][0], stored["why"][1]),
        owner=stored["owner"],
        reason=HandoverReason(stored["reason"]) if "reason" in stored else None,
        urgency=Urgency(stored["urgency"]) if "urgency" in stored else None,
        text=(text[0], text[1]) if text else None,
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


Kind = Literal["number", "text", "truth", "list"]


def _fact(kind: Kind, says: str, values: tuple[str, ...] = (), *, later: bool = False) -> Any:
    return field(metadata={"kind": kind, "says": says, "values": values, "later": later})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a message when the guidelines are asked; a text is empty where there is nothing."""

    valence: float = _fact("number", "mood from −1 (bad) to 1 (good)", ("-1", "1"))
    anger: float = _fact("number", "how angry the message sounds, 0 to 1", ("0", "1"))
    fear: float = _fact("number", "how afraid, 0 to 1", ("0", "1"))
    sadness: float = _fact("number", "how sad, 0 to 1", ("0", "1"))
    joy: float = _fact("number", "how glad, 0 to 1", ("0", "1"))
    mood_falling: bool = _fact("truth", "the mood fell over the last three messages")
    insults: bool = _fact("truth", "the message insults")
    urgency: str = _fact("text", "how soon a person must look", tuple(Urgency))
    needs: tuple[str, ...] = _fact(
        "list", "reasons for a person that were heard, the gravest first", tuple(HandoverReason)
    )
    emergency: str = _fact("text", "the kind of emergency", ("", *EMERGENCIES.values()))
    wants_person: bool = _fact("truth", "the customer asks for a person")
    courtesy: str = _fact("text", "nothing but a politeness", ("", *Courtesy))
    language: str = _fact("text", "the language of the conversation, as “de” or “en”")
    mixed_language: bool = _fact("truth", "the message mixes languages")
    address: str = _fact("text", "how the customer addresses us", ("", *Address))
    follows_up: bool = _fact("truth", "the message only makes sense after the one before it")
    questions: int = _fact("number", "how many questions the message holds, where there are several")
    declines: int = _fact("number", "how often in a row we knew no answer")
    channel: str = _fact("text", "the channel, as “webchat”")
    account: str = _fact("text", "the channel account, as “web”")
    confidence: float = _fact(
        "number", "how sure the best passage settles the question, 0 to 1", ("0", "1"), later=True
    )
    topic: str = _fact("text", "the topic", later=True)
    collection: str = _fact("text", "the collection of the best passage", later=True)
    source: str = _fact("text", "the id of the best passage", later=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a condition may ask about: its kind, its meaning; `later`: known only after a search.

    `values` are all that a text or an item of a list can be, or the least and the most of a number; empty: anything.
    """

    kind: Kind
    says: str
    values: tuple[str, ...]
    later: bool


FACTS: Mapping[str, Fact] = {f.name: Fact(**f.metadata) for f in fields(Facts)}
"""Every name that a condition may use; docs/reference.md is made from this table."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A guideline whose condition has become a plain predicate; `later`: it asks about what a search finds."""

    guideline: Guideline
    applies: Callable[[Facts], bool]
    later: bool = False


def facts_of(state: State, turn: Turn, language: str) -> Facts:
    """Gather what is known of the message being decided.

    Takes:  state: folded up to and including the turn's signals; language: the conversation's.
    """
    signals, mood = turn.signals, turn.signals.mood
    emergency, best = emergency_of(signals.needs), turn.candidates[0] if turn.candidates else None
    return Facts(
        valence=mood.valence / PPM,
        anger=mood.anger / PPM,
        fear=mood.fear / PPM,
        sadness=mood.sadness / PPM,
        joy=mood.joy / PPM,
        mood_falling=mood_falling(state.moods),
        insults=signals.insults,
        urgency=signals.urgency.value,
        needs=tuple(n.reason.value for n in signals.needs),
        emergency=EMERGENCIES[emergency.reason] if emergency else "",
        wants_person=turn.asked_person or signals.wants_person is not None,
        courtesy=signals.courtesy.value if signals.courtesy else "",
        language=language,
        mixed_language=signals.mixed_language,
        address=signals.address.value if signals.address else "",
        follows_up=signals.follows_up,
        questions=len(signals.questions),
        declines=state.declines,
        channel=state.way,
        account=state.account,
        confidence=turn.confidences[0] / PPM if turn.confidences else 0.0,
        topic=turn.topic or "",
        collection=best.key.collection if best else "",
        source=best.key.id if best else "",
    )


def mood_falling(valences: tuple[int, ...]) -> bool:
    """Whether the mood fell from message to message, clearly, and into the bad; valences in parts per million."""
    last = valences[-FALLING_TURNS:]
    falls = all(a > b for a, b in pairwise(last))
    return (
        len(last) == FALLING_TURNS and falls and last[0] - last[-1] >= FALLING_BY and last[-1] <= FALLING_TO
    )
