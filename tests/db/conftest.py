"""Databases of a module's own, and sessions on them that leave nothing behind."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.pool import Database
from tests.db import rows, trails
from tests.postgres import Server, Urls


@pytest.fixture(scope="module")
async def copied(server: Server) -> Urls:
    """A database for one module, with the two organizations of ``rows`` in it."""
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await rows.insert_two_tenants(connection)
    await connection.execute("ANALYZE")
    await connection.close()
    return urls


@pytest.fixture
async def owner(copied: Urls) -> AsyncIterator[rows.Connection]:
    """The owner, in a transaction that is rolled back."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(copied.owner)
    await connection.execute("BEGIN")
    yield connection
    await connection.execute("ROLLBACK")
    await connection.close()


@pytest.fixture
async def writer(copied: Urls) -> AsyncIterator[rows.Connection]:
    """The owner, whose changes stay."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(copied.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def serving(copied: Urls) -> AsyncIterator[rows.Connection]:
    """The serving role, in a transaction that is rolled back and belongs to no tenant yet."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(copied.serving)
    await connection.execute("BEGIN")
    yield connection
    await connection.execute("ROLLBACK")
    await connection.close()


@pytest.fixture(scope="module")
async def pool(copied: Urls) -> AsyncIterator[Database]:
    """The module's database as the service reaches it."""
    opened = await Database.open(copied.serving, size=16)
    yield opened
    await opened.close()


@pytest.fixture
async def complaints() -> AsyncIterator[list[dict[str, Any]]]:
    """What the loop has to complain of, as of failures that nobody looked at: nothing."""
    loop, seen = asyncio.get_running_loop(), list[dict[str, Any]]()
    loop.set_exception_handler(lambda _, context: seen.append(context))
    yield seen
    await asyncio.sleep(0)
    gc.collect()
    loop.set_exception_handler(None)
    assert seen == []


@pytest.fixture
async def fresh_id(copied: Urls) -> UUID:
    """An organization without any event."""
    row = rows.organization()
    connection = await asyncpg.connect(copied.owner)
    await rows.insert(connection, "organization", row)
    await connection.close()
    return UUID(str(row["organization_id"]))


@pytest.fixture
async def trail(pool: Database, fresh_id: UUID) -> UUID:
    """An organization with the six events of ``trails``."""
    await trails.append(pool, fresh_id, *trails.EVENTS[:4])
    await trails.append(pool, fresh_id, *trails.EVENTS[4:])
    return fresh_id
