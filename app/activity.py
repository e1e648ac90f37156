"""Remembers uses of tokens and writes them in batches.

A use costs the request nothing but a dictionary entry. Uses of one token from one address by one
program on one day are counted together, and a use much like the last one recorded does not move
that one. A crash loses at most one interval; a clean stop loses none; a batch whose outcome is
unknown is written again. Only uses that were let through get here. Of people who sign in there is
no token, and what is remembered is when they last did something.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeAlias
from uuid import UUID

import structlog

from app import addresses, user_agents
from app.addresses import Address
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PersonMembership, PresentedToken, TokenUse

log = structlog.get_logger("activity")

EXTEND_SECONDS = 60
"""With less life left than this, a sliding token's extension is written before the answer."""
BATCH = 250
"""More at a time would keep the requests of this worker waiting while they are encoded."""
MOST = 100_000
"""Entries that wait. From here on what is new of a token shares an entry."""
MOST_OF_TOKEN = 1000
"""Addresses and programs of one token that wait; further ones share an entry, too."""
MOST_AT_ALL = 2 * MOST
"""Where even these are too many nothing has been written for long: uses are no longer let
through."""
OTHERS = "\n"
"""No program's name, which has no line break: the key of the uses that are not told apart."""

_Key: TypeAlias = tuple[UUID, str | None, str, date | None]
"""Token, address, program and day."""


@dataclass
class Activity:
    """The uses of one worker that are not written yet."""

    database: Database
    flush_seconds: float
    resolution: timedelta
    _uses: dict[_Key, TokenUse] = field(default_factory=dict[_Key, TokenUse])
    _of_token: Counter[UUID] = field(default_factory=Counter[UUID])
    """How many of the entries are of each token."""
    _news: set[UUID] = field(default_factory=set[UUID])
    """Tokens with a use, not written yet, that is to become the last one recorded."""
    _people: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    """When a use of each was last noted, those of the last while."""
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One statement at a time: PostgreSQL has writers take turns, and connections are few."""
    _late: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])
    """Extensions that are being written; nobody need wait for them any longer."""

    async def note(
        self,
        token: PresentedToken,
        address: Address | None,
        user_agent: str | None,
        deadline: float | None = None,
    ) -> None:
        """Note a use, from an unknown address too.

        Raises DatabaseUnavailable where an extension that is due cannot be kept, by the deadline
        of the loop's clock, or where there is no room for what waits to be written.
        """
        agent = user_agents.stored(user_agent)
        ip = addresses.text(address) if address else None
        now = token.check_time
        # Behind another use that waits to be written, one like the use recorded is news again.
        is_news = token.token_id in self._news
        key = (token.token_id, ip, agent, now.date())
        use = self._uses.get(key)
        if use is None:
            is_news = is_news or not self._is_recorded(token, ip, agent)
            if (
                len(self._uses) >= MOST_AT_ALL
                and (token.token_id, None, OTHERS, now.date()) not in self._uses
            ):
                raise DatabaseUnavailable("too many uses wait to be written")
            use = TokenUse(
                token.organization_id,
                token.token_id,
                token.user_id,
                now,
                now,
                ip,
                agent,
                is_news=is_news,
            )
            key = self._keep(key, use)
        else:
            _add(use, now, now, 1, is_news)
        if is_news:
            self._news.add(token.token_id)
        if (
            token.extend_when_used
            and token.expiry_seconds is not None
            and token.expiry_seconds - now.timestamp() < EXTEND_SECONDS
        ):
            await self._write_now(key, deadline)

    def note_person(self, person: PersonMembership) -> None:
        """Note that somebody who signed in did something; not again within the resolution."""
        noted = self._people.get(person.user_id)
        if noted is not None and person.check_time - noted < self.resolution:
            return
        if len(self._uses) >= MOST_AT_ALL:
            return
        self._people[person.user_id] = person.check_time
        # No token has the id of a user: what is written is the user's last activity alone.
        now = person.check_time
        use = TokenUse(person.organization_id, person.user_id, person.user_id, now, now, None, "")
        self._keep((person.user_id, None, "", None), use)

    def _is_recorded(self, token: PresentedToken, ip: str | None, agent: str) -> bool:
        # A sliding expiry follows every use: what is skipped here would end a token too early.
        # After a rotation each use is evidence that somebody still depends on the old token.
        return (
            not token.extend_when_used
            and token.overlap_end_seconds is None
            and token.unused_seconds is not None
            and token.unused_seconds < self.resolution.total_seconds()
            and token.last_ip == ip
            and (token.last_user_agent or "") == agent
        )

    def _keep(self, key: _Key, use: TokenUse) -> _Key:
        """Have uses wait to be written, and return the key that they wait under."""
        token_id, _, _, day = key
        if key not in self._uses and (
            self._of_token[token_id] >= MOST_OF_TOKEN or len(self._uses) >= MOST
        ):
            key = (token_id, None, OTHERS, day)
            use.is_other = True
        waiting = self._uses.get(key)
        if waiting is None:
            self._uses[key] = use
            self._of_token[token_id] += 1
        elif _add(waiting, use.first_use_time, use.last_use_time, use.use_count, use.is_news):
            waiting.ip, waiting.user_agent = use.ip, use.user_agent
        return key

    async def flush(self) -> None:
        """Write what was noted. What could not be written is kept. Raises DatabaseUnavailable."""
        async with self._flushing:
            async with self._writing:
                # Behind a write that is under way: what it fails to write is to be among these.
                keys = iter(list(self._uses))
            # What comes during the writing is the next flush's.
            while batch := list(islice(keys, BATCH)):
                try:
                    await self._write(batch)
                except DatabaseUnavailable:
                    raise
                except Exception:
                    # Trying again would not mend it, and the others are not to wait for one.
                    log.exception("activity.bug", uses=len(batch))
                    await self._write_apart(batch)
            self._forget_people()

    def _forget_people(self) -> None:
        """Forget those whose next use is written whenever it comes."""
        if self._people:
            oldest = max(self._people.values()) - self.resolution
            self._people = {key: time for key, time in self._people.items() if time > oldest}

    async def _write_now(self, key: _Key, deadline: float | None) -> None:
        # Not cut off at the deadline: what the server does with half a write nobody would know.
        writing = asyncio.create_task(self._write([key]))
        self._late.add(writing)
        writing.add_done_callback(self._late.discard)
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.shield(writing)
        except TimeoutError as error:
            raise DatabaseUnavailable("an extension was not written in time") from error

    async def _write(self, keys: Sequence[_Key]) -> None:
        """Write what waits under these keys; others may have written it meanwhile."""
        async with self._writing:
            taken = [(key, self._uses.pop(key)) for key in keys if key in self._uses]
            self._of_token.subtract(key[0] for key, _ in taken)
            try:
                if taken:
                    async with self.database.connection() as connection:
                        await presented.record_token_uses(connection, [use for _, use in taken])
            except BaseException:
                for key, use in taken:
                    self._keep(key, use)
                raise
            for key, _ in taken:
                # Not before: until then the use recorded is not the one that will be.
                if self._of_token[key[0]] == 0:
                    del self._of_token[key[0]]
                    self._news.discard(key[0])

    async def _write_apart(self, keys: Sequence[_Key]) -> None:
        """Write each by itself, and forget the one that a bug keeps from being written."""
        for key in keys:
            try:
                await self._write([key])
            except DatabaseUnavailable:
                raise
            except Exception:
                log.exception("activity.lost", token_id=str(key[0]))
                if self._uses.pop(key, None) is not None:
                    self._of_token[key[0]] -= 1

    async def run(self) -> None:
        """Flush until cancelled. The last flush is the caller's."""
        while True:
            await asyncio.sleep(self.flush_seconds)
            try:
                # A flush that is cut off may have been written: it ends before the last one begins.
                await asyncio.shield(self.flush())
            except DatabaseUnavailable as error:
                log.warning("activity.kept", uses=len(self._uses), error=str(error))


def _add(use: TokenUse, first: datetime, last: datetime, count: int, is_news: bool) -> bool:
    """Count further uses of the same, which may be earlier ones; tell whether they are the latest.

    What two look-ups tell of the time need not come in its order.
    """
    use.use_count += count
    use.is_news |= is_news
    use.first_use_time = min(use.first_use_time, first)
    if last < use.last_use_time:
        return False
    use.last_use_time = last
    return True
