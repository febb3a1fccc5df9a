"""Streams that are asked for all at once."""

import asyncio

import httpx

from taktvoll.base.limits import STREAMS_PER_CONVERSATION_MAX
from tests.acceptance.product import Product, Visitor


async def test_streams_opened_at_the_same_moment_are_counted_too(product: Product) -> None:
    """One visitor with one session must not take all the places there are for customers."""
    with Visitor(product.base, address="127.0.8.1") as visitor:
        head = {"Authorization": f"Bearer {visitor.start['session']}"}
    asked, hold = 4 * STREAMS_PER_CONVERSATION_MAX, asyncio.Event()
    heard: list[bytes] = []

    async def listen(client: httpx.AsyncClient) -> None:
        async with client.stream("GET", "/api/v1/chat/stream", headers=head) as stream:
            heard.append(await anext(stream.aiter_raw(), b"") if stream.status_code == 200 else b"")
            if len(heard) == asked:
                hold.set()
            await asyncio.wait_for(hold.wait(), 60)

    limits = httpx.Limits(max_connections=asked)
    async with httpx.AsyncClient(base_url=product.base, timeout=60, limits=limits) as client:
        await asyncio.gather(*(listen(client) for _ in range(asked)))
    assert len([first for first in heard if first]) == STREAMS_PER_CONVERSATION_MAX
