"""Remembers uses of tokens and writes them in batches.

A use costs the request nothing but a dictionary entry. Uses of one token are coalesced into its
latest, and a use much like the last one recorded is not written again. A crash loses at most one
interval; a clean stop loses none. Only uses that were let through get here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from app import user_agents
from app.addresses import Address
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PresentedToken, TokenUse

log = structlog.get_logger("activity")

EXTEND_NOW = timedelta(seconds=60)
"""With less life left than this, a sliding token's extension is written before the answer."""

BATCH = 1000


@dataclass
class Activity:
    """The uses of one worker that are not written yet."""

    database: Database
    flush_seconds: float
    resolution: timedelta
    _uses: dict[UUID, TokenUse] = field(default_factory=dict[UUID, TokenUse])
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def note(
        self, token: PresentedToken, address: Address | None, user_agent: str | None
    ) -> None:
        """Note a use, from an unknown address too.

        Raises DatabaseUnavailable where an extension that is due cannot be kept.
        """
        agent = user_agents.stored(user_agent)
        # Behind another use that waits to be written, one like the use recorded is news again.
        if token.token_id not in self._uses and self._is_recorded(token, address, agent):
            return
        use = TokenUse(
            token.organization_id,
            token.token_id,
            token.user_id,
            token.check_time,
            address,
            agent,
        )
        earlier = self._uses.get(use.token_id)
        if earlier is None or earlier.use_time < use.use_time:
            self._uses[use.token_id] = use
        if (
            token.extend_when_used
            and token.expiry_time is not None
            and token.expiry_time - token.check_time < EXTEND_NOW
        ):
            await self._write([use])

    def _is_recorded(self, token: PresentedToken, address: Address | None, agent: str) -> bool:
        # A sliding expiry follows every use: what is skipped here would end a token too early.
        return (
            not token.extend_when_used
            and token.last_used_time is not None
            and token.check_time - token.last_used_time < self.resolution
            and token.last_ip == (str(address) if address else None)
            and (token.last_user_agent or "") == agent
        )

    async def flush(self) -> None:
        """Write what was noted. What could not be written is kept. Raises DatabaseUnavailable."""
        async with self._flushing:
            while self._uses:
                batch = list(self._uses.values())[:BATCH]
                await self._write(batch)
                for use in batch:
                    if self._uses.get(use.token_id) is use:
                        del self._uses[use.token_id]

    async def _write(self, uses: Sequence[TokenUse]) -> None:
        async with self.database.connection() as connection:
            await presented.record_token_uses(connection, uses)

    async def run(self) -> None:
        """Flush until cancelled. The last flush is the caller's."""
        while True:
            await asyncio.sleep(self.flush_seconds)
            try:
                await self.flush()
            except DatabaseUnavailable as error:
                log.warning("activity.kept", uses=len(self._uses), error=str(error))
