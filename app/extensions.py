"""Extensions of sliding tokens that are near their end: written before the answer.

The use itself waits with all others for the next flush. Nothing here waits for those, which may
stand behind a lock of another organization's; only the token's own row is tried until it is free.
"""

import asyncio
from uuid import UUID

from app.bounded_writes import BoundedWrites
from db import presented
from db.pool import Database, DatabaseUnavailable, describe, is_locked
from db.presented import PresentedToken

AT_ONCE = 2
"""Statements, none of which waits for a row: what one organization locks holds up no other's."""
AGAIN_SECONDS = 0.05
"""Until a row is tried again that somebody had locked."""
SECONDS = 0.9
"""For all attempts, and for the turn: nobody waits for longer. ``extend_token`` leaves alone what
has less than a second to live, so that what is given up is ended before the token is."""


class Extensions:
    """Those of one worker that are being written: one for each token, whoever waits for it."""

    def __init__(self, database: Database) -> None:
        self._writes = BoundedWrites(database, AT_ONCE)
        self._under_way: dict[UUID, asyncio.Task[DatabaseUnavailable | None]] = {}

    async def write(self, token: PresentedToken, deadline: float | None) -> None:
        """Return when the end of a token has moved for a use like this, or a moment earlier.

        Raises DatabaseUnavailable where it has not, by the deadline of the loop's clock.
        """
        writing = self._under_way.get(token.token_id)
        if writing is None:
            writing = asyncio.create_task(self._write(token))
            self._under_way[token.token_id] = writing
            writing.add_done_callback(lambda _: self._under_way.pop(token.token_id))
        try:
            async with asyncio.timeout_at(deadline):
                # Others may wait for it, too.
                failure = await asyncio.shield(writing)
        except TimeoutError as error:
            raise DatabaseUnavailable("an extension was not written in time") from error
        if failure is not None:
            raise DatabaseUnavailable(str(failure)) from failure.__cause__

    async def _write(self, token: PresentedToken) -> DatabaseUnavailable | None:
        failure = None
        try:
            async with asyncio.timeout(SECONDS):
                while True:
                    failure = await self._attempt(token)
                    if failure is None or not is_locked(failure):
                        return failure
                    await asyncio.sleep(AGAIN_SECONDS)
        except TimeoutError as error:
            return failure or DatabaseUnavailable(describe(error))

    async def _attempt(self, token: PresentedToken) -> DatabaseUnavailable | None:
        try:
            async with self._writes.connection() as connection:
                await presented.extend_token(
                    connection, token.organization_id, token.token_id, token.check_time
                )
        except DatabaseUnavailable as failure:
            # A result, because whoever asked for it may have left.
            return failure
        return None
