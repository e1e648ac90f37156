"""A TCP port that leads to PostgreSQL, and can be made to swallow what goes through it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit, urlunsplit

CHUNK = 65536


class Relay:
    """Connections that were open while it swallowed are dead for good."""

    def __init__(self, dsn: str) -> None:
        self._dsn = urlsplit(dsn)
        self.port = 0
        self._swallows = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._ends: set[asyncio.Event] = set()
        """One for each connection; set: nothing goes through it any more."""

    @property
    def dsn(self) -> str:
        """The URL of the same database through the relay."""
        login = self._dsn.netloc.rpartition("@")[0]
        netloc = f"{login}@127.0.0.1:{self.port}"
        return urlunsplit(
            (self._dsn.scheme, netloc, self._dsn.path, "sslmode=disable", self._dsn.fragment)
        )

    def swallow(self) -> None:
        """Let nothing through from here on, and nobody know."""
        self._swallows = True
        for dead in self._ends:
            dead.set()

    def heal(self) -> None:
        """Let connections through that are opened from here on."""
        self._swallows = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry the bytes of one connection."""
        self._writers.add(writer)
        if self._swallows:
            with suppress(OSError):
                await reader.read()
            writer.close()
            return
        back, up = await self._connect()
        self._writers.add(up)
        dead = asyncio.Event()
        self._ends.add(dead)
        ways = [
            asyncio.create_task(self._carry(reader, up, dead)),
            asyncio.create_task(self._carry(back, writer, dead)),
        ]
        # Of a dead connection neither end learns that the other one has left.
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if dead.is_set():
            await asyncio.wait(ways[:1])
        for way in ways:
            way.cancel()
        up.close()
        writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = parse_qs(self._dsn.query).get("host")
        if folder:
            port = parse_qs(self._dsn.query).get("port", ["5432"])[0]
            return await asyncio.open_unix_connection(f"{folder[0]}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self._dsn.hostname, self._dsn.port or 5432)

    async def cut(self) -> None:
        """Reset every connection, and let those who had them know."""
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dead: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if not dead.is_set():
                    writer.write(data)
                    await writer.drain()


@asynccontextmanager
async def opened(dsn: str) -> AsyncGenerator[Relay]:
    """Yield a relay that works."""
    relay = Relay(dsn)
    server = await asyncio.start_server(relay.accept, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await relay.cut()
