"""The state of a conversation, folded from its events by one pure function.

I decide what an event changes. The engine, the flows and the audit call me; the stored snapshot is only a cache of me.
I never look at personal text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.events import (
    candidates_from,
    candidates_payload,
    choices_from,
    choices_payload,
    chosen_from,
    files_from,
    files_payload,
    light_from,
    light_payload,
    questions_from,
    questions_payload,
    signals_from,
    signals_payload,
)
from taktvoll.domain.conversation.terms import (
    Address,
    Call,
    CallKind,
    Clocks,
    Decision,
    Event,
    HandoverReason,
    Medium,
    NewEvent,
    Owner,
    OwnerKind,
    Route,
    State,
    Told,
    Turn,
    Urgency,
)

SNAPSHOT_SCHEMA = 7
MOODS_KEPT = 10
_CLOCKS = ("asked_at", "ai_at", "handed_at", "person_at", "closed_at")


def fold(state: State, event: Event) -> State:
    """Apply one event; unknown kinds only move last_seq, so that older programs read newer records."""
    change = _CHANGES.get(event.kind)
    changed = change(state, event, cast("Mapping[str, Any]", event.payload)) if change else state
    return replace(changed, last_seq=event.seq)


def fold_all(state: State, events: Iterable[Event]) -> State:
    """Apply events in order."""
    for event in events:
        state = fold(state, event)
    return state


def fold_new(state: State, *events: NewEvent) -> State:
    """Apply events that are about to be appended, in order, each in the place it will have."""
    for event in events:
        state = fold(state, event.placed(state.last_seq + 1))
    return state


def _started(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, channel=p["channel"], account=p["account"], language=p["language"])


def _customer(state: State, event: Event, p: Mapping[str, Any]) -> State:
    if p.get("automatic"):  # a machine wrote it: on record, but it asks for nothing
        return state
    wrote = replace(state, last_customer_seq=event.seq, customer_at=event.at, snoozed_until=None)
    clocks = replace(state.clocks, asked_at=state.clocks.asked_at or event.at)
    away = state.route is not None and p.get("via") == state.route.channel  # they are where they wrote last
    return replace(wrote, undecided=state.undecided + 1, turn=None, clocks=clocks, away=away)


def _signals(state: State, event: Event, p: Mapping[str, Any]) -> State:
    turn = _heard(p)
    moods = (*state.moods, turn.signals.mood.valence)[-MOODS_KEPT:] if "mood" in p else state.moods
    heard = replace(state, turn=turn, language=turn.signals.language or state.language, moods=moods)
    return replace(heard, address=turn.signals.address or state.address)


def _heard(p: Mapping[str, Any]) -> Turn:
    """A turn as far as it is known when its message has been understood."""
    topic, _, shadow = light_from(p)
    files, wordless = files_from(p)
    return Turn(
        p["customer_seq"],
        signals_from(p),
        p["asked_person"],
        chosen_from(p),
        topic=topic,
        shadow=shadow,
        files=files,
        wordless=wordless,
    )


def _evidence(state: State, event: Event, p: Mapping[str, Any]) -> State:
    if state.turn is None:
        return state
    candidates, confidences = candidates_from(p["candidates"])
    topic, light, shadow = light_from(p)
    found = replace(state.turn, candidates=candidates, confidences=confidences)
    found = replace(found, questions=questions_from(p.get("questions")))
    return replace(state, turn=replace(found, topic=topic, light=light, shadow=shadow or state.turn.shadow))


def _decided(state: State, event: Event, p: Mapping[str, Any]) -> State:
    declined = p["decision"] == Decision.DECLINE
    needed = _needed(state, p["handover"]) if p.get("handover") else ()
    return replace(
        state,
        reasons=needed,
        urgency=Urgency(p["urgency"]) if needed else Urgency.NORMAL,
        decided_customer_seq=p["customer_seq"],
        undecided=0,
        declines=state.declines + 1 if declined else 0,
        offered_person=declined or bool(p.get("open")),
        turn=None,
        choices=choices_from(p["choices"]),
    )


def _needed(state: State, reason: str) -> tuple[HandoverReason, ...]:
    """The main reason, then whatever else was heard in the message."""
    main = HandoverReason(reason)
    heard = state.turn.signals.needs if state.turn else ()
    return (main, *dict.fromkeys(n.reason for n in heard if n.reason is not main))


def _raised(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """An emergency in a person's conversation; the turn is theirs, so nothing is decided."""
    return replace(state, reasons=_needed(state, p["reason"]), urgency=Urgency(p["urgency"]), turn=None)


def _released(state: State, event: Event, p: Mapping[str, Any]) -> State:
    shown, clocks = replace(state, notice_version=p["notice"] or state.notice_version), state.clocks
    if p["author"] == "person":  # whatever was asked until now has been dealt with by a person
        clocks = replace(clocks, person_at=clocks.person_at or event.at)
        return replace(shown, decided_customer_seq=state.last_customer_seq, undecided=0, clocks=clocks)
    if state.owner.kind is OwnerKind.ASSISTANT:  # the notice of a handover is no answer
        return replace(shown, clocks=replace(clocks, ai_at=clocks.ai_at or event.at))
    return shown


def _handed_over(state: State, event: Event, p: Mapping[str, Any]) -> State:
    owned = _owned_by_people(state, Owner(OwnerKind.QUEUE, p["queue"]), p["epoch"], event.at)
    handed = replace(owned, offered_person=False, choices=())
    if "reason" not in p:  # the decision before it said why
        return handed
    return replace(handed, reasons=(HandoverReason(p["reason"]),), urgency=Urgency(p["urgency"]))


def _taken_over(state: State, event: Event, p: Mapping[str, Any]) -> State:
    owned = _owned_by_people(state, Owner(OwnerKind.PERSON, p["staff"]), p["epoch"], event.at)
    return replace(owned, closed=False)


def _moved(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """Assigned or transferred: to a person or a queue."""
    kind, name = p["to"]
    return _owned_by_people(state, Owner(OwnerKind(kind), name), p["epoch"], event.at)


def _owned_by_people(state: State, owner: Owner, epoch: int, at: datetime) -> State:
    """Give it to people; whoever gets it sees it at once, so it no longer sleeps."""
    clocks = replace(state.clocks, handed_at=state.clocks.handed_at or at)
    queue = owner.id if owner.kind is OwnerKind.QUEUE else state.queue
    return replace(state, owner=owner, owner_epoch=epoch, queue=queue, snoozed_until=None, clocks=clocks)


def _handed_back(state: State, event: Event, p: Mapping[str, Any]) -> State:
    if event.schema >= 2:  # in older records what was offered still held, and was answered so
        state = replace(state, choices=(), offered_person=False)
    return replace(
        state,
        owner=Owner(OwnerKind.ASSISTANT),
        owner_epoch=p["epoch"],
        decided_customer_seq=state.last_customer_seq,
        undecided=0,
        declines=0,
        reasons=(),
        urgency=Urgency.NORMAL,
        snoozed_until=None,
        clocks=state.clocks if state.clocks.person_at else replace(state.clocks, handed_at=None),
    )


def _closed(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(
        state,
        owner=Owner(OwnerKind.ASSISTANT),
        owner_epoch=p["epoch"],
        closed=True,
        decided_customer_seq=state.last_customer_seq,
        undecided=0,
        declines=0,
        offered_person=False,
        choices=(),
        turn=None,
        moods=(),
        reasons=(),
        urgency=Urgency.NORMAL,
        snoozed_until=None,
        clocks=replace(state.clocks, closed_at=event.at),
    )


def _reopened(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, closed=False, clocks=Clocks())


def _rerouted(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """Until the customer writes where the conversation began, answers go the other way."""
    return replace(state, route=Route(p["channel"], p["account"], p["identity"]), away=True)


def _redirected(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, redirected=event.seq)


def _directed_back(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, redirected=0)


def _recognised(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """What is known of the person fills in what the conversation itself has not shown yet."""
    known = Address(p["address"]) if p["address"] else None
    return replace(state, address=state.address or known, language=state.language or p["language"] or None)


def _snoozed(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, snoozed_until=parse_time(p["until"]))


def _woken(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, snoozed_until=None)


def _undelivered(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """A message that will not arrive brings the conversation back; over a code or a reminder nobody need look."""
    return state if p.get("about") else _woken(state, event, p)


def _tagged(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, tags=tuple(sorted({*state.tags, p["tag"]})))


def _untagged(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, tags=tuple(t for t in state.tags if t != p["tag"]))


def _call_arranged(state: State, event: Event, p: Mapping[str, Any]) -> State:
    since, until = (parse_time(at) for at in p["window"])
    kind = CallKind(event.kind.partition(".")[0])
    call = Call(event.seq, kind, since, until, Medium(p.get("medium", Medium.PHONE)), timed_at=event.at)
    return replace(state, calls=(*state.calls, call))


def _call_moved(state: State, event: Event, p: Mapping[str, Any]) -> State:
    """At its new time everybody is told anew."""
    since, until = (parse_time(at) for at in p["window"])
    return _with_call(
        state,
        p["about"],
        lambda call: replace(
            call,
            since=since,
            until=until,
            told=Told.NOTHING,
            reminded=False,
            timed_at=event.at,
            moves=call.moves + 1,
        ),
    )


def _call_announced(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return _with_call(state, p["about"], lambda call: replace(call, told=Told.NEAR))


def _call_passed(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return _with_call(state, p["about"], lambda call: replace(call, told=Told.PASSED))


def _call_reminded(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return _with_call(state, p["about"], lambda call: replace(call, reminded=True))


def _with_call(state: State, seq: int, change: Callable[[Call], Call]) -> State:
    return replace(state, calls=tuple(change(x) if x.seq == seq else x for x in state.calls))


def _call_settled(state: State, event: Event, p: Mapping[str, Any]) -> State:
    return replace(state, calls=tuple(x for x in state.calls if x.seq != p["about"]))


_CHANGES: Mapping[str, Callable[[State, Event, Mapping[str, Any]], State]] = {
    "conversation.started": _started,
    "message.received": _customer,
    "person.requested": _customer,
    "signals.read": _signals,
    "evidence.found": _evidence,
    "answer.decided": _decided,
    "urgency.raised": _raised,
    "message.released": _released,
    "conversation.handed_over": _handed_over,
    "conversation.taken_over": _taken_over,
    "conversation.handed_back": _handed_back,
    "conversation.closed": _closed,
    "conversation.reopened": _reopened,
    "callback.wished": _call_arranged,
    "callback.announced": _call_announced,
    "callback.passed": _call_passed,
    "callback.done": _call_settled,
    "callback.missed": _call_settled,
    "callback.cancelled": _call_settled,
    "appointment.made": _call_arranged,
    "appointment.moved": _call_moved,
    "appointment.announced": _call_announced,
    "appointment.reminded": _call_reminded,
    "appointment.passed": _call_passed,
    "appointment.done": _call_settled,
    "appointment.missed": _call_settled,
    "appointment.cancelled": _call_settled,
    "conversation.assigned": _moved,
    "conversation.transferred": _moved,
    "conversation.snoozed": _snoozed,
    "conversation.woken": _woken,
    "conversation.rerouted": _rerouted,
    "reply_address.confirmed": _redirected,
    "reply_address.withdrawn": _directed_back,
    "contact.recognised": _recognised,
    "delivery.failed": _undelivered,
    "tag.added": _tagged,
    "tag.removed": _untagged,
}


def snapshot(state: State) -> dict[str, object]:
    """Write the state as plain JSON values for the cache."""
    turn = state.turn
    return {
        "schema": SNAPSHOT_SCHEMA,
        "channel": state.channel,
        "account": state.account,
        "language": state.language,
        "owner": [state.owner.kind.value, state.owner.id],
        "owner_epoch": state.owner_epoch,
        "last_customer_seq": state.last_customer_seq,
        "decided_customer_seq": state.decided_customer_seq,
        "undecided": state.undecided,
        "last_seq": state.last_seq,
        "closed": state.closed,
        "notice_version": state.notice_version,
        "declines": state.declines,
        "offered_person": state.offered_person,
        "choices": choices_payload(state.choices),
        "turn": _turn_fields(turn) if turn else None,
        "customer_at": _written(state.customer_at),
        "moods": list(state.moods),
        "reasons": [r.value for r in state.reasons],
        "urgency": state.urgency.value,
        "calls": [_call_fields(call) for call in state.calls],
        "address": state.address.value if state.address else None,
        "queue": state.queue,
        "tags": list(state.tags),
        "snoozed_until": _written(state.snoozed_until),
        "clocks": {name: _written(getattr(state.clocks, name)) for name in _CLOCKS},
        "route": [state.route.channel, state.route.account, state.route.identity] if state.route else None,
        "away": state.away,
        "redirected": state.redirected,
    }


def _call_fields(call: Call) -> list[object]:
    """One call; the store finds what is near by the places of kind, times and what was told (migration 0021)."""
    return [
        call.seq,
        call.kind.value,
        rfc3339(call.since),
        rfc3339(call.until),
        call.medium.value,
        call.told.value,
        call.reminded,
        _written(call.timed_at),
        call.moves,
    ]


def call_from(row: Sequence[Any]) -> Call:
    """Read a call of a snapshot back; an older program wrote its first five fields only."""
    seq, kind, since, until, medium, *rest = row
    told, reminded, timed_at, moves = rest or ("", False, None, 0)
    return Call(
        seq,
        CallKind(kind),
        parse_time(since),
        parse_time(until),
        Medium(medium),
        Told(told),
        reminded,
        _read(timed_at),
        moves,
    )


def _written(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None


def _read(text: str | None) -> datetime | None:
    return parse_time(text) if text else None


def _turn_fields(turn: Turn) -> dict[str, object]:
    found = turn.candidates
    return {
        "signals": signals_payload(turn.customer_seq, turn.signals, turn.asked_person, turn.chosen)
        | files_payload(turn.files, turn.wordless),
        "candidates": None if found is None else candidates_payload(found, turn.confidences),
        "questions": questions_payload(turn.questions),
        "light": light_payload(turn.topic, turn.light, turn.shadow),
    }


def state_from(fields: Mapping[str, Any]) -> State | None:
    """Read a snapshot back; None where an older program wrote it, so that the caller folds from the start."""
    if fields.get("schema") != SNAPSHOT_SCHEMA:
        return None
    return State(
        channel=fields["channel"],
        account=fields["account"],
        language=fields["language"],
        owner=Owner(OwnerKind(fields["owner"][0]), fields["owner"][1]),
        owner_epoch=fields["owner_epoch"],
        last_customer_seq=fields["last_customer_seq"],
        decided_customer_seq=fields["decided_customer_seq"],
        undecided=fields["undecided"],
        last_seq=fields["last_seq"],
        closed=fields["closed"],
        notice_version=fields["notice_version"],
        declines=fields["declines"],
        offered_person=fields["offered_person"],
        choices=choices_from(fields["choices"]),
        turn=_turn_from(fields["turn"]) if fields["turn"] else None,
        customer_at=_read(fields["customer_at"]),
        moods=tuple(fields["moods"]),
        reasons=tuple(HandoverReason(r) for r in fields["reasons"]),
        urgency=Urgency(fields["urgency"]),
        calls=tuple(call_from(row) for row in fields["calls"]),
        address=Address(fields["address"]) if fields["address"] else None,
        queue=fields["queue"],
        tags=tuple(fields["tags"]),
        snoozed_until=_read(fields["snoozed_until"]),
        clocks=Clocks(**{name: _read(fields["clocks"][name]) for name in _CLOCKS}),
        route=Route(*fields["route"]) if fields["route"] else None,
        away=fields["away"],
        redirected=fields["redirected"],
    )


def _turn_from(fields: Mapping[str, Any]) -> Turn:
    topic, light, shadow = light_from(fields.get("light", {}))
    turn = replace(_heard(fields["signals"]), topic=topic, light=light, shadow=shadow)
    if fields["candidates"] is None:
        return turn
    candidates, confidences = candidates_from(fields["candidates"])
    questions = questions_from(fields.get("questions"))
    return replace(turn, candidates=candidates, confidences=confidences, questions=questions)
