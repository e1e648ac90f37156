"""Remembers uses of tokens and writes them in batches.

A use costs the request nothing but a dictionary entry. Uses of one token are coalesced into its
latest, and a use much like the last one recorded is not written again. A crash loses at most one
interval; a clean stop loses none. Only uses that were let through get here. Of people who sign in
there is no token, and what is remembered is when they last did something.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app import user_agents
from app.addresses import Address
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PersonMembership, PresentedToken, TokenUse

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
    _people: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    """When a use of each was last noted, those of the last while."""
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

    def note_person(self, person: PersonMembership) -> None:
        """Note that somebody who signed in did something; not again within the resolution."""
        noted = self._people.get(person.user_id)
        if noted is not None and person.check_time - noted < self.resolution:
            return
        self._people[person.user_id] = person.check_time
        # No token has the id of a user: what is written is the user's last activity alone.
        self._uses[person.user_id] = TokenUse(
            person.organization_id, person.user_id, person.user_id, person.check_time, None, ""
        )

    def _is_recorded(self, token: PresentedToken, address: Address | None, agent: str) -> bool:
        # A sliding expiry follows every use: what is skipped here would end a token too early.
        # After a rotation each use is evidence that somebody still depends on the old token.
        return (
            not token.extend_when_used
            and token.overlap_end_time is None
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
            self._forget_people()

    def _forget_people(self) -> None:
        """Forget those whose next use is written whenever it comes."""
        if self._people:
            oldest = max(self._people.values()) - self.resolution
            self._people = {key: time for key, time in self._people.items() if time > oldest}

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
