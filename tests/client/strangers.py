"""Somebody who is not the service, and answers whoever connects."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """Where it listens, and what it was sent."""

    url: str = ""
    heard: list[bytes] = field(default_factory=list[bytes])
    """The head of each request."""


@asynccontextmanager
async def stranger(body: bytes, status: int = 200) -> AsyncGenerator[Stranger]:
    """Answer every request alike while the context lasts."""
    made = Stranger()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.heard.append(await reader.readuntil(b"\r\n\r\n"))
        head = f"HTTP/1.1 {status} Any\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with listening(answer) as (_, made.url):
        yield made


@asynccontextmanager
async def dripping() -> AsyncGenerator[Stranger]:
    """Begin every answer, go on a byte at a time and come to no end, while the context lasts."""
    made = Stranger()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)  # It is what is tried: slow, and never silent.

    async with listening(answer) as (_, made.url):
        yield made


@asynccontextmanager
async def listening(answer: Answer) -> AsyncGenerator[tuple[asyncio.Server, str]]:
    """Answer whoever connects, and yield the server and its address."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
