"""News for open pages: that the queue or a conversation changed, at once, as server-sent events.

I decide which news a page hears. The routes hand me a visit, the page's script then fetches what it shows.
I never carry a text: who may not read a conversation learns nothing from me.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from fastapi.responses import StreamingResponse

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import STREAMS_PER_DESK_SESSION_MAX
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.people.permissions import Permission, may
from taktvoll.domain.people.terms import Staff
from taktvoll.entry.desk.session import Visit
from taktvoll.flows.house import House
from taktvoll.flows.sign_in import token_hash

LOOK_EVERY = timedelta(seconds=15)
"""How often a stream asks whether its session still holds, at the least."""
SHARE_OF_TIME = 0.25
PAUSE_MS_MAX = 5_000
"""Open pages fetch the queue anew each at a moment of its own, and all together in a share of the time at most.

The more are open and the longer a fetch takes, the longer they wait: what keeps the queue live must not be what makes
people wait for their pages.
"""
_TOOK_S_FIRST = 0.015
_WEIGHT = 0.1
_UNSEEN = frozenset(
    {
        "conversation.started",
        "conversation.reopened",
        "message.received",
        "signals.read",
        "evidence.found",
        "answer.decided",
        "message.released",
        "delivery.confirmed",
        "delivery.sent",
    }
)
"""What happens in a conversation of the assistant and leaves it there: the queue shows nothing of it."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Streams:
    """The open streams of this process, counted by session."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._open: Counter[str] = Counter()
        self._took_s = _TOOK_S_FIRST

    def note(self, took_s: float) -> None:
        """Learn how long a page's fetch of the queue took just now."""
        self._took_s += _WEIGHT * (took_s - self._took_s)

    def open(self, visit: Visit, conversation: ConversationId | None) -> StreamingResponse:
        """Begin a stream: about the queue, and about one conversation where one is given.

        Raises: Refused("request.too_many") for a session with too many.
        """
        if self._open[visit.token] >= STREAMS_PER_DESK_SESSION_MAX:
            raise Refused("request.too_many", retry_after_s=5)
        lines = self._lines(visit, conversation)
        return StreamingResponse(lines, media_type="text/event-stream", headers=dict(_HEADERS))

    async def _lines(self, visit: Visit, conversation: ConversationId | None) -> AsyncIterator[str]:
        self._open[visit.token] += 1
        try:
            if self._open[visit.token] > STREAMS_PER_DESK_SESSION_MAX:
                return  # many came at the same moment, before any was counted
            async with self._house.push.listen(visit.workspace.id, None) as news:
                yield _event("ready", self._pause())
                looked_at = self._house.now()
                async for changed in news:
                    now = self._house.now()
                    if changed is None or now - looked_at >= LOOK_EVERY:  # a busy desk is never silent
                        if await self._ended(visit):
                            yield _event("ended", {})
                            return
                        looked_at = now
                    if changed is None:
                        yield ": here\n\n"
                        continue
                    for line in _about(changed, conversation, visit.staff, self._pause()):
                        yield line
        except Unavailable:
            return  # the database is away: the page connects again and fetches what it missed
        finally:
            self._open[visit.token] -= 1
            if not self._open[visit.token]:
                del self._open[visit.token]

    def _pause(self) -> dict[str, int]:
        return {"pause_ms": pause_ms(self._open.total(), self._took_s)}

    async def _ended(self, visit: Visit) -> bool:
        """Whether the session is over, or its owner may no longer hear of conversations."""
        sessions, now = self._house.access.sessions, self._house.now()
        found = await sessions.find(visit.workspace.id, token_hash(visit.token), now, use=False)
        return found is None or not may(found.staff, Permission.CONVERSATION_READ)


def pause_ms(pages: int, took_s: float) -> int:
    """How long each of so many open pages waits, if a fetch takes so long."""
    return min(round((pages - 1) * took_s / SHARE_OF_TIME * 1_000), PAUSE_MS_MAX)


def _about(
    changed: Changed, conversation: ConversationId | None, me: Staff, pause: Mapping[str, int]
) -> list[str]:
    """What one change means to a page; its own typing and presence are no news to anyone."""
    here = conversation is not None and changed.conversation == conversation
    if changed.present is not None:
        who = changed.present
        news = {"id": str(who.staff), "name": who.name, "doing": who.doing.value}
        return [_event("present", news)] if here and who.staff != me.id else []
    if changed.typing is not None:  # colleagues hear of each other as present
        return [_event("typing", {"name": changed.typing})] if here and changed.typing == "customer" else []
    lines = [_event("conversation", {"seq": changed.seq})] if here else []
    return [*lines, _event("queue", pause)] if moves_queue(changed) else lines


def moves_queue(changed: Changed) -> bool:
    """Whether the queue may look otherwise now; of what another process did we do not know enough to say no."""
    if changed.state is None or changed.state.owner.kind is not OwnerKind.ASSISTANT:
        return True
    return not changed.events or any(e.kind not in _UNSEEN for e in changed.events)


def _event(name: str, data: Mapping[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
