"""HTTP/1.1 connections with bounds that uvicorn's own lack: of bytes, of requests, and of time."""

import asyncio
from functools import partial
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app.web import security_headers, upgrades
from app.web.raw import WHOLE
from app.web.transports import JoinedWrites

MAX_HEADER_BYTES = 64 * 1024
"""Of a request's headers, and of what stands behind a chunk of its body other than the next."""

MAX_WAITING = 32
"""Requests of a connection that wait for the answer to another. Those behind them are not read,
and the connection ends with the last of their answers."""

HEADER_SECONDS = 10.0
BODY_SECONDS = 15.0
"""For the whole of a body. An endpoint that would rather answer than be cut off gives less."""

_REFUSAL = b"%bcontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n" + (
    security_headers.lines(security_headers.ALWAYS) + b"content-length: %d\r\n\r\n%b"
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose headers are too large, and those that let the server wait too long.

    It waits for headers, for a body, for the next request, and for the client to read. It speaks
    HTTP/1.1 alone. How large a body may be is bounded elsewhere.
    """

    _header_bytes = 0
    _in_headers = True
    _in_body = False
    _is_full = False
    _is_too_large = False
    _read_bytes = 0
    """Of what is being parsed."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first headers."""
        self._joined = JoinedWrites(transport, self.loop)
        super().connection_made(self._joined)
        self._timer = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def on_message_begin(self) -> None:
        """Begin to count: the first bytes of a request are here, and it is waited for no longer."""
        self._unset_keepalive_if_required()
        super().on_message_begin()
        self._header_bytes, self._in_headers = 0, True

    def on_headers_complete(self) -> None:
        """Stop counting. Raises HttpParserError for what is not answered."""
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise httptools.HttpParserError("This is not a proxy.")
            return  # It is parsed once more, without the offer.
        if self._header_bytes + self._read_bytes > MAX_HEADER_BYTES:
            # All of it came at once, with what each line has beside its name and value.
            lines = sum(len(name) + len(value) + 4 for name, value in self.headers)
            self._is_too_large = len(self.url) + lines > MAX_HEADER_BYTES
        if self._is_too_large or not self._is_http_1():
            raise httptools.HttpParserError("It is not answered.")
        self._in_headers = False
        self._stop_timer()
        if len(self.pipeline) >= MAX_WAITING:
            self._is_full = True
            raise httptools.HttpParserError("Too many requests wait.")
        self._in_body, self._header_bytes = True, 0
        super().on_headers_complete()
        # Trailer fields go into a list that nobody reads. In that of the request they would pass
        # for header fields, which a proxy has checked or set (RFC 9110, section 6.5.1).
        self.headers = []
        cycle = self.cycle
        cycle.scope["extensions"] = {WHOLE: {"send": partial(_send_whole, cycle)}}

    def _is_http_1(self) -> bool:
        """Tell whether a request is of a version that is spoken here, and names one host.

        RFC 9112, section 3.2: who names none, or several, might be told what is another's.
        """
        version = self.parser.get_http_version()
        hosts = 0
        for name, _ in self.headers:
            if name == b"host":
                hosts += 1
        return hosts == 1 if version == "1.1" else hosts < 2 and version == "1.0"

    def on_body(self, body: bytes) -> None:
        """Begin to count: trailer fields may follow."""
        self._header_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop waiting for the body."""
        if self._in_headers:
            return  # An offer of another protocol ends, not the request.
        self._in_body = False
        self._stop_timer()
        super().on_message_complete()
        if self.cycle.response_complete:
            self._wait_for_the_next()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless one has begun, or the body of this one still comes."""
        super().on_response_complete()
        if self._in_headers or self._in_body:
            self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        """Parse, and count what belongs to headers or trailers that are not complete yet.

        uvicorn's own would stop to wait for the next request at any byte, a line break between
        requests among them, which begins none and so is never waited for again.
        """
        if self._is_full:
            return
        if self._in_body:
            self._header_bytes += len(data)
        self._read_bytes = len(data)
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self._refuse()
            return
        if self._in_headers:
            self._header_bytes += len(data)
        if self._in_headers or self._in_body:
            if self._header_bytes > MAX_HEADER_BYTES:
                self._say_too_large()
            # Here, not where a request begins: most come whole, and need no timer.
            elif self._timer is None:
                seconds = HEADER_SECONDS if self._in_headers else BODY_SECONDS
                self._timer = self.loop.call_later(seconds, self._give_up)

    def eof_received(self) -> None:
        """Close, within the time there is to read what is left."""
        self.transport.close()

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._joined.begin_deadline()

    def resume_writing(self) -> None:
        """Stop waiting for the client to read."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._joined.end_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)
        self._joined.end_deadline()

    def _parse(self, data: bytes | memoryview) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                head = upgrades.head_without_offer(self.parser, self.url, self.headers)
                data = memoryview(data)[offer.args[0] :]
            else:
                return
            self.parser = upgrades.fresh_parser(self)
            self.parser.feed_data(head)

    def _refuse(self) -> None:
        if self._is_full:
            # The last that waits; what it is answered says that the connection ends.
            self.cycle.keep_alive = False
            return
        if self._is_too_large:
            self._say_too_large()
            return
        self.logger.warning("Invalid HTTP request received.")
        self.send_400_response("Invalid HTTP request received.")

    def _say_too_large(self) -> None:
        self._end(431, "The request's headers are large.\n")

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read."""
        self._end(400, msg)

    def _end(self, status: int, text: str) -> None:
        self.transport.write(_REFUSAL % (STATUS_LINE[status], len(text), text.encode()))
        self.transport.close()

    def _wait_for_the_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

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
    # It holds the cycle, whose scope holds it: a request's objects would wait for the collector.
    cycle.scope["extensions"] = {}
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
