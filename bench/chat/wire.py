"""HTTP over one kept-open connection, with as little work as possible, so that the client hardly shares in the load.

I decide how bytes become answers and stream events. client.py calls me.
I never follow redirects, reconnect or check certificates: I talk to a server on this machine.
"""

import asyncio
import json
import re
import socket
from dataclasses import dataclass
from time import perf_counter
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_LOCATION = re.compile(rb"(?i)\r\nlocation: ([^\r]+)\r")
_MESSAGE = re.compile(rb"event: message\nid: (\d+)\ndata: (\{.*?\})\n\n")
WAIT_S_MAX = 30.0


@dataclass(frozen=True)
class Address:
    """Where a server listens, and which loopback address to come from: limits count by address."""

    port: int
    source: str = "127.0.0.1"


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.led_to = ""
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: Any = None

    @classmethod
    async def to(cls, address: Address) -> "Line":
        """Connect."""
        loop = asyncio.get_running_loop()
        own = socket.socket()
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own.setblocking(False)
        own.bind((address.source, 0))
        await loop.sock_connect(own, ("127.0.0.1", address.port))
        _, line = await loop.create_connection(cls, sock=own)
        return line

    async def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        """Send a request and wait for its whole answer.

        Raises: ConnectionError when the server hangs up; TimeoutError.
        """
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        status, content = await self.fetch(method, path, body, signed)
        return status, json.loads(content) if content else None

    async def fetch(
        self, method: str, path: str, body: object = None, fields: str = "", host: str = "bench"
    ) -> tuple[int, bytes]:
        """Send a request with header lines of one's own and wait for its whole answer, whatever it is.

        Raises: ConnectionError when the server hangs up; TimeoutError.
        """
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{fields}"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(head.encode() + data)
        return await asyncio.wait_for(self._waiting, WAIT_S_MAX)

    def is_open(self) -> bool:
        """Whether the server has not hung up; it does when nothing is asked for some seconds."""
        return not self._transport.is_closing()

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """Fail the request that waits."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        """Gather an answer; it is whole when its stated length is there."""
        self._bytes += data
        end = self._bytes.find(b"\r\n\r\n")
        if end < 0:
            return
        stated = _LENGTH.search(self._bytes, 0, end + 2)
        length = int(stated.group(1)) if stated else 0
        if len(self._bytes) >= end + 4 + length and self._waiting and not self._waiting.done():
            status = int(self._bytes[9:12])
            content = bytes(self._bytes[end + 4 : end + 4 + length])
            led = _LOCATION.search(self._bytes, 0, end + 2)
            self.led_to = led.group(1).decode() if led else ""
            self._bytes.clear()
            self._waiting.set_result((status, content))


class Stream(asyncio.Protocol):
    """An open event stream; notes when each message arrived."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._transport: Any = None
        self.opened = asyncio.Event()
        self.arrived: dict[int, tuple[float, dict[str, Any]]] = {}

    @classmethod
    async def to(cls, address: Address, path: str, token: str) -> "Stream":
        """Connect and wait until the stream is open."""
        _, stream = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", address.port)
        stream._transport.write(
            f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        await asyncio.wait_for(stream.opened.wait(), WAIT_S_MAX)
        return stream

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take whole messages out of what has come; each lies within one chunk."""
        at = perf_counter()
        self._bytes += data
        if b": hello" in self._bytes:
            self.opened.set()
        end = 0
        for found in _MESSAGE.finditer(self._bytes):
            self.arrived[int(found.group(1))] = (at, json.loads(found.group(2)))
            end = found.end()
        del self._bytes[:end]
