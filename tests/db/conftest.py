"""Databases of a module's own, and sessions on them that leave nothing behind."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from db.pool import Database
from tests.db import rows
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
