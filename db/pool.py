"""Connections to PostgreSQL and the transaction that every statement of an organization runs in.

Nothing here knows a table. Functions in the sibling modules take a connection from here and never
begin, commit or acquire.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.connection import LoggedQuery
from asyncpg.pool import PoolConnectionProxy

from db.hosts import Hosts

Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

Watch: TypeAlias = Callable[[str, float, bool], None]
"""Takes the text of a statement, how many seconds it took, and whether it failed."""

CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 4.0
SPARE_SECONDS = 0.5
"""After which the server gives up by itself what it should have been told to."""
ROLLBACK_SECONDS = 0.5
IDLE_MILLISECONDS = 6000


class DatabaseUnavailable(Exception):
    """PostgreSQL could not be reached or did not answer in time; the outcome may be unknown."""


# What asyncpg raises when the server is away, restarting, full, or too slow. A wrong statement is
# not among them: that is a bug and must surface as one.
AWAY = (
    OSError,
    TimeoutError,
    ssl.SSLError,
    asyncpg.InterfaceError,
    # What a statement meets on a connection that the server has just ended while it was idle.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.ReadOnlySQLTransactionError,
)


class _Connection(asyncpg.Connection):  # pyright: ignore[reportMissingTypeArgument]
    """A connection that the pool takes back without a round trip.

    The only session state of this service is transaction-local, so there is nothing to reset. An
    open transaction is still rolled back by asyncpg itself.
    """

    def get_reset_query(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How the connections of a pool are used at a moment."""

    in_use: int
    idle: int
    limit: int
    awaited: int
    """How many wait for one."""


@dataclass(slots=True)
class _Demand:
    """How many have a connection or wait for one."""

    count: int = 0


class Database:
    """A pool of connections of the serving role."""

    def __init__(
        self,
        pool: "asyncpg.Pool[Any]",
        turns: AbstractAsyncContextManager[object] | None = None,
        demand: _Demand | None = None,
    ) -> None:
        self._pool = pool
        self._turns = turns or nullcontext()
        self._demand = demand or _Demand()

    def share(self, at_once: int) -> "Database":
        """Return the same database for one request: it lends it so many connections at a time."""
        return Database(self._pool, asyncio.Semaphore(at_once), self._demand)

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        size: int = 8,
        statement_seconds: float | None = None,
        watch: Watch | None = None,
    ) -> Self:
        """Return a database whose first connection works.

        A statement takes at most ``statement_seconds``, by default STATEMENT_SECONDS, and ``watch``
        is told of each that ended. Raises DatabaseUnavailable where the server cannot be reached.
        """
        seconds = STATEMENT_SECONDS if statement_seconds is None else statement_seconds
        try:
            async with asyncio.timeout(CONNECT_SECONDS * 2):
                pool = await asyncpg.create_pool(
                    dsn,
                    connect=Hosts(dsn).connect,
                    min_size=1,
                    max_size=size,
                    timeout=CONNECT_SECONDS,
                    command_timeout=seconds,
                    connection_class=_Connection,
                    init=None if watch is None else partial(_watch, watch),
                    server_settings={
                        "application_name": "application-users",
                        "jit": "off",
                        # One that is lost before its COMMIT holds its locks until then: longer than
                        # any mutation lives, and no longer.
                        "idle_in_transaction_session_timeout": str(IDLE_MILLISECONDS),
                        # The server does not notice that nobody waits for an answer any longer:
                        # behind a lock, what was given up would pile up until it has no room left.
                        "statement_timeout": str(round((seconds + SPARE_SECONDS) * 1000)),
                    },
                )
        except AWAY as error:
            raise DatabaseUnavailable(describe(error)) from error
        return cls(pool)

    async def close(self) -> None:
        """Wait a bounded time for connections in use, then close all of them."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def use(self) -> PoolUse:
        """Tell how the connections are used, by all that share the pool."""
        is_open, idle = self._pool.get_size(), self._pool.get_idle_size()
        awaited = max(0, self._demand.count - (is_open - idle))
        return PoolUse(is_open - idle, idle, self._pool.get_max_size(), awaited)

    async def distrust(self) -> None:
        """Have every connection replaced before it is used again: there may be no server behind."""
        await self._pool.expire_connections()

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """Lend a connection outside any tenant: row level security shows it no tenant's row."""
        try:
            async with self._turns:
                self._demand.count += 1
                try:
                    async with self._pool.acquire(timeout=CONNECT_SECONDS) as connection:
                        try:
                            yield connection
                        except (TimeoutError, asyncio.CancelledError):
                            # The pool would wait until the server has answered that, too, and a
                            # request past its deadline with it.
                            with suppress(asyncpg.InterfaceError):
                                connection.terminate()
                            raise
                finally:
                    self._demand.count -= 1
        except AWAY as error:
            raise DatabaseUnavailable(describe(error)) from error

    @asynccontextmanager
    async def tenant(self, organization_id: UUID) -> AsyncGenerator[Connection]:
        """Open a transaction that sees one organization, commit it, or roll it back on any error.

        One simple query opens it: a bound parameter would cost a round trip of its own, and
        ``set_config()`` would not reach the workers of a sharded database.
        """
        if not isinstance(organization_id, UUID):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError("the organization of a tenant transaction is a UUID")
        async with self.connection() as connection:
            await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{organization_id}'")
            try:
                yield connection
            except BaseException:
                await _roll_back(connection)
                raise
            # After a failed statement whose error was swallowed, COMMIT rolls back and says so only
            # here: without this, what was never written would be acknowledged.
            if await connection.execute("COMMIT") != "COMMIT":
                raise RuntimeError("a transaction that had failed was to be committed")


async def _watch(watch: Watch, connection: Connection) -> None:
    def tell(ended: LoggedQuery) -> None:
        watch(ended.query, ended.elapsed, ended.exception is not None)

    connection.add_query_logger(tell)


async def _roll_back(connection: Connection) -> None:
    """Undo, or where even that is impossible drop the connection so that the server undoes it."""
    try:
        await connection.execute("ROLLBACK", timeout=ROLLBACK_SECONDS)
    except (*AWAY, asyncio.CancelledError):
        # One that the server ended has gone back to the pool by itself.
        with suppress(asyncpg.InterfaceError):
            connection.terminate()


def is_locked(error: DatabaseUnavailable) -> bool:
    """Tell whether somebody else had a row that a statement would not wait for."""
    return isinstance(error.__cause__, asyncpg.LockNotAvailableError)


def describe(error: BaseException) -> str:
    """Say what went wrong in one line; asyncio's timeouts have no text of their own."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
