"""HTTP/1.1 connections with bounds that uvicorn's own lack: header bytes, and time to arrive in."""

import asyncio
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app.web.raw import WHOLE
from app.web.transports import JoinedWrites

MAX_HEADER_BYTES = 64 * 1024
HEADER_SECONDS = 10.0
BODY_SECONDS = 15.0
"""For the whole of a body. An endpoint that would rather answer than be cut off gives less."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 33\r\nconnection: close\r\n\r\n"
    b"The request's headers are large.\n"
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose headers are too large, and those whose headers or body are too slow.

    How large a body may be is bounded elsewhere.
    """

    _header_bytes = 0
    _in_headers = True
    _in_body = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first headers."""
        super().connection_made(JoinedWrites(transport, self.loop))
        self._timer = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def on_message_begin(self) -> None:
        """Begin to count: the first bytes of a request are here."""
        super().on_message_begin()
        self._header_bytes, self._in_headers = 0, True

    def on_headers_complete(self) -> None:
        """Stop counting."""
        self._in_headers, self._in_body = False, True
        self._stop_timer()
        super().on_headers_complete()
        cycle = cast("RequestResponseCycle | None", self.cycle)
        # Where the request becomes a WebSocket there is none, or that of the one before.
        if cycle is not None and cycle.scope is self.scope:
            cycle.scope["extensions"] = {WHOLE: {"send": partial(_send_whole, cycle)}}

    def on_message_complete(self) -> None:
        """Stop waiting for the body."""
        self._in_body = False
        self._stop_timer()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Count what belongs to headers that are not complete yet."""
        super().data_received(data)
        if self._in_headers and not self.transport.is_closing():
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self.transport.write(_TOO_LARGE)
                self.transport.close()
        # Here, not where a request begins: most come whole, and need no timer.
        if self._timer is None and (self._in_headers or self._in_body):
            seconds = HEADER_SECONDS if self._in_headers else BODY_SECONDS
            self._timer = self.loop.call_later(seconds, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        self._timer = None
        self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _send_whole(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> bool:
    """Send an answer in one piece, or tell that it has to go the way of ASGI.

    uvicorn's own ``send`` looks at each header with two regular expressions, which costs as much as
    to look for a token. ``head`` holds lines of header fields, the length of the body among them.
    """
    transport = cycle.transport
    if (
        cycle.response_started
        or cycle.disconnected
        or cycle.flow.write_paused
        or not isinstance(transport, JoinedWrites)
    ):
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    lines = [STATUS_LINE[status]]
    for name, value in cycle.default_headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(head if cycle.keep_alive else head + b"connection: close\r\n")
    lines.append(b"\r\n")
    if cycle.scope["method"] != "HEAD":
        lines.append(body)
    transport.write_whole(b"".join(lines))
    cycle.message_event.set()
    if not cycle.keep_alive:
        transport.close()
    cycle.on_response()
    return True
