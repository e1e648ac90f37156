"""Remembers uses of tokens and writes them in batches.

A use costs the request nothing but a dictionary entry. Uses of one token from one address by one
program on one day are counted together, and a use much like the last one recorded does not move
that one. A crash loses at most one interval; a clean stop loses none; a batch whose outcome is
unknown is written again. Only uses that were let through get here. Of people who sign in there is
no token, and what is remembered is when they last did something.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from uuid import UUID

import structlog

from app import addresses, metrics, user_agents
from app.addresses import Address
from app.extensions import Extensions
from app.waiting_uses import Key, WaitingUses, add
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PersonMembership, PresentedToken, TokenUse

log = structlog.get_logger("activity")

EXTEND_SECONDS = 60
"""With less life left than this, a sliding token's extension is written before the answer."""
SPARE_SECONDS = 30
"""Between a flush and the end of a token whose extension waited for it."""
BATCH = 250
"""More at a time would keep the requests of this worker waiting while they are encoded."""
MOST_TIMEOUTS = 6
"""So many writes, one behind the other, that take too long: it is not for what is in them."""


@dataclass
class Activity:
    """The uses of one worker that are not written yet."""

    database: Database
    flush_seconds: float
    resolution: timedelta
    _uses: WaitingUses = field(default_factory=WaitingUses)
    _news: set[UUID] = field(default_factory=set[UUID])
    """Tokens with a use, not written yet, that is to become the last one recorded."""
    _people: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    """When a use of each was last noted, those of the last while."""
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One statement at a time: PostgreSQL has writers take turns, and connections are few."""
    _late: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])
    """The flush that ``run`` is at, which does not end with it."""
    _extensions: Extensions = field(init=False)
    _written_time: float = field(init=False)
    """All that was noted before is written, by the loop's clock."""

    def __post_init__(self) -> None:
        self._written_time = self._clock()
        self._extensions = Extensions(self.database)

    @property
    def waiting(self) -> int:
        """How many uses are not written yet."""
        return self._uses.use_count

    def backlog(self) -> tuple[int, float]:
        """Return how many rows they are, and how long the oldest has waited at most."""
        return len(self._uses), self._clock() - self._written_time if self._uses else 0.0

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
        extension = self.count(token, address, user_agent, deadline)
        if extension is not None:
            await extension

    def count(
        self,
        token: PresentedToken,
        address: Address | None,
        user_agent: str | None,
        deadline: float | None,
    ) -> Awaitable[None] | None:
        """Note a use as ``note`` does, which waits for what this returns: most often nothing."""
        if (
            token.extend_when_used
            and token.expiry_seconds is not None
            and token.expiry_seconds - token.check_time.timestamp() < self._margin
        ):
            return self._extend(token, address, user_agent, deadline)
        self._remember(token, address, user_agent)
        return None

    async def _extend(
        self,
        token: PresentedToken,
        address: Address | None,
        user_agent: str | None,
        deadline: float | None,
    ) -> None:
        # Who is told that nobody knows was not let through: that is no use.
        await self._extensions.write(token, deadline)
        self._remember(token, address, user_agent)

    def _remember(
        self, token: PresentedToken, address: Address | None, user_agent: str | None
    ) -> None:
        agent = user_agents.stored(user_agent)
        ip = addresses.text(address) if address else None
        now = token.check_time
        # Behind another use that waits to be written, one like the use recorded is news again.
        is_news = token.token_id in self._news
        key = (token.token_id, ip, agent, now.date())
        use = self._uses.get(key)
        if use is None:
            is_news = is_news or not self._is_recorded(token, ip, agent)
            if not self._uses.has_room(key):
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
            self._uses.keep(key, use)
        else:
            add(use, now, now, 1, is_news)
        if is_news:
            self._news.add(token.token_id)

    def note_person(self, person: PersonMembership) -> None:
        """Note that somebody who signed in did something; not again within the resolution."""
        noted = self._people.get(person.user_id)
        if noted is not None and person.check_time - noted < self.resolution:
            return
        key: Key = (person.user_id, None, "", None)
        if not self._uses.has_room(key):
            return
        self._people[person.user_id] = person.check_time
        # No token has the id of a user: what is written is the user's last activity alone.
        now = person.check_time
        use = TokenUse(person.organization_id, person.user_id, person.user_id, now, now, None, "")
        self._uses.keep(key, use)

    @property
    def _margin(self) -> float:
        return max(EXTEND_SECONDS, self.flush_seconds + SPARE_SECONDS)

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

    async def flush(self) -> None:
        """Write what was noted, and keep what could not be written. Raises DatabaseUnavailable.

        Organizations take turns. What takes too long is written in halves, for the others' sake.
        """
        async with self._flushing:
            async with self._writing:
                # Behind a write that is under way: what it fails to write is to be among these.
                keys = self._uses.in_turn()
                begin_time = self._clock()
            end = self._clock() + self.flush_seconds
            halves: deque[list[Key]] = deque()
            timeouts = 0
            failure: DatabaseUnavailable | None = None
            # What comes during the writing is the next flush's.
            while batch := _next(keys, halves, is_slow=timeouts > 0):
                try:
                    await self._write(batch)
                    timeouts = 0
                except DatabaseUnavailable as error:
                    timeouts += 1
                    if timeouts == MOST_TIMEOUTS or not _took_too_long(error):
                        raise
                    log.warning("activity.slow", uses=len(batch))
                    if len(batch) == 1:
                        failure = error
                    batch = self._uses.by_user(batch)
                    middle = len(batch) // 2
                    if middle:
                        halves += (batch[:middle], batch[middle:])
                except Exception:
                    # Trying again would not mend it, and the others are not to wait for one.
                    log.exception("activity.bug", uses=len(batch))
                    metrics.bug("activity")
                    await self._write_apart(batch)
                if self._clock() >= end:
                    # Nobody waits for all that an organization has, however much that is.
                    apart = set(chain(*halves))
                    keys = (key for key in self._uses.in_turn() if key not in apart)
                    end = self._clock() + self.flush_seconds
                    self._forget_people()
            self._forget_people()
            if failure is not None:
                raise failure
            self._written_time = begin_time

    def _forget_people(self) -> None:
        """Forget those whose next use is written whenever it comes."""
        if self._people:
            oldest = max(self._people.values()) - self.resolution
            self._people = {key: time for key, time in self._people.items() if time > oldest}

    async def _write(self, keys: Sequence[Key]) -> None:
        """Write what waits under these keys; others may have written it meanwhile."""
        async with self._writing:
            taken = self._uses.take(keys)
            try:
                if taken:
                    async with self.database.connection() as connection:
                        await presented.record_token_uses(connection, [use for _, use in taken])
                    metrics.USES_WRITTEN.inc(len(taken))
            except BaseException:
                for key, use in taken:
                    self._uses.keep(key, use)
                raise
            for key, use in taken:
                # Not before: until then the use recorded is not the one that will be.
                if not self._uses.has_token(use.organization_id, key[0]):
                    self._news.discard(key[0])

    async def _write_apart(self, keys: Sequence[Key]) -> None:
        """Write each by itself, and forget the one that a bug keeps from being written."""
        for key in keys:
            try:
                await self._write([key])
            except DatabaseUnavailable:
                raise
            except Exception:
                log.exception("activity.lost", token_id=str(key[0]))
                lost = self._uses.take([key])
                metrics.USES_LOST.inc(sum(use.use_count for _, use in lost))

    async def run(self) -> None:
        """Flush until cancelled. The last flush is the caller's."""
        while True:
            await asyncio.sleep(self.flush_seconds)
            flushing = asyncio.create_task(self.flush())
            self._late.add(flushing)
            flushing.add_done_callback(self._late.discard)
            try:
                # One that is cut off may have been written: it ends before the last one begins.
                await asyncio.shield(flushing)
            except DatabaseUnavailable as error:
                log.warning("activity.kept", uses=self.waiting, error=str(error))
            except Exception:
                # The next flush, and the last one, are not to be lost with this.
                log.exception("activity.bug", uses=self.waiting)
                metrics.bug("activity")

    async def abandon(self) -> None:
        """End what is still being written, which nobody waits for."""
        late = list(self._late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()


def _next(keys: Iterator[Key], halves: deque[list[Key]], *, is_slow: bool) -> list[Key]:
    """Return what is to be written next: behind a write that took too long, something else."""
    if halves and not is_slow:
        return halves.popleft()
    return list(islice(keys, BATCH)) or (halves.popleft() if halves else [])


def _took_too_long(error: DatabaseUnavailable) -> bool:
    # 57014 is how PostgreSQL says that it has cancelled a statement.
    cause = error.__cause__
    return isinstance(cause, TimeoutError) or getattr(cause, "sqlstate", None) == "57014"
