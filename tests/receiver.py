"""An HTTP server on this host that takes what webhooks send, and answers what a test says."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """A request."""

    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with ``statuses`` in turn, the last one for ever; 0 is silence."""

    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""
    delay: float = 0
    port: int = 0
    received: list[Received] = field(default_factory=list[Received])
    at_once: int = 0
    most_at_once: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends every silence."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and answer it."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received.append(Received(first.split()[1], headers, body))
        status = self.statuses[min(len(self.received), len(self.statuses)) - 1]
        if self.delay:
            await asyncio.sleep(self.delay)
        if status == 0:
            await self.released.wait()
            return
        answer = f"HTTP/1.1 {status} Status\r\n"
        answer += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        writer.write(answer.encode() + b"\r\n" + self.content)
        await writer.drain()


@asynccontextmanager
async def receiving(
    *statuses: int, trusted: ssl.SSLContext | None = None
) -> AsyncGenerator[Receiver]:
    """Serve on a free port of 127.0.0.1."""
    receiver = Receiver(list(statuses) or [204])
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=trusted)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.close()
        await server.wait_closed()
