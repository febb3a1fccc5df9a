"""One turn: understand, let the engine decide step by step, check the release, commit once, push.

I decide nothing; I perform the engine's steps and bring back their results. receive_message and the job that resumes
cut-off turns call me. I never hold a transaction open while I search, and never speak when the guards say no.
"""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass, replace

from taktvoll.base.errors import Broken
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId, uuid7
from taktvoll.base.limits import CANDIDATES_MAX, QUESTIONS_MAX, TURN_STEPS_MAX, TURN_TRIES_MAX
from taktvoll.domain.autonomy.lights import STRICTNESS, topic_of
from taktvoll.domain.conversation.engine import ASSISTANT, advance
from taktvoll.domain.conversation.events import CUSTOMER_KINDS, asks, files_in, light_from
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, OutboxRow
from taktvoll.domain.conversation.state import fold_new
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
    Speech,
    Wait,
)
from taktvoll.domain.conversation.terms import MAIL, Event, Light, NewEvent, OwnerKind, State
from taktvoll.domain.delivery.reply_address import KINDS, answers_go_to
from taktvoll.domain.governance.speaking import speak
from taktvoll.domain.governance.terms import Hold
from taktvoll.domain.governance.wording import needs_words, released_event, text_of_json
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.knowledge.terms import Candidate, Features, Passage, PassageKey
from taktvoll.domain.library.ports import Head, LoadedEdition
from taktvoll.domain.people.queues import queues_of, route
from taktvoll.flows.house import House
from taktvoll.flows.propose_wording import propose_chosen
from taktvoll.flows.read_hours import away_of

HELD_BACK = (Light.HUMAN, Light.COPILOT)
_OVERTAKEN = (DecideStatus.STATE_CHANGED, DecideStatus.CUSTOMER_WROTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The message to decide; `text` is cleaned already, `asked_person` is the button for a person.

    `chosen` is the entry that was clicked; it counts only if it is among those offered last. `files` counts what came
    along.
    """

    workspace: WorkspaceId
    conversation: ConversationId
    customer_seq: int
    text: str
    asked_person: bool = False
    chosen: PassageKey | None = None
    files: int = 0


async def answer_turn(house: House, turn: Turn, state: State, head: Head) -> tuple[State, tuple[Event, ...]]:
    """Decide a message and say what is decided.

    Takes:  state: folded up to the message; head: what was in force when it was accepted.
    Gives:  the state after the turn and its events in their places; no events if someone else was quicker, or if people
            own the conversation and it is no emergency.
    Raises: Unavailable when the database stays away; the message stays on record and is decided later.
    """
    turn = await _whole(house, replace(turn, chosen=_offered(state, turn.chosen)), state)
    for _ in range(TURN_TRIES_MAX):
        edition = await house.shelf.at(turn.workspace, head)
        change = await _decide(house, turn, state, edition, head)
        if not change.events:
            return state, ()
        decided = await house.record.decide(change)
        if decided.status is DecideStatus.OK:
            last = decided.events[-1].seq
            after = replace(change.state, last_seq=last)
            house.push.publish(
                Changed(turn.workspace, turn.conversation, last, events=decided.events, state=after)
            )
            await propose_chosen(house, turn.workspace, turn.conversation, decided.events)
            return after, decided.events
        if decided.status is not DecideStatus.LIBRARY_CHANGED:
            # By someone else, or by us before the connection broke: either way open screens must look.
            house.push.publish(Changed(turn.workspace, turn.conversation, turn.customer_seq))
            if not _still_heard(state, decided.status):
                return state, ()
            state = (await house.record.access(turn.workspace, turn.conversation)).state
            if state.owner.kind is OwnerKind.ASSISTANT:
                return state, ()
        head = await house.library.head(turn.workspace)
    return state, ()


def _still_heard(state: State, status: DecideStatus) -> bool:
    """Whether an emergency must be listened for once more: a person took over, or wrote while we listened for them."""
    theirs = state.owner.kind is not OwnerKind.ASSISTANT
    return status is DecideStatus.OWNER_CHANGED or (theirs and status in _OVERTAKEN)


def _offered(state: State, chosen: PassageKey | None) -> PassageKey | None:
    return chosen if any(c.key == chosen for c in state.choices) else None


async def _whole(house: House, turn: Turn, state: State) -> Turn:
    """Join what nobody decided yet: people write one thought in several messages, and press the button besides."""
    theirs = state.owner.kind is not OwnerKind.ASSISTANT  # heard one by one, until people answer
    if state.undecided <= 1 or turn.chosen or theirs:
        return turn
    events = await house.record.events(
        turn.workspace, turn.conversation, after=state.decided_customer_seq, kinds=CUSTOMER_KINDS
    )
    events = tuple(e for e in events if e.seq <= turn.customer_seq and asks(e))
    texts = [text_of_json(e.content) for e in events if e.content]
    asked = turn.asked_person or any(e.kind == "person.requested" for e in events)
    text = "\n".join(t for t in texts if t)
    return replace(turn, text=text, asked_person=asked, files=sum(map(files_in, events)))


async def _decide(house: House, turn: Turn, state: State, edition: LoadedEdition, head: Head) -> Change:
    """Walk the engine's steps to the end of the turn and gather its events."""
    signals = await house.understanding.read(turn.text, state.language)
    ours = state.owner.kind is OwnerKind.ASSISTANT
    heard: Input = Heard(
        turn.customer_seq,
        signals,
        turn.asked_person,
        turn.chosen,
        shadow=edition.lights.shadow,
        topic=(topic := await _topic(house, turn, edition) if ours else None),
        files=turn.files,
        wordless=bool(turn.files) and not turn.text.strip(),
    )
    before, events = state, list[NewEvent]()
    for _ in range(TURN_STEPS_MAX):
        new, step = advance(edition.view, state, heard, house.now())
        for event in new:
            state = fold_new(state, event)
            events.append(event)
        match step:
            case Search():
                heard = await _search(house, turn, edition, step, topic)
            case Say():
                heard = await _say(house, turn, edition, state, step.speech)
            case HandOver():
                queue = await _queue(house, turn.workspace, step, state, events)
                away = await away_of(house, turn.workspace, state.channel, house.now())
                heard = Queued(queue, step.quiet, away)
            case Wait() | Done():
                return _change(house, turn, before, state, events, head)
    raise Broken("turn.endless")


async def _queue(
    house: House, workspace: WorkspaceId, step: HandOver, state: State, events: Sequence[NewEvent]
) -> str:
    """Where a handover goes, by its reason, the topic just decided about, and the language."""
    decided = [e for e in events if e.kind == "answer.decided"]
    topic = light_from(decided[-1].payload)[0] if decided else None
    place = await house.directory.workspace_by_id(workspace)
    return route(queues_of(place.settings), step.reason, topic, state.language)


async def _topic(house: House, turn: Turn, edition: LoadedEdition) -> str | None:
    """What the message is about, by the topics that the edition names."""
    guess = await house.topic_reader.read(turn.workspace, edition.view.rules.topics, turn.text)
    return guess.topic if guess and guess.known else None


async def _search(house: House, turn: Turn, edition: LoadedEdition, step: Search, topic: str | None) -> Found:
    if step.chosen is not None:
        passage = await edition.passage(step.chosen)
        nothing_measured = Features(0, 0, 0, 0, 0)
        fetched = (Candidate(passage.key, passage.hash, PPM, nothing_measured),) if passage else ()
        return await _lit(edition, Found(fetched), topic)
    text = turn.text
    if step.follows_up:
        text = f"{await _before(house, turn)}\n{text}".strip()
    now, search = house.now(), edition.search
    texts = [text, *(turn.text[start:end] for start, end in step.parts[:QUESTIONS_MAX])]
    asked = [edition.view.rules.glossary.expanded(t) for t in texts]
    found = await gather(*(search.find(t, step.language, edition.usable, now, CANDIDATES_MAX) for t in asked))
    return await _lit(edition, Found(found[0], search.versions, tuple(found[1:])), topic)


async def _before(house: House, turn: Turn) -> str:
    """What the customer wrote before this message, so that “and on the phone?” is read with what it is about."""
    events = await house.record.events(turn.workspace, turn.conversation, kinds=("message.received",))
    earlier = [e for e in events if e.seq < turn.customer_seq and e.content and asks(e)]
    return text_of_json(earlier[-1].content) if earlier else ""


async def _lit(edition: LoadedEdition, found: Found, learnt: str | None) -> Found:
    """Say which topic the best entries belong to; of several the one on the strictest light speaks for all.

    A topic learnt from messages speaks before those of the entries, unless one of these is held back from the customer.
    """
    firsts = [part[0] for part in (found.candidates, *found.parts) if part]
    best = [await edition.passage(c.key, c.hash) for c in firsts]
    lights, topics = edition.lights, [topic_of(p) for p in best if p]
    if learnt is not None:
        topics = [learnt, *(t for t in topics if lights.shadows(t) or lights.of(t) in HELD_BACK)]
    topic = min(topics, key=lambda t: (not lights.shadows(t), STRICTNESS.index(lights.of(t))), default=None)
    return replace(found, topic=topic, light=lights.of(topic), shadow=lights.shadows(topic))


async def _say(house: House, turn: Turn, edition: LoadedEdition, state: State, speech: Speech) -> Input:
    found = await _passages(edition, speech)
    if any(c.hash not in found for c in speech.passages):
        return Held(("evidence.gone",))
    claimed = turn.text if needs_words(speech, state.way) else ""
    customer = await _customer(house, turn) if state.way == MAIL else ""
    verdict = speak(speech, state, edition.view, found, str(turn.conversation), claimed, customer)
    if isinstance(verdict, Hold):
        return Held(verdict.reasons)
    return Passed(released_event(verdict.draft, house.now(), ASSISTANT))


async def _customer(house: House, turn: Turn) -> str:
    """What the customer calls themselves in the mail that is decided."""
    events = await house.record.events(turn.workspace, turn.conversation, kinds=("message.received", *KINDS))
    to = answers_go_to([e for e in events if e.seq <= turn.customer_seq])
    return to.name if to else ""


async def _passages(edition: LoadedEdition, speech: Speech) -> dict[str, Passage]:
    found = [await edition.passage(c.key, c.hash) for c in speech.named]
    return {p.hash: p for p in found if p is not None}


def _change(
    house: House, turn: Turn, before: State, after: State, events: list[NewEvent], head: Head
) -> Change:
    outbox = tuple(
        OutboxRow(OutboxId(uuid7(e.at)), place, str(e.payload["channel"]), str(turn.conversation))
        for place, e in enumerate(events)
        if e.kind == "message.released"
    )
    return Change(
        workspace=turn.workspace,
        conversation=turn.conversation,
        at=house.now(),
        events=events,
        state=after,
        outbox=outbox,
        expect_epoch=before.owner_epoch,
        expect_customer_seq=before.last_customer_seq,
        turn=turn.customer_seq,
        expect_revision=head.revision,
    )
