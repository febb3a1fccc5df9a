"""One question from the command line, as a fresh conversation through the same flows as the chat.

I decide how a turn reads as one line of output. The command `taktvoll ask` and the measurements call me.
I never take a short cut past the record or the release, and never leave anyone waiting at the desk: nobody could answer
a command that has ended.
"""

import json
from dataclasses import asdict
from time import perf_counter
from typing import Any, cast

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, uuid7
from taktvoll.domain.conversation.events import signals_from
from taktvoll.domain.conversation.ports import COMMAND, Account, Change
from taktvoll.domain.conversation.reasons import EMERGENCIES
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import (
    Decision,
    Event,
    HandoverReason,
    Light,
    NewEvent,
    OwnerKind,
    Signals,
    State,
    Urgency,
)
from taktvoll.domain.governance.wording import text_of_json
from taktvoll.flows.confirm_delivery import confirm_delivery
from taktvoll.flows.house import House
from taktvoll.flows.receive_message import Incoming, Received, receive_message


async def ask(house: House, account: Account, id: str, text: str, language: str | None) -> dict[str, object]:
    """Ask and give the pinned line of output.

    Raises: Refused for texts beyond the limits.
    """
    started = perf_counter()
    conversation = ConversationId(uuid7(house.now()))
    incoming = Incoming(
        account=account, conversation=conversation, provider_id=str(conversation), text=text, language=language
    )  # fmt: skip
    received = await receive_message(house, incoming)
    if received.events:
        await confirm_delivery(house, account.workspace, conversation, received.events[-1].seq)
    elapsed_ms = round((perf_counter() - started) * 1000, 2)
    if received.state.owner.kind is not OwnerKind.ASSISTANT and account.channel == COMMAND:
        await _close(house, account, conversation, received.state)
    return _line(id, text, received) | {"conversation": str(conversation), "elapsed_ms": elapsed_ms}


async def _close(house: House, account: Account, conversation: ConversationId, state: State) -> None:
    """Take a conversation that was handed over out of the queue; what was decided stays on record.

    If this process ends before, or something came between, the desk leaves it out all the same, by its channel.
    """
    payload = {"by": account.name, "epoch": state.owner_epoch + 1}
    stored = await house.record.access(account.workspace, conversation)
    event = NewEvent("conversation.closed", house.now(), account.channel, payload)
    change = Change(
        workspace=account.workspace,
        conversation=conversation,
        at=event.at,
        events=(event,),
        state=fold_new(stored.state, event),
        expect_epoch=state.owner_epoch,
    )
    await house.record.decide(change)


def _line(id: str, text: str, received: Received) -> dict[str, object]:
    decided = _payload(received.events, "answer.decided")
    if decided is None:
        raise Refused("turn.contended")
    evidence, read = _payload(received.events, "evidence.found"), _payload(received.events, "signals.read")
    assert read is not None, "a decision rests on signals"
    signals = signals_from(read)
    released = next((e for e in reversed(received.events) if e.kind == "message.released"), None)
    content: dict[str, Any] = json.loads(released.content) if released and released.content else {}
    said, confidence = text_of_json(released.content if released else None), decided["confidence"]
    handover = _handover(received.events, decided, signals)
    decision = Decision.HANDOVER.value if handover else decided["decision"]
    sources = [
        {"id": s["id"], "title": s["title"], "collection": s["collection"], "url": s["url"]}
        for s in content.get("sources", [])
    ]
    return {
        "id": id,
        "decision": decision,
        "light": decided.get("light", Light.PROBATION.value),
        "text": said,
        "sources": sources,
        "choices": [{"id": c["key"][1], "question": c["label"]} for c in content.get("choices", [])],
        "candidates": _candidates(evidence),
        "parts": _parts(text, received.events, content, sources)
        or [{"question": text, "decision": decision, "text": said, "sources": sources}],
        "confidence": None if confidence is None else confidence / 1_000_000,
        "topic": decided.get("topic"),
        "language": received.state.language or decided["language"],
        "mood": {name: value / 1_000_000 for name, value in asdict(signals.mood).items()},
        "urgency": decided.get("urgency", Urgency.NORMAL.value),
        "handover": handover,
        "emergency": EMERGENCIES.get(decided["handover"]) if handover else None,
        "address": signals.address.value if signals.address else None,
        "author": "assistant",
    }


def _parts(
    text: str, events: tuple[Event, ...], content: dict[str, Any], sources: list[dict[str, Any]]
) -> list[dict[str, object]]:
    """What became of each of several questions; nothing where the message was answered as one."""
    heard, found = _payload(events, "signals.read"), _payload(events, "evidence.found")
    decided = _payload(events, "answer.decided") or {}
    if not heard or not found or decided.get("because") != "several_questions":
        return []
    said = dict(
        zip(
            (s["id"] for s in sources),
            (p["text"] for p in content["parts"] if p["kind"] == "text"),
            strict=False,
        )
    )
    parts: list[dict[str, object]] = []
    for (start, end), candidates in zip(heard["questions"], found["questions"], strict=False):
        first = candidates[0] if candidates and candidates[0]["confidence"] >= decided["answer_at"] else None
        own = [s for s in sources if first and s["id"] == first["key"][1]]
        answer = said.get(own[0]["id"], "") if own else ""
        what = (Decision.ANSWER if own else Decision.DECLINE).value
        parts.append({"question": text[start:end], "decision": what, "text": answer, "sources": own})
    return parts


def _candidates(evidence: dict[str, Any] | None) -> list[dict[str, object]]:
    found = evidence["candidates"] if evidence else []
    return [{"id": c["key"][1], "score": c["score"] / 1_000_000} for c in found]


def _handover(
    events: tuple[Event, ...], decided: dict[str, Any], signals: Signals
) -> dict[str, object] | None:
    """Why a person takes over: the reason, how soon, and the guidelines, rules and models that said so."""
    if not any(e.kind == "conversation.handed_over" for e in events):
        return None
    reason = decided["handover"] or HandoverReason.GUIDELINE.value
    held = [r for e in events if e.kind == "draft.held" for r in cast("list[str]", e.payload["reasons"])]
    guideline = decided.get("guideline")
    first = f"guideline:{guideline}" if guideline else decided["because"] if decided["handover"] else None
    heard = [name for n in signals.needs if n.reason == reason for name in n.because]
    because = [*([first] if first else held), *heard]
    return {"reason": reason, "urgency": decided["urgency"], "because": because}


def _payload(events: tuple[Event, ...], kind: str) -> dict[str, Any] | None:
    return next((dict(e.payload) for e in events if e.kind == kind), None)
