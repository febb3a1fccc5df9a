"""Customers who keep writing while processes are killed, and what must be true of the record afterwards.

I decide what customers do and check. The kill tests, small and large, call me with their own way to kill.
I never wait for a time: processes die after so many requests, customers retry until they are answered.
"""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.acceptance.product import LIBRARY, Product

QUESTIONS = [str(e["question"]) for e in LIBRARY if e["language"] == "de"]
MESSAGES = 3
PAUSE_S = 0.15
TIMEOUT_S = 20
ADDRESSES = 40

Kill = Callable[[], object]


@dataclass
class Customer:
    """One conversation: what was sent, what was acknowledged, what was answered."""

    number: int
    token: str = ""
    conversation: str = ""
    acknowledged: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def id(self, place: int) -> str:
        """The id of a message, the same at every try."""
        return f"siege-{self.conversation}-{place}"


class Siege:
    """Many customers at once, and moments counted in requests at which something is killed."""

    def __init__(
        self, product: Product, customers: int, moments: Sequence[tuple[int, Kill]], patience_s: float
    ) -> None:
        """Take the moments: after so many first tries of a message, what to do then."""
        self.product = product
        self.customers = [Customer(number) for number in range(customers)]
        self._moments = sorted(moments, key=lambda moment: moment[0], reverse=True)
        self._sent = 0
        self._deadline = monotonic() + patience_s
        self._killer = ThreadPoolExecutor(1)  # one after the other: two must not start the same thing again
        self._kills: list[asyncio.Future[object]] = []

    async def run(self) -> None:
        """Let all customers write until each is answered; kills that take their time run beside them."""
        async with AsyncExitStack() as lines:
            clients = [await lines.enter_async_context(self._client(n)) for n in range(ADDRESSES)]
            await asyncio.gather(*(self._visit(c, clients[c.number % ADDRESSES]) for c in self.customers))
        await asyncio.gather(*self._kills)
        self._killer.shutdown()
        assert not self._moments, "a kill never came"

    def _client(self, number: int) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.8.{number + 1}", verify=False)
        return httpx.AsyncClient(transport=transport, base_url=self.product.base, timeout=TIMEOUT_S)

    async def _visit(self, customer: Customer, client: httpx.AsyncClient) -> None:
        opened = await self._try(
            customer, client, "POST", "/api/v1/w/default/chat/sessions", {"language": "de"}
        )
        customer.token, customer.conversation = opened["session"], opened["conversation"]
        for place in range(MESSAGES):
            text = QUESTIONS[(customer.number + place) % len(QUESTIONS)]
            self._count()
            body = {"id": customer.id(place), "text": text}
            await self._try(customer, client, "POST", "/api/v1/chat/messages", body)
            customer.acknowledged.append(customer.id(place))
            await self._answered(customer, client)

    async def _answered(self, customer: Customer, client: httpx.AsyncClient) -> None:
        """Read until the last word is not the customer's: who was cut off is answered by the worker."""
        while True:
            found = await self._try(customer, client, "GET", "/api/v1/chat/messages", None)
            customer.messages = found["messages"]
            if customer.messages and customer.messages[-1]["author"] != "customer":
                return
            await self._pause(customer)

    async def _try(
        self, customer: Customer, client: httpx.AsyncClient, method: str, path: str, body: object
    ) -> dict[str, Any]:
        """Ask again, unchanged, until it works; only refusals that pass are borne."""
        headers = {"Authorization": f"Bearer {customer.token}"} if customer.token else {}
        while True:
            try:
                got = await client.request(method, path, json=body, headers=headers)
            except (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError) as error:
                customer.failures[type(error).__name__] += 1
            else:
                if got.is_success:
                    found: dict[str, Any] = got.json()
                    return found
                customer.failures[str(got.status_code)] += 1
                assert got.status_code in (429, 503), f"{got.status_code} {got.text}"
                assert int(got.headers["Retry-After"]) >= 1
            await self._pause(customer)

    async def _pause(self, customer: Customer) -> None:
        assert monotonic() < self._deadline, f"customer {customer.number} waits: {dict(customer.failures)}"
        await asyncio.sleep(PAUSE_S)

    def _count(self) -> None:
        self._sent += 1
        while self._moments and self._moments[-1][0] <= self._sent:
            _, kill = self._moments.pop()
            self._kills.append(asyncio.get_running_loop().run_in_executor(self._killer, kill))


def kill_parts(product: Product, parts: Sequence[str]) -> Kill:
    """kill -9 of all processes of these parts, at once."""

    def kill() -> None:
        for pid in [pid for part in parts for pid in product.children(part)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it has died with another one

    return kill


def moments_for(chance: Random, customers: int, kills: Sequence[Kill]) -> list[tuple[int, Kill]]:
    """Spread the kills over the siege by chance."""
    places = sorted(chance.sample(range(2, customers * MESSAGES), len(kills)))
    return list(zip(places, kills, strict=True))


def check_conversations(siege: Siege) -> None:
    """Every acknowledged message is there once, each followed by exactly one reply."""
    for customer in siege.customers:
        said = [m["id"] for m in customer.messages if m["author"] == "customer"]
        assert said == customer.acknowledged == [customer.id(place) for place in range(MESSAGES)]
        assert [m["author"] for m in customer.messages] == ["customer", "assistant"] * MESSAGES
        assert len({m["seq"] for m in customer.messages}) == 2 * MESSAGES


async def check_record(siege: Siege) -> None:
    """The same on record: each message received once, decided once, released once, in one outbox row."""
    connection = await asyncpg.connect(siege.product.database())
    try:
        workspace = await connection.fetchval("select id from taktvoll.workspace where name = 'default'")
        await connection.execute("select set_config('taktvoll.workspace', $1, false)", str(workspace))
        rows = await connection.fetch("select conversation_id, kind, body from taktvoll.event")
        outbox = Counter(r[0] for r in await connection.fetch("select conversation_id from taktvoll.outbox"))
    finally:
        await connection.close()
    kinds = Counter((r["conversation_id"], r["kind"]) for r in rows)
    decided = Counter(
        (r["conversation_id"], json.loads(r["body"])["payload"]["customer_seq"])
        for r in rows
        if r["kind"] == "signals.read"
    )
    assert set(decided.values()) == {1}
    for customer in siege.customers:
        conversation = UUID(customer.conversation)
        for kind in ("message.received", "answer.decided", "message.released"):
            assert kinds[conversation, kind] == MESSAGES, kind
        assert kinds[conversation, "conversation.started"] == 1
        assert outbox[conversation] == MESSAGES


def check_proofs(product: Product, conversations: int) -> None:
    """The record proves itself, and every decision comes out the same again."""
    verified = product.run("audit", "verify")
    assert (verified.returncode, verified.stdout[:8]) == (0, "intact: "), verified.stdout + verified.stderr
    assert int(verified.stdout.split()[1]) >= conversations
    replayed = product.run("audit", "replay")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert " 0 different, 0 no longer comparable" in replayed.stdout
