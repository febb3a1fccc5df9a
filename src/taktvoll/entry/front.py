"""HTTP as it comes in from the wire: how long and how large a request may be before anyone looks at it.

I decide when the server stops waiting for the rest of a request. The web process listens with me.
I never look into a request; what is in it is the edge's to judge.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from taktvoll.base.limits import CHAT_UPLOAD_S_MAX, REQUEST_HEAD_BYTES_MAX, REQUEST_S_MAX

SLOW_DOOR = b"/api/v1/chat/files"
"""Where customers bring files: a photograph over a telephone's network takes longer than any other request."""


class Front(HttpToolsProtocol):
    """Uvicorn's protocol with an end to its patience: of itself it collects a head without end, and waits for ever.

    A connection that says nothing counts as a request that does not come to its end.
    """

    head_bytes_max = REQUEST_HEAD_BYTES_MAX
    request_s_max: float = REQUEST_S_MAX
    upload_s_max: float = CHAT_UPLOAD_S_MAX
    _head_bytes = 0
    _in_head = True
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn's own form
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        if self._deadline is None and self._in_head:
            self._begin()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self.head_bytes_max and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """Note that the head is whole."""
        self._in_head = False
        if self._deadline is None:  # it came in the same piece as the end of the one before it
            self._begin()
        if self.url == SLOW_DOOR:
            self._end()
            self._deadline = self.loop.call_later(self.upload_s_max, self.transport.close)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is whole; the answer may take its time."""
        self._in_head, self._head_bytes = True, 0
        self._end()
        super().on_message_complete()

    def _begin(self) -> None:
        self._deadline = self.loop.call_later(self.request_s_max, self.transport.close)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
