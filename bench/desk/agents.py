"""Twenty people at the desk and their customers, in a process of its own.

I decide what they do and how long they think. live.py starts me with a JSON order on standard input and reads one JSON
line of results. I never do what a person could not: each waits for its page, reads, writes, and goes on.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np
import uvloop
from chat.processes import cpu_ms, machine_ms
from chat.wire import Address, Line
from desk.browser import Browser, Seen

SEED = 4
THINK_S = (2.0, 6.0)
WARM_S = 15.0
VIEWS = ("view=waiting", "view=mine", "view=open", "view=snoozed")
SOUGHT = (
    {"q": "Rechnung"},
    {"q": "Rechnung", "status": "open", "language": "de"},
    {"q": "Zähler Umzug"},
    {"q": '"falsch abgelesen"'},
    {"q": "Wallbox -Mahnung", "status": "closed"},
    {"q": "Stichwort4711"},
)
ASKED = (
    "Wie melde ich meinen Zählerstand?",
    "Kann ich den Abschlag ändern?",
    "Wie kündige ich meinen Vertrag?",
    "Wann kommt die Rechnung?",
    "Was kostet ein Hausanschluss?",
)
PERSON = "Ich möchte bitte mit einem Menschen sprechen."


@dataclass
class Order:
    """What live.py wants: whose sessions, how long, how many messages of customers a second."""

    port: int
    workspace: str
    agents: list[dict[str, Any]]
    seconds: float
    customers_per_s: float
    parts: dict[str, list[int]] = field(default_factory=dict)


class Person:
    """One agent: looks at the queue, takes a conversation, reads, answers, notes; now and then searches."""

    def __init__(self, order: Order, agent: dict[str, Any], seen: Seen, chance: random.Random) -> None:
        self._browser = Browser(order.port, order.workspace, agent["token"], seen)
        self._lead, self._chance, self._seen = agent["lead"], chance, seen

    async def run(self, until: float) -> None:
        """Work until time is up."""
        await asyncio.sleep(self._chance.uniform(0, 5))
        while perf_counter() < until:
            try:
                await self._look()
                await self._work()
            except (ConnectionError, TimeoutError) as error:
                self._seen.refused[type(error).__name__] += 1
        self._browser.close()

    async def _look(self) -> None:
        browser, chance = self._browser, self._chance
        await browser.open_queue()
        await self._think()
        if chance.random() < 0.4:
            await browser.open_queue("view page", chance.choice(VIEWS))
            await self._think()
        if chance.random() < 0.25:
            await browser.search(**chance.choice(SOUGHT))
            await self._think()
            await browser.open_queue()
        if self._lead and chance.random() < 0.5:
            await browser.open_other("team page", "team")
            await self._think()

    async def _work(self) -> None:
        """A conversation of one's own or the first that wait; someone else may be quicker."""
        browser, chance = self._browser, self._chance
        own = chance.random() < 0.5
        rows = browser.rows.get("mine" if own else "waiting") or browser.rows.get("waiting", [])
        if not rows:
            return
        await browser.open_talk(chance.choice(rows[:40]))
        await self._think()
        if not own:
            await browser.post("take-over", {"epoch": browser.epoch})
            await self._think()
        if chance.random() < 0.3:
            await browser.post("tag", {"tag": "Rückfrage"})
        if chance.random() < 0.3:
            await self._think()
            await browser.post("note", {"note": "Zähler bitte mit der Messstelle klären."})
        await browser.post("present", {"doing": "writing"})
        text = "Guten Tag, ich habe nachgesehen: Ihr Zählerstand ist angekommen."
        await browser.post("draft", {"text": text, "id": str(uuid4()), "entry": ""})
        await self._think()
        await browser.reply(text)
        await self._think()

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.uniform(*THINK_S))


class Customers:
    """Those who write meanwhile: two of three ask something, the third wants a person."""

    def __init__(self, order: Order, seen: Seen, chance: random.Random) -> None:
        self._order, self._seen, self._chance = order, seen, chance
        self._open: set[asyncio.Task[None]] = set()

    async def run(self, until: float) -> None:
        """Send messages as they come, at random moments."""
        while perf_counter() < until:
            await asyncio.sleep(self._chance.expovariate(self._order.customers_per_s / 2))
            one = asyncio.create_task(self._talk())
            self._open.add(one)
            one.add_done_callback(self._open.discard)
        await asyncio.gather(*self._open)

    async def _talk(self) -> None:
        """Two messages, some seconds apart."""
        place = f"127.{self._chance.randint(10, 250)}.{self._chance.randint(1, 250)}.1"
        address = Address(self._order.port, place)
        path = f"/api/v1/w/{self._order.workspace}/chat/sessions"
        second = PERSON if self._chance.random() < 2 / 3 else self._chance.choice(ASKED)
        try:
            _, opened = await _post(address, path, {"account": "web", "language": "de"}, "")
            for text in (self._chance.choice(ASKED), second):
                began = perf_counter()
                body = {"id": str(uuid4()), "text": text}
                status, _ = await _post(address, "/api/v1/chat/messages", body, opened["session"])
                self._seen.note("customer's message", began, status, 0)
                await asyncio.sleep(self._chance.uniform(2, 6))
        except (ConnectionError, TimeoutError) as error:
            self._seen.refused[type(error).__name__] += 1


async def _post(address: Address, path: str, body: object, token: str) -> tuple[int, Any]:
    """Ask over a connection of its own: the server hangs up on those that are silent for some seconds."""
    line = await Line.to(address)
    try:
        return await line.ask("POST", path, body, token)
    finally:
        line.close()


async def load(order: Order) -> dict[str, object]:
    """Warm up, then measure.

    Gives:  milliseconds by kind, CPU time of each part in cores, failures.
    """
    seen, chance = Seen(), random.Random(SEED)
    began = perf_counter()
    seen.since, until = began + WARM_S, began + WARM_S + order.seconds
    people = [Person(order, a, seen, random.Random(SEED + n)) for n, a in enumerate(order.agents)]
    runs: list[Callable[[float], Awaitable[None]]] = [p.run for p in people]
    runs.append(Customers(order, seen, chance).run)
    tasks = [asyncio.ensure_future(run(until)) for run in runs]
    await asyncio.sleep(WARM_S)
    before, loads = _used(order), []
    while (left := until - perf_counter()) > 0:
        loads.append(os.getloadavg()[0])
        await asyncio.sleep(min(5.0, left))
    used = {name: (ms - before[name]) / 1000 / order.seconds for name, ms in _used(order).items()}
    await asyncio.gather(*tasks)
    return {
        "seconds": order.seconds,
        "load": [round(min(loads), 1), round(max(loads), 1)],
        "cores_used": {name: round(cores, 2) for name, cores in used.items()},
        "asked": [_line(kind, took, seen) for kind, took in sorted(seen.took.items())],
        "refused": dict(seen.refused),
    }


def _used(order: Order) -> dict[str, float]:
    """CPU time so far: of each part, of this client, and of all else on the machine."""
    ours = {name: cpu_ms(pids) for name, pids in order.parts.items()} | {"client": cpu_ms([os.getpid()])}
    return ours | {"others": machine_ms() - sum(ours.values())}


def _line(kind: str, took: list[float], seen: Seen) -> dict[str, object]:
    p50, p95, p99 = np.percentile(np.array(took), (50, 95, 99)).tolist()
    return {
        "asked": kind,
        "times": len(took),
        "p50_ms": round(p50, 1),
        "p95_ms": round(p95, 1),
        "p99_ms": round(p99, 1),
        "bytes": seen.size[kind] // len(took),
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(Order(**json.load(sys.stdin))))))
