"""The chat's way out: a stream of messages to the open device, within milliseconds of their commit.

I decide what a stream carries and when it shows a sign of life. The widget reads me.
I never hold a message back for another one, and lose none: after a break the device says what it has.
"""

from collections import Counter
from collections.abc import AsyncIterator

import orjson
from fastapi.responses import StreamingResponse

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import STREAMS_PER_CONVERSATION_MAX
from taktvoll.channels.webchat.session import Visit
from taktvoll.domain.conversation.ports import Changed
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import read_conversation

_open: Counter[ConversationId] = Counter()


def stream_messages(house: House, visit: Visit, after: int) -> StreamingResponse:
    """Open a stream.

    Raises: Refused("request.too_many") when the conversation has too many open streams.
    """
    if _open[visit.conversation] >= STREAMS_PER_CONVERSATION_MAX:
        raise Refused("request.too_many", retry_after_s=5)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_lines(house, visit, after), media_type="text/event-stream", headers=headers)


async def _lines(house: House, visit: Visit, after: int) -> AsyncIterator[bytes]:
    """Subscribe first, then read what is there, so that nothing falls between."""
    _open[visit.conversation] += 1
    try:
        async with house.push.listen(visit.account.workspace, visit.conversation) as news:
            yield b": hello\n\n"
            seen = after
            lines, seen = await _since(house, visit, seen)
            yield lines
            async for changed in news:
                if changed is None:
                    yield b": alive\n\n"
                elif changed.typing:
                    yield _typing(changed)
                else:
                    lines, seen = await _since(house, visit, seen)
                    yield lines
    except TaktvollError:
        return  # the database is away: the device reconnects and says what it has
    finally:
        _open[visit.conversation] -= 1
        if _open[visit.conversation] <= 0:
            del _open[visit.conversation]


async def _since(house: House, visit: Visit, seen: int) -> tuple[bytes, int]:
    try:
        view = await read_conversation(house, visit.account.workspace, visit.conversation, seen)
    except Refused:  # not begun yet: the first message will bring news
        return b": empty\n\n", seen
    lines = [_event("message", m, str(m["seq"])) for m in view.messages]
    lines.append(_event("state", {"owner": view.owner, "closed": view.closed, "last_seq": view.last_seq}))
    return b"".join(lines), max([seen, *(int(str(m["seq"])) for m in view.messages)])


def _typing(changed: Changed) -> bytes:
    return b": typing\n\n" if changed.typing == "customer" else _event("typing", {"name": changed.typing})


def _event(name: str, data: object, id: str | None = None) -> bytes:
    head = f"event: {name}\n" + (f"id: {id}\n" if id else "")
    return head.encode() + b"data: " + orjson.dumps(data) + b"\n\n"
