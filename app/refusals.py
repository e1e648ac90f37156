"""Remembers refusals and writes them to the audit trail in batches.

A refusal costs the request nothing but a dictionary entry. Those that differ in nothing but their
time and origin are one event, at most one a minute from each worker, which says how many there
were; so nobody fills a trail by being refused. A crash loses what is not written yet; a clean stop
loses nothing.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import structlog

from app import audit, metrics
from app.audit import Action, Event, Target
from app.origins import Author
from db import audit as rows
from db.pool import Database, DatabaseUnavailable

log = structlog.get_logger("refusals")

SECONDS = 60.0
"""What one actor is refused for one reason within this time is one event."""
MOST = 10_000
MOST_OF_ORGANIZATION = 1_000
"""One organization's refusals leave room for those of others, those of an action for other actions:
whoever can be refused in many ways is not to drown an alarm."""
_SHARES = {Action.ACCESS_REQUEST: MOST // 2, Action.TOKEN_AUTHENTICATE: 3 * MOST // 4}
"""Of all that is kept. The rest is for alarms."""
BATCH = 100
_REASON_LENGTH = 1000

_Key: TypeAlias = tuple[UUID, UUID | None, Action, str]
_Part: TypeAlias = tuple[UUID, Action]


@dataclass(slots=True)
class _Refused:
    organization_id: UUID
    author: Author
    """Who was refused, and where the first of them came from."""
    target: Target
    due: float
    """When it may be written, by the monotonic clock."""
    count: int = 0
    """How many are not written yet."""


@dataclass
class Refusals:
    """The refusals of one worker that are not written yet, and those that were a moment ago."""

    database: Database
    clock: Callable[[], float] = time.monotonic
    _found: dict[_Key, _Refused] = field(default_factory=dict[_Key, _Refused])
    _counts: Counter[_Part] = field(default_factory=Counter[_Part])
    """How many are kept of each organization and action."""
    _dropped: int = 0
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def note(
        self, organization_id: UUID, author: Author, action: Action, target: Target, reason: str
    ) -> None:
        """Note that somebody known was refused something."""
        key = (
            organization_id,
            author.token_id or author.user_id,
            action,
            reason[:_REASON_LENGTH],
        )
        refused = self._found.get(key)
        if refused is None:
            most = _SHARES.get(action, MOST)
            part = (organization_id, action)
            if len(self._found) >= most or self._counts[part] >= MOST_OF_ORGANIZATION:
                self._dropped += 1
                metrics.REFUSALS_DROPPED.inc()
                return
            refused = _Refused(organization_id, author, target, self.clock())
            self._found[key] = refused
            self._counts[part] += 1
        elif refused.count == 0:
            refused.author = author
        refused.count += 1

    def backlog(self) -> tuple[int, float]:
        """Return how many are not written, and since when the first of them may be, in seconds."""
        waiting = [refused for refused in self._found.values() if refused.count]
        now = self.clock()
        oldest = min((refused.due for refused in waiting), default=now)
        return sum(refused.count for refused in waiting), max(0.0, now - oldest)

    async def flush(self, *, stopping: bool = False) -> None:
        """Write what is due; at the stop, everything. What could not be written is kept.

        Raises DatabaseUnavailable.
        """
        async with self._flushing:
            if self._dropped:
                log.warning("refusals.dropped", refusals=self._dropped)
                self._dropped = 0
            now = self.clock()
            due: dict[UUID, list[_Key]] = {}
            for key, refused in list(self._found.items()):
                if refused.count and (stopping or refused.due <= now):
                    due.setdefault(key[0], []).append(key)
                elif refused.due <= now:
                    self._forget(key)
            for organization_id, keys in due.items():
                for start in range(0, len(keys), BATCH):
                    await self._write(organization_id, keys[start : start + BATCH])

    async def _write(self, organization_id: UUID, keys: Sequence[_Key]) -> None:
        taken = {key: self._found[key].count for key in keys}
        events = [_event(key, self._found[key]) for key in keys]
        # Counted off first: what is noted during the write is the next event's.
        for key, count in taken.items():
            self._found[key].count -= count
        try:
            async with self.database.tenant(organization_id) as connection:
                await rows.append(connection, organization_id, audit.as_json(events))
        except BaseException as error:
            for key, count in taken.items():
                self._found[key].count += count
            if isinstance(error, DatabaseUnavailable) or not isinstance(error, Exception):
                raise
            # A bug, which trying again would not mend; the others' events are not to wait for it.
            log.exception("refusals.bug", organization_id=str(organization_id))
            metrics.bug("refusals")
            for key in keys:
                self._forget(key)
            return
        for key in keys:
            self._found[key].due = self.clock() + SECONDS

    def _forget(self, key: _Key) -> None:
        del self._found[key]
        part = (key[0], key[2])
        self._counts[part] -= 1
        if not self._counts[part]:
            del self._counts[part]


def _event(key: _Key, refused: _Refused) -> Event:
    _, _, action, reason = key
    changes = audit.difference(None, {"count": refused.count})
    return Event(action, refused.author, refused.target, changes, reason)
