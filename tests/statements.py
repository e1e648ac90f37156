"""Which SQL statements run."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from asyncpg.connection import LoggedQuery

from app.database import Database


@asynccontextmanager
async def watched(database: Database, see: Callable[[LoggedQuery], None]) -> AsyncGenerator[None]:
    """Show what runs meanwhile, with its values, on a database reached over one connection.

    What asyncpg asks once about types is left out.
    """

    def show(query: LoggedQuery) -> None:
        if "'jit'" not in query.query and "pg_catalog" not in query.query:
            see(query)

    async with database.connection() as connection:
        connection.add_query_logger(show)
    try:
        yield
        await asyncio.sleep(0)  # asyncpg calls loggers at the next turn of the loop.
    finally:
        async with database.connection() as connection:
            connection.remove_query_logger(show)


@asynccontextmanager
async def statements(database: Database) -> AsyncGenerator[list[str]]:
    """Collect what ``watched`` shows but for what opens and closes transactions."""
    seen: list[str] = []

    def see(query: LoggedQuery) -> None:
        if not query.query.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(query.query)

    async with watched(database, see):
        yield seen
