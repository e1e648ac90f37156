"""Extensions of tokens, which are over before the tokens are, or were never made.

What waits for a synchronous standby is committed, and not seen by anybody. It would be seen once
the standby is back, however long that takes, and bring back to life what has expired meanwhile and
was refused. Such a wait is ended: what was written is seen at once. Without the standby, the worst
that comes of it is an extension that a failover loses. No other write of this service is treated
so: an end that was seen must not be lost.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from db import presented
from db.pool import Connection, Database, DatabaseUnavailable

CANCEL_SECONDS = 1.0


class BoundedWrites:
    """The connections that extensions are written over, so many at a time."""

    def __init__(self, database: Database, at_once: int) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(at_once)
        self._cancelling: set[asyncio.Task[None]] = set()
        """The loop itself remembers none."""

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """Lend a connection; a statement that is given up on it is ended.

        Raises DatabaseUnavailable.
        """
        process = None
        await self._turns.acquire()
        try:
            async with self._database.connection() as connection:
                process = connection.get_server_pid()
                yield connection
        except (DatabaseUnavailable, asyncio.CancelledError) as failure:
            is_given_up = isinstance(failure.__cause__ or failure, GIVEN_UP)
            if process is not None and is_given_up:
                # In the same turn: nobody else is to wait longer for a connection.
                cancelling = asyncio.create_task(self._cancel(process))
                self._cancelling.add(cancelling)
                cancelling.add_done_callback(self._end)
            else:
                self._turns.release()
            raise
        except BaseException:
            self._turns.release()
            raise
        self._turns.release()

    async def _cancel(self, process: int) -> None:
        with suppress(DatabaseUnavailable, TimeoutError):
            async with asyncio.timeout(CANCEL_SECONDS), self._database.connection() as connection:
                await presented.cancel_extension(connection, process)

    def _end(self, cancelling: "asyncio.Task[None]") -> None:
        self._cancelling.discard(cancelling)
        self._turns.release()


GIVEN_UP = (asyncio.CancelledError, TimeoutError)
"""Before the server had answered."""
