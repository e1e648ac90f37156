"""Which SQL statements run."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from asyncpg.connection import LoggedQuery

from app.database import Database
from db.pool import Connection
from tests.service import Service


@asynccontextmanager
async def watched(service: Service, see: Callable[[LoggedQuery], None]) -> AsyncGenerator[None]:
    """Show what a service runs meanwhile, with its values, on all of its connections.

    What asyncpg asks once about types is left out.
    """

    def show(query: LoggedQuery) -> None:
        if "'jit'" not in query.query and "pg_catalog" not in query.query:
            see(query)

    async with _connections(service) as connections:
        for connection in connections:
            connection.add_query_logger(show)
    try:
        yield
        await asyncio.sleep(0)  # asyncpg calls loggers at the next turn of the loop.
    finally:
        async with _connections(service) as connections:
            for connection in connections:
                connection.remove_query_logger(show)


@asynccontextmanager
async def _connections(service: Service) -> AsyncGenerator[list[Connection]]:
    """Lend all that there may be at a time."""
    async with AsyncExitStack() as lent:
        yield [
            await lent.enter_async_context(database.connection())
            for database in service.databases
            for _ in range(_size(database))
        ]


def _size(database: Database) -> int:
    return database._pool.get_max_size()  # pyright: ignore[reportPrivateUsage]


@asynccontextmanager
async def statements(service: Service) -> AsyncGenerator[list[str]]:
    """Collect what ``watched`` shows but for what opens and closes transactions."""
    seen: list[str] = []

    def see(query: LoggedQuery) -> None:
        if not query.query.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(query.query)

    async with watched(service, see):
        yield seen
