"""The network between one node and PostgreSQL: a TCP relay that does to bytes what networks do."""

import asyncio
import socket as sockets
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from enum import Enum
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET

from db.embedded_cluster import DATABASE, SERVING_ROLE

CHUNK = 65536
DELAY_SECONDS = 0.06
NO_GOODBYE = struct.pack("ii", 1, 0)
"""With this lingering, a closed connection is reset."""


class Condition(Enum):
    """What the network does to bytes, either way."""

    WORKS = "works"
    HOLDS = "holds"
    """Bytes wait until it works again and arrive then: a partition that heals."""
    LOSES = "loses"
    """Half-open for good: a connection that is opened or used in this time never hears again."""
    DELAYS = "delays"
    """Bytes come late, each way: a detour, or a crowded line."""


class AtCommit(Enum):
    """What happens to the next connection that sends COMMIT, once."""

    CUT = "cut"
    """PostgreSQL commits; the node is told nothing."""
    UNTOLD = "untold"
    """PostgreSQL has committed and says so; the connection is cut as its answer comes by."""
    LOST = "lost"
    """PostgreSQL waits in an open transaction, and is not told that the node has given up."""


class Link:
    """A relay from a free port of 127.0.0.1 to a socket of PostgreSQL."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._server: asyncio.Server | None = None
        # It never listens: while nobody does, its port is refused and yet nobody else's.
        self._port_keeper = sockets.socket()
        self._port_keeper.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        self._port_keeper.bind(("127.0.0.1", 0))
        self._condition = Condition.WORKS
        self._works = asyncio.Event()
        self._works.set()
        self._pairs: set[_Pair] = set()
        self.at_commit: AtCommit | None = None

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def refuse(self) -> None:
        """Reset every connection and refuse further ones until it is opened again."""
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    async def close(self) -> None:
        """Stop, with every connection."""
        await self.refuse()
        self._port_keeper.close()

    @property
    def port(self) -> int:
        """Where it listens, or would."""
        return self._port_keeper.getsockname()[1]

    @property
    def url(self) -> str:
        """Where nodes find the database; trust stands behind it, as on the socket."""
        return f"postgresql://{SERVING_ROLE}@127.0.0.1:{self.port}/{DATABASE}?sslmode=disable"

    @property
    def condition(self) -> Condition:
        """What it does to bytes at present."""
        return self._condition

    @condition.setter
    def condition(self, condition: Condition) -> None:
        self._condition = condition
        if condition is Condition.HOLDS:
            self._works.clear()
        else:
            self._works.set()

    def cut(self) -> int:
        """Reset every connection, and return how many there were."""
        cut = list(self._pairs)
        for pair in cut:
            pair.abort()
        return len(cut)

    async def passes(self, pair: "_Pair") -> bool:
        """Tell whether bytes that are here now go on, and wait for as long as they are held."""
        await self._works.wait()
        if self._condition is Condition.DELAYS:
            await asyncio.sleep(DELAY_SECONDS)
        if self._condition is Condition.LOSES:
            pair.is_lost = True
        return not pair.is_lost

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair(self, reader, writer)
        self._pairs.add(pair)
        try:
            await pair.relay(self._socket)
        finally:
            pair.close()
            self._pairs.discard(pair)


class _Pair:
    """A connection of a node and the one to PostgreSQL that belongs to it."""

    def __init__(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._link = link
        self._reader = reader
        self._writers = [writer]
        self.is_lost = False
        self._is_untold = False

    async def relay(self, socket: Path) -> None:
        """Carry bytes until either side ends."""
        [down] = self._writers
        # Held here, a connection is open for the node and unknown to PostgreSQL.
        if not await self._link.passes(self):
            with suppress(OSError):
                while await self._reader.read(CHUNK):
                    pass
            return
        try:
            back, up = await asyncio.open_unix_connection(socket)
        except OSError:
            return
        self._writers.append(up)
        ways = [
            asyncio.create_task(self._carry(self._reader, up, watches=True)),
            asyncio.create_task(self._carry(back, down, watches=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if self.is_lost:
                # Neither side learns that the other one has left.
                await asyncio.wait(ways)
        finally:
            for way in ways:
                way.cancel()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watches: bool
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                trap = self._link.at_commit if watches and b"COMMIT" in data else None
                if trap is not None:
                    self._link.at_commit = None
                    self.is_lost = trap is AtCommit.LOST
                    self._is_untold = trap is AtCommit.UNTOLD
                if self._is_untold and not watches:
                    self.abort()
                    return
                if not await self._link.passes(self):
                    continue
                writer.write(data)
                await writer.drain()
                if trap is AtCommit.CUT:
                    self.abort()
                    return
        # The end of a stream is news as well, and travels like bytes.
        await self._link.passes(self)

    def close(self) -> None:
        """End both connections, once what was sent before has arrived."""
        for writer in self._writers:
            writer.close()

    def abort(self) -> None:
        """Reset both connections; what was sent before still arrives at PostgreSQL."""
        _reset(self._writers[0])
        for writer in self._writers[1:]:
            writer.transport.abort()


def _reset(writer: asyncio.StreamWriter) -> None:
    socket = writer.get_extra_info("socket")
    if socket is not None and not writer.transport.is_closing():
        socket.setsockopt(SOL_SOCKET, SO_LINGER, NO_GOODBYE)
    writer.transport.abort()


@asynccontextmanager
async def opened(socket: Path) -> AsyncGenerator[Link]:
    """Yield a link that works."""
    link = Link(socket)
    await link.open()
    try:
        yield link
    finally:
        await link.close()
