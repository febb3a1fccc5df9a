"""Every kind of event, in one table, and the code that turns values into payloads and back.

I decide what an event is called and what it holds. The engine, the flows and the audit call me.
I never append anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.steps import Away, Speech
from taktvoll.domain.conversation.terms import (
    Address,
    Choice,
    Courtesy,
    Decision,
    Event,
    HandoverReason,
    Light,
    Mood,
    Need,
    QuestionFound,
    Signals,
    Urgency,
)
from taktvoll.domain.knowledge.terms import Candidate, Features, PassageKey

KINDS: Mapping[str, str] = {
    "conversation.started": "The first message opened the conversation; channel and account.",
    "message.received": "The customer wrote; the text lies beside the chain. `automatic`: a machine; `via`: by mail;"
    " `files`: the hashes of what came along.",
    "person.requested": "The customer pressed the button for a person.",
    "feedback.given": "The customer said whether an answer helped.",
    "signals.read": "What was understood of the message, with model versions.",
    "evidence.found": "What the search found, with features and confidences.",
    "answer.decided": "What the assistant decided and why.",
    "urgency.raised": "An emergency was heard in a conversation that a person owns; only the desk is told.",
    "draft.held": "A draft did not pass the release check; the reasons.",
    "message.released": "A message passed the release check and was put into the outbox; the hashes of its files.",
    "conversation.handed_over": "The assistant gave the conversation to a queue.",
    "conversation.taken_over": "A person took the conversation.",
    "conversation.handed_back": "A person gave the conversation back to the assistant.",
    "conversation.closed": "The conversation was closed.",
    "conversation.reopened": "The customer wrote again after the close, or a person opened it again.",
    "conversation.assigned": "Someone who leads gave the conversation to a person or a queue.",
    "conversation.transferred": "Its person gave the conversation on to a person or queue; a note says why.",
    "conversation.snoozed": "A person put the conversation off until a time.",
    "conversation.woken": "The conversation came back: its time came, the customer wrote, or a person wanted it.",
    "conversation.rerouted": "Answers leave by another channel from now on: which, and to which proven identity.",
    "contact.recognised": "It was proven whose conversation it is; form of address and language, where they are known.",
    "reply_address.confirmed": "A person lets answers go where a mail asks; its seq. Addresses lie beside the chain.",
    "reply_address.withdrawn": "A person took that back: answers go to the sender again.",
    "code.sent": "A one-time code left by mail, to prove an address; neither is part of the event.",
    "note.written": "A person noted something for colleagues; the text lies beside the chain.",
    "tag.added": "A tag of the workspace was put on the conversation.",
    "tag.removed": "A tag was taken off the conversation.",
    "target.missed": "A target of service hours passed without what was due; which, and when it was due.",
    "callback.wished": "The customer wishes to be called; the window. The number lies beside the chain.",
    "callback.announced": "The desk was told that the time of a call back is near.",
    "callback.passed": "The time of a call back passed, and nobody has said how it went.",
    "callback.done": "A person called back.",
    "callback.missed": "A person called back and reached nobody, or the time passed.",
    "callback.cancelled": "The customer wishes no call any more.",
    "appointment.made": "A call or video call was arranged; its time. Number and link lie beside the chain.",
    "appointment.moved": "The appointment got another time; number and link stay.",
    "appointment.announced": "The desk was told that an appointment is near.",
    "appointment.reminded": "A reminder for the customer was released; words and address lie beside the chain.",
    "appointment.passed": "The appointment's time passed, and nobody has said how it went.",
    "appointment.done": "The appointment took place.",
    "appointment.missed": "The appointment's time came and one side was not there.",
    "appointment.cancelled": "The appointment was called off.",
    "delivery.confirmed": "The customer's device confirmed what it showed, or a mail server reported arrival.",
    "delivery.sent": "The next server took the message: attempts, reply code, and its idempotency key.",
    "delivery.delayed": "An attempt to send failed for now; the reason as a code, and when the next one is due.",
    "delivery.failed": "The message will not arrive; the reason as a code. A person gets the conversation.",
    "suggestion.settled": "A person accepted, edited or rejected a suggestion, by their reply or by saying so.",
}
"""Event kinds and what each means; docs/reference.md is made from this table."""

SCHEMAS: Mapping[str, int] = {
    "signals.read": 2,
    "evidence.found": 2,
    "answer.decided": 3,
    "conversation.handed_back": 2,
}
"""Kinds whose payload or meaning has grown since the first programs; what is not named is still of schema 1.

Since schema 2 a hand-back also ends what the assistant had offered before people came: choices, and a person. Since
schema 3 a decision names the questions that its suggestion leaves open.
"""

CUSTOMER_KINDS = ("message.received", "person.requested")
"""Kinds that ask for an answer and raise last_customer_seq."""


def asks(event: Event) -> bool:
    """Whether an event asks for an answer: a customer's message or their button, not what a machine wrote by mail."""
    return event.kind in CUSTOMER_KINDS and not event.payload.get("automatic")


def files_in(event: Event) -> int:
    """How many files came along with a customer's message."""
    return len(cast("list[object]", event.payload.get("files", [])))


def signals_payload(
    customer_seq: int, signals: Signals, asked_person: bool, chosen: PassageKey | None
) -> dict[str, object]:
    """Write signals so that they can be read back exactly."""
    return {
        "address": signals.address.value if signals.address else None,
        "affirms": signals.affirms,
        "asked_person": asked_person,
        "chosen": list(chosen) if chosen else None,
        "courtesy": signals.courtesy.value if signals.courtesy else None,
        "customer_seq": customer_seq,
        "follows_up": signals.follows_up,
        "insults": signals.insults,
        "language": signals.language,
        "language_ppm": signals.language_ppm,
        "mixed_language": signals.mixed_language,
        "mood": asdict(signals.mood),
        "needs": [[n.reason.value, n.ppm, list(n.because)] for n in signals.needs],
        "picks": signals.picks,
        "questions": [list(place) for place in signals.questions],
        "urgency": signals.urgency.value,
        "versions": list(signals.versions),
        "wants_person": signals.wants_person is not None,
    }


def signals_from(payload: Mapping[str, object]) -> Signals:
    """Read signals back; the customer's words are personal and are not kept, only that they were there.

    Records from before a signal existed read as if it had not been heard.
    """
    p = cast("Mapping[str, Any]", payload)
    needs = (Need(HandoverReason(r), ppm, tuple(because)) for r, ppm, because in p.get("needs", ()))
    return Signals(
        language=p["language"],
        language_ppm=p["language_ppm"],
        wants_person="" if p["wants_person"] else None,
        affirms=p["affirms"],
        courtesy=Courtesy(p["courtesy"]) if p["courtesy"] else None,
        picks=p["picks"],
        versions=tuple(p["versions"]),
        mixed_language=p.get("mixed_language", False),
        address=Address(p["address"]) if p.get("address") else None,
        mood=Mood(**p.get("mood", {})),
        urgency=Urgency(p.get("urgency", Urgency.NORMAL)),
        insults=p.get("insults", False),
        needs=tuple(needs),
        follows_up=p.get("follows_up", False),
        questions=tuple((start, end) for start, end in p.get("questions", ())),
    )


def chosen_from(payload: Mapping[str, object]) -> PassageKey | None:
    """Read back, from signals, the entry that the customer chose among the offered ones."""
    return _key(payload["chosen"])


def _key(parts: object) -> PassageKey | None:
    return PassageKey(*cast("list[str]", parts)) if parts else None


def candidates_payload(
    candidates: Sequence[Candidate], confidences: Sequence[int]
) -> list[dict[str, object]]:
    """Write candidates with their confidences."""
    return [
        {
            "confidence": confidence,
            "features": c.features.stored(),
            "hash": c.hash,
            "key": list(c.key),
            "score": c.score,
        }
        for c, confidence in zip(candidates, confidences, strict=True)
    ]


def candidates_from(payload: object) -> tuple[tuple[Candidate, ...], tuple[int, ...]]:
    """Read candidates and their confidences back."""
    rows = cast("list[dict[str, Any]]", payload)
    found = tuple(
        Candidate(PassageKey(*r["key"]), r["hash"], r["score"], Features(**r["features"])) for r in rows
    )
    return found, tuple(r["confidence"] for r in rows)


def questions_payload(questions: Sequence[QuestionFound]) -> list[list[dict[str, object]]]:
    """Write what was found for each of several questions."""
    return [candidates_payload(q.candidates, q.confidences) for q in questions]


def questions_from(payload: object) -> tuple[QuestionFound, ...]:
    """Read what was found for each of several questions back."""
    return tuple(QuestionFound(*candidates_from(rows)) for rows in cast("list[object]", payload or []))


def choices_payload(choices: Sequence[Choice]) -> list[list[str]]:
    """Write offered choices."""
    return [[*c.key, c.hash] for c in choices]


def choices_from(payload: object) -> tuple[Choice, ...]:
    """Read offered choices back."""
    return tuple(Choice(PassageKey(a, b, c), h) for a, b, c, h in cast("list[list[str]]", payload))


def light_payload(topic: str | None, light: Light | None, shadow: bool) -> dict[str, object]:
    """Write a topic, its light and whether the assistant answers only to itself; what is not so is left out."""
    fields = {"topic": topic, "light": light.value if light and topic else None, "shadow": shadow or None}
    return {name: value for name, value in fields.items() if value is not None}


def light_from(payload: Mapping[str, object]) -> tuple[str | None, Light, bool]:
    """Read topic, light and shadow back; records from before there were topics say nothing of them."""
    topic = payload.get("topic")
    light = Light(str(payload.get("light", Light.PROBATION)))
    return str(topic) if topic is not None else None, light, bool(payload.get("shadow"))


def files_payload(files: int, wordless: bool) -> dict[str, object]:
    """Write how many files came along and whether nothing was written besides; what is not so is left out."""
    fields: dict[str, object] = {"files": files, "wordless": wordless}
    return {name: value for name, value in fields.items() if value}


def files_from(payload: Mapping[str, object]) -> tuple[int, bool]:
    """Read that back; records from before customers could send files say nothing of them."""
    return int(str(payload.get("files", 0))), bool(payload.get("wordless"))


def suggestion_payload(decision: Decision, because: str, speech: Speech | None) -> dict[str, object]:
    """Write what the assistant would have said, for a person to use or for a comparison.

    `open` are the places, in the customer's message, of the questions that it leaves without an answer.
    """
    passage = speech.passage if speech else None
    left = [a for a in speech.asked if a.answer is None] if speech and speech.open else []
    return {
        "because": because,
        "choices": choices_payload(speech.choices if speech else ()),
        "decision": decision.value,
        "open": [[a.start, a.end] for a in left],
        "passage": [*passage.key, passage.hash] if passage else None,
        "passages": choices_payload(speech.passages if speech else ()),
    }


def away_payload(away: Away | None) -> dict[str, object]:
    """Write when people are back, for a handover at a time when nobody is there; nothing where somebody is."""
    if away is None:
        return {}
    back_at = rfc3339(away.back_at) if away.back_at else None
    return {"away": {"back_at": back_at, "callback": away.callback, "email": away.email, "zone": away.zone}}


def away_from(payload: Mapping[str, object]) -> Away | None:
    """Read back when people were to be back."""
    if not payload.get("away"):
        return None
    p = cast("Mapping[str, Any]", payload["away"])
    back_at = parse_time(p["back_at"]) if p["back_at"] else None
    return Away(back_at, p["zone"], p["callback"], p["email"])
