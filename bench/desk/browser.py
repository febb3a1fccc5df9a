"""What an agent's browser asks of the desk: pages, the live stream, and what desk.js fetches when news come.

I decide when a page fetches again, as desk.js does: at a moment of its own, then rests as long as the server bids.
agents.py and filled.py call me. I never draw anything.
"""

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

from chat.wire import Address, Line

QUEUE_PAUSE_S = 0.2
_PAUSE = re.compile(rb'"pause_ms": (\d+)')
_CSRF = re.compile(rb'data-csrf="([^"]+)"')
_EPOCH = re.compile(rb'data-epoch="(\d+)"')
_SEQ = re.compile(rb'class="head"[^>]*data-seq="(\d+)"')
_PART = re.compile(rb'data-part="(\w+)"')
_ROW = re.compile(rb'data-key="([0-9a-f-]{36})"')


class Seen:
    """What was measured: milliseconds by kind of request, and answers that were refusals or failures."""

    def __init__(self) -> None:
        self.since = float("inf")
        self.took: defaultdict[str, list[float]] = defaultdict(list)
        self.size: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def note(self, kind: str, began: float, status: int, size: int) -> None:
        """Count an answer; what was asked before the timed phase does not count."""
        if began < self.since:
            return
        if status >= 400:
            self.refused[f"{kind} {status}"] += 1
            return
        self.took[kind].append((perf_counter() - began) * 1000)
        self.size[kind] += size


class Browser:
    """One signed-in browser with one page open at a time."""

    def __init__(self, port: int, workspace: str, token: str, seen: Seen) -> None:
        self._port, self._base, self._seen = port, f"/w/{workspace}/desk", seen
        self._cookie = f"Cookie: taktvoll_desk_{workspace}={token}\r\nX-Desk: 1\r\n"
        self._lines: list[Line] = []
        self._news: _News | None = None
        self._talk = ""
        self._query = ""
        self._csrf = ""
        self._led_to = ""
        self.epoch = "0"
        self.seq = "0"
        self.rows: dict[str, list[str]] = {}
        self._begin()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    async def to(cls, port: int, workspace: str, token: str, seen: Seen | None = None) -> "Browser":
        """Open a browser."""
        return cls(port, workspace, token, seen or Seen())

    async def open_queue(self, kind: str = "queue page", query: str = "") -> None:
        """Look at the queue, or at one view of it."""
        self._leave()
        self._talk, self._query = "", query
        await self._page(kind, f"{self._base}/?{query}")
        await self._listen()

    async def open_talk(self, talk: str) -> None:
        """Look at a conversation."""
        self._leave()
        self._talk, self._query = talk, ""
        await self._page("conversation page", f"{self._base}/c/{talk}")
        await self._listen()

    async def open_other(self, kind: str, path: str) -> None:
        """Look at a page without news."""
        self._leave()
        self._talk = ""
        await self._get(kind, f"{self._base}/{path}")

    async def search(self, **fields: str) -> None:
        """Send the form of the search, and look at the page that it leads to."""
        self._leave()
        self._talk = ""
        signed = f"{self._cookie}X-CSRF: {self._csrf}\r\n"
        await self._ask("search form", "POST", f"{self._base}/search", fields, signed)
        if "/search?" not in self._led_to:
            raise ConnectionError("the search led nowhere")
        await self._get("search page", self._led_to)

    async def post(self, verb: str, fields: dict[str, str]) -> int:
        """Do something to the conversation that is open."""
        signed = f"{self._cookie}X-CSRF: {self._csrf}\r\n"
        path = f"{self._base}/c/{self._talk}/{verb}"
        status, _ = await self._ask(f"do: {verb}", "POST", path, fields, signed)
        return status

    async def reply(self, text: str) -> int:
        """Send a reply."""
        return await self.post("reply", {"text": text, "epoch": self.epoch, "id": str(uuid4()), "entry": ""})

    def close(self) -> None:
        """Close the browser."""
        self._leave()
        for line in self._lines:
            line.close()

    def _leave(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._queue.stop()
        self._lines_shown.stop()
        self._begin()
        if self._news:
            self._news.close()
            self._news = None

    def _begin(self) -> None:
        """A new page knows nothing of what the one before waited for."""
        self._queue = _Coalesced(self._refresh_queue, QUEUE_PAUSE_S)
        self._lines_shown = _Coalesced(self._refresh_talk, 0)

    async def _page(self, kind: str, path: str) -> None:
        content = await self._get(kind, path)
        if csrf := _CSRF.search(content):
            self._csrf = csrf.group(1).decode()
        self._keep(content)

    def _keep(self, content: bytes) -> None:
        if epoch := _EPOCH.search(content):
            self.epoch = epoch.group(1).decode()
        if seq := _SEQ.search(content):
            self.seq = seq.group(1).decode()
        parts = _PART.split(content)[1:]
        for name, part in zip(parts[::2], parts[1::2], strict=True):
            self.rows[name.decode()] = [r.decode() for r in _ROW.findall(part)]

    async def _listen(self) -> None:
        here = f"{self._base}/c/{self._talk}" if self._talk else self._base
        address = Address(self._port)
        self._news = await _News.to(address, f"{here}/stream", self._cookie, self._heard)

    def _heard(self, data: bytes) -> None:
        ready = b"event: ready" in data
        if ready or b"event: queue" in data:
            pause = _PAUSE.findall(data)
            pause_s = int(pause[-1]) / 1000 if pause else 0.0
            self._queue.rest_s = max(QUEUE_PAUSE_S, pause_s)
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(random.random() * pause_s, self._now)
        if self._talk and (ready or b"event: conversation" in data):
            self._lines_shown.run()

    def _now(self) -> None:
        self._timer = None
        self._queue.run()

    async def _refresh_queue(self) -> None:
        path = f"{self._base}/fragment?current={self._talk}&{self._query}"
        self._keep(await self._get("queue fragment", path))

    async def _refresh_talk(self) -> None:
        path = f"{self._base}/c/{self._talk}/fragment?after={self.seq}"
        self._keep(await self._get("conversation fragment", path))

    async def _get(self, kind: str, path: str) -> bytes:
        _, content = await self._ask(kind, "GET", path, None, self._cookie)
        return content

    async def _ask(self, kind: str, method: str, path: str, body: Any, fields: str) -> tuple[int, bytes]:
        """Ask over a connection that is free; over a new one where there is none or the server has just closed it."""
        began = perf_counter()
        self._lines = [line for line in self._lines if line.is_open()]
        kept = self._lines.pop() if self._lines else None
        line = kept or await Line.to(Address(self._port))
        host = f"127.0.0.1:{self._port}"
        try:
            status, content = await line.fetch(method, path, body, fields, host)
        except ConnectionError:
            if kept is None:
                raise
            line = await Line.to(Address(self._port))
            status, content = await line.fetch(method, path, body, fields, host)
        self._seen.note(kind, began, status, len(content))
        self._led_to = line.led_to
        self._lines.append(line)
        return status, content


class _Coalesced:
    """Runs work at once, then rests; calls that come meanwhile are answered by one more run."""

    def __init__(self, work: Callable[[], Awaitable[None]], rest_s: float) -> None:
        self._work, self.rest_s = work, rest_s
        self._again = False
        self._current: asyncio.Task[None] | None = None

    def run(self) -> None:
        self._again = True
        if self._current is None:
            self._current = asyncio.create_task(self._run())

    def stop(self) -> None:
        """The page is left: nothing is fetched any more, what is under way may end."""
        self._again = False

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._work()
                if self.rest_s:
                    await asyncio.sleep(self.rest_s)
        finally:
            self._current = None


class _News(asyncio.Protocol):
    """An open event stream of the desk."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._transport: Any = None

    @classmethod
    async def to(cls, address: Address, path: str, fields: str, heard: Callable[[bytes], None]) -> "_News":
        """Connect; what the page missed meanwhile is fetched when the stream says that it is ready."""
        loop = asyncio.get_running_loop()
        _, news = await loop.create_connection(lambda: cls(heard), "127.0.0.1", address.port)
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n{fields}\r\n"
        news._transport.write(head.encode())
        return news

    def close(self) -> None:
        """Hang up."""
        self._heard = lambda data: None
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hear of the queue and of the conversation; events are short and come whole."""
        self._heard(data)
