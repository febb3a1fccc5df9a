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
    candidates_from,
    chosen_from,
    light_from,
    questions_from,
    signals_from,
)
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.steps import Done, Found, HandOver, Heard, Held, Input, Queued, Say, Search
from taktvoll.domain.conversation.terms import Event, NewEvent, State
from taktvoll.domain.governance.speaking import speak
from taktvoll.domain.governance.terms import Hold
from taktvoll.domain.governance.wording import message_content
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
            await _turn(house, workspace, conversation, view, state, events[place:], replay)
        state = fold(state, event)
    return replay


async def _view(
    house: House, workspace: WorkspaceId, number: int, views: dict[int, EditionView]
) -> EditionView:
    if number not in views:
        place = await house.directory.workspace_by_id(workspace)
        rules = (await house.library.manifest(workspace, number))[1] if number else house.first_rules
        views[number] = EditionView(number, rules, place.language, place.name)
    return views[number]


async def _turn(
    house: House,
    workspace: WorkspaceId,
    conversation: ConversationId,
    view: EditionView,
    state: State,
    events: Sequence[Event],
    replay: Replay,
) -> None:
    """Walk one turn: each recorded result goes in, each event that comes out must equal the recorded one."""
    p = events[0].payload
    heard: Input = Heard(
        int(str(p["customer_seq"])),
        signals_from(p),
        bool(p["asked_person"]),
        chosen_from(p),
        shadow=light_from(p)[2],
        topic=light_from(p)[0],
    )
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
                versions = cast("list[str]", recorded.payload["search"])
                found = candidates_from(recorded.payload["candidates"])[0]
                parts = (q.candidates for q in questions_from(recorded.payload.get("questions")))
                heard = Found(found, tuple(versions), tuple(parts), *light_from(recorded.payload))
            case HandOver() if recorded and recorded.kind == "conversation.handed_over":
                heard = Queued(str(recorded.payload["queue"]), step.quiet)
            case Say() if recorded and recorded.kind == "draft.held":
                heard = Held(tuple(cast("list[str]", recorded.payload["reasons"])))
            case Say() if recorded and recorded.kind == "message.released":
                await _words(house, workspace, conversation, view, state, step, recorded, replay)
                return
            case Done():
                return
            case _:
                replay.differences.append(f"seq {events[0].seq}: the turn ends in another step")
                return


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
) -> None:
    """Compose and release again, and compare the words, where text and evidence still exist."""
    named = [c.hash for c in step.speech.named]
    found = await house.library.passages_by_hash(workspace, named)
    if recorded.content is None or any(h not in found for h in named):
        replay.not_comparable.append(f"seq {recorded.seq}: evidence erased")
        return
    verdict = speak(step.speech, state, view, found, str(conversation))
    if isinstance(verdict, Hold) or message_content(verdict.draft) != recorded.content:
        replay.differences.append(f"seq {recorded.seq}: the words differ")
    else:
        replay.same += 1
