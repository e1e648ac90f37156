"""A PostgreSQL that is away for a while."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from tests.postgres import Server, Urls

_END_SESSIONS_SQL = """
SELECT pg_terminate_backend(pid, 5000)
  FROM pg_stat_activity
 WHERE datname = $1
"""


@asynccontextmanager
async def away(server: Server, urls: Urls) -> AsyncGenerator[None]:
    """End every session in a database and let nobody but superusers in, until the end."""
    name = urlsplit(urls.owner).path.removeprefix("/")
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
        await connection.execute(_END_SESSIONS_SQL, name)
        yield
    finally:
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
        await connection.close()
