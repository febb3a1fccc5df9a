"""A conversation as people see it: messages with their sources and marks, and who owns it.

I decide which events are shown and how. The chat and the desk call me. I never show an internal event to a customer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from taktvoll.base.downloads import size_of
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.files import enclosed_with
from taktvoll.domain.conversation.terms import Event, OwnerKind, State
from taktvoll.domain.governance.terms import PartKind
from taktvoll.flows.house import House

SHOWN = (
    "message.received",
    "message.released",
    "feedback.given",
    "person.requested",
    "conversation.handed_over",
    "conversation.taken_over",
    "conversation.handed_back",
    "conversation.closed",
    "conversation.assigned",
    "conversation.transferred",
    "callback.cancelled",
    "appointment.cancelled",
)

_SYSTEM: Mapping[str, tuple[str, str]] = {
    "person.requested": ("Sie haben um einen Menschen gebeten.", "You asked for a person."),
    "conversation.taken_over": (
        "{name} hat das Gespräch übernommen. Sie schreiben jetzt mit einem Menschen.",
        "{name} has joined. You are now writing with a person.",
    ),
    "conversation.handed_back": (
        "Ab hier antwortet wieder die KI-Assistenz.",
        "From here on the AI assistant answers again.",
    ),
    "conversation.closed": (
        "Das Gespräch wurde beendet. Sie können jederzeit wieder schreiben.",
        "The conversation has been closed. You can write again at any time.",
    ),
    "callback.cancelled": ("Der Rückruf ist abgesagt.", "The call back has been called off."),
    "appointment.cancelled": ("Der Termin ist abgesagt.", "The appointment has been called off."),
}
_SAID = (PartKind.ALERT, PartKind.TEXT, PartKind.GREETING, PartKind.LEAD, PartKind.CLOSING)
NAMING = ("conversation.taken_over", "conversation.assigned", "conversation.transferred")
"""Kinds whose text is the name of the person who has the conversation from then on."""

_MOVED: Mapping[str, tuple[str, str]] = {
    "person": (
        "{name} kümmert sich jetzt um Ihr Anliegen.",
        "{name} is now looking after your request.",
    ),
    "queue": (
        "Ihr Anliegen wurde an Kolleginnen und Kollegen weitergegeben. Ein Mensch meldet sich bei Ihnen.",
        "Your request has been passed on to colleagues. A person will get back to you.",
    ),
}
_ERASED = ("Dieser Text wurde gelöscht.", "This text has been erased.")


@dataclass(frozen=True, slots=True)
class View:
    """What a screen shows: messages as plain JSON values, the owner, and how far it goes."""

    messages: tuple[dict[str, object], ...]
    owner: dict[str, object]
    closed: bool
    last_seq: int


async def read_conversation(
    house: House, workspace: WorkspaceId, conversation: ConversationId, after: int = 0
) -> View:
    """Load what a screen shows after a seq.

    Raises: Refused("conversation.unknown").
    """
    stored = await house.record.access(workspace, conversation)
    events = await house.record.events(workspace, conversation, after=after, kinds=SHOWN)
    if stored.state.owner.kind is OwnerKind.PERSON and not any(e.kind in NAMING for e in events):
        events = (*await house.record.events(workspace, conversation, kinds=NAMING), *events)
    language = stored.state.language or "de"
    shown = messages_of(events, language)
    return View(
        tuple(m for m in shown if int(str(m["seq"])) > after),
        owner_of(stored.state, events),
        stored.state.closed,
        stored.state.last_seq,
    )


def messages_of(events: Sequence[Event], language: str) -> tuple[dict[str, object], ...]:
    """Turn events into messages, each with the feedback it was given."""
    feedback = {e.payload["about"]: e.payload["value"] for e in events if e.kind == "feedback.given"}
    return tuple(m for e in events if (m := _message(e, language, feedback.get(e.seq))) is not None)


def owner_of(state: State, events: Sequence[Event]) -> dict[str, object]:
    """Who owns the conversation, with the name of a person."""
    name = None
    if state.owner.kind is OwnerKind.PERSON:
        named = [e for e in events if e.kind in NAMING]
        name = _content(named[-1]).get("text") if named else None
    return {"kind": state.owner.kind.value, "name": name}


def _message(event: Event, language: str, feedback: object) -> dict[str, object] | None:
    if event.kind == "message.received":
        return _base(event, "customer") | {
            "text": _content(event).get("text", _in(language, _ERASED)),
            "id": event.payload["id"],
            "files": _files(event, language),
        }
    if event.kind == "message.released":
        return _released(event, language, feedback)
    if event.kind in _SYSTEM:
        name = _content(event).get("text") or ("Jemand" if language.startswith("de") else "Someone")
        return _base(event, "system") | {"text": _in(language, _SYSTEM[event.kind]).format(name=name)}
    if event.kind in NAMING:
        return _moved(event, language)
    return None


def _moved(event: Event, language: str) -> dict[str, object] | None:
    """Who has it now; that it changed from one queue to another is nothing to the customer."""
    to, before = cast("list[str]", event.payload["to"])[0], cast("list[str]", event.payload["from"])[0]
    if to == before == OwnerKind.QUEUE.value:
        return None
    name = _content(event).get("text") or ("Jemand" if language.startswith("de") else "Someone")
    return _base(event, "system") | {"text": _in(language, _MOVED[to]).format(name=name)}


def _released(event: Event, language: str, feedback: object) -> dict[str, object]:
    content, payload = _content(event), event.payload
    parts: list[dict[str, Any]] = content.get("parts", [])

    def said(*kinds: PartKind) -> str | None:
        return "\n\n".join(p["text"] for p in parts if p["kind"] in kinds) or None

    choices = [
        {"label": c["label"], "collection": c["key"][0], "id": c["key"][1], "language": c["key"][2]}
        for c in content.get("choices", [])
    ]
    return _base(event, str(payload["author"])) | {
        "name": content.get("name") or None,
        "id": payload.get("id"),
        "text": said(*_SAID) or _in(language, _ERASED),
        "alert": any(p["kind"] == PartKind.ALERT.value for p in parts),
        "quote": said(PartKind.QUOTE),
        "notice": said(PartKind.NOTICE),
        "hint": said(PartKind.HINT),
        "language": payload["language"],
        "sources": content.get("sources", []),
        "files": _files(event, language),
        "choices": choices,
        "generated": payload["generated"],
        "decision": payload["decision"],
        "feedback": feedback,
    }


def _files(event: Event, language: str) -> list[dict[str, object]]:
    """What came along with a message, by its place in it."""
    return [
        {
            "place": place,
            "name": f.name,
            "size": f.size,
            "shown": size_of(f.size, language),
            "type": f.type,
        }
        for place, f in enumerate(enclosed_with(event))
    ]


def _base(event: Event, author: str) -> dict[str, object]:
    return {
        "seq": event.seq,
        "at": rfc3339(event.at),
        "author": author,
        "name": None,
        "id": None,
        "notice": None,
        "hint": None,
        "alert": False,
        "quote": None,
        "language": None,
        "sources": [],
        "files": [],
        "choices": [],
        "generated": False,
        "decision": None,
        "feedback": None,
    }


def _content(event: Event) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(event.content) if event.content else {}
    return content


def _in(language: str, texts: tuple[str, str]) -> str:
    return texts[0] if language.startswith("de") else texts[1]
