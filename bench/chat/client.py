"""The load: conversations that each wait for an answer before they ask on, in a process of its own.

I decide what a turn is and what is measured of it. run.py starts me with a JSON order on standard input and reads one
JSON line of results. I never send faster than one person per conversation could: the server's limits hold for me too.
"""

import asyncio
import itertools
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np
import uvloop
from chat.processes import cpu_ms, machine_ms
from chat.wire import Address, Line, Stream

SESSIONS_PER_ADDRESS = 55
WARM_SHARE = 0.2


@dataclass
class Order:
    """What run.py wants: see chat_load and floor_load there."""

    port: int
    path: str
    conversations: int
    seconds: float
    turns: int
    questions: list[str]
    workspace: str = ""
    stream: bool = False
    parts: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Tally:
    """What was seen in the timed phase."""

    since: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    after_reply: list[float] = field(default_factory=list)
    unseen: int = 0


class Talk:
    """One conversation after the other over one connection, until time is up."""

    def __init__(self, order: Order, tally: Tally, asked: Iterator[str], places: Iterator[str]) -> None:
        self.order, self.tally, self._asked, self._places = order, tally, asked, places

    async def run(self, until: float) -> None:
        """Talk."""
        while perf_counter() < until:
            address = Address(self.order.port, next(self._places))
            line = await Line.to(address)
            try:
                await self._conversation(line, address, until)
            except (ConnectionError, TimeoutError) as error:
                self.tally.failures[type(error).__name__] += 1
            finally:
                line.close()

    async def _conversation(self, line: Line, address: Address, until: float) -> None:
        token = await self._begin(line) if self.order.workspace else ""
        stream = await Stream.to(address, "/api/v1/chat/stream", token) if self.order.stream else None
        for _ in range(self.order.turns):
            if perf_counter() >= until:
                break
            body = {"id": str(uuid4()), "text": next(self._asked)}
            sent = perf_counter()
            status, reply = await line.ask("POST", self.order.path, body, token)
            replied = perf_counter()
            if sent < self.tally.since:
                continue
            if status != 200:
                self.tally.failures[str(status)] += 1
                continue
            self.tally.latencies.append(replied - sent)
            decision, last = _decision(reply)
            self.tally.decisions[decision] += 1
            if stream:
                await self._seen(stream, last, replied)
            if decision in ("handover", "undecided"):
                break
        if stream:
            stream.close()

    async def _begin(self, line: Line) -> str:
        path = f"/api/v1/w/{self.order.workspace}/chat/sessions"
        status, opened = await line.ask("POST", path, {"account": "web", "language": "de"})
        if status != 201:
            raise ConnectionError(f"no session: {status}")
        return str(opened["session"])

    async def _seen(self, stream: Stream, seq: int, replied: float) -> None:
        """Wait until the other screen has the last message; negative is before the reply came."""
        for _ in range(200):
            if seq in stream.arrived:
                self.tally.after_reply.append(stream.arrived[seq][0] - replied)
                return
            await asyncio.sleep(0.005)
        self.tally.unseen += 1


def _decision(reply: Any) -> tuple[str, int]:
    said = [m for m in reply.get("messages", ()) if m.get("author") == "assistant"]
    if "messages" not in reply:
        return "stored", 0
    return (said[-1]["decision"], said[-1]["seq"]) if said else ("undecided", 0)


async def load(order: Order) -> dict[str, object]:
    """Warm up, then measure.

    Gives:  rates, latencies and the CPU time that each part used per turn.
    """
    warm = max(1.0, order.seconds * WARM_SHARE)
    tally = Tally(since=perf_counter() + warm)
    until = tally.since + order.seconds
    asked, places = itertools.cycle(order.questions), _places()
    if not order.questions:
        raise ValueError("nothing to ask")
    talks = [Talk(order, tally, asked, places) for _ in range(order.conversations)]
    tasks = [asyncio.create_task(t.run(until)) for t in talks]
    await asyncio.sleep(warm)
    before, since = _used(order), perf_counter()
    await asyncio.sleep(until - perf_counter())
    used = {name: ms - before[name] for name, ms in _used(order).items()}
    taken_ms = (perf_counter() - since) * 1000 * (os.cpu_count() or 1)
    turns = len(tally.latencies)
    await asyncio.gather(*tasks)
    return _result(order, tally, turns, used) | {"others_share": round(used["others"] / taken_ms, 3)}


def _used(order: Order) -> dict[str, float]:
    """CPU time so far: of each part, of this client, and of all else on the machine."""
    ours = {name: cpu_ms(pids) for name, pids in order.parts.items()} | {"client": cpu_ms([os.getpid()])}
    return ours | {"others": machine_ms() - sum(ours.values())}


def _places() -> Iterator[str]:
    """Loopback addresses to come from: sessions are limited by address."""
    for number in itertools.count(random.randrange(250 * 250) * SESSIONS_PER_ADDRESS):
        place = number // SESSIONS_PER_ADDRESS % (250 * 250)
        yield f"127.{1 + place // 250}.{1 + place % 250}.1"


def _result(order: Order, tally: Tally, turns: int, used: dict[str, float]) -> dict[str, object]:
    pushed = tally.after_reply
    return {
        "conversations": order.conversations,
        "seconds": order.seconds,
        "turns": turns,
        "turns_per_s": round(turns / order.seconds, 1),
        **_milliseconds("", tally.latencies),
        "failures": dict(tally.failures),
        "decisions": dict(tally.decisions.most_common()),
        "cpu_ms_per_turn": {
            name: round(ms / max(1, turns), 2) for name, ms in used.items() if name != "others"
        },
        **({"unseen": tally.unseen, **_milliseconds("push_", pushed)} if order.stream else {}),
    }


def _milliseconds(prefix: str, seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    p50, p99, most = np.percentile(np.array(seconds) * 1000, (50, 99, 100)).tolist()
    return {
        f"{prefix}p50_ms": round(p50, 2),
        f"{prefix}p99_ms": round(p99, 2),
        f"{prefix}max_ms": round(most, 2),
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(Order(**json.load(sys.stdin))))))
