"""The chat's way out: a stream of messages to the open device, within milliseconds of their commit.

I decide what a stream carries and when it shows a sign of life. The widget reads me.
I never hold a message back for another one, and lose none: after a break the device says what it has.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import orjson
from fastapi.responses import StreamingResponse

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import STREAMS_PER_CONVERSATION_MAX
from taktvoll.channels.webchat.session import Visit
from taktvoll.domain.conversation.ports import Changed
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.flows.house import House
from taktvoll.flows.read_conversation import NAMING, messages_of, owner_of, read_conversation
from taktvoll.flows.read_waiting import waiting_of

_open: Counter[ConversationId] = Counter()


def stream_messages(house: House, visit: Visit, after: int) -> StreamingResponse:
    """Open a stream.

    Raises: Refused("request.too_many") when the conversation has too many open streams.
    """
    if _open[visit.conversation] >= STREAMS_PER_CONVERSATION_MAX:
        raise Refused("request.too_many", retry_after_s=5)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_lines(house, visit, after), media_type="text/event-stream", headers=headers)


@dataclass(slots=True)
class _Screen:
    """What a stream has shown: up to which event, whose name stands above, what it told of waiting."""

    seq: int
    owner: dict[str, object] | None = None
    waiting: dict[str, object] | None = None
    asked: bool = False


async def _lines(house: House, visit: Visit, after: int) -> AsyncIterator[bytes]:
    """Subscribe first, then read what is there, so that nothing falls between."""
    _open[visit.conversation] += 1
    screen = _Screen(after)
    try:
        if _open[visit.conversation] > STREAMS_PER_CONVERSATION_MAX:
            return  # many came at the same moment, before any was counted
        async with house.push.listen(visit.account.workspace, visit.conversation) as news:
            yield b": hello\n\n" + await _read(house, visit, screen) + await _waiting(house, visit, screen)
            async for changed in news:
                if changed is None:
                    yield b": alive\n\n" + await _waiting(house, visit, screen)
                elif changed.typing:
                    yield _typing(changed)
                else:
                    told = _told(changed, screen) or await _read(house, visit, screen)
                    yield told + await _waiting(house, visit, screen)
    except TaktvollError:
        return  # the database is away: the device reconnects and says what it has
    finally:
        _open[visit.conversation] -= 1
        if _open[visit.conversation] <= 0:
            del _open[visit.conversation]


def _told(changed: Changed, screen: _Screen) -> bytes | None:
    """Show what the news brings along; None where it leaves a gap or a new name, so that it must be read."""
    state, events = changed.state, changed.events
    if [(e.seq, e.kind) for e in events] == [(screen.seq + 1, "delivery.confirmed")]:
        screen.seq += 1
        return b": receipt\n\n"
    if state is None or not events or events[0].seq != screen.seq + 1 or screen.owner is None:
        return None
    if any(e.kind == "feedback.given" for e in events):
        return None
    owner = screen.owner if state.owner.kind.value == screen.owner["kind"] else owner_of(state, events)
    if state.owner.kind is OwnerKind.PERSON and (not owner["name"] or any(e.kind in NAMING for e in events)):
        return None
    messages = messages_of(events, state.language or "de")
    return _show(messages, owner, state.closed, events[-1].seq, screen)


async def _read(house: House, visit: Visit, screen: _Screen) -> bytes:
    try:
        view = await read_conversation(house, visit.account.workspace, visit.conversation, screen.seq)
    except Refused:  # not begun yet: the first message will bring news
        return b": empty\n\n"
    return _show(view.messages, view.owner, view.closed, view.last_seq, screen)


async def _waiting(house: House, visit: Visit, screen: _Screen) -> bytes:
    """Tell of waiting where that has changed: with each event, and with each sign of life while others move ahead."""
    if screen.owner is None:
        return b""
    if screen.asked and screen.waiting is None and screen.owner["kind"] != OwnerKind.QUEUE.value:
        return b""
    workspace = visit.account.workspace
    state = (await house.record.access(workspace, visit.conversation)).state
    waiting = await waiting_of(house, workspace, visit.conversation, state)
    if screen.asked and waiting == screen.waiting:
        return b""
    screen.waiting, screen.asked = waiting, True
    return _event("waiting", waiting or {})


def _show(
    messages: Sequence[dict[str, object]], owner: dict[str, object], closed: bool, seq: int, screen: _Screen
) -> bytes:
    screen.seq, screen.owner = max(seq, screen.seq), owner
    lines = [_event("message", m, str(m["seq"])) for m in messages]
    lines.append(_event("state", {"owner": owner, "closed": closed, "last_seq": screen.seq}))
    return b"".join(lines)


def _typing(changed: Changed) -> bytes:
    return b": typing\n\n" if changed.typing == "customer" else _event("typing", {"name": changed.typing})


def _event(name: str, data: object, id: str | None = None) -> bytes:
    head = f"event: {name}\n" + (f"id: {id}\n" if id else "")
    return head.encode() + b"data: " + orjson.dumps(data) + b"\n\n"
