"""An application behind a protocol class of one's choice, and raw connections to it."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.protocol import BoundedProtocol

KEEP_ALIVE_SECONDS = 0.3
WITHIN = 10
"""Seconds, by which a test that hangs fails."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, and who is told of each connection that ends."""

    port: int
    lost: asyncio.Queue[None]


@asynccontextmanager
async def served(
    app: ASGIApp,
    protocol: type[HttpToolsProtocol] = BoundedProtocol,
    send_buffer: int | None = None,
) -> AsyncGenerator[Served]:
    """Serve an application; idle connections are closed after KEEP_ALIVE_SECONDS.

    ``send_buffer`` is how many bytes the system takes of an answer; without, some millions.
    """
    lost: asyncio.Queue[None] = asyncio.Queue()

    class Watched(protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.put_nowait(None)

    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=Watched,
        log_config=None,
        lifespan="off",
        access_log=False,
        timeout_keep_alive=cast("int", KEEP_ALIVE_SECONDS),
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    listener = config.bind_socket()
    if send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    # From here on connections wait instead of being refused.
    listener.listen()
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield Served(listener.getsockname()[1], lost)
    finally:
        server.should_exit = True
        await serving


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what was asked; /early before the body is here."""
    body, more = b"", scope["path"] != "/early"
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    fields = [[name.decode(), value.decode()] for name, value in scope["headers"]]
    answer = json.dumps({"path": scope["path"], "body": body.decode(), "headers": fields}).encode()
    length = (b"content-length", b"%d" % len(answer))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": answer})


class Client:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> None:
        """Send parts, a while apart, so that each arrives by itself."""
        for number, part in enumerate(parts):
            if number:
                await asyncio.sleep(0.02)
            self._writer.write(part)
            await self._writer.drain()

    async def answer(self) -> tuple[bytes, Any]:
        """Return the next answer: its head, and its JSON."""
        async with asyncio.timeout(WITHIN):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            return head, json.loads(await self._reader.readexactly(length))

    async def rest(self, seconds: float = WITHIN) -> bytes:
        """Return all that comes until the server closes. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            return await self._reader.read()


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Client]:
    """Open a connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
