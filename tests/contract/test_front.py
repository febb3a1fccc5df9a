"""How long the server listens to a request that does not come to its end, and how it leaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from taktvoll.entry.edge import guard
from taktvoll.entry.front import SLOW_DOOR, Front

WHOLE = b"GET / HTTP/1.1\r\nHost: us\r\nConnection: close\r\n\r\n"
WAIT_S_MAX = 30


class Hasty(Front):
    """The same with a patience that fits a test."""

    request_s_max = 0.3


async def answer(
    scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Take the request and keep the answer open until the other side has gone."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here", "more_body": True})
    await receive()


async def echo(
    scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Take the request and answer it at once."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"here"})


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """Run a real server on this machine; gives its port."""
    config = uvicorn.Config(app, port=0, http=Hasty, lifespan="off", log_level="critical", access_log=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    server.force_exit = True
    await server.shutdown()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that keeps its answers open."""
    async with serving(answer) as port:
        yield port


async def said(port: int, *pieces: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), WAIT_S_MAX)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: us\r\nX-A: a",
        b"POST / HTTP/1.1\r\nHost: us\r\nContent-Length: 9\r\n\r\nabc",
    ],
    ids=["silence", "line", "head", "body"],
)
async def test_a_request_without_end_is_given_up(port: int, begun: bytes) -> None:
    """Connections are counted: whoever only holds them must not keep customers out."""
    assert await said(port, begun) == b""


async def test_a_second_request_in_the_same_piece_gets_no_more_patience() -> None:
    """A whole request ends the waiting; one that came in the same piece must not be waited for without end."""
    whole = WHOLE.replace(b"Connection: close\r\n", b"")
    async with serving(echo) as port:
        heard = await said(port, whole + b"POST / HTTP/1.1\r\nHost: us\r\nContent-Length: 9\r\n\r\nabc")
    assert heard.count(b"here") == 1


async def test_a_head_without_end_is_refused(port: int) -> None:
    """The parser copies all it has with each piece: one endless head would hold up everyone else for minutes."""
    endless = [b"x" * 65_536] * 4
    heard = await said(port, b"GET / HTTP/1.1\r\nHost: us\r\nX-A: ", *endless)
    assert heard == b"" or heard.startswith(b"HTTP/1.1 400 ")
    heard = await said(port, b"GET /", *endless)
    assert heard == b"" or heard.startswith(b"HTTP/1.1 400 ")


async def test_a_whole_request_may_be_answered_for_as_long_as_it_takes(port: int) -> None:
    """A stream of messages lasts for hours; patience ends only with what never became a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE.replace(b"Connection: close\r\n", b""))
    assert (await asyncio.wait_for(reader.readuntil(b"here"), WAIT_S_MAX)).startswith(b"HTTP/1.1 200 ")
    assert await said(port, b"GET / HT") == b"", "the patience with another request has ended meanwhile"
    assert not reader.at_eof()
    writer.close()


async def test_a_customer_s_file_may_take_longer_than_any_other_request(port: int) -> None:
    """A photograph over a slow network is no attack: it still comes in when another request would be given up."""
    head = b"POST %s HTTP/1.1\r\nHost: us\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head % SLOW_DOOR)
    await writer.drain()
    assert await said(port, head % b"/api/v1/chat/messages") == b"", "given up meanwhile"
    writer.write(b"def")
    await writer.drain()
    assert (await asyncio.wait_for(reader.readuntil(b"here"), WAIT_S_MAX)).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_a_server_that_goes_says_so_to_those_it_leaves() -> None:
    """Whoever waits while the server is restarted must hear that it passes, not that we have a fault."""
    app, reached = FastAPI(), asyncio.Event()

    @app.get("/")
    async def never() -> None:
        reached.set()
        await asyncio.Event().wait()

    guard(app)
    config = uvicorn.Config(
        app, port=0, http=Front, lifespan="off", log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )  # fmt: skip
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    heard = asyncio.create_task(said(server.servers[0].sockets[0].getsockname()[1], WHOLE))
    await asyncio.wait_for(reached.wait(), WAIT_S_MAX)
    await server.shutdown()
    head, _, body = (await heard).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 5" in head.lower()
    assert json.loads(body)["code"] == "server.going"
