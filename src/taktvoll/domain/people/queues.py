"""Which queue of people a conversation goes to, and whose queues someone looks after.

I decide where a handover leads: a pure table of what each queue is for. answer_turn, the desk and the command line call
me. I never know who is at work: that belongs to service hours.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from taktvoll.base.errors import Refused
from taktvoll.base.ids import StaffId
from taktvoll.domain.conversation.terms import HandoverReason

DEFAULT = "service"
QUEUES_MAX = 100
QUEUE_TEXT_CHARS_MAX = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: its name in records, its names for people, and what goes to it.

    A conversation belongs here if each of the lists that is not empty names its topic, reason or language.
    """

    name: str
    de: str
    en: str
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        """How the queue is called in German or English."""
        return self.de if language.startswith("de") else self.en


SERVICE = Queue(DEFAULT, "Service", "Service")
"""The queue that every workspace has; whatever fits no other goes there."""


def queues_of(settings: Mapping[str, object]) -> tuple[Queue, ...]:
    """Read a workspace's queues from its settings; the default one is always there, last where it is not listed."""
    listed = settings.get("queues")
    rows = cast("list[dict[str, Any]]", listed) if isinstance(listed, list) else []
    queues = tuple(_queue(row) for row in rows)
    return queues if any(q.name == DEFAULT for q in queues) else (*queues, SERVICE)


def _queue(row: Mapping[str, Any]) -> Queue:
    def several(name: str) -> tuple[str, ...]:
        return tuple(str(word) for word in row.get(name) or ())

    name = str(row["name"])
    return Queue(
        name,
        de=str(row.get("de") or name),
        en=str(row.get("en") or name),
        topics=several("topics"),
        reasons=several("reasons"),
        languages=several("languages"),
    )


def written(queues: Sequence[Queue]) -> list[dict[str, object]]:
    """Write queues as settings hold them."""
    return [
        {
            "name": q.name,
            "de": q.de,
            "en": q.en,
            "topics": list(q.topics),
            "reasons": list(q.reasons),
            "languages": list(q.languages),
        }
        for q in queues
    ]


def with_queue(queues: Sequence[Queue], queue: Queue) -> tuple[Queue, ...]:
    """Put a queue among others, in the place of the one of its name.

    Raises: Refused("queue.name"), Refused("queue.text"), Refused("queue.reason"), Refused("queue.many").
    """
    if not _NAME.fullmatch(queue.name):
        raise Refused("queue.name")
    if not all(0 < len(text) <= QUEUE_TEXT_CHARS_MAX for text in (queue.de, queue.en)):
        raise Refused("queue.text", limit=QUEUE_TEXT_CHARS_MAX)
    known = set(HandoverReason)
    for reason in queue.reasons:
        if reason not in known:
            raise Refused("queue.reason", reason=reason[:40], reasons=", ".join(HandoverReason))
    if all(q.name != queue.name for q in queues):
        if len(queues) >= QUEUES_MAX:
            raise Refused("queue.many", limit=QUEUES_MAX)
        return (*queues, queue)
    return tuple(queue if q.name == queue.name else q for q in queues)


def without_queue(queues: Sequence[Queue], name: str) -> tuple[Queue, ...]:
    """Take a queue away; the default one stays.

    Raises: Refused("queue.unknown"), Refused("queue.default").
    """
    if name == DEFAULT:
        raise Refused("queue.default")
    if all(q.name != name for q in queues):
        raise Refused("queue.unknown", name=name[:40])
    return tuple(q for q in queues if q.name != name)


def route(
    queues: Sequence[Queue], reason: HandoverReason | None, topic: str | None, language: str | None
) -> str:
    """Say which queue a conversation goes to: of those that fit, the one that asks for most; the first of equals.

    Takes:  language: as BCP 47; a queue for "en" takes "en-GB", too.
    Gives:  a queue's name; the default one's where none fits.
    """
    best, asked_most = DEFAULT, 0
    spoken = (language or "").split("-")[0]
    for queue in queues:
        asked = (
            (queue.topics, topic is not None and topic in queue.topics),
            (queue.reasons, reason is not None and reason.value in queue.reasons),
            (queue.languages, spoken in queue.languages or (language or "") in queue.languages),
        )
        asks = sum(1 for listed, _ in asked if listed)
        if asks > asked_most and all(fits for listed, fits in asked if listed):
            best, asked_most = queue.name, asks
    return best


def looked_after(
    queues: Sequence[Queue], skills: Mapping[StaffId, Sequence[str]], me: StaffId
) -> tuple[str, ...]:
    """The queues someone sees first: their own, and those that nobody has among their skills: none is forgotten.

    Gives:  all of them for someone without skills.
    """
    mine = skills.get(me, ())
    names = [q.name for q in queues]
    if not any(name in names for name in mine):
        return tuple(names)
    taken = _all(skills.values())
    return tuple(name for name in names if name in mine or name not in taken)


def _all(lists: Iterable[Sequence[str]]) -> set[str]:
    return {name for names in lists for name in names}
