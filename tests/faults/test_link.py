"""The link: what it does to bytes is what the faults are called."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import link
from tests.faults.link import DELAY_SECONDS, AtCommit, Condition, Link
from tests.waiting import until

SHORT = 0.1
"""What does not happen has not happened by then."""


@dataclass
class Ends:
    """Both ends of a link: a server that writes back what it reads, and connections to it."""

    link: Link
    seen: bytearray = field(default_factory=bytearray)
    ended: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])

    async def echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(100):
                self.seen += data
                writer.write(data)
        self.ended += 1
        writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.link.port)
        self.writers.append(writer)
        return reader, writer

    async def close(self) -> None:
        self.link.cut()
        for writer in self.writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def has_seen(self, data: bytes) -> None:
        async def seen() -> bool:
            return data in self.seen

        await until(seen)


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    # A socket's path is short: pytest's own folders may be too long for it.
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "socket"
        async with link.opened(socket) as opened:
            made = Ends(opened)
            server = await asyncio.start_unix_server(made.echo, socket)
            yield made
            await made.close()
            server.close()
            await server.wait_closed()


async def silent(reader: asyncio.StreamReader) -> bool:
    """Tell whether nothing comes, not even an end."""
    try:
        await asyncio.wait_for(reader.read(1), SHORT)
    except TimeoutError:
        return True
    return False


async def test_works(ends: Ends) -> None:
    reader, writer = await ends.connect()
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    writer.close()

    async def has_ended() -> bool:
        return ends.ended == 1

    await until(has_ended)


async def test_holds_and_delivers(ends: Ends) -> None:
    reader, writer = await ends.connect()
    ends.link.condition = Condition.HOLDS
    writer.write(b"hello")
    assert await silent(reader)
    assert not ends.seen
    ends.link.condition = Condition.WORKS
    assert await reader.readexactly(5) == b"hello"


async def test_loses_for_good_what_was_used(ends: Ends) -> None:
    used, writer = await ends.connect()
    idle, idle_writer = await ends.connect()
    writer.write(b"one")
    assert await used.readexactly(3) == b"one"
    ends.link.condition = Condition.LOSES
    writer.write(b"two")
    assert await silent(used)
    ends.link.condition = Condition.WORKS
    writer.write(b"three")
    assert await silent(used)
    idle_writer.write(b"four")
    assert await idle.readexactly(4) == b"four"
    # The other side does not even learn that it is over.
    writer.close()
    await asyncio.sleep(SHORT)
    assert ends.ended == 0
    assert bytes(ends.seen) == b"onefour"


async def test_loses_for_good_what_was_opened(ends: Ends) -> None:
    ends.link.condition = Condition.LOSES
    reader, writer = await ends.connect()
    await asyncio.sleep(SHORT)
    ends.link.condition = Condition.WORKS
    writer.write(b"hello")
    assert await silent(reader)
    assert not ends.seen


async def test_cut(ends: Ends) -> None:
    reader, writer = await ends.connect()
    writer.write(b"hello")
    await reader.readexactly(5)
    assert ends.link.cut() == 1
    with pytest.raises(ConnectionResetError):
        await reader.read(1)


async def test_cut_at_commit(ends: Ends) -> None:
    ends.link.at_commit = AtCommit.CUT
    reader, writer = await ends.connect()
    writer.write(b"hello")
    await reader.readexactly(5)
    writer.write(b"COMMIT")
    with pytest.raises(ConnectionResetError):
        await reader.read(1)
    await ends.has_seen(b"COMMIT")
    assert ends.link.at_commit is None


async def test_lost_at_commit(ends: Ends) -> None:
    ends.link.at_commit = AtCommit.LOST
    reader, writer = await ends.connect()
    writer.write(b"hello")
    await reader.readexactly(5)
    writer.write(b"COMMIT")
    assert await silent(reader)
    assert bytes(ends.seen) == b"hello"
    other, other_writer = await ends.connect()
    other_writer.write(b"COMMIT")
    assert await other.readexactly(6) == b"COMMIT"


async def test_untold_at_commit(ends: Ends) -> None:
    ends.link.at_commit = AtCommit.UNTOLD
    reader, writer = await ends.connect()
    writer.write(b"COMMIT")
    with pytest.raises(ConnectionResetError):
        await reader.read(1)
    assert bytes(ends.seen) == b"COMMIT"


async def test_refuses_until_it_is_opened_again(ends: Ends) -> None:
    reader, _ = await ends.connect()
    await ends.link.refuse()
    with pytest.raises(ConnectionResetError):
        await reader.read(1)
    with pytest.raises(ConnectionRefusedError):
        await ends.connect()
    await ends.link.open()
    reader, writer = await ends.connect()
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"


async def test_delays(ends: Ends) -> None:
    reader, writer = await ends.connect()
    ends.link.condition = Condition.DELAYS
    writer.write(b"hello")
    begin = time.monotonic()
    assert await reader.readexactly(5) == b"hello"
    assert time.monotonic() - begin >= DELAY_SECONDS
