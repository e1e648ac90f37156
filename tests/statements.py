"""Which SQL statements run."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from app.database import Database


@asynccontextmanager
async def statements(database: Database) -> AsyncGenerator[list[str]]:
    """Collect what runs meanwhile on a database that is reached over one connection.

    What opens and closes transactions is left out, and what asyncpg asks once about types.
    """
    seen: list[str] = []

    def see(record: object) -> None:
        query = str(getattr(record, "query", ""))
        own = "'jit'" in query or "pg_catalog" in query
        if not own and not query.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(query)

    async with database.connection() as connection:
        connection.add_query_logger(see)
    try:
        yield seen
        await asyncio.sleep(0)  # asyncpg calls loggers at the next turn of the loop.
    finally:
        async with database.connection() as connection:
            connection.remove_query_logger(see)
