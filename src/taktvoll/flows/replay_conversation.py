"""Replays a conversation's decisions from its record and compares them with what was decided then.

I decide what counts as the same: equal events, and equal words where the evidence still exists. Commands call me.
I never search, call a model or write: recorded results stand for the outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from taktvoll.base.hashing import canonical
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.events import (
    asks,
    away_from,
    candidates_from,
    chosen_from,
    files_from,
    light_from,
    questions_from,
    signals_from,
)
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.steps import (
    Done,
    Found,
    HandOver,
    Heard,
    Held,
    Input,
    Passed,
    Queued,
    Say,
    Search,
    Wait,
)
from taktvoll.domain.conversation.terms import Event, NewEvent, OwnerKind, State
from taktvoll.domain.delivery.reply_address import KINDS, answers_go_to
from taktvoll.domain.governance.speaking import speak
from taktvoll.domain.governance.terms import Hold
from taktvoll.domain.governance.wording import message_content, needs_words, text_of_json
from taktvoll.domain.library.terms import EditionView
from taktvoll.flows.house import House

DECIDED = ("signals.read", "evidence.found", "answer.decided", "conversation.handed_over", "draft.held")


@dataclass(slots=True)
class Replay:
    """What was replayed: decisions that came out the same, differences, and what can no longer be compared."""

    same: int = 0
    differences: list[str] = field(default_factory=list)
    not_comparable: list[str] = field(default_factory=list)


async def replay_conversation(house: House, workspace: WorkspaceId, conversation: ConversationId) -> Replay:
    """Decide every turn again from the recorded inputs, under the edition of then.

    Raises: Refused("conversation.unknown").
    """
    await house.record.access(workspace, conversation)
    events = await house.record.events(workspace, conversation)
    replay, state, views = Replay(), State(), dict[int, EditionView]()
    for place, event in enumerate(events):
        if event.kind == "signals.read":
            view = await _view(house, workspace, event.edition or 0, views)
            wrote = _wrote(events[:place], state, event)
            await _turn(house, workspace, conversation, view, state, events[place:], replay, wrote)
        state = fold(state, event)
    return replay


def words_of_turn(events: Sequence[Event], customer_seq: int) -> str | None:
    """What the customer wrote for the turn that was decided up to a message, as the turn joined it.

    Takes:  events: all of a conversation, oldest first.
    Gives:  None where it was erased, or nothing was understood of that message.
    """
    state = State()
    for place, event in enumerate(events):
        if event.kind == "signals.read" and event.payload["customer_seq"] == customer_seq:
            wrote = _wrote(events[:place], state, event)
            return wrote.text if wrote else None
        state = fold(state, event)
    return None


async def _view(
    house: House, workspace: WorkspaceId, number: int, views: dict[int, EditionView]
) -> EditionView:
    if number not in views:
        place = await house.directory.workspace_by_id(workspace)
        rules = (await house.library.manifest(workspace, number))[1] if number else house.first_rules
        ready = house.guidelines.compile(rules.guidelines or ())
        views[number] = EditionView(number, rules, place.language, place.name, ready)
    return views[number]


async def _turn(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    view: EditionView,
    state: State,
    events: Sequence[Event],
    replay: Replay,
    claimed: "Wrote | None",
) -> None:
    """Walk one turn: each recorded result goes in, each event that comes out must equal the recorded one."""
    heard: Input = heard_from(events[0].payload)
    place = 0
    while True:
        new, step = advance(view, state, heard, events[min(place, len(events) - 1)].at)
        for event in new:
            if place >= len(events) or not _equal(event, events[place]):
                replay.differences.append(
                    f"seq {events[min(place, len(events) - 1)].seq}: {event.kind} differs"
                )
                return
            state = fold(state, events[place])
            replay.same += event.kind in DECIDED
            place += 1
        recorded = events[place] if place < len(events) else None
        match step:
            case Search() if recorded and recorded.kind == "evidence.found":
                heard = found_from(recorded.payload)
            case HandOver() if recorded and recorded.kind == "conversation.handed_over":
                heard = Queued(str(recorded.payload["queue"]), step.quiet, away_from(recorded.payload))
            case Say() if recorded and recorded.kind == "draft.held":
                heard = Held(tuple(cast("list[str]", recorded.payload["reasons"])))
            case Say() if recorded and recorded.kind == "message.released":
                await _words(house, workspace, conversation, view, state, step, recorded, replay, claimed)
                heard = Passed(_as_new(recorded))
            case Done() | Wait():
                return
            case _:
                replay.differences.append(f"seq {events[0].seq}: the turn ends in another step")
                return


def heard_from(p: Mapping[str, object]) -> Heard:
    """What was heard, from the payload of signals.read."""
    topic, _, shadow = light_from(p)
    seq, asked = int(str(p["customer_seq"])), bool(p["asked_person"])
    files, wordless = files_from(p)
    return Heard(
        seq,
        signals_from(p),
        asked,
        chosen_from(p),
        shadow=shadow,
        topic=topic,
        files=files,
        wordless=wordless,
    )


def found_from(p: Mapping[str, object]) -> Found:
    """What was found, from the payload of evidence.found."""
    versions = cast("list[str]", p["search"])
    parts = (q.candidates for q in questions_from(p.get("questions")))
    return Found(candidates_from(p["candidates"])[0], tuple(versions), tuple(parts), *light_from(p))


@dataclass(frozen=True, slots=True)
class Wrote:
    """What the customer wrote for a turn, and what they call themselves where they wrote by mail."""

    text: str
    name: str = ""


def _wrote(before: Sequence[Event], state: State, read: Event) -> Wrote | None:
    """What the customer wrote for a turn, joined as the turn joined it; None where it was erased."""
    seq = int(str(read.payload["customer_seq"]))
    wrote = [e for e in before if e.kind == "message.received" and e.seq <= seq and asks(e)]
    joined = state.undecided > 1 and state.owner.kind is OwnerKind.ASSISTANT and not read.payload["chosen"]
    of_turn = [e for e in wrote if e.seq > state.decided_customer_seq] if joined else wrote[-1:]
    if any(e.content is None for e in of_turn):
        return None
    to = answers_go_to([e for e in before if (e in wrote or e.kind in KINDS) and e.seq <= seq])
    text = "\n".join(t for e in of_turn if (t := text_of_json(e.content)))
    return Wrote(text, to.name if to else "")


def _as_new(event: Event) -> NewEvent:
    """A recorded event as it was before it had its place."""
    return NewEvent(event.kind, event.at, event.actor, event.payload, event.edition, schema=event.schema)


def _equal(new: NewEvent, recorded: Event) -> bool:
    same = (new.kind, new.actor, new.edition) == (recorded.kind, recorded.actor, recorded.edition)
    said: object = dict(new.payload)
    if recorded.schema < new.schema:
        said = _as_known_then(said, recorded.payload)
    return same and canonical(said) == canonical(dict(recorded.payload))


def _as_known_then(new: object, recorded: object) -> object:
    """Leave out what the program that wrote the record did not know of yet."""
    if isinstance(new, Mapping) and isinstance(recorded, Mapping):
        return {key: _as_known_then(new.get(key), value) for key, value in recorded.items()}
    if isinstance(new, list) and isinstance(recorded, list) and len(new) == len(recorded):
        return [_as_known_then(a, b) for a, b in zip(new, recorded, strict=True)]
    return new


async def _words(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    view: EditionView,
    state: State,
    step: Say,
    recorded: Event,
    replay: Replay,
    claimed: "Wrote | None",
) -> None:
    """Compose and release again, and compare the words, where text and evidence still exist."""
    named = [c.hash for c in step.speech.named]
    found = await house.library.passages_by_hash(workspace, named)
    needed = needs_words(step.speech, state.way)
    unproven = needed and claimed is None
    if recorded.content is None or unproven or any(h not in found for h in named):
        replay.not_comparable.append(f"seq {recorded.seq}: evidence erased")
        return
    said = claimed if claimed and needed else Wrote("")
    texts = str(recorded.payload.get("texts", "1"))
    verdict = speak(step.speech, state, view, found, str(conversation), said.text, said.name, texts)
    if isinstance(verdict, Hold) or message_content(verdict.draft) != recorded.content:
        replay.differences.append(f"seq {recorded.seq}: the words differ")
    else:
        replay.same += 1
