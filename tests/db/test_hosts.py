"""Several hosts in one URL: whichever of them takes writes is found, in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from app.look_ups import DEADLINE_SECONDS
from db import hosts, migrate, peppers
from db.hosts import Hosts
from db.pool import Database, DatabaseUnavailable
from tests.db import relay
from tests.db.relay import Relay
from tests.postgres import Server, Urls

PATIENCE = 3.0
"""As long as the pool waits for a connection."""


@pytest.fixture
async def ways(copied: Urls) -> AsyncIterator[list[Relay]]:
    """Two ways to one server."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(relay.opened(copied.serving)) for _ in range(2)]


def naming(url: str, ways: list[Relay]) -> str:
    """Return a URL of the same login and database by these ways."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    places = ",".join(f"127.0.0.1:{way.port}" for way in ways)
    return urlunsplit((parts.scheme, f"{login}@{places}", parts.path, "sslmode=disable", ""))


async def by_the_driver_alone(dsn: str, seconds: float) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(dsn, timeout=seconds)


Connect = Callable[[str, float], Awaitable["asyncpg.Connection[asyncpg.Record]"]]


async def answers_in_time(connect: Connect, dsn: str) -> bool:
    """Tell whether a verification that needs a fresh connection is answered before its deadline."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            connection = await connect(dsn, PATIENCE)
    except TimeoutError:
        return False
    connection.terminate()
    return True


async def test_behind_one_that_swallows_everything(copied: Urls, ways: list[Relay]) -> None:
    ways[0].swallow()
    assert await answers_in_time(hosts.connect, naming(copied.serving, ways))


async def test_control_the_driver_waits_for_the_first(copied: Urls, ways: list[Relay]) -> None:
    ways[0].swallow()
    assert not await answers_in_time(by_the_driver_alone, naming(copied.serving, ways))


async def test_behind_one_that_hangs_up(copied: Urls, ways: list[Relay]) -> None:
    """A proxy without a server behind it accepts, and ends the connection at once."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as empty:
        ways[0].port = empty.sockets[0].getsockname()[1]
        assert await answers_in_time(hosts.connect, naming(copied.serving, ways))


async def test_whoever_answered_last_is_asked_first(copied: Urls, ways: list[Relay]) -> None:
    ways[0].swallow()
    found = Hosts(naming(copied.serving, ways))
    (await found.connect(timeout=PATIENCE)).terminate()
    order = [port for _, port in found._addresses]  # pyright: ignore[reportPrivateUsage]
    assert order == [ways[1].port, ways[0].port]


async def test_a_refused_password_is_told_before_a_host_that_is_away(
    server: Server, copied: Urls, ways: list[Relay]
) -> None:
    url = naming(copied.serving, ways).replace("postgresql://", "postgresql://nobody_")
    ways[0].port = 1
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await hosts.connect(url, PATIENCE)


async def test_one_that_becomes_the_primary_while_another_is_silent(
    copied: Urls, ways: list[Relay]
) -> None:
    """Whoever waits for the silent one hears of it before its deadline."""
    ways[0].swallow()
    is_promoted = asyncio.Event()
    accept = ways[1].accept

    async def promoted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if is_promoted.is_set():
            await accept(reader, writer)
        else:
            writer.close()

    async with await asyncio.start_server(promoted, "127.0.0.1", 0) as standby:
        ways[1].port = standby.sockets[0].getsockname()[1]
        asyncio.get_running_loop().call_later(DEADLINE_SECONDS / 3, is_promoted.set)
        assert await answers_in_time(hosts.connect, naming(copied.serving, ways))


async def test_all_away(copied: Urls, ways: list[Relay]) -> None:
    for way in ways:
        way.swallow()
    with pytest.raises(TimeoutError):
        await hosts.connect(naming(copied.serving, ways), 0.5)


async def test_the_pool_and_the_owners_commands_take_them(copied: Urls, ways: list[Relay]) -> None:
    ways[0].swallow()
    opened = await Database.open(naming(copied.serving, ways), size=2)
    try:
        async with opened.connection() as connection:
            assert await connection.fetchval("SELECT true")
    finally:
        await opened.close()
    async with AsyncExitStack() as stack:
        owners = [await stack.enter_async_context(relay.opened(copied.owner)) for _ in range(2)]
        owners[0].swallow()
        owner_url = naming(copied.owner, owners)
        assert await migrate.migrate(owner_url, naming(copied.serving, ways)) == []
        await peppers.count_as_owner(owner_url)


async def test_a_server_that_takes_no_writes_is_none(copied: Urls) -> None:
    """What a standby knows may be over: it would call a revoked token good."""
    name = urlsplit(copied.owner).path.removeprefix("/")
    owner = await asyncpg.connect(copied.owner)
    try:
        await owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        with pytest.raises(DatabaseUnavailable, match="read-write"):
            await Database.open(copied.serving, size=1)
    finally:
        await owner.execute("SET default_transaction_read_only = off")
        await owner.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        await owner.close()
