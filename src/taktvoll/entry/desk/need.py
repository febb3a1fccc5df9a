"""Why a person is needed in a conversation, how soon, by which words, and how the mood went.

I decide how reasons and moods read at the desk. pages.py calls me. The words are looked for in the text each time anew:
they are a customer's, and I never keep them a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.guidelines import mood_falling
from taktvoll.domain.conversation.terms import Event, HandoverReason, State, Urgency
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.domain.people.terms import Workspace
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House

MOODS_MIN = 2
MOOD_WIDTH, MOOD_HEIGHT = 60, 14
SEEN_FROM = 2_000_000 // MOOD_HEIGHT
"""A difference that the line shows by a pixel; below, it is a dash that says nothing."""
WORDS_MAX = 5
_PPM = 1_000_000
_DECIDED = ("answer.decided", "urgency.raised")


@dataclass(frozen=True, slots=True)
class Need:
    """What the desk shows above a conversation; texts are empty where there is nothing to say.

    `urgency` is low, normal, high or critical; `points` is the mood's course as the points of a line, best at the top.
    """

    urgency: str
    soon: str
    reason: str
    words: tuple[str, ...]
    guideline: str
    mood: str
    points: str


async def need_of(
    house: House, workspace: Workspace, conversation: ConversationId, state: State, language: str
) -> Need:
    """Gather why a person is needed; the words come from the message that led to it, as long as it exists."""
    main, words, guideline = next(iter(state.reasons), None), tuple[str, ...](), ""
    if main is not None:
        kinds = (*_DECIDED, "message.received")
        events = await house.record.events(workspace.id, conversation, kinds=kinds)
        words, guideline = await _words(house, events, main, state.language), _guideline(events)
    return Need(
        urgency=state.urgency.value,
        soon=_soon(state.urgency, language),
        reason=reason_named(main, language),
        words=words,
        guideline=guideline,
        mood=_mood(state.moods, language),
        points=points_of(state.moods),
    )


def reason_named(reason: HandoverReason | None, language: str) -> str:
    """A reason in plain words; nothing where there is none."""
    return texts(language).get(f"reason_{reason}", reason.value) if reason else ""


def points_of(valences: Sequence[int]) -> str:
    """The mood's course as points of an SVG line, from left to right; nothing where it has no course to show."""
    if len(valences) < MOODS_MIN or max(valences) - min(valences) < SEEN_FROM:
        return ""
    step = MOOD_WIDTH / (len(valences) - 1)
    heights = (MOOD_HEIGHT / 2 * (1 - v / _PPM) for v in valences)
    return " ".join(f"{n * step:.1f},{y:.1f}" for n, y in enumerate(heights))


async def _words(
    house: House, events: Sequence[Event], main: HandoverReason, spoken: str | None
) -> tuple[str, ...]:
    """Hear the message once more and give the words that told the reason."""
    led = [e for e in events if e.kind in _DECIDED and _reason(e) == main.value]
    seq = led[-1].payload["customer_seq"] if led else None
    said = next((text_of_json(e.content) for e in events if e.seq == seq), "")
    if not said:
        return ()
    signals = await house.understanding.read(said, spoken)
    found = [word for n in signals.needs if n.reason is main for word in n.words]
    if main is HandoverReason.REQUEST and signals.wants_person:
        found.append(signals.wants_person)
    return tuple(dict.fromkeys(w.strip() for w in found if w.strip()))[:WORDS_MAX]


def _reason(event: Event) -> object:
    return event.payload.get("handover") or event.payload.get("reason")


def _guideline(events: Sequence[Event]) -> str:
    decided = [e for e in events if e.kind == "answer.decided" and e.payload.get("handover")]
    return str(decided[-1].payload.get("guideline") or "") if decided else ""


def _soon(urgency: Urgency, language: str) -> str:
    return texts(language)[f"urgency_{urgency}"] if urgency in (Urgency.HIGH, Urgency.CRITICAL) else ""


def _mood(valences: Sequence[int], language: str) -> str:
    """The mood's course in words, for those who do not see the line."""
    if len(valences) < MOODS_MIN:
        return ""
    said, moved = texts(language), valences[-1] - valences[0]
    if mood_falling(tuple(valences)) or moved <= -_PPM // 4:
        return said["mood_falls"]
    return said["mood_rises"] if moved >= _PPM // 4 else said["mood_stays"]
